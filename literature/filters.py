"""Filters of citations."""

from django.db.models import Q, QuerySet

from foundation.filters import YEARS, EvidenceFilterSet, ManyWords, ShortText, WholeNumber
from literature.choices import CitationType
from literature.models import Citation


class CitationFilterSet(EvidenceFilterSet):
    """Citations by year, type and words."""

    q = ShortText(
        method="search", label="Words", help_text="In title, journal or authors; DOI or PMID in full."
    )
    type = ManyWords(field_name="csl_type", choices=CitationType.choices, label="Type")
    year = WholeNumber(field_name="year", bounds=YEARS, label="Year")
    from_ = WholeNumber(field_name="year", lookup_expr="gte", bounds=YEARS, label="From year")
    to_ = WholeNumber(field_name="year", lookup_expr="lte", bounds=YEARS, label="To year")

    class Meta:
        model = Citation
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Citations that hold the words, or that the identifier names."""
        return queryset.filter(
            Q(title__icontains=value)
            | Q(journal__icontains=value)
            | Q(authors__icontains=value)
            | Q(doi__iexact=value)
            | Q(pmid=value)
        )
