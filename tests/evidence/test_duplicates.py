"""Look-alikes are weighed by what both state; what either leaves out counts neither way, and chance stays below."""

from dataclasses import replace
from itertools import combinations
from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.duplicates import (
    GROUP,
    GROUP_PRIOR,
    GROUP_WEIGHTS,
    PAPER,
    PATIENT,
    PATIENT_PRIOR,
    PATIENT_WEIGHTS,
    THRESHOLD,
    Paper,
    Patient,
    Weight,
    normalised_title,
    paper_pairs,
    patient_pairs,
    similar_papers,
    similar_patients,
    weigh_groups,
    weigh_papers,
    weigh_patients,
)

ONE = Patient(
    key="a-2020-p1",
    study="a-2020",
    countries=frozenset({"JP"}),
    age=67,
    sex="male",
    organs=frozenset({"orbit", "pancreas"}),
    therapy="dupilumab",
    year=2020,
    igg4=(1770.0,),
)
# The same patient told again: a year older, one organ fewer, another IgG4 of the same days, two years on.
AGAIN = replace(ONE, key="b-2022-p1", study="b-2022", age=68, igg4=(1700.0,), year=2022)


def test_a_patient_told_again_is_found_with_the_reasons_in_the_order_of_their_weight() -> None:
    (match,) = similar_patients(ONE, [AGAIN])
    assert (match.kind, match.key) == (PATIENT, "b-2022-p1")
    assert match.score > 0.95
    assert match.reasons == (
        "the same organs (orbit, pancreas)",
        "serum IgG4 1770 and 1700 mg/dL",
        "age 67 and 68",
        "same country (JP)",
        "published in 2020 and 2022",
        "both reported for dupilumab",
        "both male",
    )


def test_a_score_is_the_odds_of_what_is_known_worked_by_hand() -> None:
    a = Patient("a", "x", sex="male", year=2020)
    b = Patient("b", "y", sex="male", year=2030)
    # exp(-7.5) × (0.99 / 0.55) × (0.15 / 0.67)
    odds = exp(-7.5) * (0.99 / 0.55) * (0.15 / 0.67)
    score, reasons = weigh_patients(a, b)
    assert isclose(score, odds / (1 + odds))
    assert reasons == ("both male", "against it: published in 2020 and 2030")


@pytest.mark.parametrize("field", ["countries", "age", "sex", "organs", "therapy", "year", "igg4"])
def test_what_one_report_leaves_out_counts_neither_way(field: str) -> None:
    nothing = {"age": None, "sex": "", "therapy": "", "year": None, "igg4": ()}.get(field, frozenset())
    without, _ = weigh_patients(ONE, replace(AGAIN, **{field: nothing}))
    disagreeing = {
        "countries": frozenset({"US"}),
        "age": 40,
        "sex": "female",
        "organs": frozenset({"skin"}),
        "therapy": "rituximab",
        "year": 2005,
        "igg4": (300.0,),
    }[field]
    against, _ = weigh_patients(ONE, replace(AGAIN, **{field: disagreeing}))
    agreeing, _ = weigh_patients(ONE, AGAIN)
    assert against < without < agreeing


def test_without_anything_in_common_to_compare_nothing_is_said() -> None:
    assert weigh_patients(Patient("a", "x"), Patient("b", "y"))[0] < 0.001
    assert weigh_patients(Patient("a", "x"), Patient("b", "y"))[1] == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"age": 66}, True),
        ({"age": 69}, False),
        ({"sex": "female"}, False),
        ({"countries": frozenset({"US"})}, False),
        ({"therapy": "glucocorticoid"}, True),
        ({"organs": frozenset({"orbit"})}, True),
        ({"organs": frozenset({"skin"})}, False),
        ({"year": 2023}, False),
    ],
)
def test_of_patients_without_igg4_one_disagreement_is_borne_where_reports_often_differ(
    change: dict[str, object], found: bool
) -> None:
    like = replace(ONE, key="b", study="b", igg4=(), age=67)
    assert bool(similar_patients(ONE, [replace(like, **change)])) == (
        found if "year" not in change else weigh_patients(ONE, replace(like, **change))[0] >= THRESHOLD
    )


def test_age_may_differ_by_one_and_igg4_by_a_twentieth() -> None:
    for age, agree in ((66, True), (68, True), (69, False), (65, False)):
        reasons = weigh_patients(ONE, replace(AGAIN, age=age))[1]
        assert any(reason == f"age 67 and {age}" for reason in reasons) == agree
    for value, agree in ((1770 * 0.95, True), (1770 / 0.95, True), (1770 * 0.94, False)):
        reasons = weigh_patients(ONE, replace(AGAIN, igg4=(5.0, value)))[1]
        assert any(reason.startswith("serum IgG4") for reason in reasons) == agree


def test_patients_of_one_study_are_two_patients() -> None:
    assert similar_patients(ONE, [replace(ONE, key="a-2020-p2")]) == ()


def test_two_old_patients_of_one_disease_are_not_one_by_that_alone() -> None:
    a = Patient("a", "x", age=67, sex="male", organs=frozenset({"pancreas"}), therapy="glucocorticoid")
    assert similar_patients(a, [replace(a, key="b", study="y")]) == ()


CARRUTHERS = Paper(
    key="carruthers-2015",
    title="Rituximab for IgG4-related disease: a prospective, open-label trial",
    doi="10.1136/annrheumdis-2014-206605",
    pmid="25667206",
    year=2015,
    authors=frozenset({"Carruthers MN", "Stone JH", "Deshpande V"}),
    countries=frozenset({"US"}),
    therapies=frozenset({"rituximab"}),
)
UNKNOWN = {"doi": "", "pmid": ""}
IN = "Rituximab in IgG4-related disease: a prospective, open-label trial"
THE = "The Rituximab for IgG4-Related Disease: a prospective open label trial."


@pytest.mark.parametrize(
    ("other", "score", "reason"),
    [
        ({"doi": "10.1136/ANNRHEUMDIS-2014-206605"}, 1.0, "the same DOI"),
        ({"doi": "", "pmid": "25667206"}, 1.0, "the same PMID"),
        (UNKNOWN, 0.95, "the same title"),
        ({**UNKNOWN, "title": THE}, 0.95, "the same title"),
        ({**UNKNOWN, "title": IN}, 0.88, "nearly the same title"),
        ({"doi": "10.1000/abstract", "pmid": ""}, 0.75, "but another DOI or PMID"),
        ({**UNKNOWN, "year": 2020}, 0.6, "but published in 2015 and 2020"),
    ],
)
def test_a_paper_entered_twice_is_found(other: dict[str, object], score: float, reason: str) -> None:
    found, reasons = weigh_papers(CARRUTHERS, replace(CARRUTHERS, key="again", **other))
    assert found == pytest.approx(score, abs=0.011)
    assert any(words.startswith(reason) for words in reasons)
    assert similar_papers(CARRUTHERS, [replace(CARRUTHERS, key="again", **other)])[0].kind == PAPER


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("", ""),
        ("Reply", "Reply"),
        ("IgG4-related disease", "IgG4-related disease"),
        ("Relapse after rituximab in ten patients", "Glucocorticoid in newly diagnosed disease"),
        ("Long-term outcome of the cohort, part 1", "Long-term outcome of the cohort, part 2"),
    ],
)
def test_short_or_other_titles_are_shared_by_chance(x: str, y: str) -> None:
    assert weigh_papers(Paper("a", x), Paper("b", y)) == (0.0, ())


def test_titles_are_compared_without_case_accents_punctuation_and_article() -> None:
    assert normalised_title("The Löfgren–IgG4 “question”: 2nd part.") == "lofgren igg4 question 2nd part"
    assert normalised_title("自己免疫性膵炎 IgG4") == "自己免疫性膵炎 igg4"


def test_groups_of_the_same_authors_country_and_therapy_may_share_patients() -> None:
    later = Paper(
        "wallace-2016",
        "Another title altogether for this one",
        year=2016,
        authors=frozenset({"Wallace ZS", "Stone JH", "Deshpande V", "Carruthers MN"}),
        countries=frozenset({"US"}),
        therapies=frozenset({"rituximab"}),
    )
    (match,) = similar_papers(CARRUTHERS, [later])
    assert match.kind == GROUP and match.score > 0.8
    assert match.reasons[0] == "3 authors in common (Carruthers MN, Deshpande V, Stone JH)"
    assert weigh_groups(CARRUTHERS, replace(later, has_patients=False)) == (0.0, ())
    assert similar_papers(CARRUTHERS, [replace(later, authors=frozenset({"Nobody X"}))]) == ()


def test_the_weights_are_shares_and_the_priors_keep_the_short_cut_true() -> None:
    for weights in (PATIENT_WEIGHTS, GROUP_WEIGHTS):
        assert all(0 < weight.same < 1 and 0 < weight.by_chance < 1 for weight in weights.values())
    assert Weight(0.9, 0.1).of(True) > 0 > Weight(0.9, 0.1).of(False)
    # patient_pairs() and paper_pairs() pass over pairs without like age, IgG4 or author; no such pair may match.
    best = sum(
        PATIENT_WEIGHTS[name].of(True) for name in ("country", "sex", "the same organs", "therapy", "year")
    )
    assert PATIENT_PRIOR + best < 0
    best = sum(GROUP_WEIGHTS[name].of(True) for name in ("country", "therapies", "organs", "years"))
    assert GROUP_PRIOR + best < 0


few = st.sampled_from
patients = st.builds(
    Patient,
    key=st.uuids().map(str),
    study=few(["a", "b", "c"]),
    countries=st.frozensets(few(["JP", "US"]), max_size=1),
    age=st.none() | few([60.0, 61.0, 61.5, 62.0, 0.5, 90.0]),
    sex=few(["male", "female", ""]),
    organs=st.frozensets(few(["orbit", "pancreas", "skin"])),
    therapy=few(["rituximab", "glucocorticoid", ""]),
    year=st.none() | few([2018, 2020, 2023]),
    igg4=st.lists(few([0.0, 100.0, 104.9, 105.3, 1770.0, 1700.0]), max_size=2).map(tuple),
    authors=st.frozensets(few(["A", "B"]), max_size=1),
)
TWO = "One telling titles of a paper"
OTHER = "Two other words in a title"
papers = st.builds(
    Paper,
    key=st.uuids().map(str),
    title=few(
        [
            "",
            "One telling title of a paper",
            "One telling title of a Paper!",
            "One telling titles of a paper",
            OTHER,
        ]
    ),
    doi=few(["", "10.1/a", "10.1/A", "10.1/b"]),
    year=st.none() | few([2018, 2020, 2023]),
    authors=st.frozensets(few(["A", "B", "C", "D"])),
    countries=st.frozensets(few(["JP", "US"]), max_size=1),
    therapies=st.frozensets(few(["rituximab", "glucocorticoid"])),
    has_patients=st.booleans(),
)


@given(st.lists(patients, max_size=8))
def test_the_short_cut_finds_every_pair_of_patients(some: list[Patient]) -> None:
    slow = {
        frozenset((a.key, b.key))
        for a, b in combinations(some, 2)
        if a.study != b.study and weigh_patients(a, b)[0] >= THRESHOLD
    }
    assert {frozenset((a, b)) for a, b, _ in patient_pairs(some)} == slow


@given(st.lists(papers, max_size=8))
def test_the_short_cut_finds_every_pair_of_papers(some: list[Paper]) -> None:
    slow = {frozenset((a.key, match.key)) for a in some for match in similar_papers(a, some)}
    assert {frozenset((a, b)) for a, b, _ in paper_pairs(some)} == slow


@given(patients, patients)
def test_a_score_is_a_share_and_the_same_both_ways(a: Patient, b: Patient) -> None:
    score, reasons = weigh_patients(a, b)
    assert 0 <= score <= 1
    assert isclose(score, weigh_patients(b, a)[0])
    assert all(reasons)
