"""The read vocabulary of therapies and of the disease map."""

from django.db import models
from django.db.models import Case, IntegerField, Value, When

# The five of the letter that the product began with, in its order of treatment.
LETTER_THERAPIES = ("glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept")


class TherapyQuerySet(models.QuerySet):
    """Therapies, read."""

    def letter_first(self) -> "TherapyQuerySet":
        """The letter's five in its order, then the others by name."""
        ranks = [When(slug=slug, then=Value(rank)) for rank, slug in enumerate(LETTER_THERAPIES)]
        rank = Case(*ranks, default=Value(len(LETTER_THERAPIES)), output_field=IntegerField())
        return self.order_by(rank, "name", "slug")

    def with_details(self) -> "TherapyQuerySet":
        """Codes, mechanisms with target and citations, regulatory rows and safety notes, in five queries."""
        return self.prefetch_related(
            "codes",
            "mechanisms__target",
            "mechanisms__mechanism_citations__citation",
            "regulatory_statuses",
            "safety_notes",
        )


class PathwayEdgeQuerySet(models.QuerySet):
    """Edges of the disease map, read."""

    def with_ends(self) -> "PathwayEdgeQuerySet":
        """Source, target and citation along, in one query."""
        return self.select_related("source", "target", "citation")
