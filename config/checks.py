"""System checks of a deployment: what settings alone can get wrong, each with its id and its cure."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.checks.security.base import SECRET_KEY_MIN_LENGTH, SECRET_KEY_MIN_UNIQUE_CHARACTERS
from django.db import connections

from config.staticfiles import PACKAGE_FILES

OLDEST_POSTGRESQL = 15
UNSAFE_SCRIPT_SOURCES = {
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'unsafe-hashes'",
    "data:",
    "*",
    "http:",
    "https:",
}


@register(Tags.security)
def production_keeps_its_secret(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Sessions and password resets are signed with the key: one that can be guessed opens the admin."""
    key = settings.SECRET_KEY
    is_weak = len(key) < SECRET_KEY_MIN_LENGTH or len(set(key)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS
    if settings.IN_PRODUCTION and (is_weak or key.startswith("development-only")):
        return [
            Error(
                "SECRET_KEY is weak.",
                hint="Set it to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'",
                id="atlas.E001",
            )
        ]
    return []


@register(Tags.security)
def production_names_its_hosts(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A wildcard lets anyone's Host header into links and cached pages."""
    if settings.IN_PRODUCTION and "*" in settings.ALLOWED_HOSTS:
        return [
            Error(
                "ALLOWED_HOSTS admits every host.",
                hint="Set ALLOWED_HOSTS to the names the site is served under, parted by commas.",
                id="atlas.E002",
            )
        ]
    return []


@register(Tags.security)
def production_has_its_own_database(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """The embedded server trusts every user of the machine and has no backup."""
    if settings.IN_PRODUCTION and settings.DATABASES["default"]["ENGINE"] == "config.postgres":
        return [
            Error(
                "The embedded PostgreSQL server is for development and tests.",
                hint="Set DATABASE_URL to postgres://USER:PASSWORD@HOST:PORT/NAME.",
                id="atlas.E003",
            )
        ]
    return []


@register(Tags.security)
def scripts_come_from_here_alone(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """One unsafe source in script-src undoes the whole policy."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = set(directives.get("script-src", directives.get("default-src", ["*"])))
    unsafe = sorted(sources & UNSAFE_SCRIPT_SOURCES)
    if unsafe:
        return [
            Error(
                f"The content security policy lets scripts in by {', '.join(unsafe)}.",
                hint="Move the script into a file under static/ and leave script-src at 'self'.",
                id="atlas.E004",
            )
        ]
    return []


@register(Tags.staticfiles)
def package_files_are_installed(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A chart page without plotly.min.js shows tables alone and says nothing."""
    return [
        Error(
            f"The static file {path} is missing from the package {package}.",
            hint=f"Run `make install`; if it stays missing, {package} has moved {inside}: "
            "follow it in config/staticfiles.py.",
            id="atlas.E005",
        )
        for path, (package, inside) in PACKAGE_FILES.items()
        if not finders.find(path)
    ]


@register(Tags.caches, deploy=True)
def workers_share_their_cache(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Answers are keyed by the revision, so none is stale; but each worker computes and throttles on its own."""
    is_private = settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")
    if settings.IN_PRODUCTION and is_private and settings.WEB_CONCURRENCY > 1:
        return [
            Warning(
                f"Each of {settings.WEB_CONCURRENCY} workers has a cache of its own; API limits count for each.",
                hint="Set CACHE_URL to redis://HOST:PORT/NUMBER, or WEB_CONCURRENCY to 1.",
                id="atlas.W006",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def redirects_to_https_can_end(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Gunicorn speaks plain HTTP: unless a proxy says the visitor came by HTTPS, every page redirects to itself."""
    if settings.SECURE_SSL_REDIRECT and settings.SECURE_PROXY_SSL_HEADER is None:
        return [
            Warning(
                "Every request is redirected to HTTPS, and no proxy is trusted to say that it came by HTTPS.",
                hint="Set TRUSTED_PROXIES to the number of proxies in front that set X-Forwarded-Proto and "
                "X-Forwarded-For.",
                id="atlas.W007",
            )
        ]
    return []


@register(Tags.database)
def database_is_recent(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """Constraints here use what PostgreSQL 15 brought (NULLS NOT DISTINCT)."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        connection.ensure_connection()
        major, _ = connection.get_database_version()
        if major < OLDEST_POSTGRESQL:
            found.append(
                Error(
                    f"PostgreSQL {major} is too old.",
                    hint=f"Use PostgreSQL {OLDEST_POSTGRESQL} or newer.",
                    id="atlas.E008",
                )
            )
    return found
