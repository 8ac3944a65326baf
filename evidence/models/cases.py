"""Single patients: what they had, what they were given, how they fared."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from evidence.choices import Basis, OrganChange, Response, Sex, SteroidEffect
from evidence.models.study import Regimen, Study
from evidence.models.vocabulary import Analyte, Comorbidity, Organ
from evidence.publication import OF_CASE, OF_STUDY
from evidence.querysets import CaseQuerySet
from evidence.slugs import PUBLIC_FORM, REVISION_FORM
from foundation.fields import Positioned, SlugField, one_of
from foundation.records import record
from therapies.models import URL_LENGTH, Therapy

# Ages above 89 are kept as 90 and shown as "90+", so that nobody is known by great age.
OLDEST_AGE_SHOWN = 89
AGE_OVER_89 = 90


# A constraint cannot look into another table.
_MARKED_IN_REVISION = pgtrigger.Trigger(
    name="case_slug_marked_in_revision",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    # The mark of evidence/slugs.py, written out: SQL is not put together here.
    func="""
        IF (NEW.slug LIKE '%~') <> EXISTS (
            SELECT 1 FROM evidence_study WHERE id = NEW.study_id AND revises_id IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'The slug of a case ends in ~ in a revision, and there alone.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_slug_marked_in_revision';
        END IF;
        RETURN NEW;
    """,
)


@record(OF_STUDY)
@pgtrigger.register(_MARKED_IN_REVISION)
class Case(Positioned):
    """One patient, seen from the therapy that the report is about."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="cases")
    # One longer than a public slug: in a revision it carries a mark (evidence/slugs.py).
    slug = SlugField(max_length=81)
    index_therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="index_cases")
    # NULL: not reported. Infants have parts of a year; 90 stands for any age above 89.
    age_years = models.FloatField(null=True, blank=True)
    sex = models.CharField(max_length=12, choices=Sex)
    organs = models.ManyToManyField(Organ, through="CaseOrgan", related_name="cases", blank=True)
    comorbidities = models.ManyToManyField(
        Comorbidity, through="CaseComorbidity", related_name="cases", blank=True
    )
    # True: the report says whether there were any. False with no rows: not stated, which is not none.
    comorbidities_stated = models.BooleanField(default=False)
    prior_therapies = models.ManyToManyField(
        Therapy, through="CasePriorTherapy", related_name="cases_treated_before", blank=True
    )
    prior_therapies_stated = models.BooleanField(default=False)
    adverse_events_stated = models.BooleanField(default=False)
    response = models.CharField(max_length=20, choices=Response)
    steroid_effect = models.CharField(
        max_length=14, choices=SteroidEffect, default=SteroidEffect.NOT_REPORTED
    )
    # NULL: not reported.
    relapse = models.BooleanField(null=True, blank=True)
    relapse_week = models.SmallIntegerField(null=True, blank=True)
    follow_up_weeks = models.PositiveIntegerField(null=True, blank=True)
    summary = models.TextField()
    locator = models.TextField()
    # Empty: as its study.
    basis = models.CharField(max_length=20, choices=Basis, blank=True, default="")
    read_at = models.URLField(max_length=URL_LENGTH, blank=True, default="")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=PUBLIC_FORM) | Q(slug__regex=REVISION_FORM),
                name="case_slug_form",
                violation_error_message="A slug holds lower-case letters, digits, hyphens and underscores.",
            ),
            one_of("sex", Sex, "case_sex_known"),
            one_of("response", Response, "case_response_known"),
            one_of("steroid_effect", SteroidEffect, "case_steroid_effect_known"),
            one_of("basis", Basis, "case_basis_known", optional=True),
            models.CheckConstraint(
                condition=Q(age_years__isnull=True) | Q(age_years__gte=0, age_years__lte=AGE_OVER_89),
                name="case_age_range",
                violation_error_message="An age lies between 0 and 89; enter 90 for anyone older.",
            ),
            models.CheckConstraint(
                # Told apart from NULL by name: a CHECK that comes out as NULL is passed.
                condition=Q(relapse_week__isnull=True) | Q(relapse__isnull=False, relapse=True),
                name="case_relapse_week_needs_relapse",
                violation_error_message="A week of relapse needs a relapse.",
            ),
            models.CheckConstraint(
                condition=~Q(locator=""),
                name="case_has_locator",
                violation_error_message="Say where in the text the case stands.",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """The case's public page."""
        return f"/cases/{self.slug}/"


@record(OF_CASE)
class CaseOrgan(Positioned):
    """An organ in which the patient had disease."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="case_organs")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="case_organs")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "organ"], name="case_organ_once")]

    def __str__(self) -> str:
        return str(self.organ)


@record(OF_CASE)
class CaseComorbidity(Positioned):
    """A disease that the patient had beside IgG4-RD."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="case_comorbidities")
    comorbidity = models.ForeignKey(Comorbidity, models.PROTECT, related_name="case_comorbidities")

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "case comorbidities"
        constraints = [models.UniqueConstraint(fields=["case", "comorbidity"], name="case_comorbidity_once")]

    def __str__(self) -> str:
        return str(self.comorbidity)


@record(OF_CASE)
class CasePriorTherapy(Positioned):
    """A therapy that the patient had before the index therapy."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="case_prior_therapies")
    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="case_prior_therapies")

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "case prior therapies"
        constraints = [models.UniqueConstraint(fields=["case", "therapy"], name="case_prior_therapy_once")]

    def __str__(self) -> str:
        return str(self.therapy)


@record(OF_CASE)
class Course(Regimen, Positioned):
    """A stretch of treatment; week 0 is the start of the index therapy, negative weeks are before it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="courses")
    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="courses")
    # NULL: not reported; a stop that is NULL may also be a course that went on.
    start_week = models.SmallIntegerField(null=True, blank=True)
    stop_week = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *Regimen.rules("course"),
            models.CheckConstraint(
                condition=Q(start_week__isnull=True)
                | Q(stop_week__isnull=True)
                | Q(start_week__lte=F("stop_week")),
                name="course_starts_before_it_stops",
                violation_error_message="A course does not stop before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.therapy)


@record(OF_CASE)
class Measurement(Positioned):
    """A figure of one patient at one week, in the analyte's unit."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="measurements")
    analyte = models.ForeignKey(Analyte, models.PROTECT, related_name="measurements")
    week = models.SmallIntegerField()
    value = models.FloatField()
    as_reported = models.TextField(
        blank=True, default="", help_text="The figure as printed, where it was converted"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lt=1e12),
                name="measurement_not_negative",
                violation_error_message="A measurement is a number from 0 on.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.analyte}, week {self.week}: {self.value:g}"


@record(OF_CASE)
class OrganResponse(Positioned):
    """How one organ of the patient fared."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="organ_responses")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="organ_responses")
    response = models.CharField(max_length=12, choices=OrganChange)
    # NULL: the time is not reported.
    week = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [one_of("response", OrganChange, "organ_response_known")]

    def __str__(self) -> str:
        return f"{self.organ}: {self.get_response_display()}"


@record(OF_CASE)
class CaseAdverseEvent(Positioned):
    """A harm that the report tells of, in its words."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="adverse_events")
    description = models.TextField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(description=""), name="case_adverse_event_says_something"),
        ]

    def __str__(self) -> str:
        return self.description
