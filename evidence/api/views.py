"""Endpoints of the evidence."""

from django.db.models import Prefetch, QuerySet

from evidence import filters
from evidence.api import serializers
from evidence.appraisal.filters import AppraisalFilterSet, CertaintyFilterSet
from evidence.case_filters import CaseFilterSet
from evidence.models import (
    Analyte,
    Appraisal,
    Case,
    Certainty,
    Comorbidity,
    Contrast,
    Finding,
    Organ,
    Outcome,
    Overlap,
    PublishedSynthesis,
    PublishedVersion,
    Result,
    Study,
)
from evidence.querysets import public_citations
from foundation.api.views import EvidenceViewSet, NumberedViewSet
from literature.api.views import CitationViewSet
from literature.models import Citation


class StudyViewSet(EvidenceViewSet):
    """Published studies; a study's own address tells everything in it."""

    queryset = Study.objects.all()
    serializer_class = serializers.StudySerializer
    detail_serializer_class = serializers.StudyDetailSerializer
    filterset_class = filters.StudyFilterSet
    list_method = "for_list"
    detail_method = "with_everything"

    def get_queryset(self) -> QuerySet[Study]:
        """A single study comes with its overlaps with other published ones, its appraisals and its arms' therapies."""
        studies = super().get_queryset()
        if not self.detail:
            return studies
        pairs = Overlap.objects.published()
        return studies.prefetch_related(
            Prefetch("overlaps_a", pairs.select_related("study_b")),
            Prefetch("overlaps_b", pairs.select_related("study_a")),
            "contrasts__arm__regimen__therapy",
            "contrasts__versus__regimen__therapy",
            "appraisals__answers",
            Prefetch("published_versions", PublishedVersion.objects.defer("record", "changes")),
        )


class ResultViewSet(NumberedViewSet):
    """Results of arms: events of total, or a quantity, each with its source."""

    queryset = Result.objects.all()
    serializer_class = serializers.ResultSerializer
    filterset_class = filters.ResultFilterSet
    ordering = ("arm__study__slug", "arm__position", "arm_id", "position", "id")
    list_method = "for_list"


class ContrastViewSet(NumberedViewSet):
    """Differences between two arms of a study, as the study reported them."""

    queryset = Contrast.objects.all()
    serializer_class = serializers.ContrastSerializer
    filterset_class = filters.ContrastFilterSet
    ordering = ("study__slug", "position", "id")
    list_method = "for_list"


class FindingViewSet(NumberedViewSet):
    """What studies tell in words."""

    queryset = Finding.objects.all()
    serializer_class = serializers.FindingSerializer
    filterset_class = filters.FindingFilterSet
    ordering = ("study__slug", "position", "id")
    list_method = "for_list"


class SynthesisViewSet(NumberedViewSet):
    """Pooled figures of reviews; shown beside ours, never pooled again."""

    queryset = PublishedSynthesis.objects.all()
    serializer_class = serializers.SynthesisSerializer
    filterset_class = filters.SynthesisFilterSet
    ordering = ("study__slug", "position", "id")
    list_method = "for_list"


class OverlapViewSet(NumberedViewSet):
    """Pairs of studies that share patients, or may."""

    queryset = Overlap.objects.select_related("study_a", "study_b")
    serializer_class = serializers.OverlapSerializer
    filterset_class = filters.OverlapFilterSet
    ordering = ("study_a__slug", "study_b__slug", "id")


class AppraisalViewSet(NumberedViewSet):
    """Risk of bias of studies, by raters who are numbered and never named."""

    queryset = Appraisal.objects.all()
    serializer_class = serializers.ListedAppraisalSerializer
    filterset_class = AppraisalFilterSet
    ordering = ("study__slug", "tool", "id")
    list_method = "for_list"


class CertaintyViewSet(NumberedViewSet):
    """GRADE certainty of the evidence, by therapy and outcome."""

    queryset = Certainty.objects.select_related("therapy", "outcome")
    serializer_class = serializers.CertaintySerializer
    filterset_class = CertaintyFilterSet
    ordering = ("therapy__slug", "outcome__position", "id")


class CaseViewSet(EvidenceViewSet):
    """Single patients: what they had, what they were given, how they fared."""

    queryset = Case.objects.all()
    serializer_class = serializers.CaseSerializer
    filterset_class = CaseFilterSet
    list_method = "with_everything"


class PublicCitationViewSet(CitationViewSet):
    """Publications that published evidence, a mechanism or an edge of the disease map points to."""

    filterset_class = filters.PublicCitationFilterSet

    def get_queryset(self) -> QuerySet[Citation]:
        """Each once, whatever points to it."""
        return Citation.objects.filter(pk__in=public_citations().order_by().values("pk"))


class OutcomeViewSet(EvidenceViewSet):
    """What studies counted or measured."""

    queryset = Outcome.objects.all()
    serializer_class = serializers.OutcomeSerializer
    filterset_class = filters.OutcomeFilterSet
    ordering = ("position", "slug")


class OrganViewSet(EvidenceViewSet):
    """Organs and regions that IgG4-RD affects."""

    queryset = Organ.objects.all()
    serializer_class = serializers.OrganSerializer
    ordering = ("position", "slug")


class ComorbidityViewSet(EvidenceViewSet):
    """Diseases beside IgG4-RD."""

    queryset = Comorbidity.objects.all()
    serializer_class = serializers.ComorbiditySerializer
    ordering = ("position", "slug")


class AnalyteViewSet(EvidenceViewSet):
    """What measurements of patients measure, with their units."""

    queryset = Analyte.objects.all()
    serializer_class = serializers.AnalyteSerializer
    ordering = ("position", "slug")
