"""Cursor pages over a total order: no row is skipped or told twice, however the evidence changes in between."""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Sequence
from typing import Any

import orjson
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from foundation.api.faults import Fault, RefusedQuery, echo
from foundation.api.meta import meta_of

CURSOR = "cursor"
PAGE_SIZE = "page_size"
DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 500
# Longer than any cursor that was ever handed out.
LONGEST_CURSOR = 1000
FORWARD, BACKWARD = "n", "p"


class EvidenceCursor(BasePagination):
    """Pages of ``{"count", "next", "previous", "results", "meta"}`` in the view's ``ordering``.

    The ordering is a tuple of field paths without NULLs, ascending, the last of which makes it total. A cursor is
    opaque to clients: direction, a digest of the ordering, and the values of the row to go on from.
    """

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Model]:
        """One page of rows in order."""
        self.request = request
        self.ordering: tuple[str, ...] = view.ordering
        size = page_size_of(request)
        direction, position = self._position(request, queryset.model)
        self.count = queryset.count()
        order = self.ordering if direction == FORWARD else tuple(f"-{field}" for field in self.ordering)
        rows = queryset.order_by(*order)
        if position is not None:
            rows = rows.filter(beyond(self.ordering, position, "gt" if direction == FORWARD else "lt"))
        found = list(rows[: size + 1])
        more, page = len(found) > size, found[:size]
        if direction == BACKWARD:
            page.reverse()
        # Whoever came by a cursor came from somewhere: the other direction has a page, if perhaps an empty one.
        has_next = more if direction == FORWARD else True
        has_previous = position is not None if direction == FORWARD else more
        edge = position if position is not None else ()
        self.next = self._link(FORWARD, self._values(page[-1]) if page else edge) if has_next else None
        self.previous = (
            self._link(BACKWARD, self._values(page[0]) if page else edge) if has_previous else None
        )
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """The page in its envelope."""
        return Response(
            {
                "count": self.count,
                "next": self.next,
                "previous": self.previous,
                "results": data,
                "meta": meta_of(self.request),
            }
        )

    def _values(self, row: Model) -> list[Any]:
        return [value_at(row, field) for field in self.ordering]

    def _link(self, direction: str, values: Sequence[Any]) -> str:
        packed = orjson.dumps([direction, self._fingerprint(), *values])
        cursor = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), CURSOR, cursor)

    def _fingerprint(self) -> int:
        return zlib.crc32(hashlib.sha256(" ".join(self.ordering).encode()).digest())

    def _position(self, request: Request, model: type[Model]) -> tuple[str, list[Any] | None]:
        """Direction and values of the cursor; forward from the start where there is none."""
        cursor = request.query_params.get(CURSOR)
        if cursor is None:
            return FORWARD, None
        try:
            if len(cursor) > LONGEST_CURSOR:
                raise ValueError(cursor)
            packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            direction, fingerprint, *values = orjson.loads(packed)
            if direction not in (FORWARD, BACKWARD) or fingerprint != self._fingerprint():
                raise ValueError(cursor)
            return direction, self._checked(model, values)
        except (ValueError, TypeError, binascii.Error, ValidationError) as error:
            detail = "cursor is not one that this list gave out; start again without it."
            raise RefusedQuery([Fault(CURSOR, detail, echo(cursor))]) from error

    def _checked(self, model: type[Model], values: list[Any]) -> list[Any]:
        """The values, each of the type that its field has."""
        if len(values) != len(self.ordering):
            raise ValueError(values)
        for path, value in zip(self.ordering, values, strict=True):
            wanted = int if is_number(field_at(model, path)) else str
            if type(value) is not wanted or (wanted is str and "\x00" in value):
                raise ValueError(value)
            if wanted is int and not -(2**31) <= value < 2**31:
                raise ValueError(value)
        return values

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the OpenAPI document."""
        return [
            {
                "name": CURSOR,
                "required": False,
                "in": "query",
                "description": "Where to go on, from next or previous of the page before. Opaque.",
                "schema": {"type": "string"},
            },
            {
                "name": PAGE_SIZE,
                "required": False,
                "in": "query",
                "description": "Rows on a page.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LARGEST_PAGE_SIZE,
                    "default": DEFAULT_PAGE_SIZE,
                },
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the OpenAPI document."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results", "meta"],
            "properties": {
                "count": {"type": "integer", "minimum": 0, "description": "Rows on all pages together."},
                "next": {**link, "description": "The next page; null on the last."},
                "previous": {**link, "description": "The page before; null on the first."},
                "results": schema,
                "meta": {"$ref": "#/components/schemas/Meta"},
            },
        }


def page_size_of(request: Request) -> int:
    """The page size that a request asks for."""
    given = request.query_params.get(PAGE_SIZE)
    if given is None:
        return DEFAULT_PAGE_SIZE
    size = int(given) if given.isascii() and given.isdecimal() and len(given) <= 6 else 0
    if not 1 <= size <= LARGEST_PAGE_SIZE:
        detail = f"page_size {echo(given)!r} is not a whole number from 1 to {LARGEST_PAGE_SIZE}."
        raise RefusedQuery([Fault(PAGE_SIZE, detail, echo(given))])
    return size


def beyond(ordering: Sequence[str], position: Sequence[Any], lookup: str) -> Q:
    """Rows after (gt) or before (lt) a position: (a > x) or (a = x and b > y) or …"""
    condition = Q()
    equal: dict[str, Any] = {}
    for field, value in zip(ordering, position, strict=True):
        condition |= Q(**equal, **{f"{field}__{lookup}": value})
        equal[field] = value
    return condition


def value_at(row: Any, path: str) -> Any:
    """The value of a field path such as arm__study__slug."""
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def field_at(model: type[Model], path: str) -> Field:
    """The model field of a field path; a foreign key's column counts as a field."""
    field: Any = None
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            field = next(each for each in model._meta.concrete_fields if each.attname == name)
        model = field.related_model or model
    return field


def is_number(field: Field) -> bool:
    """Whether a field's column holds whole numbers."""
    return "Integer" in field.get_internal_type() or "Auto" in field.get_internal_type() or field.is_relation
