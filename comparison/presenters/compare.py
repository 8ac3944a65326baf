"""A comparison to what the page shows beside its plot: summary of findings, words, differences, references."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from comparison.presenters.forest import class_name
from comparison.presenters.sentences import estimate_sentence, method_words, summary_sentence
from comparison.question import Question, lower_first
from comparison.result import (
    CitationLabel,
    Comparison,
    Estimate,
    FindingRow,
    ReportedContrast,
    Row,
    Stratum,
    SynthesisRow,
)
from comparison.vocabulary import OutcomeTerm, Vocabulary
from evidence.choices import OCEBM_LEVELS, Direction
from foundation.formatting import (
    effect_text,
    interval_text,
    joined,
    per_hundred,
    plural,
    proportion_percent,
    quantity_text,
)
from foundation.pieces import Share, Source

MOST_FIGURES = 3
# Of fewer patients than this, "of 100" promises more than is known.
FEWEST_FOR_PER_HUNDRED = 10


@dataclass(frozen=True)
class SummaryLine:
    """A therapy's stratum in the summary of findings."""

    slug: str
    therapy: str
    url: str
    design_class: str
    design_name: str
    share: Share | None
    # Means and medians as reported, where the outcome is a quantity.
    figures: tuple[str, ...]
    per_hundred: str
    studies: str
    # Studies shown but not in the pool.
    aside: int
    method: str
    sentence: str
    certainty: str | None = None
    certainty_reasons: str = ""


@dataclass(frozen=True)
class Silence:
    """A therapy asked about that has no figure, with what is told of it in words."""

    slug: str
    therapy: str
    url: str
    findings: int


Certainties = dict[str, tuple[str, str]]


def summary_lines(
    comparison: Comparison, outcome: OutcomeTerm, vocabulary: Vocabulary, certainties: Certainties
) -> list[SummaryLine]:
    """One line a stratum, in the order of the question."""
    return [
        _summary_line(stratum, outcome, vocabulary, certainties.get(stratum.therapy))
        for stratum in comparison.strata
    ]


def _summary_line(
    stratum: Stratum, outcome: OutcomeTerm, vocabulary: Vocabulary, certainty: tuple[str, str] | None
) -> SummaryLine:
    estimate, rows = stratum.estimate, stratum.rows
    aside = sum(not row.pooled for row in rows) if outcome.is_proportion else 0
    studies = len({row.study for row in rows})
    return SummaryLine(
        slug=stratum.therapy,
        therapy=vocabulary.therapies[stratum.therapy].name,
        url=f"/therapies/{stratum.therapy}/",
        design_class=stratum.design_class or "systematic_review",
        design_name=class_name(stratum),
        share=_share(stratum, outcome),
        figures=() if outcome.is_proportion else _figures(rows, outcome),
        per_hundred=_expected(estimate),
        studies=plural(studies, "study", "studies"),
        aside=aside,
        method=method_words(estimate.method) if estimate is not None else "",
        sentence=summary_sentence(stratum, outcome, vocabulary),
        certainty=certainty[0] if certainty else None,
        certainty_reasons=certainty[1] if certainty else "",
    )


def _expected(estimate: Estimate | None) -> str:
    """How many of 100, where enough patients stand behind it to say so."""
    if estimate is None:
        return ""
    return (
        per_hundred(estimate.proportion) if estimate.patients >= FEWEST_FOR_PER_HUNDRED else "too few to say"
    )


def _share(stratum: Stratum, outcome: OutcomeTerm) -> Share | None:
    """The pooled figure; its events and total are sums, its proportion the model's."""
    estimate = stratum.estimate
    if estimate is None:
        return None
    pooled = [row for row in stratum.rows if row.pooled]
    weeks = {row.week for row in pooled}
    times = _times(weeks) if len(weeks) > 1 else ""
    definitions = list(dict.fromkeys(row.definition for row in pooled if row.definition))
    return Share(
        estimate.events,
        estimate.patients,
        estimate.low,
        estimate.high,
        proportion=estimate.proportion if estimate.arms > 1 else None,
        outcome=outcome.name,
        week=weeks.pop() if len(weeks) == 1 else None,
        definition="; ".join(definitions[:MOST_FIGURES]) + (" …" if len(definitions) > MOST_FIGURES else ""),
        method=f"{method_words(estimate.method)}: {estimate.reason}",
        times=times,
    )


def _times(weeks: Collection[int | None]) -> str:
    """The span of several times: "weeks 12 to 52, for some not reported"."""
    known = sorted(week for week in weeks if week is not None)
    span = f"week {known[0]}" if len(known) == 1 else f"weeks {known[0]} to {known[-1]}"
    return f"{span}, for some not reported" if None in weeks else span


def _figures(rows: Sequence[Row], outcome: OutcomeTerm) -> tuple[str, ...]:
    """Means and medians of the largest studies, each with its study."""
    largest = sorted(rows, key=lambda row: (-row.size, row.study))[:MOST_FIGURES]
    return tuple(f"{_quantity(row, outcome)} ({row.study_label})" for row in largest)


def _quantity(row: Row, outcome: OutcomeTerm) -> str:
    return quantity_text(
        row.value, row.statistic, row.spread, row.value_low, row.value_high, row.sd, row.n, outcome.unit
    )


def silences(comparison: Comparison, question: Question, vocabulary: Vocabulary) -> list[Silence]:
    """Therapies without a figure: an answer too."""
    told = {stratum.therapy for stratum in comparison.strata}
    return [
        Silence(
            slug,
            vocabulary.therapies[slug].name,
            f"/therapies/{slug}/",
            sum(finding.therapy == slug for finding in comparison.findings),
        )
        for slug in question.therapies
        if slug not in told
    ]


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
