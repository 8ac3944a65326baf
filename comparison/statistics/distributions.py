"""Quantiles and special functions with types.

SciPy ships no types; wrapping the few functions used here keeps the rest of the package strictly typed.
`scipy.stats` is avoided because it takes longer to import than all of the estimates together take to compute.
"""

from typing import cast

import numpy as np
import numpy.typing as npt
from scipy import special  # type: ignore[import-untyped, unused-ignore]

Array = npt.NDArray[np.float64]


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile."""
    return float(special.ndtri(probability))


def normal_cdf(values: Array) -> Array:
    """Return the standard normal distribution function, elementwise."""
    return cast(Array, special.ndtr(values))


def t_quantile(probability: float, degrees_of_freedom: float) -> float:
    """Return the quantile of Student's t."""
    return float(special.stdtrit(degrees_of_freedom, probability))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the x below which a Beta(a, b) variable falls with the probability given."""
    return float(special.betaincinv(a, b, probability))


def beta_upper_quantile(probability: float, a: float, b: float) -> float:
    """Return the x above which a Beta(a, b) variable falls with the probability given."""
    return float(special.betainccinv(a, b, probability))


def expit(value: float) -> float:
    """Return the inverse logit of one number."""
    return float(special.expit(value))


def expit_array(values: Array) -> Array:
    """Return the inverse logit, elementwise."""
    return cast(Array, special.expit(values))


def logit(probability: float) -> float:
    """Return the log odds of one probability; infinite at 0 and 1."""
    return float(special.logit(probability))


def z_for(level: float) -> float:
    """Return the normal quantile of a two-sided interval, as 1.96 for 0.95."""
    return normal_quantile(0.5 + level / 2)


def t_for(level: float, degrees_of_freedom: float) -> float:
    """Return the t quantile of a two-sided interval."""
    return t_quantile(0.5 + level / 2, degrees_of_freedom)
