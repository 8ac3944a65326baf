"""Every error of the API has one shape: RFC 9457, application/problem+json."""

import http
import math
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from foundation.api.faults import (
    GENERIC,
    INVALID_PARAMETER,
    UNKNOWN_PARAMETER,
    UNUSABLE_BODY,
    Fault,
    RefusedBody,
    RefusedQuery,
    echo,
)

__all__ = ["Fault", "RefusedQuery", "echo", "exception_handler", "generic_problem", "problem"]

CONTENT_TYPE = "application/problem+json"


def problem(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    type_: str = GENERIC,
    errors: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """An answer that says what went wrong."""
    body: dict[str, Any] = {
        "type": type_,
        "title": title_of(status, type_),
        "status": int(status),
        "detail": detail,
        "instance": request.path,
    }
    faults = [fault.as_dict() for fault in errors]
    if faults:
        body["errors"] = faults
    response = HttpResponse(
        orjson.dumps(body), status=status, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"}
    )
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def title_of(status: int, type_: str) -> str:
    """The problem's title: one for each type, the status's own phrase for the generic one."""
    named = {
        UNKNOWN_PARAMETER: "Unknown query parameter",
        INVALID_PARAMETER: "Invalid query parameter",
        UNUSABLE_BODY: "Unusable body",
    }
    return named.get(type_) or http.HTTPStatus(status).phrase


DETAILS = {
    http.HTTPStatus.BAD_REQUEST: "The request cannot be understood.",
    http.HTTPStatus.FORBIDDEN: "This is not open to you.",
    http.HTTPStatus.NOT_FOUND: "Nothing public is found at this address.",
    http.HTTPStatus.METHOD_NOT_ALLOWED: "This address is for reading: use GET, HEAD or OPTIONS.",
    http.HTTPStatus.NOT_ACCEPTABLE: "None of the media types in Accept is on offer here.",
    http.HTTPStatus.TOO_MANY_REQUESTS: "Too many requests from this address; wait, then ask again.",
    http.HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here. It has been logged.",
    http.HTTPStatus.SERVICE_UNAVAILABLE: "The service cannot answer just now; ask again in a moment.",
}


def generic_problem(
    request: HttpRequest, status: int, *, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The problem of a status about which nothing more is known or may be told."""
    detail = DETAILS.get(http.HTTPStatus(status)) or http.HTTPStatus(status).description or ""
    return problem(request, status, detail, headers=headers)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The framework's hook: an exception of a view becomes a problem; None leaves it to the 500 handler."""
    request = context["request"]._request
    if isinstance(error, RefusedQuery):
        set_rollback()
        return problem(request, error.status_code, str(error.detail), type_=error.type, errors=error.faults)
    if isinstance(error, RefusedBody):
        set_rollback()
        return problem(request, error.status_code, str(error.detail), type_=error.type)
    if isinstance(error, exceptions.MethodNotAllowed) and getattr(context["view"], "reads_body", False):
        return problem(request, error.status_code, "This address takes a body: use POST or OPTIONS.")
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return generic_problem(request, error.status_code, headers=headers)
