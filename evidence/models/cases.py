"""Single patients: what they had, what they were given, how they fared."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evidence.care import ITEMS, READER_ITEMS
from evidence.choices import (
    Basis,
    ClassificationStatus,
    OrganChange,
    ResponderIndexVersion,
    Response,
    Sex,
    SteroidEffect,
)
from evidence.models.study import Regimen, Study
from evidence.models.vocabulary import Analyte, Comorbidity, Organ
from evidence.privacy import AGE_OVER_89
from evidence.publication import OF_CASE, OF_STUDY
from evidence.querysets import CaseQuerySet
from evidence.slugs import PUBLIC_FORM, REVISION_FORM
from foundation.fields import Positioned, SlugField, one_of
from foundation.records import record
from therapies.models import URL_LENGTH, Therapy

# The most points that the eight domains of the 2019 ACR/EULAR criteria give together (13 histology, 16 immunostaining,
# 11 serum IgG4, 14 glands, 10 chest, 19 pancreas and bile ducts, 10 kidney, 8 retroperitoneum), and how many classify
# a patient who meets the entry criterion and no exclusion: Wallace 2020, Ann Rheum Dis 79:77, table 4.
ACR_EULAR_HIGHEST = 101
ACR_EULAR_THRESHOLD = 20

# Points of one organ in the Responder Index before an urgent one is doubled: 0 to 4 in the prototype, 0 to 3 in the
# validated version. The score sheets could not be opened (docs/data-dictionary.md); where the version is 2015 or not
# reported, the wider range holds.
RESPONDER_INDEX_HIGHEST = 4
RESPONDER_INDEX_HIGHEST_2018 = 3
# No total is higher: a guard against slips of the keyboard, not a maximum of the instrument. data/ knows 36.
RESPONDER_INDEX_HIGHEST_TOTAL = 240

CARE_CHOICES = [(item.slug, item.name) for item in ITEMS if item.slug in READER_ITEMS]


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
    # Empty: the report does not say. What it says is kept and never asked of a case.
    acr_eular_2019 = models.CharField(
        "2019 ACR/EULAR classification criteria",
        max_length=16,
        choices=ClassificationStatus,
        blank=True,
        default="",
    )
    # NULL: not reported.
    acr_eular_2019_score = models.PositiveSmallIntegerField(
        "2019 ACR/EULAR score", null=True, blank=True, help_text="Points of the inclusion criteria"
    )
    # Items of CARE that only a reader of the paper can judge: found there, or looked for and not found. An item in
    # neither list was not looked at.
    care_reported = ArrayField(
        models.CharField(max_length=30, choices=CARE_CHOICES),
        blank=True,
        default=list,
        verbose_name="CARE items that the paper reports",
    )
    care_absent = ArrayField(
        models.CharField(max_length=30, choices=CARE_CHOICES),
        blank=True,
        default=list,
        verbose_name="CARE items that the paper does not report",
    )
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
                condition=Q(care_reported__contained_by=list(READER_ITEMS)),
                name="case_care_reported_known",
                violation_error_message="care_reported holds an item that is not a reader's to judge.",
            ),
            models.CheckConstraint(
                condition=Q(care_absent__contained_by=list(READER_ITEMS)),
                name="case_care_absent_known",
                violation_error_message="care_absent holds an item that is not a reader's to judge.",
            ),
            models.CheckConstraint(
                condition=~Q(care_reported__overlap=F("care_absent")),
                name="case_care_item_reported_or_absent",
                violation_error_message="A paper reports an item of CARE or does not, not both.",
            ),
            one_of("acr_eular_2019", ClassificationStatus, "case_acr_eular_2019_known", optional=True),
            models.CheckConstraint(
                condition=Q(acr_eular_2019_score__isnull=True)
                | Q(acr_eular_2019_score__gte=0, acr_eular_2019_score__lte=ACR_EULAR_HIGHEST),
                name="case_acr_eular_2019_score_range",
                violation_error_message=f"A 2019 ACR/EULAR score lies between 0 and {ACR_EULAR_HIGHEST}.",
            ),
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

    @property
    def care(self) -> dict[str, bool]:
        """What a reader found of the items of CARE that fields do not show; an item not looked at is not in it."""
        return {
            item: item in self.care_reported
            for item in READER_ITEMS
            if item in (*self.care_reported, *self.care_absent)
        }

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
class ResponderIndexScore(Positioned):
    """A score of the IgG4-RD Responder Index at one week: of one organ, or the total."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="responder_index")
    week = models.SmallIntegerField()
    # NULL: the total.
    organ = models.ForeignKey(
        Organ,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="responder_index_scores",
        help_text="Empty for the total",
    )
    version = models.CharField(max_length=12, choices=ResponderIndexVersion)
    score = models.PositiveSmallIntegerField(
        help_text="Of an organ: its points before an urgent one is doubled. Total: as reported"
    )
    # NULL: not reported. An urgent organ counts double in the total; damage is noted beside the score, not in it.
    symptomatic = models.BooleanField(null=True, blank=True)
    urgent = models.BooleanField(null=True, blank=True)
    damage = models.BooleanField(null=True, blank=True)
    as_reported = models.TextField(
        blank=True, default="", help_text="The figure as printed, where it was converted"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("version", ResponderIndexVersion, "responder_index_version_known"),
            models.CheckConstraint(
                condition=Q(organ__isnull=True, score__gte=0, score__lte=RESPONDER_INDEX_HIGHEST_TOTAL)
                | Q(
                    organ__isnull=False,
                    version=ResponderIndexVersion.RI_2018,
                    score__gte=0,
                    score__lte=RESPONDER_INDEX_HIGHEST_2018,
                )
                | (
                    Q(organ__isnull=False, score__gte=0, score__lte=RESPONDER_INDEX_HIGHEST)
                    & ~Q(version=ResponderIndexVersion.RI_2018)
                ),
                name="responder_index_score_range",
                violation_error_message=(
                    f"An organ scores 0 to {RESPONDER_INDEX_HIGHEST}, in the 2018 version 0 to "
                    f"{RESPONDER_INDEX_HIGHEST_2018}; a total is at most {RESPONDER_INDEX_HIGHEST_TOTAL}."
                ),
            ),
            models.CheckConstraint(
                condition=Q(organ__isnull=False)
                | Q(symptomatic__isnull=True, urgent__isnull=True, damage__isnull=True),
                name="responder_index_flags_are_of_an_organ",
                violation_error_message="Symptomatic, urgent and damage are said of an organ, not of the total.",
            ),
            models.UniqueConstraint(
                fields=["case", "week", "organ", "version"],
                nulls_distinct=False,
                name="responder_index_once",
                violation_error_message="This organ, or the total, has a score of this version and week already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ or 'Total'}, week {self.week}: {self.score}"


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
