"""Slow and obvious intervals: roots by bisection, tails summed term by term in exact integers."""

from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist

STEPS = 44
SCALE = 2**STEPS


def _tail_at_least(events: int, total: int, numerator: int) -> Fraction:
    """Return P(X >= events) for X binomial with probability numerator / SCALE, exactly."""
    rest = SCALE - numerator
    terms = (comb(total, x) * numerator**x * rest ** (total - x) for x in range(events, total + 1))
    return Fraction(sum(terms), SCALE**total)


def exact_low(events: int, total: int, level: str = "0.95") -> float:
    """Return the p at which seeing this many events or more has probability (1 - level) / 2."""
    if events == 0:
        return 0.0
    tail = (1 - Fraction(level)) / 2
    below, above = 0, SCALE
    while above - below > 1:
        middle = (below + above) // 2
        if _tail_at_least(events, total, middle) < tail:
            below = middle
        else:
            above = middle
    return above / SCALE


def exact_high(events: int, total: int, level: str = "0.95") -> float:
    """Return the upper bound as one minus the lower bound of the non-events."""
    return 1 - exact_low(total - events, total, level)


def wilson(events: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return the two p whose score test just rejects, by bisection on either side of the estimate."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    observed = events / total

    def rejected(p: float) -> bool:
        return abs(observed - p) > z * sqrt(p * (1 - p) / total)

    def edge(outside: float) -> float:
        inside = observed
        for _ in range(200):
            middle = (inside + outside) / 2
            if rejected(middle):
                outside = middle
            else:
                inside = middle
        return inside

    return edge(0.0), edge(1.0)


def newcombe(events_a: int, total_a: int, events_b: int, total_b: int) -> tuple[float, float]:
    """Return the difference a minus b with the distance to each Wilson bound added in quadrature."""
    a, b = wilson(events_a, total_a), wilson(events_b, total_b)
    p_a, p_b = events_a / total_a, events_b / total_b
    low = (p_a - p_b) - sqrt((p_a - a[0]) ** 2 + (b[1] - p_b) ** 2)
    high = (p_a - p_b) + sqrt((a[1] - p_a) ** 2 + (p_b - b[0]) ** 2)
    return low, high
