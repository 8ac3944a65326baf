"""What the admin of a study and of all its parts shares: rights by evidence.permissions, nothing else."""

from typing import Any

from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evidence import permissions
from evidence.admin.bring_back import BringBackMixin
from evidence.admin.versions import aggregate_versions
from evidence.models import Arm, Case, Study
from evidence.permissions import study_of
from foundation.admin import NOT_REPORTED, RecordAdmin, RecordInline, StackedRecords, TabularRecords
from foundation.history import Version


def restrict_to_editable(db_field: models.ForeignKey, request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """Let a form take only parents that the user may edit: the list shown is no guard against a made-up id."""
    paths = {Study: "", Arm: "study", Case: "study"}
    model = db_field.remote_field.model
    if model in paths and "queryset" not in kwargs:
        kwargs["queryset"] = permissions.editable(request.user, model.objects.all(), paths[model])


class StudyScopedInline(RecordInline):
    """Rows on the page of a study or of one of its parts: as visible and editable as the study."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may view the study."""
        allowed = super().has_view_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or permissions.may_view(request.user, study_of(obj)))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may edit the study."""
        allowed = super().has_add_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or permissions.may_edit(request.user, study_of(obj)))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may edit the study."""
        allowed = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or permissions.may_edit(request.user, study_of(obj)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may edit the study, while it is not public."""
        allowed = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or permissions.may_delete_parts(request.user, study_of(obj)))

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Only parents that the user may edit."""
        restrict_to_editable(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TabularParts(StudyScopedInline, TabularRecords):
    """Parts of a study as lines of a table."""


class StackedParts(StudyScopedInline, StackedRecords):
    """Parts of a study as blocks."""


class StudyScopedAdmin(BringBackMixin, RecordAdmin):
    """The admin of a study or of a kind of part of it; `study_path` leads from the row to its study."""

    study_path = "study"
    empty_value_display = NOT_REPORTED

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """What the user may view: nothing else can be listed, opened, searched or exported."""
        rows = super().get_queryset(request)
        rows = permissions.visible(request.user, rows, self.study_path)
        return rows.select_related(self.study_path) if self.study_path else rows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may view the study."""
        allowed = super().has_view_permission(request, obj)
        return allowed and (obj is None or permissions.may_view(request.user, study_of(obj)))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may edit the study."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or permissions.may_edit(request.user, study_of(obj)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may edit the study, while it is not public."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or permissions.may_delete_parts(request.user, study_of(obj)))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deletion by the list: evidence goes one by one, looked at."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A part stays with its study, arm or case."""
        readonly = super().get_readonly_fields(request, obj)
        if obj is None or not self.study_path:
            return readonly
        parent = self.study_path.split("__")[0]
        return (*readonly, parent) if parent not in readonly else readonly

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Only parents that the user may edit."""
        restrict_to_editable(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def is_published(self, obj: Any) -> bool:
        """As public as its study."""
        return study_of(obj).is_public

    def view_on_site(self, obj: Any) -> str | None:
        """The public page, once there is one."""
        if not study_of(obj).is_public:
            return None
        return (
            obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else study_of(obj).get_absolute_url()
        )

    def versions_of(self, obj: Any) -> list[Version]:
        """The record's own versions and those of what lives with it, as anybody at the desk may read them."""
        return aggregate_versions(obj)

    def versions_for(self, request: HttpRequest, obj: Any) -> list[Version]:
        """With what the person may know besides: declarations, and overlaps with what they see."""
        return aggregate_versions(obj, request.user)


def admin_link(row: models.Model, text: str = "") -> SafeString:
    """A link to a record's page in the admin."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, text or str(row))
