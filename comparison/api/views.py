"""Comparisons as JSON and CSV: the same question, the same answer as the page."""

from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from comparison.api.parameters import TEXTS
from comparison.api.rows import COLUMNS, SummaryAnswer, csv_rows, summary_answers
from comparison.compare import compare
from comparison.evidence import Shelf, load_certainties, load_vocabulary, read_shelf
from comparison.question import PARAMETERS, REPEATABLE, Question, UnanswerableQuestion, WrongValue
from comparison.result import Comparison, as_json
from comparison.summary import outcomes_shown, summaries
from comparison.vocabulary import Vocabulary
from foundation.api.answers import answer_schema
from foundation.api.meta import meta_of
from foundation.api.problems import Fault, RefusedQuery, echo
from foundation.api.renderers import CSVRenderer, JSONRenderer
from foundation.api.views import PublicView
from foundation.filters import nearest

# Longer lists of what would have been accepted are left to the vocabulary's own addresses.
MOST_ALLOWED_SHOWN = 60


def fault_of(wrong: WrongValue) -> Fault:
    """A wrong value as the API tells it."""
    allowed = wrong.allowed if 0 < len(wrong.allowed) <= MOST_ALLOWED_SHOWN else None
    return Fault(
        wrong.parameter, wrong.detail, echo(wrong.value), allowed, nearest(wrong.value, wrong.allowed)
    )


def question_of(query: QueryDict, vocabulary: Vocabulary) -> Question:
    """The question of a request. Raises RefusedQuery that names every wrong value."""
    try:
        return Question.from_query(dict(query.lists()), vocabulary)
    except UnanswerableQuestion as error:
        raise RefusedQuery([fault_of(wrong) for wrong in error.wrong]) from error


@dataclass(frozen=True)
class AskedQuestion(Question):
    """The question as an answer repeats it: every parameter, the canonical query string, and in words."""

    query: str = ""
    in_words: str = ""


def question_json(question: Question, vocabulary: Vocabulary) -> dict[str, Any]:
    """The question as JSON, its time written out."""
    given = {part.name: getattr(question, part.name) for part in fields(Question)}
    given["at"] = question.time(vocabulary.outcomes[question.outcome])
    asked = AskedQuestion(**given, query=question.to_query(), in_words=question.in_words(vocabulary))
    return as_json(asked)


class ComparisonView(PublicView):
    """Therapies compared on one outcome: rows by therapy and design, pooled estimates, findings, cautions."""

    renderer_classes = (JSONRenderer, CSVRenderer)
    parameters = tuple(PARAMETERS)
    repeatable = tuple(REPEATABLE)
    parameter_texts = TEXTS
    answer_schema = answer_schema(
        "Comparison",
        question=AskedQuestion,
        **get_type_hints(Comparison),
        summary=list[SummaryAnswer],
        safety=list[SummaryAnswer],
    )
    file_name = "comparison"

    def csv_columns(self) -> list[str]:
        """One row an arm, as in the forest plot."""
        return list(COLUMNS)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer a question; without parameters, the letter's five therapies on overall response."""
        vocabulary = load_vocabulary()
        question = question_of(request.query_params, vocabulary)
        if self.wants_csv():
            rows = csv_rows(compare(question, vocabulary), vocabulary.outcomes[question.outcome])
            return Response(rows)
        shelf = read_shelf(question, outcomes_shown(question, vocabulary))
        comparison = compare(question, vocabulary, shelf)
        return Response(
            {
                "question": question_json(question, vocabulary),
                **as_json(comparison),
                **_at_once(question, vocabulary, shelf, comparison),
                "meta": meta_of(request),
            }
        )


def _at_once(
    question: Question, vocabulary: Vocabulary, shelf: Shelf, comparison: Comparison
) -> dict[str, Any]:
    """All main outcomes and all harms of the therapies asked about."""
    certainties = load_certainties(question.therapies)
    main, harms = summaries(question, vocabulary, shelf, comparison)
    return {
        "summary": as_json(summary_answers(main, certainties)),
        "safety": as_json(summary_answers(harms, certainties)),
    }
