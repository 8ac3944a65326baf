"""Slow and obvious answers for the binomial-normal model: plain sums over dense grids, search by brute force."""

import math

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import expit, ndtr

SLICE = 4_000_000


def study_likelihood(events, total, mu, tau, points=601):
    """Return the likelihood of one study at each pair of `mu` and `tau` (same shape), by the trapezoid rule.

    The random effect is integrated from -9 to 9 standard deviations; for totals up to about a hundred the steps
    are far finer than the likelihood's features.
    """
    mu, tau = np.broadcast_arrays(np.asarray(mu, dtype=float), np.asarray(tau, dtype=float))
    u = np.linspace(-9, 9, points)
    weight = np.exp(-0.5 * u * u) / math.sqrt(2 * math.pi) * (u[1] - u[0])
    flat_mu, flat_tau = mu.ravel(), tau.ravel()
    result = np.empty(flat_mu.size)
    size = max(1, SLICE // points)
    for start in range(0, flat_mu.size, size):
        part = slice(start, start + size)
        eta = flat_mu[part, None] + flat_tau[part, None] * u
        result[part] = (expit(eta) ** events * expit(-eta) ** (total - events)) @ weight
    return result.reshape(mu.shape)


def log_likelihood(rows, mu, tau):
    """Return the log likelihood of all studies, without the binomial constant."""
    return sum(np.log(study_likelihood(events, total, mu, tau)) for events, total in rows)


def glmm(rows):
    """Return mu, its standard error and tau of the highest likelihood, by zooming grids over the whole plane."""
    mu_low, mu_high, tau_low, tau_high = -8.0, 8.0, 0.0, 8.0
    for zoom in range(21):
        points = 25 if zoom == 0 else 9
        mu, tau = np.linspace(mu_low, mu_high, points), np.linspace(tau_low, tau_high, points)
        value = log_likelihood(rows, mu[:, None], tau[None, :])
        i, j = np.unravel_index(np.argmax(value), value.shape)
        mu_step, tau_step = 1.6 * (mu[1] - mu[0]), 1.6 * (tau[1] - tau[0])
        mu_low, mu_high = mu[i] - mu_step, mu[i] + mu_step
        tau_low, tau_high = max(tau[j] - tau_step, 0.0), tau[j] + tau_step
    best_mu, best_tau = float(mu[i]), float(tau[j])
    return best_mu, _standard_error(rows, best_mu, best_tau), best_tau


def _standard_error(rows, mu, tau):
    """Return the standard error of mu from second differences of the log likelihood.

    The likelihood is even in tau, so that differences may be taken across zero.
    """
    step = 1e-3

    def f(i, j):
        return float(log_likelihood(rows, mu + i * step, abs(tau + j * step)))

    mu_mu = (f(1, 0) - 2 * f(0, 0) + f(-1, 0)) / step**2
    if tau < step:
        return (-1 / mu_mu) ** 0.5
    tau_tau = (f(0, 1) - 2 * f(0, 0) + f(0, -1)) / step**2
    mu_tau = (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * step**2)
    return (-tau_tau / (mu_mu * tau_tau - mu_tau**2)) ** 0.5


def bayes(rows, level=0.95):
    """Return quantiles of the median study's proportion and of a new study's, and the median of tau.

    The posterior is computed on an even grid of the logit from -16 to 16 and the midpoints of tau from 0 to 6.4.
    """
    mu = np.linspace(-16, 16, 321)
    step = 0.1
    tau = np.arange(step / 2, 6.4, step)
    prior = np.exp(-mu - 2 * np.logaddexp(0, -mu))[:, None] * np.exp(-0.5 * tau**2)
    likelihood = np.ones_like(prior)
    for events, total in rows:
        likelihood *= study_likelihood(events, total, mu[:, None], tau[None, :], points=321)
    posterior = prior * likelihood
    posterior /= posterior.sum()
    low, high = (1 - level) / 2, (1 + level) / 2
    median_study = CubicSpline(mu, posterior.sum(axis=1) / step).antiderivative()
    known = [_expit(_crossing(median_study, -16, 16, p)) for p in (low, 0.5, high)]

    def new_study(x):
        return float((ndtr((x - mu[:, None]) / tau) * posterior).sum())

    new = [_expit(_crossing(new_study, -60, 60, p)) for p in (low, high)]
    # The posterior of tau is even, so that its mirror image carries the spline smoothly through zero.
    of_tau = posterior.sum(axis=0) / step
    mirrored = np.concatenate([-tau[::-1], tau]), np.concatenate([of_tau[::-1], of_tau])
    spread = CubicSpline(*mirrored).antiderivative()
    tau_median = _crossing(lambda x: float(spread(x) - spread(0)), 0, 6.3, 0.5)
    return known, new, tau_median


def _crossing(distribution, below, above, target):
    """Return where a rising function reaches the target, by bisection."""
    for _ in range(60):
        middle = (below + above) / 2
        if float(distribution(middle)) < target:
            below = middle
        else:
            above = middle
    return (below + above) / 2


def _expit(value):
    return 1 / (1 + math.exp(-value))
