"""The admin of appraisals: choose a study and one of the tools made for its design, then answer its questions."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from evidence import permissions
from evidence.admin.base import StudyScopedAdmin
from evidence.admin.judgements import RatedAdmin
from evidence.appraisal.rules import Given, appraisal_faults
from evidence.appraisal.services import AppraisalRefused, record_appraisal
from evidence.appraisal.tools import Answer, Tool, tools, tools_for
from evidence.models import Appraisal, AppraisalAnswer, Study
from foundation.admin import RecordForm, TabularRecords


def choices(answers: tuple[Answer, ...]) -> list[tuple[str, str]]:
    """Answers as the choices of a field, with nothing chosen first."""
    return [("", "—"), *((answer.slug, answer.label) for answer in answers)]


class AppraisalEntry(forms.Form):
    """All questions of one tool on one page, with the overall judgement at the end."""

    overall = forms.ChoiceField(label="Overall")
    rated_on = forms.DateField(
        label="Rated on", initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"})
    )
    comment = forms.CharField(
        label="Comment", required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
    )

    def __init__(self, tool: Tool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tool = tool
        self.fields["overall"].choices = choices(tool.overall)  # type: ignore[attr-defined]
        for item in tool.items:
            self.fields[f"answer-{item.slug}"] = forms.ChoiceField(
                label=f"{item.short}. {item.question}", choices=choices(tool.answers), help_text=item.hint
            )
            self.fields[f"reason-{item.slug}"] = forms.CharField(
                label=f"Reason for {item.short}",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            )

    def questions(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Answer and reason of each question, in the tool's order."""
        for item in self.tool.items:
            yield self[f"answer-{item.slug}"], self[f"reason-{item.slug}"]

    def given(self) -> list[Given]:
        """What was answered."""
        answered = self.cleaned_data
        return [
            Given(item.slug, answered[f"answer-{item.slug}"], answered[f"reason-{item.slug}"])
            for item in self.tool.items
        ]


class AnswerForm(RecordForm):
    """One answer, of those that its tool allows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tool = tools().get(self.instance.appraisal.tool) if self.instance.pk else None
        if tool is not None and "judgement" in self.fields:
            self.fields["judgement"] = forms.ChoiceField(choices=choices(tool.answers)[1:])


class AnswerFormSet(forms.models.BaseInlineFormSet):
    """The answers of an appraisal, checked with its overall judgement as a whole."""

    def clean(self) -> None:
        """Refuse what the tool's rules refuse."""
        super().clean()
        appraisal = self.instance
        if any(self.errors) or appraisal.rated_on is None or appraisal.tool not in tools():
            return
        faults = appraisal_faults(
            tools()[appraisal.tool],
            design=appraisal.study.design,
            overall=appraisal.overall,
            answers=[self._given(form) for form in self.forms],
            rated_on=appraisal.rated_on,
            today=timezone.localdate(),
        )
        if faults:
            raise forms.ValidationError([fault.message for fault in faults])

    def _given(self, form: Any) -> Given:
        answered = form.cleaned_data
        return Given(form.instance.domain, answered["judgement"], answered["reason"])


class AppraisalAnswerInline(TabularRecords):
    """The answer to each question of the tool; none is added or taken away."""

    model = AppraisalAnswer
    form = AnswerForm
    formset = AnswerFormSet
    fields = ("question", "judgement", "reason")
    readonly_fields = ("question",)
    can_delete = False
    related = ("appraisal",)

    @admin.display(description="question")
    def question(self, answer: AppraisalAnswer) -> str:
        """The question in full; an answer to none of the tool's keeps its own name."""
        tool = tools().get(answer.appraisal.tool)
        item = tool.item_by_slug.get(answer.domain) if tool is not None else None
        return f"{item.short}. {item.question}" if item is not None else answer.domain

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A tool has the questions that it has."""
        return False


@admin.register(Appraisal)
class AppraisalAdmin(RatedAdmin):
    """Risk of bias of a study by one rater and tool."""

    list_display = ("study", "tool", "overall", "rater", "rated_on")
    list_filter = ("tool", "overall", "study__state")
    search_fields = ("study__label", "study__slug", "overall", "comment")
    list_select_related = ("study", "rater")
    date_hierarchy = "rated_on"
    ordering = ("study__slug", "tool", "rated_on", "id")
    fieldsets = ((None, {"fields": ("study", ("tool", "overall"), ("rater", "rated_on"), "comment")}),)
    readonly_fields = ("study", "tool", "rater")
    inlines = (AppraisalAnswerInline,)
    view_on_site = False
    versions_of = StudyScopedAdmin.versions_of
    versions_for = StudyScopedAdmin.versions_for

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Appraisals of studies that the user may view."""
        rows = super().get_queryset(request).select_related("study", "rater")
        return permissions.visible(request.user, rows, "study")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The overall judgement is one of the tool's."""
        form = super().get_form(request, obj, change=change, **kwargs)
        tool = tools().get(obj.tool) if obj is not None else None
        if tool is not None and "overall" in form.base_fields:
            form.base_fields["overall"] = forms.ChoiceField(choices=choices(tool.overall)[1:])
        return form

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Only studies that the user may view."""
        if db_field.remote_field.model is Study:
            kwargs["queryset"] = permissions.visible_studies(request.user).originals()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def is_published(self, obj: Appraisal) -> bool:
        """As public as its study."""
        return obj.study.is_public

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First a study and a tool, both kept in the address; then the tool's questions."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        study = self._study(request)
        fitting = tools_for(study.design) if study is not None else []
        tool = next((each for each in fitting if each.slug == request.GET.get("tool")), None)
        if tool is None and len(fitting) == 1:
            tool = fitting[0]
        if study is None or tool is None:
            return self._choose(request, study, fitting)
        form = AppraisalEntry(tool, request.POST or None)
        if request.method == "POST" and form.is_valid():
            appraisal = self._record(request, study, form)
            if appraisal is not None:
                messages.success(request, f"{tool.name} of {study} is kept.")
                return HttpResponseRedirect(reverse("admin:evidence_appraisal_change", args=[appraisal.pk]))
        context = {"study": study, "tool": tool, "form": form, "tools": fitting}
        return self._page(request, "admin/evidence/appraisal/answer.html", f"{tool.name}: {study}", context)

    def _study(self, request: HttpRequest) -> Study | None:
        """The study that the address names, if the user may see it."""
        named = request.GET.get("study", "").strip()
        if not named:
            return None
        rows = permissions.visible_studies(request.user).originals()
        found = rows.filter(slug=named).first()
        return found if found is not None or not named.isdecimal() else rows.filter(pk=int(named)).first()

    def _record(self, request: HttpRequest, study: Study, form: AppraisalEntry) -> Appraisal | None:
        """The appraisal, kept; None where it was refused, with every reason in the form."""
        given = form.cleaned_data
        try:
            return record_appraisal(
                study=study,
                tool=form.tool.slug,
                overall=given["overall"],
                answers=form.given(),
                by=request.user,
                rated_on=given["rated_on"],
                comment=given["comment"],
            )
        except AppraisalRefused as refusal:
            for fault in refusal.faults:
                form.add_error(fault.field if fault.field in form.fields else None, fault.message)
            return None

    def _choose(self, request: HttpRequest, study: Study | None, fitting: list[Tool]) -> HttpResponse:
        """Which study, by which tool."""
        studies = permissions.visible_studies(request.user).originals().order_by("label")
        studies = studies.only("slug", "label", "design")
        appraisable = [each for each in studies if tools_for(each.design)]
        context = {
            "study": study,
            "named": request.GET.get("study", ""),
            "tools": fitting,
            "studies": appraisable,
        }
        return self._page(request, "admin/evidence/appraisal/choose.html", "Appraise a study", context)

    def _page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        common = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, {**common, **context})
