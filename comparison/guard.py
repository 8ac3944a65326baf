"""The comparison guard: what may be compared with what, and how.

direct: a randomised or controlled study has both therapies in separate arms that differ by the therapy. anchored: each
was randomised against the same comparator (Bucher, on the log scale). naive: anything else; shown side by side, with
no difference and no winner, and the reasons why. Pure: rows in, verdicts out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from comparison.guard_reasons import direct_reasons, naive_reasons, similarity_reasons, trial_needed
from comparison.result import ArmRisk, Contrast, ReportedContrast, Row, StudyContrast
from comparison.statistics.effects import Effect, effect, indirect, pool_effects
from comparison.statistics.intervals import difference_interval
from comparison.statistics.refusals import NoInformation
from evidence.choices import DesignClass

COMPARATIVE = frozenset({DesignClass.RANDOMISED, DesignClass.CONTROLLED})
PLACEBO = "placebo"
# Of a normal distribution; a reported 95% interval on the log scale is this many standard errors to either side.
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class _Head:
    """Two arms of one study that differ by the therapy."""

    first: Row
    second: Row


def judge(
    therapies: Sequence[str],
    rows: Iterable[Row],
    reported: Iterable[ReportedContrast],
    names: Mapping[str, str],
    exclude: Iterable[str] = (),
) -> tuple[Contrast, ...]:
    """A verdict on each pair of therapies, in the order asked; risk ratio before hazard ratio.

    ``rows`` are the asked therapies' rows and those of the other arms of their studies; ``names`` gives therapies in words.
    """
    left_out = set(exclude)
    usable = [row for row in rows if row.study not in left_out and not row.citation.retracted]
    ratios = [row for row in reported if row.study not in left_out and not row.citation.retracted]
    verdicts: list[Contrast] = []
    for a, b in combinations(therapies, 2):
        verdicts += (
            _direct(a, b, usable, ratios, names)
            or _anchored(a, b, usable, names)
            or [_naive(a, b, usable, names)]
        )
    return tuple(verdicts)


def _heads(a: str, b: str, rows: Sequence[Row], classes: frozenset[str]) -> list[_Head]:
    """One pair of arms a study, the largest where several would do."""
    heads: dict[str, _Head] = {}
    for first in (row for row in rows if row.therapy == a and row.arm and row.design_class in classes):
        for second in (row for row in rows if row.therapy == b and row.study == first.study and row.arm):
            if first.arm == second.arm or not _differ_by_therapy(first, second):
                continue
            known = heads.get(first.study)
            if known is None or first.size + second.size > known.first.size + known.second.size:
                heads[first.study] = _Head(first, second)
    return [heads[study] for study in sorted(heads)]


def _differ_by_therapy(first: Row, second: Row) -> bool:
    """One therapy stands for the other, or is added to what both arms have."""
    a, b = set(first.regimen), set(second.regimen)
    return (
        a - {first.therapy} == b - {second.therapy} or a - {first.therapy} == b or b - {second.therapy} == a
    )


def _direct(
    a: str, b: str, rows: Sequence[Row], reported: Sequence[ReportedContrast], names: Mapping[str, str]
) -> list[Contrast]:
    heads = _heads(a, b, rows, COMPARATIVE)
    verdicts = []
    counted = [head for head in heads if head.first.events is not None and head.second.events is not None]
    if counted:
        parts = tuple(_part(head, b) for head in counted)
        estimate, low, high = _pooled(parts)
        reasons = direct_reasons([(head.first, head.second) for head in counted], names)
        studies = tuple(part.study for part in parts)
        verdicts.append(
            Contrast(a, b, "direct", "risk_ratio", estimate, low, high, None, reasons, studies, parts)
        )
    hazards = _hazard_ratios(a, b, reported, {head.first.study: head for head in heads})
    if hazards:
        estimate, low, high = _pooled(hazards)
        reasons = ("hazard ratio as the study reported it",)
        studies = tuple(part.study for part in hazards)
        verdicts.append(
            Contrast(a, b, "direct", "hazard_ratio", estimate, low, high, None, reasons, studies, hazards)
        )
    return verdicts


def _part(head: _Head, against: str) -> StudyContrast:
    """One study's risk ratio and risk difference from the events of its arms."""
    first, second = _risk(head.first), _risk(head.second)
    counts = (first.events, first.total, second.events, second.total)
    difference = difference_interval(*counts)
    base = {
        "study": head.first.study,
        "study_label": head.first.study_label,
        "design_class": head.first.design_class or "",
        "week": head.first.week,
        "against": against,
        "first": first,
        "second": second,
        "risk_difference": first.events / first.total - second.events / second.total,
        "risk_difference_low": difference.low,
        "risk_difference_high": difference.high,
    }
    try:
        ratio = effect("log_risk_ratio", *counts)
    except NoInformation as refusal:
        return StudyContrast(**base, estimate=None, low=None, high=None, why_not_pooled=refusal.reason)
    interval = ratio.interval()
    return StudyContrast(
        **base, estimate=math.exp(ratio.estimate), low=math.exp(interval.low), high=math.exp(interval.high)
    )


def _risk(row: Row) -> ArmRisk:
    assert row.events is not None and row.total is not None and row.low is not None and row.high is not None
    return ArmRisk(row.therapy, row.arm_label or "", row.events, row.total, row.low, row.high)


def _log_effect(part: StudyContrast) -> Effect | None:
    """A part's ratio on the log scale; None where it has none or no interval."""
    if part.estimate is None or part.low is None or part.high is None or not min(part.estimate, part.low) > 0:
        return None
    error = (math.log(part.high) - math.log(part.low)) / (2 * Z_95)
    return Effect(math.log(part.estimate), error**2)


def _exact_log_effects(parts: Iterable[StudyContrast]) -> list[Effect]:
    """The effects that can be pooled: risk ratios from their counts, hazard ratios from their intervals."""
    effects = []
    for part in parts:
        if part.first is not None and part.second is not None:
            if part.estimate is not None:
                counts = (part.first.events, part.first.total, part.second.events, part.second.total)
                effects.append(effect("log_risk_ratio", *counts))
        elif (from_interval := _log_effect(part)) is not None:
            effects.append(from_interval)
    return effects


def _combined(parts: Sequence[StudyContrast]) -> Effect | None:
    """The pooled effect of the parts, with the variance that its interval stands for."""
    effects = _exact_log_effects(parts)
    if not effects:
        return None
    if len(effects) == 1:
        return effects[0]
    pooled = pool_effects([one.estimate for one in effects], [one.variance for one in effects])
    return Effect(pooled.estimate, ((pooled.high - pooled.low) / (2 * Z_95)) ** 2)


def _pooled(parts: Sequence[StudyContrast]) -> tuple[float | None, float | None, float | None]:
    """The ratio of all parts with its interval; one part keeps its own."""
    told = [part for part in parts if part.estimate is not None]
    if len(told) == 1:
        return told[0].estimate, told[0].low, told[0].high
    effects = _exact_log_effects(parts)
    if len(effects) < 2:
        return None, None, None
    pooled = pool_effects([one.estimate for one in effects], [one.variance for one in effects])
    return math.exp(pooled.estimate), math.exp(pooled.low), math.exp(pooled.high)


def _hazard_ratios(
    a: str, b: str, reported: Sequence[ReportedContrast], heads: Mapping[str, _Head]
) -> tuple[StudyContrast, ...]:
    """Hazard ratios of a to b that stand with an interval; one reported the other way round is turned."""
    parts = {}
    for row in reported:
        head = heads.get(row.study)
        if head is None or row.measure != "hazard_ratio" or None in (row.estimate, row.low, row.high):
            continue
        ends = (row.estimate, row.low, row.high)
        if (row.arm, row.versus) == (head.second.arm, head.first.arm) and min(ends) > 0:
            ends = (1 / row.estimate, 1 / row.high, 1 / row.low)
        elif (row.arm, row.versus) != (head.first.arm, head.second.arm):
            continue
        design_class = head.first.design_class or ""
        parts.setdefault(
            row.study, StudyContrast(row.study, row.study_label, design_class, row.week, b, None, None, *ends)
        )
    return tuple(parts.values())


def _anchored(a: str, b: str, rows: Sequence[Row], names: Mapping[str, str]) -> list[Contrast]:
    """Bucher through the comparator with the most patients; placebo goes first."""
    randomised = frozenset({DesignClass.RANDOMISED})
    candidates = []
    for via in {row.therapy for row in rows} - {a, b}:
        sides = [
            [
                head
                for head in _heads(side, via, rows, randomised)
                if head.first.events is not None and head.second.events is not None
            ]
            for side in (a, b)
        ]
        parts = [tuple(_part(head, via) for head in heads) for heads in sides]
        effects = [_combined(side) for side in parts]
        if effects[0] is not None and effects[1] is not None:
            patients = sum(head.first.size + head.second.size for heads in sides for head in heads)
            candidates.append(((via != PLACEBO, -patients, via), via, sides, parts, (effects[0], effects[1])))
    if not candidates:
        return []
    _, via, sides, parts, (effect_a, effect_b) = min(candidates, key=lambda candidate: candidate[0])
    between = indirect(effect_a, effect_b)
    interval = between.interval()
    pairs = [[(head.first, head.second) for head in heads] for heads in sides]
    return [
        Contrast(
            a,
            b,
            "anchored",
            "risk_ratio",
            math.exp(between.estimate),
            math.exp(interval.low),
            math.exp(interval.high),
            via,
            similarity_reasons(pairs[0], pairs[1], via, names),
            tuple(part.study for side in parts for part in side),
            tuple(part for side in parts for part in side),
            trial_needed(a, b, names),
        )
    ]


def _naive(a: str, b: str, rows: Sequence[Row], names: Mapping[str, str]) -> Contrast:
    of_a = [row for row in rows if row.therapy == a]
    of_b = [row for row in rows if row.therapy == b]
    studies = tuple(sorted({row.study for row in (*of_a, *of_b)}))
    reasons = naive_reasons(a, b, of_a, of_b, names)
    return Contrast(
        a, b, "naive", None, None, None, None, None, reasons, studies, (), trial_needed(a, b, names)
    )
