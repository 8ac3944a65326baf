"""Vocabulary, studies and what they report."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from evidence import models as evidence
from evidence.choices import (
    ArmRole,
    Basis,
    Better,
    CitationRole,
    Design,
    Direction,
    Domain,
    Measure,
    OutcomeKind,
    State,
    Statistic,
    SynthesisMeasure,
)
from tests.factories.people import CitationFactory, UserFactory
from tests.factories.therapies import READ_AT, TherapyFactory
from therapies.models import Therapy


class OutcomeFactory(DjangoModelFactory):
    """An outcome told as x of n; ``OutcomeFactory(quantity=True)`` has a unit."""

    class Meta:
        model = evidence.Outcome

    class Params:
        quantity = factory.Trait(kind=OutcomeKind.QUANTITY, unit="mg/dL", domain=Domain.BIOMARKER)

    slug = factory.Sequence(lambda number: f"outcome-{number}")
    name = factory.Sequence(lambda number: f"Outcome {number}")
    domain = Domain.EFFICACY
    kind = OutcomeKind.PROPORTION
    better = Better.HIGHER


class OrganFactory(DjangoModelFactory):
    """An organ."""

    class Meta:
        model = evidence.Organ

    slug = factory.Sequence(lambda number: f"organ-{number}")
    name = factory.Sequence(lambda number: f"Organ {number}")


class ComorbidityFactory(DjangoModelFactory):
    """A comorbidity."""

    class Meta:
        model = evidence.Comorbidity

    slug = factory.Sequence(lambda number: f"comorbidity-{number}")
    name = factory.Sequence(lambda number: f"Comorbidity {number}")


class AnalyteFactory(DjangoModelFactory):
    """An analyte."""

    class Meta:
        model = evidence.Analyte

    slug = factory.Sequence(lambda number: f"analyte-{number}")
    name = factory.Sequence(lambda number: f"Analyte {number}")
    unit = "mg/dL"


class StudyFactory(DjangoModelFactory):
    """A published single-arm trial with its primary citation.

    ``draft=True`` makes it a draft; ``cited=False`` leaves the citation out; ``year=`` dates the citation.
    """

    class Meta:
        model = evidence.Study
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(state=State.DRAFT, published_at=None)

    slug = factory.Sequence(lambda number: f"author-2020-{number}")
    label = factory.Sequence(lambda number: f"Author 2020, {number}")
    design = Design.SINGLE_ARM_TRIAL
    countries = factory.LazyFunction(lambda: ["US"])
    enrolled = 30
    summary = "Thirty patients were treated and followed for a year."
    basis = Basis.ABSTRACT
    read_at = READ_AT
    state = State.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def cited(self, create: bool, extracted: bool | None, **fields: object) -> None:
        """A primary citation; ``cited__year=2015`` and the like set its fields."""
        if create and extracted is not False:
            citation = CitationFactory(**fields)
            StudyCitationFactory(study=self, citation=citation, role=CitationRole.PRIMARY)


class StudyCitationFactory(DjangoModelFactory):
    """A further report of a study."""

    class Meta:
        model = evidence.StudyCitation

    study = factory.SubFactory(StudyFactory)
    citation = factory.SubFactory(CitationFactory)
    role = CitationRole.SECONDARY


class StudyOrganFactory(DjangoModelFactory):
    """An organ to which a study is confined."""

    class Meta:
        model = evidence.StudyOrgan

    study = factory.SubFactory(StudyFactory)
    organ = factory.SubFactory(OrganFactory)


class ArmFactory(DjangoModelFactory):
    """An experimental arm of thirty; ``therapy=`` gives it that therapy, one of its own else."""

    class Meta:
        model = evidence.Arm
        skip_postgeneration_save = True

    study = factory.SubFactory(StudyFactory)
    slug = factory.Sequence(lambda number: f"arm-{number}")
    label = factory.Sequence(lambda number: f"Arm {number}")
    role = ArmRole.EXPERIMENTAL
    n = 30

    @factory.post_generation
    def therapy(self, create: bool, extracted: Therapy | bool | None, **fields: object) -> None:
        """The arm's therapy; False leaves the regimen empty."""
        if create and extracted is not False:
            RegimenPartFactory(arm=self, therapy=extracted or TherapyFactory(**fields))


class RegimenPartFactory(DjangoModelFactory):
    """A dose of a therapy."""

    class Meta:
        model = evidence.RegimenPart

    arm = factory.SubFactory(ArmFactory, therapy=False)
    therapy = factory.SubFactory(TherapyFactory)
    dose = 1000
    unit = "mg"
    route = "intravenous"
    schedule = "days 1 and 15"


class ArmBaselineFactory(DjangoModelFactory):
    """An arm's mean age."""

    class Meta:
        model = evidence.ArmBaseline

    arm = factory.SubFactory(ArmFactory)
    name = "age_years"
    value = 61


class ResultFactory(DjangoModelFactory):
    """14 of 30 by week 26; ``ResultFactory(quantity=True)`` is a median with its quartiles."""

    class Meta:
        model = evidence.Result

    class Params:
        quantity = factory.Trait(
            outcome=factory.SubFactory(OutcomeFactory, quantity=True),
            events=None,
            total=None,
            value=150,
            statistic=Statistic.MEDIAN,
            spread="iqr",
            low=60,
            high=320,
            n=30,
        )

    arm = factory.SubFactory(ArmFactory)
    outcome = factory.SubFactory(OutcomeFactory)
    week = 26
    events = 14
    total = 30
    definition = "Responder index of 0 and no glucocorticoid"
    locator = "Abstract, results"


class ContrastFactory(DjangoModelFactory):
    """A hazard ratio between two arms of one study."""

    class Meta:
        model = evidence.Contrast

    study = factory.SubFactory(StudyFactory, design=Design.RANDOMISED_TRIAL)
    outcome = factory.SubFactory(OutcomeFactory)
    arm = factory.SubFactory(ArmFactory, study=factory.SelfAttribute("..study"))
    versus = factory.SubFactory(ArmFactory, study=factory.SelfAttribute("..study"), role=ArmRole.COMPARATOR)
    week = 52
    measure = Measure.HAZARD_RATIO
    estimate = 0.13
    low = 0.06
    high = 0.28
    p = "<0.001"
    locator = "Abstract, results"


class FindingFactory(DjangoModelFactory):
    """Something told in words."""

    class Meta:
        model = evidence.Finding

    study = factory.SubFactory(StudyFactory)
    therapy = factory.SubFactory(TherapyFactory)
    outcome = factory.SubFactory(OutcomeFactory)
    direction = Direction.NO_CHANGE
    statement = "The glands did not shrink."
    locator = "Paragraph 2"


class PublishedSynthesisFactory(DjangoModelFactory):
    """A review's pooled proportion."""

    class Meta:
        model = evidence.PublishedSynthesis

    study = factory.SubFactory(StudyFactory, design=Design.META_ANALYSIS)
    therapy = factory.SubFactory(TherapyFactory)
    outcome = factory.SubFactory(OutcomeFactory)
    measure = SynthesisMeasure.PROPORTION
    estimate = 0.558
    low = 0.396
    high = 0.713
    studies = 18
    patients = 374
    locator = "Abstract, results"


class DistinctPairFactory(DjangoModelFactory):
    """Two studies that look alike and are not the same."""

    class Meta:
        model = evidence.DistinctPair

    study_a = factory.SubFactory(StudyFactory)
    study_b = factory.SubFactory(StudyFactory)
    why = "Different years of birth in the full texts."
    decided_by = factory.SubFactory(UserFactory)


class OverlapFactory(DjangoModelFactory):
    """Two studies that may share patients."""

    class Meta:
        model = evidence.Overlap

    study_a = factory.SubFactory(StudyFactory)
    study_b = factory.SubFactory(StudyFactory)
    certain = False
    why = "The same centre in the same years."
