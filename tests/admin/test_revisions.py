"""Published evidence is changed by a revision: reviewed again, never public itself, written onto what it revises."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from evidence import workflow
from evidence.choices import State
from evidence.comparing import Change
from evidence.dataset.entry import EntryRefused, enter_study, faults_of
from evidence.models import Case, Measurement, PublishedVersion, Study, StudyCitation
from evidence.published_versions import changes_since_published, current_version, record_of
from evidence.revisions import RevisionRefused, bring_up_to_date, changed_meanwhile, start_revision
from evidence.workflow import NO_CONFLICT, Declaration, TransitionRefused
from foundation.models import Revision
from tests import factories as make
from tests.admin.conftest import make_person, make_study
from tests.admin.publishing import SLUG, change, patient, publish, published, report, revised

pytestmark = pytest.mark.django_db


def higher(value: float = 150.0) -> list[dict[str, Any]]:
    """The patient of the report with another serum IgG4 in week 12."""
    measurements = patient()["measurements"]
    return [patient(measurements=[measurements[0], {**measurements[1], "value": value}])]


@pytest.fixture
def author() -> Any:
    return make_person("contributor")


@pytest.fixture
def reviewer() -> Any:
    return make_person("reviewer")


class TestBeginning:
    def test_a_revision_is_a_draft_copy_that_reads_as_the_original(self, author: Any) -> None:
        study = published()
        revision = start_revision(study=study, by=author, reason=" Table 2 was misread. ")
        assert (revision.state, revision.contributor, revision.revises) == (State.DRAFT, author, study)
        assert (revision.based_on, revision.why_revised) == (1, "Table 2 was misread.")
        assert record_of(revision) == record_of(study)
        assert revision.slug == f"{SLUG}~"
        assert [case.slug for case in revision.cases.all()] == [f"{SLUG}-p1~"]
        assert changes_since_published(revision) == ()

    def test_it_changes_nothing_that_the_public_reads(self, author: Any) -> None:
        study = published()
        Revision.objects.update(changed_in="")
        before = Revision.current().number
        revised(study, author, label="Another label", cases=higher())
        assert Revision.current().number == before
        study.refresh_from_db()
        assert study.label == "Author 2024"

    @pytest.mark.parametrize("kind", ["reviewer", "editor", "staff without a role"])
    def test_only_a_contributor_begins_one(self, kind: str) -> None:
        study = published()
        with pytest.raises(RevisionRefused, match="Only a contributor revises a published study"):
            start_revision(study=study, by=make_person(kind), reason="Because")

    @pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.RETURNED, State.WITHDRAWN])
    def test_only_what_is_public_is_revised(self, author: Any, state: State) -> None:
        with pytest.raises(RevisionRefused, match="Only a published study is revised"):
            start_revision(study=make_study(state, author), by=author, reason="Because")

    def test_it_needs_a_reason(self, author: Any) -> None:
        with pytest.raises(RevisionRefused, match="Say why published evidence should change"):
            start_revision(study=published(), by=author, reason=" ")

    def test_there_is_one_at_a_time(self, author: Any) -> None:
        study = published()
        start_revision(study=study, by=author, reason="First")
        with pytest.raises(RevisionRefused, match="has an open revision already"):
            start_revision(study=study, by=make_person("contributor"), reason="Second")

    def test_a_study_from_before_versions_gets_its_first_one(self, author: Any) -> None:
        study = make_study(State.PUBLISHED)
        start_revision(study=study, by=author, reason="Because")
        (version,) = study.published_versions.all()
        assert (version.number, version.published_at) == (1, study.published_at)

    def test_a_revision_abandoned_leaves_the_study_free_for_the_next(self, author: Any) -> None:
        study = published()
        start_revision(study=study, by=author, reason="First").delete()
        assert start_revision(study=study, by=author, reason="Second").based_on == 1


class TestEditing:
    def test_a_record_speaks_in_public_slugs(self, author: Any) -> None:
        revision = revised(published(), author, cases=[*higher(), patient(f"{SLUG}-p2")])
        assert [case.slug for case in revision.cases.all()] == [f"{SLUG}-p1~", f"{SLUG}-p2~"]
        assert faults_of(record_of(revision), revision) == []

    def test_only_its_contributor_edits_it(self, author: Any) -> None:
        revision = revised(published(), author)
        with pytest.raises(EntryRefused, match="Only its contributor"):
            enter_study(record=report(), by=make_person("contributor"), stored=revision)

    def test_the_slug_of_a_study_stays(self, author: Any) -> None:
        revision = revised(published(), author)
        told = [fault.what for fault in faults_of(report("another-2024"), revision) if fault.path == "slug"]
        assert told == [f"'{SLUG}' is a public id and stays"]

    def test_a_patient_of_another_study_cannot_be_taken(self, author: Any) -> None:
        study = published()
        published(record=report("other-2024"))
        revision = revised(study, author)
        record = report(cases=[patient(), patient("other-2024-p1")])
        assert [fault.path for fault in faults_of(record, revision)] == ["cases[1].slug"]

    def test_the_database_marks_what_belongs_to_a_revision(self, author: Any) -> None:
        study = published()
        revision = revised(study, author)
        for owner, slug in ((study, "x~"), (revision, "x")):
            with pytest.raises(IntegrityError, match="in a revision, and there alone"), transaction.atomic():
                make.CaseFactory(study=owner, slug=slug)
        links = StudyCitation.objects.order_by("study_id").values_list("study_id", "role", "of_revision")
        assert list(links) == [(study.pk, "primary", False), (revision.pk, "primary", True)]
        with pytest.raises(IntegrityError, match="citation_is_primary_of_one_study"), transaction.atomic():
            make.StudyCitationFactory(
                study=make.StudyFactory(cited=False), role="primary", citation=study.primary_citation
            )

    def test_everybody_is_refused_a_change_of_what_is_public(self, author: Any) -> None:
        study = published(author)
        for person in (author, make_person("superuser"), make_person("reviewer")):
            with pytest.raises(EntryRefused, match="Only its contributor changes"):
                enter_study(record=report(label="Another"), by=person, stored=study)


class TestPublishing:
    def test_the_record_goes_onto_the_original_and_the_copy_is_closed(
        self, author: Any, reviewer: Any
    ) -> None:
        study = published(author)
        keys = (study.pk, study.cases.get().pk, study.arms.get().pk, *_measurements(study))
        second = make_person("contributor")
        revision = revised(study, second, cases=higher())
        public = publish(revision, reviewer)
        assert public == study
        study = Study.objects.get(pk=study.pk)
        assert keys == (study.pk, study.cases.get().pk, study.arms.get().pk, *_measurements(study))
        assert (study.slug, study.state, study.contributor, study.reviewer) == (
            SLUG,
            State.PUBLISHED,
            author,
            reviewer,
        )
        assert record_of(study) == report(cases=higher())
        assert not Study.objects.exclude(pk=study.pk).exists()
        assert not Case.objects.exclude(study=study).exists()

    def test_only_what_differs_is_written(self, author: Any, reviewer: Any) -> None:
        study = published()
        revision = revised(study, author, cases=higher())
        before = {row.pk: row.history.count() for row in Measurement.objects.filter(case__study=study)}
        arm_versions = study.arms.get().history.count()
        publish(revision, reviewer)
        after = {row.pk: row.history.count() for row in Measurement.objects.filter(case__study=study)}
        assert sorted(after[key] - before[key] for key in before) == [0, 1]
        assert study.arms.get().history.count() == arm_versions

    def test_the_version_is_kept_with_its_people_and_what_changed(self, author: Any, reviewer: Any) -> None:
        study = published()
        publish(revised(study, author, reason="Table 2 was misread.", cases=higher()), reviewer)
        version = study.published_versions.first()
        assert (version.number, version.contributor, version.reviewer) == (2, author, reviewer)
        assert version.reason == "Table 2 was misread."
        assert [str(Change.from_json(row)) for row in version.changes] == [
            "cases › p1 › measurements › Serum igg4, week 12: 130 → 150"
        ]

    def test_it_raises_the_revision_once(self, author: Any, reviewer: Any) -> None:
        revision = revised(published(), author, cases=higher())
        workflow.submit_study(study=revision, by=author)
        Revision.objects.update(changed_in="")
        before = Revision.current().number
        workflow.publish_study(study=revision, by=reviewer, declaration=NO_CONFLICT)
        assert Revision.current().number == before + 1

    def test_the_history_says_who_published_what_and_why(self, author: Any, reviewer: Any) -> None:
        study = published()
        publish(revised(study, author, reason="Misread.", label="Author 2024, corrected"), reviewer)
        event = study.history.select_related("pgh_context").filter(label="Author 2024, corrected").first()
        told = event.pgh_context.metadata
        assert (told["username"], told["reason"]) == (reviewer.username, "Version 2: Misread.")
        assert told["publishes"] == f"revision by {author}"

    def test_what_was_said_and_declared_stays_with_the_study(self, author: Any, reviewer: Any) -> None:
        study = published()
        revision = revised(study, author, cases=higher())
        make.ReviewCommentFactory(study=revision, text="Is it mg/dL?")
        publish(revision, reviewer)
        assert study.review_comments.get().text == "Is it mg/dL?"
        assert study.conflict_statements.count() == 2

    def test_a_version_can_be_neither_changed_nor_deleted(self) -> None:
        version = published().published_versions.get()
        for change_it in (lambda: PublishedVersion.objects.update(reason="x"), version.delete):
            with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
                change_it()

    def test_a_declaration_can_not_be_changed(self) -> None:
        statement = published().conflict_statements.get()
        statement.conflict, statement.has_conflict = "An author.", True
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            statement.save()


class TestWhoReviews:
    def test_the_author_of_a_revision_does_not(self) -> None:
        both = make_person("contributor and reviewer")
        revision = revised(published(), both, cases=higher())
        workflow.submit_study(study=revision, by=both)
        with pytest.raises(TransitionRefused, match="Nobody reviews their own study"):
            workflow.publish_study(study=revision, by=both, declaration=NO_CONFLICT)

    def test_nor_does_who_entered_the_study_that_it_revises(self, author: Any) -> None:
        both = make_person("contributor and reviewer")
        revision = revised(published(both), author, cases=higher())
        workflow.submit_study(study=revision, by=author)
        for step in (workflow.publish_study, _return):
            with pytest.raises(TransitionRefused, match="Nobody reviews a revision of their own study"):
                step(study=revision, by=both, declaration=NO_CONFLICT)

    def test_a_superuser_who_wrote_in_a_draft_does_not_publish_it(self, author: Any) -> None:
        superuser = make_person("superuser")
        draft = enter_study(record=report(), by=author)
        change(draft, superuser, label="As I would have it")
        workflow.submit_study(study=draft, by=author)
        with pytest.raises(TransitionRefused, match="You have written in this study yourself"):
            workflow.publish_study(study=draft, by=superuser, declaration=NO_CONFLICT)

    @pytest.mark.parametrize("to", [None, "another"])
    def test_another_name_or_none_as_contributor_does_not_help(self, to: str | None) -> None:
        both = make_person("contributor and reviewer")
        draft = enter_study(record=report(), by=both)
        workflow.submit_study(study=draft, by=both)
        Study.objects.update(contributor=make_person("contributor") if to else None)
        with pytest.raises(TransitionRefused, match="You have written in this study yourself"):
            workflow.publish_study(study=draft, by=both, declaration=NO_CONFLICT)

    def test_the_database_refuses_the_reviewer_as_contributor_however_it_is_written(
        self, author: Any
    ) -> None:
        study = published(author)
        with pytest.raises(IntegrityError, match="study_reviewed_by_another"), transaction.atomic():
            Study.objects.update(contributor=study.reviewer)

    def test_who_published_a_revision_may_review_the_next(self, author: Any, reviewer: Any) -> None:
        study = published(reviewer=reviewer)
        publish(revised(study, author, cases=higher()), reviewer)
        workflow.withdraw_study(study=study, by=reviewer, reason="A doubt.")
        workflow.return_study(study=study, by=reviewer, reason="Look again.", declaration=NO_CONFLICT)
        study = Study.objects.get(pk=study.pk)
        assert publish(study, reviewer).state == State.PUBLISHED
        assert study.published_versions.first().number == 3


class TestDeclaring:
    @pytest.mark.parametrize(
        ("declaration", "words"),
        [
            (None, "Confirm that you have no conflict of interest with this work, or say which"),
            (Declaration(none=False), "Confirm that you have no conflict of interest"),
            (Declaration(none=False, which="  "), "Confirm that you have no conflict of interest"),
            (Declaration(none=True, which="An author."), "not both"),
            (Declaration(none=False, which="x" * 2001), "in 2000 characters"),
        ],
    )
    def test_no_step_without_it(self, reviewer: Any, declaration: Any, words: str) -> None:
        study = make_study(State.IN_REVIEW, make_person("contributor"))
        for step in (workflow.publish_study, _return):
            with pytest.raises(TransitionRefused, match=words):
                step(study=study, by=reviewer, declaration=declaration)
        study.refresh_from_db()
        assert study.state == State.IN_REVIEW
        assert not study.conflict_statements.exists()

    @pytest.mark.parametrize("step", ["publish", "return"])
    def test_it_is_kept_with_who_and_when(self, reviewer: Any, step: str) -> None:
        study = make_study(State.IN_REVIEW, make_person("contributor"))
        service = workflow.publish_study if step == "publish" else _return
        service(study=study, by=reviewer, declaration=Declaration(none=False, which=" I know the author. "))
        kept = study.conflict_statements.get()
        assert (kept.step, kept.reviewer, kept.has_conflict) == (step, reviewer, True)
        assert kept.conflict == "I know the author."
        assert kept.history.get().pgh_context.metadata["username"] == reviewer.username


class TestConcurrency:
    def test_a_revision_of_what_changed_meanwhile_is_refused_with_what_to_do(
        self, author: Any, reviewer: Any
    ) -> None:
        study = published()
        revision = revised(study, author, cases=higher())
        _load(study, label="Author 2024, as loaded")
        workflow.submit_study(study=revision, by=author)
        with pytest.raises(
            TransitionRefused,
            match=r"label: Author 2024 → Author 2024, as loaded.*who brings it up to date",
        ):
            workflow.publish_study(study=revision, by=reviewer, declaration=NO_CONFLICT)
        revision.refresh_from_db()
        assert revision.state == State.IN_REVIEW
        assert not revision.conflict_statements.exists()

    def test_brought_up_to_date_it_holds_both_changes(self, author: Any, reviewer: Any) -> None:
        study = published()
        revision = revised(study, author, cases=higher())
        _load(study, label="Author 2024, as loaded")
        assert [str(row) for row in changed_meanwhile(revision)] == [
            "label: Author 2024 → Author 2024, as loaded"
        ]
        revision = bring_up_to_date(revision=revision, by=author)
        assert changed_meanwhile(revision) == ()
        publish(revision, reviewer)
        assert record_of(study) == report(cases=higher(), label="Author 2024, as loaded")

    def test_only_its_contributor_brings_it_up_to_date_and_only_while_it_is_a_draft(
        self, author: Any, reviewer: Any
    ) -> None:
        revision = revised(published(), author)
        for person in (reviewer, make_person("contributor"), make_person("editor")):
            with pytest.raises(RevisionRefused, match="Only its contributor brings"):
                bring_up_to_date(revision=revision, by=person)
        workflow.submit_study(study=revision, by=author)
        with pytest.raises(RevisionRefused, match="Only its contributor brings"):
            bring_up_to_date(revision=revision, by=author)

    def test_a_corrected_citation_is_no_change_of_the_study(self, author: Any, reviewer: Any) -> None:
        study = published()
        revision = revised(study, author, cases=higher())
        citation = study.primary_citation
        citation.title = "As printed"
        citation.save()
        assert changed_meanwhile(revision) == ()
        publish(revision, reviewer)

    def test_a_revision_of_what_was_withdrawn_waits(self, author: Any, reviewer: Any) -> None:
        study = published()
        revision = revised(study, author, cases=higher())
        workflow.submit_study(study=revision, by=author)
        workflow.withdraw_study(study=study, by=reviewer, reason="A doubt.")
        with pytest.raises(TransitionRefused, match="The study that it revises is withdrawn"):
            workflow.publish_study(study=revision, by=reviewer, declaration=NO_CONFLICT)

    def test_what_somebody_published_already_is_said_to_be_gone(self, author: Any, reviewer: Any) -> None:
        revision = revised(published(), author, cases=higher())
        stale = Study.objects.get(pk=revision.pk)
        publish(revision, reviewer)
        with pytest.raises(TransitionRefused, match="no longer there"):
            workflow.publish_study(study=stale, by=make_person("reviewer"), declaration=NO_CONFLICT)

    def test_a_change_outside_the_review_becomes_a_version(self) -> None:
        study = published()
        Study.objects.filter(pk=study.pk).update(label="By SQL")
        version = current_version(Study.objects.get(pk=study.pk))
        assert (version.number, version.reviewer) == (2, None)
        assert version.reason.startswith("Changed outside the review")
        assert current_version(study).number == 2


def _measurements(study: Study) -> list[int]:
    return list(Measurement.objects.filter(case__study=study).order_by("pk").values_list("pk", flat=True))


def _return(**words: Any) -> Study:
    return workflow.return_study(reason="Look again.", **words)


def _load(study: Study, **changes: Any) -> None:
    """Change the published study as a load of the data set does."""
    from evidence.dataset.shelf import CitationShelf
    from evidence.dataset.sync import Changes
    from evidence.dataset.write_study import StudyWriter
    from evidence.published_versions import keep_loaded

    record = report(**changes)
    written = StudyWriter(CitationShelf(Changes(), {}), Changes()).write(
        Study.objects.get(pk=study.pk), record
    )
    keep_loaded(written=[(written, record)], untouched=[])
