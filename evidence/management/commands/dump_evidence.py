"""Writes the published evidence back as the YAML that load_evidence reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from evidence.dataset.faults import InvalidDataSet
from evidence.dataset.files import write_files
from evidence.dataset.snapshot import snapshot


class Command(BaseCommand):
    """One file a study and a therapy, as in data/."""

    help = "Write the published evidence to DIR as YAML, laid out like data/. DIR must be empty or absent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument(
            "--force", action="store_true", help="Write into a folder that holds files already."
        )

    def handle(self, *args: Any, directory: Path, force: bool, **options: Any) -> None:
        if directory.exists() and (not directory.is_dir() or (any(directory.iterdir()) and not force)):
            raise CommandError(f"{directory} is not an empty folder: choose another, or say --force.")
        with transaction.atomic():
            # One moment for all the queries of the dump.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try:
                data_set = snapshot()
            except InvalidDataSet as error:
                raise CommandError(f"{error}\nNothing was written.") from None
        written = write_files(data_set, directory)
        self.stdout.write(f"Wrote {len(written)} files to {directory}.")
