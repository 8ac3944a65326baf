"""Studies that share patients, or may; and look-alikes that were found to be different."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from evidence.models.cases import Case
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


# Told to nobody but those who look for duplicates: a row of it changes no public figure.
NEVER_PUBLIC = "FALSE"


@record(NEVER_PUBLIC)
class DistinctPair(models.Model):
    """Two studies, or a patient of each, that look alike and that a person found to be different."""

    study_a = models.ForeignKey(Study, models.CASCADE, related_name="distinct_a")
    study_b = models.ForeignKey(Study, models.CASCADE, related_name="distinct_b")
    # Both NULL: the studies as such. Else one patient of each.
    case_a = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="distinct_a")
    case_b = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="distinct_b")
    why = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="distinct_pairs", editable=False
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["study_a__slug", "study_b__slug", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(study_a=F("study_b")), name="distinct_pair_of_two_studies"),
            models.CheckConstraint(
                condition=Q(case_a__isnull=True, case_b__isnull=True)
                | Q(case_a__isnull=False, case_b__isnull=False),
                name="distinct_pair_of_two_cases_or_none",
            ),
            models.UniqueConstraint(
                Least("study_a", "study_b"),
                Greatest("study_a", "study_b"),
                condition=Q(case_a__isnull=True),
                name="distinct_studies_once_a_pair",
                violation_error_message="This pair was found to be different already.",
            ),
            models.UniqueConstraint(
                Least("case_a", "case_b"),
                Greatest("case_a", "case_b"),
                condition=Q(case_a__isnull=False),
                name="distinct_cases_once_a_pair",
                violation_error_message="This pair was found to be different already.",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="distinct_pair_says_why"),
        ]

    def __str__(self) -> str:
        if self.case_a is not None and self.case_b is not None:
            return f"{self.case_a} and {self.case_b}"
        return f"{self.study_a} and {self.study_b}"
