"""The admin of studies."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evidence import permissions
from evidence.admin.base import StudyScopedAdmin
from evidence.admin.deleted import DeletedRecordsMixin
from evidence.admin.inlines import (
    ArmInline,
    CaseInline,
    ContrastInline,
    FindingInline,
    PublishedSynthesisInline,
    StudyCitationInline,
    StudyOrganInline,
)
from evidence.admin.resources import StudyResource
from evidence.admin.review import ReviewMixin
from evidence.admin.transitions import TransitionsMixin, offered
from evidence.choices import State
from evidence.models import Study
from foundation.admin import reported
from foundation.admin_export import Exportable

# Symbol beside word: never colour alone.
STATE_SYMBOLS = {
    State.DRAFT: "✎",
    State.IN_REVIEW: "◔",
    State.PUBLISHED: "●",
    State.RETURNED: "↩",
    State.WITHDRAWN: "⊘",
}


@admin.register(Study)
class StudyAdmin(TransitionsMixin, ReviewMixin, DeletedRecordsMixin, Exportable, StudyScopedAdmin):
    """A study with all its parts on one page; its state moves by the steps of the workflow alone."""

    study_path = ""
    set_once = ("slug",)
    resource_classes = (StudyResource,)
    change_form_template = "admin/evidence/study/change_form.html"
    list_display = (
        "label",
        "design",
        "state_in_words",
        "basis",
        "patients",
        "arms_in_all",
        "cases_in_all",
        "contributed_by",
    )
    list_filter = ("state", "design", "basis", "study_citations__citation__year", "organs")
    search_fields = (
        "slug",
        "label",
        "registration",
        "summary",
        "study_citations__citation__title",
        "=study_citations__citation__doi",
        "=study_citations__citation__pmid",
    )
    search_help_text = "Label, slug, registration, words of the summary or title, DOI or PMID"
    list_select_related = ("contributor",)
    ordering = ("slug",)
    readonly_fields = ("state", "contributed_by", "reviewed_by", "first_published", "new_part")
    fieldsets = (
        (None, {"fields": (("slug", "label"), "design", "summary", "population", "criteria")}),
        (
            "Size and place",
            {
                "fields": (
                    ("enrolled", "centres", "follow_up_weeks"),
                    ("phase", "registration"),
                    "countries",
                    "funding",
                )
            },
        ),
        (
            "Source",
            {
                "fields": ("basis", "read_at", "notes"),
                "description": "What was read, and where. A figure that was read elsewhere says so on its own row.",
            },
        ),
        ("Review", {"fields": (("state", "first_published"), ("contributed_by", "reviewed_by"))}),
    )
    inlines = (
        StudyCitationInline,
        StudyOrganInline,
        ArmInline,
        ContrastInline,
        FindingInline,
        PublishedSynthesisInline,
        CaseInline,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """What the user may view; in the list, with what each holds."""
        studies = super().get_queryset(request)
        match = request.resolver_match
        if match is None or match.url_name != "evidence_study_changelist":
            return studies
        return studies.annotate(
            arm_count=Count("arms", distinct=True), case_count=Count("cases", distinct=True)
        )

    def get_inlines(self, request: HttpRequest, obj: Study | None) -> tuple:
        """A new study first, then its arms and all that refers to them."""
        return self.inlines if obj is not None else (StudyCitationInline, StudyOrganInline)

    def get_fieldsets(self, request: HttpRequest, obj: Study | None = None) -> list[tuple[str, Any]]:
        """The ways to add a case or an arm stand above the parts."""
        sections = super().get_fieldsets(request, obj)
        if obj is None:
            return [section for section in sections if section[0] != "Review"]
        if self.has_change_permission(request, obj):
            sections.append(("Add to this study", {"fields": ["new_part"]}))
        return sections

    def has_delete_permission(self, request: HttpRequest, obj: Study | None = None) -> bool:
        """A draft that was never public; anything else is withdrawn."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or permissions.may_delete(request.user, obj))

    def save_model(self, request: HttpRequest, obj: Study, form: Any, change: bool) -> None:
        """Whoever adds a study is its contributor."""
        if not change:
            obj.contributor = request.user
        super().save_model(request, obj, form, change)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page, with the steps that the user may take."""
        study = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if study is not None:
            extra |= {"transitions": offered(request.user, study), **self.review_context(request, study)}
        return super().change_view(request, object_id, form_url, extra)

    def view_on_site(self, obj: Study) -> str | None:
        """The public page, once there is one."""
        return obj.get_absolute_url() if obj.is_public else None

    @admin.display(description="state", ordering="state")
    def state_in_words(self, study: Study) -> SafeString:
        """The state with its symbol; a revision is told from the study that it changes."""
        words = study.get_state_display()
        if study.is_revision:
            words = f"Revision, {words.lower()}"
        return format_html("{} {}", STATE_SYMBOLS[State(study.state)], words)

    @admin.display(description="patients", ordering="enrolled")
    def patients(self, study: Study) -> Any:
        """How many were enrolled; not known is not none."""
        return reported(study.enrolled)

    @admin.display(description="arms", ordering="arm_count")
    def arms_in_all(self, study: Any) -> int:
        """How many arms it has."""
        return study.arm_count

    @admin.display(description="cases", ordering="case_count")
    def cases_in_all(self, study: Any) -> int:
        """How many patients are told one by one."""
        return study.case_count

    @admin.display(description="contributor", ordering="contributor__username")
    def contributed_by(self, study: Study) -> str:
        """Who entered it; nobody did where it came with the data set."""
        return str(study.contributor) if study.contributor is not None else "curated data set"

    @admin.display(description="reviewer")
    def reviewed_by(self, study: Study) -> str:
        """Who published or returned it last."""
        return str(study.reviewer) if study.reviewer is not None else "nobody yet"

    @admin.display(description="first published")
    def first_published(self, study: Study) -> str:
        """When anyone could read it first."""
        if study.published_at is None:
            return "not yet"
        return formats.date_format(timezone.localtime(study.published_at), "DATETIME_FORMAT")

    @admin.display(description="on pages of their own")
    def new_part(self, study: Study) -> SafeString:
        """Links to the forms of what is filled on its own page."""
        links = [
            (reverse("admin:evidence_case_enter"), study.pk, "Add a case"),
            (reverse("admin:evidence_arm_add"), study.pk, "Add an arm with its results"),
        ]
        return format_html_join(" ", '<a class="addlink" href="{}?study={}">{}</a>', links)
