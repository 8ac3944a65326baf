"""Studies that share patients, or may."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from evidence.models.study import Study
from evidence.publication import OF_BOTH_STUDIES
from evidence.querysets import OverlapQuerySet
from foundation.records import record


@record(OF_BOTH_STUDIES)
class Overlap(models.Model):
    """Two studies that share patients, for certain or probably; at most one of them enters a pool."""

    study_a = models.ForeignKey(Study, models.CASCADE, related_name="overlaps_a")
    study_b = models.ForeignKey(Study, models.CASCADE, related_name="overlaps_b")
    # True: a text says so. False: same centre and years, or the same group.
    certain = models.BooleanField()
    why = models.TextField()

    objects = OverlapQuerySet.as_manager()

    class Meta:
        ordering = ["study_a__slug", "study_b__slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(study_a=F("study_b")), name="overlap_between_two_studies"),
            models.UniqueConstraint(
                Least("study_a", "study_b"),
                Greatest("study_a", "study_b"),
                name="overlap_once_a_pair",
                violation_error_message="This pair is recorded already.",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="overlap_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.study_a} and {self.study_b}"
