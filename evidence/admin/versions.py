"""The history of a study or case with all that lives with it."""

from django.db.models import Model, QuerySet

from evidence import models
from foundation.history import Version, versions

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
        models.ConfirmedDoubt: "case",
    },
    models.Appraisal: {models.AppraisalAnswer: "appraisal"},
}


def aggregate_versions(row: Model) -> list[Version]:
    """All versions of a row and of the rows that live or lived with it, newest first."""
    own = type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    return versions([own, *_of_parts(type(row), own)])


def _of_parts(model: type[Model], owners: QuerySet) -> list[QuerySet]:
    """The history tables of the parts, found by the keys that the owners ever had: deleted parts are told too."""
    keys = owners.order_by().values("pgh_obj_id")
    found = []
    for part, parent in PARTS.get(model, {}).items():
        events = part.pgh_event_model.objects.filter(**{f"{parent}_id__in": keys})
        found += [events, *_of_parts(part, events)]
    return found
