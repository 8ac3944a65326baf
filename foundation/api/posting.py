"""Addresses that read a body: JSON of a bounded size, from anyone, and nothing of it is kept."""

import http
import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from foundation.api.faults import RefusedBody
from foundation.api.views import PublicView

JSON = "application/json"
# The largest study of the curated set has 34 kB. Faults are told one by one, so that both bounds are needed: a body of
# a megabyte of empty objects takes sixteen seconds to tell what each of them lacks.
LARGEST_BODY_BYTES = 262_144
MOST_OBJECTS = 5_000


class PostedView(PublicView):
    """An address that answers what it is sent, and writes nothing. A subclass answers ``post``.

    The answer depends on the body, so that nobody keeps it.
    """

    http_method_names = ("post", "options")
    reads_body = True
    # The JSON schema of the body, for the OpenAPI document, and what it is.
    body_schema: Mapping[str, Any] = {"type": "object"}
    body_text = ""

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Forbid keeping."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object. Raises RefusedBody where it is none, or too large to be one of ours."""
    if request.content_type != JSON:
        raise RefusedBody(
            http.HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body has to be JSON: send Content-Type: {JSON}."
        )
    content = request.read(LARGEST_BODY_BYTES + 1)
    if len(content) > LARGEST_BODY_BYTES:
        raise RefusedBody(
            http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The body is larger than {LARGEST_BODY_BYTES:,} bytes, which is the most that is read here.",
        )
    try:
        value = json.loads(content.decode(), object_pairs_hook=_Objects().take, parse_constant=_no_number)
    except RecursionError:
        raise RefusedBody(http.HTTPStatus.BAD_REQUEST, "The body is nested too deeply.") from None
    except UnicodeDecodeError:
        raise RefusedBody(http.HTTPStatus.BAD_REQUEST, "The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise RefusedBody(
            http.HTTPStatus.BAD_REQUEST, f"The body is not JSON: {where}: {error.msg}."
        ) from None
    except ValueError as error:
        raise RefusedBody(http.HTTPStatus.BAD_REQUEST, f"The body is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise RefusedBody(http.HTTPStatus.BAD_REQUEST, "The body has to be one JSON object.")
    return value


class _Objects:
    """The objects of one body, as they are read."""

    def __init__(self) -> None:
        self.count = 0

    def take(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object, in which each key stands once: of two values one would be dropped unseen."""
        self.count += 1
        if self.count > MOST_OBJECTS:
            raise RefusedBody(
                http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body holds more than {MOST_OBJECTS:,} objects, which is the most that is read here.",
            )
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice in one object")
        return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")
