"""The admin of overlaps and of certainty, and what all judgements share: each has its author."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone

from evidence import permissions
from evidence.admin.duplicates import PossibleDuplicatesMixin
from evidence.appraisal.rules import CONCERNS, certainty_faults
from evidence.appraisal.services import has_randomised
from evidence.models import Certainty, Overlap, Study
from foundation.admin import ReasonForm, RecordAdmin


@admin.register(Overlap)
class OverlapAdmin(PossibleDuplicatesMixin, RecordAdmin):
    """Pairs of studies that share patients, or may."""

    list_display = ("study_a", "study_b", "certain", "why")
    list_filter = ("certain",)
    search_fields = ("study_a__label", "study_a__slug", "study_b__label", "study_b__slug", "why")
    list_select_related = ("study_a", "study_b")
    autocomplete_fields = ("study_a", "study_b")
    ordering = ("study_a__slug", "study_b__slug")
    fields = (("study_a", "study_b"), "certain", "why")
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Pairs of which the user may view both."""
        pairs = super().get_queryset(request).select_related("study_a", "study_b")
        pairs = permissions.visible(request.user, pairs, "study_a")
        return permissions.visible(request.user, pairs, "study_b")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Only studies that the user may view."""
        if db_field.remote_field.model is Study:
            kwargs["queryset"] = permissions.visible_studies(request.user).originals()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def is_published(self, obj: Overlap) -> bool:
        """The pools change when both studies are public."""
        return obj.study_a.is_public and obj.study_b.is_public


class RatedAdmin(RecordAdmin):
    """A judgement: whoever adds it is its rater, and nobody else changes it."""

    readonly_fields = ("rater",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Sign the judgement."""
        if not change:
            obj.rater = request.user
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own judgements."""
        return super().has_change_permission(request, obj) and self._is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own judgements."""
        return super().has_delete_permission(request, obj) and self._is_own(request, obj)

    def _is_own(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or request.user.is_superuser or obj.rater_id == request.user.pk

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deletion by the list."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


GRADE_IN_SHORT = (
    "Evidence from randomised trials starts high, other evidence low. A serious concern takes one level, a very "
    "serious one two, publication bias one at the most. Only evidence without a randomised trial may be rated up: "
    "for a large effect, a dose response, or confounding that would hide the effect."
)


class CertaintyForm(ReasonForm):
    """A rating that GRADE's arithmetic allows."""

    def clean(self) -> dict[str, Any]:
        """Say of each field what is wrong with it."""
        cleaned = super().clean()
        therapy = cleaned.get("therapy") or getattr(self.instance, "therapy", None)
        outcome = cleaned.get("outcome") or getattr(self.instance, "outcome", None)
        if self.errors or therapy is None or outcome is None:
            return cleaned
        faults = certainty_faults(
            level=cleaned["level"],
            concerns={name: cleaned[name] for name in CONCERNS},
            reasons=cleaned["reasons"],
            has_randomised=has_randomised(therapy, outcome),
            rated_on=cleaned["rated_on"],
            today=timezone.localdate(),
        )
        for fault in faults:
            self.add_error(fault.field, fault.message)
        return cleaned


@admin.register(Certainty)
class CertaintyAdmin(RatedAdmin):
    """GRADE by therapy and outcome."""

    form = CertaintyForm

    list_display = ("therapy", "outcome", "level", "rater", "rated_on")
    list_filter = ("level", "therapy", "outcome")
    search_fields = ("therapy__name", "outcome__name", "reasons")
    list_select_related = ("therapy", "outcome", "rater")
    autocomplete_fields = ("therapy", "outcome")
    ordering = ("therapy__name", "outcome__position", "id")
    fieldsets = (
        (None, {"fields": (("therapy", "outcome"), "level", ("rater", "rated_on"))}),
        (
            "Reasons to rate down",
            {
                "description": GRADE_IN_SHORT,
                "fields": (
                    ("risk_of_bias", "inconsistency", "indirectness"),
                    ("imprecision", "publication_bias"),
                    "reasons",
                ),
            },
        ),
    )
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Ratings with what their page names."""
        return super().get_queryset(request).select_related("therapy", "outcome", "rater")

    def is_published(self, obj: Certainty) -> bool:
        """The public reads every rating."""
        return True
