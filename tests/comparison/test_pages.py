"""Overview, Methods, Data and the error pages."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from evidence.choices import Design
from tests import factories as make
from tests.comparison.pages import assert_constant_queries, assert_sound, read, words

pytestmark = pytest.mark.django_db


def add_evidence() -> None:
    """A therapy with a figure, words and a case."""
    therapy = make.TherapyFactory()
    result = make.ResultFactory(arm=make.ArmFactory(therapy=therapy))
    make.FindingFactory(therapy=therapy, outcome=result.outcome)
    make.CaseFactory(index_therapy=therapy)


def test_the_overview_tells_what_is_known_in_each_domain(client: Client) -> None:
    therapy = make.TherapyFactory(slug="rituximab", name="Rituximab")
    study = make.StudyFactory(label="Carruthers 2015")
    outcome = make.OutcomeFactory(slug="overall_response", name="Overall response")
    make.ResultFactory(
        arm=make.ArmFactory(study=study, therapy=therapy), outcome=outcome, events=29, total=30
    )
    html = read(client, "/")
    assert_sound(html)
    text = words(html)
    assert "29 of 30 (97%, 95% CI 83 to >99)" in text
    assert "No evidence" in text
    assert "Carruthers 2015" in text
    assert 'href="/compare/?therapy=rituximab&amp;outcome=overall_response"' in html
    assert 'aria-current="page">Overview' in html


def test_the_patients_of_reviews_are_not_counted_again(client: Client) -> None:
    make.StudyFactory(enrolled=30)
    make.StudyFactory(enrolled=None)
    make.StudyFactory(enrolled=12_000, design=Design.META_ANALYSIS)
    text = words(read(client, "/"))
    assert "3 studies" in text
    assert "30 patients enrolled, reviews apart" in text
    assert "1 study does not say" in text


def test_an_empty_atlas_says_so(client: Client) -> None:
    html = read(client, "/")
    assert_sound(html)
    assert "No evidence is loaded" in html


def test_the_overview_takes_a_constant_number_of_queries(client: Client) -> None:
    assert_constant_queries(client, "/", add_evidence)


def test_methods_work_an_example_from_the_evidence_as_it_stands(client: Client) -> None:
    therapy = make.TherapyFactory(slug="rituximab")
    outcome = make.OutcomeFactory(slug="complete_remission", name="Complete remission")
    make.ResultFactory(arm=make.ArmFactory(therapy=therapy), outcome=outcome)
    html = read(client, "/methods/")
    assert_sound(html)
    text = words(html)
    assert "14 of 30 (47%, 95% CI 28 to 66)" in text
    assert "0.2834 to 0.6567" in text
    assert "exact_single" in text


def test_methods_stand_without_the_example(client: Client) -> None:
    html = read(client, "/methods/")
    assert_sound(html)
    assert "as of revision" not in words(html)


def test_data_counts_what_is_public_and_links_to_it(client: Client) -> None:
    make.StudyFactory.create_batch(3)
    make.StudyFactory(draft=True)
    html = read(client, "/data/")
    assert_sound(html)
    assert "Studies 3" in words(html)
    assert 'href="/api/v1/studies/?format=csv"' in html
    assert "evidence revision" in html


def test_every_list_on_the_data_page_is_there_and_counts_the_same(client: Client) -> None:
    add_evidence()
    make.PathwayEdgeFactory()
    make.StudyFactory(draft=True)
    html = read(client, "/data/")
    lists = re.findall(r'class="number">(\d+)</td><td><a href="(/api/v1/[a-z]+/)\?format=csv"', html)
    assert len(lists) == 17
    for count, address in lists:
        assert client.get(address).json()["count"] == int(count), address


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_a_page_for_a_broken_site_needs_no_context_no_request_and_no_database(
    template: str, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        html = render_to_string(template)
    assert_sound(html)


def test_a_page_that_is_not_there_says_so_with_the_right_status(client: Client) -> None:
    html = read(client, "/nothing/", 404)
    assert_sound(html)
    assert "Page not found" in html


def test_pages_are_kept_for_a_revision_so_none_reads_the_session(client: Client) -> None:
    add_evidence()
    for address in ("/", "/therapies/", "/studies/", "/cases/", "/methods/", "/data/"):
        response = client.get(address)
        assert response["ETag"].startswith('"r')
        assert not response.cookies
