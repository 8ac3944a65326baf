"""Patients like mine: published patients with the same organs, comorbidities and treatments before, as counts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison import explorer
from comparison.like_mine import FEW, in_words
from comparison.like_mine_form import PARAMETERS, LikeMineForm
from comparison.presenters import like_mine as presenter
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb, Download


@kept_for_revision()
def like_mine(request: HttpRequest) -> HttpResponse:
    """Counts by therapy of those who meet all criteria, then of those who do with one of them relaxed."""
    form = LikeMineForm(request.GET)
    unknown = form.unknown()
    context: dict[str, Any] = {
        "fields": [form[name] for name in PARAMETERS],
        "unknown": unknown,
        "form_errors": bool(form.errors),
        "columns": presenter.COLUMNS,
        "few": FEW,
        "crumbs": [Crumb("Cases", "/cases/"), Crumb("Patients like mine")],
    }
    if unknown or form.errors:
        return render(request, "evidence/like_mine.html", context, status=HTTPStatus.BAD_REQUEST)
    wanted = form.wanted()
    found = explorer.matches_of(wanted)
    if found:
        query = request.GET.urlencode()
        address = f"/api/v1/cases/like-mine/?{query}"
        context |= {
            "in_words": in_words(wanted, form.names),
            "strict": presenter.strict_block(found),
            "relaxed": presenter.relaxed_blocks(found),
            "adds_nobody": presenter.adds_nobody(found),
            "downloads": (Download("CSV", f"{address}&format=csv"), Download("JSON", address)),
        }
    return render(request, "evidence/like_mine.html", context)
