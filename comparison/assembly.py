"""Published rows with their study, arm, outcome and therapies put together in Python.

A study's texts and citations are read once and shared by all its rows: joined in SQL they would come again with each
row, which on the pages that show much is most of the time they take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from evidence.choices import CitationRole, State
from evidence.models import (
    Arm,
    Case,
    Contrast,
    Finding,
    Organ,
    Outcome,
    Overlap,
    PublishedSynthesis,
    RegimenPart,
    Result,
    Study,
    StudyOrgan,
)
from literature.models import Citation
from therapies.models import Therapy

OfStudy = TypeVar("OfStudy", Case, Contrast, Finding, PublishedSynthesis)

# Texts that a study's own page shows and no other.
UNSHOWN = ("population", "criteria", "funding", "notes")
# What a row shows of the report that its study is counted by.
OF_A_CITATION = ("doi", "pmid", "year", "year_inferred", "retraction_status")


@dataclass(frozen=True)
class Assembly:
    """Some studies, and the means to read what they report."""

    studies: dict[int, Study]
    arms: dict[int, Arm]
    outcomes: dict[int, Outcome]
    therapies: dict[int, Therapy]

    def results(self, wanted: Q | None = None) -> list[Result]:
        """Their arms' results, in the order of their studies' slugs and then of the file."""
        rows = Result.objects.filter(wanted or Q()).order_by("position", "id")
        found = [row for row in rows if row.arm_id in self.arms]
        organs = Organ.objects.in_bulk({row.organ_id for row in found if row.organ_id is not None})
        for result in found:
            result.arm = self.arms[result.arm_id]
            result.outcome = self.outcomes[result.outcome_id]
            result.organ = organs.get(result.organ_id)
        return sorted(found, key=lambda result: result.arm.study.slug)

    def _own(self, rows: Iterable[OfStudy]) -> list[OfStudy]:
        """Rows of these studies. Sifted here: some hundred keys in a query take longer than the few rows too many."""
        return [row for row in rows if row.study_id in self.studies]

    def findings(self, wanted: Q | None = None) -> list[Finding]:
        """Their findings in words."""
        found = self._own(Finding.objects.filter(wanted or Q()))
        for finding in found:
            finding.study = self.studies[finding.study_id]
            finding.outcome = self.outcomes[finding.outcome_id]
            finding.therapy = self.therapies[finding.therapy_id]
        return found

    def cases(self, wanted: Q | None = None, *, with_patients: bool = False) -> list[Case]:
        """Their patients; `with_patients` brings organs and comorbidities along."""
        rows = Case.objects.filter(wanted or Q())
        if with_patients:
            rows = rows.prefetch_related("case_organs__organ", "case_comorbidities__comorbidity")
        found = self._own(rows.defer("summary"))
        for case in found:
            case.study = self.studies[case.study_id]
            case.index_therapy = self.therapies[case.index_therapy_id]
        return found

    def contrasts(self, wanted: Q) -> list[Contrast]:
        """Their reported differences."""
        found = self._own(Contrast.objects.filter(wanted))
        for contrast in found:
            contrast.study = self.studies[contrast.study_id]
            contrast.outcome = self.outcomes[contrast.outcome_id]
            contrast.arm, contrast.versus = self.arms[contrast.arm_id], self.arms[contrast.versus_id]
        return found

    def contrasts_of(self, therapy: Therapy) -> list[Contrast]:
        """Their reported differences of which either side was given the therapy."""
        own = [key for key, arm in self.arms.items() if therapy in arm.therapies_given]
        return self.contrasts(Q(arm__in=own) | Q(versus__in=own))

    def syntheses(self, wanted: Q) -> list[PublishedSynthesis]:
        """Their reviews' own pooled figures."""
        found = self._own(PublishedSynthesis.objects.filter(wanted))
        for synthesis in found:
            synthesis.study = self.studies[synthesis.study_id]
            synthesis.outcome = self.outcomes[synthesis.outcome_id]
            synthesis.therapy = self.therapies[synthesis.therapy_id]
            synthesis.versus = (
                self.therapies[synthesis.versus_id] if synthesis.versus_id is not None else None
            )
        return found

    def syntheses_of(self, therapy: Therapy) -> list[PublishedSynthesis]:
        """Their reviews' own pooled figures on the therapy, on either side."""
        return self.syntheses(Q(therapy=therapy) | Q(versus=therapy))

    def overlaps(self) -> list[Overlap]:
        """Pairs of them that share patients, or may."""
        rows = Overlap.objects.published()
        found = [row for row in rows if row.study_a_id in self.studies and row.study_b_id in self.studies]
        for overlap in found:
            overlap.study_a, overlap.study_b = (
                self.studies[overlap.study_a_id],
                self.studies[overlap.study_b_id],
            )
        return found


def assemble(
    therapies: Iterable[Therapy] | None = None,
    of: Collection[str] = (),
    *,
    with_organs: bool = False,
    with_references: bool = False,
) -> Assembly:
    """All published studies, or those that tell `of` some therapies; in six queries, five where therapies are given.

    `with_organs` brings along the organs that studies were confined to, `with_references` all that a list of references
    prints of their primary reports.
    """
    studies = Study.objects.published().defer(*UNSHOWN)
    if of:
        studies = studies.filter(_tells_of(of))
    if with_organs:
        organs = StudyOrgan.objects.select_related("organ")
        studies = studies.prefetch_related(Prefetch("study_organs", queryset=organs))
    by_key = {study.pk: study for study in studies}
    _cite(by_key, whole=with_references)
    known = {therapy.pk: therapy for therapy in (Therapy.objects.all() if therapies is None else therapies)}
    arms = _arms(by_key, known)
    return Assembly(by_key, arms, {outcome.pk: outcome for outcome in Outcome.objects.all()}, known)


def _cite(studies: Mapping[int, Study], *, whole: bool) -> None:
    """Give each study the report that it is counted by, and of it what a row shows, or all."""
    reports = primary_reports(studies)
    if not whole:
        reports = reports.only(*OF_A_CITATION)
    cited = {report.of_study: report for report in reports}
    for key, study in studies.items():
        study.primary_citation = cited.get(key)


def primary_reports(studies: Collection[int]) -> QuerySet[Citation]:
    """The reports that studies, by key, are counted by, in no order; `of_study` is the study's key.

    Read as themselves and not through prefetching, which makes a link and a manager for each.
    """
    primary = Citation.objects.filter(
        study_citations__role=CitationRole.PRIMARY, study_citations__study__in=studies
    )
    return primary.annotate(of_study=F("study_citations__study")).order_by()


def _arms(studies: Mapping[int, Study], therapies: Mapping[int, Therapy]) -> dict[int, Arm]:
    """The arms of the studies, each with what it was given."""
    regimens: dict[int, dict[int, Therapy]] = defaultdict(dict)
    for arm, therapy in RegimenPart.objects.order_by("position", "id").values_list("arm", "therapy"):
        regimens[arm][therapy] = therapies[therapy]
    of_studies = Arm.objects.filter(study__state=State.PUBLISHED)
    arms = {arm.pk: arm for arm in of_studies if arm.study_id in studies}
    for key, arm in arms.items():
        arm.study = studies[arm.study_id]
        arm.therapies_given = tuple(regimens[key].values())
    return arms


def _tells_of(slugs: Collection[str]) -> Q:
    """Studies with an arm, a patient, a finding or a pooled figure of any of these therapies, on either side."""
    told = Q()
    for rows in (
        Arm.objects.filter(regimen__therapy__slug__in=slugs),
        Case.objects.filter(index_therapy__slug__in=slugs),
        Finding.objects.filter(therapy__slug__in=slugs),
        PublishedSynthesis.objects.filter(Q(therapy__slug__in=slugs) | Q(versus__slug__in=slugs)),
    ):
        told |= Exists(rows.filter(study=OuterRef("pk")))
    return told
