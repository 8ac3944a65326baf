"""E-mail of the desk: to whom it concerns, after the commit, without evidence; a dead mail server undoes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from evidence import workflow
from evidence.choices import State
from evidence.comments import add_comment
from evidence.models import MailOptOut
from evidence.workflow import NO_CONFLICT
from tests import factories as make
from tests.admin.conftest import log_in, make_person, make_study
from tests.admin.publishing import published, revised

pytestmark = [pytest.mark.django_db]
Commits = Callable[..., Any]


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Commits) -> Commits:
    """A block whose transaction is committed at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def sent_to() -> list[str]:
    """The addresses, each letter with one."""
    assert all(len(letter.to) == 1 and not letter.cc and not letter.bcc for letter in mail.outbox)
    return sorted(letter.to[0] for letter in mail.outbox)


def test_reviewers_hear_of_what_was_submitted_and_the_submitter_does_not(commits: Commits) -> None:
    both, reviewer = make_person("contributor and reviewer"), make_person("reviewer")
    make_person("editor")
    closed = make_person("reviewer")
    closed.is_active = False
    closed.save()
    nameless = make_person("reviewer")
    nameless.email = ""
    nameless.save()
    study = make_study(State.DRAFT, both, label="Author 2026", summary="zzsecret", population="zzsecret")
    with commits():
        workflow.submit_study(study=study, by=both)
    assert sent_to() == [reviewer.email]
    (letter,) = mail.outbox
    assert letter.subject == "[Atlas] To review: Author 2026"
    assert f"http://127.0.0.1:8000/admin/evidence/study/{study.pk}/change/" in letter.body
    assert "zzsecret" not in letter.body


STEPS: dict[str, tuple[State, Callable[..., Any]]] = {
    "published": (State.IN_REVIEW, lambda **w: workflow.publish_study(declaration=NO_CONFLICT, **w)),
    "returned": (
        State.IN_REVIEW,
        lambda **w: workflow.return_study(reason="zzreason", declaration=NO_CONFLICT, **w),
    ),
    "withdrawn": (State.PUBLISHED, lambda **w: workflow.withdraw_study(reason="zzreason", **w)),
}


@pytest.mark.parametrize("done", STEPS)
def test_the_contributor_hears_what_became_of_it(done: str, commits: Commits) -> None:
    state, step = STEPS[done]
    author, reviewer = make_person("contributor"), make_person("reviewer")
    study = make_study(state, author, label="Author 2026")
    with commits():
        step(study=study, by=reviewer)
    assert sent_to() == [author.email]
    assert f"Author 2026 is {done}." in mail.outbox[0].body
    # The reason may speak of patients: it stays on the page.
    assert "zzreason" not in mail.outbox[0].body


def test_a_study_of_the_data_set_has_nobody_to_tell(commits: Commits) -> None:
    study = make_study(State.IN_REVIEW)
    with commits():
        workflow.publish_study(study=study, by=make_person("reviewer"), declaration=NO_CONFLICT)
    assert mail.outbox == []


def test_who_revised_hears_of_the_publication(commits: Commits) -> None:
    study = published(make_person("contributor"))
    second, reviewer = make_person("contributor"), make_person("reviewer")
    revision = revised(study, second, label="Corrected 2024")
    workflow.submit_study(study=revision, by=second)
    with commits():
        workflow.publish_study(study=revision, by=reviewer, declaration=NO_CONFLICT)
    assert sent_to() == [second.email]
    assert f"/admin/evidence/study/{study.pk}/change/" in mail.outbox[0].body


def test_a_comment_goes_to_the_other_side(commits: Commits) -> None:
    author, reviewer, idle = make_person("contributor"), make_person("reviewer"), make_person("reviewer")
    study = make_study(State.IN_REVIEW, author)
    with commits():
        add_comment(study=study, by=reviewer, text="zzcomment")
    assert sent_to() == [author.email]
    mail.outbox.clear()
    with commits():
        add_comment(study=study, by=author, text="zzanswer")
    assert sent_to() == [reviewer.email] and idle.email not in sent_to()
    assert "zzanswer" not in mail.outbox[0].body


def test_no_reviewer_is_told_of_a_draft_that_they_may_not_see(commits: Commits) -> None:
    author, reviewer = make_person("contributor"), make_person("reviewer")
    study = make_study(State.DRAFT, author)
    make.ReviewCommentFactory(study=study, author=reviewer)
    with commits():
        add_comment(study=study, by=author, text="Note to self")
    assert mail.outbox == []


def test_who_wants_no_mail_gets_none_and_can_change_their_mind(commits: Commits) -> None:
    reviewer, author = make_person("reviewer"), make_person("contributor")
    client = log_in(reviewer)
    client.post(reverse("admin:evidence_study_mail"), {"wanted": "no"})
    assert "You get no e-mail" in client.get(reverse("admin:index")).content.decode()
    with commits():
        workflow.submit_study(study=make_study(State.DRAFT, author), by=author)
    assert mail.outbox == []
    client.post(reverse("admin:evidence_study_mail"), {"wanted": "yes"})
    assert not MailOptOut.objects.exists()


def test_a_step_that_is_undone_is_not_told(commits: Commits) -> None:
    author = make_person("contributor")
    make_person("reviewer")
    study = make_study(State.DRAFT, author, cited=False)
    with commits(), pytest.raises(workflow.TransitionRefused):
        workflow.submit_study(study=study, by=author)
    assert mail.outbox == []


@override_settings(EMAIL_BACKEND="tests.admin.test_mail.DeadBackend")
def test_a_dead_mail_server_undoes_nothing_and_is_logged(
    commits: Commits, caplog: pytest.LogCaptureFixture
) -> None:
    author, reviewer = make_person("contributor"), make_person("reviewer")
    study = make_study(State.DRAFT, author)
    with commits():
        workflow.submit_study(study=study, by=author)
    study.refresh_from_db()
    assert study.state == State.IN_REVIEW
    assert "An e-mail of the desk could not be sent: To review" in caplog.text
    assert reviewer.email not in caplog.text


def test_a_label_of_two_lines_makes_no_header(commits: Commits) -> None:
    author, _ = make_person("contributor"), make_person("reviewer")
    study = make_study(State.DRAFT, author, label="Author\nBcc: all@example.org")
    with commits():
        workflow.submit_study(study=study, by=author)
    assert mail.outbox[0].subject == "[Atlas] To review: Author Bcc: all@example.org"


class DeadBackend:
    """A mail server that is not there."""

    def __init__(self, **options: Any) -> None:
        self.options = options

    def send_messages(self, letters: list[Any]) -> int:
        raise ConnectionRefusedError("Nobody listens")
