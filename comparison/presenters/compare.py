"""A comparison to what the page shows beside its plot: words, differences, pooled figures of reviews, sources."""

from dataclasses import dataclass

from comparison.presenters.sentences import estimate_sentence
from comparison.question import Question, lower_first
from comparison.result import (
    CitationLabel,
    Comparison,
    FindingRow,
    ReportedContrast,
    SynthesisRow,
)
from comparison.vocabulary import OutcomeTerm, Vocabulary
from evidence.choices import OCEBM_LEVELS, Direction
from foundation.formatting import (
    effect_text,
    interval_text,
    joined,
    proportion_percent,
)
from foundation.pieces import Source


@dataclass(frozen=True)
class FindingLine:
    """A finding as the findings component draws it."""

    outcome: str
    direction: str
    statement: str
    patients: int | None
    design: str
    level: int | None
    source: Source


def findings_by_therapy(
    comparison: Comparison, question: Question, vocabulary: Vocabulary
) -> list[tuple[str, str, list[FindingLine]]]:
    """Slug, name and findings of each therapy that has any; what was assessed comes first."""
    groups = []
    for slug in question.therapies:
        rows = [row for row in comparison.findings if row.therapy == slug]
        rows.sort(key=lambda row: (row.direction == Direction.NOT_ASSESSED, row.study))
        if rows:
            name = vocabulary.therapies[slug].name
            groups.append((slug, name, [_finding_line(row, vocabulary) for row in rows]))
    return groups


def _finding_line(row: FindingRow, vocabulary: Vocabulary) -> FindingLine:
    return FindingLine(
        outcome=vocabulary.outcomes[row.outcome].name,
        direction=row.direction,
        statement=row.statement,
        patients=row.patients,
        design=row.design,
        level=OCEBM_LEVELS[row.design],
        source=_source(row.study, row.study_label, row.citation, row.basis, row.locator, f"finding-{row.id}"),
    )


def _source(study: str, label: str, citation: CitationLabel, basis: str, locator: str, anchor: str) -> Source:
    return Source(
        label=label,
        url=f"/studies/{study}/#{anchor}",
        basis=basis,
        locator=locator,
        doi=citation.doi or "",
        pmid=citation.pmid or "",
        retracted=citation.retracted,
    )


@dataclass(frozen=True)
class ContrastLine:
    """A reported difference as the contrasts component draws it."""

    outcome: str
    definition: str
    arm: str
    versus: str
    effect: str
    p: str
    week: int | None
    design: str
    level: int | None
    source: Source


def contrast_lines(
    comparison: Comparison, outcome: OutcomeTerm, designs: dict[str, str]
) -> list[ContrastLine]:
    """Differences between arms as their studies reported them; ``designs``: study slug to design."""
    return [_contrast_line(row, outcome, designs[row.study]) for row in comparison.reported_contrasts]


def _contrast_line(row: ReportedContrast, outcome: OutcomeTerm, design: str) -> ContrastLine:
    return ContrastLine(
        outcome=outcome.name,
        definition=row.definition or "",
        arm=row.arm_label,
        versus=row.versus_label,
        effect=effect_text(row.measure, row.estimate, row.low, row.high),
        p=row.p or "",
        week=row.week,
        design=design,
        level=OCEBM_LEVELS[design],
        source=_source(
            row.study, row.study_label, row.citation, row.basis, row.locator, f"contrast-{row.id}"
        ),
    )


@dataclass(frozen=True)
class SynthesisLine:
    """A review's pooled figure as the syntheses component draws it."""

    outcome: str
    definition: str
    effect: str
    versus: str
    studies: int | None
    patients: int | None
    source: Source


def synthesis_lines(comparison: Comparison, vocabulary: Vocabulary) -> list[SynthesisLine]:
    """Figures pooled by published reviews, therapy by therapy."""
    return [_synthesis_line(row, vocabulary) for row in comparison.syntheses]


def _synthesis_line(row: SynthesisRow, vocabulary: Vocabulary) -> SynthesisLine:
    if row.measure == "proportion":
        share = proportion_percent(row.estimate, row.patients)
        effect = joined([share, interval_text(row.low, row.high, row.patients)], "with")
    else:
        effect = effect_text(row.measure, row.estimate, row.low, row.high)
    return SynthesisLine(
        outcome=f"{vocabulary.therapies[row.therapy].name}: {lower_first(vocabulary.outcomes[row.outcome].name)}",
        definition=row.definition or "",
        effect=effect,
        versus=vocabulary.therapies[row.versus].name if row.versus else "",
        studies=row.studies,
        patients=row.patients,
        source=_source(
            row.study, row.study_label, row.citation, row.basis, row.locator, f"synthesis-{row.id}"
        ),
    )


def estimate_sentences(comparison: Comparison, vocabulary: Vocabulary) -> list[str]:
    """How each pooled estimate was computed, and why that way."""
    return [
        estimate_sentence(stratum, stratum.estimate, vocabulary)
        for stratum in comparison.strata
        if stratum.estimate is not None
    ]


def passed_over(comparison: Comparison, vocabulary: Vocabulary) -> list[tuple[str, str, str, str]]:
    """Figures of the same arms that were not chosen: study and therapy, figure, definition, why."""
    return [
        (
            f"{row.study_label}, {vocabulary.therapies[row.therapy].name}",
            f"{other.figure}{f' at week {other.week}' if other.week is not None else ''}",
            other.definition or "definition not reported",
            other.why,
        )
        for row in comparison.rows
        for other in row.passed_over
    ]
