"""The evidence matrix: for each therapy and domain the strongest figure, or what is told in words, or nothing.

A cell's headline is one study's own figure and never a pool: of the strongest design class that reports the domain, the
outcome that matters most (`HEADLINES`), then the largest study. Case reports, having no figure of their own, are
counted together when nothing stronger exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from comparison.assembly import Assembly
from comparison.derived import DEFINITIONS
from comparison.presenters import figures, tallies
from evidence.choices import Design, DesignClass, Direction, Domain
from evidence.models import Case, Finding, Outcome, Result, Study
from foundation.pieces import Quantity, Share, Source
from therapies.models import Therapy
from therapies.querysets import LETTER_THERAPIES

# What a clinician asks first in each domain; an outcome that is not named comes after these, in the vocabulary's order.
HEADLINES: dict[str, tuple[str, ...]] = {
    Domain.EFFICACY: ("overall_response", "complete_remission", "relapse", "partial_remission"),
    Domain.STEROID_SPARING: ("glucocorticoid_free", "glucocorticoid_reduced", "steroid_dependence"),
    Domain.BIOMARKER: ("serum_igg4_normal", "serum_igg4_reduced", "serum_igg4_change", "serum_igg4"),
    Domain.SAFETY: ("serious_adverse_event", "adverse_event", "serious_infection", "infection"),
}
LATEST_COUNTS = {"relapse", "second_relapse"}  # as in safety: the longest follow-up tells most
USUAL_WEEK = 26
WORDS_IN_A_CELL = 3


@dataclass(frozen=True)
class WordCell:
    """A finding in words, short: which outcome went which way."""

    outcome: str
    outcome_slug: str
    direction: str
    study: str
    source: Source


@dataclass(frozen=True)
class Cell:
    """What is known of a therapy in one domain."""

    domain: str
    domain_name: str
    studies: int
    design: str = ""
    level: int | None = None
    outcome: str = ""
    outcome_slug: str = ""
    share: Share | None = None
    quantity: Quantity | None = None
    # The study of the figure; empty where single patients were counted together.
    study: str = ""
    source: Source | None = None
    cases: int = 0
    words: tuple[WordCell, ...] = ()
    more_words: int = 0
    url: str = ""

    @property
    def is_empty(self) -> bool:
        """No figure and no finding: no evidence."""
        return self.share is None and self.quantity is None and not self.words


@dataclass(frozen=True)
class Row:
    """A therapy across the domains."""

    slug: str
    name: str
    url: str
    place: str
    studies: int
    cells: tuple[Cell, ...]


@dataclass
class Evidence:
    """What the cells of one therapy are made of."""

    results: list[Result]
    findings: list[Finding]
    cases: list[Case]
    overlapping: tallies.Pairs = frozenset()

    @property
    def study_ids(self) -> set[int]:
        """The studies that tell of the therapy."""
        return (
            {result.arm.study_id for result in self.results}
            | {finding.study_id for finding in self.findings}
            | {case.study_id for case in self.cases}
        )


def build(assembly: Assembly, asked: Collection[str] = ()) -> list[Row]:
    """The rows: the letter's five, then the others by number of studies.

    Therapies without any study are left out, but for those of the letter; where some are asked for, just those stand.
    """
    by_therapy = gather(assembly)
    known = {outcome.slug: outcome for outcome in assembly.outcomes.values()}
    rows = [
        _row(therapy, known, by_therapy.get(therapy.slug, Evidence([], [], [])))
        for therapy in assembly.therapies.values()
        if not therapy.is_control and (not asked or therapy.slug in asked)
    ]
    rows = [row for row in rows if row.studies or row.slug in (asked or LETTER_THERAPIES)]
    ranks = {slug: rank for rank, slug in enumerate(LETTER_THERAPIES)}
    return sorted(rows, key=lambda row: (ranks.get(row.slug, len(ranks)), -row.studies, row.name))


def gather(assembly: Assembly) -> dict[str, Evidence]:
    """All results, findings and cases of an assembly by therapy slug."""
    overlapping = tallies.pairs_of(assembly.overlaps())
    found: dict[str, Evidence] = defaultdict(lambda: Evidence([], [], [], overlapping))
    for result in assembly.results():
        for therapy in result.arm.therapies_tested:
            found[therapy.slug].results.append(result)
    for finding in assembly.findings():
        found[finding.therapy.slug].findings.append(finding)
    for case in assembly.cases():
        found[case.index_therapy.slug].cases.append(case)
    return dict(found)


def _row(therapy: Therapy, outcomes: dict[str, Outcome], evidence: Evidence) -> Row:
    return Row(
        slug=therapy.slug,
        name=therapy.name,
        url=therapy.get_absolute_url(),
        place=therapy.get_place_display(),
        studies=len(evidence.study_ids),
        cells=cells(therapy.slug, outcomes, evidence),
    )


def cells(slug: str, outcomes: dict[str, Outcome], evidence: Evidence) -> tuple[Cell, ...]:
    """One cell a domain, in the order of the vocabulary."""
    tally = tallies.tally(evidence.cases, evidence.overlapping)
    return tuple(_cell(slug, domain, outcomes, evidence, tally) for domain in Domain.values)


def _cell(
    slug: str,
    domain: str,
    outcomes: dict[str, Outcome],
    evidence: Evidence,
    tally: Mapping[str, tallies.Tally],
) -> Cell:
    results = [result for result in evidence.results if result.outcome.domain == domain]
    findings = [finding for finding in evidence.findings if finding.outcome.domain == domain]
    counted = {
        outcome: count
        for outcome, count in tally.items()
        if outcome in outcomes and outcomes[outcome].domain == domain
    }
    studies = {result.arm.study_id for result in results} | {finding.study_id for finding in findings}
    if counted:
        studies |= {case.study_id for case in evidence.cases}
    head = _headline(domain, results)
    told = sorted(findings, key=lambda f: (f.direction == Direction.NOT_ASSESSED, f.outcome.position))
    words = tuple(
        WordCell(f.outcome.name, f.outcome.slug, f.direction, f.study.slug, figures.source_of(f, f.study))
        for f in told[:WORDS_IN_A_CELL]
    )
    common = {"domain": domain, "domain_name": Domain(domain).label, "studies": len(studies)}
    # A count of cases is weaker than any arm, but stronger than a mean without events in a case series.
    if head is not None and not (
        counted and head.events is None and _class(head.arm.study) == DesignClass.CASE
    ):
        return Cell(
            **common,
            design=head.arm.study.design,
            level=head.arm.study.ocebm_level,
            outcome=head.outcome.name,
            outcome_slug=head.outcome.slug,
            share=figures.share_of(head),
            quantity=figures.quantity_of(head),
            study=head.arm.study.slug,
            source=figures.source_of(head, head.arm.study),
            url=_compare(slug, head.outcome.slug),
        )
    if counted:
        outcome = min(counted, key=lambda each: _importance(domain, outcomes[each]))
        return Cell(
            **common,
            design=DesignClass.CASE,
            level=4,
            outcome=outcomes[outcome].name,
            outcome_slug=outcome,
            share=figures.share(*counted[outcome], outcomes[outcome].name, None, DEFINITIONS[outcome]),
            cases=len(evidence.cases),
            url=_compare(slug, outcome),
        )
    strongest = min((f.study for f in findings), key=_strength, default=None)
    return Cell(
        **common,
        design=strongest.design if strongest else "",
        level=strongest.ocebm_level if strongest else None,
        words=words,
        more_words=max(len(findings) - len(words), 0),
        url=_compare(slug, told[0].outcome.slug) if told else "",
    )


def _headline(domain: str, results: list[Result]) -> Result | None:
    """The figure that leads: strongest class, x of n before means, what matters most, largest, best time."""

    def rank(result: Result) -> tuple:
        week = result.week if result.week is not None else result.arm.study.follow_up_weeks
        if domain == Domain.SAFETY or result.outcome.slug in LATEST_COUNTS:
            time = -week if week is not None else 1
        else:
            time = abs(week - USUAL_WEEK) if week is not None else 10_000
        size = result.total if result.total is not None else result.n or 0
        return (
            _class_order(result.arm.study),
            result.events is None,
            result.organ_id is not None,
            _importance(domain, result.outcome),
            -size,
            time,
            result.arm.study.slug,
            result.position,
        )

    # Week 0 is how patients came, not what a therapy did.
    return min((result for result in results if result.week != 0), key=rank, default=None)


def _importance(domain: str, outcome: Outcome) -> tuple[int, int]:
    first = HEADLINES[domain]
    return (first.index(outcome.slug) if outcome.slug in first else len(first), outcome.position)


def _class(study: Study) -> str:
    return figures.design_class_of(study)


def _class_order(study: Study) -> int:
    return figures.CLASS_ORDER.get(_class(study), len(figures.CLASS_ORDER))


def _strength(study: Study) -> tuple[int, int]:
    return (_class_order(study), list(Design.values).index(study.design))


def _compare(slug: str, outcome: str) -> str:
    return f"/compare/?{urlencode({'therapy': slug, 'outcome': outcome})}"
