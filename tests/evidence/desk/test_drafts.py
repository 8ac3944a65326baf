"""Drafts of cases: anything is kept, nobody else's is seen, and what is whole becomes evidence."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from evidence.choices import State
from evidence.dataset.entry import EntryRefused
from evidence.dataset.snapshot import study_record
from evidence.desk.drafts import (
    DraftConflict,
    DraftNotReady,
    discard_draft,
    enter_draft,
    free_slug,
    read_draft,
    save_draft,
    start_draft,
)
from evidence.models import Case, CaseDraft, Study
from foundation.models import Revision
from tests import factories as make
from tests.evidence.desk.words import whole_payload

pytestmark = pytest.mark.django_db


def somebody(*roles: str) -> Any:
    user = make.UserFactory()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def owner() -> Any:
    for factory, names in (
        (make.TherapyFactory, ("Dupilumab", "Glucocorticoid")),
        (make.OrganFactory, ("Pancreas", "Kidney")),
    ):
        for name in names:
            factory(slug=name.lower(), name=name)
    return somebody("contributor")


def saved(owner: Any, payload: dict[str, Any] | None = None, **start: Any) -> CaseDraft:
    draft = start_draft(by=owner, **start)
    return save_draft(draft=draft, payload=payload or whole_payload(), version=draft.version, by=owner)


def record_of(study: Study) -> Any:
    return study_record(Study.objects.with_everything().get(pk=study.pk))


def test_a_draft_holds_anything(owner: Any) -> None:
    nonsense = {
        "case": {"age_years": "about sixty"},
        "courses": [{"row": "1", "dose": "\ud7ff many"}],
        "more": [1],
    }
    draft = saved(owner, nonsense)
    assert CaseDraft.objects.get(pk=draft.pk).payload == nonsense
    assert draft.version == 2


def test_a_draft_is_no_evidence_and_raises_no_revision(owner: Any) -> None:
    before = Revision.current().number
    saved(owner)
    assert not Study.objects.exists()
    assert Revision.current().number == before


def test_the_second_tab_is_told_and_overwrites_nothing(owner: Any) -> None:
    draft = start_draft(by=owner)
    save_draft(draft=draft, payload={"case": {"age_years": "67"}}, version=1, by=owner)
    with pytest.raises(DraftConflict, match="changed in another tab") as told:
        save_draft(draft=draft, payload={"case": {"age_years": "76"}}, version=1, by=owner)
    assert told.value.stored.version == 2
    assert CaseDraft.objects.get().payload == {"case": {"age_years": "67"}}


def test_the_same_text_again_is_no_conflict(owner: Any) -> None:
    draft = start_draft(by=owner)
    for _ in range(2):
        kept = save_draft(draft=draft, payload={"case": {"age_years": "67"}}, version=1, by=owner)
    assert kept.version == 2


@pytest.mark.parametrize("roles", [(), ("reviewer",), ("editor",)])
def test_only_a_contributor_starts_a_draft(roles: tuple[str, ...]) -> None:
    with pytest.raises(EntryRefused, match="Only a contributor enters cases"):
        start_draft(by=somebody(*roles))


def test_nobody_else_saves_enters_or_discards_a_draft(owner: Any) -> None:
    draft = saved(owner)
    for other in (somebody("contributor"), somebody("reviewer", "contributor")):
        with pytest.raises(EntryRefused, match="Only its owner"):
            save_draft(draft=draft, payload={}, version=2, by=other)
        with pytest.raises(EntryRefused, match="Only its owner"):
            enter_draft(draft=draft, by=other)
        with pytest.raises(EntryRefused, match="Only its owner"):
            discard_draft(draft=draft, by=other)
        assert not CaseDraft.objects.seen_by(other).exists()
    assert CaseDraft.objects.get().payload == whole_payload()
    assert CaseDraft.objects.seen_by(make.UserFactory(is_superuser=True)).get() == draft


def test_a_whole_case_is_entered_as_a_draft_study_and_the_draft_is_closed(owner: Any) -> None:
    study = enter_draft(draft=saved(owner), by=owner)
    assert (study.state, study.contributor, study.slug) == (State.DRAFT, owner, "della-torre-2020")
    assert study.cases.get().slug == "della-torre-2020-p1"
    assert not CaseDraft.objects.exists()


def test_a_case_is_handed_in_at_once_when_asked(owner: Any) -> None:
    assert enter_draft(draft=saved(owner), by=owner, submit=True).state == State.IN_REVIEW


def test_what_stands_against_a_case_is_told_and_nothing_written(owner: Any) -> None:
    draft = saved(owner, whole_payload(age_years="-3", index_therapy="nonesuch"))
    with pytest.raises(DraftNotReady) as told:
        enter_draft(draft=draft, by=owner)
    assert {complaint.field for complaint in told.value.reading.complaints} == {
        "case-age_years",
        "case-index_therapy",
    }
    assert not Study.objects.exists()
    assert CaseDraft.objects.exists()


def test_a_paper_that_is_entered_already_is_told_at_its_identifier(owner: Any) -> None:
    enter_draft(draft=saved(owner), by=owner)
    payload = whole_payload()
    payload["study"] |= {"slug": "another", "label": "Another"}
    reading, _ = read_draft(saved(somebody("contributor"), payload))
    assert [(each.field, each.words) for each in reading.complaints] == [
        (
            "citation-doi",
            "This paper (10.1136/desk-2020) is the report of a study that is entered already. Add the patient to "
            "that study if it is yours; a patient counts once.",
        )
    ]


def test_a_name_that_is_taken_gets_a_letter(owner: Any) -> None:
    make.StudyFactory(slug="della-torre-2020")
    make.StudyFactory(slug="della-torre-2020-b")
    assert free_slug("della-torre-2020") == "della-torre-2020-c"
    assert enter_draft(draft=saved(owner), by=owner).slug == "della-torre-2020-c"


def test_a_further_patient_is_added_to_a_study_of_ones_own(owner: Any) -> None:
    study = enter_draft(draft=saved(owner), by=owner)
    before = record_of(study)
    draft = start_draft(by=owner, study=study)
    payload = {**draft.payload, "case": whole_payload(sex="female")["case"]}
    save_draft(draft=draft, payload=payload, version=1, by=owner)
    enter_draft(draft=draft, by=owner)
    after = record_of(study)
    assert [case.sex for case in after.cases] == ["male", "female"]
    assert (before.enrolled, after.enrolled) == (1, 2)
    assert after.model_copy(update={"cases": before.cases, "enrolled": 1}) == before


def test_a_patient_is_opened_changed_and_entered_again(owner: Any) -> None:
    study = enter_draft(draft=saved(owner), by=owner)
    before, case = record_of(study), study.cases.get()
    draft = start_draft(by=owner, case=case)
    assert start_draft(by=owner, case=case) == draft
    reading, _ = read_draft(draft)
    assert reading.study == before
    payload = {**draft.payload, "case": {**draft.payload["case"], "age_years": "67"}}
    save_draft(draft=draft, payload=payload, version=1, by=owner)
    enter_draft(draft=draft, by=owner)
    assert Case.objects.get().pk == case.pk
    assert record_of(study).cases[0] == before.cases[0].model_copy(update={"age_years": 67.0})


def test_a_study_of_another_or_in_review_is_not_opened(owner: Any) -> None:
    study = enter_draft(draft=saved(owner), by=owner)
    with pytest.raises(EntryRefused, match="Only its contributor"):
        start_draft(by=somebody("contributor"), study=study)
    draft = saved(owner, whole_payload(), study=study)
    Study.objects.update(state=State.IN_REVIEW)
    for refused in (lambda: start_draft(by=owner, study=study), lambda: enter_draft(draft=draft, by=owner)):
        with pytest.raises(EntryRefused, match="Only its contributor"):
            refused()


def test_a_draft_outlives_its_study(owner: Any) -> None:
    study = enter_draft(draft=saved(owner), by=owner)
    draft = saved(owner, study=study)
    study.delete()
    draft.refresh_from_db()
    assert (draft.study, draft.payload) == (None, whole_payload())


def test_an_owner_discards_a_draft(owner: Any) -> None:
    discard_draft(draft=saved(owner), by=owner)
    assert not CaseDraft.objects.exists()
