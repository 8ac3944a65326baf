"""What holds for every list: envelope, order, pages, budgets, and that drafts stay hidden."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.api import router
from evidence.choices import State
from evidence.models import Study
from foundation.models import Revision
from foundation.notices import DISCLAIMER
from tests.api.conftest import Get
from tests.api.endpoints import ENDPOINTS, Endpoint

pytestmark = pytest.mark.django_db
every_list = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


def test_no_list_is_without_its_tests() -> None:
    assert [prefix for prefix, _, _ in router.registry] == [endpoint.name for endpoint in ENDPOINTS]


@every_list
def test_an_empty_list_is_a_list(get: Get, endpoint: Endpoint) -> None:
    page = get(f"{endpoint.name}/")
    assert {key: page[key] for key in ("count", "next", "previous", "results")} == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }
    assert page["meta"]["revision"] == 0
    assert page["meta"]["as_of"] is None


@every_list
def test_a_list_says_of_what_state_it_is(get: Get, endpoint: Endpoint) -> None:
    endpoint.make()
    revision = Revision.current()
    assert get(f"{endpoint.name}/")["meta"] == {
        "revision": revision.number,
        "as_of": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "licence": "CC-BY-4.0",
        "disclaimer": DISCLAIMER,
    }
    assert revision.number > 0


@every_list
def test_pages_tell_every_row_once_in_one_order_forth_and_back(
    client: Client, get: Get, endpoint: Endpoint
) -> None:
    for _ in range(3):
        endpoint.make()
    whole = get(f"{endpoint.name}/", page_size=500)
    keys = [row.get("slug") or row["id"] for row in whole["results"]]
    assert len(keys) == len(set(keys)) == whole["count"] >= 3
    assert whole["next"] is None

    forth, page = [], get(f"{endpoint.name}/", page_size=1)
    visited = [page]
    while page["next"]:
        page = client.get(page["next"]).json()
        visited.append(page)
    assert visited[0]["previous"] is None
    forth = [row.get("slug") or row["id"] for each in visited for row in each["results"]]
    assert forth == keys
    assert {each["count"] for each in visited} == {whole["count"]}

    back = list(page["results"])
    while page["previous"]:
        page = client.get(page["previous"]).json()
        back = page["results"] + back
    assert [row.get("slug") or row["id"] for row in back] == keys


@every_list
def test_a_list_costs_the_same_with_one_row_and_with_many(
    client: Client, endpoint: Endpoint, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    endpoint.make()
    with django_assert_num_queries(endpoint.list_queries):
        client.get(endpoint.url)
    for _ in range(4):
        endpoint.make()
    with django_assert_num_queries(endpoint.list_queries):
        response = client.get(endpoint.url)
    assert len(response.json()["results"]) >= 5


@every_list
def test_a_record_costs_no_more_than_its_budget(
    client: Client, endpoint: Endpoint, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record = endpoint.make()
    with django_assert_num_queries(endpoint.record_queries):
        response = client.get(f"{endpoint.url}{endpoint.key(record)}/")
    assert response.status_code == 200


@every_list
def test_a_record_is_its_line_of_the_list_with_meta(get: Get, endpoint: Endpoint) -> None:
    record = endpoint.make()
    key = endpoint.key(record)
    line = next(
        row for row in get(f"{endpoint.name}/")["results"] if str(row.get("slug") or row["id"]) == key
    )
    alone = get(f"{endpoint.name}/{key}/")
    assert alone.pop("meta")["licence"] == "CC-BY-4.0"
    assert {name: alone[name] for name in line} == line


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
@pytest.mark.parametrize(
    "endpoint", [each for each in ENDPOINTS if each.has_drafts], ids=lambda endpoint: endpoint.name
)
def test_what_is_not_published_is_nowhere(client: Client, get: Get, endpoint: Endpoint, state: State) -> None:
    record = endpoint.make()
    Study.objects.update(state=state, published_at=None)
    assert get(f"{endpoint.name}/")["count"] == 0
    assert client.get(f"{endpoint.url}{endpoint.key(record)}/").status_code == 404
    csv = client.get(endpoint.url, query_params={"format": "csv"})
    assert csv.content.count(b"\r\n") == 1


def test_an_overlap_with_a_draft_is_not_told(get: Get) -> None:
    overlap: Any = ENDPOINTS[[each.name for each in ENDPOINTS].index("overlaps")].make()
    overlap.study_b.state = State.DRAFT
    overlap.study_b.save()
    assert get("overlaps/")["count"] == 0
    assert get(f"studies/{overlap.study_a.slug}/")["overlaps"] == []


def test_the_root_names_every_list(client: Client, get: Get) -> None:
    endpoints = get("")["endpoints"]
    for endpoint in ENDPOINTS:
        assert client.get(endpoints[endpoint.name]).status_code == 200
