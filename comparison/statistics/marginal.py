"""The binomial-normal model that the GLMM and the Bayesian estimate share.

Study i has events_i ~ Binomial(totals_i, expit(mu + tau u_i)) with u_i ~ N(0, 1). What both estimates need is the
likelihood with u_i integrated out, which has no closed form: it is computed here by adaptive Gauss-Hermite
quadrature, that is, with nodes centred on each study's own mode and scaled by its own curvature, so that a study
of 10 and one of 100,000 patients are equally well integrated.

Source: Liu and Pierce 1994, Biometrika 81:624; Pinheiro and Bates 1995, J Comput Graph Stat 4:12.

Shapes: `mu` and `tau` are (..., 1) and broadcast against the studies' (k,); results are (..., k), and (..., k, q)
where there is a value per node.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .distributions import Array, expit_array

HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
MODE_ROUNDS = 25
# The nodes only need to lie where the integrand is; a mode known to a twentieth of its width serves as well.
MODE_TOLERANCE = 5e-2
LONGEST_STEP = 3.0


@dataclass(frozen=True, slots=True)
class Studies:
    """Distinct rows in a fixed order, with how often each occurs.

    Equal rows have equal likelihoods, and a fixed order of summation makes the answer independent, to the last
    bit, of the order in which the studies came.
    """

    events: Array
    totals: Array
    counts: Array

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int]]) -> "Studies":
        """Return the distinct rows, sorted."""
        tally = sorted(Counter(rows).items())
        events = np.array([row[0] for row, _ in tally], dtype=np.float64)
        totals = np.array([row[1] for row, _ in tally], dtype=np.float64)
        return cls(events, totals, np.array([count for _, count in tally], dtype=np.float64))


@lru_cache(maxsize=8)
def hermite(nodes: int) -> tuple[Array, Array]:
    """Return the nodes and log weights for the integral of any f(x) dx, scaled for a standard normal shape.

    The weight exp(-x²) of Gauss-Hermite is divided out, and x is stretched by the square root of 2.
    """
    x, weight = np.polynomial.hermite.hermgauss(nodes)
    return x * math.sqrt(2), np.log(weight) + x * x + 0.5 * math.log(2)


def softplus(eta: Array) -> Array:
    """Return log(1 + exp(eta)) without overflow."""
    return np.maximum(eta, 0.0) + np.log1p(np.exp(-np.abs(eta)))


def study_modes(studies: Studies, mu: Array, tau: Array) -> tuple[Array, Array]:
    """Return mode and width of u given each study's events, both (..., k).

    The integrand is log-concave in u, so that Newton's method with bounded steps finds its only mode. It starts at
    the study's empirical logit, shrunk towards mu by its precision.
    """
    events, totals = studies.events, studies.totals
    empirical = np.log((events + 0.5) / (totals - events + 0.5))
    variance = 1 / (events + 0.5) + 1 / (totals - events + 0.5)
    u = tau * (empirical - mu) / (tau * tau + variance)
    longest = LONGEST_STEP / np.maximum(tau, 0.1)
    curvature = np.ones_like(u)
    for _ in range(MODE_ROUNDS):
        p = expit_array(mu + tau * u)
        curvature = 1 + tau * tau * totals * p * (1 - p)
        step = (tau * (events - totals * p) - u) / curvature
        u = u + np.minimum(np.maximum(step, -longest), longest)
        if float(np.max(np.abs(step) * np.sqrt(curvature))) < MODE_TOLERANCE:
            break
    return u, 1 / np.sqrt(curvature)


def log_integrand(
    studies: Studies, mu: Array, tau: Array, nodes: int, *, long_tails: bool = False
) -> tuple[Array, Array]:
    """Return u and the log of (weight x integrand) at each node, both (..., k, nodes); binomial constant left out.

    `long_tails` asks for the rule of `_long_tailed` in place of Gauss-Hermite's.
    """
    mode, width = study_modes(studies, mu, tau)
    if long_tails:
        u, log_weight = _long_tailed(studies, mu, tau, mode, width, nodes)
        log_value = _log_joint(studies, mu[..., None], tau[..., None], u)
        return u, log_value + log_weight
    x, log_weight = hermite(nodes)
    u = mode[..., None] + width[..., None] * x
    log_value = _log_joint(studies, mu[..., None], tau[..., None], u)
    log_value += log_weight
    log_value += np.log(width)[..., None]
    return u, log_value


def _log_joint(studies: Studies, mu: Array, tau: Array, u: Array) -> Array:
    """Return the log of binomial probability times normal density at u (..., k, n), without binomial constant."""
    eta = mu + tau * u
    log_value = studies.events[:, None] * eta
    log_value -= studies.totals[:, None] * softplus(eta)
    log_value -= 0.5 * u * u + HALF_LOG_2PI
    result: Array = log_value
    return result


def _long_tailed(
    studies: Studies, mu: Array, tau: Array, mode: Array, width: Array, nodes: int
) -> tuple[Array, Array]:
    """Return nodes and log weights for an integrand that is narrow on one side of its mode and long on the other.

    Such is a study without events under a large tau, where Gauss-Hermite converges slowly. With
    u = mode + 2 width sinh(s / 2) the trapezoid rule in s converges geometrically. Each side reaches to where the
    integrand has fallen by exp(-30), or 8.5, beyond which the random effect's own density leaves nothing.
    """
    signs = np.array([-1.0, 1.0])
    reach = np.minimum(8.5 * width[..., None] * np.ones(2), 8.5)
    peak = _log_joint(studies, mu[..., None], tau[..., None], mode[..., None])
    for _ in range(12):
        edge = _log_joint(studies, mu[..., None], tau[..., None], mode[..., None] + signs * reach)
        short = (peak - edge < 30) & (reach < 8.5)
        if not short.any():
            break
        reach = np.where(short, np.minimum(reach * 1.5, 8.5), reach)
    ends = 2 * np.arcsinh(signs * reach / (2 * width[..., None]))
    step = (ends[..., 1:] - ends[..., :1]) / (nodes - 1)
    s = ends[..., :1] + step * np.arange(nodes)
    u = mode[..., None] + 2 * width[..., None] * np.sinh(s / 2)
    return u, np.log(width[..., None] * step) + np.log(np.cosh(s / 2))


def log_marginal(studies: Studies, mu: Array, tau: Array, nodes: int) -> Array:
    """Return each study's log likelihood with u integrated out, (..., k); the binomial constant is left out."""
    _, log_value = log_integrand(studies, mu, tau, nodes)
    peak = log_value.max(axis=-1)
    log_value -= peak[..., None]
    result: Array = peak + np.log(np.exp(log_value, out=log_value).sum(axis=-1))
    return result
