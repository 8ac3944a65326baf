"""Patients like mine, as the page shows them: strict matches, then what each relaxed criterion adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.like_mine import NAMES, Count, Matches, TherapyCounts
from foundation.formatting import plural
from foundation.pieces import Share

COLUMNS = ("Responded", "Complete remission", "Relapsed", "Glucocorticoid stopped")


@dataclass(frozen=True)
class LikeRow:
    """A therapy with its counts."""

    slug: str
    name: str
    patients: str
    too_few: bool
    # Figure and whether too few patients stand behind it.
    figures: tuple[tuple[Share, bool], ...]
    cases: tuple[str, ...]


@dataclass(frozen=True)
class LikeBlock:
    """Those who match in one way."""

    heading: str
    note: str
    rows: tuple[LikeRow, ...]
    is_open: bool = False


def strict_block(found: Sequence[Matches]) -> LikeBlock:
    """Those who meet every criterion."""
    exact = found[0]
    heading = (
        f"All criteria met: {plural(exact.patients, 'patient')}"
        if exact.patients
        else "Nobody meets all criteria"
    )
    return LikeBlock(heading, "", _rows(exact))


def relaxed_blocks(found: Sequence[Matches]) -> list[LikeBlock]:
    """What each relaxed criterion adds, those who meet all counted in; those that add nobody are told in one line."""
    exact = found[0]
    blocks = []
    for one in found[1:]:
        if not one.more:
            continue
        blocks.append(
            LikeBlock(
                heading=f"{_sentence(one)}: {plural(one.patients, 'patient')}, {one.more} more",
                note=_note(one),
                rows=_rows(one),
                # Where nobody meets all, the first that finds somebody is shown at once.
                is_open=not exact.patients and not blocks,
            )
        )
    return blocks


def adds_nobody(found: Sequence[Matches]) -> list[str]:
    """The relaxations that find no further patient."""
    return [_sentence(one) for one in found[1:] if not one.more]


def _sentence(one: Matches) -> str:
    if one.relaxed == "age" and one.how.startswith("up to"):
        return f"Age {one.how}"
    return one.how[:1].upper() + one.how[1:]


def _note(one: Matches) -> str:
    name = NAMES[one.relaxed or "organs"]
    if one.not_reported == 0:
        return f"Relaxed: {name}. The {one.more} more are reported to differ."
    if one.not_reported == one.more:
        return f"Relaxed: {name}. The reports of the {one.more} more do not tell of it."
    return (
        f"Relaxed: {name}. Of the {one.more} more, {one.not_reported} are of reports that do not tell of it, "
        f"{one.more - one.not_reported} are reported to differ."
    )


def _rows(found: Matches) -> tuple[LikeRow, ...]:
    return tuple(_row(row) for row in found.therapies)


def _row(row: TherapyCounts) -> LikeRow:
    figures = tuple((_share(count), count.too_few and count.total > 0) for count in row.counts)
    return LikeRow(row.therapy, row.name, plural(row.patients, "patient"), row.too_few, figures, row.cases)


def _share(count: Count) -> Share:
    if count.total == 0:
        return Share(None, None)
    return Share(count.events, count.total, count.low, count.high)
