"""The evidence as the API tells it; names follow the data set's."""

from evidence.api.serializers.cases import CaseSerializer
from evidence.api.serializers.judgements import CertaintySerializer, ListedAppraisalSerializer
from evidence.api.serializers.reported import (
    ContrastSerializer,
    FindingSerializer,
    ResultSerializer,
    SynthesisSerializer,
)
from evidence.api.serializers.studies import OverlapSerializer, StudyDetailSerializer, StudySerializer
from evidence.api.serializers.vocabulary import (
    AnalyteSerializer,
    ComorbiditySerializer,
    OrganSerializer,
    OutcomeSerializer,
)

__all__ = [
    "AnalyteSerializer",
    "CaseSerializer",
    "CertaintySerializer",
    "ComorbiditySerializer",
    "ContrastSerializer",
    "FindingSerializer",
    "ListedAppraisalSerializer",
    "OrganSerializer",
    "OutcomeSerializer",
    "OverlapSerializer",
    "ResultSerializer",
    "StudyDetailSerializer",
    "StudySerializer",
    "SynthesisSerializer",
]
