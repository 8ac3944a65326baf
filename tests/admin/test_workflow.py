"""How a study goes to the public and back; every refusal by its words."""

from collections.abc import Callable

import pytest

from evidence import workflow
from evidence.choices import CitationRole, State
from evidence.models import Study
from evidence.workflow import NO_CONFLICT, TransitionRefused
from foundation.models import Revision
from tests.admin.conftest import make_person, make_study
from tests.factories import CaseFactory, StudyFactory

pytestmark = pytest.mark.django_db

SERVICES: dict[str, Callable] = {
    "submit": workflow.submit_study,
    "publish": lambda **words: workflow.publish_study(declaration=NO_CONFLICT, **words),
    "return": lambda **words: workflow.return_study(reason="Add the week.", declaration=NO_CONFLICT, **words),
    "withdraw": lambda **words: workflow.withdraw_study(reason="Retracted.", **words),
}


def test_a_study_goes_from_draft_to_the_public_and_back() -> None:
    contributor, reviewer = make_person("contributor"), make_person("reviewer")
    study = make_study(State.DRAFT, contributor)
    before = Revision.current().number

    workflow.submit_study(study=study, by=contributor)
    assert study.state == State.IN_REVIEW
    workflow.return_study(study=study, by=reviewer, reason="Add the week.", declaration=NO_CONFLICT)
    assert (study.state, study.reviewer) == (State.RETURNED, reviewer)
    workflow.submit_study(study=study, by=contributor)
    assert Revision.current().number == before
    workflow.publish_study(study=study, by=reviewer, declaration=NO_CONFLICT)
    study.refresh_from_db()
    assert (study.state, study.reviewer) == (State.PUBLISHED, reviewer)
    first_day = study.published_at
    assert first_day is not None
    workflow.withdraw_study(study=study, by=reviewer, reason="The paper was retracted.")
    assert study.state == State.WITHDRAWN
    assert Study.objects.published().count() == 0

    workflow.return_study(study=study, by=reviewer, reason="Correct the total.", declaration=NO_CONFLICT)
    workflow.submit_study(study=study, by=contributor)
    workflow.publish_study(study=study, by=reviewer, declaration=NO_CONFLICT)
    study.refresh_from_db()
    assert study.published_at == first_day


def test_publishing_raises_the_revision() -> None:
    study = make_study(State.IN_REVIEW, make_person("contributor"))
    Revision.objects.update(changed_in="")
    before = Revision.current().number
    workflow.publish_study(study=study, by=make_person("reviewer"), declaration=NO_CONFLICT)
    assert Revision.current().number == before + 1


def test_the_history_says_who_and_why_and_outlives_the_account() -> None:
    reviewer = make_person("reviewer")
    study = make_study(State.IN_REVIEW, make_person("contributor"))
    workflow.return_study(study=study, by=reviewer, reason=" Add the week. ", declaration=NO_CONFLICT)
    Study.objects.filter(pk=study.pk).update(reviewer=None)
    study.conflict_statements.all().delete()
    name = reviewer.username
    reviewer.delete()
    event = study.history.select_related("pgh_context").filter(state=State.RETURNED).earliest("pgh_id")
    assert event.pgh_context.metadata["reason"] == "Add the week."
    assert event.pgh_context.metadata["username"] == name


WRONG_STATE = [
    ("submit", State.IN_REVIEW, "Only a draft or returned study can be submitted; this one is in review"),
    ("submit", State.PUBLISHED, "Only a draft or returned study can be submitted; this one is published"),
    ("submit", State.WITHDRAWN, "Only a draft or returned study can be submitted; this one is withdrawn"),
    ("publish", State.DRAFT, "Only a study in review can be published; this one is draft"),
    ("publish", State.RETURNED, "Only a study in review can be published; this one is returned"),
    ("publish", State.PUBLISHED, "Only a study in review can be published; this one is published"),
    ("publish", State.WITHDRAWN, "Only a study in review can be published; this one is withdrawn"),
    ("return", State.DRAFT, "Only a study in review or a withdrawn one can be returned; this one is draft"),
    (
        "return",
        State.PUBLISHED,
        "Only a study in review or a withdrawn one can be returned; this one is published",
    ),
    (
        "return",
        State.RETURNED,
        "Only a study in review or a withdrawn one can be returned; this one is returned",
    ),
    ("withdraw", State.DRAFT, "Only a published study can be withdrawn; this one is draft"),
    ("withdraw", State.IN_REVIEW, "Only a published study can be withdrawn; this one is in review"),
    ("withdraw", State.RETURNED, "Only a published study can be withdrawn; this one is returned"),
    ("withdraw", State.WITHDRAWN, "Only a published study can be withdrawn; this one is withdrawn"),
]


@pytest.mark.parametrize(("step", "state", "words"), WRONG_STATE)
def test_a_step_from_the_wrong_state_is_refused(step: str, state: State, words: str) -> None:
    study = make_study(state, make_person("contributor"))
    with pytest.raises(TransitionRefused, match=words):
        SERVICES[step](study=study, by=make_person("superuser"))
    study.refresh_from_db()
    assert study.state == state


WRONG_PERSON = [
    ("submit", State.DRAFT, "contributor", "Only its contributor submits a study."),
    ("submit", State.DRAFT, "reviewer", "Only its contributor submits a study."),
    ("publish", State.IN_REVIEW, "contributor", "Only a reviewer publishes a study."),
    ("publish", State.IN_REVIEW, "editor", "Only a reviewer publishes a study."),
    ("return", State.IN_REVIEW, "editor", "Only a reviewer returns a study."),
    ("return", State.WITHDRAWN, "contributor", "Only a reviewer returns a study."),
    ("withdraw", State.PUBLISHED, "editor", "Only a reviewer withdraws a study."),
]


@pytest.mark.parametrize(("step", "state", "kind", "words"), WRONG_PERSON)
def test_a_step_by_the_wrong_person_is_refused(step: str, state: State, kind: str, words: str) -> None:
    study = make_study(state, make_person("contributor"))
    with pytest.raises(TransitionRefused, match=words):
        SERVICES[step](study=study, by=make_person(kind))
    study.refresh_from_db()
    assert study.state == state


@pytest.mark.parametrize(
    ("step", "state"),
    [("publish", State.IN_REVIEW), ("return", State.IN_REVIEW), ("withdraw", State.PUBLISHED)],
)
@pytest.mark.parametrize("kind", ["contributor and reviewer", "superuser"])
def test_nobody_reviews_their_own_study(step: str, state: State, kind: str) -> None:
    person = make_person(kind)
    study = make_study(state, person)
    with pytest.raises(TransitionRefused, match="Nobody reviews their own study"):
        SERVICES[step](study=study, by=person)
    study.refresh_from_db()
    assert study.state == state


@pytest.mark.parametrize(
    ("service", "state", "words"),
    [
        (workflow.return_study, State.IN_REVIEW, "Say what the contributor should change."),
        (workflow.withdraw_study, State.PUBLISHED, "Say why the study is withdrawn."),
    ],
)
def test_a_return_and_a_withdrawal_need_a_reason(service: Callable, state: State, words: str) -> None:
    study = make_study(state, make_person("contributor"))
    with pytest.raises(TransitionRefused, match=words):
        service(study=study, by=make_person("reviewer"), reason="  ")


def test_an_incomplete_study_is_told_what_it_lacks() -> None:
    contributor = make_person("contributor")
    bare = StudyFactory(draft=True, contributor=contributor, cited=False, label="Bare 2026")
    with pytest.raises(TransitionRefused) as refusal:
        workflow.submit_study(study=bare, by=contributor)
    assert str(refusal.value) == (
        "It is not complete: it needs a primary citation and a result, contrast, finding, synthesis or case."
    )
    cited = StudyFactory(draft=True, contributor=contributor)
    assert workflow.what_is_missing(cited) == ["a result, contrast, finding, synthesis or case"]
    CaseFactory(study=cited)
    assert workflow.what_is_missing(cited) == []


def test_what_lost_its_citation_in_review_is_not_published() -> None:
    study = make_study(State.IN_REVIEW, make_person("contributor"))
    study.study_citations.update(role=CitationRole.COMMENT)
    with pytest.raises(TransitionRefused, match="it needs a primary citation"):
        workflow.publish_study(study=study, by=make_person("reviewer"), declaration=NO_CONFLICT)


def test_a_stale_copy_does_not_undo_another_step() -> None:
    reviewer = make_person("reviewer")
    study = make_study(State.IN_REVIEW, make_person("contributor"))
    stale = Study.objects.get(pk=study.pk)
    workflow.return_study(study=study, by=reviewer, reason="Add the week.", declaration=NO_CONFLICT)
    with pytest.raises(TransitionRefused, match="is returned"):
        workflow.publish_study(study=stale, by=reviewer, declaration=NO_CONFLICT)
    stale.label = "A stale label"
    workflow.submit_study(study=stale, by=study.contributor)
    study.refresh_from_db()
    assert study.label != "A stale label"


def test_a_refused_step_leaves_no_version() -> None:
    study = make_study(State.DRAFT, make_person("contributor"))
    versions = study.history.count()
    with pytest.raises(TransitionRefused):
        workflow.publish_study(study=study, by=make_person("reviewer"), declaration=NO_CONFLICT)
    assert study.history.count() == versions
