"""The services of the literature as a server on this machine, and an Atlas that asks it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer

from literature import asking


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What an attempt waited before the next, without the wait."""
    waited: list[float] = []
    monkeypatch.setattr(asking.time, "sleep", lambda seconds: waited.append(seconds) if seconds > 0 else None)
    monkeypatch.setattr(asking, "GAP", 0.0)
    return waited


@pytest.fixture
def services(httpserver: HTTPServer, settings: Any, pauses: list[float]) -> Iterator[HTTPServer]:
    """A server that stands for all services, each under a path of its own."""
    settings.LITERATURE_LOOKUP = True
    settings.LITERATURE_LOOKUP_SECONDS = 5
    settings.LITERATURE_CONTACT = "atlas@example.org"
    settings.DOI_RESOLVER_URL = httpserver.url_for("/doi")
    settings.PUBMED_CITATION_URL = httpserver.url_for("/ctxp")
    settings.CROSSREF_URL = httpserver.url_for("/crossref")
    settings.PUBMED_RECORDS_URL = httpserver.url_for("/eutils")
    yield httpserver
    # It answers one after the other: a question that a test left behind must not be answered in the next test.
    httpx.get(httpserver.url_for("/idle"))
