"""Sentences of the comparison, from templates: the words of METHODS, never 'achieved' or 'led to'."""

from comparison.question import lower_first
from comparison.result import Estimate, Row, Stratum
from comparison.vocabulary import OutcomeTerm, Vocabulary
from foundation.formatting import (
    interval_text,
    per_hundred,
    plural,
    proportion_percent,
    quantity_text,
    x_of_n_text,
)

# Short names of the methods, each told whole on /methods/.
METHOD_WORDS = {
    "exact_single": "exact interval of one study",
    "exact_total": "exact interval of the sums",
    "glmm": "random-intercept logistic regression",
    "bayes": "Bayesian binomial-normal model",
    "logit_iv": "inverse variance on the logit",
}


# Outcomes whose name is no noun that something can be followed by.
HAPPENINGS = {
    "glucocorticoid_free": "being off glucocorticoid",
    "glucocorticoid_reduced": "a reduced glucocorticoid dose",
    "adverse_event_discontinuation": "stopping for an adverse event",
    "overall_response": "an overall response",
    "partial_remission": "a partial remission",
    "adverse_event": "an adverse event",
    "serious_adverse_event": "a serious adverse event",
    "serious_infection": "a serious infection",
    "infection": "an infection",
    "relapse": "a relapse or flare",
    "second_relapse": "a second relapse",
    "serum_igg4_reduced": "a fall of serum IgG4",
    "serum_igg4_normal": "a normal serum IgG4",
    "rescue_therapy": "a need for rescue therapy",
}


def happening(outcome: OutcomeTerm) -> str:
    """An outcome as what a therapy is followed by."""
    return HAPPENINGS.get(outcome.slug) or lower_first(outcome.name)


def method_words(method: str) -> str:
    """A method in a few words."""
    return METHOD_WORDS[method]


def row_sentence(row: Row, outcome: OutcomeTerm, vocabulary: Vocabulary) -> str:
    """A row as a sentence: who, how many, what, when, by which definition."""
    name = vocabulary.therapies[row.therapy].name
    when = f" by week {row.week}" if row.week is not None else ", time not reported"
    defined = f", defined as: {row.definition.rstrip('.')}" if row.definition else ", definition not reported"
    where = f" ({row.study_label}; {row.basis.replace('_', ' ')}, {row.locator.rstrip('.')})."
    if row.events is None or row.total is None:
        figure = quantity_text(
            row.value, row.statistic, row.spread, row.value_low, row.value_high, row.sd, row.n, outcome.unit
        )
        return f"{name}: {lower_first(outcome.name)} {figure}{when.replace(' by ', ' at ')}{defined}{where}"
    figure = x_of_n_text(row.events, row.total, row.low, row.high)
    return f"{name} was followed by {happening(outcome)} in {figure}{when}{defined}{where}"


def studies_of(estimate: Estimate) -> str:
    """How many studies stand behind an estimate, and how many arms where that is more."""
    studies = plural(estimate.studies, "study", "studies")
    return studies if estimate.arms == estimate.studies else f"{estimate.arms} arms of {studies}"


def estimate_sentence(stratum: Stratum, estimate: Estimate, vocabulary: Vocabulary) -> str:
    """A pooled estimate as a sentence with its method and the reason for it."""
    name = vocabulary.therapies[stratum.therapy].name
    share = proportion_percent(estimate.proportion, estimate.patients)
    bounds = interval_text(estimate.low, estimate.high, estimate.patients)
    sentence = (
        f"{name}, {studies_of(estimate)} with {plural(estimate.patients, 'patient')}, "
        f"{estimate.events} of them with the outcome: "
        f"{share} in the median study ({bounds}), by {method_words(estimate.method)}, because: {estimate.reason}."
    )
    if estimate.method in ("exact_single", "exact_total"):
        return sentence.replace(" in the median study", "")
    return sentence


def summary_sentence(stratum: Stratum, outcome: OutcomeTerm, vocabulary: Vocabulary) -> str:
    """What a line of the summary of findings says in words."""
    name = vocabulary.therapies[stratum.therapy].name
    estimate = stratum.estimate
    if estimate is None:
        return f"{name}: figures are shown as reported and not pooled."
    count = f"{estimate.events} of {estimate.patients} patients in {studies_of(estimate)}"
    if estimate.arms == 1:
        return f"{name} was followed by {happening(outcome)} in {count}."
    expected = f"about {per_hundred(estimate.proportion)}".replace("about >", "more than ").replace(
        "about <", "fewer than "
    )
    return (
        f"{name} was followed by {happening(outcome)} in {expected} patients in the median study ({count})."
    )
