"""Cases counted: x of n over single patients, for those outcomes that a case says something about.

The denominator is always who reports it: a case whose response is not reported is in no count of responses.
"""

from __future__ import annotations

from collections.abc import Iterable

from evidence.choices import Response, SteroidEffect
from evidence.models import Case

RESPONDED = {Response.COMPLETE_REMISSION, Response.PARTIAL_REMISSION, Response.RESPONDED}
FAILED = {Response.NO_RESPONSE, Response.WORSENING}
SPARED = {SteroidEffect.STOPPED, SteroidEffect.REDUCED}
UNKNOWN_STEROID = {SteroidEffect.NEVER_USED, SteroidEffect.NOT_REPORTED}

Tally = tuple[int, int]


def tally(cases: Iterable[Case]) -> dict[str, Tally]:
    """Events and total by outcome; an outcome that no case reports is left out."""
    cases = list(cases)
    responses = [case.response for case in cases if case.response != Response.NOT_REPORTED]
    steroids = [case.steroid_effect for case in cases if case.steroid_effect not in UNKNOWN_STEROID]
    relapses = [case.relapse for case in cases if case.relapse is not None]
    counts = {
        "overall_response": (sum(r in RESPONDED for r in responses), len(responses)),
        "complete_remission": (sum(r == Response.COMPLETE_REMISSION for r in responses), len(responses)),
        "no_response": (sum(r in FAILED for r in responses), len(responses)),
        "relapse": (sum(relapses), len(relapses)),
        "glucocorticoid_free": (sum(s == SteroidEffect.STOPPED for s in steroids), len(steroids)),
        "glucocorticoid_reduced": (sum(s in SPARED for s in steroids), len(steroids)),
    }
    return {slug: count for slug, count in counts.items() if count[1] > 0}


# How each count is made, in words, as a definition that stands beside it.
TALLY_DEFINITIONS = {
    "overall_response": (
        "Complete or partial remission, or a response whose degree is not stated, of cases whose response is reported"
    ),
    "complete_remission": "Complete remission, of cases whose response is reported",
    "no_response": "No response or worsening, of cases whose response is reported",
    "relapse": "Relapse reported, of cases that say whether there was one",
    "glucocorticoid_free": "Glucocorticoid stopped, of cases that used it and say what became of it",
    "glucocorticoid_reduced": "Glucocorticoid stopped or reduced, of cases that used it and say what became of it",
}
