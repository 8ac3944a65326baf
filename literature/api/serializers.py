"""Citations as the API tells them."""

from rest_framework import serializers

from foundation.api.serializers import EvidenceSerializer, TextOrNull
from literature.models import Citation


class CitationSerializer(EvidenceSerializer):
    """One publication, in the terms of CSL-JSON."""

    type = serializers.ChoiceField(
        source="csl_type", choices=Citation.csl_type.field.choices, read_only=True, help_text="CSL type."
    )
    label = serializers.CharField(read_only=True, help_text="First author and year.")
    link = TextOrNull(
        read_only=True, allow_null=True, help_text="Where to read it: DOI, else PubMed, else its page."
    )

    class Meta:
        model = Citation
        fields = (
            "slug",
            "label",
            "type",
            "title",
            "authors",
            "authors_complete",
            "journal",
            "year",
            "year_inferred",
            "volume",
            "issue",
            "pages",
            "doi",
            "pmid",
            "pmcid",
            "url",
            "link",
            "vancouver",
            "retraction_status",
            "retraction_checked_on",
        )


class CitationBriefSerializer(EvidenceSerializer):
    """Enough of a publication to name and find it."""

    label = serializers.CharField(read_only=True)

    class Meta:
        model = Citation
        fields = ("slug", "label", "doi", "pmid")
