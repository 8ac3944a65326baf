"""Bayesian binomial-normal model of proportions, by deterministic quadrature."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .distributions import Array, expit_array, normal_cdf
from .marginal import Studies, hermite, log_integrand, log_marginal, softplus

# The range of tau is as long as the studies are large; nodes per unit of it, and the fewest.
TAU_NODES_PER_UNIT = 7
TAU_NODES = 24
MU_NODES = 32
# Without events, or with nothing else, a study's integrand has one long tail and takes more nodes.
STUDY_NODES = 21
ONE_SIDED_NODES = 31
ROUGH_NODES = 7
COARSE_NODES = 24
PREDICTION_NODES = 13
# The prior alone lies 32 below its peak there; only studies that disagree wildly reach farther.
USUAL_TAU = 8.0
# Regions whose log density lies this far below the peak hold less than 1e-7 of the posterior; for tau, whose left
# tail falls off slowly in t, a millionth is let go rather than spread the nodes over it.
LOG_DROP = 18.0
LOG_DROP_TAU = 13.0
# On the log-odds scale.
QUANTILE_TOLERANCE = 1e-6
# Values held at once in the innermost array; more leaves the processor's cache and runs slower.
CHUNK = 40_000


Indices = npt.NDArray[np.intp]
Distribution = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class BayesFit:
    """Posterior summaries on the log-odds scale: median, bounds and standard deviation of mu, median of tau."""

    mu: float
    low: float
    high: float
    se: float
    tau: float
    prediction_low: float
    prediction_high: float


@dataclass(frozen=True, slots=True)
class _Grid:
    """The posterior on Gauss-Legendre nodes: rows are values of tau, each with its own nodes in mu.

    mu = centre + 2 width sinh(v), with v linear in the nodes x of (-1, 1): fine in the body, wide in the tails,
    which fall off as exp(-|mu|) where every patient had the same outcome. `mass` (t, m) sums to 1. `table`
    (3, t, m + 2) holds distribution, density and slope in x at -1, the nodes and 1.
    """

    tau: Array
    mu: Array
    mass: Array
    centre: Array
    width: Array
    v_middle: Array
    v_half: Array
    table: Array


def fit_bayes(studies: Studies, level: float) -> BayesFit:
    """Return the posterior of events_i ~ Binomial(totals_i, expit(mu + tau u_i)), u_i ~ N(0, 1).

    Priors: mu standard logistic, so that the median study's proportion is uniform on (0, 1); tau half-normal with
    scale 1. The posterior is integrated on a grid that is laid where it lies: first the range of tau is found on a
    coarse grid (in t with tau = scale x sinh t, which resolves tau near zero as well as above one), then for each
    tau the range of mu, whose conditional posterior is log-concave. Deterministic; proportions are within 1e-4,
    as the tests check against brute-force integration.

    Source: Röver 2020, J Stat Softw 93(6), and Röver et al. 2021, Res Synth Methods 12:448, for the prior of tau.
    """
    scale = 0.5 * _pooled_width(studies)
    t_low, t_high = _range_of_t(studies, scale)
    x, weight = _legendre(max(TAU_NODES, math.ceil(TAU_NODES_PER_UNIT * (t_high - t_low))))
    t = (t_low + t_high) / 2 + (t_high - t_low) / 2 * x
    grid = _posterior(studies, scale * np.sinh(t), np.log(weight) + np.log(np.cosh(t)))
    mean = float((grid.mass * grid.mu).sum())
    variance = float((grid.mass * (grid.mu - mean) ** 2).sum())
    tails = np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
    order = np.argsort(grid.mu, axis=None)
    start = np.interp(tails, np.cumsum(grid.mass.ravel()[order]), grid.mu.ravel()[order])
    far = float(np.ptp(grid.mu))
    low, middle, high = _quantiles(lambda value: _distribution(grid, value), start, tails, far)
    # A new study adds its own spread: near enough in quadrature to start from.
    stretch = math.sqrt(1 + float(grid.mass.sum(axis=1) @ grid.tau**2) / variance)
    start = middle + (np.array([low, high]) - middle) * stretch
    far += 8 * float(grid.tau.max())
    new_low, new_high = _quantiles(
        lambda value: _predictive_distribution(grid, value), start, tails[[0, 2]], far * stretch
    )
    t_median = _median_on_nodes(grid.mass.sum(axis=1) / weight, t_low, t_high)
    return BayesFit(
        mu=middle,
        low=low,
        high=high,
        se=math.sqrt(variance),
        tau=scale * math.sinh(t_median),
        prediction_low=new_low,
        prediction_high=new_high,
    )


def _pooled_width(studies: Studies) -> float:
    """Return roughly the standard error of mu were tau zero: the scale below which tau makes no difference."""
    events, totals = studies.events + 0.5, studies.totals - studies.events + 0.5
    return float((studies.counts / (1 / events + 1 / totals)).sum() ** -0.5)


def _log_prior_mu(mu: Array) -> Array:
    return -mu - 2 * softplus(-mu)


def _range_of_t(studies: Studies, scale: float) -> tuple[float, float]:
    """Return the range of t that holds the posterior of tau = scale x sinh t, by zooming into a coarse grid."""
    low, high = 0.0, math.asinh(USUAL_TAU / scale)
    for _ in range(12):
        t = np.linspace(low, high, COARSE_NODES)
        tau = scale * np.sinh(t)
        _, value, curvature = _modes_of_mu(studies, tau)
        density = value - 0.5 * np.log(curvature) - 0.5 * tau * tau + np.log(np.cosh(t))
        held = np.flatnonzero(density > density.max() - LOG_DROP_TAU)
        if held[-1] == COARSE_NODES - 1:
            high += 1.0
            continue
        first, last = max(int(held[0]) - 1, 0), min(int(held[-1]) + 1, COARSE_NODES - 1)
        low, high = float(t[first]), float(t[last])
        if last - first >= COARSE_NODES // 2:
            break
    return low, high


def _conditional(studies: Studies, mu: Array, tau: Array, nodes: int, one_sided_nodes: int) -> Array:
    """Return log prior of mu plus log likelihood at `mu` (t, m) and `tau` (t,), as (t, m)."""
    value = _log_prior_mu(mu)
    one_sided = (studies.events == 0) | (studies.events == studies.totals)
    for group, count in ((~one_sided, nodes), (one_sided, one_sided_nodes)):
        members = np.flatnonzero(group)
        step = max(1, CHUNK // (mu.size * count))
        for start in range(0, members.size, step):
            part = members[start : start + step]
            some = Studies(studies.events[part], studies.totals[part], studies.counts[part])
            value = value + log_marginal(some, mu[..., None], tau[:, None, None], count) @ some.counts
    return value


def _modes_of_mu(studies: Studies, tau: Array) -> tuple[Array, Array, Array]:
    """Return for each tau the conditional mode of mu, the log density there, and its curvature, each (t,)."""
    rows = studies.counts.sum()
    mu = np.full_like(
        tau, math.log((studies.events @ studies.counts + 0.5 * rows) / _non_events(studies, rows))
    )
    for _ in range(12):
        u, log_value = log_integrand(studies, mu[:, None], tau[:, None], ROUGH_NODES)
        peak = log_value.max(axis=-1, keepdims=True)
        weight = np.exp(log_value - peak)
        mass = weight.sum(axis=-1, keepdims=True)
        weight /= mass
        p = expit_array(mu[:, None, None] + tau[:, None, None] * u)
        residual = studies.events[:, None] - studies.totals[:, None] * p
        score = (weight * residual).sum(axis=-1)
        information = (weight * (studies.totals[:, None] * p * (1 - p) - residual * residual)).sum(axis=-1)
        prior = expit_array(mu)
        gradient = 1 - 2 * prior + score @ studies.counts
        # Rough nodes may spoil the concavity that theory promises; the prior's share is a safe floor.
        curvature = np.maximum(
            2 * prior * (1 - prior) + (information + score * score) @ studies.counts, 2 * prior * (1 - prior)
        )
        step = np.clip(gradient / curvature, -2.0, 2.0)
        mu = mu + step
        if float(np.max(np.abs(step) * np.sqrt(curvature))) < 0.05:
            break
    value = _log_prior_mu(mu) + (np.log(mass) + peak)[..., 0] @ studies.counts
    return mu, value, curvature


def _non_events(studies: Studies, rows: float) -> float:
    return float((studies.totals - studies.events) @ studies.counts + 0.5 * rows)


def _range_of_mu(studies: Studies, tau: Array) -> tuple[Array, Array, Array, Array]:
    """Return for each tau mode and width of mu, and the bounds beyond which the density is negligible, each (t,)."""
    mode, value, curvature = _modes_of_mu(studies, tau)
    width = 1 / np.sqrt(curvature)
    reach = np.outer(6.5 * width, [1.0, 1.0])
    signs = np.array([-1.0, 1.0])
    for attempt in range(25):
        drop = value[:, None] - _conditional(
            studies, mode[:, None] + signs * reach, tau, ROUGH_NODES, ROUGH_NODES
        )
        short = drop < LOG_DROP
        # A range too long only wastes nodes, so that shrinking it is given up after a few rounds.
        long = (drop > 3 * LOG_DROP) & (attempt < 4)
        if not (short.any() or long.any()):
            break
        change = (1.4 * LOG_DROP / np.maximum(drop, 1.0)) ** 0.7
        reach = np.where(short | long, reach * np.clip(change, 0.3, 3.0), reach)
    return mode, width, mode - reach[:, 0], mode + reach[:, 1]


def _posterior(studies: Studies, tau: Array, log_weight: Array) -> _Grid:
    """Return the posterior on its grid; `log_weight` (t,) is the log of the quadrature weight of each tau."""
    mode, width, low, high = _range_of_mu(studies, tau)
    v_low, v_high = np.arcsinh((low - mode) / (2 * width)), np.arcsinh((high - mode) / (2 * width))
    v_middle, v_half = (v_low + v_high) / 2, (v_high - v_low) / 2
    x, weight = _legendre(MU_NODES)
    v = v_middle[:, None] + v_half[:, None] * x
    mu = mode[:, None] + 2 * width[:, None] * np.sinh(v)
    value = _conditional(studies, mu, tau, STUDY_NODES, ONE_SIDED_NODES)
    value += np.log(np.cosh(v)) + (log_weight - 0.5 * tau * tau + np.log(width * v_half))[:, None]
    density = np.exp(value - value.max())
    mass = density * weight
    total = mass.sum()
    return _Grid(
        tau, mu, mass / total, mode, width, v_middle, v_half, density @ _table_rule(MU_NODES) / total
    )


def _quantiles(
    distribution: Distribution, start: Array, probabilities: Array, far: float
) -> tuple[float, ...]:
    """Return where a distribution reaches each probability, by bracketed Newton steps from a rough start.

    The steps are taken on the logit of the distribution function, which is nearly straight even in the tails;
    all quantiles lie within `far` of their start.
    """
    below, above, value = start - far, start + far, start
    target = np.log(probabilities / (1 - probabilities))
    for _ in range(60):
        reached, density = distribution(value)
        below = np.where(reached < probabilities, value, below)
        above = np.where(reached < probabilities, above, value)
        reached = np.clip(reached, 1e-12, 1 - 1e-12)
        off = target - np.log(reached / (1 - reached))
        step = off * reached * (1 - reached) / np.maximum(density, 1e-300)
        # A quantile that has settled sits on its own bracket, and rounding may put it outside: it stays.
        settled = np.abs(step) < QUANTILE_TOLERANCE
        inside = (value + step > below) & (value + step < above)
        value = np.where(settled | inside, value + step, (below + above) / 2)
        if settled.all():
            break
    return tuple(float(number) for number in value)


def _distribution(grid: _Grid, value: Array) -> tuple[Array, Array]:
    """Return distribution function and density of mu at `value` (v,)."""
    reached, density = _below(
        grid, np.broadcast_to(value, (grid.tau.size, value.size)), np.arange(grid.tau.size)
    )
    return reached.sum(axis=0), density.sum(axis=0)


def _below(grid: _Grid, value: Array, rows: Indices) -> tuple[Array, Array]:
    """Return the mass below `value` and the density there, (t, v), for some rows of tau.

    Quintic Hermite interpolation in x of the distribution function, whose two derivatives are known at the nodes.
    """
    scaled = (value - grid.centre[rows][:, None]) / (2 * grid.width[rows][:, None])
    half = grid.v_half[rows][:, None]
    x = (np.arcsinh(scaled) - grid.v_middle[rows][:, None]) / half
    inside = np.clip(x, -1.0, 1.0)
    knots = np.concatenate([[-1.0], _legendre(MU_NODES)[0], [1.0]])
    left = np.clip(np.searchsorted(knots, inside) - 1, 0, knots.size - 2)
    table = grid.table
    reached, slope = _quintic(
        inside, knots, left, table[:, rows[:, None], left], table[:, rows[:, None], left + 1]
    )
    density = np.where(np.abs(x) < 1, slope / (half * 2 * grid.width[rows][:, None]), 0.0)
    return reached, density / np.sqrt(1 + scaled * scaled)


def _quintic(x: Array, knots: Array, left: Indices, before: Array, after: Array) -> tuple[Array, Array]:
    """Return value and slope at x of the quintic that fits value, slope and bend at the knots on either side."""
    gap = knots[left + 1] - knots[left]
    s = (x - knots[left]) / gap
    d0, d1 = before[1] * gap, after[1] * gap
    c0, c1 = before[2] * gap * gap, after[2] * gap * gap
    rise, turn, bend = after[0] - before[0] - d0 - c0 / 2, d1 - d0 - c0, c1 - c0
    third, fourth, fifth = (
        10 * rise - 4 * turn + bend / 2,
        -15 * rise + 7 * turn - bend,
        6 * rise - 3 * turn + bend / 2,
    )
    value = before[0] + s * (d0 + s * (c0 / 2 + s * (third + s * (fourth + s * fifth))))
    slope = d0 + s * (c0 + s * (3 * third + s * (4 * fourth + s * 5 * fifth)))
    return value, slope / gap


def _predictive_distribution(grid: _Grid, value: Array) -> tuple[Array, Array]:
    """Return distribution function and density of a new study's log odds, N(mu, tau²), at `value` (v,).

    Where tau is wider than the spacing of the nodes in mu, the normal distribution function summed over them is
    smooth; where it is narrower, the distribution of mu is the smoother one, and the normal deviate is integrated.
    """
    spacing = np.diff(grid.mu, axis=1)[:, MU_NODES // 2]
    wide = np.flatnonzero(grid.tau > 1.2 * spacing)
    narrow = np.flatnonzero(grid.tau <= 1.2 * spacing)
    reached, density = np.zeros_like(value), np.zeros_like(value)
    if wide.size:
        tau = grid.tau[wide][:, None, None]
        z = (value - grid.mu[wide][..., None]) / tau
        mass = grid.mass[wide]
        reached = reached + np.tensordot(mass, normal_cdf(z), axes=([0, 1], [0, 1]))
        bell = np.exp(-0.5 * z * z) / (tau * math.sqrt(2 * math.pi))
        density = density + np.tensordot(mass, bell, axes=([0, 1], [0, 1]))
    if narrow.size:
        z, log_weight = hermite(PREDICTION_NODES)
        share = np.exp(log_weight - 0.5 * z * z) / math.sqrt(2 * math.pi)
        shifted = value[None, :, None] - grid.tau[narrow][:, None, None] * z
        below, slope = _below(grid, shifted.reshape(narrow.size, -1), narrow)
        reached = reached + (below.reshape(shifted.shape) @ share).sum(axis=0)
        density = density + (slope.reshape(shifted.shape) @ share).sum(axis=0)
    return reached, density


def _median_on_nodes(density: Array, low: float, high: float) -> float:
    """Return the median of a density known on the Gauss-Legendre nodes of (low, high)."""
    knots = np.concatenate([[-1.0], _legendre(density.size)[0], [1.0]])
    reached, slope, bend = density @ _table_rule(density.size)
    half = reached[-1] / 2
    before = min(max(int(np.searchsorted(reached, half)) - 1, 0), knots.size - 2)
    left = np.full(65, before)
    table = np.stack([reached, slope, bend])
    fine = np.linspace(knots[before], knots[before + 1], 65)
    values, _ = _quintic(fine, knots, left, table[:, left], table[:, left + 1])
    return (low + high) / 2 + (high - low) / 2 * float(np.interp(half, values, fine))


@lru_cache(maxsize=8)
def _legendre(nodes: int) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss-Legendre quadrature on (-1, 1)."""
    x, weight = np.polynomial.legendre.leggauss(nodes)
    return x, weight


@lru_cache(maxsize=8)
def _table_rule(nodes: int) -> Array:
    """Return the matrices, (3, nodes, nodes + 2), that turn a density on the nodes into its table.

    The density's Legendre series is integrated from -1, evaluated, and differentiated at -1, the nodes and 1.
    """
    x, weight = _legendre(nodes)
    basis = np.polynomial.legendre.legvander(x, nodes - 1)
    coefficients = weight[:, None] * basis * (np.arange(nodes) + 0.5)
    knots = np.concatenate([[-1.0], x, [1.0]])
    series = coefficients.T
    values = [
        np.polynomial.legendre.legval(knots, np.polynomial.legendre.legint(series, lbnd=-1)),
        np.polynomial.legendre.legval(knots, series),
        np.polynomial.legendre.legval(knots, np.polynomial.legendre.legder(series)),
    ]
    return np.stack(values)
