"""Files that people brought to import: kept until they are carried out, and who brought what for good."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence.choices import ImportKind
from foundation.fields import matches, one_of


class ImportRun(models.Model):
    """One file on its way from upload to evidence; its rows' history names the reason that stands here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="import_runs")
    kind = models.CharField(max_length=12, choices=ImportKind)
    name = models.CharField("file", max_length=200)
    # Emptied once it is carried out: what was in it stands in the evidence then.
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    brought_at = models.DateTimeField(auto_now_add=True)
    # NULL: not carried out.
    done_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-brought_at", "id"]
        verbose_name = "import"
        constraints = [
            one_of("kind", ImportKind, "import_run_kind_known"),
            matches("sha256", r"^[0-9a-f]{64}$", "import_run_sha256_form"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(outcome=""), name="import_run_done_has_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.name}"
