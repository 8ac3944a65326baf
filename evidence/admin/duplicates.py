"""The report on look-alikes: pairs with score and reasons, and what a person decides on each."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from evidence import permissions
from evidence.duplicate_search import possible_duplicates
from evidence.duplicates import GROUP, PAPER, PATIENT, THRESHOLD
from evidence.models import Case, DistinctPair, Overlap, Study
from evidence.pairs import PairRefused, mark_distinct, mark_overlap
from foundation.admin import RecordAdmin

PAIRS_ON_A_PAGE = 25
LONGEST_WHY = 2000
KINDS = {PAPER: "Perhaps the same paper", PATIENT: "Perhaps the same patient", GROUP: "May share patients"}


class PossibleDuplicatesMixin:
    """The report as a page of the overlaps."""

    change_list_template = "admin/evidence/overlap/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The overlaps' addresses, with the report."""
        own = path(
            "possible-duplicates/",
            self.admin_site.admin_view(self.possible_duplicates_view),  # type: ignore[attr-defined]
            name="evidence_overlap_possible_duplicates",
        )
        return [own, *super().get_urls()]  # type: ignore[misc]

    def possible_duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """The pairs that nobody has decided on, or one decision."""
        if not request.user.has_perm("evidence.add_overlap"):
            raise PermissionDenied
        if request.method == "POST":
            self._decide(request)
            page = request.GET.get("page", "1")
            here = reverse("admin:evidence_overlap_possible_duplicates")
            return HttpResponseRedirect(f"{here}?page={page}" if page.isdecimal() else here)
        pairs = possible_duplicates(permissions.visible_studies(request.user).originals())
        page = Paginator(pairs, PAIRS_ON_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": "Possible duplicates",
            "opts": Overlap._meta,
            "page": page,
            "kinds": KINDS,
            "threshold": THRESHOLD,
            "longest_why": LONGEST_WHY,
        }
        return TemplateResponse(request, "admin/evidence/overlap/possible_duplicates.html", context)

    def _decide(self, request: HttpRequest) -> None:
        """Keep what the person decided, or tell why it may not stand."""
        a, b = (self._study(request, name) for name in ("study_a", "study_b"))
        why = request.POST.get("why", "")[:LONGEST_WHY]
        try:
            if request.POST.get("decision") == "overlap":
                mark_overlap(a=a, b=b, certain="certain" in request.POST, why=why, by=request.user)
                messages.success(request, f"{a} and {b} are marked: at most one of them enters a pool.")
            else:
                case_a, case_b = (self._case(request, name) for name in ("case_a", "case_b"))
                mark_distinct(a=a, b=b, case_a=case_a, case_b=case_b, why=why, by=request.user)
                messages.success(request, f"{case_a or a} and {case_b or b} will not be shown here again.")
        except PairRefused as refusal:
            messages.error(request, str(refusal))

    @staticmethod
    def _study(request: HttpRequest, name: str) -> Study:
        key = request.POST.get(name, "")
        found = permissions.visible_studies(request.user).filter(slug=key).first()
        if found is None:
            raise Http404("There is no such study.")
        return found

    @staticmethod
    def _case(request: HttpRequest, name: str) -> Case | None:
        key = request.POST.get(name, "")
        if not key:
            return None
        found = permissions.visible(request.user, Case.objects.all(), "study").filter(slug=key).first()
        if found is None:
            raise Http404("There is no such patient.")
        return found


@admin.register(DistinctPair)
class DistinctPairAdmin(RecordAdmin):
    """Look-alikes that were found to be different; deleting one brings it back into the report."""

    list_display = ("study_a", "study_b", "case_a", "case_b", "why", "decided_by", "decided_at")
    list_select_related = ("study_a", "study_b", "case_a", "case_b", "decided_by")
    search_fields = ("study_a__slug", "study_b__slug", "why")
    autocomplete_fields = ("study_a", "study_b", "case_a", "case_b")
    readonly_fields = ("decided_by", "decided_at")
    ordering = ("-decided_at", "id")
    fields = (("study_a", "study_b"), ("case_a", "case_b"), "why", ("decided_by", "decided_at"))
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Pairs of which the user may view both."""
        pairs = super().get_queryset(request).select_related(*self.list_select_related)
        pairs = permissions.visible(request.user, pairs, "study_a")
        return permissions.visible(request.user, pairs, "study_b")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A pair is decided on in the report, where its reasons stand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A decision is taken back, not rewritten."""
        return False
