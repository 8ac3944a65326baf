"""A therapy's page: everything known of it, grouped as a clinician asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparison.derived import DEFINITIONS
from comparison.presenters import figures, tallies
from evidence.choices import BackgroundGlucocorticoid, DesignClass, Direction, Domain
from evidence.models import Arm, Case, Contrast, Finding, Outcome, PublishedSynthesis, Result, Study
from evidence.models.study import GLUCOCORTICOID
from foundation import formatting
from foundation.pieces import Caution, Download, Quantity, Share, Source
from literature.models import Citation
from therapies.models import Therapy

RELAPSE_OUTCOMES = {
    "relapse",
    "second_relapse",
    "annualised_flare_rate",
    "secondary_nonresponse",
    "rescue_therapy",
}


@dataclass(frozen=True)
class OutcomeRow:
    """A figure of one arm, with all a reader needs to weigh it."""

    outcome: str
    share: Share | None
    quantity: Quantity | None
    week: int | None
    organ: str
    arm: str
    background: str
    design: str
    level: int | None
    definition: str
    note: str
    source: Source | None


@dataclass(frozen=True)
class OutcomeGroup:
    """The rows of one outcome, strongest design first."""

    outcome: str
    slug: str
    rows: tuple[OutcomeRow, ...]


@dataclass(frozen=True)
class Section:
    """A part of the page with its groups; empty says in words what is missing."""

    id: str
    title: str
    groups: tuple[OutcomeGroup, ...]
    empty: str


@dataclass(frozen=True)
class FindingRow:
    """What a study tells in words."""

    outcome: str
    domain: str
    direction: str
    statement: str
    patients: int | None
    design: str
    level: int | None
    source: Source


@dataclass(frozen=True)
class ContrastRow:
    """A difference between two arms as the study reported it."""

    outcome: str
    arm: str
    versus: str
    effect: str
    p: str
    week: int | None
    design: str
    level: int | None
    definition: str
    source: Source
    # The row's id on its study's page.
    anchor: str


@dataclass(frozen=True)
class SynthesisRow:
    """A review's own pooled figure."""

    outcome: str
    effect: str
    measure: str
    versus: str
    studies: int | None
    patients: int | None
    definition: str
    source: Source
    # The row's id on its study's page.
    anchor: str


def sections(
    results: Iterable[Result], cases: Sequence[Case], outcomes: Iterable[Outcome], overlapping: tallies.Pairs
) -> tuple[Section, ...]:
    """All figures of a therapy: efficacy, relapse, steroid sparing, biomarkers, safety."""
    rows = [(result.outcome, _sort_key(result), outcome_row(result)) for result in results]
    groups: dict[str, list[OutcomeGroup]] = {}
    counts = tallies.tally(cases, overlapping)
    for outcome in sorted(outcomes, key=lambda each: (each.position, each.slug)):
        own = sorted(
            ((key, row) for of, key, row in rows if of.slug == outcome.slug), key=lambda pair: pair[0]
        )
        drawn = [row for _, row in own]
        if outcome.slug in counts:
            drawn.append(case_row(outcome, counts[outcome.slug]))
        if drawn:
            groups.setdefault(_section_of(outcome), []).append(
                OutcomeGroup(outcome.name, outcome.slug, tuple(drawn))
            )
    return tuple(
        Section(key, title, tuple(groups.get(key, ())), empty)
        for key, title, empty in (
            ("efficacy", "Response", "No study or case reports a figure of response."),
            ("relapse", "Relapse", "No study or case reports a figure of relapse."),
            (
                "steroid_sparing",
                "Steroid sparing",
                "No study or case reports a figure of glucocorticoid spared.",
            ),
            ("biomarker", "Biomarkers", "No study reports a figure of a biomarker."),
            (
                "safety",
                "Safety in IgG4-RD",
                "No study in IgG4-RD reports harms with a denominator. That is not evidence of safety.",
            ),
        )
    )


def _section_of(outcome: Outcome) -> str:
    return "relapse" if outcome.slug in RELAPSE_OUTCOMES else str(outcome.domain)


def _sort_key(result: Result) -> tuple:
    """Strongest design first, then the largest study, then time."""
    study = result.arm.study
    size = result.total if result.total is not None else result.n
    return (
        figures.DESIGN_ORDER[study.design],
        -(size or 0),
        study.slug,
        result.arm.position,
        result.week if result.week is not None else 10_000,
        result.position,
        result.pk,
    )


def outcome_row(result: Result) -> OutcomeRow:
    """One reported figure; used by the therapy's and the study's page."""
    arm, study = result.arm, result.arm.study
    return OutcomeRow(
        outcome=result.outcome.name,
        share=figures.share_of(result),
        quantity=figures.quantity_of(result),
        week=result.week,
        organ=result.organ.name if result.organ else "",
        arm=arm.label,
        background=background_text(arm),
        design=study.design,
        level=study.ocebm_level,
        definition=result.definition,
        note=result.note,
        source=figures.source_of(result, study),
    )


def background_text(arm: Arm) -> str:
    """What became of glucocorticoid beside the therapy; empty where that is not reported, or is the therapy."""
    if [therapy.slug for therapy in arm.therapies_tested] == [GLUCOCORTICOID]:
        return ""
    if arm.background_glucocorticoid == BackgroundGlucocorticoid.NOT_REPORTED:
        return ""
    return f"Glucocorticoid beside it: {arm.get_background_glucocorticoid_display().lower()}"


def case_row(outcome: Outcome, count: tallies.Tally) -> OutcomeRow:
    """The cases counted together; it has no single source, the cases below are its sources."""
    definition = DEFINITIONS[outcome.slug]
    return OutcomeRow(
        outcome=outcome.name,
        share=figures.share(*count, outcome.name, None, definition),
        quantity=None,
        week=None,
        organ="",
        arm="Single cases, counted together",
        background="",
        design=DesignClass.CASE,
        level=4,
        definition=definition,
        note="",
        source=None,
    )


def finding_rows(findings: Iterable[Finding]) -> list[FindingRow]:
    """Findings in words: what was assessed before what was not, by domain and outcome, strongest design first."""
    domains = list(Domain.values)

    def key(finding: Finding) -> tuple:
        return (
            finding.direction == Direction.NOT_ASSESSED,
            domains.index(finding.outcome.domain),
            finding.outcome.position,
            figures.DESIGN_ORDER[finding.study.design],
            finding.study.slug,
            finding.position,
        )

    return [
        FindingRow(
            outcome=finding.outcome.name,
            domain=finding.outcome.get_domain_display(),
            direction=finding.direction,
            statement=finding.statement,
            patients=finding.patients,
            design=finding.study.design,
            level=finding.study.ocebm_level,
            source=figures.source_of(finding, finding.study),
        )
        for finding in sorted(findings, key=key)
    ]


def contrast_rows(contrasts: Iterable[Contrast]) -> list[ContrastRow]:
    """Reported differences between arms, strongest design first."""
    ordered = sorted(
        contrasts,
        key=lambda c: (figures.DESIGN_ORDER[c.study.design], c.study.slug, c.outcome.position, c.position),
    )
    return [
        ContrastRow(
            outcome=contrast.outcome.name,
            arm=contrast.arm.label,
            versus=contrast.versus.label,
            effect=figures.effect_of(contrast),
            p=contrast.p,
            week=contrast.week,
            design=contrast.study.design,
            level=contrast.study.ocebm_level,
            definition=contrast.definition,
            source=figures.source_of(contrast, contrast.study),
            anchor=figures.anchor_of(contrast),
        )
        for contrast in ordered
    ]


def synthesis_rows(syntheses: Iterable[PublishedSynthesis]) -> list[SynthesisRow]:
    """Reviews' own pooled figures, by outcome."""
    ordered = sorted(syntheses, key=lambda s: (s.outcome.position, s.study.slug, s.position))
    return [
        SynthesisRow(
            outcome=synthesis.outcome.name,
            effect=figures.effect_of(synthesis),
            measure=synthesis.get_measure_display(),
            versus=synthesis.versus.name if synthesis.versus else "",
            studies=synthesis.studies,
            patients=synthesis.patients,
            definition=synthesis.definition,
            source=figures.source_of(synthesis, synthesis.study),
            anchor=figures.anchor_of(synthesis),
        )
        for synthesis in ordered
    ]


def cautions(
    results: Sequence[Result], cases: Sequence[Case], findings: Sequence[Finding], overlapping: int
) -> list[Caution]:
    """What a reader of this therapy's page must not miss."""
    found = []
    classes = {figures.design_class_of(result.arm.study) for result in results}
    if not results and not cases and not findings:
        found.append(Caution("no_evidence", "No published patient with IgG4-RD was found for this therapy."))
    elif not results and not cases:
        found.append(
            Caution(
                "words_only",
                "What is known is told in words only: no study gives a figure with a denominator.",
            )
        )
    elif classes <= {DesignClass.CASE}:
        found.append(
            Caution(
                "case_reports_only",
                "Only case series and reports exist: successes are published more readily than failures.",
            )
        )
    elif not classes & {DesignClass.RANDOMISED, DesignClass.CONTROLLED}:
        found.append(
            Caution(
                "no_controlled_study",
                "No controlled study reports on it: what would have happened without it is unknown.",
            )
        )
    bases = {result.basis or result.arm.study.basis for result in results}
    if bases & {"press", "conference_abstract"}:
        found.append(
            Caution(
                "press_figures",
                "Some figures come from a press report or a conference abstract, marked at the figure.",
            )
        )
    if overlapping:
        found.append(
            Caution(
                "overlaps",
                f"{formatting.plural(overlapping, 'pair')} of these studies share patients, or may: "
                "do not add their figures up.",
            )
        )
    return found


def references(studies: Iterable[Study], therapy: Therapy) -> list[Citation]:
    """Every publication that the page rests on, once each, newest first."""
    primary = (study.primary_citation for study in studies)
    found = {citation.pk: citation for citation in primary if citation is not None}
    for mechanism in therapy.mechanisms.all():
        found |= {link.citation_id: link.citation for link in mechanism.mechanism_citations.all()}
    return sorted(found.values(), key=lambda c: (-(c.year or 0), c.label, c.slug))


def downloads(slug: str) -> tuple[Download, ...]:
    """The same evidence as files."""
    return (
        Download("Results (CSV)", f"/api/v1/results/?therapy={slug}&format=csv"),
        Download("Results (JSON)", f"/api/v1/results/?therapy={slug}"),
        Download("Cases (CSV)", f"/api/v1/cases/?therapy={slug}&format=csv"),
        Download("Therapy (JSON)", f"/api/v1/therapies/{slug}/"),
    )


def partial_date(date: str) -> str:
    """A date as exact as it was read: "2025", "April 2025", "3 April 2025"."""
    if not date:
        return f"date {formatting.NOT_REPORTED}"
    year, *rest = date.split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
