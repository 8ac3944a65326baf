"""A study, the root that its arms, results, contrasts, findings and cases live and publish with."""

from functools import cached_property

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evidence.choices import (
    DESIGN_CLASSES,
    OCEBM_LEVELS,
    ArmRole,
    BackgroundGlucocorticoid,
    Basis,
    CitationRole,
    Design,
    DesignClass,
    State,
)
from evidence.models.vocabulary import Organ
from evidence.publication import OF_ARM, OF_STUDY, STUDY_ITSELF
from evidence.querysets import StudyQuerySet
from evidence.slugs import PUBLIC_FORM, REVISION_FORM
from foundation.fields import Positioned, SlugField, finite, one_of, slug_form
from foundation.records import record
from literature.models import Citation
from therapies.models import URL_LENGTH, Therapy

GLUCOCORTICOID = "glucocorticoid"


@record(STUDY_ITSELF)
class Study(models.Model):
    """What was done to whom, in how many, and where that was read."""

    # One longer than a public slug: a revision's carries a mark (evidence/slugs.py).
    slug = SlugField(max_length=61)
    label = models.CharField(max_length=120)
    design = models.CharField(max_length=30, choices=Design)
    phase = models.PositiveSmallIntegerField(null=True, blank=True)
    registration = models.CharField(max_length=40, blank=True, default="")
    countries = ArrayField(
        models.CharField(max_length=2), blank=True, default=list, help_text="ISO 3166-1 alpha-2"
    )
    centres = models.PositiveIntegerField(null=True, blank=True)
    # NULL: the number of patients is not known, which is not none.
    enrolled = models.PositiveIntegerField(null=True, blank=True)
    organs = models.ManyToManyField(Organ, through="StudyOrgan", related_name="studies", blank=True)
    # NULL: not reported. Median or planned.
    follow_up_weeks = models.PositiveIntegerField(null=True, blank=True)
    criteria = models.TextField("diagnostic criteria", blank=True, default="")
    population = models.TextField(blank=True, default="")
    summary = models.TextField()
    basis = models.CharField(max_length=20, choices=Basis)
    read_at = models.URLField(max_length=URL_LENGTH)
    funding = models.TextField(blank=True, default="")
    notes = models.TextField(blank=True, default="")
    citations = models.ManyToManyField(Citation, through="StudyCitation", related_name="studies")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    # NULL: loaded from the curated set.
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="contributed_studies"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reviewed_studies"
    )
    # NULL: never public yet.
    published_at = models.DateTimeField(null=True, blank=True)
    # NULL: a study of its own. Else an open revision of a published one: a draft copy that never becomes public itself.
    revises = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revisions", editable=False
    )
    # The number of the published version that a revision was copied from, or was brought up to.
    based_on = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # Why published evidence is to change; empty where the study revises nothing.
    why_revised = models.TextField(blank=True, default="", editable=False)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "studies"
        constraints = [
            models.CheckConstraint(
                condition=Q(revises__isnull=True, slug__regex=PUBLIC_FORM)
                | Q(revises__isnull=False, slug__regex=REVISION_FORM),
                name="study_slug_form",
                violation_error_message="A slug holds lower-case letters, digits, hyphens and underscores.",
            ),
            models.CheckConstraint(
                condition=Q(revises__isnull=True)
                | Q(state__in=[State.DRAFT, State.IN_REVIEW, State.RETURNED], published_at__isnull=True),
                name="study_revision_is_never_public",
                violation_error_message="A revision is not published itself: its record goes onto what it revises.",
            ),
            models.CheckConstraint(
                condition=Q(revises__isnull=True, based_on__isnull=True, why_revised="")
                | Q(revises__isnull=False, based_on__isnull=False, why_revised__regex=r"\S"),
                name="study_revision_has_base_and_reason",
                violation_error_message="A revision says which version it changes, and why.",
            ),
            models.UniqueConstraint(
                fields=["revises"],
                name="study_has_one_open_revision",
                violation_error_message="This study has an open revision already.",
            ),
            one_of("design", Design, "study_design_known"),
            one_of("basis", Basis, "study_basis_known"),
            one_of("state", State, "study_state_known"),
            models.CheckConstraint(
                condition=Q(enrolled__isnull=True) | Q(enrolled__gt=0),
                name="study_enrolled_positive",
                violation_error_message="Leave the number of patients empty where it is not known; it is never 0.",
            ),
            models.CheckConstraint(
                condition=Q(centres__isnull=True) | Q(centres__gt=0), name="study_centres_positive"
            ),
            models.CheckConstraint(
                condition=Q(phase__isnull=True) | Q(phase__gte=1, phase__lte=4), name="study_phase_range"
            ),
            models.CheckConstraint(
                condition=Q(contributor__isnull=True)
                | Q(reviewer__isnull=True)
                | ~Q(contributor=F("reviewer")),
                name="study_reviewed_by_another",
                violation_error_message="Nobody reviews their own study.",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False),
                name="study_published_has_date",
            ),
        ]
        indexes = [models.Index(fields=["state", "slug"], name="study_public_order")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The study's public page."""
        return f"/studies/{self.slug}/"

    @property
    def design_class(self) -> DesignClass | None:
        """The stratum it is pooled in; None for reviews and opinions, which are never pooled."""
        return DESIGN_CLASSES.get(self.design)

    @property
    def ocebm_level(self) -> int | None:
        """Oxford CEBM 2011 level by design alone; None for reviews."""
        return OCEBM_LEVELS[self.design]

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it."""
        return self.state == State.PUBLISHED

    @property
    def is_revision(self) -> bool:
        """Whether it is a draft copy of a published study."""
        return self.revises_id is not None

    @cached_property
    def primary_citation(self) -> Citation | None:
        """The report that the study is counted by, kept on the row. Uses the prefetched study_citations."""
        links = [link for link in self.study_citations.all() if link.role == CitationRole.PRIMARY]
        return links[0].citation if links else None


@record(OF_STUDY)
class StudyOrgan(Positioned):
    """An organ to which a study was confined."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="study_organs")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="study_organs")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["study", "organ"], name="study_organ_once")]

    def __str__(self) -> str:
        return str(self.organ)


# Kept by the database, since a constraint cannot look into another table.
_TELLS_REVISION = pgtrigger.Trigger(
    name="study_citation_tells_revision",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        NEW.of_revision := EXISTS (
            SELECT 1 FROM evidence_study WHERE id = NEW.study_id AND revises_id IS NOT NULL
        );
        RETURN NEW;
    """,
)


@record(OF_STUDY)
@pgtrigger.register(_TELLS_REVISION)
class StudyCitation(Positioned):
    """A publication on a study, and what it is to it."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="study_citations")
    citation = models.ForeignKey(Citation, models.PROTECT, related_name="study_citations")
    role = models.CharField(max_length=12, choices=CitationRole)
    # Whether the study is a revision, which has the primary report of what it revises.
    of_revision = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("role", CitationRole, "study_citation_role_known"),
            models.UniqueConstraint(fields=["study", "citation"], name="study_citation_once"),
            models.UniqueConstraint(
                fields=["study"],
                condition=Q(role=CitationRole.PRIMARY),
                name="study_has_one_primary_citation",
                violation_error_message="A study has one primary citation.",
            ),
            # A patient counts once: a paper is the primary report of one study.
            models.UniqueConstraint(
                fields=["citation"],
                condition=Q(role=CitationRole.PRIMARY, of_revision=False),
                name="citation_is_primary_of_one_study",
                violation_error_message="This paper is the primary report of another study already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.citation}"


@record(OF_STUDY)
class Arm(Positioned):
    """A group of a study's patients who were treated alike."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="arms")
    slug = SlugField(max_length=60, unique=False)
    label = models.CharField(max_length=160)
    role = models.CharField(max_length=12, choices=ArmRole)
    # NULL: the arm's size is not reported.
    n = models.PositiveIntegerField(null=True, blank=True)
    background_glucocorticoid = models.CharField(
        max_length=12, choices=BackgroundGlucocorticoid, default=BackgroundGlucocorticoid.NOT_REPORTED
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            slug_form("arm_slug_form"),
            one_of("role", ArmRole, "arm_role_known"),
            one_of("background_glucocorticoid", BackgroundGlucocorticoid, "arm_background_known"),
            models.UniqueConstraint(fields=["study", "slug"], name="arm_slug_once_a_study"),
            models.CheckConstraint(condition=Q(n__isnull=True) | Q(n__gt=0), name="arm_n_positive"),
        ]

    def __str__(self) -> str:
        return self.label

    @cached_property
    def therapies_given(self) -> tuple[Therapy, ...]:
        """Everything that the arm was given, each once, kept on the row. Uses the prefetched regimen."""
        return tuple({part.therapy.slug: part.therapy for part in self.regimen.all()}.values())

    @cached_property
    def therapies_tested(self) -> tuple[Therapy, ...]:
        """The therapies that the arm's figures tell about.

        Glucocorticoid given beside another therapy is its background: such an arm tells about the other alone.
        """
        others = tuple(therapy for therapy in self.therapies_given if therapy.slug != GLUCOCORTICOID)
        return others or self.therapies_given


class Regimen(models.Model):
    """A therapy as it was given: agent, dose, route, schedule; each empty where not reported."""

    agent = models.CharField(max_length=80, blank=True, default="")
    dose = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True, default="")
    route = models.CharField(max_length=60, blank=True, default="")
    schedule = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    @staticmethod
    def rules(name: str) -> list[models.CheckConstraint]:
        """A dose is above 0 and finite, and has a unit."""
        return [
            models.CheckConstraint(
                condition=Q(dose__isnull=True) | (Q(dose__gt=0, dose__lt=1e9) & ~Q(unit="")),
                name=f"{name}_dose_positive_with_unit",
                violation_error_message="A dose is above 0 and has a unit.",
            )
        ]


@record(OF_ARM)
class RegimenPart(Regimen, Positioned):
    """One therapy among those that an arm was given."""

    arm = models.ForeignKey(Arm, models.CASCADE, related_name="regimen")
    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="regimen_parts")

    class Meta:
        ordering = ["position", "id"]
        constraints = Regimen.rules("regimen_part")

    def __str__(self) -> str:
        return str(self.therapy)


@record(OF_ARM)
class ArmBaseline(Positioned):
    """A figure that describes an arm at the start: a mean or median as reported, or a count."""

    arm = models.ForeignKey(Arm, models.CASCADE, related_name="baseline")
    name = models.CharField(max_length=60)
    value = models.FloatField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["arm", "name"], name="arm_baseline_once_a_name"),
            finite("value", "arm_baseline_finite"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value:g}"
