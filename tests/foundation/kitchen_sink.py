"""One page with every component in every state, for tests and for the eye; it has no address on the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from foundation import palette, pieces
from foundation.models import Revision

TEMPLATE = Path(__file__).with_name("kitchen_sink.html")

CARRUTHERS = pieces.Source(
    "Carruthers 2015",
    "/studies/carruthers-2015/#result-3",
    "abstract",
    "Abstract, results",
    "10.1136/annrheumdis-2014-206605",
    "25667206",
)
FIGURE: dict[str, Any] = {
    "data": [
        {
            "type": "scatter",
            "x": [46.7, 30],
            "y": ["Carruthers 2015", "Matza 2022"],
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [19, 35.3],
                "arrayminus": [18.3, 23.3],
                "color": "#50585e",
            },
            "mode": "markers",
            "marker": {"color": ["#0072b2", "#009e73"], "symbol": ["square", "triangle-down"], "size": 12},
            "customdata": [{"url": "/studies/carruthers-2015/"}, {"url": "/studies/matza-2022/"}],
        }
    ],
    "layout": {
        "xaxis": {
            "range": [0, 100],
            "title": {"text": "Patients in complete remission (%)"},
            "gridcolor": "#d9dcd8",
        },
        "font": {"color": "#16191c"},
        "margin": {"l": 130, "r": 20, "t": 20, "b": 50},
    },
}


class SinkForm(forms.Form):
    """A field of each kind that a list filters by."""

    q = forms.CharField(label="Words", required=False, help_text="Title, author, DOI or PMID")
    design = forms.ChoiceField(
        label="Design", required=False, choices=[("", "Any design"), ("case_report", "Case report")]
    )
    organ = forms.MultipleChoiceField(
        label="Organ",
        required=False,
        choices=[("pancreas", "Pancreas"), ("kidney", "Kidney")],
        widget=forms.CheckboxSelectMultiple,
    )


def row(
    slug: str, name: str, share: pieces.Share, design: str, level: int, source: pieces.Source | None
) -> dict[str, Any]:
    """A line of the table of figures."""
    return {"slug": slug, "name": name, "share": share, "design": design, "level": level, "source": source}


def context() -> dict[str, Any]:
    """Every piece, filled; zero, everybody and nothing reported among them."""
    share = pieces.Share(
        14, 30, 0.2834, 0.6567, outcome="Complete remission", week=26, definition="Responder Index 0"
    )
    table = pieces.Table(
        "Complete remission by study",
        (pieces.Column("Study"), pieces.Column("Patients", True)),
        (("Carruthers 2015", "14 of 30"), ("Matza 2022", "3 of 10")),
    )
    downloads = (pieces.Download("CSV", "/compare.csv"), pieces.Download("JSON", "/compare.json"))
    rows = [
        row("rituximab", "Rituximab", share, "single_arm_trial", 4, CARRUTHERS),
        row(
            "abatacept",
            "Abatacept",
            pieces.Share(0, 10, 0.0, 0.3085, outcome="Death"),
            "case_series",
            4,
            pieces.Source("Matza 2022", "/", "press", "paragraph 2"),
        ),
        row(
            "dupilumab",
            "Dupilumab",
            pieces.Share(412, 413, 0.9866, 0.9999, outcome="Overall response"),
            "randomised_trial",
            2,
            pieces.Source(
                "Kanda 2023", basis="full_text", locator="Table 2", derived="97% of 30", retracted=True
            ),
        ),
        row(
            "mepolizumab",
            "Mepolizumab",
            pieces.Share(None, None, outcome="Relapse"),
            "expert_opinion",
            5,
            None,
        ),
    ]
    return {
        "rows": rows,
        "measured": pieces.Quantity(
            177,
            "median",
            "iqr",
            60,
            320,
            n=12,
            unit="mg/dL",
            as_reported="1.77 g/L",
            definition="Serum IgG4",
            week=26,
        ),
        "nothing": None,
        "terms": [
            pieces.Term("Registration", "NCT01584388"),
            pieces.Term("Funding"),
            pieces.Term("Organs", values=["Pancreas", "Kidney"]),
        ],
        "chart": pieces.Chart(
            "sink-forest",
            "Complete remission by week 26",
            FIGURE,
            260,
            "Hollow: not pooled.",
            table,
            downloads,
        ),
        "empty_chart": pieces.Chart("sink-empty", "Fibrosis", None, 300),
        "form": SinkForm(),
        "page_obj": Paginator(range(700), 50).page(6),
        "styles": palette.ORDER,
        "crumbs": [pieces.Crumb("Therapies", "/therapies/"), pieces.Crumb("Rituximab")],
        "revision": Revision(number=42),
    }


def render(request: HttpRequest | None = None) -> str:
    """Return the page as HTML."""
    request = request or RequestFactory().get("/therapies/rituximab/?organ=pancreas&organ=kidney&page=6")
    return engines["django"].from_string(TEMPLATE.read_text()).render(context(), request)
