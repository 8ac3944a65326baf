"""Loads as a curator starts them, and the state of the database around them."""

import io
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection

from foundation.models import Revision


@dataclass(frozen=True)
class Outcome:
    """What a command said, and how it ended."""

    status: int
    said: str
    complained: str

    @property
    def faults(self) -> list[str]:
        """The lines of faults, without the closing count."""
        return self.complained.splitlines()[:-1]


def load(folder: Path, *options: str) -> Outcome:
    """Run load_evidence on a folder."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("load_evidence", str(folder), *options, stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    return Outcome(status, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Database:
    """The versions of all rows: the transaction that wrote each, the events kept, the revision."""

    rows: frozenset[tuple[str, int, str]]
    events: int
    revision: int

    @classmethod
    def now(cls) -> "Database":
        """As it stands, uncommitted changes of this connection included."""
        rows: set[tuple[str, int, str]] = set()
        events = 0
        with connection.cursor() as cursor:
            for app in ("literature", "therapies", "evidence"):
                for model in apps.get_app_config(app).get_models():
                    table = model._meta.db_table
                    if hasattr(model, "pgh_tracked_model"):
                        cursor.execute(f'SELECT count(*) FROM "{table}"')
                        events += cursor.fetchone()[0]
                    else:
                        # ctid is where the row lies: a rewritten row lies elsewhere, even with equal values.
                        cursor.execute(f'SELECT id, xmin::text || ctid::text FROM "{table}"')
                        rows |= {(table, pk, version) for pk, version in cursor.fetchall()}
        return cls(frozenset(rows), events, Revision.current().number)
