"""What differs between two versions of a study, row by row in words; pure.

A document is a StudyRecord as JSON without the fields at their default (`StudyRecord.model_dump(mode="json",
exclude_defaults=True)`), so that a version kept before a field existed is not seen to differ by it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Document = Mapping[str, Any]
# Names of the open vocabulary, by slug.
Names = Mapping[str, str]

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
SEPARATOR = " › "
ABSENT = object()

# Which row of one version is which of the other: the first key that tells, strict before loose.
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "citations": (("doi",), ("pmid",), ("title", "year")),
    "arms": (("slug",),),
    "cases": (("slug",),),
    "results": (("arm", "outcome", "week", "organ", "definition"), ("arm", "outcome", "week", "organ")),
    "contrasts": (
        ("outcome", "arm", "versus", "measure", "week", "definition"),
        ("outcome", "arm", "versus"),
    ),
    "findings": (("therapy", "outcome", "statement"), ("therapy", "outcome")),
    "syntheses": (
        ("therapy", "versus", "outcome", "measure", "definition"),
        ("therapy", "versus", "outcome"),
    ),
    "regimen": (("therapy", "agent", "dose"), ("therapy",)),
    "courses": (("therapy", "start_week", "dose"), ("therapy", "start_week"), ("therapy",)),
    "measurements": (("analyte", "week", "value"), ("analyte", "week")),
    "organ_responses": (("organ", "week"), ("organ",)),
    "responder_index": (("organ", "week", "version"), ("organ", "week")),
}
# What a row is called by; the figure itself is told beside its name.
LABELS: dict[str, tuple[str, ...]] = {
    "citations": ("title",),
    "arms": ("slug",),
    "cases": ("slug",),
    "results": ("arm", "outcome", "organ", "week"),
    "contrasts": ("outcome", "arm", "versus", "week"),
    "findings": ("therapy", "outcome"),
    "syntheses": ("therapy", "versus", "outcome"),
    "regimen": ("therapy",),
    "courses": ("therapy", "start_week"),
    "measurements": ("analyte", "week"),
    "organ_responses": ("organ", "week"),
    # Without an organ: the index of the whole patient.
    "responder_index": ("organ", "week"),
}
_VOCABULARY = frozenset({"analyte", "organ", "organs", "outcome", "therapy", "index_therapy"})
_VOCABULARY_LISTS = frozenset({"organs", "comorbidities", "prior_therapies"})
# "versus" is an arm in a contrast and a therapy in a synthesis.
_NAMED = _VOCABULARY | _VOCABULARY_LISTS | {"versus"}
_PROSE = frozenset(
    {"summary", "statement", "population", "criteria", "notes", "funding", "definition", "note"}
)
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
MISSING = "not reported"
NOT_STATED, NONE = "not stated", "none"


@dataclass(frozen=True)
class Change:
    """One difference: where, of what kind, and what stood there before and after (None: nothing did)."""

    path: tuple[str, ...]
    kind: str
    before: str | None = None
    after: str | None = None

    @property
    def where(self) -> str:
        """The place in words."""
        return SEPARATOR.join(self.path)

    def __str__(self) -> str:
        if self.kind == CHANGED:
            return f"{self.where}: {self.before} → {self.after}"
        if self.kind == MOVED:
            return f"{self.where}: {self.after}"
        told = self.after if self.kind == ADDED else self.before
        return f"{self.where}: {self.kind}" + (f" ({told})" if told else "")

    def as_json(self) -> dict[str, Any]:
        """As a published version keeps it."""
        return {**asdict(self), "path": list(self.path)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Change":
        """As a published version kept it."""
        return cls(tuple(kept["path"]), kept["kind"], kept["before"], kept["after"])


def changes_between(before: Document, after: Document, names: Names | None = None) -> tuple[Change, ...]:
    """Every difference between two documents; none exactly where they are equal."""
    teller = _Teller(names or {}, str(after.get("slug", "")))
    return tuple(teller.fields((), before, after))


def pairs_of(name: str, before: Sequence[Any], after: Sequence[Any]) -> list[tuple[int | None, int | None]]:
    """Which row of a list before is which after, by index, in the order after; the removed come last."""
    match: dict[int, int] = {}
    free_before, free_after = list(range(len(before))), list(range(len(after)))

    def pair(old: int, new: int) -> None:
        match[new] = old
        free_before.remove(old)
        free_after.remove(new)

    for new in list(free_after):
        same = next((old for old in free_before if before[old] == after[new]), None)
        if same is not None:
            pair(same, new)
    for strictness, key in enumerate(KEYS.get(name, ())):
        olds, news = _by_key(before, free_before, key), _by_key(after, free_after, key)
        for value, rows in news.items():
            others = olds.get(value, [])
            # A loose key tells only where one row is left on either side.
            if strictness == 0 or len(rows) == len(others) == 1:
                for old, new in zip(others, rows, strict=False):
                    pair(old, new)
    if name not in KEYS:
        for old, new in list(zip(free_before, free_after, strict=False)):
            pair(old, new)
    kept: list[tuple[int | None, int | None]] = [(match.get(new), new) for new in range(len(after))]
    return kept + [(old, None) for old in free_before]


def _by_key(rows: Sequence[Any], free: Sequence[int], key: tuple[str, ...]) -> dict[tuple, list[int]]:
    found: dict[tuple, list[int]] = defaultdict(list)
    for index in free:
        value = tuple(rows[index].get(part) for part in key)
        if any(part is not None for part in value):
            found[value].append(index)
    return found


def is_rows(*values: Any) -> bool:
    """Whether these are lists of rows; an absent list is an empty one."""
    lists = [value for value in values if value is not ABSENT]
    return bool(lists) and all(
        isinstance(value, list) and all(isinstance(row, dict) for row in value) for value in lists
    )


class _Teller:
    """Says the differences of one study."""

    def __init__(self, names: Names, study: str) -> None:
        self.names = names
        self.study = study

    def fields(self, path: tuple[str, ...], before: Document, after: Document) -> Iterator[Change]:
        """Field by field, in the order of the later version."""
        for name in dict.fromkeys([*after, *before]):
            old, new = before.get(name, ABSENT), after.get(name, ABSENT)
            if old is not new and old != new:
                yield from self._field(path, name, old, new)

    def _field(self, path: tuple[str, ...], name: str, old: Any, new: Any) -> Iterator[Change]:
        # A figure is told by the name of its row.
        place = path if name == "value" and len(path) > 1 else (*path, in_words(name))
        if is_rows(old, new) and (old or new) and (old is not ABSENT or new):
            yield from self._rows(place, name, [] if old is ABSENT else old, [] if new is ABSENT else new)
        elif isinstance(old, list) and isinstance(new, list):
            yield from self._plain_list(place, name, old, new)
        elif isinstance(old, dict) or isinstance(new, dict):
            yield from self.fields(place, {} if old is ABSENT else old, {} if new is ABSENT else new)
        else:
            yield Change(place, CHANGED, self.value(name, old, new), self.value(name, new, old))

    def _rows(self, path: tuple[str, ...], name: str, before: list, after: list) -> Iterator[Change]:
        pairs = pairs_of(name, before, after)
        for old, new in pairs:
            if old is None and new is not None:
                yield from self._whole(path, name, after[new], ADDED)
            elif new is None and old is not None:
                yield from self._whole(path, name, before[old], REMOVED)
            elif old is not None and new is not None:
                yield from self.fields((*path, self.label(name, after[new])), before[old], after[new])
        kept = [old for old, new in pairs if old is not None and new is not None]
        if kept != sorted(kept):
            yield Change(path, MOVED, None, "in another order")

    def _whole(self, path: tuple[str, ...], name: str, row: Document, kind: str) -> Iterator[Change]:
        """A row that only one version has, and the rows that live with it."""
        place = (*path, self.label(name, row))
        told = [
            f"{in_words(field)} {self.value(field, value, ABSENT)}"
            for field, value in row.items()
            if not is_rows(value) and field not in LABELS.get(name, ())
        ]
        said = "; ".join(told)
        yield Change(place, kind, *((said, None) if kind == REMOVED else (None, said)))
        for field, value in row.items():
            if value and is_rows(value):
                for part in value:
                    yield from self._whole((*place, in_words(field)), field, part, kind)

    def _plain_list(self, path: tuple[str, ...], name: str, before: list, after: list) -> Iterator[Change]:
        gone, come = Counter(map(str, before)), Counter(map(str, after))
        if not before or not after:
            yield Change(path, CHANGED, self.value(name, before, after), self.value(name, after, before))
            return
        for value in (gone - come).elements():
            yield Change(path, REMOVED, self.value(name, value, ABSENT), None)
        for value in (come - gone).elements():
            yield Change(path, ADDED, None, self.value(name, value, ABSENT))
        if gone == come or [x for x in before if x in come] != [x for x in after if x in gone]:
            yield Change(path, MOVED, None, "in another order")

    def label(self, name: str, row: Document) -> str:
        """What a row is called: serum IgG4, week 12."""
        if name == "cases":
            return str(row["slug"]).removeprefix(f"{self.study}-")
        parts = []
        for field in LABELS.get(name, ("name",)):
            value = row.get(field)
            if value is None:
                continue
            word = self.value(field, value, ABSENT)
            prefix = {"week": "week ", "start_week": "from week ", "versus": "versus "}.get(field, "")
            parts.append(prefix + word)
        return ", ".join(parts) or "a row"

    def value(self, name: str, value: Any, other: Any) -> str:
        """A value in words; `other` is what it stands against, which tells what its absence means."""
        if value is ABSENT or value is None:
            return NOT_STATED if isinstance(other, list) else MISSING
        if isinstance(value, list):
            return ", ".join(self.value(name, one, ABSENT) for one in value) or NONE
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float):
            return f"{value:.15g}"
        if name in _NAMED and value in self.names:
            return self.names[value]
        text = str(value)
        return text.replace("_", " ") if name not in _PROSE and _CODE.fullmatch(text) else text


def in_words(field: str) -> str:
    """A field's name as people say it."""
    return {"n": "n", "p": "p"}.get(field, field.replace("_", " ").replace("igg4", "IgG4"))
