"""A list page: one FilterSet for page and API, fifty rows a page, a wrong value told and not ignored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.filters import EvidenceFilterSet
from foundation.widgets import Checkboxes

PAGE_SIZE = 50


@dataclass(frozen=True)
class FilteredPage:
    """One page of a filtered list, with the form that asks for another."""

    form: forms.Form
    shown: Sequence[str]
    page_obj: Page
    kept: list[tuple[str, str]]
    unknown: list[str]
    is_filtered: bool

    @property
    def status(self) -> int:
        """400 where a filter is not known or has a value it cannot have, as in the API."""
        return 400 if self.unknown or self.form.errors else 200

    def context(self) -> dict[str, Any]:
        """What the template needs."""
        return {
            "fields": [self.form[name] for name in self.shown],
            "kept": self.kept,
            "unknown": self.unknown,
            "form_errors": bool(self.form.errors),
            "page_obj": self.page_obj,
            "total": self.page_obj.paginator.count,
            "is_filtered": self.is_filtered,
        }


def filtered_page(
    request: HttpRequest, filter_class: type[EvidenceFilterSet], queryset: QuerySet, shown: Sequence[str]
) -> FilteredPage:
    """Return the page that the query string asks for; a page past the end is the last.

    `shown` names the filters that the form offers; others, as a link may bring them, are kept as they are.
    """
    filters = filter_class(request.GET, queryset=queryset, request=request)
    form = filters.form
    for name in shown:
        _as_checkboxes(form.fields[name])
    asked = [name for name in request.GET if name != "page" and any(request.GET.getlist(name))]
    unknown = [name for name in asked if name not in form.fields]
    rows = queryset.none() if unknown or form.errors else filters.qs
    return FilteredPage(
        form=form,
        shown=shown,
        page_obj=Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        kept=[(n, v) for n in asked if n in form.fields and n not in shown for v in request.GET.getlist(n)],
        unknown=unknown,
        is_filtered=bool(asked),
    )


def _as_checkboxes(field: forms.Field) -> None:
    """Draw a choice of several as boxes: a list box needs a key held down, which few know."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        field.help_text = ""
        field.widget = Checkboxes(choices=field.choices)
