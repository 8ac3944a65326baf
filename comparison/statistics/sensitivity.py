"""How an estimate moves with the choices behind it: time, single studies, methods, rules and unpublished failures.

All functions take plain rows and pool them by `pool_proportions`; none knows what a study is beyond its name. Where no
row is left, or a method has no answer, the estimate is None and the reason stands beside it.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .checks import checked_proportion
from .pooled import MethodChoice, PooledProportion
from .proportions import pool_proportions
from .refusals import Refusal


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One row that may enter a pool.

    `year` is that of publication, None where not known; `flags` are whatever a choice may ask for, as
    "class:cohort" or "basis:press". Rows of the same study are left out together.
    """

    study: str
    year: int | None
    events: int
    total: int
    flags: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class CumulativeStep:
    """The estimate from all evidence up to and including a year; the last step's year is None for undated rows."""

    year: int | None
    added: tuple[str, ...]
    estimate: PooledProportion | None
    why_not: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The estimate without one study."""

    study: str
    estimate: PooledProportion | None
    why_not: str | None


Selection = Callable[[Sequence[StudyRow]], Sequence[StudyRow]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question of method, as "certain overlaps only": which rows it keeps."""

    name: str
    keep: Selection


@dataclass(frozen=True, slots=True)
class Variant:
    """One universe: the choices made, by axis, the study left out if any, and what comes out.

    `method` is the method asked for ("auto" is the ladder); the estimate says which was used.
    """

    choices: tuple[tuple[str, str], ...]
    method: MethodChoice
    left_out: str | None
    studies: tuple[str, ...]
    estimate: PooledProportion | None
    why_not: str | None


def keep_all(rows: Sequence[StudyRow]) -> Sequence[StudyRow]:
    """Return the rows as they are: the choice that chooses nothing."""
    return rows


def cumulative(
    rows: Iterable[StudyRow],
    method: MethodChoice = "auto",
    level: float = 0.95,
    *,
    keep: Selection = keep_all,
) -> tuple[CumulativeStep, ...]:
    """Return the estimate as it stood at the end of each publication year that added a row, in order.

    Rows without a year come last, in a step of their own. No rows, no steps. `keep` chooses, of the rows known at the
    end of each year, those that are pooled: a rule on overlaps meets the larger study only once it is published.

    Source: Lau et al. 1992, N Engl J Med 327:248.
    Raises ValueError that names the study for wrong counts.
    """
    rows = _checked(rows)
    dated = sorted({row.year for row in rows if row.year is not None})
    years: list[int | None] = [*dated, None] if any(row.year is None for row in rows) else [*dated]
    pooled = _remembering(level)
    steps, known = [], list[StudyRow]()
    for year in years:
        added = [row for row in rows if row.year == year]
        known += added
        estimate, why_not = pooled(keep(known), method)
        steps.append(CumulativeStep(year, tuple(sorted({row.study for row in added})), estimate, why_not))
    return tuple(steps)


def leave_one_out(
    rows: Iterable[StudyRow],
    method: MethodChoice = "auto",
    level: float = 0.95,
    *,
    keep: Selection = keep_all,
) -> tuple[LeftOut, ...]:
    """Return the estimate without each pooled study in turn, in the order in which the studies first appear.

    `keep` chooses the rows that are pooled, of all rows and again of those left: without a study, one that stood aside
    for it may come in.

    Raises ValueError that names the study for wrong counts.
    """
    rows = _checked(rows)
    pooled = _remembering(level)
    results = []
    for study in dict.fromkeys(row.study for row in keep(rows)):
        estimate, why_not = pooled(keep([row for row in rows if row.study != study]), method)
        results.append(LeftOut(study, estimate, why_not))
    return tuple(results)


def tipping_point(events: int, total: int, below: float = 0.5) -> int:
    """Return how many unpublished failures would bring the proportion of events below a threshold.

    The smallest f of 0, 1, 2 … with events / (total + f) < below; 0 where it is below already. Computed in exact
    fractions, `below` being read as the decimal it is written as.

    Raises ValueError for counts that are no proportion and a threshold outside (0, 1].
    """
    events, total = checked_proportion(events, total)
    if isinstance(below, bool) or not isinstance(below, int | float) or not 0 < below <= 1:
        raise ValueError(f"below is {below!r}, not above 0 and at most 1")
    largest_too_small = Fraction(events) / Fraction(str(below))
    return max(0, largest_too_small.__floor__() + 1 - total)


def multiverse(
    rows: Iterable[StudyRow],
    axes: Mapping[str, Sequence[Choice]],
    methods: Sequence[MethodChoice] = ("auto",),
    *,
    leave_out: bool = True,
    level: float = 0.95,
) -> tuple[Variant, ...]:
    """Return the estimate in every universe: each method with each combination of one choice an axis.

    The first choice of each axis and the first method are the default, which is the first variant. With
    `leave_out`, the default is followed at the end by itself without each of its studies in turn. Choices apply in
    the order of the axes. Universes that pool the same rows by the same method are computed once and all listed.

    Source: Steegen et al. 2016, Perspect Psychol Sci 11:702; Voracek et al. 2019, Z Psychol 227:64.
    Raises ValueError for an axis without choices, no methods, and wrong counts.
    """
    rows = _checked(rows)
    empty = [name for name, choices in axes.items() if not choices]
    if empty or not methods:
        raise ValueError(f"axis {empty[0]!r} has no choices" if empty else "methods is empty")
    pooled = _remembering(level)

    def variant(
        names: tuple[tuple[str, str], ...],
        method: MethodChoice,
        kept: Sequence[StudyRow],
        left_out: str | None,
    ) -> Variant:
        estimate, why_not = pooled(kept, method)
        return Variant(names, method, left_out, tuple(row.study for row in kept), estimate, why_not)

    variants = []
    for combination in itertools.product(*axes.values()):
        kept = _chosen(rows, combination)
        names = tuple((axis, choice.name) for axis, choice in zip(axes, combination, strict=True))
        variants += [variant(names, method, kept, None) for method in methods]
    if leave_out:
        default = [choices[0] for choices in axes.values()]
        for study in dict.fromkeys(row.study for row in _chosen(rows, default)):
            others = _chosen([row for row in rows if row.study != study], default)
            variants.append(variant(variants[0].choices, methods[0], others, study))
    return tuple(variants)


def with_any(*flags: str) -> Selection:
    """Return a selection of rows that carry at least one of the flags."""
    wanted = frozenset(flags)
    return lambda rows: [row for row in rows if row.flags & wanted]


def without(*flags: str) -> Selection:
    """Return a selection of rows that carry none of the flags."""
    unwanted = frozenset(flags)
    return lambda rows: [row for row in rows if not row.flags & unwanted]


def _chosen(rows: Sequence[StudyRow], choices: Iterable[Choice]) -> Sequence[StudyRow]:
    """Return the rows that are left when each choice has been applied in turn."""
    for choice in choices:
        rows = choice.keep(rows)
    return rows


def _checked(rows: Iterable[StudyRow]) -> list[StudyRow]:
    rows = list(rows)
    for row in rows:
        checked_proportion(row.events, row.total, where=row.study)
    return rows


Answer = tuple[PooledProportion | None, str | None]


def _remembering(level: float) -> Callable[[Sequence[StudyRow], MethodChoice], Answer]:
    """Return a pooling that pools the same counts by the same method once, for as long as one analysis lasts."""
    known: dict[tuple[MethodChoice, tuple[tuple[int, int], ...]], Answer] = {}

    def pooled(rows: Sequence[StudyRow], method: MethodChoice) -> Answer:
        key = method, tuple(sorted((row.events, row.total) for row in rows))
        if key not in known:
            known[key] = _pooled(rows, method, level)
        return known[key]

    return pooled


def _pooled(rows: Sequence[StudyRow], method: MethodChoice, level: float) -> Answer:
    """Return an estimate, or None and the reason there is none."""
    if not rows:
        return None, "no evidence"
    if method == "exact_single" and len(rows) > 1:
        return None, "more than one study"
    try:
        return pool_proportions(
            [row.events for row in rows], [row.total for row in rows], method, level
        ), None
    except Refusal as refusal:
        return None, refusal.reason
