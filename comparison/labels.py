"""Stored records to the rows of an answer: plain values with their source, nothing computed but exact intervals."""

from collections.abc import Sequence
from functools import lru_cache

from comparison.definitions import instruments_of
from comparison.derived import COUNTED, DEFINITIONS
from comparison.result import CitationLabel, FindingRow, PassedOver, ReportedContrast, Row, SynthesisRow
from comparison.statistics.proportions import Interval, exact_interval
from evidence.models import Arm, Case, Contrast, Finding, PublishedSynthesis, Result, Study
from foundation.formatting import plural, quantity_text, x_of_n_text


@lru_cache(maxsize=8192)
def interval(events: int, total: int) -> Interval:
    """The exact 95% interval of a proportion, kept: the same counts come again on every page."""
    return exact_interval(events, total)


def year_of(study: Study) -> int | None:
    """The year of the primary report."""
    citation = study.primary_citation
    return citation.year if citation is not None else None


def citation_label(study: Study) -> CitationLabel:
    """How the study's primary report is named in a row."""
    citation = study.primary_citation
    if citation is None:
        return CitationLabel(study.label)
    return CitationLabel(study.label, citation.doi or None, citation.pmid or None, citation.is_retracted)


def figure_text(result: Result) -> str:
    """A result as it is told in a line."""
    if result.events is not None:
        return x_of_n_text(result.events, result.total)
    return quantity_text(
        result.value,
        result.statistic,
        result.spread,
        result.low,
        result.high,
        result.sd,
        result.n,
        result.outcome.unit,
    )


def passed_over(result: Result, why: str) -> PassedOver:
    """Another figure of the same arm and outcome."""
    return PassedOver(result.week, figure_text(result), result.definition or None, why)


def regimen_of(arm: Arm) -> tuple[str, ...]:
    """Every therapy of an arm, each once."""
    return tuple(therapy.slug for therapy in arm.therapies_given)


def arm_row(result: Result, therapy: str, others: tuple[PassedOver, ...]) -> Row:
    """An arm's figure for one therapy. Wants Result.objects.for_list()."""
    arm, study = result.arm, result.arm.study
    counted = result.events is not None and result.total is not None
    bounds = interval(result.events, result.total) if counted else None
    return Row(
        therapy=therapy,
        study=study.slug,
        study_label=study.label,
        arm=arm.slug,
        arm_label=arm.label,
        regimen=regimen_of(arm),
        background_glucocorticoid=arm.background_glucocorticoid,
        design=study.design,
        design_class=study.design_class,
        year=year_of(study),
        week=result.week if result.week is not None else study.follow_up_weeks,
        week_is_follow_up=result.week is None and study.follow_up_weeks is not None,
        definition=result.definition or None,
        instruments=instruments_of(result.definition),
        organ=result.organ.slug if result.organ else None,
        basis=result.basis or study.basis,
        locator=result.locator,
        read_at=result.read_at or study.read_at,
        derived=result.derived or None,
        note=result.note or None,
        citation=citation_label(study),
        result=result.pk,
        events=result.events,
        total=result.total,
        proportion=result.events / result.total if counted else None,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        value=result.value,
        statistic=result.statistic or None,
        spread=result.spread or ("sd" if result.sd is not None else None),
        value_low=result.low,
        value_high=result.high,
        sd=result.sd,
        n=result.n,
        as_reported=result.as_reported or None,
        passed_over=others,
    )


def case_row(outcome: str, therapy: str, cases: Sequence[Case]) -> Row | None:
    """A figure counted from the patients of one study; None where none of them has the outcome reported."""
    study = cases[0].study
    had = [(case, answer) for case in cases if (answer := COUNTED[outcome](case)) is not None]
    if not had:
        return None
    events, total = sum(answer for _, answer in had), len(had)
    bounds = interval(events, total)
    weeks = {case.follow_up_weeks for case, _ in had}
    week = weeks.pop() if len(weeks) == 1 else None
    bases = {case.basis or study.basis for case, _ in had}
    return Row(
        therapy=therapy,
        study=study.slug,
        study_label=study.label,
        arm=None,
        arm_label=None,
        regimen=(),
        background_glucocorticoid=None,
        design=study.design,
        design_class=study.design_class,
        year=year_of(study),
        week=week,
        week_is_follow_up=week is not None,
        definition=DEFINITIONS[outcome],
        instruments=instruments_of(DEFINITIONS[outcome]),
        organ=None,
        basis=bases.pop() if len(bases) == 1 else study.basis,
        locator="; ".join(dict.fromkeys(case.locator for case, _ in had)),
        read_at=had[0][0].read_at or study.read_at,
        derived=f"Counted from {plural(total, 'patient')} told one by one",
        note=None,
        citation=citation_label(study),
        events=events,
        total=total,
        proportion=events / total,
        low=bounds.low,
        high=bounds.high,
        cases=tuple(case.slug for case, _ in had),
    )


def finding_row(finding: Finding) -> FindingRow:
    """A finding in words. Wants Finding.objects.for_list()."""
    study = finding.study
    return FindingRow(
        id=finding.pk,
        therapy=finding.therapy.slug,
        outcome=finding.outcome.slug,
        direction=finding.direction,
        patients=finding.patients,
        statement=finding.statement,
        study=study.slug,
        study_label=study.label,
        design=study.design,
        year=year_of(study),
        basis=finding.basis or study.basis,
        locator=finding.locator,
        citation=citation_label(study),
    )


def synthesis_row(synthesis: PublishedSynthesis) -> SynthesisRow:
    """A review's own pooled figure. Wants PublishedSynthesis.objects.for_list()."""
    study = synthesis.study
    return SynthesisRow(
        id=synthesis.pk,
        therapy=synthesis.therapy.slug,
        versus=synthesis.versus.slug if synthesis.versus else None,
        outcome=synthesis.outcome.slug,
        measure=synthesis.measure,
        estimate=synthesis.estimate,
        low=synthesis.low,
        high=synthesis.high,
        studies=synthesis.studies,
        patients=synthesis.patients,
        definition=synthesis.definition or None,
        study=study.slug,
        study_label=study.label,
        year=year_of(study),
        basis=synthesis.basis or study.basis,
        locator=synthesis.locator,
        citation=citation_label(study),
    )


def contrast_row(contrast: Contrast) -> ReportedContrast:
    """A difference between two arms as reported. Wants Contrast.objects.for_list()."""
    study = contrast.study

    def tested(arm: Arm) -> tuple[str, ...]:
        return tuple(therapy.slug for therapy in arm.therapies_tested)

    return ReportedContrast(
        id=contrast.pk,
        study=study.slug,
        study_label=study.label,
        arm=contrast.arm.slug,
        versus=contrast.versus.slug,
        arm_label=contrast.arm.label,
        versus_label=contrast.versus.label,
        therapies=tested(contrast.arm),
        versus_therapies=tested(contrast.versus),
        regimen=regimen_of(contrast.arm),
        versus_regimen=regimen_of(contrast.versus),
        design_class=study.design_class,
        week=contrast.week,
        measure=contrast.measure,
        estimate=contrast.estimate,
        low=contrast.low,
        high=contrast.high,
        p=contrast.p or None,
        definition=contrast.definition or None,
        derived=contrast.derived or None,
        basis=contrast.basis or study.basis,
        locator=contrast.locator,
        citation=citation_label(study),
    )
