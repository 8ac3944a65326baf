"""The endpoint of citations; which of them are public is told by the evidence above."""

from foundation.api.views import EvidenceViewSet
from literature.api.serializers import CitationSerializer
from literature.filters import CitationFilterSet
from literature.models import Citation


class CitationViewSet(EvidenceViewSet):
    """Publications behind the evidence."""

    queryset = Citation.objects.all()
    serializer_class = CitationSerializer
    filterset_class = CitationFilterSet
