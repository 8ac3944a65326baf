"""Appraisals by one tool as a table that robvis draws (McGuinness and Higgins 2021, doi:10.1002/jrsm.1411)."""

from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from evidence.appraisal.tools import Answer, Tool, tools
from evidence.models import Appraisal
from foundation.api.answers import answer_schema
from foundation.api.faults import Fault, RefusedQuery, echo
from foundation.api.meta import meta_of
from foundation.api.renderers import CSVRenderer, JSONRenderer
from foundation.api.views import PublicView
from foundation.filters import nearest

NAMED = ", ".join(tools())


class RobvisView(PublicView):
    """Risk of bias by one tool, a row a study and rater: Study, one column a question, Overall."""

    renderer_classes = (CSVRenderer, JSONRenderer)
    parameters = ("tool",)
    parameter_texts = {"tool": f"Needed, since each tool has columns of its own: one of {NAMED}."}
    answer_schema = answer_schema("", rows=list[dict[str, str]])
    file_name = "robvis"

    def csv_columns(self) -> list[str]:
        """Headings as robvis expects them."""
        return ["Study", *(item.short for item in self.tool.items), "Overall"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The rows of one tool, by study; empty where nobody has rated yet."""
        self.tool = _tool(request.query_params.get("tool"))
        rated = Appraisal.objects.published().for_list().filter(tool=self.tool.slug)
        rows = list(_rows(self.tool, rated.order_by("study__label", "study__slug", "id")))
        return Response(rows if self.wants_csv() else {"rows": rows, "meta": meta_of(request)})


def _tool(named: str | None) -> Tool:
    if named is None:
        raise RefusedQuery([Fault("tool", f"tool is missing; choose from: {NAMED}.", None, tuple(tools()))])
    if named not in tools():
        detail = f"tool does not take {echo(named)!r}; choose from: {NAMED}."
        raise RefusedQuery(
            [Fault("tool", detail, echo(named), tuple(tools()), nearest(named, list(tools())))]
        )
    return tools()[named]


def _rows(tool: Tool, appraisals: Iterable[Appraisal]) -> Iterable[dict[str, str]]:
    for appraisal in appraisals:
        given = {answer.domain: answer.judgement for answer in appraisal.answers.all()}
        rater = appraisal.rater_number
        study = appraisal.study.label if rater == 1 else f"{appraisal.study.label} (rater {rater})"
        answers = {
            item.short: _label(tool.answer_by_slug, given[item.slug]) if item.slug in given else ""
            for item in tool.items
        }
        yield {"Study": study, **answers, "Overall": _label(tool.overall_by_slug, appraisal.overall)}


def _label(known: dict[str, Answer], slug: str) -> str:
    """The tool's own word; one that it no longer has stays as it was given."""
    return known[slug].label if slug in known else slug
