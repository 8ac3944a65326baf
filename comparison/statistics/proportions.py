"""Proportions of single arms and their pooling over studies."""

from collections.abc import Sequence

from .checks import checked_level, checked_rows
from .intervals import Interval, difference_interval, exact_interval, wilson_interval
from .pooled import METHODS, Method, MethodChoice, PooledProportion

__all__ = [
    "METHODS",
    "Interval",
    "Method",
    "MethodChoice",
    "PooledProportion",
    "difference_interval",
    "exact_interval",
    "pool_proportions",
    "wilson_interval",
]

Rows = list[tuple[int, int]]


def pool_proportions(
    events: Sequence[int], totals: Sequence[int], method: MethodChoice = "auto", level: float = 0.95
) -> PooledProportion:
    """Return one proportion over studies, with the method and the reason for it.

    Raises ValueError that names the row for wrong counts, and for an unknown method or level.
    """
    rows = checked_rows(events, totals)
    level = checked_level(level)
    if method == "exact_single" and len(rows) > 1:
        raise ValueError(f"method exact_single takes one study, not {len(rows)}")
    if method == "exact_single" or (method == "auto" and len(rows) == 1):
        return _exact(rows, "exact_single", "one study", level)
    if method in ("exact_total", "auto"):
        return _exact(rows, "exact_total", "the sums of all studies, as if they were one", level)
    raise ValueError(f"method {method!r} is not one of auto, {', '.join(METHODS)}")


def _exact(rows: Rows, method: Method, reason: str, level: float) -> PooledProportion:
    events, patients = sum(row[0] for row in rows), sum(row[1] for row in rows)
    interval = exact_interval(events, patients, level)
    return PooledProportion(
        studies=len(rows),
        patients=patients,
        events=events,
        proportion=events / patients,
        low=interval.low,
        high=interval.high,
        prediction_low=None,
        prediction_high=None,
        tau2=None,
        logit=None,
        se=None,
        method=method,
        reason=reason,
    )
