"""The list of therapies and a therapy's page."""

from __future__ import annotations

from collections import Counter

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison import matrix
from comparison.presenters import figures, tallies
from comparison.presenters import therapy as presenter
from comparison.views.lookup import find
from evidence.models import (
    Case,
    Certainty,
    Contrast,
    Finding,
    Outcome,
    Overlap,
    PublishedSynthesis,
    Result,
    Study,
)
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb
from therapies.choices import Place
from therapies.models import Therapy
from therapies.querysets import LETTER_THERAPIES


@kept_for_revision()
def therapy_list(request: HttpRequest) -> HttpResponse:
    """Every therapy by its place in IgG4-RD, with the amount of evidence."""
    evidence = matrix.gather()
    therapies = list(Therapy.objects.letter_first().prefetch_related("mechanisms__target"))
    rows = [
        {
            "therapy": therapy,
            "targets": [mechanism.target.name for mechanism in therapy.mechanisms.all()],
            **_amounts(evidence.get(therapy.slug)),
        }
        for therapy in therapies
    ]
    groups = [
        {"place": label, "slug": value, "rows": [row for row in rows if row["therapy"].place == value]}
        for value, label in Place.choices
    ]
    context = {"groups": [group for group in groups if group["rows"]], "count": len(therapies)}
    return render(request, "therapies/list.html", context)


def _amounts(evidence: matrix.Evidence | None) -> dict[str, object]:
    """How much there is on a therapy: studies, cases, and the strongest design."""
    if evidence is None:
        return {"studies": 0, "cases": 0, "design": "", "level": None}
    studies = {
        study.pk: study
        for study in (
            *(result.arm.study for result in evidence.results),
            *(finding.study for finding in evidence.findings),
            *(case.study for case in evidence.cases),
        )
    }
    best = min(studies.values(), key=lambda study: (figures.DESIGN_ORDER[study.design], study.slug))
    return {
        "studies": len(studies),
        "cases": len(evidence.cases),
        "design": best.design,
        "level": best.ocebm_level,
    }


@kept_for_revision()
def therapy_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is known of one therapy, each figure with its source."""
    therapy = find(request, Therapy.objects.with_details(), slug, "therapy-page")
    if isinstance(therapy, HttpResponse):
        return therapy
    results = [
        result
        for result in Result.objects.published().filter(arm__regimen__therapy=therapy).distinct().for_list()
        if therapy in result.arm.therapies_tested
    ]
    findings = list(Finding.objects.published().filter(therapy=therapy).for_list())
    cases = list(Case.objects.published().filter(index_therapy=therapy).for_list())
    studies = list(Study.objects.published().of_therapy([slug]).with_citations())
    studies.sort(key=lambda study: (figures.DESIGN_ORDER[study.design], study.slug))
    outcomes = list(Outcome.objects.all())
    contrasts = Contrast.objects.published().filter(
        Q(arm__regimen__therapy=therapy) | Q(versus__regimen__therapy=therapy)
    )
    syntheses = PublishedSynthesis.objects.published().filter(Q(therapy=therapy) | Q(versus=therapy))
    certainties = Certainty.objects.filter(therapy=therapy).select_related("outcome")
    own = {study.pk for study in studies}
    overlaps = [
        overlap
        for overlap in Overlap.objects.published().touching(list(own)).select_related("study_a", "study_b")
        if overlap.study_a_id in own and overlap.study_b_id in own
    ]
    overlapping = tallies.pairs_of(overlaps)
    sections = presenter.sections(results, cases, outcomes, overlapping)
    context = {
        "therapy": therapy,
        "glance": matrix.cells(
            slug, {o.slug: o for o in outcomes}, matrix.Evidence(results, findings, cases, overlapping)
        ),
        "sections": sections,
        # Where nothing is counted, the words come first.
        "sections_have_figures": any(section.groups for section in sections),
        "findings": presenter.finding_rows(findings),
        "contrasts": presenter.contrast_rows(contrasts.distinct().for_list()),
        "syntheses": presenter.synthesis_rows(syntheses.for_list()),
        "cautions": presenter.cautions(results, cases, findings, len(overlaps)),
        "cases": cases,
        "case_responses": Counter(case.get_response_display() for case in cases).most_common(),
        "studies": studies,
        "overlaps": overlaps,
        "certainties": list(certainties),
        "regulatory": [(row, presenter.partial_date(row.date)) for row in therapy.regulatory_statuses.all()],
        "references": presenter.references(studies, therapy),
        "downloads": presenter.downloads(slug),
        "compare_with": _compare_with(therapy),
        "crumbs": [Crumb("Therapies", "/therapies/"), Crumb(therapy.name)],
    }
    return render(request, "therapies/page.html", context)


def _compare_with(therapy: Therapy) -> list[Therapy]:
    """The letter's others, to set this therapy against."""
    others = [slug for slug in LETTER_THERAPIES if slug != therapy.slug]
    return list(Therapy.objects.filter(slug__in=others).letter_first())
