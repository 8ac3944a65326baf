"""What every test shares: a database of its own for each run, and quick password hashes."""

import os
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords cheaply: the real hasher is slow on purpose, and no test attacks it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> None:
    """Name the test database after this process, so that two runs on one server never share or drop it."""
    test_settings: dict[str, Any] = connection.settings_dict["TEST"]
    base_name = test_settings["NAME"] or f"test_{connection.settings_dict['NAME']}"
    if request.config.getoption("reuse_db"):
        return
    with django_db_blocker.unblock():
        _drop_databases_of_dead_runs(base_name)
    test_settings["NAME"] = f"{base_name}_{os.getpid()}"


def _drop_databases_of_dead_runs(base_name: str) -> None:
    """Drop what a killed run left behind; the process id in the name tells whether it still lives."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{base_name}\\_%"])
        for (name,) in cursor.fetchall():
            process = name.rpartition("_")[2]
            if process.isdigit() and not psutil.pid_exists(int(process)):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
