"""The pages around a review: what changed, revising, declaring, the queue, and what was deleted."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from evidence import workflow
from evidence.admin.deleted import deleted_records
from evidence.choices import State
from evidence.dataset.entry import enter_study
from evidence.models import Study
from evidence.tasks import tasks_of, waiting_words
from evidence.workflow import NO_CONFLICT, TransitionRefused
from tests import factories as make
from tests.admin.conftest import change_of, log_in, make_person, make_study, messages_of
from tests.admin.publishing import SLUG, change, patient, publish, published, report, revised

pytestmark = pytest.mark.django_db


def words(client: Client, name: str, *args: Any) -> str:
    """The text of a page, without its markup."""
    answer = client.get(reverse(f"admin:evidence_study_{name}", args=args))
    assert answer.status_code == 200
    told = " ".join(html.fromstring(answer.content.decode()).text_content().split())
    return told


def mended() -> list[dict[str, Any]]:
    """The patient of the report, older by a year."""
    return [patient(age_years=62.0)]


class TestWhatChanged:
    def test_a_reviewer_reads_it_before_publishing(self) -> None:
        author = make_person("contributor")
        revision = revised(published(), author, "Misread.", cases=mended())
        workflow.submit_study(study=revision, by=author)
        client = log_in(make_person("reviewer"))
        for page in (
            words(client, "changes", revision.pk),
            words(client, "transition", revision.pk, "publish"),
        ):
            assert "Against version 1" in page and "Why it is revised: “Misread.”" in page
            assert "cases › p1 › age years → changed 61 62" in page

    def test_a_first_publication_is_said_to_be_all_new(self) -> None:
        study = make_study(State.IN_REVIEW, make_person("contributor"))
        page = words(log_in(make_person("reviewer")), "changes", study.pk)
        assert "No version of this study was published yet: all of it is new." in page

    def test_what_changed_meanwhile_is_told_with_what_to_do(self) -> None:
        author = make_person("contributor")
        study = published()
        revision = revised(study, author, cases=mended())
        Study.objects.filter(pk=study.pk).update(label="As loaded")
        workflow.submit_study(study=revision, by=author)
        page = words(log_in(make_person("reviewer")), "changes", revision.pk)
        assert "it cannot be published before its contributor has brought it up to date" in page
        workflow.return_study(
            study=revision, by=make_person("reviewer"), reason="Up to date, please.", declaration=NO_CONFLICT
        )
        client = log_in(author)
        assert "label → changed Author 2024 As loaded" in words(client, "up_to_date", revision.pk)
        client.post(reverse("admin:evidence_study_up_to_date", args=[revision.pk]))
        revision.refresh_from_db()
        assert (revision.label, revision.based_on) == ("As loaded", 2)

    @pytest.mark.parametrize("kind", ["contributor", "editor", "staff without a role"])
    def test_it_does_not_exist_for_those_who_may_not_see_the_study(self, kind: str) -> None:
        study = make_study(State.IN_REVIEW, make_person("contributor"))
        answer = log_in(make_person(kind)).get(reverse("admin:evidence_study_changes", args=[study.pk]))
        assert answer.status_code == 404


class TestRevising:
    def test_it_is_begun_on_a_page_and_leads_to_the_copy(self) -> None:
        client, study = log_in(make_person("contributor")), published()
        address = reverse("admin:evidence_study_revise", args=[study.pk])
        assert address in client.get(change_of(study)).content.decode()
        assert messages_of(client.post(address, {"reason": " "}))[-1].startswith("Say why published evidence")
        answer = client.post(address, {"reason": "Misread."})
        (revision,) = study.revisions.all()
        assert answer["Location"] == change_of(revision)
        assert address not in client.get(change_of(study)).content.decode()
        assert "A revision is open" in client.get(change_of(study)).content.decode()

    @pytest.mark.parametrize("kind", ["reviewer", "editor"])
    def test_those_who_may_not_are_refused(self, kind: str) -> None:
        study = published()
        address = reverse("admin:evidence_study_revise", args=[study.pk])
        assert log_in(make_person(kind)).post(address, {"reason": "x"}).status_code == 403
        assert not study.revisions.exists()

    def test_it_is_edited_at_the_desk_as_any_draft(self, open_form: Callable[..., Any]) -> None:
        author = make_person("contributor")
        revision = revised(published(), author)
        page = open_form(log_in(author), change_of(revision)).fill(summary="Three patients, all better.")
        assert page.send().status_code == 302
        case = open_form(log_in(author), reverse("admin:evidence_case_add") + f"?study={revision.pk}")
        case.fill(
            study=revision.pk,
            slug=f"{SLUG}-p2",
            index_therapy=revision.cases.get().index_therapy_id,
            sex="female",
            response="no_response",
            steroid_effect="not_reported",
            summary="Another patient.",
            locator="Case 2",
        )
        answer = case.send()
        assert answer.status_code == 302, html.fromstring(answer.content).text_content()
        public = publish(revision, make_person("reviewer"))
        assert list(public.cases.values_list("slug", flat=True)) == [f"{SLUG}-p1", f"{SLUG}-p2"]
        assert Study.objects.get(slug=SLUG).summary == "Three patients, all better."

    def test_the_public_page_tells_the_version_and_its_figures_but_no_earlier_words(self) -> None:
        study = published(record=report(summary="Mrs Example, born in Leeds."))
        author = make_person("contributor")
        revision = revised(study, author, "It told too much.", summary="One patient.", cases=mended())
        publish(revision, make_person("reviewer"))
        page = Client().get(study.get_absolute_url()).content.decode()
        assert "Version 2" in page and "It told too much." in page
        assert "cases › p1 › age years: 61 → 62" in page and "summary: changed" in page
        assert "Leeds" not in page and author.username not in page
        told = Client().get(f"/api/v1/studies/{SLUG}/").json()["versions"]
        assert [(version["number"], version["reason"]) for version in told] == [
            (2, "It told too much."),
            (1, None),
        ]


class TestDeclaring:
    @pytest.mark.parametrize("step", ["publish", "return"])
    def test_without_it_the_page_comes_back_with_what_was_typed(self, step: str) -> None:
        study = make_study(State.IN_REVIEW, make_person("contributor"))
        client = log_in(make_person("reviewer"))
        address = reverse("admin:evidence_study_transition", args=[study.pk, step])
        answer = client.post(address, {"reason": "Add the week.", "conflict": "some", "which": " "})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Confirm that you have no conflict of interest with this work, or say which." in page
        assert ("Add the week.</textarea>" in page) == (step == "return")
        client.post(address, {"reason": "Add the week.", "conflict": "some", "which": "An author."})
        assert study.conflict_statements.get().conflict == "An author."

    @pytest.mark.parametrize(
        ("kind", "told"), [("contributor", False), ("reviewer", True), ("editor", True), ("superuser", True)]
    )
    def test_it_is_read_by_reviewers_and_editors_alone(self, kind: str, told: bool) -> None:
        study = published()
        make.ConflictStatementFactory(study=study, has_conflict=True, conflict="zzdeclared")
        client = log_in(make_person(kind))
        for name in ("change", "history"):
            page = client.get(reverse(f"admin:evidence_study_{name}", args=[study.pk])).content.decode()
            assert ("zzdeclared" in page) == told


class TestQueue:
    def test_the_longest_waiting_comes_first_and_says_so(self) -> None:
        author, reviewer = make_person("contributor"), make_person("reviewer")
        first, second = (make_study(State.DRAFT, author, label=label) for label in ("First", "Second"))
        for study in (second, first):
            workflow.submit_study(study=study, by=author)
        (queue,) = tasks_of(reviewer)
        assert (queue.title, queue.total) == ("To review", 2)
        # Both were handed in within this test's one transaction: the order of keys decides.
        assert [study.label for study in queue.studies] == ["First", "Second"]
        assert "waits since today" in log_in(reviewer).get(reverse("admin:index")).content.decode()

    @pytest.mark.parametrize(("days", "said"), [(0, "since today"), (1, "for a day"), (12, "for 12 days")])
    def test_how_long_it_waits_is_told_in_days(self, days: int, said: str) -> None:
        assert waiting_words(timezone.now() - timedelta(days=days, hours=1)) == said

    def test_each_sees_their_own_and_what_they_may_review(self) -> None:
        both, other = make_person("contributor and reviewer"), make_person("contributor")
        study = published(both)
        mine = revised(published(record=report("other-2024")), both)
        theirs = revised(study, other, cases=mended())
        workflow.submit_study(study=theirs, by=other)
        lists = {tasks.title: list(tasks.studies) for tasks in tasks_of(both)}
        assert lists["My revisions"] == [mine]
        # A revision of one's own study is for somebody else.
        assert lists["To review"] == []
        assert {tasks.title: tasks.total for tasks in tasks_of(other)}["My revisions"] == 1

    def test_a_constant_number_of_queries(self, django_assert_max_num_queries: Callable[..., Any]) -> None:
        person = make_person("superuser")
        for number in range(15):
            state = (State.DRAFT, State.IN_REVIEW, State.RETURNED)[number % 3]
            make_study(state, person if number % 2 else make_person("contributor"))
        # The roles; a list each; the total of a list that is longer than ten.
        with django_assert_max_num_queries(7):
            tasks_of(person)


class TestDeleted:
    def test_it_tells_who_deleted_what_and_what_stood_there(self) -> None:
        author = make_person("contributor")
        study = enter_study(record=report(), by=author)
        change(study, author, findings=[])
        client = log_in(author)
        page = words(client, "deleted")
        assert "The gland shrank." in page and author.username in page
        log_in(author).post(reverse("admin:evidence_study_delete", args=[study.pk]), {"post": "yes"})
        page = words(client, "deleted")
        assert "Three patients on dupilumab." in page and "Conjunctivitis" in page
        only = client.get(reverse("admin:evidence_study_deleted"), {"kind": "finding"}).content.decode()
        assert "The gland shrank." in only and "Conjunctivitis" not in only

    @pytest.mark.parametrize(
        ("kind", "seen"),
        [("editor", True), ("superuser", True), ("contributor", False), ("contributor and reviewer", False)],
    )
    def test_contributors_see_their_own_alone(self, kind: str, seen: bool) -> None:
        author = make_person("contributor")
        study = enter_study(record=report(), by=author)
        change(study, author, findings=[])
        told = words(log_in(make_person(kind)), "deleted")
        assert ("The gland shrank." in told) == seen

    @pytest.mark.parametrize("kind", ["reviewer", "staff without a role"])
    def test_others_have_no_such_page(self, kind: str) -> None:
        assert log_in(make_person(kind)).get(reverse("admin:evidence_study_deleted")).status_code == 403

    def test_a_revision_that_was_published_is_no_loss(self) -> None:
        author = make_person("contributor")
        publish(revised(published(author), author, cases=mended()), make_person("reviewer"))
        assert deleted_records(author) == []


# Superusers all: the roles, which a migration made, are gone where a test before emptied the tables.
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_two_reviewers_publish_a_revision_once(self) -> None:
        author, second, *reviewers = [make_person("superuser") for _ in range(4)]
        study = published(author, make_person("superuser"))
        revision = revised(study, second, cases=mended())
        workflow.submit_study(study=revision, by=second)
        start, outcomes = threading.Barrier(2), []

        def take(by: Any) -> None:
            try:
                start.wait(10)
                copy = Study.objects.get(pk=revision.pk)
                workflow.publish_study(study=copy, by=by, declaration=NO_CONFLICT)
                outcomes.append("published")
            except (TransitionRefused, Study.DoesNotExist) as refusal:
                outcomes.append(str(refusal))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=take, args=[by]) for by in reviewers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        connection.close()
        assert outcomes.count("published") == 1 and len(outcomes) == 2
        (refusal,) = [one for one in outcomes if one != "published"]
        assert "no longer there" in refusal or "does not exist" in refusal
        assert study.published_versions.count() == 2


def test_whoever_hands_a_study_on_is_told_what_the_rules_of_its_design_say() -> None:
    contributor = make_person("contributor")
    study = make_study(State.DRAFT, contributor, design="case_report", enrolled=3)
    page = log_in(contributor).get(reverse("admin:evidence_study_transition", args=[study.pk, "submit"]))
    told = page.content.decode()
    assert "Against the rules of its design" in told
    assert "case" in told[told.index("Against the rules") :]
    sound = make_study(State.DRAFT, contributor)
    quiet = log_in(contributor).get(reverse("admin:evidence_study_transition", args=[sound.pk, "return"]))
    assert "Against the rules" not in quiet.content.decode()
