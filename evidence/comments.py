"""What a contributor and the reviewers say to one another about a study before it is public."""

from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from evidence import permissions
from evidence.models import ReviewComment, Study
from evidence.notifications import tell_comment
from foundation.history import author

LONGEST_COMMENT = 4000
LONGEST_PLACE = 300


class CommentRefused(Exception):
    """A comment that may not be written, resolved or opened again; the message says why."""


@transaction.atomic
def add_comment(*, study: Study, by: Any, text: str, place: str = "") -> ReviewComment:
    """Say something on a study, or on a field or row of it that `place` names in words."""
    locked = Study.objects.select_for_update().get(pk=study.pk)
    _demand_talk(by, locked)
    text, place = text.replace("\r\n", "\n").strip(), " ".join(place.split())
    if not text:
        raise CommentRefused("Write the comment first.")
    if len(text) > LONGEST_COMMENT:
        raise CommentRefused(f"A comment has at most {LONGEST_COMMENT} characters.")
    if len(place) > LONGEST_PLACE:
        raise CommentRefused(f"The place has at most {LONGEST_PLACE} characters.")
    with pghistory.context(**author(by)):
        comment = ReviewComment.objects.create(study=locked, author=by, text=text, place=place)
    tell_comment(comment)
    return comment


@transaction.atomic
def resolve_comment(*, comment: ReviewComment, by: Any) -> ReviewComment:
    """Say that it is dealt with."""
    locked = _locked(comment, by)
    if not locked.is_open:
        raise CommentRefused("This comment is resolved already.")
    return _mark(locked, by, resolved=True)


@transaction.atomic
def reopen_comment(*, comment: ReviewComment, by: Any) -> ReviewComment:
    """Say that it is not dealt with after all."""
    locked = _locked(comment, by)
    if locked.is_open:
        raise CommentRefused("This comment is open already.")
    return _mark(locked, by, resolved=False)


def comments_on(study: Study, user: Any) -> list[ReviewComment]:
    """The comments that the user may read, the open ones first, each kind in the order of writing."""
    if not permissions.may_read_comments(user, study):
        return []
    comments = ReviewComment.objects.filter(study=study).select_related("author", "resolved_by")
    return sorted(comments, key=lambda comment: not comment.is_open)


def _locked(comment: ReviewComment, by: Any) -> ReviewComment:
    locked = ReviewComment.objects.select_for_update(of=("self",)).select_related("study").get(pk=comment.pk)
    _demand_talk(by, locked.study)
    return locked


def _demand_talk(by: Any, study: Study) -> None:
    if study.is_public and permissions.may_read_comments(by, study):
        raise CommentRefused("The study is public: begin a revision, and comment on that.")
    if not permissions.may_comment(by, study):
        raise CommentRefused("Only its contributor and reviewers comment on a study.")


def _mark(comment: ReviewComment, by: Any, *, resolved: bool) -> ReviewComment:
    comment.resolved_at = timezone.now() if resolved else None
    comment.resolved_by = by if resolved else None
    with pghistory.context(**author(by)):
        comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment
