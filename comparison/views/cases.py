"""The list of cases and a case's page."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.presenters import case as presenter
from comparison.presenters import figures, tallies
from comparison.presenters.timeline import timeline_chart, timeline_of
from comparison.views.filtering import filtered_page
from comparison.views.lookup import find
from evidence.choices import Response
from evidence.filters import CaseFilterSet
from evidence.models import Case, Overlap
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb, Download

SHOWN = ("therapy", "organ", "comorbidity", "response", "steroid_effect", "relapse", "sex", "from", "to")


@kept_for_revision()
def case_list(request: HttpRequest) -> HttpResponse:
    """Every published case, filtered, with the responses of those that match as counts."""
    page = filtered_page(request, CaseFilterSet, Case.objects.published().for_list(), SHOWN)
    matching = page.page_obj.paginator.object_list
    counts = Counter(matching.order_by().values_list("response", flat=True))
    context = {
        **page.context(),
        "cases": list(page.page_obj),
        "responses": [(Response(value).label, counts[value]) for value in Response.values if counts[value]],
        "reported": _overall(matching),
    }
    return render(request, "evidence/case_list.html", context, status=page.status)


def _overall(matching: QuerySet[Case]) -> str:
    """How many of the matching patients responded, each counted once, of those whose response is reported."""
    cases = matching.order_by("slug").select_related(None).select_related("study").prefetch_related(None)
    overlapping = tallies.pairs_of(Overlap.objects.published())
    count = tallies.tally(cases.prefetch_related("study__study_citations__citation"), overlapping)
    if "overall_response" not in count:
        return ""
    return figures.share(*count["overall_response"], "", None, "").text


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
        "timeline": timeline_chart(timeline_of(case)),
        "neighbours": list(Case.objects.published().for_list().filter(study=case.study).exclude(pk=case.pk)),
        "courses": presenter.course_rows(case),
        "measurements": presenter.measurement_rows(case),
        "harms": [event.description for event in case.adverse_events.all()],
        "organ_responses": list(case.organ_responses.all()),
        "references": [link.citation for link in case.study.study_citations.all()],
        "downloads": (Download("Case (JSON)", f"/api/v1/cases/{slug}/"),),
        "crumbs": [Crumb("Cases", "/cases/"), Crumb(presenter.title(case))],
    }
    return render(request, "evidence/case.html", context)
