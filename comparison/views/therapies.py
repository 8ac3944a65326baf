"""The list of therapies and a therapy's page."""

from __future__ import annotations

from collections import Counter

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison import matrix
from comparison.assembly import Assembly, assemble
from comparison.presenters import figures, tallies
from comparison.presenters import therapy as presenter
from comparison.views.lookup import find
from evidence.models import Certainty
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb
from therapies.choices import Place
from therapies.models import Therapy
from therapies.querysets import LETTER_THERAPIES

# Past these the page leads to the filtered list: nobody reads 140 lines between two patients.
CASES_SHOWN, STUDIES_SHOWN = 12, 20


@kept_for_revision()
def therapy_list(request: HttpRequest) -> HttpResponse:
    """Every therapy by its place in IgG4-RD, with the amount of evidence."""
    therapies = list(Therapy.objects.letter_first().prefetch_related("mechanisms__target"))
    evidence = matrix.gather(assemble(therapies))
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
    assembly = assemble(of=[slug], with_references=True)
    tested = {key for key, arm in assembly.arms.items() if therapy in arm.therapies_tested}
    results = [result for result in assembly.results() if result.arm_id in tested]
    findings = assembly.findings(Q(therapy=therapy))
    cases = assembly.cases(Q(index_therapy=therapy), with_patients=True)
    studies = sorted(
        assembly.studies.values(), key=lambda study: (figures.DESIGN_ORDER[study.design], study.slug)
    )
    outcomes = list(assembly.outcomes.values())
    certainties = Certainty.objects.filter(therapy=therapy).select_related("outcome")
    overlaps = assembly.overlaps()
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
        "contrasts": presenter.contrast_rows(assembly.contrasts_of(therapy)),
        "syntheses": presenter.synthesis_rows(assembly.syntheses_of(therapy)),
        "cautions": presenter.cautions(results, cases, findings, len(overlaps)),
        "cases": cases,
        "shown_cases": cases[:CASES_SHOWN],
        "case_responses": Counter(case.get_response_display() for case in cases).most_common(),
        "studies": studies,
        "shown_studies": studies[:STUDIES_SHOWN],
        "overlaps": overlaps,
        "certainties": list(certainties),
        "regulatory": [(row, presenter.partial_date(row.date)) for row in therapy.regulatory_statuses.all()],
        "references": presenter.references(studies, therapy),
        "downloads": presenter.downloads(slug),
        "compare_with": _compare_with(therapy, assembly),
        "crumbs": [Crumb("Therapies", "/therapies/"), Crumb(therapy.name)],
    }
    return render(request, "therapies/page.html", context)


def _compare_with(therapy: Therapy, assembly: Assembly) -> list[Therapy]:
    """The letter's others, to set this therapy against."""
    by_slug = {each.slug: each for each in assembly.therapies.values()}
    return [by_slug[slug] for slug in LETTER_THERAPIES if slug != therapy.slug and slug in by_slug]
