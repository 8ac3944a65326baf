"""`manage.py dbshell` for the embedded server, with the psql that came with it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.client import DatabaseClient as PostgresDatabaseClient

from config.postgres.server import programs, socket_folder


class DatabaseClient(PostgresDatabaseClient):
    """psql, pointed to the server's socket."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Start or join the server, then name it on psql's command line."""
        folder = Path(settings_dict["DATA_FOLDER"])
        reached = settings_dict | {"HOST": str(socket_folder(folder)), "USER": "postgres"}
        (_, *arguments), variables = super().settings_to_cmd_args_env(reached, parameters)
        return [str(programs(folder) / "psql"), *arguments], variables
