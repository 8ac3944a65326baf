"""Endpoints of therapies and of the disease map."""

from foundation.api.views import EvidenceViewSet, NumberedViewSet
from therapies.api.serializers import PathwayEdgeSerializer, TargetSerializer, TherapySerializer
from therapies.filters import PathwayFilterSet, TargetFilterSet, TherapyFilterSet
from therapies.models import PathwayEdge, Target, Therapy


class TherapyViewSet(EvidenceViewSet):
    """Therapies: what they are, what they act on, what agencies decided, what labels warn of."""

    queryset = Therapy.objects.all()
    serializer_class = TherapySerializer
    filterset_class = TherapyFilterSet
    list_method = "with_details"


class TargetViewSet(EvidenceViewSet):
    """Nodes of the disease map: molecules, cells and processes."""

    queryset = Target.objects.all()
    serializer_class = TargetSerializer
    filterset_class = TargetFilterSet
    ordering = ("position", "slug")


class PathwayViewSet(NumberedViewSet):
    """Edges of the disease map, each with its citation and kind of evidence."""

    queryset = PathwayEdge.objects.all()
    serializer_class = PathwayEdgeSerializer
    filterset_class = PathwayFilterSet
    ordering = ("position", "id")
    list_method = "with_ends"
