"""How the answer to a question moves: with time, with single studies, with methods and rules, with untold failures.

The rows are those of the comparison itself, taken under every minimum basis from one reading; a universe that differs
from the page in one choice equals the page with that choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comparison.evidence import Shelf, evidence_on, read_shelf
from comparison.overlaps import Overlaps, standing_aside
from comparison.question import BASES, OVERLAPS, Question
from comparison.result import Estimate, Row
from comparison.statistics import sensitivity as statistics
from comparison.statistics.proportions import METHODS
from comparison.statistics.sensitivity import Choice, StudyRow, Variant, with_any, without
from comparison.strata import TOGETHER, as_estimate, never_pooled
from comparison.vocabulary import Vocabulary
from evidence.choices import DesignClass

# All designs but the one in which failures are seldom told.
WITHOUT_CASES = "without_case"
# The ladder first, then every method by name; an exact interval of one study is the ladder's own.
METHODS_TRIED = ("auto", *(method for method in METHODS if method != "exact_single"))


@dataclass(frozen=True)
class CumulativeStep:
    """The estimate at the end of a year; `year` is None for studies whose year is not known."""

    year: int | None
    added: tuple[str, ...]
    estimate: Estimate | None


@dataclass(frozen=True)
class LeftOut:
    """The estimate without one study; None where no other is left."""

    study: str
    estimate: Estimate | None
    why_not: str | None


@dataclass(frozen=True)
class StratumSensitivity:
    """A therapy's design class, as the comparison pools it, through time and without each of its studies."""

    therapy: str
    design_class: str
    cumulative: tuple[CumulativeStep, ...]
    leave_one_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Universe:
    """What comes out of one or more combinations of choices that pool the same rows by the same method."""

    designs: tuple[str, ...]
    overlaps: tuple[str, ...]
    basis: tuple[str, ...]
    # Methods asked for; "auto" is the ladder.
    methods: tuple[str, ...]
    # How many combinations of choices come to this.
    combinations: int
    # What the comparison shows: the strongest class, the question's own rules, the ladder.
    is_default: bool
    left_out: str | None
    studies: tuple[str, ...]
    estimate: Estimate | None
    why_not: str | None


@dataclass(frozen=True)
class TippingPoint:
    """How many failures that nobody published would bring the proportion of case reports under one half."""

    events: int
    total: int
    failures_reported: int
    failures_needed: int
    below: float


@dataclass(frozen=True)
class TherapySensitivity:
    """Everything by which a therapy's figure moves."""

    therapy: str
    strata: tuple[StratumSensitivity, ...]
    multiverse: tuple[Universe, ...]
    # None: no case reports are pooled, or many events are not what is hoped for.
    tipping_point: TippingPoint | None


def sensitivity(
    question: Question, vocabulary: Vocabulary, shelf: Shelf | None = None
) -> tuple[TherapySensitivity, ...]:
    """The sensitivity of each therapy of a question that has a proportion to pool, in the question's order."""
    shelf = shelf or read_shelf(question, [question.outcome])
    by_basis = {basis: _pooled_rows(question, vocabulary, shelf, basis) for basis in BASES}
    hopes_for_many = vocabulary.outcomes[question.outcome].better == "higher"
    answers = []
    for therapy in question.therapies:
        rows = {
            basis: [row for row in all_rows if row.therapy == therapy] for basis, all_rows in by_basis.items()
        }
        if any(rows.values()):
            answers.append(_of_therapy(therapy, rows, question, shelf.overlaps, hopes_for_many))
    return tuple(answers)


def _pooled_rows(question: Question, vocabulary: Vocabulary, shelf: Shelf, basis: str) -> list[Row]:
    """The rows that may enter a pool under a minimum basis, whatever the overlaps."""
    evidence = evidence_on(question.with_changes(basis=basis), vocabulary, shelf)
    return [row for row in evidence.rows if never_pooled(row, question.exclude) is None]


def _of_therapy(
    therapy: str, rows: Mapping[str, list[Row]], question: Question, overlaps: Overlaps, hopes_for_many: bool
) -> TherapySensitivity:
    asked = rows[question.basis]
    classes = [TOGETHER] if question.pool == "together" and asked else _classes(asked)
    heeding = _heeding(overlaps, question.overlaps)
    strata = tuple(_of_stratum(therapy, name, _of_class(asked, name), heeding) for name in classes)
    cases = heeding.keep([_study_row(row, ()) for row in _of_class(asked, DesignClass.CASE)])
    return TherapySensitivity(
        therapy=therapy,
        strata=strata,
        multiverse=_multiverse(rows, classes, question, overlaps),
        tipping_point=_tipping_point(cases) if hopes_for_many and cases else None,
    )


def _classes(rows: Iterable[Row]) -> list[str]:
    present = {row.design_class for row in rows}
    return [name for name in DesignClass.values if name in present]


def _of_class(rows: Iterable[Row], name: str) -> list[Row]:
    return [row for row in rows if name == TOGETHER or row.design_class == name]


def _study_row(row: Row, flags: Iterable[str]) -> StudyRow:
    """A row as the statistics know it; only rows with a count come here."""
    return StudyRow(row.study, row.year, row.events or 0, row.total or 0, frozenset(flags))


def _heeding(overlaps: Overlaps, rule: str) -> Choice:
    """Of studies that share patients one stays, by the rule of the pools."""

    def keep(rows: Sequence[StudyRow]) -> Sequence[StudyRow]:
        sized = [(place, row.study, row.total) for place, row in enumerate(rows)]
        aside = standing_aside(sized, overlaps, rule)
        return [row for place, row in enumerate(rows) if place not in aside]

    return Choice(rule, keep)


def _of_stratum(therapy: str, name: str, rows: Sequence[Row], heeding: Choice) -> StratumSensitivity:
    told = [_study_row(row, ()) for row in rows]
    steps = tuple(
        CumulativeStep(step.year, step.added, as_estimate(step.estimate, _studies_until(told, step, heeding)))
        for step in statistics.cumulative(told, keep=heeding.keep)
    )
    left = tuple(
        LeftOut(
            one.study,
            as_estimate(one.estimate, _studies(heeding.keep([r for r in told if r.study != one.study]))),
            one.why_not,
        )
        for one in statistics.leave_one_out(told, keep=heeding.keep)
    )
    return StratumSensitivity(therapy, name, steps, left)


def _studies_until(rows: Sequence[StudyRow], step: statistics.CumulativeStep, heeding: Choice) -> int:
    """How many studies stand behind a step: those pooled of all published by then."""
    if step.year is None:
        return _studies(heeding.keep(rows))
    return _studies(heeding.keep([row for row in rows if row.year is not None and row.year <= step.year]))


def _studies(rows: Iterable[StudyRow]) -> int:
    return len({row.study for row in rows})


def _tipping_point(rows: Sequence[StudyRow]) -> TippingPoint:
    events, total = sum(row.events for row in rows), sum(row.total for row in rows)
    needed = statistics.tipping_point(events, total)
    return TippingPoint(events, total, total - events, needed, 0.5)


def _multiverse(
    rows: Mapping[str, list[Row]], classes: Sequence[str], question: Question, overlaps: Overlaps
) -> tuple[Universe, ...]:
    """Every combination of classes, rule on overlaps, minimum basis and method; equal ones told once."""
    told: dict[tuple[str, str | None, int, int, int | None], set[str]] = {}
    for basis, of_basis in rows.items():
        for row in of_basis:
            key = (row.study, row.arm, row.events or 0, row.total or 0, row.year)
            told.setdefault(key, {f"class:{row.design_class}"}).add(f"basis:{basis}")
    study_rows = [
        StudyRow(study, year, events, total, frozenset(flags))
        for (study, _, events, total, year), flags in told.items()
    ]
    axes = {
        "basis": [Choice(basis, with_any(f"basis:{basis}")) for basis in _first(question.basis, BASES)],
        "designs": _design_choices(classes, study_rows),
        "overlaps": [_heeding(overlaps, rule) for rule in _first(question.overlaps, OVERLAPS)],
    }
    return _folded(statistics.multiverse(study_rows, axes, METHODS_TRIED))


def _first(chosen: str, values: Sequence[str]) -> list[str]:
    """The values with the chosen one in front: it is the default."""
    return [chosen, *(value for value in values if value != chosen)]


def _design_choices(classes: Sequence[str], rows: Iterable[StudyRow]) -> list[Choice]:
    """Each class apart, the strongest first; then all together, and all but case reports."""
    present = {flag.removeprefix("class:") for row in rows for flag in row.flags if flag.startswith("class:")}
    ordered = [name for name in DesignClass.values if name in present]
    together = Choice(TOGETHER, statistics.keep_all)
    choices = [Choice(name, with_any(f"class:{name}")) for name in ordered]
    if len(ordered) > 1:
        choices.append(together)
        if DesignClass.CASE in ordered and len(ordered) > 2:
            choices.append(Choice(WITHOUT_CASES, without(f"class:{DesignClass.CASE}")))
    default = classes[0] if classes else None
    return sorted(choices, key=lambda choice: choice.name != default)


def _folded(variants: Sequence[Variant]) -> tuple[Universe, ...]:
    """Variants that pool the same studies by the same method as one: the default first, those without a study last."""
    groups: dict[tuple[object, ...], list[Variant]] = {}
    for variant in variants:
        used = variant.estimate.method if variant.estimate is not None else variant.why_not
        counts = (variant.estimate.events, variant.estimate.patients) if variant.estimate is not None else ()
        # Of one study the sums are the study.
        used = "exact_single" if used == "exact_total" and len(variant.studies) == 1 else used
        groups.setdefault((variant.left_out, used, tuple(sorted(variant.studies)), counts), []).append(
            variant
        )
    return tuple(_universe(group, is_default=group[0] is variants[0]) for group in groups.values())


def _universe(group: Sequence[Variant], *, is_default: bool) -> Universe:
    first = group[0]
    chosen = {
        axis: tuple(dict.fromkeys(dict(variant.choices)[axis] for variant in group))
        for axis in ("designs", "overlaps", "basis")
    }
    return Universe(
        designs=chosen["designs"],
        overlaps=chosen["overlaps"],
        basis=chosen["basis"],
        methods=tuple(dict.fromkeys(variant.method for variant in group)),
        combinations=len(group),
        is_default=is_default,
        left_out=first.left_out,
        studies=tuple(dict.fromkeys(first.studies)),
        estimate=as_estimate(first.estimate, len(set(first.studies))),
        why_not=first.why_not,
    )
