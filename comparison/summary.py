"""The main outcomes and the harms of a question's therapies at once: of each the strongest class with a figure.

The asked outcome is one of several by which a therapy is judged; the others stand beside it under the same filters,
each at its own usual time. The filter by definition alone stays with the asked outcome: others have other definitions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from comparison.evidence import Shelf, evidence_on
from comparison.overlaps import Overlaps
from comparison.question import Question
from comparison.result import Comparison, Row, Stratum
from comparison.strata import build_strata
from comparison.vocabulary import Vocabulary
from evidence.choices import DesignClass, Domain

# What a patient and a physician decide by, benefits before harms; GRADE's handbook advises seven at the most.
MAIN_OUTCOMES = (
    "overall_response",
    "complete_remission",
    "relapse",
    "glucocorticoid_free",
    "serious_adverse_event",
    "serious_infection",
    "adverse_event_discontinuation",
)


@dataclass(frozen=True)
class SummaryRow:
    """What is known of one therapy on one outcome: the stratum of the strongest class, or that there is none."""

    outcome: str
    therapy: str
    # None: no figure by x of n.
    stratum: Stratum | None
    # Weaker classes that report it too, strongest first.
    weaker: tuple[str, ...]
    # What is told in words.
    findings: int


def main_outcomes(question: Question, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The asked outcome, then the other main ones."""
    known = [slug for slug in MAIN_OUTCOMES if slug in vocabulary.outcomes]
    return tuple(dict.fromkeys([question.outcome, *known]))


def safety_outcomes(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Every harm that is counted in patients."""
    terms = vocabulary.outcomes.values()
    return tuple(term.slug for term in terms if term.domain == Domain.SAFETY and term.is_proportion)


def outcomes_shown(question: Question, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Every outcome that an answer tells of."""
    return tuple(dict.fromkeys([*main_outcomes(question, vocabulary), *safety_outcomes(vocabulary)]))


def summaries(
    question: Question, vocabulary: Vocabulary, shelf: Shelf, comparison: Comparison
) -> tuple[tuple[SummaryRow, ...], tuple[SummaryRow, ...]]:
    """The rows of the main outcomes, and those of the harms; an outcome that is both is pooled once."""
    rows = summarise(question, vocabulary, shelf, comparison, outcomes_shown(question, vocabulary))
    main, harms = (
        tuple(row for outcome in outcomes for row in rows if row.outcome == outcome)
        for outcomes in (main_outcomes(question, vocabulary), safety_outcomes(vocabulary))
    )
    return main, harms


def summarise(
    question: Question, vocabulary: Vocabulary, shelf: Shelf, comparison: Comparison, outcomes: Iterable[str]
) -> tuple[SummaryRow, ...]:
    """A row for each outcome and therapy, in their order.

    The shelf holds all the outcomes; `comparison` answers the asked one.
    """
    rows: list[SummaryRow] = []
    for outcome in outcomes:
        if outcome == question.outcome:
            rows += _of_comparison(question, comparison)
        else:
            asked = question.with_changes(outcome=outcome, at=None, alike=None)
            rows += _of_outcome(asked, vocabulary, shelf)
    return tuple(rows)


def _of_comparison(question: Question, comparison: Comparison) -> list[SummaryRow]:
    rows = []
    for therapy in question.therapies:
        pooled = [stratum for stratum in comparison.of_therapy(therapy) if stratum.estimate is not None]
        weaker = tuple(stratum.design_class or "" for stratum in pooled[1:])
        findings = sum(finding.therapy == therapy for finding in comparison.findings)
        rows.append(SummaryRow(question.outcome, therapy, pooled[0] if pooled else None, weaker, findings))
    return rows


def _of_outcome(question: Question, vocabulary: Vocabulary, shelf: Shelf) -> list[SummaryRow]:
    evidence = evidence_on(question, vocabulary, shelf)
    summary = []
    for therapy in question.therapies:
        rows = [row for row in evidence.rows if row.therapy == therapy and row.has_count]
        stratum, weaker = _strongest(rows, question, shelf.overlaps, vocabulary)
        findings = sum(finding.therapy == therapy for finding in evidence.findings)
        summary.append(SummaryRow(question.outcome, therapy, stratum, weaker, findings))
    return summary


def _strongest(
    rows: Collection[Row], question: Question, overlaps: Overlaps, vocabulary: Vocabulary
) -> tuple[Stratum | None, tuple[str, ...]]:
    """The stratum of the strongest class whose rows come to an estimate, and the names of the weaker ones."""
    if question.pool == "together":
        strata = build_strata(rows, question, overlaps, vocabulary.studies)
        return next((stratum for stratum in strata if stratum.estimate is not None), None), ()
    classes = [name for name in DesignClass.values if any(row.design_class == name for row in rows)]
    for place, name in enumerate(classes):
        of_class = [row for row in rows if row.design_class == name]
        (stratum,) = build_strata(of_class, question, overlaps, vocabulary.studies)
        if stratum.estimate is not None:
            return stratum, tuple(classes[place + 1 :])
    return None, ()
