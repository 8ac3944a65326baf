"""A public record by its slug, also by one that was retired."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse

from foundation.retirement import successor

Record = TypeVar("Record", bound=Model)


def find(
    request: HttpRequest, rows: QuerySet[Record], slug: str, route: str
) -> Record | HttpResponsePermanentRedirect:
    """The record, or the way to the slug it has now; 404 where there is neither."""
    record = rows.filter(slug=slug).first()
    if record is not None:
        return record
    renamed = successor(rows.model, slug)
    if renamed is None:
        raise Http404(f"No {rows.model._meta.verbose_name} has the slug {slug}.")
    return HttpResponsePermanentRedirect(reverse(route, args=[renamed]))
