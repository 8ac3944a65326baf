"""What studies add to a contrast, and what they come to together: ratios by REML with Hartung-Knapp. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence

from comparison.guard_heads import Head, is_turned, unlike
from comparison.result import ArmRisk, ReportedContrast, Row, StudyContrast
from comparison.statistics.effects import Effect, effect, pool_effects
from comparison.statistics.intervals import difference_interval
from comparison.statistics.refusals import NoInformation

# Of a normal distribution; a reported 95% interval is this many standard errors to either side.
Z_95 = 1.959963984540054
# Measured as a difference; all others are ratios and are pooled as logarithms.
DIFFERENCES = frozenset({"mean_difference"})

Ends = tuple[float | None, float | None, float | None]


def counted_part(head: Head, against: str, aside: str | None = None) -> StudyContrast:
    """One study's risk ratio and risk difference from the events of its arms; ``aside``: why it is in no pool."""
    first, second = _risk(head.first), _risk(head.second)
    counts = (first.events, first.total, second.events, second.total)
    ends: Ends = (None, None, None)
    reason = unlike(head)
    if reason is None:
        try:
            ratio = effect("log_risk_ratio", *counts)
            interval = ratio.interval()
            ends = (math.exp(ratio.estimate), math.exp(interval.low), math.exp(interval.high))
        except NoInformation as refusal:
            reason = refusal.reason
    told = difference_interval(*counts) if unlike(head) is None else None
    return StudyContrast(
        study=head.study,
        study_label=head.first.study_label,
        design_class=head.first.design_class or "",
        week=head.first.week,
        against=against,
        first=first,
        second=second,
        estimate=ends[0],
        low=ends[1],
        high=ends[2],
        risk_difference=first.events / first.total - second.events / second.total if told else None,
        risk_difference_low=told.low if told else None,
        risk_difference_high=told.high if told else None,
        why_not_pooled=reason or aside,
    )


def _risk(row: Row) -> ArmRisk:
    if row.events is None or row.total is None or row.low is None or row.high is None:
        raise ValueError(f"{row.study} tells no x of n for {row.therapy}")
    return ArmRisk(row.therapy, row.arm_label or "", row.events, row.total, row.low, row.high)


def reported_parts(
    a: str,
    b: str,
    measure: str,
    reported: Iterable[ReportedContrast],
    heads: Mapping[str, Head],
    classes: Iterable[str],
) -> dict[str, tuple[ReportedContrast, StudyContrast]]:
    """Differences of a to b that studies reported with an interval; one told the other way round is turned.

    The first of a study stands. A turned ratio needs bounds above zero.
    """
    allowed = set(classes)
    parts: dict[str, tuple[ReportedContrast, StudyContrast]] = {}
    for row in reported:
        if row.measure != measure or row.design_class not in allowed or row.study in parts:
            continue
        turned = is_turned(row, a, b, heads.get(row.study))
        ends = None if turned is None else _ends(row, turned)
        if ends is not None:
            part = StudyContrast(
                row.study, row.study_label, row.design_class or "", row.week, b, None, None, *ends
            )
            parts[row.study] = (row, part)
    return parts


def _ends(row: ReportedContrast, turned: bool) -> tuple[float, float, float] | None:
    """Estimate and bounds, turned where asked; None where they are not all told or cannot be turned."""
    if row.estimate is None or row.low is None or row.high is None:
        return None
    if not turned:
        return (row.estimate, row.low, row.high)
    if row.measure in DIFFERENCES:
        return (-row.estimate, -row.high, -row.low)
    if min(row.estimate, row.low, row.high) <= 0:
        return None
    return (1 / row.estimate, 1 / row.high, 1 / row.low)


def pooled_ends(parts: Sequence[StudyContrast], measure: str) -> Ends:
    """The estimate of all parts that may be pooled, with its interval; one part keeps its own."""
    told = [part for part in parts if part.estimate is not None and part.why_not_pooled is None]
    if len(told) == 1:
        return told[0].estimate, told[0].low, told[0].high
    effects = _effects(told, measure)
    if len(effects) < 2:
        return None, None, None
    pooled = pool_effects([one.estimate for one in effects], [one.variance for one in effects])
    ends = (pooled.estimate, pooled.low, pooled.high)
    return ends if measure in DIFFERENCES else (math.exp(ends[0]), math.exp(ends[1]), math.exp(ends[2]))


def combined_log_ratio(parts: Sequence[StudyContrast]) -> Effect | None:
    """The log risk ratio of the parts, with the variance that its interval stands for; None where none has one."""
    effects = _effects([part for part in parts if part.why_not_pooled is None], "risk_ratio")
    if not effects:
        return None
    if len(effects) == 1:
        return effects[0]
    pooled = pool_effects([one.estimate for one in effects], [one.variance for one in effects])
    return Effect(pooled.estimate, ((pooled.high - pooled.low) / (2 * Z_95)) ** 2)


def _effects(parts: Iterable[StudyContrast], measure: str) -> list[Effect]:
    """The effects that can be pooled: risk ratios from their counts, reported ones from their intervals."""
    found = [_effect_of(part, measure) for part in parts]
    return [one for one in found if one is not None]


def _effect_of(part: StudyContrast, measure: str) -> Effect | None:
    if part.estimate is None or part.low is None or part.high is None:
        return None
    if part.first is not None and part.second is not None:
        counts = (part.first.events, part.first.total, part.second.events, part.second.total)
        return effect("log_risk_ratio", *counts)
    if measure in DIFFERENCES:
        return Effect(part.estimate, ((part.high - part.low) / (2 * Z_95)) ** 2)
    if part.low <= 0 or part.high <= part.low:
        return None
    error = (math.log(part.high) - math.log(part.low)) / (2 * Z_95)
    return Effect(math.log(part.estimate), error**2)
