"""What surrounds a study's review at the desk: what changed, comments, revisions, and the page of what was deleted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from pydantic import ValidationError

from evidence import permissions
from evidence.comments import CommentRefused, add_comment, comments_on, reopen_comment, resolve_comment
from evidence.comparing import Change, changes_between
from evidence.dataset.entry import EntryRefused
from evidence.dataset.faults import InvalidDataSet
from evidence.models import MailOptOut, ReviewComment, Study
from evidence.published_versions import (
    changes_since_published,
    document_of,
    last_version,
    names_in_use,
    record_of,
)
from evidence.revisions import (
    RevisionRefused,
    bring_up_to_date,
    changed_meanwhile,
    start_revision,
    told,
    up_to_date,
)

LONGEST_REASON = 2000
COMMENT_STEPS = {"resolve": resolve_comment, "reopen": reopen_comment}


def changes_of(study: Study) -> dict[str, Any]:
    """What the changes page and the publishing page show of a study."""
    try:
        changes = changes_since_published(study)
        meanwhile = changed_meanwhile(study) if study.is_revision else ()
    except ValidationError as refusal:
        return {"study": study, "fault": told(refusal)}
    version = last_version(study.revises if study.revises is not None else study)
    return {"study": study, "changes": changes, "meanwhile": meanwhile, "version": version}


class ReviewMixin:
    """The pages around a study's review."""

    def get_urls(self) -> list[URLPattern]:
        """The study's addresses, with those of its review."""
        pages = (
            ("<int:study_id>/changes/", self.changes_view, "changes"),
            ("<int:study_id>/revise/", self.revise_view, "revise"),
            ("<int:study_id>/bring-up-to-date/", self.up_to_date_view, "up_to_date"),
            ("<int:study_id>/comments/", self.comment_view, "comment"),
            ("<int:study_id>/comments/<int:comment_id>/<str:step>/", self.comment_step_view, "comment_step"),
            ("mail/", self.mail_view, "mail"),
        )
        own = [
            path(route, self.admin_site.admin_view(view), name=f"evidence_study_{name}")  # type: ignore[attr-defined]
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def _study(self, request: HttpRequest, study_id: int) -> Study:
        # Through get_queryset: a study that the user may not view does not exist for them.
        study: Study | None = self.get_object(request, str(study_id))  # type: ignore[attr-defined]
        if study is None or not self.has_view_permission(request, study):  # type: ignore[attr-defined]
            raise Http404("There is no such study.")
        return study

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        common = {**self.admin_site.each_context(request), "opts": Study._meta}  # type: ignore[attr-defined]
        return TemplateResponse(request, f"admin/evidence/{template}", {**common, **context})

    def changes_view(self, request: HttpRequest, study_id: int) -> HttpResponse:
        """What changed since the version that was published last."""
        study = self._study(request, study_id)
        context = {"title": f"What changed in {study}", "original": study, "told": changes_of(study)}
        return self._page(request, "changes.html", context)

    def revise_view(self, request: HttpRequest, study_id: int) -> HttpResponse:
        """Begin a revision of what is public, saying why."""
        study = self._study(request, study_id)
        if not permissions.may_revise(request.user, study):
            raise PermissionDenied
        reason = request.POST.get("reason", "")[:LONGEST_REASON]
        if request.method == "POST":
            try:
                revision = start_revision(study=study, by=request.user, reason=reason)
            except RevisionRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request, "Your revision is begun. The public reads the old version until it is published."
                )
                return _to(revision)
        context = {"title": f"Revise {study}", "original": study, "reason": reason, "longest": LONGEST_REASON}
        return self._page(request, "revise.html", context)

    def up_to_date_view(self, request: HttpRequest, study_id: int) -> HttpResponse:
        """What changed in the published study since a revision was begun, and the revision with it."""
        revision = self._study(request, study_id)
        if not revision.is_revision or not permissions.may_edit(request.user, revision):
            raise PermissionDenied
        if request.method == "POST":
            try:
                bring_up_to_date(revision=revision, by=request.user)
            except (RevisionRefused, EntryRefused, InvalidDataSet) as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, "The revision holds what changed in the published study.")
            return _to(revision)
        context: dict[str, Any] = {"title": f"Bring {revision} up to date", "original": revision}
        try:
            merged = up_to_date(revision)
            context["meanwhile"] = changed_meanwhile(revision)
            context["coming"] = _difference(revision, merged.document)
            context["conflicts"] = merged.conflicts
        except ValidationError as refusal:
            context["fault"] = told(refusal)
        return self._page(request, "up_to_date.html", context)

    def comment_view(self, request: HttpRequest, study_id: int) -> HttpResponse:
        """Add a comment."""
        study = self._study(request, study_id)
        if request.method == "POST":
            try:
                add_comment(
                    study=study,
                    by=request.user,
                    text=request.POST.get("text", ""),
                    place=request.POST.get("place", ""),
                )
            except CommentRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, "Your comment is there.")
        return _back(request, study)

    def comment_step_view(
        self, request: HttpRequest, study_id: int, comment_id: int, step: str
    ) -> HttpResponse:
        """Resolve a comment, or open it again."""
        study = self._study(request, study_id)
        comment = ReviewComment.objects.filter(study=study, pk=comment_id).first()
        if comment is None or step not in COMMENT_STEPS:
            raise Http404("There is no such comment.")
        if request.method == "POST":
            try:
                COMMENT_STEPS[step](comment=comment, by=request.user)
            except CommentRefused as refusal:
                messages.error(request, str(refusal))
        return _back(request, study)

    def mail_view(self, request: HttpRequest) -> HttpResponse:
        """Whether the person wants e-mail from the desk."""
        if request.method == "POST":
            if request.POST.get("wanted") == "yes":
                MailOptOut.objects.filter(user=request.user.pk).delete()
                messages.success(request, "You get e-mail from the desk again.")
            else:
                MailOptOut.objects.get_or_create(user_id=request.user.pk)
                messages.success(request, "You get no more e-mail from the desk.")
        return HttpResponseRedirect(reverse("admin:index"))

    def review_context(self, request: HttpRequest, study: Study) -> dict[str, Any]:
        """What a study's own page shows of its review."""
        may_see = permissions.may_see_declarations(request.user, study)
        return {
            "comments": comments_on(study, request.user),
            "may_comment": permissions.may_comment(request.user, study),
            "may_revise": permissions.may_revise(request.user, study),
            "open_revision": permissions.visible_studies(request.user).filter(revises=study).first(),
            "declarations": study.conflict_statements.select_related("reviewer") if may_see else [],
            "published_version": last_version(study.revises if study.revises is not None else study),
            "may_bring_up_to_date": study.is_revision and permissions.may_edit(request.user, study),
        }


def _difference(study: Study, document: dict[str, Any]) -> tuple[Change, ...]:
    return changes_between(document_of(record_of(study)), document, names_in_use())


def _to(study: Study) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:evidence_study_change", args=[study.pk]))


def _back(request: HttpRequest, study: Study) -> HttpResponse:
    """To the page that the comment was written on, where that is ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(wanted)
    return _to(study)
