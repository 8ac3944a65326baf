"""Patients like mine: who matches, what is relaxed, counts with exact intervals, and no word of advice."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import given
from hypothesis import strategies as st

from comparison.like_mine import (
    CRITERIA,
    Count,
    Matches,
    Profile,
    Wanted,
    in_words,
    is_reported,
    matches,
    meets,
    strict,
)
from comparison.statistics.intervals import exact_interval
from evidence.choices import Response, Sex, SteroidEffect
from evidence.models import Case, Organ
from tests import factories as make
from tests.comparison.pages import assert_sound, queries, read, words

PATIENT = Profile(
    case="simpson-2020-p1",
    study=1,
    therapy="dupilumab",
    therapy_name="Dupilumab",
    organs=frozenset({"orbit", "parotid"}),
    comorbidities=frozenset({"asthma"}),
    prior_therapies=frozenset({"glucocorticoid"}),
    comorbidities_stated=True,
    prior_therapies_stated=True,
    age=67,
    sex="male",
    response=Response.COMPLETE_REMISSION,
    steroid_effect=SteroidEffect.STOPPED,
    relapse=False,
)
WANTED = Wanted(("orbit",), ("asthma",), ("glucocorticoid",), 60, 70, "male")


def everyone(those: list[Profile]) -> list[Profile]:
    return those


def by_way(wanted: Wanted, *profiles: Profile) -> dict[str, Matches]:
    return {found.how: found for found in matches(wanted, profiles, everyone)}


def test_all_of_a_list_must_be_met() -> None:
    assert meets(Wanted(organs=("orbit", "parotid")), PATIENT, "organs")
    assert not meets(Wanted(organs=("orbit", "kidney")), PATIENT, "organs")


@pytest.mark.parametrize(
    ("age", "first", "last", "inside"),
    [
        (60, 60, 70, True),
        (70, 60, 70, True),
        (70.5, 60, 70, True),
        (59.9, 60, 70, False),
        (71, 60, 70, False),
        (90, 60, None, True),
        (3, None, 17, True),
        (None, None, 90, False),
    ],
)
def test_ages_are_within_the_span_with_its_ends(
    age: float | None, first: int | None, last: int | None, inside: bool
) -> None:
    assert meets(Wanted(age_from=first, age_to=last), replace(PATIENT, age=age), "age") is inside


def test_each_criterion_is_relaxed_alone_and_the_one_is_named() -> None:
    differs = {
        "organs": replace(PATIENT, case="a", organs=frozenset({"kidney"})),
        "comorbidities": replace(PATIENT, case="b", comorbidities=frozenset(), comorbidities_stated=False),
        "prior_therapies": replace(PATIENT, case="c", prior_therapies=frozenset()),
        "age": replace(PATIENT, case="d", age=75),
        "sex": replace(PATIENT, case="e", sex=None),
    }
    two = replace(PATIENT, case="f", sex="female", age=20)
    found = by_way(WANTED, PATIENT, *differs.values(), two)
    assert found["all criteria met"].patients == 1
    for criterion, how in {
        "organs": "without asking for organs",
        "comorbidities": "without asking for comorbidities",
        "prior_therapies": "without asking for treatments before",
        "age": "up to 10 years younger or older",
        "sex": "without asking for sex",
    }.items():
        way = found[how]
        assert (way.relaxed, way.patients, way.more) == (criterion, 2, 1)
        assert way.therapies[0].cases == tuple(sorted(("simpson-2020-p1", differs[criterion].case)))
    assert found["without asking for comorbidities"].not_reported == 1
    assert found["without asking for treatments before"].not_reported == 0
    assert found["without asking for sex"].not_reported == 1


def test_several_organs_are_relaxed_to_any_of_them_first() -> None:
    one = replace(PATIENT, case="a", organs=frozenset({"orbit"}))
    none = replace(PATIENT, case="b", organs=frozenset({"kidney"}))
    found = by_way(Wanted(organs=("orbit", "parotid")), PATIENT, one, none)
    assert [way.patients for way in found.values()] == [1, 2, 3]
    assert list(found)[1] == "any of the organs instead of all"


def test_nothing_asked_for_is_like_nobody() -> None:
    assert matches(Wanted(), [PATIENT], everyone) == []


def test_counts_are_of_those_of_whom_it_is_told_with_exact_intervals_and_few_are_called_few() -> None:
    others = [
        replace(PATIENT, case=str(number), response=Response.NOT_REPORTED, relapse=None)
        for number in range(4)
    ]
    (row,) = by_way(WANTED, PATIENT, *others)["all criteria met"].therapies
    assert (row.patients, row.too_few) == (5, False)
    counts = {count.outcome: count for count in row.counts}
    bounds = exact_interval(1, 1)
    assert counts["overall_response"] == Count(
        "overall_response", 1, 1, 1.0, bounds.low, bounds.high, too_few=True
    )
    assert (bounds.low, bounds.high) == (pytest.approx(0.025), 1)
    assert (counts["relapse"].events, counts["relapse"].total) == (0, 1)
    assert counts["glucocorticoid_free"].total == 5
    assert not counts["glucocorticoid_free"].too_few


def test_an_outcome_of_which_nothing_is_told_is_no_zero() -> None:
    (row,) = by_way(WANTED, replace(PATIENT, relapse=None))["all criteria met"].therapies
    relapse = next(count for count in row.counts if count.outcome == "relapse")
    assert (relapse.total, relapse.proportion, relapse.low) == (0, None, None)


def test_therapies_stand_in_alphabetical_order_whatever_they_came_to() -> None:
    failures = [
        replace(
            PATIENT, case=str(n), therapy="abatacept", therapy_name="Abatacept", response=Response.WORSENING
        )
        for n in range(2)
    ]
    rows = by_way(WANTED, PATIENT, *failures)["all criteria met"].therapies
    assert [row.name for row in rows] == ["Abatacept", "Dupilumab"]


SLUGS = st.sampled_from(["a", "b", "c"])
PROFILES = st.builds(
    Profile,
    case=st.uuids().map(str),
    study=st.integers(1, 9),
    therapy=SLUGS,
    therapy_name=SLUGS,
    organs=st.frozensets(SLUGS),
    comorbidities=st.frozensets(SLUGS),
    prior_therapies=st.frozensets(SLUGS),
    comorbidities_stated=st.booleans(),
    prior_therapies_stated=st.booleans(),
    age=st.none() | st.integers(0, 90).map(float),
    sex=st.sampled_from(["male", "female", None]),
    response=st.sampled_from(Response.values),
    steroid_effect=st.sampled_from(SteroidEffect.values),
    relapse=st.sampled_from([True, False, None]),
)
WISHES = st.builds(
    Wanted,
    organs=st.lists(SLUGS, unique=True).map(tuple),
    comorbidities=st.lists(SLUGS, unique=True).map(tuple),
    prior_therapies=st.lists(SLUGS, unique=True).map(tuple),
    age_from=st.none() | st.integers(0, 45),
    age_to=st.none() | st.integers(45, 90),
    sex=st.sampled_from(["male", "female", None]),
)


@given(WISHES, st.lists(PROFILES, max_size=12))
def test_a_relaxed_match_fails_that_criterion_alone(wanted: Wanted, profiles: list[Profile]) -> None:
    known = {one.case: one for one in profiles}
    exact = {one.case for one in strict(wanted, profiles)}
    for way in matches(wanted, profiles, everyone):
        cases = {case for row in way.therapies for case in row.cases}
        assert exact <= cases
        assert len(cases) == way.patients == len(exact) + way.more
        beyond = [known[case] for case in cases - exact]
        for one in beyond:
            assert [name for name in wanted.criteria if not meets(wanted, one, name)] == [way.relaxed]
        assert way.not_reported == sum(not is_reported(one, str(way.relaxed)) for one in beyond)


def test_the_patient_asked_for_stands_in_words() -> None:
    names: dict[str, dict[str, str]] = {name: {} for name in CRITERIA}
    names["organs"] = {"orbit": "Orbit", "kidney": "Kidney"}
    wanted = Wanted(organs=("orbit", "kidney"), age_from=60, age_to=70, sex="female")
    assert in_words(wanted, names) == "a woman of 60 to 70 with disease of orbit and kidney"
    assert in_words(Wanted(age_to=17), names) == "a patient of 17 or younger"


# The page and the API.


def patient(organ: str = "orbit", **fields: Any) -> Case:
    case = make.CaseFactory(**fields)
    known = Organ.objects.filter(slug=organ).first()
    make.CaseOrganFactory(case=case, organ=known or make.OrganFactory(slug=organ, name=organ.title()))
    return case


@pytest.mark.django_db
def test_the_page_counts_and_says_what_was_relaxed(client: Client) -> None:
    strict_match = patient(sex=Sex.FEMALE, index_therapy__name="Dupilumab")
    patient(sex=Sex.MALE)
    html = read(client, "/cases/like-mine/?organ=orbit&sex=female")
    assert_sound(html)
    text = words(html)
    assert "Published patients like a woman with disease of orbit." in text
    assert "All criteria met: 1 patient" in text
    assert "1 of 1 (100%, 95% CI 3 to 100) too few" in text
    assert "Without asking for sex: 2 patients, 1 more" in text
    assert "Relaxed: sex. The 1 more are reported to differ." in text
    assert strict_match.get_absolute_url() in html


@pytest.mark.django_db
def test_the_page_ranks_nothing_and_advises_nothing(client: Client) -> None:
    patient(), patient()
    text = words(read(client, "/cases/like-mine/?organ=orbit")).lower()
    for word in ("best", "recommend", "superior", "winner", "most effective", "should be given", "rank "):
        assert word not in text, word
    assert "no advice" in text


@pytest.mark.django_db
def test_a_patient_in_two_reports_is_counted_once(client: Client) -> None:
    one, two = patient(), patient()
    make.OverlapFactory(study_a=one.study, study_b=two.study)
    assert "All criteria met: 1 patient" in words(read(client, "/cases/like-mine/?organ=orbit"))


@pytest.mark.django_db
def test_a_draft_is_like_nobody(client: Client) -> None:
    patient(study=make.StudyFactory(draft=True))
    assert "Nobody meets all criteria" in words(read(client, "/cases/like-mine/?organ=orbit"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("orgam=orbit", "orgam"),
        ("organ=nonsense", "organ does not take nonsense."),
        ("age_from=70&age_to=60", "age_from 70 lies after age_to 60."),
        ("age_from=x", "Enter a whole number."),
        ("sex=other", "Select a valid choice"),
    ],
)
def test_a_wrong_value_is_refused_and_named_by_page_and_api(client: Client, query: str, told: str) -> None:
    assert told in words(read(client, f"/cases/like-mine/?{query}", 400))
    problem = client.get(f"/api/v1/cases/like-mine/?{query}")
    assert problem.status_code == 400
    assert query.partition("=")[0] in str(problem.json()["errors"])


@pytest.mark.django_db
def test_the_page_is_data_by_extension(client: Client) -> None:
    for kind in ("json", "csv"):
        response = client.get(f"/cases/like-mine.{kind}?sex=male")
        assert response["Location"] == f"/api/v1/cases/like-mine/?sex=male&format={kind}"
    asked = client.get("/cases/like-mine/?sex=male", headers={"accept": "application/json"})
    assert asked["Location"] == "/api/v1/cases/like-mine/?sex=male&format=json"


@pytest.mark.django_db
def test_the_api_answers_as_its_document_says_and_the_csv_tells_the_same(client: Client) -> None:
    patient(sex=Sex.MALE), patient(sex=Sex.FEMALE)
    answer = client.get("/api/v1/cases/like-mine/?organ=orbit&sex=male").json()
    document = SchemaGenerator().get_schema(request=None, public=True)
    operation = document["paths"]["/api/v1/cases/like-mine/"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    assert [error.message for error in validator.iter_errors(answer)] == []
    assert [found["patients"] for found in answer["matches"]] == [1, 1, 2]
    body = client.get("/api/v1/cases/like-mine/?organ=orbit&sex=male&format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    told = sum(len(row["counts"]) for found in answer["matches"] for row in found["therapies"])
    assert len(rows) == told


@pytest.mark.django_db
def test_it_takes_as_many_queries_with_thirty_cases_as_with_one(client: Client) -> None:
    def full() -> None:
        case = patient()
        make.CaseComorbidityFactory(case=case)
        make.CasePriorTherapyFactory(case=case)

    full()
    address = "/cases/like-mine/?organ=orbit&sex=male"
    client.get(address)
    few = queries(client, address)
    for _ in range(29):
        full()
    assert queries(client, address) == few
    assert few <= 18
    assert re.search(r"All criteria met: 30 patients", words(read(client, address)))
