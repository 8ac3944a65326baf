"""What surrounds the answers: methods, formats, errors of every kind, other origins, throttling."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from evidence.api.views import StudyViewSet
from foundation.api.middleware import AddressThrottle
from tests import factories
from tests.api.problems import assert_problem

pytestmark = pytest.mark.django_db
STUDIES = "/api/v1/studies/"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", [STUDIES, "/api/v1/", "/api/v1/studies/some/", "/api/v1/openapi.json"])
def test_there_is_no_way_to_write(client: Client, method: str, path: str) -> None:
    response = getattr(client, method)(path)
    assert_problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_writing_is_refused_before_parameters_are_looked_at(client: Client) -> None:
    assert_problem(client.post(f"{STUDIES}?desing=x"), 405)


def test_head_is_get_without_a_body(client: Client) -> None:
    factories.StudyFactory()
    whole, head = client.get(STUDIES), client.head(STUDIES)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary"):
        assert head[name] == whole[name]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nope/",
        "/api/v1/studies/nope/",
        "/api/v1/results/999999/",
        "/api/v1/studies/a/b/",
        "/api/v1/results/x/",
    ],
)
def test_what_is_not_there_is_a_problem(client: Client, path: str) -> None:
    told = assert_problem(client.get(path), 404)
    assert told["instance"] == path
    assert told["type"] == "about:blank"


def test_outside_the_api_errors_stay_pages(client: Client) -> None:
    assert client.get("/nope/")["Content-Type"].startswith("text/html")


def test_an_exception_is_a_problem_that_tells_nothing_of_the_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: StudyViewSet) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr(StudyViewSet, "get_queryset", broken)
    response = Client(raise_request_exception=False).get(STUDIES)
    told = assert_problem(response, 500)
    assert "secret" not in response.content.decode()
    assert told["detail"] == "Something went wrong here. It has been logged."


def test_a_database_that_is_away_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise DatabaseError("connection refused by 10.0.0.1")

    monkeypatch.setattr("foundation.models.Revision.current", away)
    response = Client(raise_request_exception=False).get(STUDIES)
    assert_problem(response, 500)
    assert "10.0.0.1" not in response.content.decode()


def test_a_host_that_is_not_ours_is_a_problem(client: Client) -> None:
    assert_problem(client.get(STUDIES, headers={"Host": "evil.example"}), 400)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/csv, application/json;q=0.5", "text/csv; charset=utf-8"),
        ("application/json; indent=8, */*;q=0.1", "application/json"),
    ],
)
def test_accept_chooses_the_format(client: Client, accept: str | None, content_type: str) -> None:
    response = client.get(STUDIES, headers={} if accept is None else {"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == content_type


@pytest.mark.parametrize("accept", ["application/xml", "image/png", "text/csv;q=0", "nonsense"])
def test_what_is_not_on_offer_is_not_acceptable(client: Client, accept: str) -> None:
    assert_problem(client.get(STUDIES, headers={"Accept": accept}), 406)


@pytest.mark.parametrize("accept", ["application/xml", "text/csv"])
def test_the_parameter_wins_over_the_header(client: Client, accept: str) -> None:
    response = client.get(f"{STUDIES}?format=json", headers={"Accept": accept})
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", ["xml", "JSON", "api", "html", ""])
def test_an_unknown_format_is_refused(client: Client, name: str) -> None:
    told = assert_problem(client.get(f"{STUDIES}?format={name}"), 400, "format")
    assert told["errors"][0]["allowed"] == ["json", "csv"]


@pytest.mark.parametrize(
    "path", [STUDIES, "/api/v1/nope/", "/api/v1/studies/?desing=1", "/api/v1/openapi.json"]
)
def test_any_origin_may_read(client: Client, path: str) -> None:
    response = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in response


def test_a_browser_may_ask_first(client: Client) -> None:
    response = client.options(
        STUDIES,
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == response["Allow"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]


def test_other_pages_are_not_opened_to_other_origins(client: Client) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/admin/login/")


def test_nothing_is_anybodys_own(client: Client) -> None:
    client.force_login(factories.UserFactory())
    response = client.get(STUDIES)
    assert "Cookie" not in response["Vary"]
    assert not response.cookies


@pytest.fixture
def three_a_minute(settings: Settings) -> Iterator[None]:
    cache.clear()
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": "3/min"}}
    yield
    cache.clear()


@pytest.mark.usefixtures("three_a_minute")
def test_too_many_requests_are_told_when_to_come_back(client: Client) -> None:
    for _ in range(3):
        assert client.get(STUDIES).status_code == 200
    response = client.get(STUDIES)
    assert_problem(response, 429)
    assert 1 <= int(response["Retry-After"]) <= 60


@pytest.mark.usefixtures("three_a_minute")
def test_each_address_has_its_own_count(client: Client) -> None:
    for _ in range(4):
        client.get(STUDIES)
    assert client.get(STUDIES, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get(STUDIES, headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 429


@pytest.mark.usefixtures("three_a_minute")
def test_pages_and_preflights_are_not_counted(client: Client) -> None:
    for _ in range(5):
        client.get("/admin/login/")
        assert client.options(STUDIES).status_code == 204
    assert client.get(STUDIES).status_code == 200


def test_without_a_rate_nothing_is_counted(settings: Settings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": None}}
    assert AddressThrottle().rate is None
