"""Harms side by side: outcomes down, therapies across; what nobody reported stands apart from what nobody had."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.presenters.forest import class_name
from comparison.presenters.summary import share_of_stratum
from comparison.question import Question
from comparison.summary import SummaryRow
from comparison.vocabulary import Vocabulary
from foundation.formatting import joined
from foundation.pieces import Share


@dataclass(frozen=True)
class SafetyCell:
    """One harm of one therapy."""

    slug: str
    # None: no figure.
    share: Share | None
    design_class: str
    design_name: str
    studies: tuple[tuple[str, str], ...]
    findings: int
    url: str


@dataclass(frozen=True)
class SafetyLine:
    """One harm across the therapies."""

    outcome: str
    url: str
    cells: tuple[SafetyCell, ...]


@dataclass(frozen=True)
class SafetyTable:
    """Harms with a figure for at least one therapy, and the names of those without any."""

    therapies: tuple[tuple[str, str], ...]
    lines: tuple[SafetyLine, ...]
    unreported: str


def safety_table(summary: Sequence[SummaryRow], question: Question, vocabulary: Vocabulary) -> SafetyTable:
    """The harms in the order of the vocabulary; a harm told only in words has its line too."""
    lines, unreported = [], []
    for slug in dict.fromkeys(row.outcome for row in summary):
        rows = [row for row in summary if row.outcome == slug]
        name = vocabulary.outcomes[slug].name
        if not any(row.stratum is not None or row.findings for row in rows):
            unreported.append(name.lower())
            continue
        url = _compare_url(question, slug)
        lines.append(SafetyLine(name, url, tuple(_cell(row, url, vocabulary) for row in rows)))
    therapies = tuple((slug, vocabulary.therapies[slug].name) for slug in question.therapies)
    return SafetyTable(therapies, tuple(lines), joined(unreported))


def _compare_url(question: Question, outcome: str) -> str:
    changed = question.with_changes(outcome=outcome, at=None, alike=None)
    return f"/compare/?{changed.to_query()}"


def _cell(row: SummaryRow, url: str, vocabulary: Vocabulary) -> SafetyCell:
    stratum = row.stratum
    if stratum is None:
        return SafetyCell(row.therapy, None, "", "", (), row.findings, url)
    pooled = [each for each in stratum.rows if each.pooled]
    return SafetyCell(
        slug=row.therapy,
        share=share_of_stratum(stratum, vocabulary.outcomes[row.outcome]),
        design_class=stratum.design_class or "",
        design_name=class_name(stratum),
        studies=tuple(dict.fromkeys((each.study, each.study_label) for each in pooled)),
        findings=row.findings,
        url=url,
    )
