"""A study's page: question, arms, every figure where it was read, doubts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comparison.presenters import figures
from evidence.choices import ArmRole, CitationRole
from evidence.models import Arm, ArmBaseline, Overlap, Result, Study
from foundation import formatting
from foundation.pieces import Caution, Download, Quantity, Share, Source, Term

BASELINE_NAMES = {
    "age_years": ("Age", "years"),
    "male": ("Male", ""),
    "serum_igg4": ("Serum IgG4", "mg/dL"),
    "serum_ige": ("Serum IgE", "IU/mL"),
    "responder_index": ("Responder Index", "points"),
    "organs_involved": ("Organs involved", ""),
    "eosinophils": ("Blood eosinophils", "cells/µL"),
    "plasmablasts": ("Circulating plasmablasts", "cells/mL"),
}


@dataclass(frozen=True)
class ArmRow:
    """A group of patients: who, what they were given, how they were at the start."""

    label: str
    role: str
    n: int | None
    therapies: tuple[tuple[str, str], ...]
    regimen: tuple[str, ...]
    background: str
    baseline: tuple[str, ...]


@dataclass(frozen=True)
class ResultRow:
    """One figure of one arm, with the anchor that sources point to."""

    anchor: str
    outcome: str
    arm: str
    share: Share | None
    quantity: Quantity | None
    week: int | None
    organ: str
    definition: str
    note: str
    source: Source


@dataclass(frozen=True)
class CitationRow:
    """A publication on the study, and what it is to it."""

    citation: object
    role: str


def question_terms(study: Study) -> list[Term]:
    """The study's question: patients, intervention, comparison, outcomes."""
    arms = list(study.arms.all())
    outcomes = dict.fromkeys(
        [result.outcome.name for arm in arms for result in arm.results.all()]
        + [contrast.outcome.name for contrast in study.contrasts.all()]
        + [finding.outcome.name for finding in study.findings.all()]
        + [synthesis.outcome.name for synthesis in study.syntheses.all()]
    )
    experimental = [arm for arm in arms if arm.role == ArmRole.EXPERIMENTAL]
    comparators = [arm for arm in arms if arm.role == ArmRole.COMPARATOR]
    return [
        Term("Patients", study.population),
        Term("Intervention", values=[_arm_words(arm) for arm in experimental], value=_case_therapies(study)),
        Term("Comparison", values=[_arm_words(arm) for arm in comparators], value="none"),
        Term("Outcomes", formatting.sentence(formatting.joined(name for name in outcomes))),
    ]


def _arm_words(arm: Arm) -> str:
    return f"{arm.label} ({formatting.plural(arm.n, 'patient')})"


def _case_therapies(study: Study) -> str:
    """The index therapies of a study that has no arms."""
    return formatting.joined(dict.fromkeys(case.index_therapy.name for case in study.cases.all()))


def fact_terms(study: Study) -> list[Term]:
    """What else is known about how the study was done."""
    organs = [link.organ.name for link in study.study_organs.all()]
    follow_up = study.follow_up_weeks
    return [
        Term("Enrolled", formatting.plural(study.enrolled, "patient")),
        Term("Countries", formatting.joined(study.countries)),
        Term("Centres", formatting.reported(study.centres)),
        Term("Organs studied", formatting.joined(organs) or "not confined to an organ"),
        Term("Diagnostic criteria", study.criteria),
        Term("Follow-up", "" if follow_up is None else formatting.plural(follow_up, "week")),
        Term("Registration", study.registration),
        Term("Phase", "" if study.phase is None else str(study.phase)),
        Term("Funding", study.funding),
        Term("Read as", study.get_basis_display()),
    ]


def arm_rows(arms: Iterable[Arm]) -> list[ArmRow]:
    """The arms in the order of the paper."""
    return [
        ArmRow(
            label=arm.label,
            role=arm.get_role_display(),
            n=arm.n,
            therapies=tuple(
                dict.fromkeys((part.therapy.slug, part.therapy.name) for part in arm.regimen.all())
            ),
            regimen=tuple(figures.part_text(part) for part in arm.regimen.all()),
            background=arm.get_background_glucocorticoid_display(),
            baseline=tuple(baseline_text(figure) for figure in arm.baseline.all()),
        )
        for arm in arms
    ]


def baseline_text(figure: ArmBaseline) -> str:
    """A figure that describes an arm at the start: "Age 61 years"."""
    name, unit = BASELINE_NAMES.get(figure.name, (formatting.sentence(figure.name.replace("_", " ")), ""))
    return f"{name} {formatting.with_unit(figure.value, unit)}"


def result_rows(study: Study) -> list[ResultRow]:
    """Every figure by outcome, arm and time."""
    found = [(result, arm) for arm in study.arms.all() for result in arm.results.all()]
    found.sort(key=lambda pair: _result_key(*pair))
    return [
        ResultRow(
            anchor=figures.anchor_of(result),
            outcome=result.outcome.name,
            arm=arm.label,
            share=figures.share_of(result),
            quantity=figures.quantity_of(result),
            week=result.week,
            organ=result.organ.name if result.organ else "",
            definition=result.definition,
            note=result.note,
            source=figures.source_of(result, study),
        )
        for result, arm in found
    ]


def _result_key(result: Result, arm: Arm) -> tuple:
    week = result.week if result.week is not None else 10_000
    return (result.outcome.position, arm.position, week, result.position, result.pk)


def citation_rows(study: Study) -> list[CitationRow]:
    """The publications, the primary report first."""
    links = sorted(
        study.study_citations.all(), key=lambda link: (link.role != CitationRole.PRIMARY, link.position)
    )
    return [CitationRow(link.citation, link.get_role_display()) for link in links]


def cautions(study: Study, overlaps: Iterable[Overlap]) -> list[Caution]:
    """What weakens the study's figures."""
    found = []
    primary = study.primary_citation
    if primary is not None and primary.is_retracted:
        found.append(Caution("retracted", "This report has been retracted."))
    elif primary is not None and primary.notice:
        found.append(Caution("notice", f"{primary.notice}: read the notice beside this report."))
    if study.basis == "press":
        found.append(
            Caution("press_figures", "Read from a press report: no paper with these figures was read.")
        )
    elif study.basis == "conference_abstract":
        found.append(Caution("press_figures", "Read from a conference abstract: no full paper was read."))
    elif study.basis == "abstract":
        found.append(Caution("abstract_only", "Read from the abstract: the full text may say more."))
    others = {(o.study_b if o.study_a_id == study.pk else o.study_a).label for o in overlaps}
    if others:
        found.append(
            Caution(
                "overlaps",
                f"Shares patients, or may, with {formatting.joined(sorted(others))}: do not add them up.",
            )
        )
    return found


def downloads(slug: str) -> tuple[Download, ...]:
    """The study as files."""
    return (
        Download("Study (JSON)", f"/api/v1/studies/{slug}/"),
        Download("Results (CSV)", f"/api/v1/results/?study={slug}&format=csv"),
    )
