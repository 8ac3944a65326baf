"""CSV: all rows, RFC 4180, the JSON fields as columns, and nothing that a spreadsheet would run."""

import csv
import io
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.api.renderers import cell, table
from foundation.models import Revision
from tests import factories
from tests.api.conftest import Get
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.api.problems import assert_problem

pytestmark = pytest.mark.django_db
every_list = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


def rows_of(response: HttpResponse) -> list[dict[str, str]]:
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline=""), strict=True))


def flat(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """A JSON row with nested records as dotted columns."""
    out: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and name in ("citation",):
            out |= flat(value, f"{prefix}{name}.")
        else:
            out[prefix + name] = value
    return out


@every_list
def test_a_csv_holds_the_rows_and_fields_of_the_json(client: Client, get: Get, endpoint: Endpoint) -> None:
    for _ in range(2):
        endpoint.make()
    expected = [flat(row) for row in get(f"{endpoint.name}/", page_size=500)["results"]]
    told = rows_of(client.get(f"{endpoint.url}?format=csv"))
    assert [list(row) for row in told] == [list(row) for row in expected]
    assert told == [{name: str(cell(value)) for name, value in row.items()} for row in expected]


@every_list
def test_an_empty_csv_has_its_header(client: Client, endpoint: Endpoint) -> None:
    response = client.get(f"{endpoint.url}?format=csv")
    header = response.content.decode().split("\r\n")
    assert header[1:] == [""]
    endpoint.make()
    filled = client.get(f"{endpoint.url}?format=csv").content.decode().split("\r\n")
    assert filled[0] == header[0]


def test_a_csv_holds_all_rows_and_not_one_page(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(60):
        factories.OrganFactory()
    with django_assert_num_queries(3):  # 2 revision; rows
        response = client.get("/api/v1/organs/?format=csv")
    assert len(rows_of(response)) == 60


def test_a_filter_goes_with_csv(client: Client) -> None:
    wanted = factories.ResultFactory()
    factories.ResultFactory()
    told = rows_of(client.get(f"/api/v1/results/?format=csv&study={wanted.arm.study.slug}"))
    assert [row["id"] for row in told] == [str(wanted.pk)]


@pytest.mark.parametrize("parameter", ["page_size", "cursor"])
def test_pages_do_not_go_with_csv(client: Client, parameter: str) -> None:
    assert_problem(client.get(f"/api/v1/organs/?format=csv&{parameter}=10"), 400, parameter)


def test_the_accept_header_asks_for_csv_too(client: Client) -> None:
    response = client.get("/api/v1/organs/", headers={"Accept": "text/csv"})
    assert rows_of(response) == []
    assert "Accept" in response["Vary"]


def test_the_file_is_named_after_the_list_and_the_revision(client: Client) -> None:
    factories.ResultFactory()
    number = Revision.current().number
    response = client.get("/api/v1/results/?format=csv")
    assert response["Content-Disposition"] == f'attachment; filename="igg4rd-atlas-results-r{number}.csv"'
    assert "Content-Disposition" not in client.get("/api/v1/results/")


def test_a_record_has_no_csv(client: Client) -> None:
    organ = factories.OrganFactory()
    assert_problem(client.get(f"/api/v1/organs/{organ.slug}/?format=csv"), 400, "format")
    assert_problem(client.get(f"/api/v1/organs/{organ.slug}/", headers={"Accept": "text/csv"}), 406)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "%0A"])
def test_a_text_that_would_be_a_formula_is_quoted(client: Client, text: str) -> None:
    factories.StudyFactory(summary=text)
    told = rows_of(client.get("/api/v1/studies/?format=csv"))[0]["summary"]
    assert told == f"'{text}"


def test_a_formula_inside_a_list_is_quoted(client: Client) -> None:
    factories.TherapyFactory(synonyms=["=cmd()", "b"])
    assert rows_of(client.get("/api/v1/therapies/?format=csv"))[0]["synonyms"] == "'=cmd(); b"


def test_a_negative_number_stays_a_number() -> None:
    assert table(["low"], [{"low": -3.5}, {"low": -4}]) == "low\r\n-3.5\r\n-4\r\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, 0),
        (0.0, 0.0),
        (False, "false"),
        (True, "true"),
        ([], ""),
        (["a", "b"], "a; b"),
        ([{"week": 0}], '[{"week":0}]'),
        ({"atc": "L01"}, '{"atc":"L01"}'),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_cell_tells_missing_from_zero(value: Any, written: Any) -> None:
    assert cell(value) == written
    assert type(cell(value)) is type(written)


def test_commas_quotes_and_lines_survive(client: Client) -> None:
    text = 'He said "no",\r\nthen\nleft; µ ≤ 5'
    factories.StudyFactory(summary=text)
    response = client.get("/api/v1/studies/?format=csv")
    assert rows_of(response)[0]["summary"] == text
    assert b'"He said ""no"",\r\nthen\nleft' in response.content


def test_a_nested_record_that_is_missing_leaves_its_columns_empty(client: Client) -> None:
    factories.ResultFactory(arm__study__cited=False)
    told = rows_of(client.get("/api/v1/results/?format=csv"))[0]
    assert (told["citation.slug"], told["citation.doi"]) == ("", "")
