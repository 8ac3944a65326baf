"""/api/v1/comparisons/: the documented contract, exact figures, CSV, refusals, validators."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from comparison.api.rows import COLUMNS
from evidence.models import Study
from tests.api.problems import assert_problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]

ADDRESS = "/api/v1/comparisons/"
LETTER = f"{ADDRESS}?therapy=rituximab&therapy=abatacept&outcome=complete_remission"
NUMBER = (int, float)
Shape = dict[str, Any]

# DESIGN: the contract. A tuple of types, or a nested shape; None stands where a value may be missing.
ROW: Shape = {
    "study": str,
    "arm": (str, None),
    "week": (int, None),
    "events": int,
    "total": int,
    "proportion": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "definition": (str, None),
    "basis": str,
    "locator": str,
    "citation": {"label": str, "doi": (str, None), "pmid": (str, None)},
    "pooled": bool,
    "why_not_pooled": (str, None),
}
ESTIMATE: Shape = {
    "studies": int,
    "patients": int,
    "events": int,
    "proportion": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "prediction_low": (*NUMBER, None),
    "prediction_high": (*NUMBER, None),
    "tau2": (*NUMBER, None),
    "method": str,
    "reason": str,
}
CONTRAST: Shape = {
    "a": str,
    "b": str,
    "kind": str,
    "measure": (str, None),
    "estimate": (*NUMBER, None),
    "low": (*NUMBER, None),
    "high": (*NUMBER, None),
    "via": (str, None),
    "reasons": list,
    "studies": list,
}
FINDING: Shape = {"therapy": str, "direction": str, "statement": str, "study": str, "locator": str}
CAUTION: Shape = {"code": str, "text": str}
META: Shape = {"revision": int, "as_of": str, "licence": str, "disclaimer": str}


def assert_shape(told: Any, shape: Shape) -> None:
    """Every key is there with a value of the right kind."""
    for key, kinds in shape.items():
        assert key in told, key
        if isinstance(kinds, dict):
            assert_shape(told[key], kinds)
            continue
        kinds = kinds if isinstance(kinds, tuple) else (kinds,)
        if told[key] is None:
            assert None in kinds, key
        else:
            assert isinstance(told[key], tuple(kind for kind in kinds if kind is not None)), key
            assert isinstance(told[key], bool) == (kinds == (bool,)), key


def ask(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    # JSON knows no NaN and no infinity, and a strict reader refuses them.
    return json.loads(response.content, parse_constant=lambda name: pytest.fail(name))


@pytest.mark.parametrize(
    "query",
    [
        "?therapy=rituximab&therapy=abatacept&outcome=complete_remission",
        "",
        "?therapy=inebilizumab&therapy=obexelimab&therapy=placebo&outcome=relapse",
        "?outcome=relapse&pool=together&overlaps=ignore",
    ],
)
def test_an_answer_keeps_the_documented_contract(client: Client, query: str) -> None:
    told = ask(client, ADDRESS + query)
    assert set(told) >= {"question", "strata", "contrasts", "findings", "cautions", "meta"}
    assert_shape(told["question"], {"therapies": list, "outcome": str, "in_words": str})
    assert told["strata"] and told["contrasts"] and told["findings"] and told["cautions"]
    for stratum in told["strata"]:
        assert_shape(stratum, {"therapy": str, "design_class": (str, None), "rows": list})
        assert stratum["rows"]
        for row in stratum["rows"]:
            assert_shape(row, ROW)
            assert row["low"] <= row["proportion"] <= row["high"]
            assert row["pooled"] == (row["why_not_pooled"] is None)
        if stratum["estimate"] is not None:
            assert_shape(stratum["estimate"], ESTIMATE)
    for contrast in told["contrasts"]:
        assert_shape(contrast, CONTRAST)
        assert contrast["kind"] in ("direct", "anchored", "naive")
    for finding in told["findings"]:
        assert_shape(finding, FINDING)
    for caution in told["cautions"]:
        assert_shape(caution, CAUTION)
    assert_shape(told["meta"], META)
    assert "not advice" in told["meta"]["disclaimer"]


def test_the_letters_question_has_its_exact_figures(client: Client) -> None:
    told = ask(client, LETTER)
    assert told["question"]["in_words"] == (
        "Complete remission closest to week 26, rituximab and abatacept, all designs."
    )
    assert (told["question"]["at"], told["question"]["query"]) == (
        26,
        "therapy=rituximab&therapy=abatacept&outcome=complete_remission",
    )
    rows = {row["study"]: row for stratum in told["strata"] for row in stratum["rows"]}
    carruthers, matza = rows["carruthers-2015"], rows["matza-2022"]
    assert (carruthers["events"], carruthers["total"], carruthers["week"]) == (14, 30, 26)
    assert [round(carruthers[key], 4) for key in ("proportion", "low", "high")] == [0.4667, 0.2834, 0.6567]
    assert (carruthers["citation"]["label"], carruthers["citation"]["pmid"]) == (
        "Carruthers 2015",
        "25667206",
    )
    assert (matza["events"], matza["total"]) == (3, 10)
    assert [round(matza[key], 4) for key in ("low", "high")] == [0.0667, 0.6525]
    (contrast,) = told["contrasts"]
    assert (contrast["kind"], contrast["estimate"]) == ("naive", None)
    assert told["cautions"][0]["code"] == "naive_comparison"


def test_without_parameters_the_letters_five_are_compared(client: Client) -> None:
    told = ask(client, ADDRESS)
    assert told["question"]["therapies"] == [
        "glucocorticoid",
        "rituximab",
        "mepolizumab",
        "dupilumab",
        "abatacept",
    ]
    assert (told["question"]["outcome"], told["question"]["query"]) == ("overall_response", "")
    assert len(told["contrasts"]) == 10


def test_a_quantity_stands_without_pool_or_interval(client: Client) -> None:
    told = ask(client, f"{ADDRESS}?therapy=rituximab&outcome=serum_igg4")
    rows = [row for stratum in told["strata"] for row in stratum["rows"]]
    assert rows
    for row in rows:
        assert isinstance(row["value"], float) and row["events"] is None and row["low"] is None
    assert {stratum["estimate"] for stratum in told["strata"]} == {None}


def test_a_therapy_without_evidence_is_an_answer(client: Client) -> None:
    told = ask(client, f"{ADDRESS}?therapy=dupilumab&outcome=second_relapse")
    assert told["strata"] == []
    assert [caution["code"] for caution in told["cautions"]] == ["no_evidence"]


def test_drafts_never_appear(client: Client) -> None:
    study = Study.objects.get(slug="carruthers-2015")
    study.state = "draft"
    study.published_at = None
    study.save()
    told = ask(client, LETTER)
    assert "carruthers-2015" not in json.dumps(told)
    refused = client.get(f"{LETTER}&exclude=carruthers-2015")
    assert_problem(refused, 400, "exclude")


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(response: HttpResponse) -> list[dict[str, str]]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def test_the_csv_has_a_row_for_each_row_of_the_json(client: Client) -> None:
    rows = [row for stratum in ask(client, LETTER)["strata"] for row in stratum["rows"]]
    response = client.get(f"{LETTER}&format=csv")
    told = table(response)
    assert list(told[0]) == list(COLUMNS)
    assert [(row["therapy"], row["study"], row["arm"]) for row in told] == [
        (row["therapy"], row["study"], row["arm"] or "") for row in rows
    ]
    carruthers = next(row for row in told if row["study"] == "carruthers-2015")
    assert (carruthers["outcome"], carruthers["events"], carruthers["total"]) == (
        "complete_remission",
        "14",
        "30",
    )
    assert [round(float(carruthers[key]), 4) for key in ("low", "high")] == [0.2834, 0.6567]
    assert carruthers["citation.doi"] == "10.1136/annrheumdis-2014-206605"
    assert carruthers["value"] == ""
    assert 'filename="igg4rd-atlas-comparison-r' in response["Content-Disposition"]


def test_an_empty_answer_has_its_header(client: Client) -> None:
    response = client.get(f"{ADDRESS}?therapy=dupilumab&outcome=second_relapse&format=csv")
    assert table(response) == []
    assert response.content.decode().strip() == ",".join(COLUMNS)


def test_a_text_that_a_spreadsheet_would_run_is_defused(client: Client) -> None:
    study = Study.objects.get(slug="carruthers-2015")
    study.arms.get().results.filter(outcome__slug="complete_remission").update(
        definition="=HYPERLINK(1)", locator="@SUM(A1)"
    )
    Study.objects.filter(pk=study.pk).update(label="+1")
    row = next(one for one in table(client.get(f"{LETTER}&format=csv")) if one["study"] == "carruthers-2015")
    assert (row["definition"], row["locator"], row["study_label"]) == ("'=HYPERLINK(1)", "'@SUM(A1)", "'+1")


def test_accept_chooses_the_csv(client: Client) -> None:
    assert table(client.get(LETTER, headers={"accept": "text/csv"}))


@pytest.mark.parametrize("ending", ["", "&format=csv"])
def test_what_is_wrong_is_refused_in_either_format(client: Client, ending: str) -> None:
    assert_problem(client.get(f"{ADDRESS}?outcome=survival{ending}"), 400, "outcome")


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("outcom=relapse", ["outcom"]),
        ("page_size=5", ["page_size"]),
        ("therapy=tocilizumab9", ["therapy"]),
        ("organ=soul", ["organ"]),
        ("at=abc", ["at"]),
        ("at=-1", ["at"]),
        ("at=000000000999999", ["at"]),
        ("at=" + "0" * 9 + "9" * 5000, ["at"]),
        ("at=26&at=52", ["at"]),
        ("from=2020&to=2010", ["from"]),
        ("outcome=", ["outcome"]),
        ("therapy=rituximab%00", ["therapy"]),
        ("exclude=nobody-1900", ["exclude"]),
        ("format=xml", ["format"]),
        ("at=abc&basis=press", ["at", "basis"]),
    ],
)
def test_a_wrong_parameter_is_a_problem_that_names_it(
    client: Client, query: str, parameters: list[str]
) -> None:
    assert_problem(client.get(f"{ADDRESS}?{query}"), 400, *parameters)


def test_a_slip_of_the_pen_is_met_with_what_may_have_been_meant(client: Client) -> None:
    told = assert_problem(client.get(f"{ADDRESS}?therapy=rituximap"), 400, "therapy")
    assert told["errors"][0]["suggestion"] == "rituximab"
    told = assert_problem(client.get(f"{ADDRESS}?outcom=relapse"), 400, "outcom")
    assert told["errors"][0]["suggestion"] == "outcome"


def test_seven_therapies_are_too_many(client: Client) -> None:
    slugs = [row["slug"] for row in client.get("/api/v1/therapies/").json()["results"]][:7]
    query = "&".join(f"therapy={slug}" for slug in slugs)
    told = assert_problem(client.get(f"{ADDRESS}?{query}"), 400, "therapy")
    assert told["errors"][0]["detail"] == "therapy takes 6 at the most."


# ── validators ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_that_stands_is_not_sent_again(client: Client) -> None:
    first = client.get(LETTER)
    again = client.get(LETTER, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    as_csv = client.get(f"{LETTER}&format=csv", headers={"if-none-match": first["ETag"]})
    assert as_csv.status_code == 200


def test_a_changed_figure_makes_another_answer(client: Client) -> None:
    first = client.get(LETTER)
    study = Study.objects.get(slug="carruthers-2015")
    study.arms.get().results.filter(outcome__slug="complete_remission", week=26).update(events=15)
    again = client.get(LETTER, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    rows = {row["study"]: row for stratum in again.json()["strata"] for row in stratum["rows"]}
    assert rows["carruthers-2015"]["events"] == 15


def test_every_outcome_is_strict_json(client: Client) -> None:
    """No NaN, no infinity, whatever is asked of the letter's five."""
    outcomes = [row["slug"] for row in client.get("/api/v1/outcomes/?page_size=500").json()["results"]]
    assert len(outcomes) > 30
    for outcome in outcomes:
        ask(client, f"{ADDRESS}?outcome={outcome}")
