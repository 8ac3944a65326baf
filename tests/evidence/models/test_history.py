"""History: every version of every record, with when and why; nobody can change it, and it outlives the record."""

from typing import Any

import pghistory
import pytest
from django.db import DatabaseError, connection, models, transaction

from evidence.models import Result
from tests import factories as made
from tests.evidence.models.tracked import KINDS, Kind, count, tracked_models

pytestmark = pytest.mark.django_db


def events_of(kind: type[models.Model], pk: int) -> list[Any]:
    """The versions of a row, oldest first, whether or not it still exists."""
    events = kind.history.rel.related_model  # type: ignore[attr-defined]
    return list(events.objects.filter(pgh_obj_id=pk).select_related("pgh_context").order_by("pgh_id"))


@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model.__name__)
def test_every_model_keeps_every_field_of_every_version(model: type[models.Model]) -> None:
    events = model.history.rel.related_model  # type: ignore[attr-defined]
    kept = {field.name for field in events._meta.concrete_fields}
    assert {field.name for field in model._meta.concrete_fields} <= kept


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_making_changing_and_deleting_leave_their_versions(kind: Kind) -> None:
    with pghistory.context(reason="first"):
        row = kind.make()
    pk, before = row.pk, getattr(row, kind.field)
    with pghistory.context(reason="second"):
        setattr(row, kind.field, kind.value)
        row.save()
    with pghistory.context(reason="third"):
        row.delete()
    assert not kind.model._default_manager.filter(pk=pk).exists()
    versions = events_of(kind.model, pk)
    assert [version.pgh_label for version in versions] == ["insert", "update", "delete"]
    assert [getattr(version, kind.field) for version in versions] == [before, kind.value, kind.value]
    # A context within a context of the same transaction adds to it; apart, each has its own.
    assert [version.pgh_context.metadata["reason"] for version in versions] == ["first", "second", "third"]
    assert all(version.pgh_created_at is not None for version in versions)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_saving_without_a_change_leaves_no_version(kind: Kind) -> None:
    row = kind.make()
    row.save()
    assert len(events_of(kind.model, row.pk)) == 1


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_version_can_be_neither_changed_nor_deleted(kind: Kind) -> None:
    row = kind.make()
    (version,) = events_of(kind.model, row.pk)
    table = version._meta.db_table
    for statement in (
        f"UPDATE \"{table}\" SET pgh_label = 'forged' WHERE pgh_id = %s",
        f'DELETE FROM "{table}" WHERE pgh_id = %s',
    ):
        with (
            pytest.raises(DatabaseError, match=f"Cannot update or delete rows from {table} table"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [version.pk])
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        type(version).objects.filter(pk=version.pk).delete()
    assert events_of(kind.model, row.pk) == [version]


def test_what_is_written_by_sql_or_in_bulk_is_kept_too() -> None:
    first, second = made.ResultFactory(), made.ResultFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_result SET events = events + 1 WHERE id IN (%s, %s)", [first.pk, second.pk]
        )
    Result.objects.filter(pk=first.pk).update(events=20)
    assert [version.events for version in events_of(Result, first.pk)] == [14, 15, 20]
    assert [version.events for version in events_of(Result, second.pk)] == [14, 15]
    copies = Result.objects.bulk_create(
        [
            Result(arm=first.arm, outcome=first.outcome, week=week, events=1, total=2, locator="x")
            for week in (1, 2)
        ]
    )
    assert [len(events_of(Result, copy.pk)) for copy in copies] == [1, 1]


def test_the_parts_of_a_deleted_study_are_all_in_the_history() -> None:
    result = made.ResultFactory()
    arm, study = result.arm, result.arm.study
    keys = [
        (type(row), row.pk) for row in (result, arm, study, *arm.regimen.all(), *study.study_citations.all())
    ]
    study.delete()
    for kind, pk in keys:
        assert [version.pgh_label for version in events_of(kind, pk)] == ["insert", "delete"], kind


def test_a_version_outlives_the_account_that_made_it() -> None:
    user = made.UserFactory(username="somebody")
    with pghistory.context(user=user.pk, username=user.get_username(), reason="typo"):
        result = made.ResultFactory()
    user.delete()
    (version,) = events_of(Result, result.pk)
    assert version.pgh_context.metadata == {"user": user.pk, "username": "somebody", "reason": "typo"} | {
        "user": version.pgh_context.metadata["user"]
    }


def test_a_slug_can_stand_in_many_versions() -> None:
    study = made.StudyFactory()
    for label in ("A", "B", "C"):
        study.label = label
        study.save()
    assert count("SELECT count(*) FROM evidence_studyevent WHERE slug = %s", study.slug) == 4
