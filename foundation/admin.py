"""What the admin of every record shares: history, reasons, quick choices, friendly refusals."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, ClassVar

import pghistory
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from foundation.fields import Positioned
from foundation.history import Version, versions
from foundation.history_export import EXPORTS
from foundation.models import RetiredSlug

REASON_LENGTH = 500
PANEL_VERSIONS = 10
HISTORY_PAGE = 50
NOT_REPORTED = "not reported"


class QuickAutocompleteSelect(AutocompleteSelect):
    """An autocomplete that knows the name of its choice, where Django's asks the database once for each field."""

    known: ClassVar[dict[str, str]] = {}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list:
        """The chosen option alone; the others come when the user types."""
        chosen = [str(one) for one in value if str(one)]
        if any(one not in self.known for one in chosen):
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [
            self.create_option(name, one, self.known[one], True, index)
            for index, one in enumerate(chosen, start=len(options))
        ]
        return [(None, options, 0)]


class RecordForm(forms.ModelForm):
    """A form that tells its autocompletes what it has loaded already, and carries a refusal of the database."""

    # Set by RecordAdmin.get_form after the database refused what the form let through.
    refusal = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        loaded = self.instance._state.fields_cache
        for name, field in self.fields.items():
            widget = field.widget
            widget = widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget
            if isinstance(widget, QuickAutocompleteSelect) and loaded.get(name) is not None:
                widget.known = {str(loaded[name].pk): str(loaded[name])}

    def clean(self) -> dict[str, Any]:
        """Refuse in the words of the constraint that the database enforced."""
        cleaned = super().clean() or self.cleaned_data
        if self.refusal:
            raise forms.ValidationError(self.refusal)
        return cleaned


class ReasonForm(RecordForm):
    """A record's own form, with the reason that the history keeps beside the change."""

    reason_needed = False
    reason = forms.CharField(
        label="Reason for the change",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Kept in the history. Needed when published evidence changes.",
    )

    def clean(self) -> dict[str, Any]:
        """Published evidence changes for a stated reason."""
        cleaned = super().clean()
        if self.reason_needed and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", "Say why published evidence changes.")
        return cleaned


class QuickFields:
    """Foreign keys as quick autocompletes, long texts in boxes that leave room, addresses taken as https."""

    formfield_overrides: ClassVar[dict] = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}
    }

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """An address typed without a scheme is an https one."""
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        if isinstance(db_field, ArrayField) and isinstance(db_field.base_field, models.URLField):
            # The array's own form field would make its base field before it could be told.
            address = forms.URLField(assume_scheme="https", max_length=db_field.base_field.max_length)
            return SimpleArrayField(
                address,
                required=not db_field.blank,
                label=capfirst(db_field.verbose_name),
                help_text="Addresses parted by commas",
                widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """As Django's, with the quick widget where an autocomplete is asked for."""
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:  # type: ignore[attr-defined]
            kwargs["widget"] = QuickAutocompleteSelect(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class RecordInline(QuickFields):
    """Rows within their record's page; `related` names the foreign keys that a row shows."""

    extra = 0
    form = RecordForm
    related: tuple[str, ...] = ()
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """The rows with what they show, in one query."""
        rows = super().get_queryset(request)  # type: ignore[misc]
        return rows.select_related(*self.related) if self.related else rows

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Without the pencil, bin and eye beside each choice of each row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field


class TabularRecords(RecordInline, admin.TabularInline):
    """Rows as lines of a table."""


class StackedRecords(RecordInline, admin.StackedInline):
    """Rows as blocks, for those with long texts."""


class RecordAdmin(QuickFields, admin.ModelAdmin):
    """The admin of one kind of record."""

    form = ReasonForm
    list_per_page = 50
    show_full_result_count = False
    save_on_top = True
    empty_value_display = "–"
    object_history_template = "admin/record_history.html"
    # Fields that never change once they are set: a slug is a public id.
    set_once: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """Slugs and other public ids are set once."""
        readonly = tuple(super().get_readonly_fields(request, obj))
        if obj is None:
            return readonly
        return (*readonly, *(name for name in self.set_once if name not in readonly), "last_changes")

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list[tuple[str, Any]]:
        """The record's own fields, then its last changes and the reason for the next."""
        at_the_end = {"reason", "last_changes"}
        own = [
            (title, {**options, "fields": [name for name in options["fields"] if name not in at_the_end]})
            for title, options in super().get_fieldsets(request, obj)
        ]
        if obj is None:
            return own
        last = ("Last changes", {"fields": ["last_changes"], "classes": ["collapse"]})
        if not self.has_change_permission(request, obj):
            return [*own, last]
        return [*own, ("Why this change", {"fields": ["reason"]}), last]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told whether it must ask for a reason and what the database refused."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "_refusal", "")
        form.reason_needed = change and obj is not None and self.is_published(obj)
        return form

    def view_on_site(self, obj: Any) -> str | None:
        """The record's public page, where it has one."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def is_published(self, obj: models.Model) -> bool:
        """Whether a change of the record changes what the public reads and needs a reason."""
        return False

    @admin.display(description="last changes")
    def last_changes(self, obj: models.Model) -> SafeString:
        """The newest versions as a table; the History button leads to all."""
        newest = versions([obj.history.all()])[:PANEL_VERSIONS]  # type: ignore[attr-defined]
        return render_to_string("admin/includes/versions.html", {"versions": newest, "single": True})

    def versions_of(self, obj: models.Model) -> list[Version]:
        """All that the history page shows, newest first."""
        return versions([obj.history.all()])  # type: ignore[attr-defined]

    def versions_for(self, request: HttpRequest, obj: models.Model) -> list[Version]:
        """All that the history page shows to this person."""
        return self.versions_of(obj)

    def get_urls(self) -> list[URLPattern]:
        """The record's addresses, with its history as a file."""
        meta = self.opts
        export = path(
            "<path:object_id>/history/export.<str:form>",
            self.admin_site.admin_view(self.history_export_view),
            name=f"{meta.app_label}_{meta.model_name}_history_export",
        )
        return [export, *super().get_urls()]

    def history_export_view(self, request: HttpRequest, object_id: str, form: str) -> HttpResponse:
        """Every version as CSV or JSON, for those who may read the record."""
        obj = self.get_object(request, object_id)
        if obj is None or form not in EXPORTS:
            raise Http404("There is no such history.")
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        media_type, write = EXPORTS[form]
        response = HttpResponse(write(self.versions_for(request, obj)), content_type=media_type)
        name = f"{self.opts.model_name}-{obj.pk}-history.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every version of the record: when, who, what, from, to, why."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = Paginator(self.versions_for(request, obj), HISTORY_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            "page": page,
            "exports": [
                (
                    form,
                    reverse(
                        f"admin:{self.opts.app_label}_{self.opts.model_name}_history_export",
                        args=[obj.pk, form],
                    ),
                )
                for form in EXPORTS
            ],
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's, with the reason kept in the history and a refusal of the database shown in the form."""
        reason = request.POST.get("reason", "").strip()[:REASON_LENGTH]
        with pghistory.context(reason=reason) if reason else nullcontext():
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except IntegrityError as error:
                # Two rows of one form, or two people at once: only the database could see it.
                request._refusal = refusal_in_words(error)  # type: ignore[attr-defined]
                return super().changeform_view(request, object_id, form_url, extra_context)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """New rows go behind those that are there."""
        if issubclass(formset.model, Positioned):
            place_new_rows(formset)
        super().save_formset(request, form, formset, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """What would go; what stands in the way only by number, since it may be another's draft."""
        gone, counts, needed, protected = super().get_deleted_objects(objs, request)
        told = [f"{len(protected)} records that use it"] if protected else []
        return gone, counts, needed, told


@admin.register(RetiredSlug)
class RetiredSlugAdmin(admin.ModelAdmin):
    """Renamed slugs, to read: services write them."""

    list_display = ("kind", "old", "new", "retired_at")
    list_filter = ("kind",)
    search_fields = ("old", "new")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a rename writes it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: RetiredSlug | None = None) -> bool:
        """Nobody: a slug never dies."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RetiredSlug | None = None) -> bool:
        """Nobody: a slug never dies."""
        return False


def place_new_rows(formset: Any) -> None:
    """Number new rows of an ordered list from behind the last."""
    position = max((row.position for row in formset.get_queryset()), default=-1)
    for form in formset.extra_forms:
        if form.has_changed() and not formset._should_delete_form(form):
            position += 1
            form.instance.position = position


def refusal_in_words(error: IntegrityError) -> str:
    """The constraint's own message, found by the name that the database gives."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return str(constraint.violation_error_message) % {"name": name}
    return f"The database refused this: {name or error}."


def reported(value: Any) -> Any:
    """A value for a list; what is missing is said to be missing."""
    return format_html('<span class="missing">{}</span>', NOT_REPORTED) if value is None else value
