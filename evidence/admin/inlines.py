"""The parts of a study, an arm and a case on their page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms import BaseInlineFormSet, ModelChoiceField
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.safestring import SafeString

from evidence.admin.base import StackedParts, TabularParts
from evidence.choices import CitationRole
from evidence.models import (
    Arm,
    ArmBaseline,
    Case,
    CaseAdverseEvent,
    CaseComorbidity,
    CaseOrgan,
    CasePriorTherapy,
    Contrast,
    Course,
    Finding,
    Measurement,
    OrganResponse,
    PublishedSynthesis,
    RegimenPart,
    ResponderIndexScore,
    Result,
    StudyCitation,
    StudyOrgan,
)
from evidence.privacy import AGE_OVER_89, OLDEST_AGE_SHOWN
from foundation.admin import RecordForm, reported

ONE_LINE = {"widget": forms.Textarea(attrs={"rows": 2, "cols": 40})}
PROVENANCE = (("definition", "locator"), ("derived", "note"), ("basis", "read_at"))


def age_in_words(case: Case) -> SafeString | str:
    """In years; those above 89 are shown together."""
    if case.age_years is None:
        return reported(None)
    return f"{AGE_OVER_89}+" if case.age_years > OLDEST_AGE_SHOWN else f"{case.age_years:.15g}"


def told_as_not_reported(field: forms.Field | None) -> forms.Field | None:
    """Django calls an empty yes-or-no "unknown"; here it is not reported."""
    if field is not None and isinstance(field.widget, forms.NullBooleanSelect):
        field.widget.choices = [("unknown", "Not reported"), ("true", "Yes"), ("false", "No")]
    return field


def relapse_in_words(case: Case) -> SafeString | str:
    """Yes, no or not reported, with the week where it is known."""
    if case.relapse is None:
        return reported(None)
    if case.relapse_week is not None:
        return f"Yes, week {case.relapse_week}"
    return "Yes" if case.relapse else "No"


class CitationFormSet(BaseInlineFormSet):
    """A study's citations: one of them is primary, however many rows one form adds."""

    def clean(self) -> None:
        """Count the primary ones, which the rows cannot do alone."""
        super().clean()
        kept = [form.cleaned_data for form in self.forms if hasattr(form, "cleaned_data")]
        primary = [
            row for row in kept if row.get("role") == CitationRole.PRIMARY and not row.get("DELETE", False)
        ]
        if len(primary) > 1:
            raise forms.ValidationError("A study has one primary citation.")


class StudyCitationInline(TabularParts):
    """Publications on the study."""

    model = StudyCitation
    verbose_name = "citation"
    formset = CitationFormSet
    fields = ("role", "citation")
    autocomplete_fields = ("citation",)
    related = ("citation",)
    verbose_name_plural = "citations"


class StudyOrganInline(TabularParts):
    """Organs to which the study is confined."""

    model = StudyOrgan
    verbose_name = "organ"
    fields = ("organ",)
    autocomplete_fields = ("organ",)
    related = ("organ",)
    verbose_name_plural = "confined to organs"


class ArmInline(TabularParts):
    """Arms; regimen, baseline and results are on the arm's own page."""

    model = Arm
    fields = ("slug", "label", "role", "n", "background_glucocorticoid")
    show_change_link = True


class _LoadedChoices(ModelChoiceIterator):
    """Choices from a list that is loaded once, not once a row."""

    def __iter__(self) -> Any:
        yield ("", self.field.empty_label)
        for row in self.field.rows:
            yield self.choice(row)


class ArmChoiceField(ModelChoiceField):
    """A choice among the arms of one study."""

    iterator = _LoadedChoices

    def __init__(self, queryset: models.QuerySet, **kwargs: Any) -> None:
        self.rows = list(queryset)
        super().__init__(queryset, **kwargs)


class ContrastForm(RecordForm):
    """A contrast stands between two arms of its own study."""

    def clean(self) -> dict[str, Any]:
        """Refuse an arm of another study."""
        cleaned = super().clean()
        study_id = self.instance.study_id or getattr(cleaned.get("study"), "pk", None)
        for name in ("arm", "versus"):
            arm = cleaned.get(name)
            if arm is not None and study_id is not None and arm.study_id != study_id:
                self.add_error(name, "This arm belongs to another study.")
        return cleaned


class ContrastInline(StackedParts):
    """Differences between the arms."""

    model = Contrast
    formfield_overrides = {models.TextField: ONE_LINE}
    form = ContrastForm
    fields = (
        ("outcome", "week", "measure"),
        ("arm", "versus"),
        ("estimate", "low", "high", "p"),
        *PROVENANCE,
    )
    autocomplete_fields = ("outcome",)
    related = ("outcome", "arm", "versus")
    classes = ("collapse",)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """The arms of this study, asked for once."""
        if db_field.name not in ("arm", "versus"):
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        study_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        arms = Arm.objects.filter(study=study_id) if str(study_id).isdecimal() else Arm.objects.none()
        return ArmChoiceField(arms, label=db_field.verbose_name.capitalize())


class FindingInline(StackedParts):
    """What the study tells in words."""

    model = Finding
    formfield_overrides = {models.TextField: ONE_LINE}
    fields = (("therapy", "outcome"), ("direction", "patients"), "statement", *PROVENANCE)
    autocomplete_fields = ("therapy", "outcome")
    related = ("therapy", "outcome")
    classes = ("collapse",)


class PublishedSynthesisInline(StackedParts):
    """A review's own pooled figures."""

    model = PublishedSynthesis
    formfield_overrides = {models.TextField: ONE_LINE}
    fields = (
        ("therapy", "versus", "outcome"),
        ("measure", "estimate", "low", "high"),
        ("studies", "patients"),
        *PROVENANCE,
    )
    autocomplete_fields = ("therapy", "versus", "outcome")
    related = ("therapy", "versus", "outcome")
    classes = ("collapse",)


class CaseInline(TabularParts):
    """Patients in short, to open; a case is filled on its own page."""

    model = Case
    fields = ("slug", "index_therapy", "age", "sex", "response", "steroid_effect", "relapsed")
    readonly_fields = fields
    related = ("index_therapy",)
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A case needs more than a line: the study's page links to the case form."""
        return False

    @admin.display(description="age")
    def age(self, case: Case) -> SafeString | str:
        """In years."""
        return age_in_words(case)

    @admin.display(description="relapse")
    def relapsed(self, case: Case) -> SafeString | str:
        """In words: a tick would call a relapse good."""
        return relapse_in_words(case)


class RegimenPartInline(TabularParts):
    """What the arm was given."""

    model = RegimenPart
    verbose_name = "therapy of the regimen"
    fields = ("therapy", "agent", "dose", "unit", "route", "schedule")
    autocomplete_fields = ("therapy",)
    related = ("therapy",)
    verbose_name_plural = "regimen"
    formfield_overrides = {models.TextField: ONE_LINE}


class ArmBaselineInline(TabularParts):
    """Figures that describe the arm at the start."""

    model = ArmBaseline
    verbose_name = "baseline figure"
    fields = ("name", "value")
    verbose_name_plural = "baseline"


class ResultInline(StackedParts):
    """What the arm came to."""

    model = Result
    formfield_overrides = {models.TextField: ONE_LINE}
    fields = (
        ("outcome", "week", "organ"),
        ("events", "total"),
        ("value", "statistic", "n"),
        ("spread", "low", "high", "sd", "as_reported"),
        *PROVENANCE,
    )
    autocomplete_fields = ("outcome", "organ")
    related = ("outcome", "organ")


class CaseOrganInline(TabularParts):
    """Organs with disease."""

    model = CaseOrgan
    verbose_name = "organ"
    fields = ("organ",)
    autocomplete_fields = ("organ",)
    related = ("organ",)
    verbose_name_plural = "organs"


class CaseComorbidityInline(TabularParts):
    """Other diseases."""

    model = CaseComorbidity
    verbose_name = "comorbidity"
    fields = ("comorbidity",)
    autocomplete_fields = ("comorbidity",)
    related = ("comorbidity",)
    verbose_name_plural = "comorbidities"


class CasePriorTherapyInline(TabularParts):
    """Therapies before the index therapy."""

    model = CasePriorTherapy
    verbose_name = "prior therapy"
    fields = ("therapy",)
    autocomplete_fields = ("therapy",)
    related = ("therapy",)
    verbose_name_plural = "prior therapies"


class CourseInline(TabularParts):
    """Stretches of treatment; week 0 is the start of the index therapy."""

    model = Course
    fields = ("therapy", "agent", "dose", "unit", "route", "schedule", "start_week", "stop_week")
    autocomplete_fields = ("therapy",)
    related = ("therapy",)
    formfield_overrides = {models.TextField: ONE_LINE}


class MeasurementInline(TabularParts):
    """Figures by week, in the unit of the analyte."""

    model = Measurement
    fields = ("analyte", "week", "value", "as_reported")
    autocomplete_fields = ("analyte",)
    related = ("analyte",)
    formfield_overrides = {models.TextField: ONE_LINE}


class OrganResponseInline(TabularParts):
    """How each organ fared."""

    model = OrganResponse
    fields = ("organ", "response", "week")
    autocomplete_fields = ("organ",)
    related = ("organ",)


class ResponderIndexInline(TabularParts):
    """Scores of the Responder Index by week: of an organ, or with the organ left empty the total."""

    model = ResponderIndexScore
    verbose_name = "Responder Index score"
    verbose_name_plural = "IgG4-RD Responder Index"
    fields = ("week", "organ", "version", "score", "symptomatic", "urgent", "damage", "as_reported")
    autocomplete_fields = ("organ",)
    related = ("organ",)
    formfield_overrides = {models.TextField: ONE_LINE}

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Yes, no, or not reported."""
        return told_as_not_reported(super().formfield_for_dbfield(db_field, request, **kwargs))


class CaseAdverseEventInline(TabularParts):
    """Harms, in the report's words."""

    model = CaseAdverseEvent
    verbose_name = "adverse event"
    fields = ("description",)
    verbose_name_plural = "adverse events"
    formfield_overrides = {models.TextField: ONE_LINE}
