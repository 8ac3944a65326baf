"""Who changed what: the author written beside each version of a record, and versions read back as changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import pghistory
from django.core.handlers.wsgi import WSGIRequest
from django.db import models
from django.http import HttpRequest, HttpResponse
from pghistory import config
from pghistory.middleware import HistoryMiddleware as PghistoryMiddleware

_BOOKKEEPING = frozenset({"id", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context"})


def author(user: Any) -> dict[str, Any]:
    """What the history keeps of a person: the key, and the name as text, which outlives the account."""
    if not getattr(user, "is_authenticated", False):
        return {"user": None, "username": ""}
    return {"user": user.pk, "username": user.get_username()}


class _AuthoredRequest(WSGIRequest):
    """A request that tells the history of its user when a view sets one, as the API and the login do."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "user":
            pghistory.context(**author(value))
        super().__setattr__(name, value)


class HistoryMiddleware(PghistoryMiddleware):
    """Write the user's key and name and the address of each writing request beside the versions it makes."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """What is kept with each version that the request makes."""
        return {**author(getattr(request, "user", None)), "url": request.path}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, within its context where it may write."""
        # settings.PGHISTORY_MIDDLEWARE_METHODS: those that write.
        if request.method not in config.middleware_methods():
            unchanged: HttpResponse = self.get_response(request)
            return unchanged
        with pghistory.context(**self.get_context(request)):
            if isinstance(request, WSGIRequest):
                request.__class__ = _AuthoredRequest
            response: HttpResponse = self.get_response(request)
            return response


@dataclass(frozen=True)
class FieldChange:
    """One field of one version; `before` is None where the record is new."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Version:
    """One step in the life of a record; `who` is empty where no person made it, as when a data set is loaded."""

    when: datetime
    who: str
    what: str
    action: str
    changes: tuple[FieldChange, ...]
    reason: str


def versions(histories: Iterable[models.QuerySet]) -> list[Version]:
    """The versions in these history tables, newest first, each as its changes from the version before.

    A constant number of queries: one a table, and one a table that foreign keys point to.
    """
    # Triggers stamp all that one transaction writes with one time: within it, table by table, row by row.
    events = [
        list(history.select_related("pgh_context").order_by("pgh_obj_id", "pgh_id")) for history in histories
    ]
    names = _names_of_related(event for table in events for event in table)
    found: list[Version] = []
    for table in events:
        for _, row_events in groupby(table, key=lambda event: event.pgh_obj_id):
            steps: list[Version] = []
            before = None
            for event in row_events:
                steps.append(_version(event, before, names))
                before = event
            found += reversed(steps)
    return sorted(found, key=lambda version: version.when, reverse=True)


@dataclass(frozen=True)
class Deletion:
    """A record that is gone: when, by whom, why, and what stood in it last."""

    when: datetime
    who: str
    what: str
    kind: str
    values: tuple[tuple[str, str], ...]
    reason: str


def deletions(histories: Iterable[models.QuerySet], most: int) -> list[Deletion]:
    """The newest deletions in these history tables, at most so many of each, newest first."""
    events = [
        event
        for history in histories
        for event in history.filter(pgh_label="delete")
        .select_related("pgh_context")
        .order_by("-pgh_created_at", "-pgh_id")[:most]
    ]
    names = _names_of_related(events)
    return sorted((_deletion(event, names) for event in events), key=lambda row: row.when, reverse=True)


def _deletion(event: Any, names: Mapping[tuple[type, Any], str]) -> Deletion:
    told = _version(event, None, names)
    values = tuple((change.field, change.after) for change in _changes(event, None, names))
    kind = str(event.pgh_tracked_model._meta.verbose_name)
    return Deletion(told.when, told.who, told.what, kind, values, told.reason)


def _version(event: Any, before: Any, names: Mapping[tuple[type, Any], str]) -> Version:
    model = event.pgh_tracked_model
    metadata = event.pgh_context.metadata if event.pgh_context is not None else {}
    return Version(
        when=event.pgh_created_at,
        who=metadata.get("username") or "",
        what=f"{model._meta.verbose_name} {event.pgh_obj_id}",
        action={"insert": "Added", "update": "Changed", "delete": "Deleted"}[event.pgh_label],
        changes=() if event.pgh_label == "delete" else tuple(_changes(event, before, names)),
        reason=metadata.get("reason") or "",
    )


def _changes(event: Any, before: Any, names: Mapping[tuple[type, Any], str]) -> Iterable[FieldChange]:
    for field in _told_fields(event):
        now = getattr(event, field.attname)
        earlier = getattr(before, field.attname) if before is not None else field.get_default()
        if now == earlier or (before is None and (now in (None, "", []) or field.name == "position")):
            continue
        label = str(field.verbose_name)
        yield FieldChange(
            field=label[:1].upper() + label[1:],
            before=None if before is None else _in_words(field, earlier, names),
            after=_in_words(field, now, names),
        )


def _told_fields(event: Any) -> list[models.Field]:
    return [field for field in event._meta.concrete_fields if field.name not in _BOOKKEEPING]


def _in_words(field: models.Field, value: Any, names: Mapping[tuple[type, Any], str]) -> str:
    if value is None or value == "" or value == []:
        return "(empty)"
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, value), f"{field.related_model._meta.verbose_name} {value}")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(dict(field.flatchoices).get(value, value))


def _names_of_related(events: Iterable[Any]) -> dict[tuple[type, Any], str]:
    """The names of all rows that foreign keys in these versions point to, where they still exist."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for event in events:
        for field in _told_fields(event):
            value = getattr(event, field.attname)
            if isinstance(field, models.ForeignKey) and value is not None:
                wanted[field.related_model].add(value)
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.select_related().in_bulk(list(keys)).values()
    }
