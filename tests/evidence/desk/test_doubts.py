"""What looks odd and may be right: told at its field, and let stand for a reason."""

from typing import Any

import pytest

from evidence.desk.doubts import Doubt, doubts_of
from evidence.desk.drafts import DraftNotReady, enter_draft, read_draft, save_draft, start_draft
from evidence.desk.payload import read_payload
from evidence.duplicate_search import LookAlikes
from tests import factories as make
from tests.evidence.desk.words import VOCABULARY, whole_payload


def doubts(payload: dict[str, Any]) -> dict[str, Doubt]:
    found = doubts_of(read_payload(payload, VOCABULARY), payload, LookAlikes())
    return {doubt.code: doubt for doubt in found}


def measured(**row: str) -> dict[str, Any]:
    rows = [{"row": "5", "week": "0", "analyte": "Serum IgG4", "unit": "mg/dL", **row}]
    return {**whole_payload(), "measurements": rows}


def test_a_figure_that_looks_like_another_unit_is_doubted_and_not_refused() -> None:
    payload = measured(value="17")
    assert read_payload(payload, VOCABULARY).complaints == []
    doubt = doubts(payload)["unusual_value"]
    assert doubt.field == "measurements-5-value"
    assert "is it g/L?" in doubt.words
    assert not doubt.must_be_answered
    assert "unusual_value" not in doubts(measured(value="1700"))


def test_a_reason_is_kept_for_the_value_that_it_was_given_for() -> None:
    payload = measured(value="17")
    key = doubts(payload)["unusual_value"].key
    payload["confirmed"] = {key: "Printed so in Table 1"}
    assert doubts(payload)["unusual_value"].reason == "Printed so in Table 1"
    payload["measurements"][0]["value"] = "18"
    assert doubts(payload)["unusual_value"].reason == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("He was seen in March 2019.", "identifying_month"),
        ("Write to mara@example.org.", "identifying_email"),
        ("Mrs Miller got better.", "identifying_name"),
    ],
)
def test_what_could_identify_a_patient_must_be_answered(text: str, code: str) -> None:
    doubt = doubts(whole_payload(summary=text))[code]
    assert (doubt.field, doubt.must_be_answered) == ("case-summary", True)


def test_the_free_text_of_rows_is_looked_through_too() -> None:
    payload = {**whole_payload(), "adverse_events": [{"row": "2", "description": "Rash on 3 May 2019"}]}
    assert doubts(payload)["identifying_date"].field == "adverse_events-2-description"


def test_rules_that_should_hold_are_doubts() -> None:
    found = doubts(whole_payload())
    assert found["index_therapy_has_course"].field == "courses-1-therapy"
    assert not found["index_therapy_has_course"].must_be_answered


@pytest.mark.django_db
class TestEntering:
    """Doubts on the way into the database."""

    @pytest.fixture
    def owner(self) -> Any:
        from tests.evidence.desk.test_drafts import somebody

        make.TherapyFactory(slug="dupilumab", name="Dupilumab")
        make.AnalyteFactory(slug="serum_igg4", name="Serum IgG4", unit="mg/dL")
        return somebody("contributor")

    def entered(self, owner: Any, payload: dict[str, Any]) -> Any:
        draft = start_draft(by=owner)
        draft = save_draft(draft=draft, payload=payload, version=1, by=owner)
        return enter_draft(draft=draft, by=owner)

    def test_what_could_identify_stops_a_case_until_it_is_answered(self, owner: Any) -> None:
        payload = whole_payload(summary="He was seen in March 2019.")
        with pytest.raises(DraftNotReady) as told:
            self.entered(owner, payload)
        assert told.value.reading.complaints == []
        (key,) = [doubt.key for doubt in told.value.doubts if doubt.must_be_answered]
        study = self.entered(
            owner, {**payload, "confirmed": {key: "The month of the paper, not of the visit"}}
        )
        (row,) = study.cases.get().confirmed_doubts.all()
        assert (row.code, row.place, row.confirmed_by) == ("identifying_month", "summary", owner)
        assert row.reason == "The month of the paper, not of the visit"
        assert row.history.count() == 1

    def test_a_doubt_that_nobody_answered_does_not_stop_a_case(self, owner: Any) -> None:
        assert self.entered(owner, measured(value="17")).cases.get().confirmed_doubts.count() == 0

    def test_a_patient_like_one_that_is_entered_is_told(self, owner: Any) -> None:
        make.OrganFactory(slug="pancreas", name="Pancreas")
        payload = {**measured(value="900"), "case": whole_payload(age_years="67", organs="Pancreas")["case"]}
        payload["study"]["countries"] = "IT"
        self.entered(owner, payload)
        payload["citation"] |= {"doi": "10.1136/another", "title": "A case of dupilumab, again"}
        draft = start_draft(by=owner)
        _, found = read_draft(save_draft(draft=draft, payload=payload, version=1, by=owner))
        codes = {doubt.code: doubt.words for doubt in found if doubt.code.startswith("like_")}
        assert any("della-torre-2020" in words for words in codes.values())
