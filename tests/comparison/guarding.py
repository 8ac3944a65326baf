"""What the tests of the guard share: verdicts, and ratios worked out by hand."""

from __future__ import annotations

import math

from comparison.guard import judge
from comparison.result import Contrast, ReportedContrast, Row
from tests.comparison.answers import NAMES, randomised

A, B, PLACEBO = "inebilizumab", "obexelimab", "placebo"
Z = 1.959963984540054


def verdicts(a: str, b: str, rows: list[Row], *told: ReportedContrast, **rules: object) -> list[Contrast]:
    return list(judge((a, b), rows, told, NAMES, **rules))  # type: ignore[arg-type]


def verdict(a: str, b: str, rows: list[Row], *told: ReportedContrast, **rules: object) -> Contrast:
    (only,) = verdicts(a, b, rows, *told, **rules)
    return only


def log_ratio(events: int, total: int, against: int, of: int) -> tuple[float, float]:
    """Log risk ratio and its variance by hand, 0.5 added to all four cells where one is empty."""
    cells = [events, total - events, against, of - against]
    if 0 in cells:
        cells = [cell + 0.5 for cell in cells]
    a, b, c, d = cells
    n, m = a + b, c + d
    return math.log((a / n) / (c / m)), 1 / a - 1 / n + 1 / c - 1 / m


def by_hand(estimate: float, variance: float) -> tuple[float, float, float]:
    reach = Z * math.sqrt(variance)
    return math.exp(estimate), math.exp(estimate - reach), math.exp(estimate + reach)


def ends(contrast: Contrast) -> tuple[float | None, float | None, float | None]:
    return contrast.estimate, contrast.low, contrast.high


def trial(study: str, events: int, total: int, against: int, of: int, arm: str = A) -> list[Row]:
    return [randomised(arm, study, events, total), randomised(PLACEBO, study, against, of)]
