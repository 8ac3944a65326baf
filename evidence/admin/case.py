"""The admin of single patients: the whole case on one page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from evidence.admin.base import StudyScopedAdmin
from evidence.admin.case_form import CaseForm
from evidence.admin.doubts import ConfirmedDoubtInline
from evidence.admin.inlines import (
    CaseAdverseEventInline,
    CaseComorbidityInline,
    CaseOrganInline,
    CasePriorTherapyInline,
    CourseInline,
    MeasurementInline,
    OrganResponseInline,
    ResponderIndexInline,
    age_in_words,
    relapse_in_words,
    told_as_not_reported,
)
from evidence.admin.parts import StudyLink
from evidence.admin.resources import CaseResource
from evidence.models import Case
from evidence.models.cases import CARE_CHOICES
from evidence.slugs import stored_slug
from foundation.admin_export import Exportable


@admin.register(Case)
class CaseAdmin(CaseForm, StudyLink, Exportable, StudyScopedAdmin):
    """A patient, seen from the therapy that the report is about."""

    set_once = ("slug",)
    change_list_template = "admin/evidence/case/change_list.html"
    change_form_template = "admin/evidence/case/change_form.html"
    resource_classes = (CaseResource,)
    list_display = (
        "slug",
        "study_link",
        "index_therapy",
        "age",
        "sex",
        "response",
        "steroid_effect",
        "relapsed",
    )
    list_filter = ("study__state", "index_therapy", "response", "sex", "relapse", "organs", "comorbidities")
    search_fields = ("slug", "summary", "study__label", "study__slug", "index_therapy__name")
    list_select_related = ("study", "index_therapy")
    autocomplete_fields = ("study", "index_therapy")
    ordering = ("slug",)
    fieldsets = (
        (
            None,
            {
                "fields": ("study", "slug", "index_therapy", ("age_years", "sex"), "summary"),
                "description": "No names, initials, dates or centres. Anyone older than 89 is entered as 90.",
            },
        ),
        (
            "How it went",
            {
                "fields": (
                    ("response", "steroid_effect"),
                    ("relapse", "relapse_week"),
                    "follow_up_weeks",
                )
            },
        ),
        (
            "What the report states",
            {
                "fields": (("comorbidities_stated", "prior_therapies_stated", "adverse_events_stated"),),
                "description": "Tick where the report says whether there were any: none stated is not none.",
            },
        ),
        (
            "Classification",
            {
                "fields": (("acr_eular_2019", "acr_eular_2019_score"),),
                "description": "As the report states it. A case needs neither; 20 points classify a patient who meets "
                "the entry criterion and no exclusion.",
            },
        ),
        (
            "What CARE asks of a case report",
            {
                "fields": (("care_reported", "care_absent"),),
                "description": "Only a reader of the paper can say. What nobody looked at stays open in both.",
                "classes": ["collapse"],
            },
        ),
        ("Source", {"fields": ("locator", ("basis", "read_at"))}),
    )
    inlines = (
        CaseOrganInline,
        CaseComorbidityInline,
        CasePriorTherapyInline,
        CourseInline,
        MeasurementInline,
        OrganResponseInline,
        ResponderIndexInline,
        CaseAdverseEventInline,
        ConfirmedDoubtInline,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Cases with what their page names."""
        return super().get_queryset(request).select_related("index_therapy")

    @admin.display(description="age", ordering="age_years")
    def age(self, case: Case) -> SafeString | str:
        """In years."""
        return age_in_words(case)

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """CARE's items as ticks; yes, no, or not reported."""
        if db_field.name in ("care_reported", "care_absent"):
            return forms.TypedMultipleChoiceField(
                label=db_field.verbose_name[:1].upper() + db_field.verbose_name[1:],
                choices=CARE_CHOICES,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        return told_as_not_reported(super().formfield_for_dbfield(db_field, request, **kwargs))

    @admin.display(description="relapse", ordering="relapse")
    def relapsed(self, case: Case) -> SafeString | str:
        """In words: a tick would call a relapse good."""
        return relapse_in_words(case)

    def save_model(self, request: HttpRequest, obj: Case, form: Any, change: bool) -> None:
        """A new case goes behind those of its study."""
        if not change:
            last = obj.study.cases.order_by("-position").values_list("position", flat=True).first()
            obj.position = last + 1 if last is not None else 0
        # In a revision a new patient's slug carries the mark; the public one is what was typed.
        obj.slug = stored_slug(obj.slug, of_revision=obj.study.is_revision)
        super().save_model(request, obj, form, change)
