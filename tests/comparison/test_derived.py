"""Figures counted from single patients: every outcome by every value, and missing is not no."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from comparison.derived import COUNTED, DEFINITIONS
from evidence.choices import Response, SteroidEffect

# What each value of a patient's response counts as; None leaves the patient out of the total.
BY_RESPONSE = {
    #                      complete, overall, none
    "complete_remission": (True, True, False),
    "partial_remission": (False, True, False),
    "responded": (False, True, False),
    "no_response": (False, False, True),
    "worsening": (False, False, True),
    "not_reported": (None, None, None),
}
BY_STEROID = {
    #               free, reduced
    "stopped": (True, True),
    "reduced": (False, True),
    "unchanged": (False, False),
    "increased": (False, False),
    "never_used": (None, None),
    "not_reported": (None, None),
}


@dataclass(frozen=True)
class Patient:
    response: str = "not_reported"
    steroid_effect: str = "not_reported"
    relapse: bool | None = None


def test_the_tables_hold_every_value() -> None:
    assert set(BY_RESPONSE) == set(Response.values)
    assert set(BY_STEROID) == set(SteroidEffect.values)
    assert set(COUNTED) == set(DEFINITIONS)


@pytest.mark.parametrize(("response", "counts"), BY_RESPONSE.items())
def test_a_response_counts_as(response: str, counts: tuple[bool | None, ...]) -> None:
    patient = Patient(response=response)
    outcomes = ("complete_remission", "overall_response", "no_response")
    assert tuple(COUNTED[outcome](patient) for outcome in outcomes) == counts


@pytest.mark.parametrize(("effect", "counts"), BY_STEROID.items())
def test_a_steroid_effect_counts_as(effect: str, counts: tuple[bool | None, ...]) -> None:
    patient = Patient(steroid_effect=effect)
    assert (
        COUNTED["glucocorticoid_free"](patient),
        COUNTED["glucocorticoid_reduced"](patient),
    ) == counts


@pytest.mark.parametrize("relapse", [True, False, None])
def test_a_relapse_counts_as_told(relapse: bool | None) -> None:
    assert COUNTED["relapse"](Patient(relapse=relapse)) is relapse


def test_a_patient_of_whom_nothing_is_told_is_in_no_total() -> None:
    assert {outcome: had(Patient()) for outcome, had in COUNTED.items()} == dict.fromkeys(COUNTED)


@pytest.mark.parametrize("outcome", sorted(COUNTED))
def test_a_definition_says_of_whom_the_total_is(outcome: str) -> None:
    assert "reported" in DEFINITIONS[outcome]
