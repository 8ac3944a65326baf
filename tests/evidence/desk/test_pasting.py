"""A block of measurements and a citation, pasted into the form."""

from typing import Any

import pytest

from evidence.desk.pasting import paste_citation, paste_measurements
from evidence.desk.payload import read_payload
from tests import factories as make
from tests.evidence.desk.words import VOCABULARY, whole_payload

NBIB = """PMID- 31937562
DP  - 2020 Apr
TI  - Dupilumab as a novel steroid-sparing treatment for IgG4-related disease.
FAU - Simpson, Rory S
AU  - Simpson RS
FAU - Lau, Stephanie K C
AU  - Lau SKC
TA  - Ann Rheum Dis
JT  - Annals of the rheumatic diseases
VI  - 79
IP  - 4
PG  - 549-550
PT  - Case Reports
LID - 10.1136/annrheumdis-2019-216368 [doi]
AID - 10.1136/annrheumdis-2019-216368 [doi]
SO  - Ann Rheum Dis. 2020 Apr;79(4):549-550.
"""


def with_box(name: str, text: str) -> dict[str, Any]:
    return {**whole_payload(), "paste": {name: text}}


def measured(payload: dict[str, Any]) -> list[tuple[str, int, float, str | None]]:
    reading = read_payload(payload, VOCABULARY)
    assert reading.complaints == []
    assert reading.case is not None
    return [(row.analyte, row.week, row.value, row.as_reported) for row in reading.case.measurements]


def test_a_block_becomes_rows_in_the_unit_that_was_printed() -> None:
    pasted = paste_measurements(
        with_box("measurements", "0\tIgG4\t17.7\tg/L\n3 months\tIgG4\t210\tmg/dL\n"), VOCABULARY
    )
    assert [(row["week"], row["value"], row["unit"]) for row in pasted.payload["measurements"]] == [
        ("0", "17.7", "g/L"),
        ("13", "210", "mg/dL"),
    ]
    assert measured(pasted.payload) == [
        ("serum_igg4", 0, 1770.0, "17.7 g/L"),
        ("serum_igg4", 13, 210.0, None),
    ]
    assert pasted.taken == "Taken: 2 measurements."
    assert pasted.payload["paste"]["measurements"] == ""


def test_an_agent_that_stands_for_its_dose_is_turned_once() -> None:
    pasted = paste_measurements(with_box("measurements", "0\tmethylprednisolone\t40\tmg"), VOCABULARY)
    assert measured(pasted.payload) == [("glucocorticoid_dose", 0, 50.0, "40 mg methylprednisolone")]


def test_nothing_is_taken_while_a_line_cannot_be_read() -> None:
    payload = with_box("measurements", "0\tIgG4\t17.7\tg/L\n4\tIgG4\t1,770\tmg/dL")
    pasted = paste_measurements(payload, VOCABULARY)
    assert pasted.payload == payload
    assert pasted.faults == ("line 2, value: '1,770' may be 1770 or 1.770: write it without the comma",)


def test_rows_go_behind_those_that_are_there() -> None:
    payload = with_box("measurements", "4\tIgG4\t210\tmg/dL")
    payload["measurements"] = [
        {"row": "7", "week": "0", "analyte": "Serum IgG4", "value": "9", "unit": "g/L"}
    ]
    rows = paste_measurements(payload, VOCABULARY).payload["measurements"]
    assert [row["row"] for row in rows] == ["7", "8"]


@pytest.mark.django_db
def test_a_record_of_pubmed_fills_the_paper_and_the_names_follow() -> None:
    payload = with_box("citation", NBIB)
    payload["study"] |= {"label": "", "slug": ""}
    pasted = paste_citation(payload)
    study = read_payload(pasted.payload, VOCABULARY).study
    assert study is not None
    citation = study.citations[0]
    assert (citation.pmid, citation.doi, citation.year, citation.authors) == (
        "31937562",
        "10.1136/annrheumdis-2019-216368",
        2020,
        ["Simpson RS", "Lau SKC"],
    )
    assert (study.slug, study.label) == ("simpson-2020", "Simpson 2020")
    assert pasted.taken.startswith(
        "Taken: Simpson RS, Lau SKC. Dupilumab as a novel steroid-sparing treatment"
    )


@pytest.mark.django_db
def test_a_known_paper_is_taken_as_it_is_kept() -> None:
    make.CitationFactory(doi="10.1136/known", title="As printed", year=2019, authors=["Known A"])
    pasted = paste_citation(with_box("citation", "https://doi.org/10.1136/KNOWN"))
    assert pasted.payload["citation"]["title"] == "As printed"
    assert "The Atlas knows this paper: its citation is taken as it is kept." in pasted.faults


@pytest.mark.django_db
def test_a_look_up_that_fails_keeps_what_was_typed_and_says_what_to_do(settings: Any) -> None:
    settings.LITERATURE_LOOKUP = False
    pasted = paste_citation(with_box("citation", "PMID 31937562"))
    assert pasted.payload["citation"]["pmid"] == "31937562"
    assert pasted.faults
    nothing = paste_citation(with_box("citation", "no paper at all"))
    assert nothing.payload["citation"] == whole_payload()["citation"]
    assert nothing.faults
