"""The rules of reporting as data, and a check of a study by them that anyone may ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.choices import Design, RuleSeverity
from evidence.dataset.entry import public_faults_of
from evidence.dataset.faults import Fault, Faults
from evidence.dataset.schema import StudyRecord
from evidence.reporting_rules import Broken, Rule, cautions_of, rules_for
from foundation.api.answers import answer_schema, body_schema
from foundation.api.faults import RefusedQuery
from foundation.api.meta import meta_of
from foundation.api.posting import PostedView, json_object
from foundation.api.renderers import CSVRenderer, JSONRenderer
from foundation.api.views import PublicView
from foundation.filters import unknown_value

LISTS: dict[str, list[str]] = {"design": Design.values, "severity": RuleSeverity.values}
COLUMNS = ("id", "severity", "designs", "message", "reason", "source")


@dataclass(frozen=True)
class ToldRule:
    """A rule: what must or should hold for studies of its designs, what is said where it does not, and why."""

    id: str
    severity: str
    designs: list[str]
    message: str
    reason: str
    source: str


@dataclass(frozen=True)
class ToldFault:
    """What is wrong, or worth another look, at which place of the study, and by which rule, if one says so."""

    path: str
    message: str
    rule: str | None


class RulesView(PublicView):
    """What a study of each design must and should hold; words in braces are values of the place at fault."""

    renderer_classes = (JSONRenderer, CSVRenderer)
    parameters = ("design", "severity")
    repeatable = ("design", "severity")
    parameter_texts = {
        "design": f"Rules for studies of this design, repeated for several. One of {', '.join(Design.values)}.",
        "severity": "must: the study is not taken; should: a caution. Both without it.",
    }
    answer_schema = answer_schema("Reporting", count=int, results=list[ToldRule])
    file_name = "rules"

    def csv_columns(self) -> list[str]:
        """One row a rule."""
        return list(COLUMNS)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The rules in the order of the table."""
        designs, severities = _words(request.query_params)
        rules = [_told(rule) for rule in rules_for(designs, severities)]
        if self.wants_csv():
            return Response(rules)
        return Response({"count": len(rules), "results": rules, "meta": meta_of(request)})


class StudyCheckView(PostedView):
    """What stands against a study, and what to look at again; nothing is written, and drafts are not looked at."""

    body_schema = body_schema("Entered", StudyRecord)
    body_text = "A study in the shape of data/studies/SLUG.yaml, as JSON."
    answer_schema = answer_schema("Checked", faults=list[ToldFault], cautions=list[ToldFault])

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Faults of shape, or else of names and rules with the cautions."""
        faults, cautions = check(json_object(request._request))
        return Response(
            {
                "faults": [_fault(fault.path, fault.what, fault.rule) for fault in faults],
                "cautions": [_fault(caution.path, caution.message, caution.rule) for caution in cautions],
                "meta": meta_of(request),
            }
        )


def check(content: dict[str, Any]) -> tuple[list[Fault], list[Broken]]:
    """What stands against a study as it was sent, and what is worth another look."""
    try:
        record = StudyRecord.model_validate(content)
    except ValidationError as refusal:
        faults = Faults()
        faults.add_refusal("", "", refusal)
        return sorted(faults.found), []
    return public_faults_of(record), cautions_of(record)


def _words(query: QueryDict) -> list[list[str]]:
    """The values of each parameter, all from its list; the others are refused at once."""
    given = {name: query.getlist(name) for name in LISTS}
    wrong = [
        unknown_value(name, value, LISTS[name], tuple(LISTS[name]))
        for name, values in given.items()
        for value in values
        if value not in LISTS[name]
    ]
    if wrong:
        raise RefusedQuery(wrong)
    return list(given.values())


def _told(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "severity": str(rule.severity),
        "designs": _in_order(rule.designs),
        "message": rule.message,
        "reason": rule.reason,
        "source": rule.source,
    }


def _in_order(designs: Iterable[Design]) -> list[str]:
    """Designs, strongest first."""
    return sorted((str(design) for design in designs), key=Design.values.index)


def _fault(path: str, message: str, rule: str) -> dict[str, str | None]:
    return {"path": path, "message": message, "rule": rule or None}
