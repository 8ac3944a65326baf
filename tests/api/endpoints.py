"""Every list of the API as a table: how a row of it is made, and what it may cost.

A budget counts SQL queries of a list and of a record. Each is the two looks at the revision (is an answer kept; which
state is this one of), then what the comment names. It does not grow with the number of rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evidence.choices import CitationRole
from tests import factories


def full_therapy() -> Any:
    """A therapy with something in each of its lists."""
    therapy = factories.TherapyFactory()
    factories.TherapyCodeFactory(therapy=therapy)
    for _ in range(2):
        factories.MechanismCitationFactory(mechanism=factories.MechanismFactory(therapy=therapy))
        factories.RegulatoryStatusFactory(therapy=therapy)
        factories.SafetyNoteFactory(therapy=therapy)
    return therapy


def full_case(**fields: Any) -> Any:
    """A case with something in each of its lists."""
    case = factories.CaseFactory(**fields)
    for _ in range(2):
        factories.CaseOrganFactory(case=case)
        factories.CaseComorbidityFactory(case=case)
        factories.CasePriorTherapyFactory(case=case)
        factories.CourseFactory(case=case)
        factories.MeasurementFactory(case=case)
        factories.OrganResponseFactory(case=case)
        factories.ResponderIndexScoreFactory(case=case)
        factories.CaseAdverseEventFactory(case=case)
    return case


def full_study() -> Any:
    """A study with something in each of its lists."""
    study = factories.StudyFactory()
    factories.StudyCitationFactory(study=study, role=CitationRole.SECONDARY)
    for _ in range(2):
        factories.StudyOrganFactory(study=study)
        arm = factories.ArmFactory(study=study)
        factories.ArmBaselineFactory(arm=arm)
        factories.ResultFactory(arm=arm, organ=factories.OrganFactory())
        factories.ResultFactory(arm=arm, quantity=True)
        factories.ContrastFactory(study=study)
        factories.FindingFactory(study=study)
        factories.PublishedSynthesisFactory(study=study, versus=factories.TherapyFactory())
        full_case(study=study)
        factories.OverlapFactory(study_a=study)
        factories.OverlapFactory(study_b=study)
        factories.AppraisalAnswerFactory(appraisal__study=study)
    for number in (1, 2):
        factories.PublishedVersionFactory(study=study, number=number)
    return study


def full_appraisal(**fields: Any) -> Any:
    """An appraisal with two answers."""
    appraisal = factories.AppraisalFactory(**fields)
    for _ in range(2):
        factories.AppraisalAnswerFactory(appraisal=appraisal)
    return appraisal


@dataclass(frozen=True)
class Endpoint:
    """One list: its name in the address, how a row is made, the budgets."""

    name: str
    make: Callable[[], Any]
    list_queries: int
    record_queries: int
    # False: part of the vocabulary or of the disease map, which has no drafts.
    has_drafts: bool = True
    numbered: bool = False

    @property
    def url(self) -> str:
        """The list's address."""
        return f"/api/v1/{self.name}/"

    def key(self, record: Any) -> str:
        """What a record is known by in its address."""
        return str(record.pk) if self.numbered else record.slug


ENDPOINTS = [
    # 2 revision; count; rows; codes; mechanisms; targets; mechanism_citations; citations; regulatory; safety
    Endpoint("therapies", full_therapy, 11, 10, has_drafts=False),
    # 2 revision; count; rows
    Endpoint("targets", factories.TargetFactory, 4, 3, has_drafts=False),
    # 2 revision; count; rows with source, target and citation
    Endpoint("pathway", factories.PathwayEdgeFactory, 4, 3, has_drafts=False, numbered=True),
    Endpoint("outcomes", factories.OutcomeFactory, 4, 3, has_drafts=False),
    Endpoint("organs", factories.OrganFactory, 4, 3, has_drafts=False),
    Endpoint("comorbidities", factories.ComorbidityFactory, 4, 3, has_drafts=False),
    Endpoint("analytes", factories.AnalyteFactory, 4, 3, has_drafts=False),
    # 2 revision; count; rows
    Endpoint("citations", lambda: factories.StudyCitationFactory().citation, 4, 3),
    # 2 revision; count; rows; study_citations, citations; study_organs, organs; arms, regimen, therapies; cases,
    # therapies; findings, therapies; syntheses, therapies.
    # A record without count, and with: baseline; results, outcomes, organs; contrasts, outcomes, arms, versus, their
    # regimens and therapies (4); findings' outcomes; syntheses' outcomes, versus; case organs (2), comorbidities (2),
    # prior therapies (2), courses (2), measurements (2), organ responses (2), Responder Index (2), adverse
    # events; overlaps (2); appraisals (2); published versions
    Endpoint("studies", full_study, 17, 51),
    # 2 revision; count; rows with arm, study, outcome, organ; regimen, therapies; study_citations, citations
    Endpoint("results", factories.ResultFactory, 8, 7, numbered=True),
    # 2 revision; count; rows with study, outcome, arms; regimen and therapies of both arms (4); study_citations,
    # citations
    Endpoint("contrasts", factories.ContrastFactory, 10, 9, numbered=True),
    # 2 revision; count; rows with study, therapy, outcome; study_citations, citations
    Endpoint("findings", factories.FindingFactory, 6, 5, numbered=True),
    Endpoint("syntheses", factories.PublishedSynthesisFactory, 6, 5, numbered=True),
    # 2 revision; count; rows with both studies
    Endpoint("overlaps", factories.OverlapFactory, 4, 3, numbered=True),
    # 2 revision; count; rows with study and index therapy; organs (2), comorbidities (2), prior therapies (2),
    # study_citations, citations, courses (2), measurements (2), organ responses (2), Responder Index (2),
    # adverse events
    Endpoint("cases", full_case, 21, 20),
    # 2 revision; count; rows with study; answers
    Endpoint("appraisals", full_appraisal, 5, 4, numbered=True),
    # 2 revision; count; rows with therapy and outcome
    Endpoint("certainties", factories.CertaintyFactory, 4, 3, has_drafts=False, numbered=True),
]
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
