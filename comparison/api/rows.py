"""A comparison as flat rows: one an arm, as in the forest plot, with its source."""

from collections.abc import Iterable
from typing import Any

from comparison.result import Certainties, Comparison, Row, as_json
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


def summary_json(rows: Iterable[SummaryRow], certainties: Certainties) -> list[dict[str, Any]]:
    """Outcome by therapy: the strongest class's figure, or null, which is no evidence and not zero."""
    return [_summary_row(row, certainties.get((row.therapy, row.outcome))) for row in rows]


def _summary_row(row: SummaryRow, certainty: tuple[str, str] | None) -> dict[str, Any]:
    stratum = row.stratum
    pooled = [each for each in stratum.rows if each.pooled] if stratum is not None else []
    return {
        "outcome": row.outcome,
        "therapy": row.therapy,
        "design_class": stratum.design_class if stratum is not None else None,
        "estimate": as_json(stratum.estimate) if stratum is not None else None,
        "studies": list(dict.fromkeys(each.study for each in pooled)),
        "weaker_classes": list(row.weaker),
        "findings": row.findings,
        "certainty": {"level": certainty[0], "reasons": certainty[1]} if certainty is not None else None,
    }


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
