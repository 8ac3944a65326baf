"""Kaplan and Meier's product and Greenwood's sum, written out."""

from math import exp, log, sqrt
from statistics import NormalDist


def kaplan_meier(times, events, at, level=0.95):
    """Return survival at a time with its log-log bounds, None where there is no variance."""
    survival, variance = 1.0, 0.0
    for moment in sorted({t for t, e in zip(times, events, strict=True) if e and t <= at}):
        risk = sum(t >= moment for t in times)
        died = sum(t == moment and e for t, e in zip(times, events, strict=True))
        survival *= 1 - died / risk
        if risk > died:
            variance += died / (risk * (risk - died))
    if survival in (0.0, 1.0):
        return survival, None, None
    reach = NormalDist().inv_cdf(0.5 + level / 2) * sqrt(variance) / abs(log(survival))
    return survival, survival ** exp(reach), survival ** exp(-reach)
