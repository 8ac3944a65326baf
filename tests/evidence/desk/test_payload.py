"""What stands in the form becomes a record, or faults by field; and back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.dataset.schema import StudyRecord
from evidence.desk.payload import Opened, proposed_names, read_payload
from evidence.desk.posting import payload_from, sent_from
from evidence.desk.reading import Reading
from evidence.desk.written import empty_payload, payload_of
from tests.evidence.dataset.strategies import Names
from tests.evidence.desk.whole_reports import reports, vocabulary_of
from tests.evidence.desk.words import VOCABULARY, whole_payload


def told(payload: dict[str, Any], opened: Opened | None = None) -> dict[str, str]:
    return {each.field: each.words for each in read_payload(payload, VOCABULARY, opened).complaints}


def record(payload: dict[str, Any]) -> StudyRecord:
    reading = read_payload(payload, VOCABULARY)
    assert reading.complaints == []
    assert reading.study is not None
    return reading.study


def with_rows(table: str, *rows: dict[str, str], **case: str) -> dict[str, Any]:
    payload = whole_payload(**case)
    payload[table] = [{"row": str(number), **row} for number, row in enumerate(rows, start=3)]
    return payload


def test_a_whole_case_becomes_a_study_with_one_patient() -> None:
    study = record(whole_payload())
    assert (study.label, study.slug, study.design, study.enrolled) == (
        *("Della-Torre 2020", "della-torre-2020", "case_report"),
        1,
    )
    assert study.read_at == "https://doi.org/10.1136/desk-2020"
    assert study.summary == study.cases[0].summary == "A man with pancreatitis got better."
    assert study.cases[0].slug == "della-torre-2020-p1"
    assert study.citations[0].authors == ["Della-Torre E", "Smith J"]


def test_an_empty_form_says_what_is_needed_and_calls_nothing_wrong() -> None:
    reading = read_payload(empty_payload(), VOCABULARY)
    assert reading.study is None
    assert all(complaint.missing for complaint in reading.complaints)
    assert {complaint.field for complaint in reading.complaints} == {
        *("citation-title", "study-label", "study-slug", "study-basis", "study-read_at", "case-locator"),
        *("case-sex", "case-index_therapy", "case-response", "case-steroid_effect", "case-summary"),
    }


SINGLE_FAULTS = [
    (
        "case",
        "age_years",
        "about sixty",
        "'about sixty' is not a number: enter digits with a decimal point, such as 17.7.",
    ),
    ("case", "age_years", "-3", "“-3” is too low: 0 is the lowest."),
    ("case", "sex", "both", "“both” is not a choice here. Choose one of the list."),
    ("case", "relapse", "perhaps", "“perhaps” is not a choice here. Choose one of the list."),
    (
        *("case", "organs", "Pancreas, liverr, kidny"),
        "“liverr” is not among the organs. Choose one of the list.",
    ),
    (
        *("case", "organs", "kidny"),
        "“kidny” is not among the organs. Did you mean Kidney? Choose one of the list.",
    ),
    (
        *("case", "index_therapy", "ritux"),
        "“ritux” is not among the therapies. Did you mean Rituximab? Choose one of the list.",
    ),
    ("case", "follow_up_weeks", "-4", "“-4” is too low: 0 is the lowest."),
    ("case", "relapse_week", "30", "A week of relapse needs a relapse: choose Yes, or empty the week."),
    (
        *("case", "read_at", "the library"),
        "“the library” is not of the right form. Write an address that begins with https://.",
    ),
    ("case", "summary", "a bell\x07", "Holds an invisible character (U+0007). Type it again."),
    ("study", "label", "x" * 130, "Too long by 10 characters: 120 fit."),
    (
        *("study", "slug", "Della Torre"),
        "“Della Torre” is not of the right form. "
        "Write lower-case letters, digits and hyphens, such as simpson-2020.",
    ),
    ("study", "countries", "Japan", "“JAPAN” is no country code. Write two letters, such as JP or US."),
    ("study", "enrolled", "0", "“0” is too low: 1 is the lowest."),
    ("citation", "year", "20202", "“20202” is too high: 2100 is the highest."),
    (
        *("citation", "doi", "desk-2020"),
        "“desk-2020” is not of the right form. "
        "Write 10. and a slash, such as 10.1136/annrheumdis-2019-216368.",
    ),
    (
        *("citation", "pmid", "PM1"),
        "“PM1” is not of the right form. Write digits alone, such as 31937562.",
    ),
]


@pytest.mark.parametrize(("group", "name", "raw", "words"), SINGLE_FAULTS)
def test_a_fault_stands_at_its_field_in_words_that_say_what_would_be_right(
    group: str, name: str, raw: str, words: str
) -> None:
    payload = whole_payload()
    payload[group][name] = raw
    reading = read_payload(payload, VOCABULARY)
    # What would have followed from it, such as a label from the year, is then needed too.
    assert {each.field: each.words for each in reading.complaints if not each.missing} == {
        f"{group}-{name}": words
    }
    assert reading.study is None


ROW_FAULTS = [
    ("courses", {"therapy": "Rituximab", "dose": "1000"}, "unit", "Add the unit of the dose, such as mg."),
    (
        *("courses", {"therapy": "Rituximab", "start_week": "5", "stop_week": "3"}, "stop_week"),
        "Week 3 is before the start in week 5. Weeks before the report's therapy are negative, such as -12.",
    ),
    ("courses", {"dose": "1", "unit": "mg"}, "therapy", "This is needed."),
    (
        *("courses", {"therapy": "Rituximab", "dose": "0", "unit": "mg"}, "dose"),
        "“0” is too low: it must be above 0.",
    ),
    ("measurements", {"week": "0", "value": "3", "unit": "mg/dL"}, "analyte", "This is needed."),
    (
        *("measurements", {"week": "0", "analyte": "serum igg4", "value": "-3", "unit": "mg/dL"}, "value"),
        "“-3” is too low: 0 is the lowest.",
    ),
    (
        *("measurements", {"week": "6000", "analyte": "serum igg4", "value": "3", "unit": "mg/dL"}, "week"),
        "“6000” is too high: 5200 is the highest.",
    ),
    ("organ_responses", {"organ": "Pancreas"}, "response", "This is needed."),
]


@pytest.mark.parametrize(("table", "row", "name", "words"), ROW_FAULTS)
def test_a_fault_of_a_row_stands_at_its_cell(table: str, row: dict[str, str], name: str, words: str) -> None:
    good = {
        "courses": {"therapy": "Dupilumab"},
        "organ_responses": {"organ": "Kidney", "response": "resolved"},
    }
    first = good.get(table, {"week": "1", "analyte": "Serum IgG", "value": "1", "unit": "mg/dL"})
    assert told(with_rows(table, first, row)) == {f"{table}-4-{name}": words}


def test_not_stated_none_and_some_are_three_things() -> None:
    def comorbidities(**case: str) -> Any:
        return record(whole_payload(**case)).cases[0].comorbidities

    assert comorbidities() is None
    assert comorbidities(comorbidities_stated="none") == []
    assert comorbidities(comorbidities_stated="some", comorbidities="asthma") == ["asthma"]
    assert comorbidities(comorbidities="Asthma; diabetes, asthma") == ["asthma", "diabetes"]
    relapses = [record(whole_payload(relapse=raw)).cases[0].relapse for raw in ("", "no", "yes")]
    assert relapses == [None, False, True]


def test_none_beside_a_list_and_some_without_one_are_told() -> None:
    assert told(whole_payload(comorbidities_stated="none", comorbidities="Asthma")) == {
        "case-comorbidities": "None was chosen, and something is named. Choose Some, or empty the list."
    }
    assert told(whole_payload(prior_therapies_stated="some")) == {
        "case-prior_therapies": "Name what there was, or choose None or Not stated."
    }
    assert told(with_rows("adverse_events", {"description": "Rash"}, adverse_events_stated="none")) == {
        "case-adverse_events_stated": "None was chosen, and something is named. Choose Some, or empty the list."
    }


def test_harms_that_are_listed_were_stated() -> None:
    study = record(with_rows("adverse_events", {"description": "Rash"}, {"description": " "}))
    assert study.cases[0].adverse_events == ["Rash"]


def test_blank_rows_are_no_rows() -> None:
    payload = with_rows("courses", {}, {"therapy": " "}, {"therapy": "Dupixent", "start_week": "0"})
    assert [course.therapy for course in record(payload).cases[0].courses] == ["dupilumab"]


def test_an_identifier_is_taken_with_its_address() -> None:
    payload = whole_payload()
    payload["citation"] |= {"doi": "https://doi.org/10.1136/DESK-2020", "pmcid": "pmc12"}
    citation = record(payload).citations[0]
    assert (citation.doi, citation.pmcid) == ("10.1136/desk-2020", "PMC12")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Simpson RS", ("Simpson 2020", "simpson-2020")),
        ("van der Vegt B", ("van der Vegt 2020", "van-der-vegt-2020")),
        ("Müller-Ladner U", ("Müller-Ladner 2020", "muller-ladner-2020")),
        ("Japan AIP Study Group", ("Japan AIP Study Group 2020", "japan-aip-study-group-2020")),
        ("山田太郎", ("山田太郎 2020", "")),
    ],
)
def test_label_and_slug_are_author_and_year(author: str, names: tuple[str, str]) -> None:
    assert proposed_names([author, "Smith J"], 2020) == names
    assert proposed_names([author], None) == proposed_names([], 2020) == ("", "")


def test_what_can_be_read_of_an_unfinished_case_is_there_for_the_preview() -> None:
    payload = empty_payload()
    payload["case"] = {"age_years": "67", "organs": "Pancreas"}
    payload["courses"] = [{"row": "1", "therapy": "Dupilumab", "start_week": "0"}, {"row": "2", "dose": "x"}]
    case = read_payload(payload, VOCABULARY).case
    assert case is not None
    assert (case.age_years, case.organs, len(case.courses)) == (67, ["pancreas"], 1)


# ── Stored studies ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_further_patient_stands_behind_the_others_and_changes_nothing_else() -> None:
    stored = record(whole_payload())
    shown = payload_of(stored, "", VOCABULARY)
    payload = {**shown, "case": whole_payload(sex="female")["case"]}
    reading = read_payload(payload, VOCABULARY, Opened(stored, shown))
    assert reading.complaints == []
    assert reading.study is not None
    assert [case.slug for case in reading.study.cases] == ["della-torre-2020-p1", "della-torre-2020-p2"]
    assert reading.study.model_copy(update={"cases": stored.cases}) == stored


def test_what_was_changed_elsewhere_stays_and_what_was_changed_here_stands() -> None:
    stored = record(whole_payload())
    slug = stored.cases[0].slug
    shown = payload_of(stored, slug, VOCABULARY)
    meanwhile = stored.model_copy(update={"label": "Changed elsewhere", "countries": ["IT"]})
    payload = {**shown, "study": {**shown["study"], "countries": "JP"}}
    reading = read_payload(payload, VOCABULARY, Opened(meanwhile, shown, slug))
    assert reading.study is not None
    assert (reading.study.label, reading.study.countries) == ("Changed elsewhere", ["JP"])


# ── Round trips ──────────────────────────────────────────────────────────────────────────────────────────────────
@given(reports())
@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_record_that_was_shown_is_read_back_as_itself(drawn: tuple[StudyRecord, Names, Any]) -> None:
    study, _, words = drawn
    vocabulary = vocabulary_of(words)
    shown = payload_of(study, study.cases[0].slug, vocabulary)
    assert read_payload(shown, vocabulary).study == study
    # Sent by a browser, which ends lines with CR LF.
    sent = {name: value.replace("\n", "\r\n") for name, value in sent_from(shown).items()}
    assert read_payload(payload_from(sent, {}), vocabulary).study == study
    opened = Opened(study, shown, study.cases[0].slug)
    assert read_payload(shown, vocabulary, opened).study == study


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["study", "citation", "case", "courses", "measurements", "adverse_events"])
CELLS = st.sampled_from(["age_years", "therapy", "dose", "week", "value", "organs", "row", "slug", "relapse"])


@given(
    st.dictionaries(
        NAMES, anything | st.lists(st.dictionaries(CELLS, anything)) | st.dictionaries(CELLS, anything)
    )
)
def test_anything_can_be_read(payload: dict[str, Any]) -> None:
    assert isinstance(read_payload(payload, VOCABULARY), Reading)


@given(st.dictionaries(st.text(), st.text()))
def test_anything_can_be_sent(sent: dict[str, str]) -> None:
    payload = payload_from(sent, {})
    assert read_payload(payload, VOCABULARY).study is None
    assert "\x00" not in str(payload)
