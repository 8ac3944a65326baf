"""The matrix over the API: the overview's cells, each figure a reported result, asked strictly."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from evidence.choices import Domain
from foundation.formatting import x_of_n_text
from tests.api.problems import assert_problem
from tests.comparison.pages import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]
LETTER = ["glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept"]


def ask(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/api/v1/matrix/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def cells(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for row in answer["rows"] for cell in row["cells"]]


def test_the_letters_five_come_first_in_every_domain(client: Client) -> None:
    answer = ask(client)
    assert [row["therapy"] for row in answer["rows"]][:5] == LETTER
    assert answer["domains"] == Domain.values
    assert all([cell["domain"] for cell in row["cells"]] == Domain.values for row in answer["rows"])
    assert len(answer["rows"]) > 20


def test_every_figure_is_on_the_overview(client: Client) -> None:
    page = words(read(client, "/"))
    told = [
        cell["figure"]
        for cell in cells(ask(client))
        if cell["figure"] and cell["figure"]["events"] is not None
    ]
    assert len(told) > 30
    for figure in told:
        assert x_of_n_text(figure["events"], figure["total"], figure["low"], figure["high"]) in page


def test_every_figure_with_a_source_is_a_reported_result(client: Client) -> None:
    for cell in cells(ask(client)):
        figure, source = cell["figure"], cell["source"]
        if source is None:
            continue
        query = f"study={source['study']}&outcome={figure['outcome']}&therapy={cell['therapy']}&page_size=500"
        reported = client.get(f"/api/v1/results/?{query}").json()["results"]
        same = [
            row
            for row in reported
            if all(row[name] == figure[name] for name in ("week", "events", "total", "value", "n"))
            and row["locator"] == source["locator"]
        ]
        assert same, (cell["therapy"], cell["domain"])


def test_a_figure_without_source_is_counted_from_patients(client: Client) -> None:
    counted = [cell for cell in cells(ask(client)) if cell["figure"] and cell["source"] is None]
    assert counted
    for cell in counted:
        assert cell["design"] == "case"
        assert cell["cases"] >= cell["figure"]["total"] > 0


def test_an_empty_cell_says_nothing_rather_than_zero(client: Client) -> None:
    empty = [cell for cell in cells(ask(client)) if cell["figure"] is None and not cell["findings"]]
    assert empty
    for cell in empty:
        assert (cell["design"], cell["source"], cell["comparison"], cell["more_findings"]) == (
            None,
            None,
            None,
            0,
        )


@pytest.mark.parametrize("therapy", [*LETTER, "inebilizumab", "tocilizumab"])
def test_a_therapy_alone_is_as_among_all(client: Client, therapy: str) -> None:
    alone = ask(client, f"?therapy={therapy}")["rows"]
    assert alone == [row for row in ask(client)["rows"] if row["therapy"] == therapy]


def test_a_domain_alone_is_as_among_all(client: Client) -> None:
    answer = ask(client, "?domain=safety&domain=efficacy")
    assert answer["domains"] == ["efficacy", "safety"]
    among = [cell for cell in cells(ask(client)) if cell["domain"] in ("efficacy", "safety")]
    assert cells(answer) == among


def test_a_therapy_asked_for_stands_though_nothing_is_known(client: Client) -> None:
    assert "tezepelumab" not in {row["therapy"] for row in ask(client)["rows"]}
    (row,) = ask(client, "?therapy=tezepelumab")["rows"]
    assert row["studies"] == 0
    assert all(cell["figure"] is None and not cell["findings"] for cell in row["cells"])


def test_a_cell_leads_to_a_comparison_that_answers(client: Client) -> None:
    (address,) = [cell["comparison"] for cell in cells(ask(client, "?therapy=rituximab&domain=efficacy"))]
    assert client.get(address).json()["question"]["therapies"] == ["rituximab"]


def test_the_csv_has_a_row_a_cell(client: Client) -> None:
    response = client.get("/api/v1/matrix/?format=csv")
    assert response["Content-Disposition"].startswith('attachment; filename="igg4rd-atlas-matrix-r')
    rows = list(csv.DictReader(io.StringIO(response.text)))
    told = cells(ask(client))
    assert [(row["therapy"], row["domain"]) for row in rows] == [(c["therapy"], c["domain"]) for c in told]
    for row, cell in zip(rows, told, strict=True):
        figure = cell["figure"] or {}
        assert row["events"] == ("" if figure.get("events") is None else str(figure["events"]))
        assert row["source.study"] == (cell["source"] or {}).get("study", "")


def test_every_wrong_value_is_named_at_once(client: Client) -> None:
    told = assert_problem(
        client.get("/api/v1/matrix/?therapy=rituximb&therapy=rituximab&domain=joy"), 400, "therapy", "domain"
    )
    assert told["errors"][0]["suggestion"] == "rituximab"
    assert told["errors"][1]["allowed"] == Domain.values
    assert_problem(client.get("/api/v1/matrix/?therapie=rituximab"), 400, "therapie")


def test_a_control_is_no_therapy_of_the_matrix(client: Client) -> None:
    assert_problem(client.get("/api/v1/matrix/?therapy=placebo"), 400, "therapy")


def test_the_number_of_queries_is_constant(client: Client, django_assert_max_num_queries: Any) -> None:
    # 2 revision; therapies; studies, primary citations (2); arms, regimens; outcomes; results; findings; cases;
    # overlaps; all of which also serve 40 therapies
    with django_assert_max_num_queries(13):
        ask(client)
