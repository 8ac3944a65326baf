"""The timeline of a case that is still being entered, as its page will draw it; for its owner alone."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.defaults import page_not_found

from comparison.presenters.timeline import Names, timeline_chart, timeline_of_values
from evidence.desk.drafts import read_draft
from evidence.models import Analyte, CaseDraft, Organ
from foundation.pieces import Crumb
from therapies.models import Therapy


@never_cache
def case_draft_preview(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The timeline of a draft, however much of it is still missing: the part alone for htmx, else a page.

    For anyone but the owner and a superuser there is no such draft, and no way to tell that there is.
    """
    found = CaseDraft.objects.seen_by(request.user).filter(uuid=draft).first()
    if found is None:
        # Answered and not raised, so that this too is never kept.
        return page_not_found(request, Http404("There is no such draft."))
    reading, _ = read_draft(found)
    # Half-filled records hold what they hold; the presenter takes what it can read.
    values = reading.case.model_dump(warnings=False) if reading.case is not None else {}
    context = {
        "timeline": timeline_chart(timeline_of_values(values, stored_names()), "draft-timeline"),
        "title": str(found),
        "crumbs": [Crumb("Preview")],
    }
    is_part = request.headers.get("HX-Request") == "true"
    response = render(
        request, "evidence/_timeline.html" if is_part else "evidence/draft_preview.html", context
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def stored_names() -> Names:
    """What the slugs of therapies, organs and analytes are called. Three queries."""
    analytes = Analyte.objects.values_list("slug", "name", "unit", "upper_normal")
    return Names(
        therapies=dict(Therapy.objects.values_list("slug", "name")),
        organs=dict(Organ.objects.values_list("slug", "name")),
        analytes={slug: (name, unit, limit) for slug, name, unit, limit in analytes},
    )
