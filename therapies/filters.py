"""Filters of therapies and of the disease map."""

from django.db.models import Q, QuerySet

from foundation.filters import EvidenceFilterSet, ManySlugs, ManyWords, ShortText
from therapies.choices import DrugClass, EdgeEvidence, Layer, Place, Relation, TargetKind
from therapies.models import PathwayEdge, Target, Therapy


class TherapyFilterSet(EvidenceFilterSet):
    """Therapies by what they are and what they act on."""

    q = ShortText(method="search", label="Words", help_text="In name, synonyms or summary.")
    drug_class = ManyWords(choices=DrugClass.choices, label="Class")
    place = ManyWords(choices=Place.choices, label="Place in IgG4-RD")
    target = ManySlugs(
        field_name="mechanisms__target", queryset=Target.objects.all(), to_many=True, label="Acts on"
    )

    class Meta:
        model = Therapy
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Therapies that hold the words."""
        return queryset.filter(
            Q(name__icontains=value) | Q(synonyms__icontains=value) | Q(summary__icontains=value)
        )


class TargetFilterSet(EvidenceFilterSet):
    """Nodes of the disease map by kind and layer."""

    kind = ManyWords(choices=TargetKind.choices, label="Kind")
    layer = ManyWords(choices=Layer.choices, label="Layer")

    class Meta:
        model = Target
        fields: list[str] = []


class PathwayFilterSet(EvidenceFilterSet):
    """Edges of the disease map by their ends and their evidence."""

    source = ManySlugs(queryset=Target.objects.all(), label="From")
    target = ManySlugs(queryset=Target.objects.all(), label="To")
    relation = ManyWords(choices=Relation.choices, label="Relation")
    evidence = ManyWords(choices=EdgeEvidence.choices, label="Evidence")

    class Meta:
        model = PathwayEdge
        fields: list[str] = []
