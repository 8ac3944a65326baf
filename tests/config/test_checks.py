"""Each system check speaks when it should, with its id and a hint, and is silent otherwise."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import CheckMessage, run_checks
from django.db import connection
from pytest_django import Settings

from config import checks

STRONG_KEY = "kZ3!vR8qLw2-tYx7mNc5bHs9pJd4fGa6eUi1oQzWlXcVkBnMrTy0"
LOCAL_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
REDIS_CACHE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}


def policy(**directives: list[str]) -> dict[str, Any]:
    return {"DIRECTIVES": {name.replace("_", "-"): sources for name, sources in directives.items()}}


# Check, id, settings that make it speak, settings that keep it silent.
CASES: list[tuple[Callable[..., Sequence[CheckMessage]], str, dict[str, Any], dict[str, Any]]] = [
    (
        checks.production_keeps_its_secret,
        "atlas.E001",
        {"IN_PRODUCTION": True, "SECRET_KEY": "short"},
        {"IN_PRODUCTION": True, "SECRET_KEY": STRONG_KEY},
    ),
    (
        checks.production_keeps_its_secret,
        "atlas.E001",
        {"IN_PRODUCTION": True, "SECRET_KEY": "development-only" + STRONG_KEY},
        {"IN_PRODUCTION": False, "SECRET_KEY": "short"},
    ),
    (
        checks.production_names_its_hosts,
        "atlas.E002",
        {"IN_PRODUCTION": True, "ALLOWED_HOSTS": ["*"]},
        {"IN_PRODUCTION": True, "ALLOWED_HOSTS": ["atlas.example.org"]},
    ),
    (
        checks.production_has_its_own_database,
        "atlas.E003",
        {"IN_PRODUCTION": True, "DATABASES": {"default": {"ENGINE": "config.postgres"}}},
        {"IN_PRODUCTION": True, "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}}},
    ),
    (
        checks.scripts_come_from_here_alone,
        "atlas.E004",
        {"CONTENT_SECURITY_POLICY": policy(script_src=["'self'", "'unsafe-eval'"])},
        {"CONTENT_SECURITY_POLICY": policy(script_src=["'self'"])},
    ),
    (
        checks.scripts_come_from_here_alone,
        "atlas.E004",
        {"CONTENT_SECURITY_POLICY": policy(img_src=["'self'"])},
        {"CONTENT_SECURITY_POLICY": policy(default_src=["'none'"])},
    ),
    (
        checks.package_files_are_installed,
        "atlas.E005",
        {"STATICFILES_FINDERS": ["django.contrib.staticfiles.finders.FileSystemFinder"]},
        {"STATICFILES_FINDERS": ["config.staticfiles.PackageFileFinder"]},
    ),
    (
        checks.workers_share_their_cache,
        "atlas.W006",
        {"IN_PRODUCTION": True, "CACHES": LOCAL_CACHE, "WEB_CONCURRENCY": 2},
        {"IN_PRODUCTION": True, "CACHES": LOCAL_CACHE, "WEB_CONCURRENCY": 1},
    ),
    (
        checks.workers_share_their_cache,
        "atlas.W006",
        {"IN_PRODUCTION": True, "CACHES": LOCAL_CACHE, "WEB_CONCURRENCY": 2},
        {"IN_PRODUCTION": True, "CACHES": REDIS_CACHE, "WEB_CONCURRENCY": 2},
    ),
    (
        checks.redirects_to_https_can_end,
        "atlas.W007",
        {"SECURE_SSL_REDIRECT": True, "SECURE_PROXY_SSL_HEADER": None},
        {"SECURE_SSL_REDIRECT": True, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
    ),
]


@pytest.mark.parametrize(("check", "identifier", "bad", "good"), CASES)
def test_a_check_speaks_only_when_it_should(
    monkeypatch: pytest.MonkeyPatch,
    check: Callable[..., Sequence[CheckMessage]],
    identifier: str,
    bad: dict[str, Any],
    good: dict[str, Any],
) -> None:
    # A plain object and not override_settings: no cache, connection or finder must be rebuilt for it.
    def speaks(changes: dict[str, Any]) -> Sequence[CheckMessage]:
        monkeypatch.setattr(checks, "settings", SimpleNamespace(**changes))
        monkeypatch.setattr(checks.finders, "find", finder_of(changes))
        return check(None)

    (message,) = speaks(bad)
    assert message.id == identifier
    assert message.hint
    assert speaks(good) == []


def finder_of(changes: dict[str, Any]) -> Callable[[str], Any]:
    from django.contrib.staticfiles.finders import get_finder

    def find(path: str) -> Any:
        return next(
            (found for name in changes["STATICFILES_FINDERS"] if (found := get_finder(name).find(path))), None
        )

    return find


@pytest.mark.django_db
def test_an_old_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.database_is_recent(None, databases=["default"]) == []
    monkeypatch.setattr(connection, "get_database_version", lambda: (14, 9))
    (message,) = checks.database_is_recent(None, databases=["default"])
    assert message.id == "atlas.E008"
    assert message.hint
    assert checks.database_is_recent(None, databases=None) == []


def test_the_checks_are_registered(settings: Settings) -> None:
    settings.IN_PRODUCTION = True
    settings.ALLOWED_HOSTS = ["*"]
    assert "atlas.E002" in {message.id for message in run_checks(tags=["security"])}
