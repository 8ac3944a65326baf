"""What raises the evidence revision: every change of what the public may read, once a transaction."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from evidence.choices import State
from evidence.models import Arm, Result, Study
from foundation.models import Revision
from tests import factories as made
from tests.evidence.dataset.bad import STUDY, updated
from tests.evidence.dataset.loading import load
from tests.evidence.dataset.plain_set import small_set
from tests.evidence.models.tracked import (
    DISTINCT_PAIR,
    KINDS,
    NEVER_PUBLIC,
    OF_A_STUDY,
    OVERLAP,
    PUBLIC_ALWAYS,
    PUBLIC_EVIDENCE,
    Kind,
    raised_by,
    tracked_models,
)
from therapies.models import Therapy


def test_every_tracked_model_is_in_the_table() -> None:
    assert {kind.model for kind in (*KINDS, *NEVER_PUBLIC)} == set(tracked_models())


@pytest.mark.django_db
class TestWhatRaisesIt:
    @pytest.mark.parametrize("kind", PUBLIC_EVIDENCE, ids=str)
    def test_a_change_of_public_evidence_does(self, kind: Kind) -> None:
        row = kind.make()
        setattr(row, kind.field, kind.value)
        assert raised_by(row.save) == 1

    @pytest.mark.parametrize("kind", PUBLIC_EVIDENCE, ids=str)
    def test_a_row_taken_away_and_put_back_does(self, kind: Kind) -> None:
        row = kind.make()
        pk = row.pk
        assert raised_by(row.delete) == 1
        row.pk = pk
        assert raised_by(lambda: row.save(force_insert=True)) == 1

    @pytest.mark.parametrize("kind", KINDS, ids=str)
    def test_saving_without_a_change_does_not(self, kind: Kind) -> None:
        assert raised_by(kind.make().save) == 0

    @pytest.mark.parametrize("kind", NEVER_PUBLIC, ids=str)
    def test_what_nobody_reads_in_public_does_not(self, kind: Kind) -> None:
        study = made.StudyFactory()
        assert raised_by(lambda: kind.factory(study=study)) == 0

    def test_a_decision_on_look_alikes_does_not(self) -> None:
        row = DISTINCT_PAIR.make()
        row.why = "Changed."
        assert raised_by(row.save) == 0
        assert raised_by(row.delete) == 0

    @pytest.mark.parametrize("kind", OF_A_STUDY, ids=str)
    def test_a_draft_does_not(self, kind: Kind) -> None:
        row = kind.make(public=False)
        pk = row.pk

        def change() -> None:
            setattr(row, kind.field, kind.value)
            row.save()

        assert raised_by(change) == 0
        assert raised_by(row.delete) == 0
        row.pk = pk
        assert raised_by(lambda: row.save(force_insert=True)) == 0

    @pytest.mark.parametrize("kind", OF_A_STUDY, ids=str)
    @pytest.mark.parametrize("state", [State.IN_REVIEW, State.RETURNED, State.WITHDRAWN])
    def test_neither_does_a_study_that_is_not_public_for_another_reason(
        self, kind: Kind, state: State
    ) -> None:
        row = kind.make()
        Study.objects.update(state=state)
        row.refresh_from_db()
        setattr(row, kind.field, kind.value)
        assert raised_by(row.save) == 0

    @pytest.mark.parametrize("kind", PUBLIC_ALWAYS, ids=str)
    def test_every_way_of_writing_does(self, kind: Kind) -> None:
        row = kind.make()
        rows = kind.model._default_manager.filter(pk=row.pk)
        assert raised_by(lambda: rows.update(**{kind.field: kind.value})) == 1
        assert raised_by(lambda: rows.update(**{kind.field: kind.value})) == 0
        assert raised_by(lambda: rows.none().update(**{kind.field: kind.value})) == 0


@pytest.mark.django_db
class TestPublication:
    def test_publishing_raises_it_and_the_steps_before_do_not(self) -> None:
        study = made.StudyFactory(draft=True)
        studies = Study.objects.filter(pk=study.pk)
        assert raised_by(lambda: studies.update(state=State.IN_REVIEW)) == 0
        assert raised_by(lambda: studies.update(state=State.RETURNED)) == 0
        assert raised_by(lambda: studies.update(state=State.PUBLISHED, published_at=timezone.now())) == 1

    def test_withdrawing_raises_it_and_what_follows_does_not(self) -> None:
        studies = Study.objects.filter(pk=made.StudyFactory().pk)
        assert raised_by(lambda: studies.update(state=State.WITHDRAWN)) == 1
        assert raised_by(lambda: studies.update(state=State.RETURNED)) == 0

    def test_an_overlap_with_a_draft_does_not(self) -> None:
        draft, public = made.StudyFactory(draft=True), made.StudyFactory()
        for a, b in ((draft, public), (public, draft)):
            overlap = OVERLAP.factory.build(study_a=a, study_b=b)
            assert raised_by(overlap.save) == 0
            assert raised_by(overlap.delete) == 0

    def test_a_row_that_moves_out_of_the_public_or_into_it_does(self) -> None:
        public, draft = made.StudyFactory(), made.StudyFactory(draft=True)
        arm = made.ArmFactory(study=draft)
        arms = Arm.objects.filter(pk=arm.pk)
        assert raised_by(lambda: arms.update(study=public)) == 1
        assert raised_by(lambda: arms.update(study=draft)) == 1


@pytest.mark.django_db
class TestCascades:
    def test_deleting_a_public_study_with_all_its_parts_does(self) -> None:
        result = made.ResultFactory()
        assert raised_by(result.arm.study.delete) == 1
        assert not Result.objects.filter(pk=result.pk).exists()

    def test_deleting_an_arm_does(self) -> None:
        assert raised_by(made.ResultFactory().arm.delete) == 1

    def test_deleting_a_draft_with_all_its_parts_does_not(self) -> None:
        result = made.ResultFactory(arm__study=made.StudyFactory(draft=True))
        assert raised_by(result.arm.study.delete) == 0

    def test_deleting_rows_by_sql_does(self) -> None:
        result = made.ResultFactory()

        def delete() -> None:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM evidence_result WHERE id = %s", [result.pk])

        assert raised_by(delete) == 1
        assert raised_by(delete) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [made.UserFactory, made.RetiredSlugFactory],
    ids=["an account", "a renaming"],
)
def test_what_is_no_evidence_does_not_raise_it(change: Callable[[], object]) -> None:
    assert raised_by(change) == 0


@pytest.mark.django_db
def test_it_is_nought_before_the_first_change_and_says_when_it_changed() -> None:
    Revision.objects.all().delete()
    assert (Revision.current().number, str(Revision.current())) == (0, "Evidence revision 0")
    before = timezone.now()
    made.TherapyFactory()
    now = Revision.current()
    assert now.number == 1
    # now() in PostgreSQL is the start of the transaction, which a test opens before its first line.
    assert now.changed_at <= timezone.now()
    assert (before - now.changed_at).total_seconds() < 60


def renamed(therapy: Therapy, name: str) -> None:
    Therapy.objects.filter(pk=therapy.pk).update(name=name)


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_one_transaction_raises_it_once_however_much_it_changes(self) -> None:
        before = Revision.current().number
        with transaction.atomic():
            therapy = made.TherapyFactory()
            made.ResultFactory()
            renamed(therapy, "Another")
            made.OutcomeFactory()
        assert Revision.current().number == before + 1
        renamed(therapy, "A third")
        assert Revision.current().number == before + 2

    def test_a_transaction_that_is_rolled_back_leaves_it(self) -> None:
        before = Revision.current().number
        with transaction.atomic():
            made.TherapyFactory()
            assert Revision.current().number == before + 1
            transaction.set_rollback(True)
        assert Revision.current().number == before

    def test_a_savepoint_that_is_rolled_back_takes_nothing_from_the_rest(self) -> None:
        before = Revision.current().number
        with transaction.atomic():
            with transaction.atomic():
                made.TherapyFactory()
                transaction.set_rollback(True)
            assert Revision.current().number == before
            made.TherapyFactory()
            with transaction.atomic():
                made.TherapyFactory()
        assert Revision.current().number == before + 1

    def test_others_see_it_with_the_change_and_not_before(self) -> None:
        """A reader never has the old answer under the new number."""
        therapy = made.TherapyFactory(name="Before")
        reader = connection.copy()

        def seen() -> tuple[int, str]:
            with reader.cursor() as cursor:
                cursor.execute(
                    "SELECT (SELECT number FROM foundation_revision), name FROM therapies_therapy WHERE id = %s",
                    [therapy.pk],
                )
                number, name = cursor.fetchone()
            return number, name

        try:
            number, _ = seen()
            with transaction.atomic():
                renamed(therapy, "After")
                assert Revision.current().number == number + 1
                assert seen() == (number, "Before")
            assert seen() == (number + 1, "After")
        finally:
            reader.close()

    def test_two_writers_at_a_time_raise_it_twice(self) -> None:
        first, second = made.TherapyFactory(), made.TherapyFactory()
        before = Revision.current().number
        done = threading.Event()

        def write() -> None:
            try:
                renamed(second, "By the other")
            finally:
                connection.close()
                done.set()

        other = threading.Thread(target=write)
        with transaction.atomic():
            renamed(first, "By the one")
            other.start()
            # The other waits for the number, so that each state of the evidence has its own.
            assert not done.wait(timeout=0.5)
        other.join(timeout=30)
        assert done.is_set()
        assert Revision.current().number == before + 2

    def test_a_load_raises_it_by_one_or_not_at_all(self, tmp_path: Path) -> None:
        folder = small_set(tmp_path)

        def after_a_load() -> tuple[int, Any]:
            assert load(folder).status == 0
            now = Revision.current()
            return now.number, now.changed_in

        number, transaction_id = after_a_load()
        assert after_a_load() == (number, transaction_id)
        updated(STUDY, "results", 0, events=28)(folder)
        assert after_a_load()[0] == number + 1
        assert load(folder, "--dry-run").status == 0
        assert Revision.current().number == number + 1
