"""An earlier version of a study or of one of its records, shown as a difference and brought back as a new change."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime

from evidence import permissions
from evidence.dataset.entry import EntryRefused
from evidence.dataset.faults import InvalidDataSet
from evidence.past import PastUnavailable
from evidence.permissions import study_of
from evidence.reverting import RevertRefused, bring_back, plan_revert
from evidence.revisions import RevisionRefused

REFUSALS = (RevertRefused, PastUnavailable, RevisionRefused, EntryRefused, InvalidDataSet)


class BringBackMixin:
    """The history page of a record of a study leads to each of its versions."""

    def get_urls(self) -> list[URLPattern]:
        """The record's addresses, with the way back."""
        meta = self.opts  # type: ignore[attr-defined]
        back = path(
            "<path:object_id>/history/bring-back/",
            self.admin_site.admin_view(self.bring_back_view),  # type: ignore[attr-defined]
            name=f"{meta.app_label}_{meta.model_name}_bring_back",
        )
        return [back, *super().get_urls()]  # type: ignore[misc]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history, with the way back for those who may change the study."""
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        extra = dict(extra_context or {})
        if row is not None and _may_bring_back(request, row):
            meta = self.opts  # type: ignore[attr-defined]
            extra["bring_back"] = reverse(
                f"admin:{meta.app_label}_{meta.model_name}_bring_back", args=[row.pk]
            )
        return super().history_view(request, object_id, extra)  # type: ignore[misc]

    def bring_back_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What bringing back a version would change; then the change."""
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if row is None:
            raise Http404("There is no such record.")
        if not _may_bring_back(request, row):
            raise PermissionDenied
        when = _time_of(request)
        if request.method == "POST":
            try:
                study = bring_back(row=row, when=when, by=request.user, reason=request.POST.get("reason", ""))
            except REFUSALS as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, f"{study} holds the version of {when:%d %B %Y, %H:%M} UTC again.")
                return HttpResponseRedirect(reverse("admin:evidence_study_change", args=[study.pk]))
        return self._show(request, row, when)

    def _show(self, request: HttpRequest, row: Any, when: datetime) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": f"Bring back a version of {row}",
            "opts": self.opts,  # type: ignore[attr-defined]
            "original": row,
            "when": when,
            "reason": request.POST.get("reason", ""),
        }
        try:
            context["plan"] = plan_revert(row=row, when=when)
        except REFUSALS as refusal:
            context["refusal"] = str(refusal)
        return TemplateResponse(request, "admin/evidence/bring_back.html", context)


def _may_bring_back(request: HttpRequest, row: Any) -> bool:
    study = study_of(row)
    return permissions.may_edit(request.user, study) or permissions.may_revise(request.user, study)


def _time_of(request: HttpRequest) -> datetime:
    try:
        when = parse_datetime(request.GET.get("when", ""))
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise Http404("No version is named.")
    return when
