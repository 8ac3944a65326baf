"""Therapies, what they act on, and the map of the disease."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from foundation.fields import Positioned, SlugField, matches, one_of, slug_form
from foundation.records import record
from literature.models import Citation
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
from therapies.querysets import PathwayEdgeQuerySet, TherapyQuerySet

URL_LENGTH = 500


@record()
class Therapy(models.Model):
    """A treatment that has been given, or might be given, in IgG4-RD; controls are therapies too."""

    slug = SlugField(max_length=60)
    name = models.CharField(max_length=120, unique=True)
    drug_class = models.CharField(max_length=40, choices=DrugClass)
    place = models.CharField("place in IgG4-RD", max_length=20, choices=Place)
    synonyms = ArrayField(models.CharField(max_length=120), blank=True, default=list)
    routes = ArrayField(models.CharField(max_length=60), blank=True, default=list)
    summary = models.TextField()
    read_at = ArrayField(models.URLField(max_length=URL_LENGTH), blank=True, default=list)

    objects = TherapyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "slug"]
        verbose_name_plural = "therapies"
        constraints = [
            slug_form("therapy_slug_form"),
            one_of("drug_class", DrugClass, "therapy_drug_class_known"),
            one_of("place", Place, "therapy_place_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The therapy's public page."""
        return f"/therapies/{self.slug}/"

    @property
    def is_control(self) -> bool:
        """Whether it is a comparator without an active treatment: placebo, no treatment."""
        return self.drug_class == DrugClass.CONTROL


@record()
class TherapyCode(models.Model):
    """A therapy's code in a public code system."""

    therapy = models.ForeignKey(Therapy, models.CASCADE, related_name="codes")
    system = models.CharField(max_length=10, choices=CodeSystem)
    code = models.CharField(max_length=40)

    class Meta:
        ordering = ["system", "code"]
        constraints = [
            one_of("system", CodeSystem, "therapy_code_system_known"),
            models.UniqueConstraint(fields=["therapy", "system"], name="therapy_code_once_a_system"),
            models.UniqueConstraint(fields=["system", "code"], name="therapy_code_names_one_therapy"),
        ]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.code}"


@record()
class Target(models.Model):
    """A molecule, cell or process of the disease map."""

    slug = SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=30, choices=TargetKind)
    layer = models.CharField(max_length=20, choices=Layer)
    symbol = models.CharField("gene symbol", max_length=20, blank=True, default="")
    hgnc = models.CharField("HGNC number", max_length=20, blank=True, default="")
    uniprot = models.CharField("UniProt accession", max_length=12, blank=True, default="")
    read_at = models.URLField(max_length=URL_LENGTH, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            slug_form("target_slug_form"),
            one_of("kind", TargetKind, "target_kind_known"),
            one_of("layer", Layer, "target_layer_known"),
            matches("hgnc", r"^HGNC:[0-9]+$", "target_hgnc_form"),
            matches("uniprot", r"^[A-Z0-9]{6,10}$", "target_uniprot_form"),
        ]

    def __str__(self) -> str:
        return self.name


@record()
class Mechanism(Positioned):
    """What a therapy does to a target, in words, with its citations."""

    therapy = models.ForeignKey(Therapy, models.CASCADE, related_name="mechanisms")
    target = models.ForeignKey(Target, models.PROTECT, related_name="mechanisms")
    action = models.CharField(max_length=20, choices=Action)
    statement = models.TextField(blank=True, default="")
    citations = models.ManyToManyField(Citation, through="MechanismCitation", related_name="mechanisms")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("action", Action, "mechanism_action_known"),
            models.UniqueConstraint(fields=["therapy", "target", "action"], name="mechanism_once_a_target"),
        ]

    def __str__(self) -> str:
        return f"{self.therapy} {self.get_action_display()} {self.target}"


@record()
class MechanismCitation(Positioned):
    """A publication behind a mechanism."""

    mechanism = models.ForeignKey(Mechanism, models.CASCADE, related_name="mechanism_citations")
    citation = models.ForeignKey(Citation, models.PROTECT, related_name="mechanism_citations")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "citation"], name="mechanism_citation_once"),
        ]

    def __str__(self) -> str:
        return str(self.citation)


@record()
class RegulatoryStatus(Positioned):
    """What an agency has decided on a therapy for an indication."""

    therapy = models.ForeignKey(Therapy, models.CASCADE, related_name="regulatory_statuses")
    agency = models.CharField(max_length=20, choices=Agency)
    indication = models.TextField()
    # Words, not a list: agencies also designate, suspend and describe.
    status = models.CharField(max_length=120)
    # As exact as was read: a year, a month or a day. Empty where no date was read.
    date = models.CharField(max_length=10, blank=True, default="")
    read_at = models.URLField(max_length=URL_LENGTH)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "regulatory statuses"
        constraints = [
            one_of("agency", Agency, "regulatory_agency_known"),
            matches("date", r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", "regulatory_date_form"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.status}, {self.indication}"


@record()
class SafetyNote(Positioned):
    """A labelled warning of a therapy, in our words."""

    therapy = models.ForeignKey(Therapy, models.CASCADE, related_name="safety_notes")
    topic = models.CharField(max_length=120)
    statement = models.TextField()
    read_at = models.URLField(max_length=URL_LENGTH)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(statement=""), name="safety_note_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.therapy}: {self.topic}"


@record()
class PathwayEdge(Positioned):
    """How one node of the map drives another, with the paper it was read in and the kind of evidence."""

    source = models.ForeignKey(Target, models.PROTECT, related_name="edges_out")
    relation = models.CharField(max_length=20, choices=Relation)
    target = models.ForeignKey(Target, models.PROTECT, related_name="edges_in")
    evidence = models.CharField(max_length=20, choices=EdgeEvidence)
    statement = models.TextField()
    citation = models.ForeignKey(Citation, models.PROTECT, related_name="pathway_edges")
    locator = models.TextField(blank=True, default="")
    read_at = models.URLField(max_length=URL_LENGTH, blank=True, default="")

    objects = PathwayEdgeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("relation", Relation, "pathway_edge_relation_known"),
            one_of("evidence", EdgeEvidence, "pathway_edge_evidence_known"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="pathway_edge_joins_two_nodes"),
            models.UniqueConstraint(
                fields=["source", "relation", "target", "citation", "evidence"],
                name="pathway_edge_once_a_citation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_relation_display()} {self.target}"
