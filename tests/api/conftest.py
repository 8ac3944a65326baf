"""What the API's tests share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.http import urlencode

Get = Callable[..., Any]


@pytest.fixture
def get(client: Client) -> Get:
    """Ask an address under /api/v1/ with query parameters; the answer's JSON, which must be a 200."""

    def ask(path: str, **parameters: Any) -> Any:
        response = client.get(f"/api/v1/{path}?{urlencode(parameters, doseq=True)}")
        assert response.status_code == 200, response.content
        assert response["Content-Type"] == "application/json"
        return response.json()

    return ask


@pytest.fixture
def ask(client: Client) -> Callable[..., HttpResponse]:
    """Ask an address under /api/v1/ with query parameters; the answer whatever it is."""

    def send(path: str, headers: dict[str, str] | None = None, **parameters: Any) -> HttpResponse:
        return client.get(f"/api/v1/{path}?{urlencode(parameters, doseq=True)}", headers=headers or {})

    return send
