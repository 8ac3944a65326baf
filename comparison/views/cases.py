"""The list of cases and a case's page."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.presenters import case as presenter
from comparison.presenters import figures, tallies
from comparison.views.filtering import filtered_page
from comparison.views.lookup import find
from evidence.choices import Response
from evidence.filters import CaseFilterSet
from evidence.models import Case
from foundation import formatting
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb, Download

SHOWN = ("therapy", "organ", "comorbidity", "response", "steroid_effect", "relapse", "sex", "from", "to")


@kept_for_revision()
def case_list(request: HttpRequest) -> HttpResponse:
    """Every published case, filtered, with the responses of those that match as counts."""
    page = filtered_page(request, CaseFilterSet, Case.objects.published().for_list(), SHOWN)
    matching = page.page_obj.paginator.object_list
    counts = Counter(dict.fromkeys(Response.values, 0))
    counts.update(matching.order_by().values_list("response", flat=True))
    context = {
        **page.context(),
        "cases": list(page.page_obj),
        "responses": [(Response(value).label, counts[value]) for value in Response.values if counts[value]],
        "reported": _overall(counts),
    }
    return render(request, "evidence/case_list.html", context, status=page.status)


def _overall(counts: Counter[str]) -> str:
    """How many of the matching cases responded, of those whose response is reported."""
    total = sum(count for value, count in counts.items() if value != Response.NOT_REPORTED)
    responded = sum(counts[value] for value in tallies.RESPONDED)
    if not total:
        return ""
    return formatting.x_of_n_text(responded, total, *figures.interval(responded, total))


@kept_for_revision()
def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One patient: who, what was given when, what was measured, how it went."""
    case = find(request, Case.objects.published().with_everything(), slug, "case-page")
    if isinstance(case, HttpResponse):
        return case
    context = {
        "case": case,
        "title": presenter.title(case),
        "source": figures.source_of_case(case),
        "facts": presenter.fact_terms(case),
        "courses": presenter.course_rows(case),
        "measurements": presenter.measurement_rows(case),
        "organ_responses": list(case.organ_responses.all()),
        "references": [link.citation for link in case.study.study_citations.all()],
        "downloads": (Download("Case (JSON)", f"/api/v1/cases/{slug}/"),),
        "crumbs": [Crumb("Cases", "/cases/"), Crumb(presenter.title(case))],
    }
    return render(request, "evidence/case.html", context)
