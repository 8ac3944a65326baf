"""The versions of a record as files: one line a changed field in CSV, one object a version in JSON."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict

import orjson

from foundation.api.renderers import defused
from foundation.history import Version

COLUMNS = ("when", "who", "record", "action", "field", "before", "after", "reason")


def as_csv(versions: Sequence[Version]) -> str:
    """A line a changed field; a version without one, such as a deletion, has one line with the fields empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for version in versions:
        head = [version.when.isoformat(), version.who, version.what, version.action]
        told = [(change.field, change.before or "", change.after) for change in version.changes]
        for line in told or [("", "", "")]:
            writer.writerow([defused(text) for text in (*head, *line, version.reason)])
    return out.getvalue()


def as_json(versions: Sequence[Version]) -> bytes:
    """The versions as they are, times in ISO 8601."""
    return orjson.dumps({"versions": [asdict(version) for version in versions]}, option=orjson.OPT_INDENT_2)


EXPORTS: dict[str, tuple[str, Callable[[Sequence[Version]], str | bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}
