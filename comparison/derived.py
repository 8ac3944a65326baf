"""Figures counted from single patients, where a series or report gives none of its own. METHODS: one number per arm."""

from collections.abc import Callable, Mapping
from typing import Protocol

from evidence.choices import Response, SteroidEffect

REMISSIONS = frozenset({Response.COMPLETE_REMISSION})
RESPONSES = frozenset({Response.COMPLETE_REMISSION, Response.PARTIAL_REMISSION, Response.RESPONDED})
FAILURES = frozenset({Response.NO_RESPONSE, Response.WORSENING})
# Those that used glucocorticoid and whose report tells what became of it.
STEROID_USERS = frozenset(
    {SteroidEffect.STOPPED, SteroidEffect.REDUCED, SteroidEffect.UNCHANGED, SteroidEffect.INCREASED}
)
STEROID_SPARED = frozenset({SteroidEffect.STOPPED, SteroidEffect.REDUCED})


class Patient(Protocol):
    """What of a case is counted."""

    response: str
    steroid_effect: str
    relapse: bool | None


def _response_among(wanted: frozenset[Response]) -> Callable[[Patient], bool | None]:
    """Whether the response is one of these; None where it is not reported."""

    def had(patient: Patient) -> bool | None:
        return None if patient.response == Response.NOT_REPORTED else patient.response in wanted

    return had


def _steroid_among(wanted: frozenset[SteroidEffect]) -> Callable[[Patient], bool | None]:
    """Whether the glucocorticoid came to this; None where it was never used or is not reported."""

    def had(patient: Patient) -> bool | None:
        return patient.steroid_effect in wanted if patient.steroid_effect in STEROID_USERS else None

    return had


# Outcome -> whether one patient had it; None leaves the patient out of the total.
COUNTED: Mapping[str, Callable[[Patient], bool | None]] = {
    "complete_remission": _response_among(REMISSIONS),
    "overall_response": _response_among(RESPONSES),
    "no_response": _response_among(FAILURES),
    "relapse": lambda patient: patient.relapse,
    "glucocorticoid_free": _steroid_among(frozenset({SteroidEffect.STOPPED})),
    "glucocorticoid_reduced": _steroid_among(STEROID_SPARED),
}

DEFINITIONS: Mapping[str, str] = {
    "complete_remission": "Complete remission as told for each patient, of those whose response is reported",
    "overall_response": (
        "Complete or partial remission, or response of unstated degree, as told for each patient, "
        "of those whose response is reported"
    ),
    "no_response": "No response or worsening as told for each patient, of those whose response is reported",
    "relapse": "Relapse as told for each patient, of those for whom it is reported",
    "glucocorticoid_free": "Glucocorticoid stopped, of the patients who used it and for whom it is reported",
    "glucocorticoid_reduced": (
        "Glucocorticoid stopped or reduced, of the patients who used it and for whom it is reported"
    ),
}
