"""Methods and Data: how numbers are combined, and how to get them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from comparison.presenters import figures
from comparison.presenters.methods import methods_document
from comparison.statistics.proportions import pool_proportions
from evidence.choices import OCEBM_LEVELS, Basis, Design
from evidence.models import (
    Analyte,
    Appraisal,
    Case,
    Certainty,
    Comorbidity,
    Contrast,
    Finding,
    Organ,
    Outcome,
    Overlap,
    PublishedSynthesis,
    Result,
    Study,
)
from evidence.querysets import public_citations
from foundation import formatting
from foundation.caching import kept_for_revision
from foundation.models import Revision
from foundation.pieces import BASIS_WARNINGS
from therapies.models import PathwayEdge, Target, Therapy

# The worked example: one outcome of one therapy, its studies by their own reports.
EXAMPLE = {"therapy": "rituximab", "outcome": "complete_remission", "week": 26}


@kept_for_revision()
def methods(request: HttpRequest) -> HttpResponse:
    """How numbers are combined and compared: docs/methods.md, with an example from the evidence as it stands."""
    document = methods_document()
    parts = {
        "designs": [(design.value, design.label, OCEBM_LEVELS[design]) for design in Design],
        "bases": [(basis.label, BASIS_WARNINGS.get(basis.value, "")) for basis in Basis],
        "example": _example(),
    }
    filled = document.filled(
        {
            name: render_to_string(f"comparison/methods/{name}.html", {name: part})
            for name, part in parts.items()
        }
    )
    return render(request, "comparison/methods.html", {"sections": document.sections, "text": filled})


def _example() -> dict[str, object] | None:
    """The largest single figure of the example, worked through; None where the evidence does not hold it."""
    rows = [
        result
        for result in Result.objects.published()
        .filter(
            arm__regimen__therapy__slug=EXAMPLE["therapy"],
            outcome__slug=EXAMPLE["outcome"],
            week=EXAMPLE["week"],
            events__isnull=False,
            arm__study__design=Design.SINGLE_ARM_TRIAL,
        )
        .for_list()
        if [therapy.slug for therapy in result.arm.therapies_tested] == [EXAMPLE["therapy"]]
    ]
    if not rows:
        return None
    result = max(rows, key=lambda row: (row.total, row.arm.study.slug))
    pooled = pool_proportions([result.events], [result.total])
    return {
        "share": figures.share_of(result),
        "source": figures.source_of(result, result.arm.study),
        "method": pooled.method,
        "reason": pooled.reason,
        "low": formatting.number(pooled.low, 4),
        "high": formatting.number(pooled.high, 4),
        "proportion": formatting.number(pooled.proportion, 4),
    }


@kept_for_revision()
def data(request: HttpRequest) -> HttpResponse:
    """What the evidence set holds, in which formats, under which licence, at which revision."""
    counts = (
        ("Therapies", "therapies", Therapy.objects.count()),
        ("Studies", "studies", Study.objects.published().count()),
        ("Results", "results", Result.objects.published().count()),
        ("Contrasts", "contrasts", Contrast.objects.published().count()),
        ("Findings in words", "findings", Finding.objects.published().count()),
        ("Figures pooled by reviews", "syntheses", PublishedSynthesis.objects.published().count()),
        ("Studies that share patients", "overlaps", Overlap.objects.published().count()),
        ("Cases", "cases", Case.objects.published().count()),
        ("Appraisals of risk of bias", "appraisals", Appraisal.objects.published().count()),
        ("Ratings of certainty", "certainties", Certainty.objects.count()),
        ("Citations", "citations", public_citations().count()),
        ("Targets", "targets", Target.objects.count()),
        ("Edges of the disease map", "pathway", PathwayEdge.objects.count()),
        ("Outcomes", "outcomes", Outcome.objects.count()),
        ("Organs", "organs", Organ.objects.count()),
        ("Comorbidities", "comorbidities", Comorbidity.objects.count()),
        ("Analytes", "analytes", Analyte.objects.count()),
    )
    context = {
        "counts": [(label, f"/api/v1/{path}/", count) for label, path, count in counts],
        "revision": Revision.current(),
    }
    return render(request, "comparison/data.html", context)
