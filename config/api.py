"""The addresses of the REST API: one router over all apps, the list of what there is, and the OpenAPI document."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, reverse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from comparison.api.like_mine import LikeMineView
from comparison.api.matrix import MatrixView
from comparison.api.sensitivity import SensitivityView
from comparison.api.views import ComparisonView
from evidence.api import views as evidence
from evidence.api.checking import RulesView, StudyCheckView
from evidence.api.robvis import RobvisView
from foundation.api.meta import MetaSerializer, meta_of
from foundation.api.views import PublicView
from foundation.caching import kept_for_revision
from therapies.api import views as therapies

router = SimpleRouter()
router.register("therapies", therapies.TherapyViewSet, "therapies")
router.register("targets", therapies.TargetViewSet, "targets")
router.register("pathway", therapies.PathwayViewSet, "pathway")
router.register("outcomes", evidence.OutcomeViewSet, "outcomes")
router.register("organs", evidence.OrganViewSet, "organs")
router.register("comorbidities", evidence.ComorbidityViewSet, "comorbidities")
router.register("analytes", evidence.AnalyteViewSet, "analytes")
router.register("citations", evidence.PublicCitationViewSet, "citations")
router.register("studies", evidence.StudyViewSet, "studies")
router.register("results", evidence.ResultViewSet, "results")
router.register("contrasts", evidence.ContrastViewSet, "contrasts")
router.register("findings", evidence.FindingViewSet, "findings")
router.register("syntheses", evidence.SynthesisViewSet, "syntheses")
router.register("overlaps", evidence.OverlapViewSet, "overlaps")
router.register("cases", evidence.CaseViewSet, "cases")
router.register("appraisals", evidence.AppraisalViewSet, "appraisals")
router.register("certainties", evidence.CertaintyViewSet, "certainties")

# Addresses that are no list of records: name in the address to route name.
QUESTIONS: dict[str, str] = {
    "comparisons": "comparisons",
    "comparisons/sensitivity": "comparison-sensitivity",
    "matrix": "matrix",
    "cases/like-mine": "cases-like-mine-data",
    "appraisals/robvis": "appraisals-robvis",
    "rules": "rules",
    "studies/check": "study-check",
}


class RootSerializer(serializers.Serializer):
    """Where everything is."""

    endpoints = serializers.DictField(child=serializers.URLField(), help_text="Address of each endpoint.")
    openapi = serializers.URLField()
    docs = serializers.URLField()
    meta = MetaSerializer()


class RootView(PublicView):
    """What the API offers."""

    @extend_schema(operation_id="root", responses=RootSerializer)
    def get(self, request: Request) -> Response:
        """The address of every endpoint."""
        routes = {prefix: f"{basename}-list" for prefix, _, basename in router.registry} | QUESTIONS
        body: dict[str, Any] = {
            "endpoints": {
                prefix: request.build_absolute_uri(reverse(name)) for prefix, name in routes.items()
            },
            "openapi": request.build_absolute_uri(reverse("openapi")),
            "docs": request.build_absolute_uri(reverse("api-docs")),
            "meta": meta_of(request),
        }
        return Response(body)


class OpenAPIView(SpectacularJSONAPIView):
    """The OpenAPI document."""

    throttle_classes = ()


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", RootView.as_view(), name="api-root"),
    # Before the records, among which it would be a slug; no study is called so (evidence/reporting_rules.py).
    path("api/v1/studies/check/", StudyCheckView.as_view(), name="study-check"),
    # Before the list of cases, whose records it would else be one of.
    path("api/v1/cases/like-mine/", LikeMineView.as_view(), name="cases-like-mine-data"),
    path("api/v1/", include(router.urls)),
    path("api/v1/rules/", RulesView.as_view(), name="rules"),
    path("api/v1/comparisons/", ComparisonView.as_view(), name="comparisons"),
    path("api/v1/comparisons/sensitivity/", SensitivityView.as_view(), name="comparison-sensitivity"),
    path("api/v1/appraisals/robvis/", RobvisView.as_view(), name="appraisals-robvis"),
    path("api/v1/matrix/", MatrixView.as_view(), name="matrix"),
    path(
        "api/v1/openapi.json",
        kept_for_revision(variant=lambda request: "", vary=())(OpenAPIView.as_view()),
        name="openapi",
    ),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="openapi", template_name="config/api_docs.html"),
        name="api-docs",
    ),
]
