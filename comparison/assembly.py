"""Published rows with their study, arm, outcome and therapies put together in Python.

A study's texts and citations are read once and shared by all its rows: joined in SQL they would come again with each
row, which on the pages that show much is most of the time they take.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, OuterRef, Prefetch, Q

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
    Result,
    Study,
    StudyCitation,
    StudyOrgan,
)
from therapies.models import Therapy

OfStudy = TypeVar("OfStudy", Case, Contrast, Finding, PublishedSynthesis)

# Texts that a study's own page shows and no other.
UNSHOWN = ("population", "criteria", "funding", "notes")


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
        own = [
            key
            for key, arm in self.arms.items()
            if any(part.therapy_id == therapy.pk for part in arm.regimen.all())
        ]
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
    """All published studies, or those that tell `of` some therapies; in five queries, four where therapies are given.

    `with_organs` brings along the organs that studies were confined to, `with_references` all that a list of references
    prints of their primary reports.
    """
    studies = Study.objects.published().prefetch_related(_primary_citation(with_references)).defer(*UNSHOWN)
    if of:
        studies = studies.filter(_tells_of(of))
    if with_organs:
        organs = StudyOrgan.objects.select_related("organ")
        studies = studies.prefetch_related(Prefetch("study_organs", queryset=organs))
    by_key = {study.pk: study for study in studies}
    known = {therapy.pk: therapy for therapy in (Therapy.objects.all() if therapies is None else therapies)}
    of_studies = Arm.objects.filter(study__state=State.PUBLISHED).prefetch_related("regimen")
    arms = {arm.pk: arm for arm in of_studies if arm.study_id in by_key}
    for arm in arms.values():
        arm.study = by_key[arm.study_id]
        for part in arm.regimen.all():
            part.therapy = known[part.therapy_id]
    return Assembly(by_key, arms, {outcome.pk: outcome for outcome in Outcome.objects.all()}, known)


def _primary_citation(whole: bool) -> Prefetch:
    """Only the report that a study is counted by, and of it what a row shows, or all."""
    links = StudyCitation.objects.filter(role=CitationRole.PRIMARY).select_related("citation")
    if not whole:
        shown = ("doi", "pmid", "year", "year_inferred", "retraction_status")
        links = links.only("study", "role", "position", *(f"citation__{name}" for name in shown))
    return Prefetch("study_citations", queryset=links)


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
