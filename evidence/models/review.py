"""What review leaves behind: the versions that were public, the reviewers' declarations, and what was said."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from evidence.choices import ReviewStep
from evidence.models.study import Study
from evidence.publication import NEVER, OF_STUDY
from foundation.fields import one_of
from foundation.records import record, revision_triggers


# Not a record: it is history itself, and nobody changes or deletes it.
@pgtrigger.register(
    *revision_triggers(OF_STUDY),
    pgtrigger.Protect(name="published_version_stays", operation=pgtrigger.Update | pgtrigger.Delete),
)
class PublishedVersion(models.Model):
    """A study as the public could read it from a day on: the whole record, and what changed since the one before."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="published_versions")
    number = models.PositiveIntegerField()
    # A StudyRecord as JSON, without the fields that were left at their default.
    record = models.JSONField()
    # The rows of evidence.comparing: path, kind, before, after. Empty in a first version.
    changes = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True, default="")
    published_at = models.DateTimeField(default=timezone.now)
    # NULL: came with the curated set. Whose draft or revision it was.
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="versions_contributed"
    )
    # NULL: came with the curated set.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="versions_published"
    )

    class Meta:
        ordering = ["study", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="published_version_once_a_number"),
            models.CheckConstraint(condition=Q(number__gt=0), name="published_version_counts_from_one"),
            models.CheckConstraint(
                condition=Q(contributor__isnull=True)
                | Q(reviewer__isnull=True)
                | ~Q(contributor=F("reviewer")),
                name="published_version_reviewed_by_another",
                violation_error_message="Nobody reviews their own study.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study}, version {self.number}"


# The study may change: when a revision is closed, what was declared on it goes with what it revised.
@record(NEVER)
@pgtrigger.register(pgtrigger.ReadOnly(name="conflict_statement_stays", exclude=["study"]))
class ConflictStatement(models.Model):
    """What a reviewer declared on taking a step: no conflict of interest with the work, or which; never public."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="conflict_statements")
    step = models.CharField(max_length=12, choices=ReviewStep)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflict_statements")
    # Empty: none. The words say which.
    conflict = models.TextField(blank=True, default="")
    has_conflict = models.BooleanField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            one_of("step", ReviewStep, "conflict_statement_step_known"),
            models.CheckConstraint(
                condition=Q(has_conflict=False, conflict="")
                | (Q(has_conflict=True) & Q(conflict__regex=r"\S")),
                name="conflict_statement_says_which",
                violation_error_message="Say which conflict of interest there is, or that there is none.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.conflict or 'no conflict of interest'}"


class MailOptOut(models.Model):
    """Somebody who wants no e-mail from the desk."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_opt_out")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user} wants no e-mail"


@record(NEVER)
class ReviewComment(models.Model):
    """What a contributor or reviewer said on a study, or on a place in it, before it was public; never public."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="review_comments")
    # A field or row in words, such as "cases › p1 › serum IgG4, week 12"; empty: the study as a whole.
    place = models.CharField(max_length=300, blank=True, default="")
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_comments")
    written_at = models.DateTimeField(default=timezone.now)
    # NULL: still open.
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="comments_resolved"
    )

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="review_comment_says_something",
                violation_error_message="Write the comment first.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="review_comment_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place or 'the study'}: {self.text[:60]}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer or a change."""
        return self.resolved_at is None
