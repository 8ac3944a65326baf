"""One error shape, one assert helper."""

from typing import Any

from django.http import HttpResponse

PROBLEM_FIELDS = {"type", "title", "status", "detail", "instance"}


def assert_problem(response: HttpResponse, status: int, *parameters: str) -> dict[str, Any]:
    """The answer is a problem of that status that names those parameters and no others."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    told = response.json()
    assert set(told) - {"errors"} == PROBLEM_FIELDS
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    named = [fault["parameter"] for fault in told.get("errors", [])]
    assert named == list(parameters)
    for fault in told.get("errors", []):
        assert fault["parameter"] in fault["detail"]
        assert fault["detail"] in told["detail"]
    return told
