"""What a pooled proportion is, apart from how it was come by."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["exact_single", "exact_total", "glmm", "bayes", "logit_iv"]
MethodChoice = Literal["auto", "exact_single", "exact_total", "glmm", "bayes", "logit_iv"]

METHODS: tuple[Method, ...] = ("exact_single", "exact_total", "glmm", "bayes", "logit_iv")


@dataclass(frozen=True, slots=True)
class PooledProportion:
    """A proportion over studies with its interval, how it was estimated, and why that way.

    Proportions and bounds run from 0 to 1; `logit` and `se` are on the log-odds scale, `tau2` is the variance
    between studies on that scale. None means that the method does not yield the quantity, never zero.
    """

    studies: int
    patients: int
    events: int
    proportion: float
    low: float
    high: float
    prediction_low: float | None
    prediction_high: float | None
    tau2: float | None
    logit: float | None
    se: float | None
    method: Method
    reason: str
