"""The evidence as it stood at the end of each year: one small plot a stratum, on the same years and scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from comparison.charts.theme import SMALL_FONT_SIZE, figure, value_axis
from foundation.palette import INK, MUTED, RULE, therapy_style

PANEL_HEIGHT = 132  # pixels, its title included
FOOT = 52  # pixels for the years
TITLE_SHARE = 0.2  # of a panel


@dataclass(frozen=True)
class CumulativePoint:
    """The estimate at the end of a year."""

    year: int
    proportion: float
    low: float
    high: float
    hover: str
    # Where the evidence of that year is compared.
    url: str


@dataclass(frozen=True)
class CumulativePanel:
    """One stratum through the years."""

    title: str
    therapy: str
    points: tuple[CumulativePoint, ...]


def cumulative_height(panels: Sequence[CumulativePanel]) -> int:
    """Pixels that the plot will take."""
    return FOOT + PANEL_HEIGHT * max(len(panels), 1)


def build_cumulative(panels: Sequence[CumulativePanel]) -> go.Figure:
    """Estimates with their intervals by year, a panel a stratum; a step lasts until the next study is published."""
    years = [point.year for panel in panels for point in panel.points]
    axes: dict[str, Any] = {}
    traces, titles = [], []
    for place, panel in enumerate(panels):
        name = "" if place == 0 else str(place + 1)
        top = 1 - place / len(panels)
        bottom = 1 - (place + 1) / len(panels)
        axes[f"yaxis{name}"] = value_axis(
            "",
            domain=[bottom + 0.02, top - TITLE_SHARE / len(panels)],
            range=[-0.03, 1.03],
            tickvals=[0, 0.5, 1],
            tickformat=".0%",
            anchor="x",
        )
        traces += _panel(panel, f"y{name}", max(years))
        titles.append(_title(panel, top))
    return figure(
        traces,
        height=cumulative_height(panels),
        margin={"l": 52, "r": 16, "t": 6, "b": FOOT - 6, "pad": 4},
        xaxis=value_axis(
            "Studies published to the end of",
            range=[min(years) - 0.6, max(years) + 0.6],
            tickformat="d",
            nticks=8,
            anchor=f"y{len(panels)}" if len(panels) > 1 else "y",
        ),
        annotations=titles,
        **axes,
    )


def _panel(panel: CumulativePanel, axis: str, last: int) -> list[dict[str, Any]]:
    """Interval as a stepped band, estimate as a stepped line, a marker where a study was added."""
    points, colour = panel.points, therapy_style(panel.therapy)
    ends = [point.year for point in points[1:]] + [max(last, points[-1].year + 1)]
    corners = [(x, point) for point, end in zip(points, ends, strict=True) for x in (point.year, end)]
    band_x = [x for x, _ in corners] + [x for x, _ in reversed(corners)]
    band_y = [point.high for _, point in corners] + [point.low for _, point in reversed(corners)]
    common = {"type": "scatter", "yaxis": axis}
    return [
        {
            **common,
            "name": f"{panel.title}: interval",
            "x": band_x,
            "y": band_y,
            "mode": "lines",
            "fill": "toself",
            "fillcolor": RULE,
            "line": {"width": 0, "color": RULE},
            "hoverinfo": "skip",
        },
        {
            **common,
            "name": panel.title,
            "x": [point.year for point in points],
            "y": [point.proportion for point in points],
            "mode": "lines+markers",
            "line": {"shape": "hv", "width": 1.6, "color": MUTED},
            "marker": {"symbol": colour.symbol, "color": colour.colour, "size": 9, "opacity": 1},
            "cliponaxis": False,
            "customdata": [point.url for point in points],
            "hovertext": [point.hover for point in points],
            "hoverinfo": "text",
        },
    ]


def _title(panel: CumulativePanel, top: float) -> dict[str, Any]:
    return {
        "text": panel.title.replace("&", "&amp;").replace("<", "&lt;"),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": top,
        "yref": "paper",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": SMALL_FONT_SIZE, "color": INK, "weight": 700},
    }
