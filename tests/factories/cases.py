"""Patients, appraisals and certainty."""

import datetime

import factory
from factory.django import DjangoModelFactory

from evidence import models as evidence
from evidence.choices import (
    AppraisalTool,
    CertaintyConcern,
    CertaintyLevel,
    Design,
    OrganChange,
    ResponderIndexVersion,
    Response,
    Sex,
    SteroidEffect,
)
from tests.factories.people import UserFactory
from tests.factories.studies import (
    AnalyteFactory,
    ComorbidityFactory,
    OrganFactory,
    OutcomeFactory,
    StudyFactory,
)
from tests.factories.therapies import TherapyFactory


class CaseFactory(DjangoModelFactory):
    """One patient of a published case report."""

    class Meta:
        model = evidence.Case

    study = factory.SubFactory(StudyFactory, design=Design.CASE_REPORT, enrolled=1)
    slug = factory.Sequence(lambda number: f"author-2020-p{number}")
    index_therapy = factory.SubFactory(TherapyFactory)
    age_years = 67
    sex = Sex.MALE
    response = Response.PARTIAL_REMISSION
    steroid_effect = SteroidEffect.STOPPED
    relapse = False
    follow_up_weeks = 52
    summary = "A man with retroperitoneal disease improved."
    locator = "Case report"


class CaseOrganFactory(DjangoModelFactory):
    """An organ of a patient."""

    class Meta:
        model = evidence.CaseOrgan

    case = factory.SubFactory(CaseFactory)
    organ = factory.SubFactory(OrganFactory)


class CaseComorbidityFactory(DjangoModelFactory):
    """A comorbidity of a patient."""

    class Meta:
        model = evidence.CaseComorbidity

    case = factory.SubFactory(CaseFactory)
    comorbidity = factory.SubFactory(ComorbidityFactory)


class CasePriorTherapyFactory(DjangoModelFactory):
    """A therapy before the index therapy."""

    class Meta:
        model = evidence.CasePriorTherapy

    case = factory.SubFactory(CaseFactory)
    therapy = factory.SubFactory(TherapyFactory)


class CourseFactory(DjangoModelFactory):
    """A year of treatment."""

    class Meta:
        model = evidence.Course

    case = factory.SubFactory(CaseFactory)
    therapy = factory.SubFactory(TherapyFactory)
    dose = 300
    unit = "mg"
    route = "subcutaneous"
    schedule = "every 2 weeks"
    start_week = 0
    stop_week = 52


class MeasurementFactory(DjangoModelFactory):
    """A figure at the start of treatment."""

    class Meta:
        model = evidence.Measurement

    case = factory.SubFactory(CaseFactory)
    analyte = factory.SubFactory(AnalyteFactory)
    week = 0
    value = 1770
    as_reported = "17.7 g/L"


class OrganResponseFactory(DjangoModelFactory):
    """An organ that got better."""

    class Meta:
        model = evidence.OrganResponse

    case = factory.SubFactory(CaseFactory)
    organ = factory.SubFactory(OrganFactory)
    response = OrganChange.IMPROVED
    week = 52


class ResponderIndexScoreFactory(DjangoModelFactory):
    """The Responder Index of an organ at the start of treatment."""

    class Meta:
        model = evidence.ResponderIndexScore

    case = factory.SubFactory(CaseFactory)
    week = 0
    organ = factory.SubFactory(OrganFactory)
    version = ResponderIndexVersion.RI_2018
    score = 2


class CaseAdverseEventFactory(DjangoModelFactory):
    """A harm in words."""

    class Meta:
        model = evidence.CaseAdverseEvent

    case = factory.SubFactory(CaseFactory)
    description = "Conjunctivitis"


class CaseDraftFactory(DjangoModelFactory):
    """A case that somebody has begun."""

    class Meta:
        model = evidence.CaseDraft

    owner = factory.SubFactory(UserFactory)
    payload = factory.LazyFunction(lambda: {"study": {"label": "Author 2026"}})


class ConfirmedDoubtFactory(DjangoModelFactory):
    """An odd value that is right."""

    class Meta:
        model = evidence.ConfirmedDoubt

    case = factory.SubFactory(CaseFactory)
    code = "unlikely_value"
    place = factory.Sequence(lambda number: f"measurements[{number}].value")
    doubt = "A serum IgG4 of 17 mg/dL: is it g/L?"
    reason = "Printed so in Table 1"
    confirmed_by = factory.SubFactory(UserFactory)


class AppraisalFactory(DjangoModelFactory):
    """A judgement by RoB 2."""

    class Meta:
        model = evidence.Appraisal

    study = factory.SubFactory(StudyFactory, design=Design.RANDOMISED_TRIAL)
    tool = AppraisalTool.ROB2
    overall = "some_concerns"
    rater = factory.SubFactory(UserFactory)
    rated_on = datetime.date(2026, 1, 15)


class AppraisalAnswerFactory(DjangoModelFactory):
    """The judgement on one domain."""

    class Meta:
        model = evidence.AppraisalAnswer

    appraisal = factory.SubFactory(AppraisalFactory)
    domain = factory.Sequence(lambda number: f"domain-{number}")
    judgement = "low"


class CertaintyFactory(DjangoModelFactory):
    """Very low certainty of evidence without a randomised trial."""

    class Meta:
        model = evidence.Certainty

    therapy = factory.SubFactory(TherapyFactory)
    outcome = factory.SubFactory(OutcomeFactory)
    level = CertaintyLevel.VERY_LOW
    risk_of_bias = CertaintyConcern.SERIOUS
    inconsistency = CertaintyConcern.NOT_SERIOUS
    indirectness = CertaintyConcern.NOT_SERIOUS
    imprecision = CertaintyConcern.VERY_SERIOUS
    publication_bias = CertaintyConcern.SERIOUS
    reasons = "One small series without controls"
    rater = factory.SubFactory(UserFactory)
    rated_on = datetime.date(2026, 1, 15)
