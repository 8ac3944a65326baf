"""Slow and obvious effects: the formulas written out, the restricted likelihood searched by brute force."""

import numpy as np


def restricted_log_likelihood(estimates, variances, tau2):
    """Return the log density of all contrasts that do not depend on the mean, by matrices."""
    y, v = np.asarray(estimates, dtype=float), np.diag(np.asarray(variances, dtype=float) + tau2)
    ones = np.ones((y.size, 1))
    inverse = np.linalg.inv(v)
    information = float((ones.T @ inverse @ ones)[0, 0])
    residual = y - float((ones.T @ inverse @ y)[0]) / information
    return -0.5 * (np.linalg.slogdet(v)[1] + np.log(information) + residual @ inverse @ residual)


def reml(estimates, variances):
    """Return the tau² of the highest restricted likelihood, by zooming a grid of 200 points."""
    low, high = 0.0, 10 * float(np.ptp(estimates)) ** 2 + 1e-9
    # Even in the logarithm first, so that a small tau² beside a wide range is seen.
    grid = np.concatenate([[0.0], np.geomspace(1e-9, high, 400)])
    for _ in range(12):
        values = [restricted_log_likelihood(estimates, variances, tau2) for tau2 in grid]
        best = int(np.argmax(values))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
        grid = np.linspace(low, high, 50)
    return float(grid[np.argmax([restricted_log_likelihood(estimates, variances, tau2) for tau2 in grid])])


def two_by_two(measure, a, n, c, m):
    """Return estimate and variance from the four cells, 0.5 added to each when one is zero."""
    b, d = n - a, m - c
    if min(a, b, c, d) == 0:
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    if measure == "log_odds_ratio":
        return np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    p, q = a / (a + b), c / (c + d)
    if measure == "log_risk_ratio":
        return np.log(p / q), (1 - p) / (p * (a + b)) + (1 - q) / (q * (c + d))
    return p - q, p * (1 - p) / (a + b) + q * (1 - q) / (c + d)
