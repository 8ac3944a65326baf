"""The admin of the evidence, one module a part."""

from evidence.admin.appraisals import AppraisalAdmin
from evidence.admin.case import CaseAdmin
from evidence.admin.duplicates import DistinctPairAdmin
from evidence.admin.imports import ImportRunAdmin
from evidence.admin.judgements import CertaintyAdmin, OverlapAdmin
from evidence.admin.parts import (
    ArmAdmin,
    ContrastAdmin,
    FindingAdmin,
    PublishedSynthesisAdmin,
    ResultAdmin,
)
from evidence.admin.study import StudyAdmin
from evidence.admin.vocabulary import AnalyteAdmin, ComorbidityAdmin, OrganAdmin, OutcomeAdmin

__all__ = [
    "AnalyteAdmin",
    "AppraisalAdmin",
    "ArmAdmin",
    "CaseAdmin",
    "CertaintyAdmin",
    "ComorbidityAdmin",
    "ContrastAdmin",
    "DistinctPairAdmin",
    "FindingAdmin",
    "ImportRunAdmin",
    "OrganAdmin",
    "OutcomeAdmin",
    "OverlapAdmin",
    "PublishedSynthesisAdmin",
    "ResultAdmin",
    "StudyAdmin",
]
