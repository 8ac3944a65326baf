"""The list of studies and a study's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.presenters import figures
from comparison.presenters import study as presenter
from comparison.presenters import therapy as rows
from comparison.presenters.appraisal import light_tables, would_apply
from comparison.presenters.versions import MOST_VERSIONS, version_rows
from comparison.views.filtering import filtered_page
from comparison.views.lookup import find
from evidence.filters import StudyFilterSet
from evidence.models import Finding, Overlap, Study
from foundation import formatting
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb
from therapies.models import Therapy

SHOWN = ("q", "therapy", "design", "outcome", "organ", "country", "basis", "from", "to")


@kept_for_revision()
def study_list(request: HttpRequest) -> HttpResponse:
    """Every published study, filtered by what the reader asks for."""
    page = filtered_page(request, StudyFilterSet, Study.objects.published().for_list(), SHOWN)
    listed = [
        {"study": study, "therapies": therapies_of_study(study), "primary": study.primary_citation}
        for study in page.page_obj
    ]
    return render(request, "evidence/study_list.html", {**page.context(), "rows": listed}, status=page.status)


def therapies_of_study(study: Study) -> list[Therapy]:
    """The therapies a study tells of, those of its arms first; needs for_list()."""
    found: dict[str, Therapy] = {}
    for arm in study.arms.all():
        for therapy in arm.therapies_tested:
            found.setdefault(therapy.slug, therapy)
    for case in study.cases.all():
        found.setdefault(case.index_therapy.slug, case.index_therapy)
    for finding in study.findings.all():
        found.setdefault(finding.therapy.slug, finding.therapy)
    for synthesis in study.syntheses.all():
        found.setdefault(synthesis.therapy.slug, synthesis.therapy)
    return list(found.values())


@kept_for_revision()
def study_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One study: question, arms, every figure where it was read, doubts, references."""
    published = Study.objects.published().with_everything().prefetch_related("appraisals__answers")
    study = find(request, published, slug, "study-page")
    if isinstance(study, HttpResponse):
        return study
    _share_parents(study)
    overlaps = list(Overlap.objects.published().touching([study.pk]).select_related("study_a", "study_b"))
    primary = study.primary_citation
    context = {
        "study": study,
        "primary": primary,
        "source": figures.source_of_study(study),
        "enrolled": formatting.plural(study.enrolled, "patient"),
        "therapies": therapies_of_study(study),
        "cautions": presenter.cautions(study, overlaps),
        "question": presenter.question_terms(study),
        "arms": presenter.arm_rows(study.arms.all()),
        "results": presenter.result_rows(study),
        "contrasts": rows.contrast_rows(study.contrasts.all()),
        "findings": [_finding(finding) for finding in study.findings.all()],
        "syntheses": rows.synthesis_rows(study.syntheses.all()),
        "cases": list(study.cases.all()),
        "facts": presenter.fact_terms(study),
        "appraisals": light_tables(study.appraisals.all()),
        "would_apply": would_apply(study.design),
        "overlaps": [(o, o.study_b if o.study_a_id == study.pk else o.study_a) for o in overlaps],
        "citations": presenter.citation_rows(study),
        "versions": version_rows(study.published_versions.defer("record")[:MOST_VERSIONS]),
        "downloads": presenter.downloads(slug),
        "crumbs": [Crumb("Studies", "/studies/"), Crumb(study.label)],
    }
    return render(request, "evidence/study.html", context)


def _share_parents(study: Study) -> None:
    """Let each row know its study without a query of its own."""
    for arm in study.arms.all():
        arm.study = study
        for result in arm.results.all():
            result.arm = arm
    for rows_of in (study.contrasts, study.findings, study.syntheses, study.cases):
        for row in rows_of.all():
            row.study = study


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "anchor": figures.anchor_of(finding),
        "direction": finding.direction,
        "outcome": finding.outcome.name,
        "therapy_slug": finding.therapy.slug,
        "therapy": finding.therapy.name,
        "statement": finding.statement,
        "patients": finding.patients,
        "source": figures.source_of(finding, finding.study),
    }
