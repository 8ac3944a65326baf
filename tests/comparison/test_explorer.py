"""The case explorer: facets that count, views that heed shared patients, and queries that do not grow."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from comparison import explorer, facets
from comparison.compare import compare
from comparison.evidence import load_vocabulary
from comparison.question import Question
from evidence.case_filters import CaseFilterSet
from evidence.choices import Design, OrganChange, Response, Sex, State, SteroidEffect
from evidence.models import Case, Study
from literature.choices import RetractionStatus
from tests import factories as make
from tests.comparison.pages import assert_sound, queries, read, words
from tests.evidence.test_pages import full_case

pytestmark = pytest.mark.django_db


def counts_on(html: str) -> dict[str, dict[str, int]]:
    """The numbers that the page gives to its script."""
    found = re.search(r'<script id="facet-counts"[^>]*>(.*?)</script>', html)
    assert found is not None
    return json.loads(found[1])


def count_beside(html: str, facet: str, value: str) -> int:
    """The number that stands beside a choice."""
    found = re.search(rf'data-facet-count="{facet}:{value}">(\d+)<', html)
    assert found is not None, (facet, value)
    return int(found[1])


def patient(organ: str = "", *, therapy: str = "dupilumab", **fields: Any) -> Case:
    """A patient with an organ under a therapy, both known by slug."""
    from evidence.models import Organ
    from therapies.models import Therapy

    known = Therapy.objects.filter(slug=therapy).first()
    index = known or make.TherapyFactory(slug=therapy, name=therapy.title())
    case = make.CaseFactory(index_therapy=index, **fields)
    if organ:
        row = Organ.objects.filter(slug=organ).first()
        make.CaseOrganFactory(case=case, organ=row or make.OrganFactory(slug=organ, name=organ.title()))
    return case


def test_each_choice_counts_what_remains_under_the_other_filters(client: Client) -> None:
    patient("orbit", sex=Sex.MALE)
    patient("orbit", sex=Sex.FEMALE)
    patient("kidney", sex=Sex.FEMALE, therapy="rituximab")
    html = read(client, "/cases/?organ=orbit&sex=female")
    assert_sound(html)
    assert count_beside(html, "sex", "male") == 1
    assert count_beside(html, "sex", "female") == 1
    assert count_beside(html, "organ", "orbit") == 1
    assert count_beside(html, "organ", "kidney") == 1
    assert count_beside(html, "therapy", "dupilumab") == 1
    assert count_beside(html, "therapy", "rituximab") == 0


def test_the_count_beside_a_choice_is_the_number_of_cases_that_it_lists(client: Client) -> None:
    for number in range(6):
        case = full_case(
            sex=Sex.values[number % 3],
            response=Response.values[number],
            steroid_effect=SteroidEffect.values[number],
            relapse=(True, False, None)[number % 3],
            study__design=(Design.CASE_REPORT, Design.CASE_SERIES)[number % 2],
        )
        make.CaseOrganFactory(case=case)
    html = read(client, "/cases/")
    counts = counts_on(html)
    assert set(counts) == set(explorer.FACETS)
    for facet, values in counts.items():
        assert values, facet
        for value, count in values.items():
            assert count_beside(html, facet, value) == count
            listed = CaseFilterSet(QueryDict(f"{facet}={value}"), queryset=Case.objects.published()).qs
            assert listed.count() == count, (facet, value)


def test_a_choice_that_no_patient_ever_had_is_not_offered(client: Client) -> None:
    patient("orbit")
    make.OrganFactory(slug="spleen", name="Spleen")
    html = read(client, "/cases/")
    assert 'data-facet-count="organ:orbit"' in html
    assert 'data-facet-count="organ:spleen"' not in html
    assert 'data-facet-count="organ:spleen"' in read(client, "/cases/?organ=spleen")


def test_facets_count_under_filters_that_are_no_facet_too(client: Client) -> None:
    kept, other = patient("orbit"), patient("orbit")
    html = read(client, f"/cases/?study={kept.study.slug}")
    assert other.study.slug != kept.study.slug
    assert count_beside(html, "organ", "orbit") == 1


def test_patients_of_overlapping_studies_count_once_beside_a_choice_and_in_the_views(client: Client) -> None:
    large = make.StudyFactory(slug="large", label="Large", design=Design.CASE_SERIES)
    for _ in range(2):
        patient("orbit", study=large)
    small = patient("orbit", study__slug="small")
    make.OverlapFactory(study_a=large, study_b=small.study, certain=False)
    html = read(client, "/cases/")
    assert count_beside(html, "organ", "orbit") == 2
    text = words(html)
    assert "3 cases" in text
    assert "2 patients counted once; 1 case stands aside" in text
    assert "shares, or may share, patients with Large" in text
    assert small.get_absolute_url() not in chart(html, "swimmer")


def test_a_study_that_stands_aside_counts_where_the_larger_one_does_not_match(client: Client) -> None:
    large = make.StudyFactory(slug="large", design=Design.CASE_SERIES)
    for _ in range(2):
        patient("orbit", study=large)
    small = patient("kidney", study__slug="small")
    make.OverlapFactory(study_a=large, study_b=small.study)
    assert count_beside(read(client, "/cases/"), "organ", "kidney") == 1
    assert "stands aside" not in words(read(client, "/cases/?organ=kidney"))


def test_a_retracted_report_is_listed_and_not_counted(client: Client) -> None:
    retracted = patient("orbit", study=make.StudyFactory(cited__retraction_status=RetractionStatus.RETRACTED))
    patient("orbit")
    html = read(client, "/cases/")
    assert count_beside(html, "organ", "orbit") == 1
    assert f"{retracted.slug} : retracted" in words(html)


def chart(html: str, name: str) -> str:
    """The figure of a view as the page carries it; empty where nothing is drawn."""
    found = re.search(rf'<script id="{name}-data"[^>]*>(.*?)</script>', html, re.DOTALL)
    return found[1] if found else ""


def test_what_is_shown_stands_in_words(client: Client) -> None:
    patient("orbit", sex=Sex.FEMALE)
    assert "All patients told one by one in published evidence." in words(read(client, "/cases/"))
    text = words(read(client, "/cases/?therapy=dupilumab&organ=orbit&sex=female&relapse=false&from=2000"))
    assert (
        "Patients given dupilumab, with disease of orbit, relapse: did not relapse, sex: female, "
        "published in 2000 or later." in text
    )


def test_each_view_stands_under_its_heading_with_its_table_or_says_what_is_missing(client: Client) -> None:
    case = patient("orbit")
    html = read(client, "/cases/")
    for heading in (
        "Courses",
        "Serum IgG4",
        "Glucocorticoid dose",
        "Organ by organ",
        "Time to relapse",
        "List",
    ):
        assert re.search(rf"<h2 id=[^>]*>{heading}</h2>", html), heading
    text = words(html)
    assert "None of the 1 patient that match has a figure of it." in text
    assert "No report says how a single organ of a patient fared." in text
    assert "A curve needs 10 patients and 3 relapses at a known week under one therapy." in text
    assert case.get_absolute_url() in chart(html, "swimmer")
    make.OrganResponseFactory(case=case, response=OrganChange.IMPROVED)
    drawn = json.loads(chart(read(client, "/cases/"), "organ-grid"))
    assert [trace["text"] for trace in drawn["data"] if trace["name"] == "counts"] == [["● 1 of 1"]]


def test_the_views_stand_on_the_first_page_of_the_list_alone(client: Client) -> None:
    make.CaseFactory.create_batch(51)
    assert chart(read(client, "/cases/"), "swimmer")
    second = read(client, "/cases/?page=2")
    assert not chart(second, "swimmer")
    assert "51 to 51 of 51" in words(second)


def test_filters_by_prior_therapy_and_by_year(client: Client) -> None:
    case = patient("orbit", study=make.StudyFactory(cited__year=2031, design=Design.CASE_REPORT))
    prior = make.CasePriorTherapyFactory(case=case)
    patient("kidney")
    for query in (f"prior_therapy={prior.therapy.slug}", "year=2031"):
        text = words(read(client, f"/cases/?{query}"))
        assert "1 case matches" in text
        assert case.study.label in text


def test_the_explorer_takes_as_many_queries_with_thirty_cases_as_with_one(client: Client) -> None:
    full_case()
    client.get("/cases/")
    few = queries(client, "/cases/")
    for _ in range(29):
        full_case(relapse=True, relapse_week=12)
    assert queries(client, "/cases/") == few
    assert few <= 36


def test_a_cases_page_takes_as_many_queries_with_thirty_neighbours_as_with_one(client: Client) -> None:
    study = make.StudyFactory(design=Design.CASE_SERIES)
    case = full_case(study=study)
    full_case(study=study)
    client.get(case.get_absolute_url())
    few = queries(client, case.get_absolute_url())
    for _ in range(29):
        full_case(study=study)
    assert queries(client, case.get_absolute_url()) == few
    text = words(read(client, case.get_absolute_url()))
    assert "Other patients of this study" in text


def test_a_newly_published_case_raises_the_comparisons_count_by_exactly_one() -> None:
    make.OutcomeFactory(slug="overall_response", name="Overall response")
    patient("orbit", response=Response.COMPLETE_REMISSION)
    report = make.StudyFactory(draft=True, design=Design.CASE_REPORT)
    draft = patient("orbit", response=Response.NO_RESPONSE, study=report)

    def counted() -> tuple[int, int]:
        vocabulary = load_vocabulary()
        rows = [
            row
            for stratum in compare(Question(therapies=("dupilumab",)), vocabulary).strata
            for row in stratum.rows
        ]
        return sum(row.events or 0 for row in rows), sum(row.total or 0 for row in rows)

    assert counted() == (1, 1)
    Study.objects.filter(pk=draft.study.pk).update(state=State.PUBLISHED, published_at=timezone.now())
    assert counted() == (1, 2)


def test_facets_are_counted_by_the_rule_written_out() -> None:
    rows = [
        facets.FacetRow(1, {"organ": frozenset({"a", "b"}), "sex": frozenset({"male"})}),
        facets.FacetRow(2, {"organ": frozenset({"b"}), "sex": frozenset({"female"})}),
        facets.FacetRow(3, {"organ": frozenset(), "sex": frozenset({"male"})}),
    ]
    counts = facets.remaining(rows, {"organ": ["b"], "sex": ["male"]}, ("organ", "sex"), len)
    assert counts == {"organ": {"a": 1, "b": 1}, "sex": {"male": 1, "female": 1}}
