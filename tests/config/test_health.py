"""The probes answer with the right status, to anyone and by any name."""

import json

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from config import health


def test_the_process_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "alive"}
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_migrated_database_is_ready_after_two_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    health.pending_migrations()
    # The table of migrations is looked up, then read.
    with django_assert_num_queries(2):
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready"}


@pytest.mark.django_db
def test_a_missing_migration_is_named(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("evidence", "0001_initial")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "5"
    problem = json.loads(answer.content)
    assert problem["status"] == 503
    assert problem["title"] == "Not ready"
    assert problem["detail"] == "1 migrations are not applied yet, the first is evidence.0001_initial."


def test_an_unreachable_database_is_told_without_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> list[str]:
        raise OperationalError("connection to server at 10.1.2.3 failed")

    monkeypatch.setattr(health, "pending_migrations", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["detail"] == "The database cannot be reached."
    assert b"10.1.2.3" not in answer.content
    assert "10.1.2.3" in caplog.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_a_probe_by_address_and_plain_http_is_answered(client: Client, settings: Settings, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/admin/login/", headers={"host": "10.0.0.7:8000"}).status_code == 400
