"""The comparison guard: what may be compared with what, and how.

direct: a randomised or controlled study has both therapies in separate arms that differ by the therapy. anchored: each
was randomised against the same comparator (Bucher, on the log scale). naive: anything else; shown side by side, with
no difference and no winner, and the reasons why. Pure: rows in, verdicts out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from comparison.guard_effects import combined_log_ratio, counted_part, pooled_ends, reported_parts
from comparison.guard_heads import Head, Kind, heads_of
from comparison.guard_reasons import (
    direct_reasons,
    naive_reasons,
    reported_reasons,
    similarity_reasons,
    trial_needed,
    unmeasured_reasons,
)
from comparison.overlaps import NO_OVERLAPS, Overlaps, overlap_reason, standing_aside
from comparison.result import Contrast, ReportedContrast, Row, StudyContrast
from comparison.statistics.effects import Effect, indirect
from evidence.choices import DesignClass

COMPARATIVE = frozenset({DesignClass.RANDOMISED, DesignClass.CONTROLLED})
RANDOMISED = frozenset({DesignClass.RANDOMISED})
PLACEBO = "placebo"
# What studies report themselves and the guard shows beside the ratio of the counts.
REPORTED_MEASURES = ("hazard_ratio", "mean_difference")
# A comparator anchors two therapies that stood in its place, or two that were added to it; never one of each.
ANCHORING: tuple[Kind, ...] = ("instead", "first_added")


@dataclass(frozen=True)
class _Court:
    """What the verdicts rest on."""

    rows: Sequence[Row]
    reported: Sequence[ReportedContrast]
    names: Mapping[str, str]
    overlaps: Overlaps
    rule: str


def judge(
    therapies: Sequence[str],
    rows: Iterable[Row],
    reported: Iterable[ReportedContrast],
    names: Mapping[str, str],
    exclude: Iterable[str] = (),
    overlaps: Overlaps = NO_OVERLAPS,
    rule: str = "probable",
) -> tuple[Contrast, ...]:
    """A verdict on each pair of therapies, in the order asked; risk ratio before the measures that studies report.

    ``rows`` are the asked therapies' rows and those of the other arms of their studies; ``names`` gives
    therapies in words; of studies that overlap one enters a pool, by ``rule`` as in the strata.
    """
    left_out = set(exclude)
    court = _Court(
        [row for row in rows if row.study not in left_out and not row.citation.retracted],
        [row for row in reported if row.study not in left_out and not row.citation.retracted],
        names,
        overlaps,
        rule,
    )
    verdicts: list[Contrast] = []
    for a, b in combinations(therapies, 2):
        verdicts += _direct(a, b, court) or _anchored(a, b, court) or [_naive(a, b, court)]
    return tuple(verdicts)


def _direct(a: str, b: str, court: _Court) -> list[Contrast]:
    heads = heads_of(a, b, court.rows, COMPARATIVE)
    counted = [head for head in heads if head.is_counted]
    verdicts = []
    if counted:
        parts = _parts(counted, b, court)
        ends = pooled_ends(parts, "risk_ratio")
        reasons = direct_reasons(counted, court.names)
        verdicts.append(_verdict(a, b, "risk_ratio", ends, reasons, parts))
    by_study = {head.study: head for head in heads}
    for measure in REPORTED_MEASURES:
        told = reported_parts(a, b, measure, court.reported, by_study, COMPARATIVE)
        if told:
            sizes = {study: by_study[study].size if study in by_study else 0 for study in told}
            aside = _aside(sizes, {study: row.study_label for study, (row, _) in told.items()}, court)
            parts = tuple(replace(part, why_not_pooled=aside.get(study)) for study, (_, part) in told.items())
            reasons = reported_reasons(told.values(), measure, {head.study for head in counted})
            verdicts.append(_verdict(a, b, measure, pooled_ends(parts, measure), reasons, parts))
    if heads and not verdicts:
        reasons = unmeasured_reasons(heads, court.names)
        studies = tuple(head.study for head in heads)
        verdicts.append(Contrast(a, b, "direct", None, None, None, None, None, reasons, studies))
    return verdicts


def _verdict(
    a: str,
    b: str,
    measure: str,
    ends: tuple[float | None, float | None, float | None],
    reasons: tuple[str, ...],
    parts: tuple[StudyContrast, ...],
) -> Contrast:
    return Contrast(a, b, "direct", measure, *ends, None, reasons, tuple(part.study for part in parts), parts)


def _parts(heads: Sequence[Head], against: str, court: _Court) -> tuple[StudyContrast, ...]:
    """What each study adds; of those that share patients the largest alone enters the pool."""
    sizes = {head.study: head.size for head in heads}
    aside = _aside(sizes, {head.study: head.first.study_label for head in heads}, court)
    return tuple(counted_part(head, against, aside.get(head.study)) for head in heads)


def _aside(sizes: Mapping[str, int], labels: Mapping[str, str], court: _Court) -> dict[str, str]:
    """Studies that give way to one that they share patients with, and why."""
    sized = [(study, study, size) for study, size in sizes.items()]
    given_way = standing_aside(sized, court.overlaps, court.rule)
    return {study: overlap_reason(labels[other], certain) for study, (other, certain) in given_way.items()}


@dataclass(frozen=True)
class _Anchor:
    """Two therapies tried against one comparator: each side's heads, what they add and what they come to."""

    via: str
    kind: Kind
    heads: tuple[list[Head], list[Head]]
    parts: tuple[tuple[StudyContrast, ...], tuple[StudyContrast, ...]]
    effects: tuple[Effect, Effect]

    @property
    def rank(self) -> tuple[bool, int, str, str]:
        """Placebo first, then the comparator with the most patients."""
        patients = sum(head.size for side in self.heads for head in side)
        return (self.via != PLACEBO, -patients, self.via, self.kind)


def _anchors(a: str, b: str, court: _Court) -> list[_Anchor]:
    found = []
    for via in {row.therapy for row in court.rows} - {a, b}:
        sides = [heads_of(side, via, court.rows, RANDOMISED) for side in (a, b)]
        for kind in ANCHORING:
            first, second = (
                [head for head in side if head.kind == kind and head.is_counted] for side in sides
            )
            parts = (_parts(first, via, court), _parts(second, via, court))
            effects = (combined_log_ratio(parts[0]), combined_log_ratio(parts[1]))
            if effects[0] is not None and effects[1] is not None:
                found.append(_Anchor(via, kind, (first, second), parts, (effects[0], effects[1])))
    return found


def _anchored(a: str, b: str, court: _Court) -> list[Contrast]:
    """Bucher through the comparator with the most patients; placebo goes first."""
    anchors = _anchors(a, b, court)
    if not anchors:
        return []
    anchor = min(anchors, key=lambda one: one.rank)
    between = indirect(*anchor.effects)
    interval = between.interval()
    parts = (*anchor.parts[0], *anchor.parts[1])
    return [
        Contrast(
            a,
            b,
            "anchored",
            "risk_ratio",
            math.exp(between.estimate),
            math.exp(interval.low),
            math.exp(interval.high),
            anchor.via,
            similarity_reasons(anchor.heads[0], anchor.heads[1], anchor.via, court.names),
            tuple(part.study for part in parts),
            parts,
            trial_needed(a, b, court.names),
        )
    ]


def _naive(a: str, b: str, court: _Court) -> Contrast:
    of_a = [row for row in court.rows if row.therapy == a]
    of_b = [row for row in court.rows if row.therapy == b]
    studies = tuple(sorted({row.study for row in (*of_a, *of_b)}))
    reasons = naive_reasons(a, b, of_a, of_b, court.names)
    needed = trial_needed(a, b, court.names)
    return Contrast(a, b, "naive", None, None, None, None, None, reasons, studies, (), needed)
