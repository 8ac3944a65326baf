"""Loads the curated evidence set: all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from evidence.dataset.faults import InvalidDataSet
from evidence.dataset.reader import read_data_set
from evidence.dataset.writer import write_data_set
from foundation.models import Revision


class Command(BaseCommand):
    """Reads, checks, then writes in one transaction what differs from the database."""

    help = (
        "Load the evidence set in DIR (default: data/): checks all of it first, then writes all or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "directory", nargs="?", type=Path, default=Path(settings.BASE_DIR) / "data", metavar="DIR"
        )
        parser.add_argument("--dry-run", action="store_true", help="Check and count, but write nothing.")

    def handle(self, *args: Any, directory: Path, dry_run: bool, **options: Any) -> None:
        if not directory.is_dir():
            self._fail([f"{directory}: there is no such folder"])
        try:
            data_set = read_data_set(directory)
            self._say(
                f"Read {len(data_set.studies)} studies and {len(data_set.therapies)} therapies: no fault."
            )
            changes = write_data_set(
                data_set=data_set, reason="load_evidence", dry_run=dry_run, progress=self._show_progress
            )
        except InvalidDataSet as error:
            self._fail([str(fault) for fault in error.faults])
        except DatabaseError as error:
            # What one row alone cannot break, such as a name that the database holds under another slug.
            self._fail([f"{directory}: the database refuses it: {' '.join(str(error).split())}"])
        counts = f"{changes.created} rows created, {changes.changed} changed, {changes.deleted} deleted"
        if dry_run:
            self._say(f"Dry run: {counts} if written; nothing was.")
        else:
            self._say(f"{counts}. Evidence revision {Revision.current().number}.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)

    def _show_progress(self, step: str, done: int, total: int) -> None:
        """A line a step on a log, a running count on a terminal."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{step}: {done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
        elif done == total or done % 50 == 0:
            self.stdout.write(f"{step}: {done} of {total}")

    def _fail(self, lines: list[str]) -> None:
        for line in lines:
            self.stderr.write(line)
        self.stderr.write(f"{len(lines)} fault{'s' if len(lines) != 1 else ''}; nothing was written.")
        raise SystemExit(1)
