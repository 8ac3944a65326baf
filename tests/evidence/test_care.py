"""The CARE checklist is judged by fields where fields show it, by the reader elsewhere, never by default."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from evidence.care import (
    ABSENT,
    BY_READER,
    FROM_FIELDS,
    ITEMS,
    LACKING,
    MET,
    NOT_LOOKED_AT,
    READER_ITEMS,
    care_report,
)
from evidence.dataset.schema import StudyRecord

DATA = Path(settings.BASE_DIR) / "data"

STUDY = {
    "criteria": "Comprehensive criteria 2011",
    "citations": [{"role": "primary", "title": "Dupilumab in IgG4-related disease: a case report"}],
}
FULL = {
    "index_therapy": "dupilumab",
    "age_years": 67,
    "sex": "male",
    "organs": ["orbit"],
    "comorbidities": [],
    "prior_therapies": ["glucocorticoid"],
    "courses": [
        {"therapy": "dupilumab", "dose": 300, "unit": "mg", "schedule": "every 2 weeks", "start_week": 0}
    ],
    "measurements": [{"analyte": "serum_igg4", "week": 12, "value": 300}],
    "response": "responded",
    "follow_up_weeks": 52,
    "adverse_events": [],
    "summary": "Swollen lids.",
}


def states(case: dict[str, Any], study: Any = STUDY) -> dict[str, str]:
    return {answer.item.slug: answer.state for answer in care_report(study, case).items}


def test_the_checklist_has_the_thirteen_items_of_2013_in_order() -> None:
    assert [item.number for item in ITEMS] == list(range(1, 14))
    assert [item.slug for item in ITEMS] == [
        "title",
        "key_words",
        "abstract",
        "introduction",
        "patient_information",
        "clinical_findings",
        "timeline",
        "diagnostic_assessment",
        "therapeutic_intervention",
        "follow_up_and_outcomes",
        "discussion",
        "patient_perspective",
        "informed_consent",
    ]
    assert {item.judged_by for item in ITEMS} == {FROM_FIELDS, BY_READER}
    assert len(READER_ITEMS) == 6


def test_an_empty_form_meets_nothing_and_says_what_is_missing() -> None:
    report = care_report(None, {})
    assert (report.met, report.of) == (0, 13)
    assert len(report.missing) == 6 and len(report.not_looked_at) == 7
    assert report.in_words.startswith(
        "0 of 13 CARE items; missing: patient information, clinical findings, timeline"
    )


def test_a_full_record_meets_what_fields_can_show_and_the_rest_waits_for_the_reader() -> None:
    report = care_report(STUDY, FULL)
    assert report.met == 7 and report.missing == ()
    assert report.in_words == (
        "7 of 13 CARE items; not looked at: key words, abstract, introduction, discussion, "
        "patient perspective, informed consent"
    )


def test_the_readers_answers_count_and_an_absent_item_is_not_one_that_nobody_looked_at() -> None:
    answered = {**FULL, "care": dict.fromkeys(READER_ITEMS, True) | {"patient_perspective": False}}
    report = care_report(STUDY, answered)
    assert report.met == 12
    assert [answer.item.slug for answer in report.missing] == ["patient_perspective"]
    assert states(answered)["patient_perspective"] == ABSENT
    assert states(FULL)["patient_perspective"] == NOT_LOOKED_AT


def test_a_reader_cannot_tick_what_the_fields_do_not_show() -> None:
    assert states({**FULL, "organs": [], "care": {"clinical_findings": True}})["clinical_findings"] == LACKING


@pytest.mark.parametrize(
    ("item", "without", "words"),
    [
        ("patient_information", {"age_years": None}, "the age"),
        ("patient_information", {"sex": "not_reported"}, "the sex"),
        ("patient_information", {"comorbidities": None}, "other diseases, or that there were none"),
        ("patient_information", {"prior_therapies": None}, "earlier treatment, or that there was none"),
        ("clinical_findings", {"organs": []}, "the organs with disease"),
        ("clinical_findings", {"summary": " "}, "a summary of what was found"),
        (
            "timeline",
            {"courses": [{"therapy": "dupilumab", "stop_week": 4}]},
            "the week in which the index therapy started",
        ),
        ("timeline", {"measurements": [], "follow_up_weeks": None}, "the week of anything that came after"),
        ("therapeutic_intervention", {"index_therapy": ""}, "the index therapy"),
        ("therapeutic_intervention", {"courses": []}, "a course of the index therapy"),
        (
            "therapeutic_intervention",
            {"courses": [{"therapy": "dupilumab", "start_week": 0, "schedule": "weekly"}]},
            "the dose of the index therapy",
        ),
        (
            "therapeutic_intervention",
            {"courses": [{"therapy": "dupilumab", "start_week": 0, "dose": 300}]},
            "how often the index therapy was given",
        ),
        ("follow_up_and_outcomes", {"response": "not_reported"}, "the response"),
        ("follow_up_and_outcomes", {"follow_up_weeks": None}, "how long the patient was followed"),
        ("follow_up_and_outcomes", {"adverse_events": None}, "adverse events, or that there were none"),
    ],
)
def test_an_item_that_is_not_shown_says_what_it_lacks(item: str, without: dict[str, Any], words: str) -> None:
    answers = {answer.item.slug: answer for answer in care_report(STUDY, {**FULL, **without}).items}
    assert answers[item].state == LACKING
    assert words in answers[item].lacks


def test_week_0_and_a_newborn_are_something_and_not_nothing() -> None:
    assert states({**FULL, "age_years": 0})["patient_information"] == MET
    assert states(FULL)["timeline"] == MET


def test_an_operation_has_no_dose() -> None:
    surgery = {**FULL, "index_therapy": "surgery", "courses": [{"therapy": "surgery", "start_week": 0}]}
    assert states(surgery)["therapeutic_intervention"] == MET


def test_diagnosis_is_shown_by_criteria_of_the_study_or_of_the_patient() -> None:
    assert states(FULL, study=None)["diagnostic_assessment"] == LACKING
    assert states({**FULL, "acr_eular_2019": "met"}, study=None)["diagnostic_assessment"] == MET


@pytest.mark.parametrize(
    ("title", "state"),
    [("A case report of it", MET), ("A Case Study", MET), ("Dupilumab in it", LACKING), ("", NOT_LOOKED_AT)],
)
def test_the_title_is_judged_by_its_words(title: str, state: str) -> None:
    assert states(FULL, {"citations": [{"role": "primary", "title": title}]})["title"] == state


def test_a_record_of_the_data_set_is_judged_like_a_form() -> None:
    for file in sorted((DATA / "studies").glob("s*.yaml")):
        node = yaml.safe_load(file.read_text(encoding="utf-8"))
        record = StudyRecord.model_validate(node)
        for case, form in zip(record.cases, node.get("cases", []), strict=True):
            assert care_report(record, case) == care_report(node, form)


half_filled = st.dictionaries(
    st.sampled_from([*FULL, "care", "responder_index", "acr_eular_2019", "relapse_week"]),
    st.one_of(
        st.none(),
        st.text(),
        st.integers(),
        st.lists(st.one_of(st.none(), st.dictionaries(st.text(), st.text()))),
    ),
)


@given(half_filled, st.one_of(st.none(), st.just(STUDY)))
def test_no_half_filled_form_breaks_the_count(form: dict[str, Any], study: Any) -> None:
    report = care_report(study, form)
    assert report.of == 13
    assert report.met + len(report.missing) + len(report.not_looked_at) == 13
