"""Imports a table of cases, results or citations: all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from evidence.bulk.columns import TABLES
from evidence.bulk.plans import SAME
from evidence.bulk.services import ImportRefused, carry_out, in_words, plan_import
from evidence.bulk.sheets import SheetFault


class Command(BaseCommand):
    """The import of the desk for files too large to wait for in a browser."""

    help = (
        "Import FILE (.xlsx or .csv) of KIND cases, results or citations as an account's own work: "
        "checks every row first, then writes all or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(TABLES), metavar="KIND")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--user", required=True, help="The account whose drafts the rows go into.")
        parser.add_argument(
            "--reason", default="import_table", help="Kept in the history beside each change."
        )
        parser.add_argument(
            "--doubts-confirmed",
            action="store_true",
            help="Every doubt was looked at; the reason says how they are settled.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Tell every change and fault; write nothing."
        )

    def handle(
        self,
        *args: Any,
        kind: str,
        file: Path,
        user: str,
        reason: str,
        dry_run: bool,
        doubts_confirmed: bool,
        **options: Any,
    ) -> None:
        accounts = get_user_model()._default_manager.filter(username=user, is_active=True)
        by = accounts.first()
        if by is None:
            self._fail([f"There is no account called {user}."])
        try:
            content = file.read_bytes()
        except OSError as error:
            self._fail([f"{file}: cannot be read: {error.strerror}"])
        table = {"kind": kind, "content": content, "name": file.name, "by": by}
        try:
            plan = plan_import(**table, progress=self._show_progress)
            if not plan.is_clean:
                self._fail([*plan.table_faults, *map(str, plan.faults)])
            for doubt in plan.doubts:
                self.stdout.write(f"Doubt: {doubt}")
            if dry_run:
                self._tell_changes(plan.rows)
                self.stdout.write(f"Dry run: {in_words(plan)}; nothing was written.")
                return
            done = carry_out(
                **table, reason=reason, doubts_confirmed=doubts_confirmed, progress=self._show_progress
            )
        except SheetFault as fault:
            self._fail([f"{file.name} {line}" for line in fault.lines])
        except ImportRefused as refusal:
            self._fail([str(refusal)])
        self.stdout.write(f"{in_words(done)}.")

    def _tell_changes(self, rows: Any) -> None:
        for row in rows:
            if row.action == SAME:
                continue
            self.stdout.write(f"Row {row.line}, {row.action}: {row.key}")
            if row.action == "changed":
                for change in row.changes:
                    self.stdout.write(
                        f"  {change.column}: {change.before or '(empty)'} → {change.after or '(empty)'}"
                    )

    def _show_progress(self, step: str, done: int, total: int) -> None:
        """A running count on a terminal, a line every tenth on a log."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{step}: {done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
        elif done == total or (total >= 10 and done % (total // 10) == 0):
            self.stdout.write(f"{step}: {done} of {total}")

    def _fail(self, lines: list[str]) -> None:
        for line in lines:
            self.stderr.write(line)
        self.stderr.write(f"{len(lines)} fault{'s' if len(lines) != 1 else ''}; nothing was written.")
        raise SystemExit(1)
