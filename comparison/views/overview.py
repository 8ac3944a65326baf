"""The front page: what this is, and the evidence matrix."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison import matrix
from comparison.assembly import assemble
from evidence.choices import CitationRole, Design, Domain
from evidence.models import Case, Study
from foundation.caching import kept_for_revision
from foundation.models import Revision
from therapies.choices import DrugClass
from therapies.models import Therapy

NEWEST = 6
REVIEWS = (Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW)


@kept_for_revision()
def overview(request: HttpRequest) -> HttpResponse:
    """What is known of each therapy in each domain, at a glance."""
    therapies = list(Therapy.objects.letter_first())
    rows = matrix.build(assemble(therapies))
    shown = {row.slug for row in rows}
    newest = (
        Study.objects.published()
        .filter(study_citations__role=CitationRole.PRIMARY)
        .annotate(year=F("study_citations__citation__year"))
        .order_by(F("year").desc(nulls_last=True), "-published_at", "slug")[:NEWEST]
    )
    # A review's patients are those of the studies in it.
    enrolled = Study.objects.published().exclude(design__in=REVIEWS).values_list("enrolled", flat=True)
    known = [patients for patients in enrolled if patients is not None]
    context = {
        "domains": Domain.labels,
        "rows": rows,
        "without": [t for t in therapies if t.slug not in shown and t.drug_class != DrugClass.CONTROL],
        "newest": newest,
        "studies": Study.objects.published().count(),
        "patients": sum(known),
        "studies_without_number": len(enrolled) - len(known),
        "cases": Case.objects.published().count(),
        "therapies": len(shown),
        "revision": Revision.current(),
    }
    return render(request, "comparison/overview.html", context)
