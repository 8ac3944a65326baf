"""The evidence revision, and the slugs that have been renamed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Revision(models.Model):
    """The number that rises by one with each transaction that changes published evidence.

    One row, written by statement triggers (foundation/records.py), absent until the first change. A row and not a
    PostgreSQL sequence: a sequence rises before the commit, so that a reader could keep the old answer under the new
    number.
    """

    ONLY_ROW = 1

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    # The transaction that last raised the number, so that one transaction raises it once.
    changed_in = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="revision_has_one_row"),
        ]

    def __str__(self) -> str:
        return f"Evidence revision {self.number}"

    @classmethod
    def current(cls) -> "Revision":
        """The revision that the database stands at; number 0 before the first change."""
        return cls.objects.filter(id=cls.ONLY_ROW).first() or cls(id=cls.ONLY_ROW)


class RetiredSlug(models.Model):
    """A slug that once named a record and now leads to its new one: slugs are public ids and never die."""

    kind = models.CharField(max_length=60, help_text="The model's label, such as evidence.study")
    old = models.CharField(max_length=120)
    new = models.CharField(max_length=120)
    retired_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kind", "old"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "old"], name="retired_slug_leads_to_one_record"),
            models.CheckConstraint(
                condition=~Q(old=models.F("new")), name="retired_slug_is_not_its_successor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.old} → {self.new}"
