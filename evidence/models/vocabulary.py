"""Vocabulary that editors may extend: outcomes, organs, comorbidities, analytes."""

from django.db import models
from django.db.models import Q

from evidence.choices import Better, Domain, OutcomeKind
from foundation.fields import Positioned, SlugField, one_of, slug_form
from foundation.records import record


class Term(Positioned):
    """A word of the vocabulary, in its place among its like."""

    slug = SlugField(max_length=60)
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        abstract = True
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


@record()
class Outcome(Term):
    """What a study counted or measured, such as complete remission."""

    domain = models.CharField(max_length=20, choices=Domain)
    kind = models.CharField(max_length=20, choices=OutcomeKind)
    unit = models.CharField(max_length=30, blank=True, default="")
    better = models.CharField(max_length=10, choices=Better)

    class Meta(Term.Meta):
        constraints = [
            slug_form("outcome_slug_form"),
            one_of("domain", Domain, "outcome_domain_known"),
            one_of("kind", OutcomeKind, "outcome_kind_known"),
            one_of("better", Better, "outcome_better_known"),
            models.CheckConstraint(
                condition=Q(kind=OutcomeKind.PROPORTION, unit="")
                | (Q(kind=OutcomeKind.QUANTITY) & ~Q(unit="")),
                name="outcome_quantity_has_unit",
                violation_error_message="A quantity has a unit; a proportion has none.",
            ),
        ]

    @property
    def is_proportion(self) -> bool:
        """Whether it is told as x of n patients."""
        return self.kind == OutcomeKind.PROPORTION


@record()
class Organ(Term):
    """An organ or region that IgG4-RD affects."""

    class Meta(Term.Meta):
        constraints = [slug_form("organ_slug_form")]


@record()
class Comorbidity(Term):
    """A disease beside IgG4-RD that bears on the choice of therapy."""

    class Meta(Term.Meta):
        verbose_name_plural = "comorbidities"
        constraints = [slug_form("comorbidity_slug_form")]


@record()
class Analyte(Term):
    """What a measurement of a patient measures, with its unit."""

    unit = models.CharField(max_length=30)
    # NULL: no limit is used.
    upper_normal = models.FloatField(null=True, blank=True)

    class Meta(Term.Meta):
        constraints = [
            slug_form("analyte_slug_form"),
            models.CheckConstraint(
                condition=Q(upper_normal__isnull=True) | Q(upper_normal__gt=0),
                name="analyte_upper_normal_positive",
            ),
        ]
