"""What was deleted, and what stood in it last, read from the history tables, which outlive their records."""

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from evidence import permissions
from evidence.aggregate import JUDGEMENTS, events_of, part_events
from evidence.models import ConflictStatement, Study
from foundation.history import Deletion, deletions

PAGE = 50
# Far back enough for anybody who looks by eye; the export of a history tells the rest.
MOST = 500


def deleted_records(user: Any, kind: str = "") -> list[Deletion]:
    """The newest deletions: all for superusers and editors, of their own studies for contributors."""
    histories = _histories_of_all() if _reads_all(user) else _histories_of_own(user)
    chosen = [events for model, events in histories if not kind or model._meta.model_name == kind]
    # The copy of a published revision is closed, not lost.
    return deletions([events.exclude(pgh_context__metadata__has_key="publishes") for events in chosen], MOST)


def kinds_of_records() -> list[tuple[str, str]]:
    """Name and words of each kind of record that keeps its history."""
    return sorted(
        ((str(model._meta.model_name), str(model._meta.verbose_name)) for model in _tracked()),
        key=lambda kind: kind[1],
    )


def _tracked() -> list[type[Model]]:
    """The models that keep their history; declarations of interests are not told here."""
    labels = ("literature", "therapies", "evidence")
    found = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return [model for model in found if hasattr(model, "pgh_event_model") and model is not ConflictStatement]


def _reads_all(user: Any) -> bool:
    return bool(user.is_superuser and user.is_active) or permissions.EDITOR in permissions.roles_of(user)


def _histories_of_all() -> list[tuple[type[Model], QuerySet]]:
    return [(model, events_of(model)) for model in _tracked()]


def _histories_of_own(user: Any) -> list[tuple[type[Model], QuerySet]]:
    keys = events_of(Study).filter(contributor=user.pk).order_by().values("pgh_obj_id")
    own = events_of(Study).filter(pgh_obj_id__in=keys)
    return [(Study, own), *part_events(Study, own), *part_events(Study, own, JUDGEMENTS)]


class DeletedRecordsMixin:
    """A page of the desk for what is gone."""

    def get_urls(self) -> list[URLPattern]:
        """The addresses of studies, with that of what was deleted."""
        own = path(
            "deleted/",
            self.admin_site.admin_view(self.deleted_view),  # type: ignore[attr-defined]
            name="evidence_study_deleted",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """What was deleted: when, by whom, why, and its last values."""
        if not _reads_all(request.user) and not permissions.may_contribute(request.user):
            raise PermissionDenied
        kinds = kinds_of_records()
        kind = request.GET.get("kind", "")
        kind = kind if kind in dict(kinds) else ""
        page = Paginator(deleted_records(request.user, kind), PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": "Deleted records",
            "opts": Study._meta,
            "page": page,
            "kinds": kinds,
            "kind": kind,
            "most": MOST,
            "all": _reads_all(request.user),
        }
        return TemplateResponse(request, "admin/evidence/deleted.html", context)
