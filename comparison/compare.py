"""Question to answer: evidence, strata, the guard's verdicts, cautions."""

from comparison.cautions import cautions_on
from comparison.evidence import Shelf, evidence_on, read_shelf
from comparison.guard import judge
from comparison.question import Question, lower_first
from comparison.result import Comparison
from comparison.strata import build_strata
from comparison.vocabulary import Vocabulary


def compare(question: Question, vocabulary: Vocabulary, shelf: Shelf | None = None) -> Comparison:
    """All that the evidence answers to a question; from a shelf read before, where one was."""
    evidence = evidence_on(question, vocabulary, shelf or read_shelf(question, [question.outcome]))
    strata = tuple(build_strata(evidence.rows, question, evidence.overlaps, vocabulary.studies))
    names = {slug: lower_first(term.name) for slug, term in vocabulary.therapies.items()}
    rows = (*evidence.rows, *evidence.comparators)
    contrasts = judge(
        question.therapies,
        rows,
        evidence.contrasts,
        names,
        question.exclude,
        evidence.overlaps,
        question.overlaps,
    )
    return Comparison(
        strata=strata,
        contrasts=contrasts,
        findings=evidence.findings,
        syntheses=evidence.syntheses,
        reported_contrasts=evidence.contrasts,
        cautions=cautions_on(question, vocabulary, strata, contrasts, evidence.findings),
    )
