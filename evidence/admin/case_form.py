"""The case form of the desk: one guided page, saved as it is typed."""

import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers

from evidence import permissions, workflow
from evidence.admin.case_start import CaseStart
from evidence.dataset.entry import EntryRefused
from evidence.desk import drafts
from evidence.desk.page import FormView, form_view, unit_lists, word_lists
from evidence.desk.pasting import Pasted, paste_citation, paste_measurements
from evidence.desk.posting import payload_from
from evidence.desk.vocabulary import stored_vocabulary
from evidence.models import CaseDraft

SIGNED_OUT = 401
CONFLICT = 409
VERSION_HEADER = "X-Draft-Version"
PREVIEW = "case-draft-preview"
# What takes a paste box, by the button, with the section that it fills.
PASTES: dict[str, tuple[str, Callable[[Any], Pasted]]] = {
    "paste-citation": ("source", paste_citation),
    "paste-measurements": (
        "measurements",
        lambda payload: paste_measurements(payload, stored_vocabulary()),
    ),
}


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For what a page asks on its own: a session that is over is told as 401, where a redirect would be followed."""

    @wraps(view)
    def checked(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.admin_site.has_permission(request):
            response = view(self, request, *args, **kwargs)
        else:
            response = TemplateResponse(
                request, "admin/evidence/case_form/signed_out.html", status=SIGNED_OUT
            )
        add_never_cache_headers(response)
        return response

    return checked


class CaseForm(CaseStart):
    """The addresses of the form, for the admin of cases."""

    def get_urls(self) -> list[URLPattern]:
        """The admin's own, with those of the form before them."""
        view = self.admin_site.admin_view
        return [
            path("enter/", view(self.enter_list), name="evidence_case_enter"),
            path("enter/guide/", view(self.enter_guide), name="evidence_case_guide"),
            path("enter/<uuid:uuid>/", view(self.enter_form), name="evidence_case_draft"),
            path("enter/<uuid:uuid>/save/", self.enter_save, name="evidence_case_draft_save"),
            path("enter/<uuid:uuid>/discard/", view(self.enter_discard), name="evidence_case_draft_discard"),
            path("<int:case_id>/guided/", view(self.open_guided), name="evidence_case_guided"),
            *super().get_urls(),
        ]

    def enter_form(self, request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
        """The page; sent without scripts, what its buttons ask."""
        draft = self._draft(request, uuid)
        if request.method != "POST":
            return self._page(request, draft)
        action = request.POST.get("action", "save")
        try:
            draft = self._keep(request, draft)
        except drafts.DraftConflict as conflict:
            return self._conflict(request, draft, conflict)
        except EntryRefused as refusal:
            messages.error(request, str(refusal))
            return self._page(request, draft)
        return self._act(request, draft, action)

    @signed_in
    def enter_save(self, request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
        """Keep what is typed and tell, in pieces of the page, what there is to say about it."""
        draft = self._draft(request, uuid)
        try:
            draft = self._keep(request, draft)
        except drafts.DraftConflict as conflict:
            context = {"stored": conflict.stored, "draft": draft}
            return TemplateResponse(
                request, "admin/evidence/case_form/conflict.html", context, status=CONFLICT
            )
        except EntryRefused as refusal:
            return HttpResponse(str(refusal), status=403, content_type="text/plain")
        context = self._context(request, draft, self._view(draft))
        return self._pieces(request, draft, "admin/evidence/case_form/saved.html", context)

    def enter_discard(self, request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
        """Throw a draft away, asked once."""
        draft = self._draft(request, uuid)
        if request.method == "POST":
            drafts.discard_draft(draft=draft, by=request.user)
            messages.success(request, f"“{draft.title}” was thrown away.")
            return HttpResponseRedirect(reverse("admin:evidence_case_enter"))
        context = {**self._common(request, "Throw this away?"), "draft": draft}
        return TemplateResponse(request, "admin/evidence/case_form/discard.html", context)

    def _draft(self, request: HttpRequest, uuid: uuids.UUID) -> CaseDraft:
        """The person's draft; to anyone else there is none."""
        rows = CaseDraft.objects.seen_by(request.user).select_related("study", "case", "owner")
        return get_object_or_404(rows, uuid=uuid)

    def _keep(self, request: HttpRequest, draft: CaseDraft) -> CaseDraft:
        """Save what was sent."""
        sent = {name: request.POST.get(name, "") for name in request.POST}
        version = sent.get("version", "")
        saved = drafts.save_draft(
            draft=draft,
            payload=payload_from(sent, draft.payload),
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            by=request.user,
        )
        draft.payload, draft.version, draft.saved_at = saved.payload, saved.version, saved.saved_at
        return draft

    def _act(self, request: HttpRequest, draft: CaseDraft, action: str) -> HttpResponse:
        """What a button asked, after all was saved."""
        if action in ("enter", "submit"):
            return self._enter(request, draft, submit=action == "submit")
        if action in PASTES:
            return self._paste(request, draft, action)
        verb, _, table = action.partition("-")
        if verb == "add":
            return self._page(request, draft, more_rows=table)
        messages.success(request, "Saved.")
        return HttpResponseRedirect(self._address(draft))

    def _paste(self, request: HttpRequest, draft: CaseDraft, action: str) -> HttpResponse:
        """Take what stands in a paste box; the answer is the section with it, or the whole page without scripts."""
        section, take = PASTES[action]
        pasted = take(draft.payload)
        saved = drafts.save_draft(draft=draft, payload=pasted.payload, version=draft.version, by=request.user)
        draft.payload, draft.version, draft.saved_at = saved.payload, saved.version, saved.saved_at
        view = self._view(draft)
        if not getattr(request, "htmx", False):
            return self._page(request, draft, view, pasted={section: pasted})
        context = {
            **self._context(request, draft, view),
            "part": next(part for part in view.sections if part.section.slug == section),
            "pasted": {section: pasted},
        }
        return self._pieces(request, draft, "admin/evidence/case_form/pasted.html", context)

    def _pieces(
        self, request: HttpRequest, draft: CaseDraft, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        """Pieces of the page; the version is told in a header, which the script reads before it saves again."""
        return TemplateResponse(request, template, context, headers={VERSION_HEADER: str(draft.version)})

    def _enter(self, request: HttpRequest, draft: CaseDraft, *, submit: bool) -> HttpResponse:
        """Write the case as evidence; where something stands against it, the page says all of it."""
        try:
            study = drafts.enter_draft(draft=draft, by=request.user, submit=submit)
        except drafts.DraftNotReady as found:
            messages.error(
                request, "Not entered yet: what stands against it is listed first, and kept as it is."
            )
            view = form_view(
                draft.payload,
                found.reading,
                found.doubts,
                of_stored=draft.study_id is not None,
                show_missing=True,
            )
            return self._page(request, draft, view, tried=True)
        except (EntryRefused, workflow.TransitionRefused) as refusal:
            messages.error(request, str(refusal))
            return self._page(request, draft)
        messages.success(
            request,
            f"{study} is handed in for review. Somebody else reads it now; you will find it here and on your desk."
            if submit
            else f"{study} is kept as a draft study. Read it through, then press Submit for review.",
        )
        return HttpResponseRedirect(reverse("admin:evidence_study_change", args=[study.pk]))

    def _conflict(
        self, request: HttpRequest, draft: CaseDraft, conflict: drafts.DraftConflict
    ) -> HttpResponse:
        """Without scripts: what was typed stays in the page, and the next Save keeps it."""
        messages.warning(
            request,
            f"{conflict} Nothing was overwritten. Save again to keep what is on this page; open the form anew to "
            "see what was saved.",
        )
        sent = {name: request.POST.get(name, "") for name in request.POST}
        draft.payload, draft.version = payload_from(sent, draft.payload), conflict.stored.version
        return self._page(request, draft)

    def _view(self, draft: CaseDraft, more_rows: str = "") -> FormView:
        reading, doubts = drafts.read_draft(draft)
        return form_view(
            draft.payload, reading, doubts, of_stored=draft.study_id is not None, more_rows=more_rows
        )

    def _page(
        self,
        request: HttpRequest,
        draft: CaseDraft,
        view: FormView | None = None,
        *,
        tried: bool = False,
        more_rows: str = "",
        pasted: dict[str, Pasted] | None = None,
    ) -> HttpResponse:
        vocabulary = stored_vocabulary()
        context = {
            **self._common(request, draft.title),
            **self._context(request, draft, view if view is not None else self._view(draft, more_rows)),
            "lists": word_lists(vocabulary),
            "units": unit_lists(vocabulary),
            "tried": tried,
            "pasted": pasted or {},
        }
        return TemplateResponse(request, "admin/evidence/case_form/form.html", context)

    def _context(self, request: HttpRequest, draft: CaseDraft, view: FormView) -> dict[str, Any]:
        """What the page and its pieces both show."""
        return {
            "draft": draft,
            "view": view,
            "preview": _preview_address(draft),
            "is_owner": draft.owner_id == request.user.pk,
            "may_edit": draft.study is None or permissions.may_edit(request.user, draft.study),
        }

    def _address(self, draft: CaseDraft) -> str:
        return reverse("admin:evidence_case_draft", args=[draft.uuid])


def _preview_address(draft: CaseDraft) -> str:
    """Where the timeline is drawn; empty where the pages of cases are not there."""
    try:
        return reverse(PREVIEW, args=[draft.uuid])
    except NoReverseMatch:
        return ""
