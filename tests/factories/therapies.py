"""Therapies and the disease map."""

import factory
from factory.django import DjangoModelFactory

from tests.factories.people import CitationFactory
from therapies import models as therapies
from therapies.choices import (
    Action,
    Agency,
    CodeSystem,
    DrugClass,
    EdgeEvidence,
    Layer,
    Place,
    Relation,
    TargetKind,
)

READ_AT = "https://example.org/paper"


class TherapyFactory(DjangoModelFactory):
    """A monoclonal antibody under study."""

    class Meta:
        model = therapies.Therapy

    slug = factory.Sequence(lambda number: f"therapy-{number}")
    name = factory.Sequence(lambda number: f"Therapy {number}")
    drug_class = DrugClass.MONOCLONAL_ANTIBODY
    place = Place.INVESTIGATIONAL
    summary = "What it does and why it is tried in IgG4-related disease."


class TherapyCodeFactory(DjangoModelFactory):
    """A therapy's ATC code."""

    class Meta:
        model = therapies.TherapyCode

    therapy = factory.SubFactory(TherapyFactory)
    system = CodeSystem.ATC
    code = factory.Sequence(lambda number: f"L04A{number:03}")


class TargetFactory(DjangoModelFactory):
    """A cytokine of the disease map."""

    class Meta:
        model = therapies.Target

    slug = factory.Sequence(lambda number: f"target-{number}")
    name = factory.Sequence(lambda number: f"Target {number}")
    kind = TargetKind.CYTOKINE
    layer = Layer.CYTOKINE
    position = factory.Sequence(lambda number: number % 1000)


class MechanismFactory(DjangoModelFactory):
    """A therapy that antagonises a target."""

    class Meta:
        model = therapies.Mechanism

    therapy = factory.SubFactory(TherapyFactory)
    target = factory.SubFactory(TargetFactory)
    action = Action.ANTAGONIST
    statement = "It blocks the signal."


class MechanismCitationFactory(DjangoModelFactory):
    """The paper behind a mechanism."""

    class Meta:
        model = therapies.MechanismCitation

    mechanism = factory.SubFactory(MechanismFactory)
    citation = factory.SubFactory(CitationFactory)


class RegulatoryStatusFactory(DjangoModelFactory):
    """An approval."""

    class Meta:
        model = therapies.RegulatoryStatus

    therapy = factory.SubFactory(TherapyFactory)
    agency = Agency.FDA
    indication = "IgG4-related disease"
    status = "approved"
    date = "2025-04-03"
    read_at = READ_AT


class SafetyNoteFactory(DjangoModelFactory):
    """A labelled warning."""

    class Meta:
        model = therapies.SafetyNote

    therapy = factory.SubFactory(TherapyFactory)
    topic = "hypersensitivity"
    statement = "Reactions to the infusion are described."
    read_at = READ_AT


class PathwayEdgeFactory(DjangoModelFactory):
    """One node that promotes another."""

    class Meta:
        model = therapies.PathwayEdge

    source = factory.SubFactory(TargetFactory)
    relation = Relation.PROMOTES
    target = factory.SubFactory(TargetFactory)
    evidence = EdgeEvidence.GENERAL
    statement = "The first drives the second."
    citation = factory.SubFactory(CitationFactory)
    locator = "Abstract"
    read_at = READ_AT
