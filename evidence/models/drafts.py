"""What is being entered, and what was doubted and confirmed on the way."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evidence.models.cases import Case
from evidence.models.study import Study
from evidence.publication import OF_CASE
from evidence.querysets import CaseDraftQuerySet
from foundation.records import record


class CaseDraft(models.Model):
    """A case as somebody types it: personal, not evidence, and free to hold anything, even what is wrong.

    Written by evidence.desk.drafts alone; it goes when the case is entered.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_drafts")
    # NULL: the case comes with a study of its own.
    study = models.ForeignKey(Study, models.SET_NULL, null=True, blank=True, related_name="case_drafts")
    # NULL: the patient is new.
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="drafts")
    # Raw text by group and field, as evidence.desk.payload reads it.
    payload = models.JSONField(default=dict)
    # What the form showed when it was opened on a stored study.
    opened = models.JSONField(default=dict, blank=True)
    # Rises with each save: two tabs cannot overwrite one another unseen.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = CaseDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "case"],
                condition=Q(case__isnull=False),
                name="case_draft_once_a_case_and_owner",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="case_draft_version_from_one"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """How a list names it: by study, paper or patient, whatever is known first."""
        if self.case is not None:
            return self.case.slug
        if self.study is not None:
            return f"New patient of {self.study.label}"
        study, citation = self.payload.get("study") or {}, self.payload.get("citation") or {}
        return study.get("label") or citation.get("title") or "New case"


@record(OF_CASE)
class ConfirmedDoubt(models.Model):
    """What the form doubted about a case, and why its contributor let it stand."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="confirmed_doubts")
    # Which check doubted it, such as identifying_date or unlikely_value.
    code = models.CharField(max_length=60)
    # The place in the case's record, such as measurements[2].value.
    place = models.CharField(max_length=120)
    doubt = models.TextField(help_text="What was doubted, in the words of the form")
    reason = models.TextField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="confirmed_doubts"
    )
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["case", "place", "code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "place"], name="confirmed_doubt_once_a_place"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="confirmed_doubt_has_reason",
                violation_error_message="Say why it stands as it is.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"
