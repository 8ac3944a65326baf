"""A study entered, submitted and published by its people, and ways to change it; what the tests of review share."""

from typing import Any

from django.contrib.auth.models import User

from evidence import workflow
from evidence.dataset.entry import enter_study
from evidence.dataset.schema import StudyRecord
from evidence.models import Study
from evidence.published_versions import record_of
from evidence.revisions import start_revision
from evidence.workflow import NO_CONFLICT
from tests import factories as make
from tests.admin.conftest import make_person

SLUG = "author-2024"


def vocabulary() -> None:
    """The names that the report uses."""
    names = (
        (make.TherapyFactory, "dupilumab"),
        (make.TherapyFactory, "glucocorticoid"),
        (make.OrganFactory, "pancreas"),
        (make.AnalyteFactory, "serum_igg4"),
        (make.OutcomeFactory, "complete_remission"),
    )
    for factory, slug in names:
        if not factory._meta.model.objects.filter(slug=slug).exists():
            factory(slug=slug, name=slug.replace("_", " ").capitalize())


def patient(slug: str = f"{SLUG}-p1", **changes: Any) -> dict[str, Any]:
    """One patient with courses and measurements."""
    return {
        "slug": slug,
        "index_therapy": "dupilumab",
        "sex": "male",
        "age_years": 61.0,
        "organs": ["pancreas"],
        "courses": [{"therapy": "dupilumab", "dose": 300.0, "unit": "mg", "start_week": 0}],
        "measurements": [
            {"analyte": "serum_igg4", "week": 0, "value": 1770.0},
            {"analyte": "serum_igg4", "week": 12, "value": 130.0},
        ],
        "organ_responses": [{"organ": "pancreas", "response": "improved"}],
        "response": "partial_remission",
        "adverse_events": ["Conjunctivitis"],
        "summary": "One patient.",
        "locator": "Case report",
        **changes,
    }


def report(slug: str = SLUG, **changes: Any) -> StudyRecord:
    """A report of one patient with an arm, a result and a finding."""
    vocabulary()
    content: dict[str, Any] = {
        "slug": slug,
        "label": "Author 2024",
        "design": "case_series",
        "enrolled": 3,
        "summary": "Three patients on dupilumab.",
        "basis": "full_text",
        "read_at": "https://example.org/paper",
        "citations": [
            {
                "role": "primary",
                "title": "A case",
                "authors": ["Author A"],
                "year": 2024,
                "doi": f"10.1234/{slug}",
            }
        ],
        "arms": [
            {
                "slug": "dupilumab",
                "label": "Dupilumab",
                "role": "experimental",
                "n": 3,
                "regimen": [{"therapy": "dupilumab"}],
                "baseline": {"age_years": 60.0},
            }
        ],
        "results": [
            {
                "arm": "dupilumab",
                "outcome": "complete_remission",
                "events": 1,
                "total": 3,
                "locator": "Table 2",
            }
        ],
        "findings": [
            {
                "therapy": "dupilumab",
                "outcome": "complete_remission",
                "direction": "improved",
                "statement": "The gland shrank.",
                "locator": "Page 2",
            }
        ],
        "cases": [patient(f"{slug}-p1")],
    }
    return StudyRecord.model_validate({**content, **changes})


def publish(study: Study, reviewer: Any, by: Any | None = None) -> Study:
    """Submit a draft as its contributor, and publish it."""
    workflow.submit_study(study=study, by=by if by is not None else study.contributor)
    return workflow.publish_study(study=study, by=reviewer, declaration=NO_CONFLICT)


def published(
    contributor: User | None = None, reviewer: User | None = None, record: StudyRecord | None = None
) -> Study:
    """A study that went the whole way."""
    author = contributor if contributor is not None else make_person("contributor")
    draft = enter_study(record=record if record is not None else report(), by=author)
    study = publish(draft, reviewer if reviewer is not None else make_person("reviewer"))
    return Study.objects.get(pk=study.pk)


def revised(study: Study, by: Any, reason: str = "A figure was misread.", **changes: Any) -> Study:
    """An open revision of a published study, with these fields of its record changed."""
    revision = start_revision(study=study, by=by, reason=reason)
    return change(revision, by, **changes) if changes else revision


def change(study: Study, by: Any, **changes: Any) -> Study:
    """Bring a draft or revision to a changed record."""
    content = record_of(study).model_dump() | changes
    return enter_study(record=StudyRecord.model_validate(content), by=by, stored=study)
