"""The versions of a study that the public could read: when, why, and what changed; nobody's name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from evidence.comparing import CHANGED, MISSING, MOVED, Change
from evidence.models import PublishedVersion

MOST_VERSIONS = 10
MOST_CHANGES = 12
_FIGURE = re.compile(rf"-?\d+(\.\d+)?(e[+-]?\d+)?|{MISSING}|yes|no")


@dataclass(frozen=True)
class VersionRow:
    """One version: its number and day, why it was made, and what it changed."""

    number: int
    day: datetime.date
    reason: str
    changes: tuple[str, ...]
    more: int

    @property
    def is_first(self) -> bool:
        """Whether nothing stood before it."""
        return self.number == 1


def version_rows(versions: Iterable[PublishedVersion]) -> list[VersionRow]:
    """The versions, newest first as given."""
    rows = []
    for version in versions:
        told = [change_text(Change.from_json(kept)) for kept in version.changes]
        rows.append(
            VersionRow(
                number=version.number,
                day=timezone.localtime(version.published_at).date(),
                reason=version.reason,
                changes=tuple(told[:MOST_CHANGES]),
                more=max(0, len(told) - MOST_CHANGES),
            )
        )
    return rows


def change_text(change: Change) -> str:
    """A change for everybody: figures as they were and are, of all else only that it changed.

    A text may have been changed because it told too much of a patient: the earlier words are not repeated.
    """
    if change.kind == CHANGED:
        values = (change.before or MISSING, change.after or MISSING)
        if all(_FIGURE.fullmatch(value) for value in values):
            return f"{change.where}: {values[0]} → {values[1]}"
        return f"{change.where}: changed"
    return f"{change.where}: {'in another order' if change.kind == MOVED else change.kind}"
