"""The definitions behind the rows of a comparison side by side, each with a link that keeps its rows alone."""

from dataclasses import dataclass

from comparison.definitions import definition_key
from comparison.question import Question
from comparison.result import Comparison, Row
from comparison.vocabulary import Vocabulary
from foundation.formatting import joined, week_text
from foundation.pieces import Link


@dataclass(frozen=True)
class DefinitionLine:
    """One definition, with the figures by it."""

    # None: none is stated.
    definition: str | None
    instruments: str
    rows: tuple[Link, ...]
    # Where only the rows by this definition are compared; empty where none is stated, or where it stands alone.
    keep_url: str


def definition_lines(
    comparison: Comparison, question: Question, vocabulary: Vocabulary
) -> list[DefinitionLine]:
    """One line a definition, that of the most figures first, those without one last."""
    groups: dict[str | None, list[Row]] = {}
    for row in comparison.rows:
        groups.setdefault(definition_key(row.definition), []).append(row)
    ranked = sorted(groups.items(), key=lambda group: (group[0] is None, -len(group[1]), group[0] or ""))
    return [_line(rows, question, vocabulary, is_only=len(groups) == 1) for _, rows in ranked]


def _line(rows: list[Row], question: Question, vocabulary: Vocabulary, *, is_only: bool) -> DefinitionLine:
    first = rows[0]
    keep_url = ""
    if first.definition and not is_only:
        keep_url = f"/compare/?{question.with_changes(alike=first.study).to_query()}"
    return DefinitionLine(
        definition=first.definition,
        instruments=joined(list(first.instruments)),
        rows=tuple(
            Link(
                f"{row.study_label}, {vocabulary.therapies[row.therapy].name}, {week_text(row.week)}",
                f"/studies/{row.study}/",
            )
            for row in rows
        ),
        keep_url=keep_url,
    )


def all_definitions_url(question: Question) -> str:
    """The same question with every definition; empty where none is asked for."""
    return f"/compare/?{question.with_changes(alike=None).to_query()}" if question.alike is not None else ""
