"""Strict readers of the environment.

Each reader returns a checked value or raises ImproperlyConfigured with the cure. A value that is set but
cannot be read is never taken for the default: `DEBUG=flase` must stop the start, not decide it.
"""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")


def text(name: str, default: str = "") -> str:
    """The value without surrounding blanks; unset and blank both mean the default."""
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    """A yes or no."""
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(
        f"{name}={value!r} is neither yes nor no: set it to true or false, or unset it."
    )


def integer(name: str, default: int, minimum: int = 0) -> int:
    """A whole number, no smaller than the minimum."""
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name}={value!r} is not a whole number: set it to one, or unset it."
        ) from None
    if number < minimum:
        raise ImproperlyConfigured(f"{name}={number} is too small: set it to {minimum} or more.")
    return number


def choice(name: str, choices: Sequence[str], default: str) -> str:
    """One word of a closed list."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is not known: set it to one of {', '.join(choices)}.")
    return value


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list parted by commas; empty items are dropped."""
    return [word for word in (part.strip() for part in text(name).split(",")) if word] or list(default)


def origins(name: str) -> list[str]:
    """A list of web origins, each with its scheme, as Django's CSRF_TRUSTED_ORIGINS wants them."""
    found = words(name)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            raise ImproperlyConfigured(
                f"{name} holds {origin!r}, which is no origin: write scheme and host, as in https://atlas.example.org."
            )
    return found


def site(name: str, default: str) -> str:
    """The web origin of the site itself, without a slash at its end."""
    found = origins(name)
    if len(found) > 1:
        raise ImproperlyConfigured(f"{name} names {len(found)} origins: set it to the one that people open.")
    return found[0] if found else default


def mail(name: str) -> dict[str, Any]:
    """Django's e-mail settings for a mail server's address; none when the variable is unset."""
    value = text(name)
    if not value:
        return {}
    cure = f"set {name} to smtp://USER:PASSWORD@HOST:PORT, smtp+tls:// for STARTTLS or smtp+ssl:// for TLS"
    # The value is not repeated: it may hold a password.
    if urlsplit(value).scheme not in ("smtp", "smtp+tls", "smtp+ssl"):
        raise ImproperlyConfigured(f"{name} does not name a mail server: {cure}.")
    try:
        found: dict[str, Any] = dict(environ.Env.email_url_config(value))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read as an address: {cure}.") from error
    return {key: part for key, part in found.items() if part is not None and key != "EMAIL_FILE_PATH"}


def address(name: str, default: str) -> str:
    """The address of a service, without a stroke at its end."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            f"{name}={value!r} is no address of a service: write scheme, host and path, as in {default}."
        )
    return value.rstrip("/")


def email(name: str) -> str:
    """A mail address, or nothing."""
    value = text(name)
    if value:
        try:
            validate_email(value)
        except ValidationError:
            raise ImproperlyConfigured(
                f"{name}={value!r} is no mail address: write one such as atlas@example.org, or unset it."
            ) from None
    return value


def database(name: str) -> dict[str, Any] | None:
    """Django's DATABASES entry for a PostgreSQL address, or None when the variable is unset."""
    value = text(name)
    if not value:
        return None
    cure = f"set {name} to postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters percent-encoded"
    if urlsplit(value).scheme not in ("postgres", "postgresql"):
        # The value is not repeated: it may hold a password.
        raise ImproperlyConfigured(
            f"{name} does not name a PostgreSQL database, the only engine here: {cure}."
        )
    try:
        entry: dict[str, Any] = dict(environ.Env.db_url_config(value))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read as an address: {cure}.") from error
    if not entry.get("NAME"):
        raise ImproperlyConfigured(f"{name} names no database: {cure}.")
    return entry


def cache(name: str) -> dict[str, Any]:
    """Django's CACHES entry for a Redis or Valkey address; memory of the process when the variable is unset."""
    value = text(name)
    if not value:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "atlas"}
    if urlsplit(value).scheme not in ("redis", "rediss"):
        raise ImproperlyConfigured(
            f"{name} does not name a Redis or Valkey server: set it to redis://HOST:PORT/NUMBER, or unset it."
        )
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": value}


def require(**values: object) -> None:
    """Refuse to start while any of the named values is empty, naming all of them at once."""
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"Production needs {', '.join(missing)} in the environment. "
            "Set them (docs/operations.md says how), or set ATLAS_ENV=development for a trial on your own machine."
        )
