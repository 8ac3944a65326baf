"""Django's PostgreSQL backend, connected to an embedded server that starts on the first connection."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresDatabaseWrapper

from config.postgres.client import DatabaseClient
from config.postgres.server import socket_folder


class DatabaseWrapper(PostgresDatabaseWrapper):
    """PostgreSQL whose server lives in settings_dict["DATA_FOLDER"] and is reached by its Unix socket."""

    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Start or join the server, then connect as its superuser."""
        folder = socket_folder(Path(self.settings_dict["DATA_FOLDER"]))
        return super().get_new_connection({**conn_params, "host": str(folder), "user": "postgres"})
