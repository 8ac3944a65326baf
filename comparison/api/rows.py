"""A comparison as flat rows: one an arm, as in the forest plot, with its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comparison.result import Certainties, Comparison, Estimate, Row, as_json
from comparison.summary import SummaryRow
from comparison.vocabulary import OutcomeTerm

_PLAIN = (
    *("therapy", "design_class", "design", "study", "study_label", "year", "arm", "arm_label", "week"),
    *("week_is_follow_up", "events", "total", "proportion", "low", "high", "value", "statistic", "spread"),
    *(
        "value_low",
        "value_high",
        "sd",
        "n",
        "definition",
        "instruments",
        "organ",
        "background_glucocorticoid",
        "pooled",
    ),
    *("why_not_pooled", "basis", "locator", "read_at", "derived", "note"),
)
COLUMNS = ("outcome", "unit", *_PLAIN, "regimen", "cases", "citation.label", "citation.doi", "citation.pmid")


@dataclass(frozen=True)
class CertaintyAnswer:
    """GRADE: high, moderate, low or very_low, and why."""

    level: str
    reasons: str


@dataclass(frozen=True)
class SummaryAnswer:
    """Outcome by therapy: the strongest class's figure, or null, which is no evidence and not zero."""

    outcome: str
    therapy: str
    design_class: str | None
    estimate: Estimate | None
    studies: tuple[str, ...]
    # Classes that report it too, strongest first.
    weaker_classes: tuple[str, ...]
    # How many studies' words stand on it.
    findings: int
    # None: not yet rated.
    certainty: CertaintyAnswer | None


def summary_answers(rows: Iterable[SummaryRow], certainties: Certainties) -> list[SummaryAnswer]:
    """The rows of the summary of findings, with their ratings."""
    return [_summary_answer(row, certainties.get((row.therapy, row.outcome))) for row in rows]


def _summary_answer(row: SummaryRow, certainty: tuple[str, str] | None) -> SummaryAnswer:
    stratum = row.stratum
    pooled = [each for each in stratum.rows if each.pooled] if stratum is not None else []
    return SummaryAnswer(
        outcome=row.outcome,
        therapy=row.therapy,
        design_class=stratum.design_class if stratum is not None else None,
        estimate=stratum.estimate if stratum is not None else None,
        studies=tuple(dict.fromkeys(each.study for each in pooled)),
        weaker_classes=tuple(row.weaker),
        findings=row.findings,
        certainty=CertaintyAnswer(*certainty) if certainty is not None else None,
    )


def csv_rows(comparison: Comparison, outcome: OutcomeTerm) -> list[dict[str, Any]]:
    """Rows for the CSV; None is an empty cell, which is not zero."""
    return [_flat(row, outcome) for row in comparison.rows]


def _flat(row: Row, outcome: OutcomeTerm) -> dict[str, Any]:
    plain = as_json(row)
    return {
        "outcome": outcome.slug,
        "unit": outcome.unit or None,
        **{name: plain[name] for name in _PLAIN},
        "regimen": list(row.regimen),
        "cases": list(row.cases),
        "citation": {"label": row.citation.label, "doi": row.citation.doi, "pmid": row.citation.pmid},
    }
