"""What lives with a study or one of its parts, and the history tables of all of it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet

from evidence import models

# Kinds of rows by the foreign key that leads to their parent.
PARTS: dict[type[Model], dict[type[Model], str]] = {
    models.Study: {
        models.StudyOrgan: "study",
        models.StudyCitation: "study",
        models.Arm: "study",
        models.Contrast: "study",
        models.Finding: "study",
        models.PublishedSynthesis: "study",
        models.Case: "study",
    },
    models.Arm: {models.RegimenPart: "arm", models.ArmBaseline: "arm", models.Result: "arm"},
    models.Case: {
        models.CaseOrgan: "case",
        models.CaseComorbidity: "case",
        models.CasePriorTherapy: "case",
        models.Course: "case",
        models.Measurement: "case",
        models.OrganResponse: "case",
        models.ResponderIndexScore: "case",
        models.CaseAdverseEvent: "case",
    },
}
# What is said about a study and is no part of its record.
JUDGEMENTS: dict[type[Model], dict[type[Model], str]] = {
    models.Study: {models.Appraisal: "study", models.ReviewComment: "study"},
    models.Appraisal: {models.AppraisalAnswer: "appraisal"},
    models.Case: {models.ConfirmedDoubt: "case"},
}


def events_of(model: Any) -> QuerySet:
    """The history table of a kind of row."""
    events: QuerySet = model.pgh_event_model.objects.all()
    return events


def part_events(
    model: type[Model], owners: QuerySet, parts: dict[type[Model], dict[type[Model], str]] | None = None
) -> Iterator[tuple[type[Model], QuerySet]]:
    """The history tables of the parts, found by the keys that the owners ever had: deleted parts are told too."""
    tree = PARTS if parts is None else parts
    keys = owners.order_by().values("pgh_obj_id")
    for part, parent in tree.get(model, {}).items():
        events = events_of(part).filter(**{f"{parent}_id__in": keys})
        yield part, events
        yield from part_events(part, events, parts)


def study_path(model: type[Model]) -> tuple[str, ...]:
    """The foreign keys that lead from a kind of row up to its study; empty for a study itself."""
    for tree in (PARTS, JUDGEMENTS):
        for parent, kinds in tree.items():
            if model in kinds:
                return (kinds[model], *study_path(parent))
    return ()
