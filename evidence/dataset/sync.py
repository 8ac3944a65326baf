"""Brings the rows of a list to what is wanted: unchanged rows are left alone, so that their history stays short."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


@dataclass
class Changes:
    """How many rows a load created, changed and deleted."""

    created: int = 0
    changed: int = 0
    deleted: int = 0
    # Rows of this load: nothing can be stored under them yet, so nobody needs to look.
    new: set[Model] = field(default_factory=set, repr=False)

    @property
    def total(self) -> int:
        """Rows touched."""
        return self.created + self.changed + self.deleted


def differences(old: Model, new: Model, skip: frozenset[str] = frozenset()) -> list[str]:
    """Names of the fields in which two rows of a model differ, the primary key apart."""
    fields = (
        field for field in old._meta.concrete_fields if not field.primary_key and field.name not in skip
    )
    return [field.name for field in fields if getattr(old, field.attname) != getattr(new, field.attname)]


def update(old: Row, new: Row, changes: Changes, skip: frozenset[str] = frozenset()) -> Row:
    """Give a stored row the new values, if any differ."""
    names = differences(old, new, skip)
    if names:
        for name in names:
            setattr(old, name, getattr(new, name))
        old.save(update_fields=names)
        changes.changed += 1
    return old


def never(row: Model) -> bool:
    """No row in particular."""
    return False


def synchronise(
    stored: Iterable[Row],
    wanted: Sequence[Row],
    key: Callable[[Row], Hashable],
    changes: Changes,
    late: Callable[[Row], bool] = never,
    looser: Sequence[Callable[[Row], Hashable]] = (),
) -> list[Row]:
    """Make the stored rows of one list equal to the wanted ones; answers the stored row for each wanted one.

    Rows are matched by ``key``; then, strict before loose, by the ``looser`` ones, where one row is left on either
    side: a corrected figure is the same row with its history, not another one. Deletions come first, so that a unique
    value can pass from one row to another; of the updates those for which ``late`` holds come last, as well.
    """
    waiting: dict[Hashable, list[Row]] = defaultdict(list)
    for row in stored:
        waiting[key(row)].append(row)
    matches = [(waiting[key(row)].pop(0) if waiting[key(row)] else None, row) for row in wanted]
    left = [row for rows in waiting.values() for row in rows]
    for loose in looser:
        matches, left = _matched_loosely(matches, left, loose)
    for row in left:
        row.delete()
        changes.deleted += 1
    for old, new in sorted(matches, key=lambda match: late(match[1])):
        if old is not None:
            update(old, new, changes)
    fresh = [new for old, new in matches if old is None]
    if fresh:
        manager: Any = type(fresh[0])._default_manager
        manager.bulk_create(fresh, batch_size=1000)
        changes.created += len(fresh)
        changes.new.update(fresh)
    return [new if old is None else old for old, new in matches]


Matches = list[tuple[Row | None, Row]]


def _matched_loosely(
    matches: Matches[Row], left: list[Row], key: Callable[[Row], Hashable]
) -> tuple[Matches[Row], list[Row]]:
    """Give the one wanted row of a key the one stored row of that key that is left."""
    stored: dict[Hashable, list[Row]] = defaultdict(list)
    for row in left:
        stored[key(row)].append(row)
    fresh = Counter(key(new) for old, new in matches if old is None)
    paired = {value: rows[0] for value, rows in stored.items() if len(rows) == fresh[value] == 1}
    found = [(paired.get(key(new)) if old is None else old, new) for old, new in matches]
    return found, [row for row in left if paired.get(key(row)) is not row]


def synchronise_parts(
    parent: Any,
    relation: str,
    wanted: Sequence[Row],
    key: Sequence[str],
    changes: Changes,
    late: Callable[[Row], bool] = never,
    there: Callable[[Row], bool] | None = None,
) -> list[Row]:
    """Make the rows under a parent equal to the wanted ones, known by the fields of ``key``.

    Strict before loose: of its key a row keeps the first words longest, such as the analyte of a measurement.
    ``there``: which of the rows, as they were read, are in the database still.
    """
    stored = [] if parent in changes.new else getattr(parent, relation).all()
    if there is not None:
        stored = [row for row in stored if there(row)]
    exact, *looser = [_by(tuple(key[:words])) for words in range(len(key), 0, -1)]
    return synchronise(stored, wanted, exact, changes, late=late, looser=looser)


def _by(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What a row is known by: the values of these fields."""
    return lambda row: tuple(getattr(row, name) for name in names)
