"""Patients like one at hand, as JSON and CSV."""

from collections.abc import Iterator
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from comparison.explorer import matches_of
from comparison.like_mine import FEW, Matches, Wanted, in_words
from comparison.like_mine_form import PARAMETERS, REPEATABLE, LikeMineForm
from comparison.result import as_json
from foundation.api.answers import answer_schema
from foundation.api.faults import Fault, RefusedQuery, echo
from foundation.api.meta import meta_of
from foundation.api.renderers import CSVRenderer, JSONRenderer
from foundation.api.views import PublicView

COLUMNS = (
    *("relaxed", "how", "therapy", "patients", "outcome", "events", "total", "proportion", "low", "high"),
    *("too_few", "cases"),
)
CAUTION = (
    "Published cases are mostly successes. These counts say what was written up; they are no forecast and no advice, "
    "and therapies are not ranked by them."
)


class LikeMineView(PublicView):
    """Published patients who meet all criteria, and those who do with one criterion relaxed, counted by therapy."""

    renderer_classes = (JSONRenderer, CSVRenderer)
    parameters = PARAMETERS
    repeatable = REPEATABLE
    parameter_texts = {
        "organ": "Slug of an organ, repeated for several: the patient had disease in all of them.",
        "comorbidity": "Slug of a comorbidity, repeated for several: the patient had all of them.",
        "prior_therapy": "Slug of a therapy, repeated for several: the patient had all of them before.",
        "age_from": "Youngest age in years, 0 to 90; 90 stands for any age above 89.",
        "age_to": "Oldest age in years, 0 to 90.",
        "sex": "male or female; any without it.",
    }
    answer_schema = answer_schema(
        "LikeMine", wanted=Wanted, in_words=str, matches=list[Matches], too_few_under=int, caution=str
    )
    file_name = "like-mine"

    def csv_columns(self) -> list[str]:
        """One row a way to match, therapy and outcome."""
        return list(COLUMNS)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Strict matches first, then each relaxation; nothing asked for, no matches."""
        form = LikeMineForm(request.query_params)
        if form.errors:
            raise RefusedQuery(list(_faults(form)))
        wanted = form.wanted()
        found = matches_of(wanted)
        if self.wants_csv():
            return Response([row for one in found for row in _csv_rows(one)])
        return Response(
            {
                "wanted": as_json(wanted),
                "in_words": in_words(wanted, form.names),
                "matches": as_json(found),
                "too_few_under": FEW,
                "caution": CAUTION,
                "meta": meta_of(request),
            }
        )


def _faults(form: LikeMineForm) -> Iterator[Fault]:
    for name, messages in form.errors.items():
        values = form.data.getlist(name)  # type: ignore[attr-defined]
        yield Fault(name, f"{name}: {' '.join(map(str, messages))}", echo(", ".join(values)))


def _csv_rows(found: Matches) -> Iterator[dict[str, Any]]:
    for row in found.therapies:
        for count in row.counts:
            figure = as_json(count)
            yield {
                "relaxed": found.relaxed,
                "how": found.how,
                "therapy": row.therapy,
                "patients": row.patients,
                **{name: figure[name] for name in ("outcome", "proportion", "low", "high", "too_few")},
                # 0 of 0 is no figure.
                "events": count.events if count.total else None,
                "total": count.total,
                "cases": list(row.cases),
            }
