"""No parameter is ignored: what an address does not understand is refused by name."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse

from foundation.api.faults import INVALID_PARAMETER, UNKNOWN_PARAMETER
from tests import factories
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.api.problems import assert_problem

pytestmark = pytest.mark.django_db
Ask = Callable[..., HttpResponse]
every_list = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


@every_list
def test_an_unknown_parameter_is_a_400_that_names_it(ask: Ask, endpoint: Endpoint) -> None:
    told = assert_problem(ask(f"{endpoint.name}/", frobnicate="1"), 400, "frobnicate")
    assert told["type"] == UNKNOWN_PARAMETER
    assert "cursor" in told["errors"][0]["allowed"]


@every_list
def test_a_record_takes_no_filter(ask: Ask, endpoint: Endpoint) -> None:
    record = endpoint.make()
    assert_problem(ask(f"{endpoint.name}/{endpoint.key(record)}/", page_size="1"), 400, "page_size")


def test_a_slip_of_the_pen_is_told_what_was_meant(ask: Ask) -> None:
    told = assert_problem(ask("studies/", desing="case_report"), 400, "desing")
    assert told["errors"][0]["suggestion"] == "design"
    assert "did you mean design?" in told["detail"]


def test_an_unknown_word_of_a_closed_list_is_told_the_list(ask: Ask) -> None:
    told = assert_problem(ask("studies/", design="case_reprot"), 400, "design")
    assert told["type"] == INVALID_PARAMETER
    fault = told["errors"][0]
    assert fault["value"] == "case_reprot"
    assert fault["suggestion"] == "case_report"
    assert "randomised_trial" in fault["allowed"]
    assert len(fault["allowed"]) == 10


def test_an_unknown_slug_is_told_the_nearest(ask: Ask) -> None:
    factories.TherapyFactory(slug="rituximab")
    told = assert_problem(ask("results/", therapy="rituximb"), 400, "therapy")
    assert told["errors"][0]["suggestion"] == "rituximab"


def test_each_unknown_value_of_a_repeated_parameter_is_told(ask: Ask) -> None:
    told = assert_problem(ask("studies/", design=["case_report", "nope", "nix"]), 400, "design", "design")
    assert [fault["value"] for fault in told["errors"]] == ["nope", "nix"]


def test_all_faults_are_told_at_once(ask: Ask) -> None:
    assert_problem(ask("results/", week_from="soon", kind="size"), 400, "kind", "week_from")
    assert_problem(ask("results/", frobnicate="1", week_from=["1", "2"]), 400, "frobnicate", "week_from")


@pytest.mark.parametrize("value", ["0", "-1", "501", "50.5", "many", "1e2", "9" * 5000, "٥", " 5", "+5"])
def test_a_page_size_out_of_range_is_refused(ask: Ask, value: str) -> None:
    assert_problem(ask("studies/", page_size=value), 400, "page_size")


@pytest.mark.parametrize("value", ["1", "500"])
def test_a_page_size_in_range_is_taken(ask: Ask, value: str) -> None:
    assert ask("studies/", page_size=value).status_code == 200


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "é",
        "W10",  # []
        "bnVsbA",  # null
        "WyJuIl0",  # ["n"]
        "x" * 2000,
        "e30=",  # {}
        "WyJuIiwxLCJhIl0",  # ["n",1,"a"]: another list's fingerprint
    ],
)
def test_a_cursor_that_was_never_given_out_is_refused(ask: Ask, cursor: str) -> None:
    assert_problem(ask("studies/", cursor=cursor), 400, "cursor")


def test_a_cursor_of_another_list_is_refused(ask: Ask) -> None:
    for _ in range(2):
        factories.StudyFactory()
        factories.ResultFactory()
    cursor = ask("results/", page_size=1).json()["next"].partition("cursor=")[2].partition("&")[0]
    assert_problem(ask("studies/", cursor=cursor), 400, "cursor")


@pytest.mark.parametrize("parameter", ["cursor", "page_size", "q", "from", "format", "registration"])
def test_a_single_parameter_is_not_repeated(ask: Ask, parameter: str) -> None:
    value = "json" if parameter == "format" else "5"
    assert_problem(ask("studies/", **{parameter: [value, value]}), 400, parameter)


@pytest.mark.parametrize("parameter", ["q", "therapy", "design", "from", "page_size", "cursor"])
def test_an_empty_value_is_refused(ask: Ask, parameter: str) -> None:
    assert_problem(ask("studies/", **{parameter: ""}), 400, parameter)


@pytest.mark.parametrize("parameter", ["q", "therapy", "design", "cursor", "registration", "country"])
def test_a_nul_character_is_refused_and_never_reaches_the_database(ask: Ask, parameter: str) -> None:
    assert_problem(ask("studies/", **{parameter: "a\x00b"}), 400, parameter)


@pytest.mark.parametrize("value", ["soon", "1.5", "-1", "2601", "9" * 400, "1" * 5000, "NaN"])
def test_a_week_is_a_whole_number_in_range(ask: Ask, value: str) -> None:
    assert_problem(ask("results/", week_from=value), 400, "week_from")


def test_a_long_value_is_cut_in_the_answer_and_its_controls_are_replaced(ask: Ask) -> None:
    told = assert_problem(ask("studies/", design="x\x1b[31m" + "y" * 5000), 400, "design")
    assert len(told["errors"][0]["value"]) < 100
    assert "\x1b" not in told["errors"][0]["value"]


@pytest.mark.parametrize(
    "address", ["studies/%00/", "studies/A%20B/", "results/0x1/", "results/" + "9" * 40 + "/"]
)
def test_an_address_that_cannot_be_is_not_found(ask: Ask, address: str) -> None:
    assert_problem(ask(address), 404)


def test_a_number_beyond_the_database_is_not_found(ask: Ask) -> None:
    assert_problem(ask(f"results/{'9' * 18}/"), 404)
