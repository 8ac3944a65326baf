"""How far to trust a study, and how certain the evidence is as a whole."""

from django.conf import settings
from django.db import models

from evidence.choices import AppraisalTool, CertaintyConcern, CertaintyLevel
from evidence.models.study import Study
from evidence.models.vocabulary import Outcome
from evidence.publication import OF_APPRAISAL, OF_STUDY
from evidence.querysets import AppraisalQuerySet
from foundation.fields import Positioned, one_of
from foundation.records import record
from therapies.models import Therapy


@record(OF_STUDY)
class Appraisal(models.Model):
    """One rater's judgement of a study's risk of bias by one tool."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="appraisals")
    tool = models.CharField(max_length=20, choices=AppraisalTool)
    overall = models.CharField(max_length=30, help_text="The tool's overall judgement, in its own words")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appraisals")
    rated_on = models.DateField()
    comment = models.TextField(blank=True, default="")

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ["study", "tool", "rated_on", "id"]
        constraints = [
            one_of("tool", AppraisalTool, "appraisal_tool_known"),
            models.UniqueConstraint(
                fields=["study", "tool", "rater"], name="appraisal_once_a_rater_and_tool"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study}, {self.get_tool_display()}: {self.overall}"


@record(OF_APPRAISAL)
class AppraisalAnswer(Positioned):
    """The judgement on one domain or question of a tool, with its reason."""

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="answers")
    domain = models.CharField(max_length=120)
    judgement = models.CharField(max_length=30)
    reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "domain"], name="appraisal_answer_once_a_domain"),
        ]

    def __str__(self) -> str:
        return f"{self.domain}: {self.judgement}"


@record()
class Certainty(models.Model):
    """GRADE: how certain the evidence on a therapy and an outcome is, with the five reasons to rate down."""

    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="certainties")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="certainties")
    level = models.CharField(max_length=10, choices=CertaintyLevel)
    risk_of_bias = models.CharField(max_length=14, choices=CertaintyConcern)
    inconsistency = models.CharField(max_length=14, choices=CertaintyConcern)
    indirectness = models.CharField(max_length=14, choices=CertaintyConcern)
    imprecision = models.CharField(max_length=14, choices=CertaintyConcern)
    publication_bias = models.CharField(max_length=14, choices=CertaintyConcern)
    reasons = models.TextField(blank=True, default="")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certainties")
    rated_on = models.DateField()

    class Meta:
        ordering = ["therapy", "outcome"]
        verbose_name_plural = "certainties"
        constraints = [
            one_of("level", CertaintyLevel, "certainty_level_known"),
            one_of("risk_of_bias", CertaintyConcern, "certainty_risk_of_bias_known"),
            one_of("inconsistency", CertaintyConcern, "certainty_inconsistency_known"),
            one_of("indirectness", CertaintyConcern, "certainty_indirectness_known"),
            one_of("imprecision", CertaintyConcern, "certainty_imprecision_known"),
            one_of("publication_bias", CertaintyConcern, "certainty_publication_bias_known"),
            models.UniqueConstraint(
                fields=["therapy", "outcome"], name="certainty_once_a_therapy_and_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.therapy}, {self.outcome}: {self.get_level_display()}"
