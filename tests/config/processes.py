"""Start other processes the way a person or a server would, with an environment that is told in full."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "ATLAS_ENV": "production",
    "SECRET_KEY": "kZ3!vR8qLw2-tYx7mNc5bHs9pJd4fGa6eUi1oQzWlXcVkBnMrTy0",
    "ALLOWED_HOSTS": "atlas.example.org",
    "DATABASE_URL": "postgres://someone:secret@localhost:1/nothing",
}
# What this test run itself may have set and a started process must not inherit.
OURS = {
    "ATLAS_ENV", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "CACHE_URL", "TRUSTED_PROXIES", "WEB_CONCURRENCY",
    "CSRF_TRUSTED_ORIGINS", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "LOG_LEVEL", "HOST", "PORT", "STATIC_ROOT",
    "EMBEDDED_POSTGRES_DIR", "API_RATE_ANONYMOUS",
}  # fmt: skip


def environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """The machine's environment without our own variables, then with the changes; None leaves one out."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {name: value for name, value in changes.items() if value is not None}


def python(
    code: str, env: Mapping[str, str | None], *, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
    )


def manage(
    *arguments: str, env: Mapping[str, str | None], timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run a management command in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
    )
