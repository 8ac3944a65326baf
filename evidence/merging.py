"""Two changes of one study brought together, as of two people who began from the same version; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evidence.comparing import ABSENT, SEPARATOR, in_words, is_rows, pairs_of

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Merged:
    """The document with both changes, and the places that both changed, where ours was kept."""

    document: dict[str, Any]
    conflicts: tuple[str, ...]


def merge(base: Document, ours: Document, theirs: Document) -> Merged:
    """Ours with what they changed since the base; where both changed one place, ours stands and is named."""
    conflicts: list[str] = []
    document = _documents((), base, ours, theirs, conflicts)
    return Merged(document, tuple(dict.fromkeys(conflicts)))


def _documents(
    path: tuple[str, ...], base: Document, ours: Document, theirs: Document, conflicts: list[str]
) -> dict[str, Any]:
    merged = {}
    for name in dict.fromkeys([*ours, *theirs]):
        at = (*path, in_words(name))
        three = (base.get(name, ABSENT), ours.get(name, ABSENT), theirs.get(name, ABSENT))
        value = _value(at, name, *three, conflicts)
        if value is not ABSENT:
            merged[name] = value
    return merged


def _value(path: tuple[str, ...], name: str, base: Any, ours: Any, theirs: Any, conflicts: list[str]) -> Any:
    if _same(ours, theirs) or _same(theirs, base):
        return ours
    if _same(ours, base):
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _documents(path, base if isinstance(base, dict) else {}, ours, theirs, conflicts)
    if is_rows(base, ours, theirs) and (base or ours or theirs):
        old, mine, yours = ([] if value is ABSENT else value for value in (base, ours, theirs))
        return _rows(path, name, old, mine, yours, conflicts) or ABSENT
    conflicts.append(SEPARATOR.join(path))
    return ours


def _rows(
    path: tuple[str, ...], name: str, base: list, ours: list, theirs: list, conflicts: list[str]
) -> list:
    """Our rows in our order with their changes, then the rows that they added."""
    from_base = {new: old for old, new in pairs_of(name, base, ours) if new is not None and old is not None}
    to_theirs = {old: new for old, new in pairs_of(name, base, theirs) if old is not None and new is not None}
    added_by_them = [index for index in range(len(theirs)) if index not in to_theirs.values()]
    merged = []
    for index, row in enumerate(ours):
        at = (*path, str(row.get("slug", index + 1)))
        old = from_base.get(index)
        if old is None:
            if row in [theirs[added] for added in added_by_them]:
                added_by_them = [added for added in added_by_them if theirs[added] != row]
            merged.append(row)
        elif old in to_theirs:
            merged.append(_documents(at, base[old], row, theirs[to_theirs[old]], conflicts))
        elif not _same(row, base[old]):
            # They removed what we changed.
            conflicts.append(SEPARATOR.join(at))
            merged.append(row)
    for old, new in to_theirs.items():
        if old not in from_base.values() and not _same(base[old], theirs[new]):
            # We removed what they changed.
            conflicts.append(SEPARATOR.join((*path, str(theirs[new].get("slug", new + 1)))))
    return merged + [theirs[index] for index in added_by_them]


def _same(one: Any, other: Any) -> bool:
    return one is other or (one is not ABSENT and other is not ABSENT and one == other)
