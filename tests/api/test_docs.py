"""The written promise: its examples are asked, and it names every address and every parameter."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from django.test import Client

from comparison.question import PARAMETERS
from comparison.result import CautionCode
from config.api import QUESTIONS, router
from tests.api.conftest import Get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]
TEXT = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
EXAMPLE = re.compile(
    r"```sh\ncurl (?:--json '(?P<sent>[^']+)' )?'https://atlas\.example\.org(?P<path>[^']+)'\n```\n"
    r"```(?P<kind>json|csv)\n(?P<body>.*?)```",
    re.DOTALL,
)
EXAMPLES = [match.groups() for match in EXAMPLE.finditer(TEXT)]


def differences(shown: Any, told: Any, where: str = "$") -> list[str]:
    """Where an answer does not hold what an example shows: records may hold more fields, lists more items."""
    if isinstance(shown, dict) and isinstance(told, dict):
        missing = [f"{where}.{name} is missing" for name in shown if name not in told]
        common = [name for name in shown if name in told]
        return missing + [
            line for name in common for line in differences(shown[name], told[name], f"{where}.{name}")
        ]
    if isinstance(shown, list) and isinstance(told, list):
        if len(told) < len(shown):
            return [f"{where} has {len(told)} items, not {len(shown)} or more"]
        return [
            line
            for index, item in enumerate(shown)
            for line in differences(item, told[index], f"{where}[{index}]")
        ]
    same = shown == told and isinstance(shown, bool) == isinstance(told, bool)
    return [] if same else [f"{where} is {told!r}, not {shown!r}"]


def test_no_example_is_left_out() -> None:
    assert len(EXAMPLES) == TEXT.count("```sh\n") >= 6


@pytest.mark.parametrize(("sent", "path", "kind", "body"), EXAMPLES, ids=[example[1] for example in EXAMPLES])
def test_an_example_is_what_is_answered(
    client: Client, sent: str | None, path: str, kind: str, body: str
) -> None:
    response = client.get(path) if sent is None else client.post(path, sent, content_type="application/json")
    if kind == "csv":
        assert response.status_code == 200
        shown = list(csv.DictReader(io.StringIO(body)))
        told = list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))
        assert differences(shown, told) == []
    else:
        shown = json.loads(body)
        assert response.status_code == shown.get("status", 200)
        assert differences(shown, response.json()) == []


def test_a_wrong_example_would_be_found() -> None:
    assert differences({"a": 1}, {"a": 2})
    assert differences({"a": None}, {"a": 0})
    assert differences({"a": 0}, {"a": False})
    assert differences({"a": [1, 2]}, {"a": [1]})
    assert differences({"b": 1}, {"a": 1})
    assert not differences({"a": [{"b": 67}]}, {"a": [{"b": 67.0, "c": 1}, 2]})


def test_every_parameter_of_every_list_is_told() -> None:
    table = dict(re.findall(r"^\| (\w+) \| (`.*) \|$", TEXT, re.MULTILINE))
    for prefix, view, _ in router.registry:
        if view.filterset_class is None:
            assert prefix not in table
            continue
        told = re.findall(r"`(\w+)`", table[prefix])
        assert sorted(told) == sorted(view.filterset_class.parameters()), prefix


def test_every_single_valued_parameter_is_told_as_such() -> None:
    told = set(re.findall(r"`(\w+)`", re.search(r"Single-valued: (.*?)\.\n", TEXT, re.DOTALL)[1]))
    single = {"cursor", "page_size", "format"}
    for _, view, _ in router.registry:
        if view.filterset_class is not None:
            single |= set(view.filterset_class.parameters()) - view.filterset_class.repeatable()
    assert told == single


def test_every_address_is_told(get: Get) -> None:
    for name in get("")["endpoints"]:
        assert f"`/api/v1/{name}/`" in TEXT


def test_every_parameter_of_a_question_is_told() -> None:
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert set(PARAMETERS) <= told


def test_every_caution_and_measure_is_told() -> None:
    for code in (*get_args(CautionCode), "risk_ratio", "hazard_ratio", "mean_difference"):
        assert f"`{code}`" in TEXT, code


def test_every_question_is_told() -> None:
    for path in QUESTIONS:
        assert f"`/api/v1/{path}/`" in TEXT, path
