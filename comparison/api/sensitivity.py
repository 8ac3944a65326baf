"""How a comparison moves, as JSON and CSV: the same question as the comparison's, read the same way."""

from collections.abc import Iterator
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from comparison.api.parameters import TEXTS
from comparison.api.views import AskedQuestion, question_json, question_of
from comparison.evidence import load_vocabulary
from comparison.question import PARAMETERS, REPEATABLE
from comparison.result import Estimate, as_json
from comparison.sensitivity import TherapySensitivity, sensitivity
from foundation.api.answers import answer_schema
from foundation.api.meta import meta_of
from foundation.api.renderers import CSVRenderer, JSONRenderer
from foundation.api.views import PublicView

_FIGURE = ("patients", "events", "proportion", "low", "high", "method")
COLUMNS = (
    *("analysis", "therapy", "design_class", "year", "left_out", "designs", "overlaps", "basis", "methods"),
    *("is_default", "studies", *_FIGURE, "why_not"),
)


class SensitivityView(PublicView):
    """How each therapy's figure moves: through time, without each study, under every method and rule."""

    renderer_classes = (JSONRenderer, CSVRenderer)
    parameters = tuple(PARAMETERS)
    repeatable = tuple(REPEATABLE)
    parameter_texts = TEXTS
    answer_schema = answer_schema("Comparison", question=AskedQuestion, therapies=list[TherapySensitivity])
    file_name = "sensitivity"

    def csv_columns(self) -> list[str]:
        """One row a step, a study left out or a universe."""
        return list(COLUMNS)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Cumulative, leave-one-out, multiverse and tipping point of a question; an outcome in means has none."""
        vocabulary = load_vocabulary()
        question = question_of(request.query_params, vocabulary)
        answers = sensitivity(question, vocabulary)
        if self.wants_csv():
            return Response([row for answer in answers for row in _csv_rows(answer)])
        return Response(
            {
                "question": question_json(question, vocabulary),
                "therapies": as_json(answers),
                "meta": meta_of(request),
            }
        )


def _csv_rows(answer: TherapySensitivity) -> Iterator[dict[str, Any]]:
    for stratum in answer.strata:
        common = {"therapy": answer.therapy, "design_class": stratum.design_class}
        for step in stratum.cumulative:
            yield _row("cumulative", step.estimate, **common, year=step.year)
        for left in stratum.leave_one_out:
            told = {"left_out": left.study, "why_not": left.why_not}
            yield _row("leave_one_out", left.estimate, **common, **told)
    for universe in answer.multiverse:
        yield _row(
            "multiverse",
            universe.estimate,
            therapy=answer.therapy,
            left_out=universe.left_out,
            designs=list(universe.designs),
            overlaps=list(universe.overlaps),
            basis=list(universe.basis),
            methods=list(universe.methods),
            is_default=universe.is_default,
            why_not=universe.why_not,
        )


def _row(analysis: str, estimate: Estimate | None, **told: Any) -> dict[str, Any]:
    """A row with every column; None is an empty cell."""
    figure = as_json(estimate) if estimate is not None else dict.fromkeys((*_FIGURE, "studies"))
    known = {"analysis": analysis, **told, **{name: figure[name] for name in (*_FIGURE, "studies")}}
    return {name: known.get(name) for name in COLUMNS}
