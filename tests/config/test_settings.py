"""Settings in production and in development, and the headers that follow from them."""

import json

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings

from config.clients import client_address
from tests.config.processes import PRODUCTION, python

START = "import django; django.setup(); from django.conf import settings as s; "
SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings"}


@pytest.mark.parametrize(
    ("absent", "named"),
    [
        (("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"), "SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL"),
        (("ALLOWED_HOSTS",), "ALLOWED_HOSTS"),
    ],
)
def test_production_refuses_to_start_and_says_what_is_missing(absent: tuple[str, ...], named: str) -> None:
    started = python(START, SETTINGS | PRODUCTION | dict.fromkeys(absent))
    assert started.returncode != 0
    assert f"Production needs {named} in the environment." in started.stderr


def test_production_is_strict() -> None:
    code = START + (
        "import json; print(json.dumps({n: getattr(s, n) for n in ["
        "'DEBUG', 'SESSION_COOKIE_SECURE', 'CSRF_COOKIE_SECURE', 'SECURE_SSL_REDIRECT', 'SECURE_HSTS_SECONDS',"
        "'SECURE_PROXY_SSL_HEADER', 'ALLOWED_HOSTS', 'DATABASES', 'STORAGES']}))"
    )
    started = python(code, SETTINGS | PRODUCTION | {"TRUSTED_PROXIES": "1"})
    assert started.returncode == 0, started.stderr
    told = json.loads(started.stdout)
    assert told["DEBUG"] is False
    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is told["SECURE_SSL_REDIRECT"] is True
    assert told["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60
    assert told["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert told["ALLOWED_HOSTS"] == ["atlas.example.org"]
    database = told["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["OPTIONS"]["pool"]["max_size"] == 8
    assert database["CONN_MAX_AGE"] == 0
    assert told["STORAGES"]["staticfiles"]["BACKEND"].endswith("CompressedManifestStaticFilesStorage")


def test_production_logs_json_lines_with_the_traceback_inside() -> None:
    code = START + (
        "import logging\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    "
        "logging.getLogger('evidence').exception('It broke', extra={'study': 'x'})"
    )
    started = python(code, SETTINGS | PRODUCTION)
    (line,) = started.stderr.strip().splitlines()
    entry = json.loads(line)
    assert entry["level"] == "ERROR"
    assert entry["logger"] == "evidence"
    assert entry["message"] == "It broke"
    assert entry["study"] == "x"
    assert "ZeroDivisionError" in entry["exc_info"]
    assert entry["time"]


def test_development_starts_with_nothing_set() -> None:
    started = python(START + "print(s.DEBUG, s.DATABASES['default']['ENGINE'])", SETTINGS)
    assert started.stdout.split() == ["True", "config.postgres"], started.stderr


def test_an_unknown_environment_is_refused() -> None:
    started = python(START, SETTINGS | {"ATLAS_ENV": "prod"})
    assert "ATLAS_ENV='prod' is not known: set it to one of development, production." in started.stderr


@pytest.mark.django_db
def test_every_page_carries_the_protecting_headers(client: Client) -> None:
    answer = client.get("/admin/login/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "nonce" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_style_hash_is_that_of_the_empty_string() -> None:
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    assert f"'sha256-{digest}'" == settings.EMPTY_STYLE_HASH


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "10.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_only_from_our_own_proxies(
    rf: RequestFactory, proxies: int, forwarded: str, expected: str
) -> None:
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(TRUSTED_PROXIES=proxies):
        assert client_address(request) == expected


@pytest.mark.django_db
def test_guessing_a_password_is_stopped_after_five_tries(client: Client, django_user_model: type) -> None:
    django_user_model.objects.create_superuser("reviewer", password="right")  # type: ignore[attr-defined]
    tries = [
        client.post("/admin/login/", {"username": "reviewer", "password": f"wrong {number}"}).status_code
        for number in range(settings.AXES_FAILURE_LIMIT)
    ]
    assert tries == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    assert client.post("/admin/login/", {"username": "reviewer", "password": "right"}).status_code == 429
