"""What all figures have in common: ink, rules, fonts, no chrome. charts.js turns the colours for a dark page."""

from typing import Any

import plotly.graph_objects as go

from foundation.palette import INK, MUTED, RULE

FONT_SIZE = 13
SMALL_FONT_SIZE = 12
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 44, "pad": 4}


def figure(traces: list[dict[str, Any]], **layout: Any) -> go.Figure:
    """An empty-handed figure: transparent paper, one font, no legend, no drag.

    Plotly's validation of every property takes six times as long as the rest of a comparison's plot; the tests
    validate what the builders make.
    """
    return go.Figure(
        _validate=False,
        data=traces,
        layout={
            # None would bring the library's default template along.
            "template": {"layout": {"autotypenumbers": "strict"}},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"size": FONT_SIZE, "color": INK},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {"align": "left"},
            "margin": MARGIN,
            **layout,
        },
    )


def value_axis(title: str, **axis: Any) -> dict[str, Any]:
    """A horizontal axis of values with hairline guides."""
    return {
        "title": {"text": title, "font": {"size": SMALL_FONT_SIZE, "color": MUTED}, "standoff": 8},
        "tickfont": {"size": SMALL_FONT_SIZE, "color": MUTED},
        "gridcolor": RULE,
        "zerolinecolor": RULE,
        "linecolor": RULE,
        "showline": True,
        "fixedrange": True,
        **axis,
    }
