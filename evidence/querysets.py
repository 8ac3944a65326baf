"""The read vocabulary of the evidence. Visibility is here: ``published()`` is what the public may read."""

from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evidence.choices import CitationRole, State
from literature.models import Citation

# Long texts of a study that a row of a comparison does not show.
STUDY_PROSE = ("summary", "population", "criteria", "funding", "notes")


class StudyQuerySet(models.QuerySet):
    """Studies, read."""

    def published(self) -> "StudyQuerySet":
        """What anyone may read."""
        return self.filter(state=State.PUBLISHED)

    def originals(self) -> "StudyQuerySet":
        """Studies of their own, without the draft copies in which published ones are changed."""
        return self.filter(revises=None)

    def with_citations(self) -> "StudyQuerySet":
        """Citations along, in order, in one query more."""
        return self.prefetch_related("study_citations__citation")

    def for_list(self) -> "StudyQuerySet":
        """What a line of a list shows: citations, organs, and the therapies of arms, cases and findings."""
        return self.with_citations().prefetch_related(
            "study_organs__organ",
            "arms__regimen__therapy",
            "cases__index_therapy",
            "findings__therapy",
            "syntheses__therapy",
        )

    def with_everything(self) -> "StudyQuerySet":
        """The whole aggregate, in a constant number of queries."""
        return self.for_list().prefetch_related(
            "arms__baseline",
            "arms__results__outcome",
            "arms__results__organ",
            "contrasts__outcome",
            "contrasts__arm",
            "contrasts__versus",
            "findings__outcome",
            "syntheses__outcome",
            "syntheses__versus",
            "cases__case_organs__organ",
            "cases__case_comorbidities__comorbidity",
            "cases__case_prior_therapies__therapy",
            "cases__courses__therapy",
            "cases__measurements__analyte",
            "cases__organ_responses__organ",
            "cases__responder_index__organ",
            "cases__adverse_events",
        )

    def of_therapy(self, slugs: list[str]) -> "StudyQuerySet":
        """Studies that tell of any of these therapies, in an arm, a case, a finding or a synthesis."""
        return self.filter(
            Q(arms__regimen__therapy__slug__in=slugs)
            | Q(cases__index_therapy__slug__in=slugs)
            | Q(findings__therapy__slug__in=slugs)
            | Q(syntheses__therapy__slug__in=slugs)
        ).distinct()

    def published_in_years(self, first: int | None, last: int | None) -> "StudyQuerySet":
        """By the year of the primary citation; a study whose year is unknown is in no span of years."""
        studies = self
        if first is not None:
            studies = studies.filter(
                study_citations__role=CitationRole.PRIMARY, study_citations__citation__year__gte=first
            )
        if last is not None:
            studies = studies.filter(
                study_citations__role=CitationRole.PRIMARY, study_citations__citation__year__lte=last
            )
        return studies.distinct()


class OfPublishedStudy(models.QuerySet):
    """Rows that belong to a study and are as public as it is."""

    study_path = "study"

    def published(self) -> "OfPublishedStudy":
        """What anyone may read."""
        return self.filter(**{f"{self.study_path}__state": State.PUBLISHED})


class ResultQuerySet(OfPublishedStudy):
    """Results of arms, read."""

    study_path = "arm__study"

    def for_list(self) -> "ResultQuerySet":
        """Arm with its regimen, study with its citations, outcome and organ along, in a constant number of queries."""
        return self.select_related("arm__study", "outcome", "organ").prefetch_related(
            "arm__regimen__therapy", "arm__study__study_citations__citation"
        )


class ContrastQuerySet(OfPublishedStudy):
    """Contrasts between arms, read."""

    def for_list(self) -> "ContrastQuerySet":
        """Both arms with their regimens, study with its citations, and outcome along."""
        return self.select_related("study", "outcome", "arm", "versus").prefetch_related(
            "arm__regimen__therapy", "versus__regimen__therapy", "study__study_citations__citation"
        )


class FindingQuerySet(OfPublishedStudy):
    """Findings in words, read."""

    def for_list(self) -> "FindingQuerySet":
        """Therapy, outcome and study with its citations along."""
        return self.select_related("study", "therapy", "outcome").prefetch_related(
            "study__study_citations__citation"
        )


class SynthesisQuerySet(OfPublishedStudy):
    """Pooled figures of reviews, read."""

    def for_list(self) -> "SynthesisQuerySet":
        """Therapies, outcome and study with its citations along."""
        return self.select_related("study", "therapy", "versus", "outcome").prefetch_related(
            "study__study_citations__citation"
        )


class CaseQuerySet(OfPublishedStudy):
    """Single patients, read."""

    def for_list(self) -> "CaseQuerySet":
        """What a line of a list shows."""
        return self.select_related("study", "index_therapy").prefetch_related(
            "case_organs__organ",
            "case_comorbidities__comorbidity",
            "case_prior_therapies__therapy",
            "study__study_citations__citation",
        )

    def for_counting(self) -> "CaseQuerySet":
        """What a count over patients needs: the study with its citations, and the index therapy."""
        return (
            self.select_related("study", "index_therapy")
            .prefetch_related("study__study_citations__citation")
            .defer("summary", *(f"study__{name}" for name in STUDY_PROSE))
        )

    def with_everything(self) -> "CaseQuerySet":
        """Courses, measurements, organ responses and harms too."""
        return self.for_list().prefetch_related(
            "courses__therapy",
            "measurements__analyte",
            "organ_responses__organ",
            "responder_index__organ",
            "adverse_events",
        )


class OverlapQuerySet(models.QuerySet):
    """Overlaps, read."""

    def published(self) -> "OverlapQuerySet":
        """Pairs of which anyone may read both studies."""
        return self.filter(study_a__state=State.PUBLISHED, study_b__state=State.PUBLISHED)

    def touching(self, study_ids: list[int]) -> "OverlapQuerySet":
        """Pairs with one of these studies."""
        return self.filter(Q(study_a__in=study_ids) | Q(study_b__in=study_ids))


class AppraisalQuerySet(models.QuerySet):
    """Appraisals, read."""

    def published(self) -> "AppraisalQuerySet":
        """Those of studies that anyone may read."""
        return self.filter(study__state=State.PUBLISHED)

    def for_list(self) -> "AppraisalQuerySet":
        """Study and answers along, and each rater's number within study and tool: raters are never named."""
        earlier = (
            self.model.objects.filter(study=OuterRef("study"), tool=OuterRef("tool"), pk__lt=OuterRef("pk"))
            .order_by()
            .values("study")
            .annotate(many=Count("pk"))
            .values("many")
        )
        numbered = self.annotate(rater_number=Coalesce(Subquery(earlier), 0) + 1)
        return numbered.select_related("study").prefetch_related("answers")


def public_citations() -> QuerySet[Citation]:
    """Citations that published evidence, a mechanism or an edge of the disease map points to."""
    return Citation.objects.filter(
        Q(study_citations__study__state=State.PUBLISHED)
        | Q(mechanism_citations__isnull=False)
        | Q(pathway_edges__isnull=False)
    ).distinct()


class CaseDraftQuerySet(models.QuerySet):
    """Cases that are being entered, read."""

    def seen_by(self, user: Any) -> "CaseDraftQuerySet":
        """A draft is its owner's; a superuser sees all. For anyone else it does not exist."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_superuser else self.filter(owner=user.pk)
