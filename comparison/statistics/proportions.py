"""Proportions of single arms and their pooling over studies."""

import math
from collections.abc import Sequence

from .bayes import fit_bayes
from .checks import checked_level, checked_rows
from .distributions import expit, t_for, z_for
from .effects import pool_effects
from .glmm import fit_glmm
from .intervals import Interval, difference_interval, exact_interval, wilson_interval
from .marginal import Studies
from .pooled import METHODS, Method, MethodChoice, PooledProportion
from .refusals import NotConverged

__all__ = [
    "METHODS",
    "Interval",
    "Method",
    "MethodChoice",
    "PooledProportion",
    "difference_interval",
    "exact_interval",
    "pool_proportions",
    "wilson_interval",
]

Rows = list[tuple[int, int]]

# Below this many studies maximum likelihood tells too little of how they differ.
GLMM_STUDIES = 5
ASKED_FOR = "chosen by the reader"


def pool_proportions(
    events: Sequence[int], totals: Sequence[int], method: MethodChoice = "auto", level: float = 0.95
) -> PooledProportion:
    """Return one proportion over studies, with the method and the reason for it.

    `auto` climbs the ladder: one study keeps its exact interval; five or more with both outcomes seen are pooled
    by `glmm`; fewer, or all with the same outcome, or where the regression does not converge, by `bayes`.

    - exact_single: Clopper-Pearson of the only study.
    - exact_total: Clopper-Pearson of the sums, as if the studies were one.
    - glmm: random-intercept logistic regression by maximum likelihood. The proportion is expit(mu), that of the
      median study; normal interval on the logit; a new study is predicted at expit(mu ± t(k - 1) sqrt(tau² + se²)).
    - bayes: the same model with the median study's proportion uniform a priori and tau half-normal with scale 1.
      The proportion is the posterior median, the interval holds the central `level` of the posterior, and the
      prediction that of a new study; `logit` and `se` are posterior median and standard deviation of mu, `tau2` is
      the square of tau's posterior median.
    - logit_iv: inverse variance of the empirical logits (0.5 is added to both cells of a study with a zero cell),
      random effects by REML, normal interval.

    The order of the studies does not matter. Sources: Stijnen, Hamza and Özdemir 2010, Stat Med 29:3046; Schwarzer
    et al. 2019, Res Synth Methods 10:476; Röver and Friede 2022, arXiv:2203.04773.
    Raises ValueError that names the row for wrong counts, for an unknown method or level, and NotConverged (a
    ValueError with a reason) where `glmm` was asked for by name and has no answer.
    """
    rows = checked_rows(events, totals)
    level = checked_level(level)
    if method == "auto":
        return _ladder(rows, level)
    if method == "exact_single":
        if len(rows) > 1:
            raise ValueError(f"method exact_single takes one study, not {len(rows)}")
        return _exact(rows, "exact_single", "one study", level)
    if method == "exact_total":
        return _exact(
            rows, "exact_total", f"{ASKED_FOR}: the sums of all studies, as if they were one", level
        )
    if method == "glmm":
        return _glmm(rows, f"{ASKED_FOR}: random-intercept logistic regression", level)
    if method == "bayes":
        return _bayes(rows, f"{ASKED_FOR}: Bayesian random-intercept model", level)
    if method == "logit_iv":
        return _logit_iv(rows, f"{ASKED_FOR}: inverse variance on the log odds", level)
    raise ValueError(f"method {method!r} is not one of auto, {', '.join(METHODS)}")


def _ladder(rows: Rows, level: float) -> PooledProportion:
    events, patients = sum(row[0] for row in rows), sum(row[1] for row in rows)
    if len(rows) == 1:
        return _exact(rows, "exact_single", "one study", level)
    if events == patients:
        reason = "every patient had the event, so that maximum likelihood has no finite answer"
        return _bayes(rows, reason, level)
    if events == 0:
        return _bayes(
            rows, "no patient had the event, so that maximum likelihood has no finite answer", level
        )
    if len(rows) < GLMM_STUDIES:
        reason = f"{len(rows)} studies, too few for maximum likelihood to tell how much they differ"
        return _bayes(rows, reason, level)
    try:
        return _glmm(rows, f"{len(rows)} studies with both outcomes seen", level)
    except NotConverged as refusal:
        return _bayes(rows, f"the logistic regression has no answer: {refusal.reason}", level)


def _exact(rows: Rows, method: Method, reason: str, level: float) -> PooledProportion:
    events, patients = sum(row[0] for row in rows), sum(row[1] for row in rows)
    interval = exact_interval(events, patients, level)
    return PooledProportion(
        studies=len(rows),
        patients=patients,
        events=events,
        proportion=events / patients,
        low=interval.low,
        high=interval.high,
        prediction_low=None,
        prediction_high=None,
        tau2=None,
        logit=None,
        se=None,
        method=method,
        reason=reason,
    )


def _glmm(rows: Rows, reason: str, level: float) -> PooledProportion:
    fit = fit_glmm(Studies.from_rows(rows))
    reach = z_for(level) * fit.se
    spread = t_for(level, len(rows) - 1) * math.sqrt(fit.tau**2 + fit.se**2)
    return PooledProportion(
        studies=len(rows),
        patients=sum(row[1] for row in rows),
        events=sum(row[0] for row in rows),
        proportion=expit(fit.mu),
        low=expit(fit.mu - reach),
        high=expit(fit.mu + reach),
        prediction_low=expit(fit.mu - spread),
        prediction_high=expit(fit.mu + spread),
        tau2=fit.tau**2,
        logit=fit.mu,
        se=fit.se,
        method="glmm",
        reason=reason,
    )


def _bayes(rows: Rows, reason: str, level: float) -> PooledProportion:
    fit = fit_bayes(Studies.from_rows(rows), level)
    return PooledProportion(
        studies=len(rows),
        patients=sum(row[1] for row in rows),
        events=sum(row[0] for row in rows),
        proportion=expit(fit.mu),
        low=expit(fit.low),
        high=expit(fit.high),
        prediction_low=expit(fit.prediction_low),
        prediction_high=expit(fit.prediction_high),
        tau2=fit.tau**2,
        logit=fit.mu,
        se=fit.se,
        method="bayes",
        reason=reason,
    )


def _logit_iv(rows: Rows, reason: str, level: float) -> PooledProportion:
    logits, variances = [], []
    for events, total in rows:
        add = 0.5 if events in (0, total) else 0.0
        yes, no = events + add, total - events + add
        logits.append(math.log(yes / no))
        variances.append(1 / yes + 1 / no)
    pooled = pool_effects(logits, variances, level)
    tau2 = pooled.tau2 if pooled.tau2 is not None else 0.0
    se = sum(1 / (variance + tau2) for variance in sorted(variances)) ** -0.5
    reach = z_for(level) * se
    spread = None if pooled.tau2 is None else t_for(level, len(rows) - 1) * math.sqrt(tau2 + se**2)
    return PooledProportion(
        studies=len(rows),
        patients=sum(row[1] for row in rows),
        events=sum(row[0] for row in rows),
        proportion=expit(pooled.estimate),
        low=expit(pooled.estimate - reach),
        high=expit(pooled.estimate + reach),
        prediction_low=None if spread is None else expit(pooled.estimate - spread),
        prediction_high=None if spread is None else expit(pooled.estimate + spread),
        tau2=pooled.tau2,
        logit=pooled.estimate,
        se=se,
        method="logit_iv",
        reason=reason,
    )
