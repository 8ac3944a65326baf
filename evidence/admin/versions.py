"""The history of a study or case with all that lives with it and was said about it."""

from typing import Any

from django.db.models import Model, Q, QuerySet

from evidence import models, permissions
from evidence.aggregate import JUDGEMENTS, events_of, part_events
from foundation.history import Version, versions


def aggregate_versions(row: Model, viewer: Any = None) -> list[Version]:
    """All versions of a row and of the rows that live or lived with it, newest first.

    Declarations of conflicts and overlaps with other studies are told to those who may know of them.
    """
    own = events_of(type(row)).filter(pgh_obj_id=row.pk)
    histories = [own, *(events for _, events in part_events(type(row), own))]
    histories += [events for _, events in part_events(type(row), own, JUDGEMENTS)]
    if isinstance(row, models.Study):
        histories.append(_overlaps(row, viewer))
        if permissions.may_see_declarations(viewer, row):
            histories.append(events_of(models.ConflictStatement).filter(study_id=row.pk))
    return versions(histories)


def _overlaps(study: models.Study, viewer: Any) -> QuerySet:
    """Pairs with this study, where the viewer may see the other one too."""
    seen = permissions.visible_studies(viewer).order_by().values("pk")
    return events_of(models.Overlap).filter(
        Q(study_a=study.pk, study_b__in=seen) | Q(study_b=study.pk, study_a__in=seen)
    )
