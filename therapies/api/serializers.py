"""Therapies and the disease map as the API tells them."""

from rest_framework import serializers

from foundation.api.serializers import EvidenceSerializer, page_link, slug_of
from literature.api.serializers import CitationBriefSerializer
from therapies.models import Mechanism, PathwayEdge, RegulatoryStatus, SafetyNote, Target, Therapy


class MechanismSerializer(EvidenceSerializer):
    """What a therapy does to a target."""

    target = slug_of()
    citations = serializers.SerializerMethodField()

    class Meta:
        model = Mechanism
        fields = ("target", "action", "statement", "citations")

    def get_citations(self, mechanism: Mechanism) -> CitationBriefSerializer(many=True):  # type: ignore[valid-type]
        """The publications behind it."""
        links = mechanism.mechanism_citations.all()
        return CitationBriefSerializer([link.citation for link in links], many=True).data


class RegulatorySerializer(EvidenceSerializer):
    """What an agency has decided."""

    class Meta:
        model = RegulatoryStatus
        fields = ("agency", "indication", "status", "date", "read_at")


class SafetySerializer(EvidenceSerializer):
    """A labelled warning."""

    class Meta:
        model = SafetyNote
        fields = ("topic", "statement", "read_at")


class TherapySerializer(EvidenceSerializer):
    """A treatment that has been given, or might be given, in IgG4-RD."""

    page = page_link()
    codes = serializers.SerializerMethodField()
    mechanisms = MechanismSerializer(many=True, read_only=True)
    regulatory = RegulatorySerializer(source="regulatory_statuses", many=True, read_only=True)
    safety = SafetySerializer(source="safety_notes", many=True, read_only=True)

    class Meta:
        model = Therapy
        fields = (
            "slug",
            "name",
            "drug_class",
            "place",
            "synonyms",
            "routes",
            "summary",
            "codes",
            "mechanisms",
            "regulatory",
            "safety",
            "read_at",
            "page",
        )

    def get_codes(self, therapy: Therapy) -> dict[str, str]:
        """Its codes by code system."""
        return {code.system: code.code for code in therapy.codes.all()}


class TargetSerializer(EvidenceSerializer):
    """A molecule, cell or process of the disease map."""

    class Meta:
        model = Target
        fields = ("slug", "name", "kind", "layer", "symbol", "hgnc", "uniprot", "read_at")


class PathwayEdgeSerializer(EvidenceSerializer):
    """How one node of the map drives another."""

    source = slug_of()
    target = slug_of()
    citation = CitationBriefSerializer(read_only=True)

    class Meta:
        model = PathwayEdge
        fields = (
            "id",
            "source",
            "relation",
            "target",
            "evidence",
            "statement",
            "citation",
            "locator",
            "read_at",
        )
