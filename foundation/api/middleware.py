"""What surrounds every request to the API: readable from other origins, throttled, and problems for all errors."""

import http
import math
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from rest_framework.throttling import SimpleRateThrottle

from foundation.api import problems

PREFIX = "/api/v1/"
METHODS = "GET, HEAD, OPTIONS"
METHODS_WITH_BODY = "POST, OPTIONS"
EXPOSED_HEADERS = "ETag, Retry-After, Content-Disposition, Location"
PREFLIGHT_SECONDS = "86400"


class AddressThrottle(SimpleRateThrottle):
    """So many requests from one address; None as rate counts nothing.

    It counts answers from the cache too, which a throttle inside the view would never see.
    """

    scope = "anon"

    def get_rate(self) -> str | None:
        """The rate as the settings stand now, so that a test can set one."""
        return settings.REST_FRAMEWORK.get("DEFAULT_THROTTLE_RATES", {}).get(self.scope)

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        """One count for each address, behind the trusted proxies."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class ApiMiddleware:
    """Serves /api/v1/ alone; everything else passes untouched.

    Anonymous and writing nothing, the API holds nothing that a foreign page could not fetch by itself: any origin may
    read it, without credentials.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return preflight(request.path_info)
        if (refusal := self._throttled(request)) is not None:
            return refusal
        response = self.get_response(request)
        if response.status_code < http.HTTPStatus.BAD_REQUEST or is_problem(response):
            return response
        # A 404 of the address table, a refused host, an unhandled exception: told by Django in HTML.
        headers = {name: response[name] for name in ("Allow", "Retry-After") if response.has_header(name)}
        return problems.generic_problem(request, response.status_code, headers=headers)

    def _throttled(self, request: HttpRequest) -> HttpResponse | None:
        throttle = AddressThrottle()
        if throttle.allow_request(request, None):
            return None
        wait = throttle.wait()
        headers = {"Retry-After": str(math.ceil(wait if wait is not None else throttle.duration))}
        return problems.generic_problem(request, http.HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def preflight(path: str) -> HttpResponse:
    """What a browser asks before it sends a request with headers of its own."""
    with_body = reads_body(path)
    response = HttpResponse(status=http.HTTPStatus.NO_CONTENT)
    response["Allow"] = METHODS_WITH_BODY if with_body else METHODS
    response["Access-Control-Allow-Methods"] = response["Allow"]
    response["Access-Control-Allow-Headers"] = (
        "Accept, Content-Type" if with_body else "Accept, If-None-Match"
    )
    response["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    patch_vary_headers(response, ["Access-Control-Request-Method", "Access-Control-Request-Headers"])
    return response


def reads_body(path: str) -> bool:
    """Whether the address is one that takes a body (foundation.api.posting)."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return getattr(getattr(view, "cls", None), "reads_body", False)


def is_problem(response: HttpResponseBase) -> bool:
    """Whether an error already has the API's shape."""
    return response.get("Content-Type", "").startswith(problems.CONTENT_TYPE)
