"""What a study reported: results of arms, contrasts between them, findings in words, pooled figures of reviews."""

from django.db import models
from django.db.models import F, Q

from evidence.choices import Basis, Direction, Measure, Spread, Statistic, SynthesisMeasure
from evidence.models.study import Arm, Study
from evidence.models.vocabulary import Organ, Outcome
from evidence.publication import OF_ARM, OF_STUDY
from evidence.querysets import ContrastQuerySet, FindingQuerySet, ResultQuerySet, SynthesisQuerySet
from foundation.fields import Positioned, bounds_around, finite, one_of
from foundation.records import record
from therapies.models import URL_LENGTH, Therapy


class Reported(Positioned):
    """A row that was read somewhere: where it stands in the text, and how it was computed if it was."""

    definition = models.TextField(blank=True, default="")
    locator = models.TextField()
    derived = models.TextField(blank=True, default="", help_text="How the figure was computed, where it was")
    # Empty: as its study.
    basis = models.CharField(max_length=20, choices=Basis, blank=True, default="")
    read_at = models.URLField(max_length=URL_LENGTH, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    @staticmethod
    def rules(name: str) -> list[models.CheckConstraint]:
        """No source, no number: a locator stands on every row."""
        return [
            models.CheckConstraint(
                condition=~Q(locator=""),
                name=f"{name}_has_locator",
                violation_error_message="Say where in the text the figure stands.",
            ),
            one_of("basis", Basis, f"{name}_basis_known", optional=True),
        ]


def week_range(name: str) -> models.CheckConstraint:
    """A week after the start of treatment, or none; fifty years at most."""
    return models.CheckConstraint(condition=Q(week__isnull=True) | Q(week__gte=0, week__lte=2600), name=name)


@record(OF_ARM)
class Result(Reported):
    """One arm, one outcome, one time: events of total, or a quantity with its spread."""

    arm = models.ForeignKey(Arm, models.CASCADE, related_name="results")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="results")
    # NULL: the time is not stated.
    week = models.SmallIntegerField(null=True, blank=True)
    events = models.PositiveIntegerField(null=True, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    statistic = models.CharField(max_length=10, choices=Statistic, blank=True, default="")
    spread = models.CharField(max_length=10, choices=Spread, blank=True, default="")
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    sd = models.FloatField("SD", null=True, blank=True)
    n = models.PositiveIntegerField(null=True, blank=True)
    # NULL: the patient as a whole.
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="results")
    as_reported = models.TextField(blank=True, default="")

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["arm", "position", "id"]
        constraints = [
            *Reported.rules("result"),
            models.CheckConstraint(
                condition=Q(
                    events__isnull=False,
                    total__isnull=False,
                    value__isnull=True,
                    low__isnull=True,
                    sd__isnull=True,
                    n__isnull=True,
                    statistic="",
                    spread="",
                )
                | (
                    Q(events__isnull=True, total__isnull=True, value__isnull=False, n__isnull=False)
                    & ~Q(statistic="")
                ),
                name="result_is_proportion_or_quantity",
                violation_error_message=(
                    "Give events and total, or a value with its statistic and number of patients; not both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(events__isnull=True) | Q(total__gte=1, events__gte=0, events__lte=F("total")),
                name="result_events_within_total",
                violation_error_message="Events lie between 0 and the total, which is at least 1.",
            ),
            one_of("statistic", Statistic, "result_statistic_known", optional=True),
            one_of("spread", Spread, "result_spread_known", optional=True),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | ~Q(spread=""), name="result_bounds_say_what_they_are"
            ),
            bounds_around("value", "result_bounds_around_value"),
            finite("value", "result_value_finite"),
            models.CheckConstraint(
                condition=Q(sd__isnull=True) | Q(sd__gte=0, sd__lt=1e12), name="result_sd_range"
            ),
            models.CheckConstraint(condition=Q(n__isnull=True) | Q(n__gte=1), name="result_n_positive"),
            week_range("result_week_range"),
            models.UniqueConstraint(
                fields=["arm", "outcome", "week", "organ", "definition"],
                nulls_distinct=False,
                name="result_once",
                violation_error_message="This arm has this outcome by this definition at this time already.",
            ),
        ]

    def __str__(self) -> str:
        what = f"{self.events} of {self.total}" if self.events is not None else f"{self.value:g}"
        return f"{self.outcome}: {what}"


@record(OF_STUDY)
class Contrast(Reported):
    """A difference between two arms of a study, as the study reported it."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="contrasts")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="contrasts")
    arm = models.ForeignKey(Arm, models.CASCADE, related_name="contrasts")
    versus = models.ForeignKey(Arm, models.CASCADE, related_name="contrasts_versus")
    week = models.SmallIntegerField(null=True, blank=True)
    measure = models.CharField(max_length=20, choices=Measure)
    # NULL: only a p value is given.
    estimate = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    p = models.CharField(
        "p value", max_length=20, blank=True, default="", help_text="As printed, such as <0.001"
    )

    objects = ContrastQuerySet.as_manager()

    class Meta:
        ordering = ["study", "position", "id"]
        constraints = [
            *Reported.rules("contrast"),
            one_of("measure", Measure, "contrast_measure_known"),
            models.CheckConstraint(
                condition=~Q(arm=F("versus")),
                name="contrast_between_two_arms",
                violation_error_message="A contrast stands between two different arms.",
            ),
            bounds_around("estimate", "contrast_bounds_around_estimate"),
            finite("estimate", "contrast_estimate_finite"),
            models.CheckConstraint(
                condition=~Q(measure__in=["hazard_ratio", "risk_ratio", "odds_ratio"])
                | ((Q(estimate__isnull=True) | Q(estimate__gte=0)) & (Q(low__isnull=True) | Q(low__gte=0))),
                name="contrast_ratio_not_negative",
                violation_error_message="A ratio is not negative.",
            ),
            week_range("contrast_week_range"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.arm} against {self.versus}"


@record(OF_STUDY)
class Finding(Reported):
    """What a study tells in words about a therapy and an outcome, without numbers that fit a result."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="findings")
    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="findings")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="findings")
    direction = models.CharField(max_length=14, choices=Direction)
    # NULL: the number of patients is not stated.
    patients = models.PositiveIntegerField(null=True, blank=True)
    statement = models.TextField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["study", "position", "id"]
        constraints = [
            *Reported.rules("finding"),
            one_of("direction", Direction, "finding_direction_known"),
            models.CheckConstraint(condition=~Q(statement=""), name="finding_says_something"),
            models.CheckConstraint(
                condition=Q(patients__isnull=True) | Q(patients__gte=1), name="finding_patients_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.therapy}, {self.outcome}: {self.get_direction_display()}"


@record(OF_STUDY)
class PublishedSynthesis(Reported):
    """A review's own pooled figure; shown beside ours and never pooled again."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="syntheses")
    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="syntheses")
    # NULL: no comparator.
    versus = models.ForeignKey(
        Therapy, models.PROTECT, null=True, blank=True, related_name="syntheses_versus"
    )
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="syntheses")
    measure = models.CharField(max_length=20, choices=SynthesisMeasure)
    estimate = models.FloatField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    studies = models.PositiveIntegerField(null=True, blank=True)
    patients = models.PositiveIntegerField(null=True, blank=True)

    objects = SynthesisQuerySet.as_manager()

    class Meta:
        ordering = ["study", "position", "id"]
        verbose_name_plural = "published syntheses"
        constraints = [
            *Reported.rules("synthesis"),
            one_of("measure", SynthesisMeasure, "synthesis_measure_known"),
            bounds_around("estimate", "synthesis_bounds_around_estimate"),
            finite("estimate", "synthesis_estimate_finite"),
            models.CheckConstraint(
                condition=~Q(measure=SynthesisMeasure.PROPORTION)
                | (
                    Q(estimate__gte=0, estimate__lte=1)
                    & (Q(low__isnull=True) | Q(low__gte=0))
                    & (Q(high__isnull=True) | Q(high__lte=1))
                ),
                name="synthesis_proportion_range",
                violation_error_message="A proportion lies between 0 and 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.therapy}, {self.outcome}: {self.estimate:g}"
