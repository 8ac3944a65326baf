"""The specification curve: every estimate that defensible choices come to, sorted, with the choices as dots below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from comparison.charts.theme import SMALL_FONT_SIZE, figure, value_axis
from foundation.palette import INK, MUTED, RULE, therapy_style

CURVE_HEIGHT = 220  # pixels
LINE_HEIGHT = 20  # pixels a choice
GAP = 24  # pixels between curve and dots
HEAD_AND_FOOT = 20  # pixels
LABEL_WIDTH = 190  # pixels


@dataclass(frozen=True)
class UniversePoint:
    """One estimate and the choices behind it, as (axis, choice) pairs of the plot's lines."""

    proportion: float
    low: float
    high: float
    choices: frozenset[tuple[str, str]]
    is_default: bool
    hover: str


@dataclass(frozen=True)
class ChoiceLine:
    """A line of dots: one choice of one axis; a line without choice is the axis's heading."""

    axis: str
    choice: str
    label: str


def multiverse_height(lines: Sequence[ChoiceLine]) -> int:
    """Pixels that the plot will take."""
    return HEAD_AND_FOOT + CURVE_HEIGHT + GAP + LINE_HEIGHT * len(lines)


def build_multiverse(points: Sequence[UniversePoint], lines: Sequence[ChoiceLine], therapy: str) -> go.Figure:
    """The curve of the points, lowest estimate first; the default is drawn full in ink and the others hollow."""
    ordered = sorted(points, key=lambda point: (point.proportion, point.low, point.high))
    inner = CURVE_HEIGHT + GAP + LINE_HEIGHT * len(lines)
    split = LINE_HEIGHT * len(lines) / inner
    return figure(
        [*_curve(ordered, therapy), *_dots(ordered, lines)],
        height=multiverse_height(lines),
        margin={"l": LABEL_WIDTH, "r": 12, "t": 8, "b": HEAD_AND_FOOT - 8, "pad": 4},
        xaxis={"visible": False, "range": [-0.7, len(ordered) - 0.3], "fixedrange": True},
        yaxis=value_axis(
            "",
            domain=[split + GAP / inner, 1],
            range=[-0.03, 1.03],
            tickformat=".0%",
            tickvals=[0, 0.25, 0.5, 0.75, 1],
            anchor="free",
            position=0,
        ),
        yaxis2={
            "visible": False,
            "domain": [0, split],
            "range": [-len(lines) + 0.5, 0.5],
            "fixedrange": True,
        },
        annotations=[_label(line, -place) for place, line in enumerate(lines)],
    )


def _curve(points: Sequence[UniversePoint], therapy: str) -> list[dict[str, Any]]:
    style = therapy_style(therapy)
    return [
        {
            "type": "scatter",
            "name": "estimates",
            "x": list(range(len(points))),
            "y": [point.proportion for point in points],
            "mode": "markers",
            "cliponaxis": False,
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [point.high - point.proportion for point in points],
                "arrayminus": [point.proportion - point.low for point in points],
                "width": 0,
                "thickness": 1.2,
                "color": MUTED,
            },
            "marker": {
                "symbol": [style.symbol if point.is_default else f"{style.symbol}-open" for point in points],
                "color": [INK if point.is_default else style.colour for point in points],
                "size": [13 if point.is_default else 8 for point in points],
                "opacity": 1,
            },
            "hovertext": [point.hover for point in points],
            "hoverinfo": "text",
        }
    ]


def _dots(points: Sequence[UniversePoint], lines: Sequence[ChoiceLine]) -> list[dict[str, Any]]:
    """A dot where a choice leads to the estimate above it, a faint one where it does not."""
    traces = []
    for name, is_made, colour, size in (("not chosen", False, RULE, 4), ("choices", True, INK, 7)):
        places = [
            (x, -y)
            for x, point in enumerate(points)
            for y, line in enumerate(lines)
            if line.choice and ((line.axis, line.choice) in point.choices) is is_made
        ]
        traces.append(
            {
                "type": "scatter",
                "name": name,
                "x": [x for x, _ in places],
                "y": [y for _, y in places],
                "yaxis": "y2",
                "mode": "markers",
                "marker": {"symbol": "circle", "color": colour, "size": size, "opacity": 1},
                "hoverinfo": "skip",
            }
        )
    return traces


def _label(line: ChoiceLine, place: int) -> dict[str, Any]:
    is_heading = not line.choice
    return {
        "text": line.label.replace("&", "&amp;").replace("<", "&lt;"),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -LABEL_WIDTH,
        "y": place,
        "yref": "y2",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {
            "size": SMALL_FONT_SIZE,
            "color": MUTED if is_heading else INK,
            "weight": 700 if is_heading else 400,
        },
    }
