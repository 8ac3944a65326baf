"""Submitting, publishing, returning and withdrawing: a page that says what will happen, then the service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from evidence import permissions, workflow
from evidence.admin.review import changes_of
from evidence.dataset.entry import cautions_of_stored, faults_of_stored
from evidence.models import Study

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Transition:
    """One step of the workflow as the admin offers it."""

    name: str
    button: str
    done: str
    explanation: str
    service: Callable[..., Study]
    allowed: Callable[[Any, Study], bool]
    asks_reason: bool = False
    asks_declaration: bool = False


TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition(
            "submit",
            "Submit for review",
            "submitted for review",
            "It goes to the reviewers and cannot be edited until one of them returns it.",
            workflow.submit_study,
            permissions.may_submit,
        ),
        Transition(
            "publish",
            "Publish",
            "published",
            "Anyone may read it, and its figures enter the comparisons.",
            workflow.publish_study,
            permissions.may_review,
            asks_declaration=True,
        ),
        Transition(
            "return",
            "Return to contributor",
            "returned",
            "Its contributor may edit it again and sees your reason.",
            workflow.return_study,
            permissions.may_return,
            asks_reason=True,
            asks_declaration=True,
        ),
        Transition(
            "withdraw",
            "Withdraw",
            "withdrawn",
            "It leaves the public pages and the comparisons. Nothing of it is deleted.",
            workflow.withdraw_study,
            permissions.may_withdraw,
            asks_reason=True,
        ),
    )
}


def offered(user: Any, study: Study) -> list[Transition]:
    """The steps that the user may take with the study."""
    return [step for step in TRANSITIONS.values() if step.allowed(user, study)]


def declared(request: HttpRequest) -> workflow.Declaration | None:
    """What the reviewer declares of their interests; None where they chose nothing."""
    choice = request.POST.get("conflict", "")
    if choice not in ("none", "some"):
        return None
    return workflow.Declaration(none=choice == "none", which=request.POST.get("which", ""))


@dataclass(frozen=True)
class ToldByRules:
    """What the rules of its design say of a study that somebody is about to hand on."""

    study: Study
    faults: list[str]
    cautions: list[str]


def _told_by_rules(studies: list[Study]) -> list[ToldByRules]:
    """The studies of which the rules say anything."""
    told = [
        ToldByRules(
            study,
            [
                f"{fault.path}: {fault.what}" if fault.path else fault.what
                for fault in faults_of_stored(study)
            ],
            cautions_of_stored(study),
        )
        for study in studies
    ]
    return [one for one in told if one.faults or one.cautions]


class TransitionsMixin:
    """The steps as buttons on a study's page and as actions of the list."""

    actions = ("submit_studies", "publish_studies", "return_studies", "withdraw_studies")

    def get_urls(self) -> list[URLPattern]:
        """The study's addresses, with one a step."""
        own = path(
            "<int:study_id>/<str:name>-study/",
            self.admin_site.admin_view(self.transition_view),  # type: ignore[attr-defined]
            name="evidence_study_transition",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def transition_view(self, request: HttpRequest, study_id: int, name: str) -> HttpResponse:
        """One step with one study, asked and then done."""
        if name not in TRANSITIONS:
            raise Http404(f"There is no step called {name}.")
        # Through get_queryset: a study that the user may not view does not exist for them.
        study = self.get_object(request, str(study_id))  # type: ignore[attr-defined]
        if study is None:
            raise Http404("There is no such study.")
        if request.method == "POST":
            taken = self._take(request, TRANSITIONS[name], [study])
            if taken or not TRANSITIONS[name].allowed(request.user, study):
                # A revision that is published goes on as the study that it changed.
                page = taken[0] if taken else study
                return HttpResponseRedirect(reverse("admin:evidence_study_change", args=[page.pk]))
        if not TRANSITIONS[name].allowed(request.user, study):
            raise PermissionDenied
        return self._ask(request, TRANSITIONS[name], [study])

    def _from_list(self, request: HttpRequest, queryset: Any, name: str) -> HttpResponse | None:
        studies = list(queryset)
        if "confirmed" not in request.POST:
            return self._ask(request, TRANSITIONS[name], studies)
        self._take(request, TRANSITIONS[name], studies)
        return None

    def _ask(self, request: HttpRequest, transition: Transition, studies: list[Study]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": transition.button,
            "opts": Study._meta,
            "transition": transition,
            "studies": studies,
            "action": f"{transition.name}_studies",
            "from_list": request.resolver_match is not None
            and request.resolver_match.url_name == "evidence_study_changelist",
            "longest_reason": LONGEST_REASON,
            "longest_conflict": workflow.LONGEST_CONFLICT,
            # What was typed stays after a refusal.
            "typed": {name: request.POST.get(name, "") for name in ("reason", "conflict", "which")},
            "rules": _told_by_rules(studies) if transition.name in ("submit", "publish") else [],
            "changes": [changes_of(study) for study in studies] if transition.name == "publish" else [],
        }
        return TemplateResponse(request, "admin/evidence/transition.html", context)

    def _take(self, request: HttpRequest, transition: Transition, studies: list[Study]) -> list[Study]:
        """Take the step with each study that allows it; tell each refusal in its own words."""
        words: dict[str, Any] = {}
        if transition.asks_reason:
            words["reason"] = request.POST.get("reason", "")[:LONGEST_REASON]
        if transition.asks_declaration:
            words["declaration"] = declared(request)
        taken = []
        for study in studies:
            try:
                taken.append(transition.service(study=study, by=request.user, **words))
            except workflow.TransitionRefused as refusal:
                messages.error(request, f"{study}: {refusal}")
            else:
                messages.success(request, f"{study} is {transition.done}.")
        return taken

    def submit_studies(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Submit the chosen studies."""
        return self._from_list(request, queryset, "submit")

    def publish_studies(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Publish the chosen studies."""
        return self._from_list(request, queryset, "publish")

    def return_studies(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Return the chosen studies."""
        return self._from_list(request, queryset, "return")

    def withdraw_studies(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Withdraw the chosen studies."""
        return self._from_list(request, queryset, "withdraw")

    submit_studies.short_description = "Submit for review…"  # type: ignore[attr-defined]
    publish_studies.short_description = "Publish…"  # type: ignore[attr-defined]
    return_studies.short_description = "Return to contributor…"  # type: ignore[attr-defined]
    withdraw_studies.short_description = "Withdraw…"  # type: ignore[attr-defined]
    submit_studies.allowed_permissions = ("change",)  # type: ignore[attr-defined]
    for _judging in (publish_studies, return_studies, withdraw_studies):
        _judging.allowed_permissions = ("review",)  # type: ignore[attr-defined]
    del _judging

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Whether reviewing actions are offered; each study is then decided on its own."""
        return request.user.is_superuser or permissions.REVIEWER in permissions.roles_of(request.user)
