"""A comparison as flat rows: one an arm, as in the forest plot, with its source."""

from typing import Any

from comparison.result import Comparison, Row, as_json
from comparison.vocabulary import OutcomeTerm

_PLAIN = (
    *("therapy", "design_class", "design", "study", "study_label", "year", "arm", "arm_label", "week"),
    *("week_is_follow_up", "events", "total", "proportion", "low", "high", "value", "statistic", "spread"),
    *("value_low", "value_high", "sd", "n", "definition", "organ", "background_glucocorticoid", "pooled"),
    *("why_not_pooled", "basis", "locator", "read_at", "derived", "note"),
)
COLUMNS = ("outcome", "unit", *_PLAIN, "regimen", "cases", "citation.label", "citation.doi", "citation.pmid")


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
