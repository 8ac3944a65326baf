"""Rows to strata: what may be pooled together, which overlapping study stands aside, and what the pool comes to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import overload

from comparison.overlaps import Overlaps, overlap_reason, standing_aside
from comparison.question import Question
from comparison.result import Estimate, Row, Stratum
from comparison.statistics.pooled import PooledProportion
from comparison.statistics.proportions import pool_proportions
from evidence.choices import DesignClass
from foundation.formatting import plural

TOGETHER = "all"


def build_strata(
    rows: Iterable[Row], question: Question, overlaps: Overlaps, labels: Mapping[str, str]
) -> list[Stratum]:
    """Strata in the order of the question's therapies, strongest design first, reviews and opinions last."""
    grouped: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in rows:
        together = question.pool == "together" and row.design_class is not None
        grouped[(row.therapy, TOGETHER if together else row.design_class)].append(row)
    ranks = {name: rank for rank, name in enumerate((TOGETHER, *DesignClass.values))}
    keys = sorted(
        grouped, key=lambda key: (question.therapies.index(key[0]), ranks.get(key[1] or "", len(ranks)))
    )
    return [
        _stratum(therapy, name, grouped[(therapy, name)], question, overlaps, labels)
        for therapy, name in keys
    ]


def _stratum(
    therapy: str,
    design_class: str | None,
    rows: Sequence[Row],
    question: Question,
    overlaps: Overlaps,
    labels: Mapping[str, str],
) -> Stratum:
    aside = {row.key: reason for row in rows if (reason := never_pooled(row, question.exclude)) is not None}
    sized = [(row.key, row.study, row.size) for row in rows if row.key not in aside]
    for key, (other, certain) in standing_aside(sized, overlaps, question.overlaps).items():
        aside[key] = overlap_reason(labels[other], certain)
    told = tuple(
        replace(row, pooled=row.key not in aside, why_not_pooled=aside.get(row.key))
        for row in sorted(rows, key=_by_year)
    )
    return Stratum(therapy, design_class, told, estimate_of([row for row in told if row.pooled]))


def never_pooled(row: Row, exclude: Collection[str]) -> str | None:
    """Why a row is in no pool whatever the others are, or None."""
    if row.design_class is None:
        return "reviews and opinions are shown, never pooled"
    if row.events is None or row.total is None:
        return "means and medians are shown as reported, not pooled"
    if row.citation.retracted:
        return "the report was retracted"
    return "left out by the reader" if row.study in exclude else None


def _by_year(row: Row) -> tuple[int, str, str]:
    """Oldest first, unknown years last; study and arm make the order total."""
    return (row.year if row.year is not None else 9999, row.study, row.arm or "")


def estimate_of(rows: Sequence[Row]) -> Estimate | None:
    """What pooled rows come to, by the ladder of methods; None where there are none."""
    counted = [(row.events, row.total) for row in rows if row.events is not None and row.total is not None]
    if not counted:
        return None
    pooled = pool_proportions([events for events, _ in counted], [total for _, total in counted])
    return as_estimate(pooled, len({row.study for row in rows}))


@overload
def as_estimate(pooled: PooledProportion, studies: int) -> Estimate: ...
@overload
def as_estimate(pooled: PooledProportion | None, studies: int) -> Estimate | None: ...
def as_estimate(pooled: PooledProportion | None, studies: int) -> Estimate | None:
    """What the statistics found, told of studies: to them each row is one, and a study may have several arms."""
    if pooled is None:
        return None
    return Estimate(
        studies=studies,
        arms=pooled.studies,
        patients=pooled.patients,
        events=pooled.events,
        proportion=pooled.proportion,
        low=pooled.low,
        high=pooled.high,
        prediction_low=pooled.prediction_low,
        prediction_high=pooled.prediction_high,
        tau2=pooled.tau2,
        method=pooled.method,
        reason=_of_arms(pooled.reason, pooled.studies, studies),
    )


def _of_arms(reason: str, arms: int, studies: int) -> str:
    """The reason for a method, told of arms where a study has several: the model takes each arm for a study."""
    if arms == studies:
        return reason
    return reason.replace(f"{arms} studies", f"{arms} arms of {plural(studies, 'study', 'studies')}")
