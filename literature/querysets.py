"""The read vocabulary of citations."""

from datetime import date

from django.db import models
from django.db.models import Q


class CitationQuerySet(models.QuerySet):
    """Citations, read."""

    def identified_by(self, identifier: str) -> "CitationQuerySet":
        """The citation of a DOI or PMID, as mechanisms and pathway edges name theirs."""
        return self.filter(Q(doi__iexact=identifier) | Q(pmid=identifier))

    def known_by_identifier(self, *, doi: str = "", pmid: str = "", pmcid: str = "") -> "CitationQuerySet":
        """The citations that have one of these identifiers; none where none is given."""
        asked = Q(pk__in=[])
        for name, value in (("doi__iexact", doi), ("pmid", pmid), ("pmcid", pmcid)):
            if value:
                asked |= Q(**{name: value})
        return self.filter(asked)

    def with_identifier(self) -> "CitationQuerySet":
        """The citations that Crossref or PubMed can be asked about."""
        return self.exclude(doi="", pmid="")

    def not_checked_since(self, day: date) -> "CitationQuerySet":
        """The citations whose standing nobody has looked up since the day; NULL: nobody ever has."""
        return self.filter(Q(retraction_checked_on__isnull=True) | Q(retraction_checked_on__lt=day))

    def newest_first(self) -> "CitationQuerySet":
        """By year, the unknown last; slug makes the order total."""
        return self.order_by(models.F("year").desc(nulls_last=True), "slug")
