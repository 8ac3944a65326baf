"""A row of every tracked model, made under a study that is public or not, and a change for each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from evidence.models import CaseDraft, MailOptOut, PublishedVersion
from foundation.models import RetiredSlug, Revision
from tests import factories as made

# Plumbing, not evidence: the revision is written by triggers; a renaming changes no figure; a draft is personal. A
# published version is history itself, and nobody can change or delete it.
UNTRACKED: set[type[models.Model]] = {Revision, RetiredSlug, CaseDraft, PublishedVersion, MailOptOut}


def tracked_models() -> list[type[models.Model]]:
    """The models of the project that hold evidence."""
    apps_of_ours = ("foundation", "literature", "therapies", "evidence")
    found = [model for app in apps_of_ours for model in apps.get_app_config(app).get_models()]
    return [model for model in found if not hasattr(model, "pgh_tracked_model") and model not in UNTRACKED]


@dataclass(frozen=True)
class Kind:
    """How to make a row of a model, and how to change one."""

    factory: Any
    # Leads to the study that the row is public with; None for what is public by itself.
    study: str | None
    field: str
    value: Any

    @property
    def model(self) -> type[models.Model]:
        return self.factory._meta.model

    def __str__(self) -> str:
        return self.model.__name__

    def make(self, *, public: bool = True) -> Any:
        """A row, under a public study or a draft."""
        if self.study is None:
            return self.factory()
        study = made.StudyFactory() if public else made.StudyFactory(draft=True)
        return study if self.study == "" else self.factory(**{self.study: study})


OF_A_STUDY = [
    Kind(made.StudyFactory, "", "notes", "Changed."),
    Kind(made.StudyOrganFactory, "study", "position", 7),
    Kind(made.StudyCitationFactory, "study", "position", 7),
    Kind(made.ArmFactory, "study", "n", 29),
    Kind(made.RegimenPartFactory, "arm__study", "dose", 500),
    Kind(made.ArmBaselineFactory, "arm__study", "value", 62),
    Kind(made.ResultFactory, "arm__study", "events", 15),
    Kind(made.ContrastFactory, "study", "estimate", 0.14),
    Kind(made.FindingFactory, "study", "statement", "The glands shrank."),
    Kind(made.PublishedSynthesisFactory, "study", "estimate", 0.56),
    Kind(made.CaseFactory, "study", "age_years", 68),
    Kind(made.CaseOrganFactory, "case__study", "position", 7),
    Kind(made.CaseComorbidityFactory, "case__study", "position", 7),
    Kind(made.CasePriorTherapyFactory, "case__study", "position", 7),
    Kind(made.CourseFactory, "case__study", "dose", 600),
    Kind(made.MeasurementFactory, "case__study", "value", 1771),
    Kind(made.OrganResponseFactory, "case__study", "week", 51),
    Kind(made.ResponderIndexScoreFactory, "case__study", "score", 1),
    Kind(made.CaseAdverseEventFactory, "case__study", "description", "Pneumonia"),
    Kind(made.ConfirmedDoubtFactory, "case__study", "reason", "Confirmed by the authors"),
    Kind(made.AppraisalFactory, "study", "overall", "high"),
    Kind(made.AppraisalAnswerFactory, "appraisal__study", "judgement", "high"),
]

PUBLIC_ALWAYS = [
    Kind(made.CitationFactory, None, "volume", "75"),
    Kind(made.TherapyFactory, None, "summary", "Changed."),
    Kind(made.TherapyCodeFactory, None, "code", "L04AB99"),
    Kind(made.TargetFactory, None, "symbol", "IL13"),
    Kind(made.MechanismFactory, None, "statement", "Changed."),
    Kind(made.MechanismCitationFactory, None, "position", 7),
    Kind(made.RegulatoryStatusFactory, None, "status", "withdrawn"),
    Kind(made.SafetyNoteFactory, None, "statement", "Changed."),
    Kind(made.PathwayEdgeFactory, None, "statement", "Changed."),
    Kind(made.OutcomeFactory, None, "name", "Another name"),
    Kind(made.OrganFactory, None, "name", "Another name"),
    Kind(made.ComorbidityFactory, None, "name", "Another name"),
    Kind(made.AnalyteFactory, None, "unit", "g/L"),
    Kind(made.CertaintyFactory, None, "level", "low"),
]

# An overlap is public when both its studies are.
OVERLAP = Kind(made.OverlapFactory, None, "why", "Changed.")

# A decision on two look-alikes changes no public figure.
DISTINCT_PAIR = Kind(made.DistinctPairFactory, None, "why", "Changed.")

NEVER_PUBLIC = [
    Kind(made.ReviewCommentFactory, "study", "text", "Is this mg/dL?"),
    # Of a declaration only the study may change: it follows a revision to what that revised.
    Kind(made.ConflictStatementFactory, "study", "study", None),
]

PUBLIC_EVIDENCE = [*OF_A_STUDY, *PUBLIC_ALWAYS, OVERLAP]
KINDS = [*PUBLIC_EVIDENCE, DISTINCT_PAIR, NEVER_PUBLIC[0]]


def raised_by(change: Callable[[], object]) -> int:
    """By how much a change raises the revision, as if it stood in a transaction of its own."""
    Revision.objects.update(changed_in="")
    before = Revision.current().number
    change()
    return Revision.current().number - before


def count(sql: str, *parameters: Any) -> int:
    """The one number that a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        (number,) = cursor.fetchone()
    return int(number)
