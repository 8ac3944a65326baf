"""Question to answer: evidence, strata, cautions."""

from comparison.cautions import cautions_on
from comparison.evidence import gather
from comparison.question import Question
from comparison.result import Comparison
from comparison.strata import build_strata
from comparison.vocabulary import Vocabulary


def compare(question: Question, vocabulary: Vocabulary) -> Comparison:
    """All that the evidence answers to a question."""
    evidence = gather(question, vocabulary)
    strata = build_strata(evidence.rows, question, evidence.overlaps, vocabulary.studies)
    return Comparison(
        strata=tuple(strata),
        findings=evidence.findings,
        syntheses=evidence.syntheses,
        reported_contrasts=evidence.contrasts,
        cautions=cautions_on(question, vocabulary, strata, evidence.findings),
    )
