"""Where entering a case begins: drafts to go on with, and ways to start."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from evidence import permissions
from evidence.choices import State
from evidence.dataset.entry import EntryRefused
from evidence.desk import drafts
from evidence.desk.guide import guide
from evidence.models import CaseDraft


class CaseStart:
    """The list of one's drafts, and the ways to begin one."""

    def enter_list(self, request: HttpRequest) -> HttpResponse:
        """What is being entered, and a new one by a button."""
        if not permissions.may_contribute(request.user):
            raise PermissionDenied
        if request.method == "POST":
            return self._start(request)
        studies = (
            permissions.editable_studies(request.user)
            .filter(contributor=request.user.pk, state__in=permissions.OPEN_STATES)
            .order_by("label")
        )
        context = {
            **self._common(request, "Enter a case"),
            "drafts": CaseDraft.objects.filter(owner=request.user.pk).select_related("study", "case"),
            "studies": studies,
            "chosen": request.GET.get("study", ""),
            "returned": State.RETURNED,
        }
        return TemplateResponse(request, "admin/evidence/case_form/start.html", context)

    def enter_guide(self, request: HttpRequest) -> HttpResponse:
        """How to enter a case over a coffee."""
        title, text = guide()
        context = {**self._common(request, title), "text": text}
        return TemplateResponse(request, "admin/evidence/case_form/guide.html", context)

    def open_guided(self, request: HttpRequest, case_id: int) -> HttpResponse:
        """A case that is there, of a study in one's own hands, in the form."""
        # Through get_queryset: a case that the person may not view does not exist for them.
        case = self.get_object(request, str(case_id))  # type: ignore[attr-defined]
        if case is None or not permissions.may_edit(request.user, case.study):
            raise Http404("There is no such case to change.")
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:evidence_case_change", args=[case.pk]))
        return self._open(request, drafts.start_draft(by=request.user, case=case))

    def _start(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("study", "")
        study = None
        if key:
            own: Any = permissions.editable_studies(request.user)
            study = own.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 10 else None
            if study is None:
                raise Http404("There is no such study to add to.")
        try:
            draft = drafts.start_draft(by=request.user, study=study)
        except EntryRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:evidence_case_enter"))
        return self._open(request, draft)

    def _open(self, request: HttpRequest, draft: CaseDraft) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:evidence_case_draft", args=[draft.uuid]))

    def _common(self, request: HttpRequest, title: str) -> dict[str, Any]:
        """What every page of the desk shows."""
        return {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": title,
            "opts": self.opts,  # type: ignore[attr-defined]
        }
