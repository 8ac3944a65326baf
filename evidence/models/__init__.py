"""Models of the evidence, one module a part of the study aggregate."""

from evidence.models.appraisal import Appraisal, AppraisalAnswer, Certainty
from evidence.models.cases import (
    Case,
    CaseAdverseEvent,
    CaseComorbidity,
    CaseOrgan,
    CasePriorTherapy,
    Course,
    Measurement,
    OrganResponse,
    ResponderIndexScore,
)
from evidence.models.drafts import CaseDraft, ConfirmedDoubt
from evidence.models.imports import ImportRun
from evidence.models.overlap import DistinctPair, Overlap
from evidence.models.results import Contrast, Finding, PublishedSynthesis, Result
from evidence.models.review import ConflictStatement, MailOptOut, PublishedVersion, ReviewComment
from evidence.models.study import Arm, ArmBaseline, RegimenPart, Study, StudyCitation, StudyOrgan
from evidence.models.vocabulary import Analyte, Comorbidity, Organ, Outcome

__all__ = [
    "Analyte",
    "Appraisal",
    "AppraisalAnswer",
    "Arm",
    "ArmBaseline",
    "Case",
    "CaseAdverseEvent",
    "CaseComorbidity",
    "CaseDraft",
    "CaseOrgan",
    "CasePriorTherapy",
    "Certainty",
    "Comorbidity",
    "ConfirmedDoubt",
    "ConflictStatement",
    "Contrast",
    "Course",
    "DistinctPair",
    "Finding",
    "ImportRun",
    "MailOptOut",
    "Measurement",
    "Organ",
    "OrganResponse",
    "Outcome",
    "Overlap",
    "PublishedSynthesis",
    "PublishedVersion",
    "RegimenPart",
    "ResponderIndexScore",
    "Result",
    "ReviewComment",
    "Study",
    "StudyCitation",
    "StudyOrgan",
]
