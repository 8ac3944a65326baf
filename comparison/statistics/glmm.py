"""Random-intercept logistic regression of proportions by maximum likelihood."""

import math
from dataclasses import dataclass

import numpy as np

from .distributions import Array, expit_array, logit
from .marginal import Studies, log_integrand
from .refusals import NotConverged

# Gauss-Hermite nodes are exact where the random effect is close to normal given the data. Large spreads and studies
# without events need another rule. The fit is repeated with more nodes until it stays where it is.
HERMITE_NODES = (25, 51)
LONG_TAILED_NODES = (81, 161, 321)
HERMITE_TAU = 2.5
ROUNDS = 60
# Newton's steps are taken until this small; between numbers of nodes the estimates may move by the other.
TOLERANCE = 1e-8
SETTLED = 2e-7
# Beyond these a proportion differs from 0 or 1 by less than 1e-13, or the studies split into all and none: the
# likelihood has no maximum there, only a slope that fades.
FARTHEST_LOGIT = 30.0
LARGEST_TAU = 20.0
# Below this the likelihood cannot be told from that at tau = 0 in double precision.
SMALLEST_TAU = 1e-5


@dataclass(frozen=True, slots=True)
class GlmmFit:
    """Maximum likelihood estimates on the log-odds scale; `se` is that of `mu`, `tau` the spread between studies."""

    mu: float
    se: float
    tau: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Point:
    mu: float
    tau: float
    value: float
    gradient: Array
    hessian: Array


def fit_glmm(studies: Studies) -> GlmmFit:
    """Return the maximum likelihood fit of events_i ~ Binomial(totals_i, expit(mu + tau u_i)), u_i ~ N(0, 1).

    Adaptive Gauss-Hermite quadrature gives the likelihood, with 25 and then 51 nodes; where mu has not settled to
    2e-7 between the two, a trapezoid rule for long tails with 81 nodes and more takes over. Gradient and Hessian
    come from the same nodes by the identities of Fisher and Louis, and Newton's method with step control climbs.
    The standard error of mu is from the inverse of the observed information in (mu, tau), as lme4 reports it;
    where tau is 0 the information in mu alone is used, since the two are orthogonal there by symmetry.

    Source: Stijnen, Hamza and Özdemir 2010, Stat Med 29:3046; Louis 1982, J R Stat Soc B 44:226.
    Raises NotConverged where the likelihood has no finite or no single maximum.
    """
    events, patients = float(studies.events @ studies.counts), float(studies.totals @ studies.counts)
    if studies.counts.sum() < 2:
        raise NotConverged("one study cannot show how studies differ")
    if events in (0.0, patients):
        raise NotConverged("the likelihood has no maximum, as every patient had the same outcome")
    if studies.totals.max() == 1:
        raise NotConverged("no study has two patients, so that the spread between studies cannot be told")
    # At tau = 0 the maximum over mu is known, the proportion of the sums, and so is the likelihood.
    boundary = _evaluate(studies, logit(events / patients), 0.0, HERMITE_NODES[0], long_tails=False)
    interior = _interior(studies, boundary.mu)
    if interior.tau < SMALLEST_TAU or interior.value <= boundary.value:
        # Zero here means that the peak is as flat as a fourth power; rounding may leave either sign.
        if boundary.hessian[1, 1] > -1e-9 * boundary.hessian[0, 0]:
            raise NotConverged("the search for the maximum likelihood did not settle")
        return _fit(boundary, 1 / -float(boundary.hessian[0, 0]))
    determinant = float(np.linalg.det(interior.hessian))
    if determinant <= 0 or interior.hessian[0, 0] >= 0:
        raise NotConverged("the likelihood is flat, so that it has no single maximum")
    return _fit(interior, -float(interior.hessian[1, 1]) / determinant)


def _fit(point: _Point, variance: float) -> GlmmFit:
    return GlmmFit(float(point.mu), math.sqrt(variance), float(point.tau), point.value)


def _starting_tau(studies: Studies) -> float:
    """Return a moment estimate of tau from the empirical logits, at least 0.3 so that the climb can leave zero."""
    events, totals, counts = studies.events, studies.totals, studies.counts
    logits = np.log((events + 0.5) / (totals - events + 0.5))
    weights = 1 / (1 / (events + 0.5) + 1 / (totals - events + 0.5))
    all_weights = counts * weights
    mean = (all_weights @ logits) / all_weights.sum()
    excess = all_weights @ (logits - mean) ** 2 - (counts.sum() - 1)
    scale = all_weights.sum() - (all_weights @ weights) / all_weights.sum()
    return math.sqrt(max(float(excess / scale), 0.09))


def _interior(studies: Studies, mu: float) -> _Point:
    """Return the maximum reached from a positive tau, by as many nodes as it takes to stay put."""
    point, tau = None, _starting_tau(studies)
    rules = [(nodes, False) for nodes in HERMITE_NODES] + [(nodes, True) for nodes in LONG_TAILED_NODES]
    for nodes, long_tails in rules:
        if tau > HERMITE_TAU and not long_tails:
            continue
        last, (point, settled) = point, _climb(studies, mu, tau, nodes, long_tails=long_tails)
        mu, tau = point.mu, point.tau
        if settled and tau < SMALLEST_TAU:
            return point
        if settled and last is not None and abs(last.mu - mu) + abs(last.tau - tau) < SETTLED:
            return point
    raise NotConverged("the likelihood could not be integrated closely enough")


def _climb(studies: Studies, mu: float, tau: float, nodes: int, *, long_tails: bool) -> tuple[_Point, bool]:
    """Return the highest point found above a start, and whether the climb had settled there."""
    point = _evaluate(studies, mu, tau, nodes, long_tails=long_tails)
    for _ in range(ROUNDS):
        step = _ascent(point)
        if float(np.max(np.abs(step))) < TOLERANCE or (point.tau < SMALLEST_TAU and point.hessian[1, 1] <= 0):
            return point, True
        for _ in range(12):
            # The likelihood is even in tau, so that a step through zero is a step to the mirrored point.
            mu, tau = point.mu + step[0], abs(point.tau + step[1])
            candidate = _evaluate(studies, mu, tau, nodes, long_tails=long_tails)
            if candidate.value >= point.value - 1e-11 * abs(point.value):
                break
            step = step / 2
        else:
            # Value and gradient disagree by the error of the quadrature: only more nodes can lead on.
            return point, False
        point = candidate
        if point.tau > HERMITE_TAU and not long_tails:
            return point, False
        if abs(point.mu) > FARTHEST_LOGIT or point.tau > LARGEST_TAU:
            raise NotConverged("the estimate of the spread between studies grows without limit")
    return point, False


def _ascent(point: _Point) -> Array:
    """Return Newton's step, turned uphill where the surface is not yet concave, and kept short."""
    values, vectors = np.linalg.eigh(point.hessian)
    step = vectors @ ((vectors.T @ point.gradient) / np.maximum(np.abs(values), 1e-9))
    longest = max(abs(step[0]) / 2.0, abs(step[1]) / (0.5 + point.tau))
    shortened: Array = step / max(longest, 1.0)
    return shortened


def _evaluate(studies: Studies, mu: float, tau: float, nodes: int, *, long_tails: bool) -> _Point:
    """Return log likelihood, gradient and Hessian in (mu, tau)."""
    u, log_value = log_integrand(studies, np.array([mu]), np.array([tau]), nodes, long_tails=long_tails)
    peak = log_value.max(axis=-1, keepdims=True)
    weight = np.exp(log_value - peak)
    mass = weight.sum(axis=-1, keepdims=True)
    weight /= mass
    value = float(studies.counts @ (np.log(mass) + peak)[:, 0])
    p = expit_array(mu + tau * u)
    residual = studies.events[:, None] - studies.totals[:, None] * p
    information = weight * (studies.totals[:, None] * p * (1 - p))
    # Posterior means of the complete-data score (r, u r), of its square and of the complete-data information.
    weighted = weight * residual
    score = np.stack([weighted.sum(axis=-1), (weighted * u).sum(axis=-1)])
    squares = weighted * residual
    mu_mu = (squares - information).sum(axis=-1)
    mu_tau = ((squares - information) * u).sum(axis=-1)
    tau_tau = ((squares - information) * u * u).sum(axis=-1)
    expected = np.array(
        [
            [studies.counts @ mu_mu, studies.counts @ mu_tau],
            [studies.counts @ mu_tau, studies.counts @ tau_tau],
        ]
    )
    hessian = expected - (score * studies.counts) @ score.T
    return _Point(mu, tau, value, score @ studies.counts, hessian)
