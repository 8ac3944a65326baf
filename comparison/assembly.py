"""Published rows with their study, arm, outcome and therapies put together in Python.

A study's texts and citations are read once and shared by all its rows: joined in SQL they would come again with each
row, which on the pages that show much is most of the time they take.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from evidence.models import Arm, Case, Contrast, Finding, Outcome, Overlap, PublishedSynthesis, Result, Study
from therapies.models import Therapy

# Texts that a study's own page shows and no other.
UNSHOWN = ("population", "criteria", "funding", "notes")


@dataclass(frozen=True)
class Assembly:
    """Some studies, and the means to read what they report."""

    studies: dict[int, Study]
    arms: dict[int, Arm]
    outcomes: dict[int, Outcome]
    therapies: dict[int, Therapy]

    def results(self) -> list[Result]:
        """Their arms' results."""
        found = list(Result.objects.filter(arm__in=self.arms).select_related("organ"))
        for result in found:
            result.arm = self.arms[result.arm_id]
            result.outcome = self.outcomes[result.outcome_id]
        return found

    def findings(self, wanted: Q | None = None) -> list[Finding]:
        """Their findings in words."""
        found = list(Finding.objects.filter(wanted or Q(), study__in=self.studies))
        for finding in found:
            finding.study = self.studies[finding.study_id]
            finding.outcome = self.outcomes[finding.outcome_id]
            finding.therapy = self.therapies[finding.therapy_id]
        return found

    def cases(self, wanted: Q | None = None, *, with_patients: bool = False) -> list[Case]:
        """Their patients; `with_patients` brings organs and comorbidities along."""
        rows = Case.objects.filter(wanted or Q(), study__in=self.studies)
        if with_patients:
            rows = rows.prefetch_related("case_organs__organ", "case_comorbidities__comorbidity")
        found = list(rows.defer("summary"))
        for case in found:
            case.study = self.studies[case.study_id]
            case.index_therapy = self.therapies[case.index_therapy_id]
        return found

    def contrasts(self, therapy: Therapy) -> list[Contrast]:
        """Their reported differences of which either side was given the therapy."""
        own = {
            key
            for key, arm in self.arms.items()
            if any(p.therapy_id == therapy.pk for p in arm.regimen.all())
        }
        found = list(Contrast.objects.filter(Q(arm__in=own) | Q(versus__in=own)))
        for contrast in found:
            contrast.study = self.studies[contrast.study_id]
            contrast.outcome = self.outcomes[contrast.outcome_id]
            contrast.arm, contrast.versus = self.arms[contrast.arm_id], self.arms[contrast.versus_id]
        return found

    def syntheses(self, therapy: Therapy) -> list[PublishedSynthesis]:
        """Their reviews' own pooled figures on the therapy, on either side."""
        of_therapy = Q(therapy=therapy) | Q(versus=therapy)
        found = list(PublishedSynthesis.objects.filter(of_therapy, study__in=self.studies))
        for synthesis in found:
            synthesis.study = self.studies[synthesis.study_id]
            synthesis.outcome = self.outcomes[synthesis.outcome_id]
            synthesis.therapy = self.therapies[synthesis.therapy_id]
            synthesis.versus = (
                self.therapies[synthesis.versus_id] if synthesis.versus_id is not None else None
            )
        return found

    def overlaps(self) -> list[Overlap]:
        """Pairs of them that share patients, or may."""
        found = list(Overlap.objects.filter(study_a__in=self.studies, study_b__in=self.studies))
        for overlap in found:
            overlap.study_a, overlap.study_b = (
                self.studies[overlap.study_a_id],
                self.studies[overlap.study_b_id],
            )
        return found


def assemble(therapies: Iterable[Therapy] | None = None, of: str | None = None) -> Assembly:
    """All published studies, or those that tell `of` a therapy; in six queries, five where therapies are given."""
    studies = Study.objects.published()
    if of is not None:
        reviewed = Q(syntheses__versus__slug=of)
        told = Study.objects.of_therapy([of]).values("pk")
        studies = studies.filter(Q(pk__in=told) | Q(pk__in=Study.objects.filter(reviewed).values("pk")))
    by_key = {study.pk: study for study in studies.with_citations().defer(*UNSHOWN)}
    known = {therapy.pk: therapy for therapy in (Therapy.objects.all() if therapies is None else therapies)}
    arms = {arm.pk: arm for arm in Arm.objects.filter(study__in=by_key).prefetch_related("regimen")}
    for arm in arms.values():
        arm.study = by_key[arm.study_id]
        for part in arm.regimen.all():
            part.therapy = known[part.therapy_id]
    return Assembly(by_key, arms, {outcome.pk: outcome for outcome in Outcome.objects.all()}, known)
