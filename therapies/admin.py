"""The admin of therapies, targets and the disease map."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import Textarea
from django.http import HttpRequest

from foundation.admin import RecordAdmin, StackedRecords, TabularRecords
from foundation.history import Version, versions
from therapies.models import (
    Mechanism,
    MechanismCitation,
    PathwayEdge,
    RegulatoryStatus,
    SafetyNote,
    Target,
    Therapy,
    TherapyCode,
)

TWO_LINES = {models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 50})}}


class TherapyCodeInline(TabularRecords):
    """Codes."""

    model = TherapyCode
    fields = ("system", "code")


class MechanismInline(TabularRecords):
    """What it does; the citations are on the mechanism's own page."""

    model = Mechanism
    fields = ("target", "action", "statement")
    autocomplete_fields = ("target",)
    related = ("target", "therapy")
    show_change_link = True
    formfield_overrides = TWO_LINES


class RegulatoryStatusInline(StackedRecords):
    """What agencies decided."""

    model = RegulatoryStatus
    fields = (("agency", "status", "date"), "indication", "read_at")
    formfield_overrides = TWO_LINES
    classes = ("collapse",)


class SafetyNoteInline(StackedRecords):
    """Labelled warnings."""

    model = SafetyNote
    fields = ("topic", "statement", "read_at")
    related = ("therapy",)
    classes = ("collapse",)


@admin.register(Therapy)
class TherapyAdmin(RecordAdmin):
    """A therapy with its codes, mechanisms, regulatory rows and warnings."""

    set_once = ("slug",)
    list_display = ("name", "slug", "drug_class", "place", "mechanisms_in_all")
    list_filter = ("place", "drug_class")
    search_fields = ("name", "slug", "synonyms", "codes__code")
    ordering = ("name", "slug")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("slug", "name"),
                    ("drug_class", "place"),
                    "synonyms",
                    "routes",
                    "summary",
                    "read_at",
                )
            },
        ),
    )
    inlines = (TherapyCodeInline, MechanismInline, RegulatoryStatusInline, SafetyNoteInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Therapies; in the list, with how much is known of each."""
        therapies = super().get_queryset(request)
        match = request.resolver_match
        if match is None or match.url_name != "therapies_therapy_changelist":
            return therapies
        return therapies.annotate(mechanism_count=Count("mechanisms"))

    def versions_of(self, obj: Therapy) -> list[Version]:
        """The therapy's versions and those of its rows."""
        parts = (TherapyCode, Mechanism, RegulatoryStatus, SafetyNote)
        rows = [part.pgh_event_model.objects.filter(therapy_id=obj.pk) for part in parts]
        return versions([obj.history.all(), *rows])

    @admin.display(description="mechanisms", ordering="mechanism_count")
    def mechanisms_in_all(self, therapy: Any) -> int:
        """How many mechanisms it has."""
        return therapy.mechanism_count


@admin.register(Target)
class TargetAdmin(RecordAdmin):
    """A node of the disease map."""

    set_once = ("slug",)
    list_display = ("name", "slug", "kind", "layer", "symbol", "position")
    list_filter = ("layer", "kind")
    search_fields = ("name", "slug", "symbol", "=uniprot", "=hgnc")
    ordering = ("position", "slug")


class MechanismCitationInline(TabularRecords):
    """The publications behind a mechanism."""

    model = MechanismCitation
    fields = ("citation",)
    autocomplete_fields = ("citation",)
    related = ("citation",)
    verbose_name_plural = "citations"


@admin.register(Mechanism)
class MechanismAdmin(RecordAdmin):
    """What a therapy does to a target, with its citations."""

    list_display = ("therapy", "action", "target", "statement")
    list_filter = ("action", "therapy")
    search_fields = ("therapy__name", "target__name", "statement")
    list_select_related = ("therapy", "target")
    autocomplete_fields = ("therapy", "target")
    ordering = ("therapy__name", "position", "id")
    fieldsets = ((None, {"fields": (("therapy", "action", "target"), "statement")}),)
    inlines = (MechanismCitationInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Mechanisms with both ends."""
        return super().get_queryset(request).select_related("therapy", "target")

    def versions_of(self, obj: Mechanism) -> list[Version]:
        """The mechanism's versions and those of its citations."""
        links = MechanismCitation.pgh_event_model.objects.filter(mechanism_id=obj.pk)
        return versions([obj.history.all(), links])

    def view_on_site(self, obj: Mechanism) -> str:
        """The therapy's public page."""
        return obj.therapy.get_absolute_url()


@admin.register(PathwayEdge)
class PathwayEdgeAdmin(RecordAdmin):
    """How one node drives another, and where that was read."""

    list_display = ("source", "relation", "target", "evidence", "citation")
    list_filter = ("evidence", "relation", "source__layer")
    search_fields = ("source__name", "target__name", "statement", "citation__title", "=citation__doi")
    list_select_related = ("source", "target", "citation")
    autocomplete_fields = ("source", "target", "citation")
    ordering = ("position", "id")
    fieldsets = (
        (None, {"fields": (("source", "relation", "target"), "evidence", "statement")}),
        ("Source", {"fields": ("citation", "locator", "read_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Edges with both ends and the citation."""
        return super().get_queryset(request).select_related("source", "target", "citation")
