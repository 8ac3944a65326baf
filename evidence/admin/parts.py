"""The admin of what a study reports: arms, results, contrasts, findings, syntheses."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.safestring import SafeString

from evidence.admin.base import StudyScopedAdmin, admin_link
from evidence.admin.inlines import (
    PROVENANCE,
    ArmBaselineInline,
    ArmChoiceField,
    ContrastForm,
    RegimenPartInline,
    ResultInline,
)
from evidence.admin.resources import ResultResource
from evidence.models import Arm, Contrast, Finding, PublishedSynthesis, Result
from foundation.admin import ReasonForm, reported
from foundation.admin_export import Exportable

SOURCE = ("Source", {"fields": PROVENANCE})


class StudyLink:
    """A column that leads to the study."""

    @admin.display(description="study", ordering="study__slug")
    def study_link(self, row: Any) -> SafeString:
        """The study, to open."""
        return admin_link(row.study)


@admin.register(Arm)
class ArmAdmin(StudyLink, StudyScopedAdmin):
    """An arm with its regimen, baseline and results."""

    set_once = ("slug",)
    list_display = ("label", "study_link", "role", "therapies", "size", "background_glucocorticoid")
    list_filter = ("study__state", "role", "background_glucocorticoid", "regimen__therapy")
    search_fields = ("label", "slug", "study__label", "study__slug", "regimen__therapy__name")
    autocomplete_fields = ("study",)
    ordering = ("study__slug", "position", "id")
    fieldsets = (
        (None, {"fields": ("study", ("slug", "label"), ("role", "n"), "background_glucocorticoid")}),
    )
    inlines = (RegimenPartInline, ArmBaselineInline, ResultInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Arms with what they were given."""
        return super().get_queryset(request).prefetch_related("regimen__therapy")

    @admin.display(description="therapies")
    def therapies(self, arm: Arm) -> str:
        """What was given."""
        return ", ".join(str(part.therapy) for part in arm.regimen.all())

    @admin.display(description="n", ordering="n")
    def size(self, arm: Arm) -> Any:
        """Its patients."""
        return reported(arm.n)


@admin.register(Result)
class ResultAdmin(Exportable, StudyScopedAdmin):
    """Results of all studies, to search and correct; they are added on the page of their arm."""

    resource_classes = (ResultResource,)

    study_path = "arm__study"
    list_display = ("outcome", "figure", "at_week", "arm_link", "study_link", "basis_in_words", "locator")
    list_filter = ("arm__study__state", "outcome", "outcome__domain", "basis")
    search_fields = ("outcome__name", "definition", "arm__label", "arm__study__label", "arm__study__slug")
    list_select_related = ("arm__study", "outcome")
    autocomplete_fields = ("arm", "outcome", "organ")
    ordering = ("arm__study__slug", "position", "id")
    readonly_fields = ("study_link",)
    fieldsets = (
        (None, {"fields": (("study_link", "arm"), ("outcome", "week", "organ"))}),
        ("A proportion", {"fields": (("events", "total"),)}),
        (
            "Or a quantity",
            {"fields": (("value", "statistic", "n"), ("spread", "low", "high", "sd"), "as_reported")},
        ),
        SOURCE,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Results with what their page names."""
        return super().get_queryset(request).select_related("outcome", "organ")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """On the page of its arm."""
        return False

    @admin.display(description="figure")
    def figure(self, result: Result) -> str:
        """x of n, or the value with its unit."""
        if result.events is not None:
            return f"{result.events} of {result.total}"
        return f"{result.value:.15g} {result.outcome.unit}, n = {result.n}"

    @admin.display(description="week", ordering="week")
    def at_week(self, result: Result) -> Any:
        """When it was seen."""
        return reported(result.week)

    @admin.display(description="arm", ordering="arm__label")
    def arm_link(self, result: Result) -> SafeString:
        """The arm, to open."""
        return admin_link(result.arm)

    @admin.display(description="study", ordering="arm__study__slug")
    def study_link(self, result: Result) -> SafeString:
        """The study, to open."""
        return admin_link(result.arm.study)

    @admin.display(description="basis")
    def basis_in_words(self, result: Result) -> str:
        """What was read: the row's own, else the study's."""
        return result.get_basis_display() or result.arm.study.get_basis_display()


class ContrastAdminForm(ContrastForm, ReasonForm):
    """A contrast on its own page."""


@admin.register(Contrast)
class ContrastAdmin(StudyLink, StudyScopedAdmin):
    """Contrasts of all studies."""

    form = ContrastAdminForm
    list_display = ("outcome", "arm", "versus", "measure", "estimate_in_words", "study_link")
    list_filter = ("study__state", "measure", "outcome")
    search_fields = ("outcome__name", "definition", "study__label", "study__slug", "arm__label")
    list_select_related = ("study", "outcome", "arm", "versus")
    autocomplete_fields = ("study", "outcome")
    ordering = ("study__slug", "position", "id")
    fieldsets = (
        (None, {"fields": ("study", ("outcome", "week", "measure"), ("arm", "versus"))}),
        ("Figures", {"fields": (("estimate", "low", "high", "p"),)}),
        SOURCE,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Contrasts with what their page names."""
        return super().get_queryset(request).select_related("outcome", "arm", "versus")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """On the page of its study, where the arms are at hand."""
        return False

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """The arms of its own study."""
        if db_field.name not in ("arm", "versus"):
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        contrast_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        return ArmChoiceField(Arm.objects.filter(study__contrasts=contrast_id), label=db_field.name)

    @admin.display(description="estimate", ordering="estimate")
    def estimate_in_words(self, contrast: Contrast) -> Any:
        """The estimate with its interval; a p value alone where no more is given."""
        if contrast.estimate is None:
            return f"p {contrast.p}" if contrast.p else reported(None)
        interval = (
            f" ({contrast.low:.15g} to {contrast.high:.15g})"
            if contrast.low is not None and contrast.high is not None
            else ""
        )
        return f"{contrast.estimate:.15g}{interval}"


@admin.register(Finding)
class FindingAdmin(StudyLink, StudyScopedAdmin):
    """Findings in words of all studies."""

    list_display = ("therapy", "outcome", "direction", "statement", "study_link")
    list_filter = ("study__state", "direction", "therapy", "outcome")
    search_fields = ("statement", "therapy__name", "outcome__name", "study__label", "study__slug")
    list_select_related = ("study", "therapy", "outcome")
    autocomplete_fields = ("study", "therapy", "outcome")
    ordering = ("study__slug", "position", "id")
    fieldsets = (
        (None, {"fields": ("study", ("therapy", "outcome"), ("direction", "patients"), "statement")}),
        SOURCE,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Findings with what their page names."""
        return super().get_queryset(request).select_related("therapy", "outcome")


@admin.register(PublishedSynthesis)
class PublishedSynthesisAdmin(StudyLink, StudyScopedAdmin):
    """Pooled figures of reviews."""

    list_display = ("therapy", "versus", "outcome", "measure", "estimate", "studies", "study_link")
    list_filter = ("study__state", "measure", "therapy", "outcome")
    search_fields = ("therapy__name", "outcome__name", "study__label", "study__slug")
    list_select_related = ("study", "therapy", "versus", "outcome")
    autocomplete_fields = ("study", "therapy", "versus", "outcome")
    ordering = ("study__slug", "position", "id")
    fieldsets = (
        (None, {"fields": ("study", ("therapy", "versus", "outcome"), "measure")}),
        ("Figures", {"fields": (("estimate", "low", "high"), ("studies", "patients"))}),
        SOURCE,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Syntheses with what their page names."""
        return super().get_queryset(request).select_related("therapy", "versus", "outcome")
