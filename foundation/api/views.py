"""The base of every endpoint: anonymous, read-only, strict, kept for the revision; visibility is applied here, once."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.api.faults import Fault, RefusedQuery
from foundation.api.meta import MetaSerializer, meta_of, revision_of
from foundation.api.pagination import CURSOR, PAGE_SIZE, EvidenceCursor
from foundation.api.renderers import FORMAT_PARAMETER, CSVRenderer, JSONRenderer, Negotiation, format_variant
from foundation.api.schema import EvidenceSchema
from foundation.api.strictness import StrictFilterBackend, check_parameters
from foundation.caching import kept_for_revision
from foundation.filters import EvidenceFilterSet
from foundation.retirement import successor

ANSWER_WITH_META = {
    "type": "object",
    "required": ["meta"],
    "properties": {"meta": {"$ref": "#/components/schemas/Meta"}},
    "additionalProperties": True,
}
SLUG = "[a-z0-9][a-z0-9_-]*"
NUMBER = "[0-9]{1,18}"


class PublicView(APIView):
    """An address that anyone may read: no session, no body, no parameter ignored, answers kept for the revision.

    A view of its own (comparisons, matrix) names its ``parameters`` and those that are ``repeatable``, and answers
    ``get``; a fault it finds it raises as RefusedQuery.
    """

    authentication_classes = ()
    permission_classes = ()
    # The middleware counts requests, those answered from the cache included.
    throttle_classes = ()
    parser_classes = ()
    renderer_classes: Any = (JSONRenderer,)
    content_negotiation_class = Negotiation
    http_method_names: tuple[str, ...] = ("get", "head", "options")
    # Whether it is asked by POST, with a body (foundation/api/posting.py).
    reads_body = False
    schema = EvidenceSchema()
    parameters: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    # For the OpenAPI document: what each parameter means, and the JSON schema of the answer.
    parameter_texts: Mapping[str, str] = {}
    answer_schema: Mapping[str, Any] = ANSWER_WITH_META
    # The CSV's name: igg4rd-atlas-NAME-r42.csv
    file_name = "answer"

    @classmethod
    def as_view(cls, *args: Any, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, its answers kept for the revision."""
        return kept_for_revision(variant=format_variant, vary=("Accept",))(
            super().as_view(*args, **initkwargs)
        )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what the address does not understand before anything is computed."""
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and str(request.method).lower() in self.http_method_names:
            check_parameters(request, (*self.get_parameters(), FORMAT_PARAMETER), self.get_repeatable())

    def get_parameters(self) -> tuple[str, ...]:
        """The query parameters of this address, beside format."""
        return self.parameters

    def get_repeatable(self) -> set[str]:
        """Those of them that may be repeated."""
        return set(self.repeatable)

    def csv_columns(self) -> list[str]:
        """The columns of the CSV; a view that offers CSV says them."""
        raise NotImplementedError

    def wants_csv(self) -> bool:
        """Whether the request asked for CSV: the view then answers rows, all of them."""
        return self.request.accepted_renderer.format == CSVRenderer.format

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Name a CSV after what it holds and the revision it was made at."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if (
            isinstance(response, Response)
            and getattr(request, "accepted_renderer", None)
            and self.wants_csv()
        ):
            name = f"igg4rd-atlas-{self.file_name}-r{revision_of(request).number}.csv"
            final["Content-Disposition"] = f'attachment; filename="{name}"'
        return final


class EvidenceViewSet(PublicView, viewsets.ReadOnlyModelViewSet):
    """A list and its records. A subclass names queryset, serializer, filter set and ordering; no more is needed."""

    renderer_classes = (JSONRenderer, CSVRenderer)
    pagination_class = EvidenceCursor
    filter_backends = (StrictFilterBackend,)
    filterset_class: type[EvidenceFilterSet] | None = None
    # Total, without NULLs: the last field is unique.
    ordering: tuple[str, ...] = ("slug",)
    lookup_field = "slug"
    lookup_value_regex = SLUG
    # What a list and a record read along; named methods of the queryset.
    list_method = ""
    detail_method = ""
    detail_serializer_class: type[serializers.Serializer] | None = None

    @property
    def file_name(self) -> str:  # type: ignore[override]
        """The list's name in its address."""
        return self.basename

    def get_renderers(self) -> list[Any]:
        """CSV is for lists."""
        return [JSONRenderer()] if self.detail else super().get_renderers()

    def get_queryset(self) -> QuerySet:
        """What anyone may read, with what the answer needs."""
        queryset = self.queryset.all()
        if hasattr(queryset, "published"):
            queryset = queryset.published()
        method = (self.detail_method or self.list_method) if self.detail else self.list_method
        return getattr(queryset, method)() if method else queryset

    def get_parameters(self) -> tuple[str, ...]:
        """Filters and pages for the list, nothing for a record."""
        if self.detail:
            return ()
        filters = self.filterset_class.parameters() if self.filterset_class else ()
        return (*filters, CURSOR, PAGE_SIZE)

    def get_repeatable(self) -> set[str]:
        """Filters that take several values."""
        return self.filterset_class.repeatable() if self.filterset_class and not self.detail else set()

    def get_serializer_class(self) -> type[serializers.Serializer]:
        """A record also carries meta."""
        if self.detail:
            return with_meta(self.detail_serializer_class or self.serializer_class)
        return self.serializer_class

    def csv_columns(self) -> list[str]:
        """Every field of the list."""
        return columns_of(self.get_serializer())

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page as JSON, or all rows as CSV."""
        queryset = self.filter_queryset(self.get_queryset())
        if not self.wants_csv():
            page = self.paginate_queryset(queryset)
            return self.get_paginated_response(self.get_serializer(page, many=True).data)
        if paging := [name for name in (CURSOR, PAGE_SIZE) if name in request.query_params]:
            raise RefusedQuery(
                [Fault(name, f"{name} does not go with CSV, which holds all rows.") for name in paging]
            )
        # Whole and not streamed: an answer that breaks off in the middle would pass for a complete one.
        return Response(self.get_serializer(queryset.order_by(*self.ordering), many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One record; 301 to its new address where its slug was retired."""
        try:
            record = self.get_object()
        except Http404:
            moved = self._moved(request)
            if moved is None:
                raise
            return moved
        return Response(self.get_serializer(record).data)

    def _moved(self, request: Request) -> HttpResponse | None:
        if self.lookup_field != "slug":
            return None
        slug = successor(self.queryset.model, self.kwargs["slug"])
        if slug is None or not self.get_queryset().filter(slug=slug).exists():
            return None
        query = request.META.get("QUERY_STRING", "")
        address = reverse(f"{self.basename}-detail", args=[slug])
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


class NumberedViewSet(EvidenceViewSet):
    """Records without a slug, known by number."""

    lookup_field = "pk"
    lookup_value_regex = NUMBER


class WithMeta(serializers.Serializer):
    """A record on its own says of what state of the evidence it is."""

    meta = serializers.SerializerMethodField()

    def get_meta(self, record: Model) -> MetaSerializer:
        """State of the evidence, licence and disclaimer."""
        return meta_of(self.context["request"])  # type: ignore[return-value]


@cache
def with_meta(base: type[serializers.ModelSerializer]) -> type[serializers.ModelSerializer]:
    """A record's serializer with meta at its end."""
    fields = (*base.Meta.fields, "meta")
    name = base.__name__.removesuffix("Serializer")
    options = type("Meta", (base.Meta,), {"fields": fields})
    return type(f"{name}RecordSerializer", (WithMeta, base), {"Meta": options, "__doc__": base.__doc__})


def columns_of(serializer: serializers.Serializer, prefix: str = "") -> list[str]:
    """The columns of a serializer's rows: its fields, those of a nested record with a dot."""
    names: list[str] = []
    for name, field in serializer.fields.items():
        if isinstance(field, serializers.Serializer):
            names += columns_of(field, f"{prefix}{name}.")
        else:
            names.append(prefix + name)
    return names
