"""Confidence intervals that need one or two arms and no model."""

import math
from dataclasses import dataclass

from .checks import checked_level, checked_proportion
from .distributions import beta_quantile, beta_upper_quantile, z_for


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper bound, on the scale of what they bound."""

    low: float
    high: float


def exact_interval(events: int, total: int, level: float = 0.95) -> Interval:
    """Return the Clopper-Pearson interval of a proportion.

    Coverage is never below `level`; the bounds are quantiles of beta distributions. At no events the lower bound
    is 0, at all events the upper is 1, and the other tail still takes (1 - level) / 2.

    Source: Clopper and Pearson 1934, Biometrika 26:404.
    Raises ValueError for counts that are no proportion or a level outside (0, 1).
    """
    events, total = checked_proportion(events, total)
    tail = (1 - checked_level(level)) / 2
    low = 0.0 if events == 0 else beta_quantile(tail, events, total - events + 1)
    high = 1.0 if events == total else beta_upper_quantile(tail, events + 1, total - events)
    return Interval(low, high)


def wilson_interval(events: int, total: int, level: float = 0.95) -> Interval:
    """Return the Wilson score interval of a proportion, without continuity correction.

    The bounds are the two p that solve |events/total - p| = z sqrt(p (1 - p) / total).

    Source: Wilson 1927, J Am Stat Assoc 22:209.
    Raises ValueError for counts that are no proportion or a level outside (0, 1).
    """
    events, total = checked_proportion(events, total)
    z = z_for(checked_level(level))
    centre = events + z * z / 2
    half_width = z * math.sqrt(events * (total - events) / total + z * z / 4)
    # At 0 and at all events the bound is exact in theory; rounding would leave 1e-17 there.
    low = 0.0 if events == 0 else (centre - half_width) / (total + z * z)
    high = 1.0 if events == total else (centre + half_width) / (total + z * z)
    return Interval(max(low, 0.0), min(high, 1.0))


def difference_interval(
    events_a: int, total_a: int, events_b: int, total_b: int, level: float = 0.95
) -> Interval:
    """Return Newcombe's hybrid score interval of the risk difference, a minus b.

    The Wilson interval of each arm gives the spread on that side, so that the bounds stay within -1 to 1 and have
    width even where neither arm had an event.

    Source: Newcombe 1998, Stat Med 17:873, method 10.
    Raises ValueError for counts that are no proportion or a level outside (0, 1).
    """
    events_a, total_a = checked_proportion(events_a, total_a, suffix="_a")
    events_b, total_b = checked_proportion(events_b, total_b, suffix="_b")
    a, b = wilson_interval(events_a, total_a, level), wilson_interval(events_b, total_b, level)
    p_a, p_b = events_a / total_a, events_b / total_b
    below = math.hypot(p_a - a.low, b.high - p_b)
    above = math.hypot(a.high - p_a, p_b - b.low)
    return Interval(max(p_a - p_b - below, -1.0), min(p_a - p_b + above, 1.0))
