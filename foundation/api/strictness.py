"""No query parameter is ignored: unknown, repeated or empty ones are refused, all at once and by name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from foundation.api.faults import Fault, RefusedQuery, echo
from foundation.filters import nearest


def check_parameters(request: Request, known: Iterable[str], repeatable: Iterable[str] = ()) -> None:
    """Refuse a query that names a parameter this address does not have, repeats a single one, or leaves one empty."""
    names, many = tuple(known), set(repeatable)
    faults = [
        fault
        for name, values in request.query_params.lists()
        if (fault := _fault_of(name, values, names, many)) is not None
    ]
    if faults:
        raise RefusedQuery(faults)


def _fault_of(name: str, values: list[str], known: tuple[str, ...], repeatable: set[str]) -> Fault | None:
    if name not in known:
        return unknown_parameter(name, known)
    if len(values) > 1 and name not in repeatable:
        return Fault(name, f"{name} is given {len(values)} times; it takes one value.")
    if any("\x00" in value for value in values):
        return Fault(name, f"{name} holds a NUL character.")
    if any(not value.strip() for value in values):
        return Fault(name, f"{name} is empty; leave it out or give it a value.")
    return None


def unknown_parameter(name: str, known: Iterable[str]) -> Fault:
    """A parameter that this address does not have, with the one that may have been meant."""
    names = tuple(known)
    suggestion = nearest(name, names)
    detail = f"{echo(name)!r} is not a parameter of this address"
    detail += f"; did you mean {suggestion}?" if suggestion is not None else "."
    return Fault(echo(name), detail, None, names, suggestion, unknown_parameter=True)


class StrictFilterBackend(DjangoFilterBackend):
    """The filter set of the view; a value it does not take is a problem that names it."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        """The rows that the query asks for."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise RefusedQuery(filterset.faults())
        return filterset.qs
