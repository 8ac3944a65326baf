"""The box above a new citation: paste what is at hand, and the form comes filled, or the known citation opens."""

import json
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from literature.models import Citation
from literature.pasting import LONGEST_PASTE
from literature.services import RECORDS_AT_ONCE, PastedPaper, PasteOutcome, citation_from_paste

# What was read waits in the session: a list of two hundred authors is too long for an address.
SESSION_KEY = "pasted_citations"
PASTED_VAR = "pasted"
PASTED_FIELDS = (
    "csl_type",
    "title",
    "authors",
    "authors_complete",
    "journal",
    "year",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
)


class PasteForm(forms.Form):
    """One box for everything."""

    text = forms.CharField(
        label="Paste a DOI, PMID, PMCID, address or record",
        max_length=LONGEST_PASTE,
        required=False,
        strip=True,
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "class": "vLargeTextField",
                "spellcheck": "false",
                "autofocus": True,
                "aria-describedby": "paste-help",
            }
        ),
        error_messages={"max_length": "This is too long: paste fewer records."},
    )


class PasteAdmin:
    """Adds the box to the page of a new record, and a page of its own that answers it."""

    change_form_template = "admin/literature/citation/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """With the page that reads what is pasted."""
        own = path("paste/", self.admin_site.admin_view(self.paste_view), name="literature_citation_paste")  # type: ignore[attr-defined]
        return [own, *super().get_urls()]  # type: ignore[misc]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The empty form below the box, or the form filled with what was pasted."""
        token = request.GET.get(PASTED_VAR, "")
        is_filled = token in request.session.get(SESSION_KEY, {})
        if token and not is_filled and request.method == "GET":
            messages.warning(request, "What was pasted is kept no longer. Paste it again.")
        context = {
            "paste_form": None if is_filled else PasteForm(),
            "is_filled": is_filled,
            **(extra_context or {}),
        }
        return super().add_view(request, form_url, context)  # type: ignore[misc]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What was pasted, where the address names it."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)  # type: ignore[misc]
        return initial | request.session.get(SESSION_KEY, {}).get(request.GET.get(PASTED_VAR, ""), {})

    def paste_view(self, request: HttpRequest) -> HttpResponse:
        """Read what was pasted: one paper leads on at once, several are listed, a fault is told above the box."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        if request.method != "POST":
            return self._box(request, PasteForm())
        form = PasteForm(request.POST)
        if not form.is_valid():
            return self._box(request, form, faults=form.errors["text"])
        outcome = citation_from_paste(text=form.cleaned_data["text"])
        if outcome.faults:
            return self._box(request, form, faults=outcome.faults)
        if outcome.others:
            return self._box(request, form, papers=self._listed(request, outcome))
        return self._lead_on(request, outcome)

    def _lead_on(self, request: HttpRequest, outcome: PasteOutcome) -> HttpResponse:
        (paper,) = outcome.papers
        if paper.known is not None:
            return self._offer(request, paper.known)
        if paper.advice:
            messages.warning(request, f"{paper.advice} What you pasted is in its field.")
        else:
            assert outcome.recognised is not None
            how = "Looked up by" if outcome.recognised.is_identifier else "Read from the"
            messages.success(
                request, f"{how} {outcome.recognised}. Check each field against the paper, then save."
            )
        for fault in paper.faults:
            messages.warning(request, f"To mend before it can be saved: {fault}")
        return HttpResponseRedirect(self._address_of(request, _keep(request, [paper])[0]))

    def _offer(self, request: HttpRequest, known: Citation) -> HttpResponse:
        if request.POST.get(IS_POPUP_VAR):
            # The window that asked for a citation gets it, as if it had been added.
            data = json.dumps({"value": str(known.pk), "obj": str(known)})
            return TemplateResponse(request, "admin/popup_response.html", {"popup_response_data": data})
        messages.info(request, f"The Atlas has this citation already: {known}. Nothing was added.")
        return HttpResponseRedirect(_page_of(known))

    def _listed(self, request: HttpRequest, outcome: PasteOutcome) -> list[dict[str, Any]]:
        """The papers of one paste, each with the address that leads on."""
        new = [paper for paper in outcome.papers if paper.known is None]
        tokens = iter(_keep(request, new))
        return [
            {
                "citation": paper.known or paper.citation,
                "is_known": paper.known is not None,
                "address": _page_of(paper.known) if paper.known else self._address_of(request, next(tokens)),
                "notes": [note for note in (paper.advice, *paper.faults) if note],
            }
            for paper in outcome.papers
        ]

    def _address_of(self, request: HttpRequest, token: str) -> str:
        """The filled form; in a window of its own where the box was in one."""
        kept = {name: request.POST[name] for name in (IS_POPUP_VAR, TO_FIELD_VAR) if request.POST.get(name)}
        return f"{reverse('admin:literature_citation_add')}?{urlencode({PASTED_VAR: token, **kept})}"

    def _box(
        self,
        request: HttpRequest,
        form: PasteForm,
        faults: Any = (),
        papers: list[dict[str, Any]] | None = None,
    ) -> HttpResponse:
        asked = request.POST if request.method == "POST" else request.GET
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": "Add citation by paste",
            "opts": self.opts,  # type: ignore[attr-defined]
            "paste_form": form,
            "faults": faults,
            "papers": papers,
            "known": sum(paper["is_known"] for paper in papers or []),
            "is_popup": bool(asked.get(IS_POPUP_VAR)),
            "is_popup_var": IS_POPUP_VAR,
            "to_field": asked.get(TO_FIELD_VAR, ""),
            "to_field_var": TO_FIELD_VAR,
        }
        return TemplateResponse(request, "admin/literature/citation/paste.html", context)


def _keep(request: HttpRequest, papers: list[PastedPaper]) -> list[str]:
    """Keep what was read in the session, the newest only; a token for each paper."""
    kept = {secrets.token_urlsafe(6): _initial(paper.citation) for paper in papers}
    before = list(request.session.get(SESSION_KEY, {}).items())
    request.session[SESSION_KEY] = dict([*before, *kept.items()][-RECORDS_AT_ONCE:])
    return list(kept)


def _initial(citation: Citation) -> dict[str, Any]:
    """The fields as the form takes them: there a comma parts authors, so none stays in a group's name."""
    fields = {name: getattr(citation, name) for name in PASTED_FIELDS}
    return fields | {"authors": [author.replace(",", ";") for author in citation.authors]}


def _page_of(citation: Citation) -> str:
    return reverse("admin:literature_citation_change", args=[citation.pk])
