"""Effects between two arms, their pooling over studies, and the indirect comparison through a common comparator."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .checks import checked_effects, checked_level, checked_number, checked_proportion
from .distributions import Array, t_for, z_for
from .intervals import Interval
from .refusals import NoInformation

Measure = Literal["log_risk_ratio", "log_odds_ratio", "risk_difference"]
MEASURES: tuple[Measure, ...] = ("log_risk_ratio", "log_odds_ratio", "risk_difference")

ZERO_CELL = 0.5
GRID_POINTS = 60
BISECTIONS = 60


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate and its sampling variance; ratios are natural logarithms, differences run from -1 to 1."""

    estimate: float
    variance: float

    def interval(self, level: float = 0.95) -> Interval:
        """Return the normal interval, on the scale of the estimate."""
        reach = z_for(checked_level(level)) * math.sqrt(self.variance)
        return Interval(self.estimate - reach, self.estimate + reach)


@dataclass(frozen=True, slots=True)
class PooledEffect:
    """A random-effects mean over studies, on the scale of its estimates.

    `i2` is a percentage, `q` Cochran's statistic, `interval` says which of the two intervals was the wider and is
    given. None stands where one study cannot tell: the spread between studies and all that follows from it.
    """

    studies: int
    estimate: float
    se: float
    low: float
    high: float
    tau2: float | None
    i2: float | None
    q: float | None
    prediction_low: float | None
    prediction_high: float | None
    interval: Literal["hartung_knapp", "normal"]


def effect(measure: Measure, events_a: int, total_a: int, events_b: int, total_b: int) -> Effect:
    """Return the effect of arm a against arm b in one study.

    With a of n and c of m events, non-events b and d: the log risk ratio is log(a/n) - log(c/m) with variance
    1/a - 1/n + 1/c - 1/m; the log odds ratio log(ad/bc) with variance 1/a + 1/b + 1/c + 1/d; the risk difference
    a/n - c/m with variance ab/n³ + cd/m³. If any of the four cells is zero, 0.5 is added to all four.

    Source: Fleiss and Berlin 2009, in Cooper, Hedges and Valentine; metafor's escalc does the same.
    Raises NoInformation for a ratio where neither arm had an event (or, for odds, where all patients of both had),
    and ValueError for wrong counts or an unknown measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure {measure!r} is not one of {', '.join(MEASURES)}")
    events_a, total_a = checked_proportion(events_a, total_a, suffix="_a")
    events_b, total_b = checked_proportion(events_b, total_b, suffix="_b")
    if measure != "risk_difference" and events_a == events_b == 0:
        raise NoInformation("neither arm had an event, which says nothing about a ratio")
    cells = (events_a, total_a - events_a, events_b, total_b - events_b)
    if measure == "log_odds_ratio" and cells[1] == cells[3] == 0:
        raise NoInformation(
            "every patient of both arms had the event, which says nothing about a ratio of odds"
        )
    add = ZERO_CELL if 0 in cells else 0.0
    a, b, c, d = (cell + add for cell in cells)
    n, m = a + b, c + d
    if measure == "log_risk_ratio":
        return Effect(math.log(a / n) - math.log(c / m), 1 / a - 1 / n + 1 / c - 1 / m)
    if measure == "log_odds_ratio":
        return Effect(math.log(a) - math.log(b) - math.log(c) + math.log(d), 1 / a + 1 / b + 1 / c + 1 / d)
    return Effect(a / n - c / m, a * b / n**3 + c * d / m**3)


def pool_effects(estimates: Sequence[float], variances: Sequence[float], level: float = 0.95) -> PooledEffect:
    """Return the random-effects mean by restricted maximum likelihood with a Hartung-Knapp interval.

    Weights are 1 / (variance + tau²). The Hartung-Knapp interval rescales the standard error by the weighted
    residual spread and takes t with k - 1 degrees of freedom; where it comes out narrower than the normal interval
    (studies agreeing by chance) the normal one is given instead, the ad hoc correction. I² is
    tau² / (tau² + typical variance), in percent. The prediction interval is
    estimate ± t(k - 1) sqrt(tau² + se²). One study yields its own normal interval and no heterogeneity.

    Source: Viechtbauer 2005, J Educ Behav Stat 30:261 (REML); Knapp and Hartung 2003, Stat Med 22:2693; Wiksten,
    Rücker and Schwarzer 2016, Stat Med 35:2503 (correction); Higgins and Thompson 2002, Stat Med 21:1539 (I²).
    Raises ValueError that names the row for numbers that are not finite or variances not above zero.
    """
    pairs = sorted(checked_effects(estimates, variances))
    level = checked_level(level)
    y, v = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    k = y.size
    if k == 1:
        bounds = Effect(float(y[0]), float(v[0])).interval(level)
        se = math.sqrt(v[0])
        return PooledEffect(
            1, float(y[0]), se, bounds.low, bounds.high, None, None, None, None, None, interval="normal"
        )
    tau2 = _reml(y, v)
    weight = 1 / (v + tau2)
    estimate = float(weight @ y / weight.sum())
    se_normal = float(weight.sum() ** -0.5)
    se_knapp = math.sqrt(float(weight @ (y - estimate) ** 2) / (k - 1)) * se_normal
    t = t_for(level, k - 1)
    reach_normal, reach_knapp = z_for(level) * se_normal, t * se_knapp
    knapp = reach_knapp >= reach_normal
    se, reach = (se_knapp, reach_knapp) if knapp else (se_normal, reach_normal)
    precision = 1 / v
    common = float(precision @ y / precision.sum())
    typical = (k - 1) * precision.sum() / (precision.sum() ** 2 - precision @ precision)
    spread = t * math.sqrt(tau2 + se * se)
    return PooledEffect(
        studies=k,
        estimate=estimate,
        se=se,
        low=estimate - reach,
        high=estimate + reach,
        tau2=tau2,
        i2=float(100 * tau2 / (tau2 + typical)),
        q=float(precision @ (y - common) ** 2),
        prediction_low=estimate - spread,
        prediction_high=estimate + spread,
        interval="hartung_knapp" if knapp else "normal",
    )


def indirect(effect_a: Effect, effect_b: Effect) -> Effect:
    """Return a against b from each one's effect against the same comparator: estimates subtract, variances add.

    Valid only where the trials are alike in all that modifies the effect. Ratios must be on the log scale.

    Source: Bucher et al. 1997, J Clin Epidemiol 50:683.
    Raises ValueError for numbers that are not finite or a variance below zero.
    """
    for name, one in (("effect_a", effect_a), ("effect_b", effect_b)):
        checked_number(one.estimate, f"estimate of {name}")
        if checked_number(one.variance, f"variance of {name}") < 0:
            raise ValueError(f"variance of {name} is {one.variance}, below zero")
    return Effect(effect_a.estimate - effect_b.estimate, effect_a.variance + effect_b.variance)


def _reml(y: Array, v: Array) -> float:
    """Return the tau² at which the restricted likelihood is highest.

    The likelihood may have more than one peak, so that the whole range is scanned on a logarithmic grid before the
    root of the score is closed in on by bisection.
    """
    largest = 4 * float(np.ptp(y)) ** 2
    smallest = 1e-6 * min(float(v.min()), largest)
    if largest == 0.0:
        return 0.0
    grid = np.concatenate([[0.0], np.geomspace(smallest, largest + float(v.max()), GRID_POINTS)])
    for _ in range(3):
        best = int(np.argmax(_restricted_log_likelihood(y, v, grid)))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, grid.size - 1)])
        grid = np.linspace(low, high, GRID_POINTS)
    if low == 0.0 and _restricted_score(y, v, 0.0) <= 0 and best == 0:
        return 0.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if _restricted_score(y, v, middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _restricted_log_likelihood(y: Array, v: Array, tau2: Array) -> Array:
    """Return the restricted log likelihood at each tau² (g,), without its constant."""
    weight = 1 / (v + tau2[:, None])
    total = weight.sum(axis=1)
    residual = y - (weight @ y / total)[:, None]
    result: Array = 0.5 * (np.log(weight).sum(axis=1) - np.log(total) - (weight * residual**2).sum(axis=1))
    return result


def _restricted_score(y: Array, v: Array, tau2: float) -> float:
    """Return the derivative of the restricted log likelihood in tau²."""
    weight = 1 / (v + tau2)
    total = weight.sum()
    residual = y - weight @ y / total
    squares = weight * weight
    return float(0.5 * (squares @ residual**2 - total + squares.sum() / total))
