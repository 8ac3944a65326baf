"""The OpenAPI document: valid, complete, the same as the one in docs/, and true of the answers."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import validate

from tests.api.endpoints import ENDPOINTS, Endpoint, full_study
from tests.evidence.dataset.plain_set import DATA, read

pytestmark = pytest.mark.django_db
SNAPSHOT = Path(settings.BASE_DIR) / "docs" / "openapi.json"
CHECK = "/api/v1/studies/check/"
REGENERATE = "manage.py spectacular --format openapi-json --validate --fail-on-warn --file docs/openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it is generated now, in plain JSON types."""
    with GENERATOR_STATS.silence():
        return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def test_the_document_is_the_one_in_docs(document: dict[str, Any]) -> None:
    assert document == json.loads(SNAPSHOT.read_text()), (
        f"The API changed: look at it, then run: python {REGENERATE}"
    )


def test_the_document_is_valid_openapi_without_a_warning(
    tmp_path: Path, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert document["openapi"] == "3.1.1"
    validate(document)
    out = tmp_path / "openapi.json"
    GENERATOR_STATS.reset()
    call_command("spectacular", format="openapi-json", validate=True, fail_on_warn=True, file=str(out))
    assert capsys.readouterr().err == ""
    assert json.loads(out.read_text()) == document


def test_the_document_is_served(client: Client, document: dict[str, Any]) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response["Content-Type"].startswith("application/")
    assert response["ETag"]
    served = response.json()
    assert served["paths"] == document["paths"]


def test_every_operation_tells_its_errors_and_its_caching(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        if path == CHECK:
            continue
        assert set(methods) == {"get"}, path
        operation = methods["get"]
        responses = operation["responses"]
        assert {"200", "304", "400", "406", "429", "500"} <= set(responses), path
        assert ("404" in responses) == ("{" in path), path
        assert ("301" in responses) == ("{slug}" in path), path
        assert "ETag" in responses["200"]["headers"]
        for status, answer in responses.items():
            assert answer["description"], (path, status)
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]
        assert operation["summary"], path
        assert "security" not in operation


def test_the_one_address_with_a_body_tells_what_it_takes_and_its_errors(document: dict[str, Any]) -> None:
    assert set(document["paths"][CHECK]) == {"post"}
    operation = document["paths"][CHECK]["post"]
    assert operation["requestBody"]["required"]
    assert {"200", "400", "406", "413", "415", "429", "500"} == set(operation["responses"])
    assert "ETag" not in operation["responses"]["200"]["headers"]
    assert "security" not in operation
    for status, answer in operation["responses"].items():
        assert answer["description"]
        if int(status) >= 400:
            assert list(answer["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("path", sorted(DATA.glob("studies/*.yaml"))[::20], ids=lambda path: path.stem)
def test_a_curated_study_is_as_the_document_says_that_a_study_is(
    document: dict[str, Any], path: Path
) -> None:
    body = document["paths"][CHECK]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**body, "components": document["components"]})
    assert [error.message for error in validator.iter_errors(read(path))] == []
    assert list(validator.iter_errors({**read(path), "design": "guess"}))
    assert list(validator.iter_errors({**read(path), "desing": "case_report"}))


def test_every_parameter_says_what_it_is_for(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                assert parameter.get("description"), (path, parameter["name"])


def test_a_closed_list_is_closed_in_the_document_too(document: dict[str, Any]) -> None:
    parameters = {each["name"]: each for each in document["paths"]["/api/v1/studies/"]["get"]["parameters"]}
    assert "single_arm_trial" in parameters["design"]["schema"]["items"]["enum"]
    assert parameters["page_size"]["schema"]["maximum"] == 500


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("record", [False, True], ids=["list", "record"])
def test_answers_are_as_the_document_says(
    client: Client, document: dict[str, Any], endpoint: Endpoint, record: bool
) -> None:
    made = endpoint.make()
    full_study()
    path = next(
        path for path in document["paths"] if path.startswith(endpoint.url) and ("{" in path) == record
    )
    answer = client.get(f"{endpoint.url}{endpoint.key(made)}/" if record else endpoint.url).json()
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    assert [error.message for error in validator.iter_errors(answer)] == []
    # And nothing beside it: every field told is a field described.
    name = schema["$ref"].rpartition("/")[2]
    described = document["components"]["schemas"][name]["properties"]
    assert set(answer) == set(described)
    assert document["components"]["schemas"][name]["required"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/comparisons/",
        "/api/v1/comparisons/?therapy=inebilizumab&therapy=obexelimab&outcome=relapse&at=52",
        "/api/v1/comparisons/?therapy=dupilumab&outcome=serum_igg4",
        "/api/v1/comparisons/sensitivity/?therapy=rituximab&outcome=complete_remission",
        "/api/v1/matrix/",
        "/api/v1/rules/",
        "/api/v1/rules/?design=case_report&severity=must",
    ],
)
@pytest.mark.usefixtures("curated")
def test_answers_to_questions_are_as_the_document_says(
    client: Client, document: dict[str, Any], address: str
) -> None:
    operation = document["paths"][address.partition("?")[0]]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    answer = client.get(address).json()
    assert [error.message for error in validator.iter_errors(answer)] == []
    assert set(answer) == set(schema["properties"]) == set(schema["required"])


def test_a_problem_is_as_the_document_says(client: Client, document: dict[str, Any]) -> None:
    problem = client.get("/api/v1/studies/?desing=case_report&design=nope").json()
    schema = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(problem)] == []
    example = document["paths"]["/api/v1/studies/"]["get"]["responses"]["400"]
    shown = example["content"]["application/problem+json"]["examples"]["unknown_parameter"]["value"]
    assert [error.message for error in validator.iter_errors(shown)] == []


def test_the_docs_page_brings_everything_from_here(client: Client) -> None:
    response = client.get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page
    assert "<script>" not in page
    assert " style=" not in page
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert "/api/v1/openapi.json" in client.get("/api/docs/?script=").content.decode()
