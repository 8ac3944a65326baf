"""The case explorer and a case's page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from comparison import explorer, facets
from comparison.presenters import case as presenter
from comparison.presenters import case_filters, case_views, figures
from comparison.presenters.timeline import timeline_chart, timeline_of
from comparison.views.filtering import FilteredPage, filtered_page
from comparison.views.lookup import find
from evidence.case_filters import CaseFilterSet
from evidence.models import Case
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb, Download

SHOWN = (*explorer.FACETS, "from", "to")


@kept_for_revision()
def case_list(request: HttpRequest) -> HttpResponse:
    """Every published case, filtered; views of the patients that match, each once, and the list of them."""
    page = filtered_page(request, CaseFilterSet, Case.objects.published().for_list(), SHOWN)
    overlapping = explorer.overlapping_studies()
    counts = _tell_facets(request, page, overlapping)
    matching: QuerySet[Case] = page.page_obj.paginator.object_list  # type: ignore[assignment]
    group = explorer.cohort(matching, overlapping)
    # The views are of all that match and not of a page of the list: they stand on its first page.
    views = (
        case_views.views_of(matching, group.patients) if page.page_obj.number == 1 and group.reports else []
    )
    context = {
        **page.context(),
        "in_words": case_filters.in_words(page.form),
        "counts": counts,
        "cases": list(page.page_obj),
        "responses": case_views.responses(matching),
        "reported": case_views.responded(group.patients),
        "counted": case_views.counted_words(group),
        "aside": group.aside,
        "views": views,
    }
    return render(request, "evidence/case_list.html", context, status=page.status)


def _tell_facets(
    request: HttpRequest, page: FilteredPage, overlapping: set[frozenset[int]]
) -> dict[str, dict[str, int]]:
    """Write the patients that remain beside each choice, and return them."""
    rows = explorer.facet_rows(_under_other_filters(request))
    chosen = case_filters.chosen_of(page.form, explorer.FACETS)
    counts = facets.remaining(rows, chosen, explorer.FACETS, explorer.CountedOnce(overlapping))
    known: dict[str, set[str]] = {name: set() for name in explorer.FACETS}
    for row in rows:
        for name, values in row.values.items():
            known[name] |= values
    case_filters.tell_counts(page.form, explorer.FACETS, counts, known)
    return counts


def _under_other_filters(request: HttpRequest) -> QuerySet[Case]:
    """The published cases under all filters that are no facet."""
    others = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in explorer.FACETS and any(values):
            others.setlist(name, values)
    published = Case.objects.published()
    if not set(others) & set(CaseFilterSet.parameters()):
        return published
    return CaseFilterSet(others, queryset=published, request=request).qs


@kept_for_revision()
def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One patient: who, what was given when, what was measured, how it went."""
    case = find(request, Case.objects.published().with_everything(), slug, "case-page")
    if isinstance(case, HttpResponse):
        return case
    neighbours = Case.objects.published().for_list().filter(study=case.study).exclude(pk=case.pk)
    context: dict[str, Any] = {
        "case": case,
        "title": presenter.title(case),
        "source": figures.source_of_case(case),
        "facts": presenter.fact_terms(case),
        "timeline": timeline_chart(timeline_of(case)),
        "courses": presenter.course_rows(case),
        "measurements": presenter.measurement_rows(case),
        "scores": presenter.score_rows(case),
        "organ_responses": list(case.organ_responses.all()),
        "harms": [event.description for event in case.adverse_events.all()],
        "neighbours": list(neighbours.order_by("position", "slug")),
        "references": [link.citation for link in case.study.study_citations.all()],
        "downloads": (Download("Case (JSON)", f"/api/v1/cases/{slug}/"),),
        "crumbs": [Crumb("Cases", "/cases/"), Crumb(presenter.title(case))],
    }
    return render(request, "evidence/case.html", context)
