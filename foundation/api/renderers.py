"""Formats are renderers: JSON, and CSV that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from foundation.api.faults import Fault, RefusedQuery, echo

FORMAT_PARAMETER = "format"
# A cell that starts so is a formula to a spreadsheet program (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LIST_SEPARATOR = "; "


class JSONRenderer(BaseRenderer):
    """Compact UTF-8 JSON; NaN and infinity cannot occur and would become null."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """The answer as JSON; nothing for an answer without a body."""
        return b"" if data is None else orjson.dumps(data)


class CSVRenderer(BaseRenderer):
    """RFC 4180, UTF-8, one row a record, all records; columns are the JSON fields, nested ones with a dot.

    The view hands over rows as dictionaries and names the columns (``csv_columns``), so that an empty list has its
    header too.
    """

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """The rows under their header."""
        columns = renderer_context["view"].csv_columns()
        return table(columns, data).encode()


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV text; a column ``citation.doi`` is the field doi of the field citation."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    paths = [column.split(".") for column in columns]
    for row in rows:
        writer.writerow([cell(_value_at(row, path)) for path in paths])
    return out.getvalue()


def _value_at(row: Any, path: Sequence[str]) -> Any:
    for name in path:
        if row is None:
            return None
        row = row[name]
    return row


def cell(value: Any) -> Any:
    """One cell: empty where nothing is reported, a number as it is, a text that would be a formula quoted by '."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple):
        if any(isinstance(item, Mapping) for item in value):
            return orjson.dumps(value).decode()
        return defused(LIST_SEPARATOR.join(str(item) for item in value))
    if isinstance(value, Mapping):
        return orjson.dumps(value).decode()
    return defused(str(value))


def defused(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class Negotiation(BaseContentNegotiation):
    """``format`` decides where given, else Accept with its weights; the content type is never the client's words."""

    def select_parser(self, request: Request, parsers: Sequence[Any]) -> None:
        """No endpoint reads a body."""
        return

    def select_renderer(
        self, request: Request, renderers: Sequence[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """The renderer and its media type; 400 for an unknown format, 406 where nothing on offer is acceptable."""
        chosen = chosen_format(request._request, {each.format: each.media_type for each in renderers})
        for renderer in renderers:
            if renderer.format == chosen:
                return renderer, renderer.media_type
        raise exceptions.NotAcceptable(available_renderers=renderers)


def chosen_format(request: HttpRequest, offered: Mapping[str, str]) -> str | None:
    """Of the formats on offer (name to media type) the one that a request asks for; None where none will do."""
    values = request.GET.getlist(FORMAT_PARAMETER)
    if values:
        if len(values) > 1:
            raise RefusedQuery([Fault(FORMAT_PARAMETER, "format is given twice; it takes one value.")])
        if values[0] not in offered:
            named = ", ".join(offered)
            detail = f"format {echo(values[0])!r} is not on offer here; choose from: {named}."
            raise RefusedQuery([Fault(FORMAT_PARAMETER, detail, echo(values[0]), tuple(offered))])
        return values[0]
    if not request.headers.get("Accept", "").strip():
        return next(iter(offered))
    preferred = request.get_preferred_type(list(offered.values()))
    return next((name for name, media_type in offered.items() if media_type == preferred), None)


def format_variant(request: HttpRequest) -> str:
    """For the cache: which format a request asks for, as far as that depends on its Accept header."""
    if FORMAT_PARAMETER in request.GET:
        return "named"
    if not request.headers.get("Accept", "").strip():
        return "none"
    return request.get_preferred_type([JSONRenderer.media_type, CSVRenderer.media_type]) or "other"
