"""The guided form on a patient of a revision: public slugs shown, marked rows written, doubts carried both ways."""

from typing import Any

import pytest

from evidence.desk.drafts import enter_draft, opened_of, start_draft
from evidence.models import CaseDraft, ConfirmedDoubt
from tests.admin.conftest import make_person
from tests.admin.publishing import SLUG, patient, publish, published, revised

pytestmark = pytest.mark.django_db


def confirmed(case: Any, reason: str = "As printed") -> ConfirmedDoubt:
    """A doubt about the patient, confirmed."""
    return ConfirmedDoubt.objects.create(
        case=case,
        code="unlikely_value",
        place="measurements[0].value",
        doubt="Is it g/L?",
        reason=reason,
        confirmed_by=case.study.contributor,
    )


def test_a_patient_of_a_revision_opens_under_the_public_slug() -> None:
    author = make_person("contributor")
    revision = revised(published(), author)
    draft = start_draft(by=author, case=revision.cases.get())
    opened = opened_of(draft)
    assert opened is not None and opened.case_slug == f"{SLUG}-p1"
    study = enter_draft(draft=draft, by=author)
    assert study == revision
    assert revision.cases.get().slug == f"{SLUG}-p1~"


def test_confirmed_doubts_go_with_the_revision_and_come_back() -> None:
    author = make_person("contributor")
    study = published(author)
    confirmed(study.cases.get())
    revision = revised(study, author, cases=[patient(age_years=62.0)])
    copied = ConfirmedDoubt.objects.get(case__study=revision)
    assert (copied.reason, copied.confirmed_by) == ("As printed", author)
    copied.delete()
    confirmed(revision.cases.get(), "Read again")
    publish(revision, make_person("reviewer"))
    assert [doubt.reason for doubt in ConfirmedDoubt.objects.all()] == ["Read again"]
    assert ConfirmedDoubt.objects.get().case.study == study


def test_a_form_left_open_on_a_closed_revision_is_not_taken_for_a_new_study() -> None:
    author = make_person("contributor")
    study = published()
    revision = revised(study, author, cases=[patient(age_years=62.0)])
    start_draft(by=author, case=revision.cases.get())
    publish(revision, make_person("reviewer"))
    draft = CaseDraft.objects.get()
    assert (draft.study, draft.case) == (study, study.cases.get())
