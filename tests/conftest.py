"""What every test shares: a database of its own for each run, and quick password hashes."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords cheaply: the real hasher is slow on purpose, and no test attacks it. No test asks the network."""
    settings.LITERATURE_LOOKUP = False
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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Before the test database is dropped, end what a thread of a live server or a killed process still holds."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _drop_databases_of_dead_runs(base_name: str) -> None:
    """Drop what a killed run left behind; the process id in the name tells whether it still lives."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{base_name}\\_%"])
        for (name,) in cursor.fetchall():
            process = name.rpartition("_")[2]
            if process.isdigit() and not psutil.pid_exists(int(process)):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def curated_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a second test database, for the curated set; filled by `curated` on first use."""
    empty: str = connection.settings_dict["NAME"]
    # Ends in the process id as the first does, so that the next run clears up after a killed one.
    name = f"{empty.removesuffix(f'_{os.getpid()}')}_curated_{os.getpid()}"
    with django_db_blocker.unblock():
        _disconnect()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
    yield name
    with django_db_blocker.unblock():
        _disconnect()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def curated(curated_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The curated set of data/ in the database, for all tests of a module.

    ``pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]``. Loaded once a process, in a database
    of its own, so that other modules keep their empty one; loaded again after a transaction=True test emptied it.
    """
    empty = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        _disconnect()
        connection.settings_dict["NAME"] = curated_database
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM evidence_study)")
            (loaded,) = cursor.fetchone()
        if not loaded:
            call_command("load_evidence", stdout=io.StringIO())
    yield
    with django_db_blocker.unblock():
        _disconnect()
        connection.settings_dict["NAME"] = empty


def _disconnect() -> None:
    """Close the connection, and the pool behind it where there is one."""
    connection.close()
    connection.close_pool()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium: the system's where there is one, else the one Playwright brought."""
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    # Playwright keeps an event loop running in this thread, and Django would refuse the database for it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Root in a container has no sandbox to give; the pages are our own.
        chromium = playwright.chromium.launch(executable_path=system, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser had to complain about on the `page`: errors, and what the content security policy refused."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page in a context of its own that can reach this machine alone."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    context.route(re.compile(r"^https?://(?!localhost|127\.0\.0\.1)"), lambda route: route.abort())
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
