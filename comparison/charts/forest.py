"""The forest plot: one line a study, strata under the name of their therapy, pooled diamonds, prediction intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from comparison.charts.theme import FONT_SIZE, SMALL_FONT_SIZE, figure, value_axis
from foundation.palette import INK, MUTED, RULE, TONES, therapy_style

LINE_HEIGHT = 26  # pixels
PAPER_LINE_HEIGHT = 16  # pixels before print.css shrinks the frame: no finger has to meet a line on paper
CROWDED_LINES, CROWDED_LINE_HEIGHT = (
    20,
    12.5,
)  # more lines than this stand closer on paper, as close as letters allow
HEAD_AND_FOOT = 70  # pixels for the axis and its title
LABEL_WIDTH, FIGURE_WIDTH = 210, 190  # pixels left and right of the drawing
LIGHT_SHIFT, LIGHT_WIDTH = (
    FIGURE_WIDTH - 16,
    13,
)  # pixels right of the drawing, and across, of a light on risk of bias
SMALLEST_MARKER, LARGEST_MARKER = 7.0, 22.0  # pixels across


@dataclass(frozen=True)
class ForestLine:
    """One line of the plot, from top to bottom."""

    kind: Literal["therapy", "stratum", "row", "estimate", "synthesis", "note"]
    label: str
    # What stands at the right: "14 of 30 (47%)".
    figure: str = ""
    therapy: str = ""
    study: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    patients: int = 0
    # Hollow where the row is not in the pool.
    pooled: bool = True
    hover: str = ""
    # Where a click leads.
    url: str = ""
    # Where the label leads.
    label_url: str = ""
    # Risk of bias as rated: its symbol and tone; empty where nobody has rated.
    bias_symbol: str = ""
    bias_tone: str = ""


@dataclass(frozen=True)
class ForestAxis:
    """What is drawn along the plot."""

    title: str
    # True: a share of 1, drawn from 0 to 100%.
    is_share: bool


def forest_height(lines: Sequence[ForestLine]) -> int:
    """Pixels that the plot will take, so that room is kept before it arrives."""
    return HEAD_AND_FOOT + LINE_HEIGHT * max(len(lines), 1)


def _paper_height(lines: Sequence[ForestLine]) -> int:
    """Pixels on paper, where a comparison should end with its sheet."""
    line_height = CROWDED_LINE_HEIGHT if len(lines) > CROWDED_LINES else PAPER_LINE_HEIGHT
    return HEAD_AND_FOOT + round(line_height * max(len(lines), 1))


def build_forest(lines: Sequence[ForestLine], axis: ForestAxis) -> go.Figure:
    """The forest plot of the lines; marker area follows the number of patients."""
    places = {id(line): -index for index, line in enumerate(lines)}
    traces = [
        trace
        for trace in (
            _predictions(lines, places),
            _rows(lines, places),
            _estimates(lines, places),
            _syntheses(lines, places),
        )
        if trace is not None
    ]
    share = (
        {"range": [-0.02, 1.02], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}
        if axis.is_share
        else {}
    )
    return figure(
        traces,
        height=forest_height(lines),
        meta={"paper_height": _paper_height(lines)},
        margin={"l": LABEL_WIDTH, "r": FIGURE_WIDTH, "t": 8, "b": 52, "pad": 4},
        xaxis=value_axis(axis.title, **share),
        yaxis={"visible": False, "range": [-len(lines) + 0.4, 0.6], "fixedrange": True},
        annotations=[
            *(part for line in lines for part in _texts(line, places[id(line)])),
            *_bias_head(lines),
        ],
        shapes=[
            *(_rule(places[id(line)]) for line in lines[1:] if line.kind == "therapy"),
            *(_band(places[id(line)]) for line in lines if line.kind == "synthesis"),
        ],
    )


def _scatter(**trace: Any) -> dict[str, Any]:
    return {"type": "scatter", **trace}


def _marker_size(patients: int, most: int) -> float:
    """Area, not width, follows the number of patients."""
    share = (patients / most) ** 0.5 if most > 0 else 0.0
    return round(SMALLEST_MARKER + (LARGEST_MARKER - SMALLEST_MARKER) * share, 1)


def _reach(lines: Sequence[ForestLine], low: str, high: str) -> dict[str, Any]:
    """Error bars that reach from a value to its bounds; none where they are not reported."""

    def length(line: ForestLine, bound: str) -> float:
        reported = getattr(line, bound)
        return 0.0 if reported is None or line.value is None else abs(reported - line.value)

    return {
        "type": "data",
        "symmetric": False,
        "array": [length(line, high) for line in lines],
        "arrayminus": [length(line, low) for line in lines],
        "width": 0,
        "thickness": 1.4,
        "color": MUTED,
    }


def _rows(lines: Sequence[ForestLine], places: dict[int, int]) -> dict[str, Any] | None:
    drawn = [line for line in lines if line.kind == "row" and line.value is not None]
    if not drawn:
        return None
    most = max(line.patients for line in drawn)
    styles = [therapy_style(line.therapy) for line in drawn]
    return _scatter(
        name="studies",
        x=[line.value for line in drawn],
        y=[places[id(line)] for line in drawn],
        mode="markers",
        cliponaxis=False,
        error_x=_reach(drawn, "low", "high"),
        marker={
            "symbol": [
                style.symbol if line.pooled else f"{style.symbol}-open"
                for line, style in zip(drawn, styles, strict=True)
            ],
            "color": [style.colour for style in styles],
            "size": [_marker_size(line.patients, most) for line in drawn],
            "opacity": 1,
            "line": {
                "width": [0 if line.pooled else 1.6 for line in drawn],
                "color": [style.colour for style in styles],
            },
        },
        customdata=[line.url for line in drawn],
        hovertext=[line.hover for line in drawn],
        hoverinfo="text",
    )


def _estimates(lines: Sequence[ForestLine], places: dict[int, int]) -> dict[str, Any] | None:
    drawn = [line for line in lines if line.kind == "estimate" and line.value is not None]
    if not drawn:
        return None
    x: list[float | None] = []
    y: list[float | None] = []
    for line in drawn:
        place = places[id(line)]
        x += [line.low, line.value, line.high, line.value, line.low, None]
        y += [place, place + 0.32, place, place - 0.32, place, None]
    return _scatter(
        name="pooled",
        x=x,
        y=y,
        mode="lines",
        fill="toself",
        fillcolor=INK,
        line={"color": INK, "width": 1},
        cliponaxis=False,
        hoverinfo="text",
        hovertext=[text for line in drawn for text in (line.hover,) * 6],
    )


def _syntheses(lines: Sequence[ForestLine], places: dict[int, int]) -> dict[str, Any] | None:
    """Reviews' own pooled figures: hollow diamonds of one size, since what they weigh is in the rows above already."""
    drawn = [line for line in lines if line.kind == "synthesis" and line.value is not None]
    if not drawn:
        return None
    return _scatter(
        name="published reviews",
        x=[line.value for line in drawn],
        y=[places[id(line)] for line in drawn],
        mode="markers",
        cliponaxis=False,
        error_x=_reach(drawn, "low", "high"),
        marker={"symbol": "diamond-open", "color": MUTED, "size": 11, "line": {"width": 1.6, "color": MUTED}},
        customdata=[line.url for line in drawn],
        hovertext=[line.hover for line in drawn],
        hoverinfo="text",
    )


def _band(place: int) -> dict[str, Any]:
    """The shade behind a line that is not of the pools."""
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": place - 0.5,
        "y1": place + 0.5,
        "fillcolor": RULE,
        "opacity": 0.35,
        "line": {"width": 0},
        "layer": "below",
    }


def _predictions(lines: Sequence[ForestLine], places: dict[int, int]) -> dict[str, Any] | None:
    drawn = [line for line in lines if line.kind == "estimate" and line.prediction_low is not None]
    if not drawn:
        return None
    return _scatter(
        name="prediction interval",
        x=[part for line in drawn for part in (line.prediction_low, line.prediction_high, None)],
        y=[part for line in drawn for part in (places[id(line)], places[id(line)], None)],
        mode="lines",
        line={"color": MUTED, "width": 1.4, "dash": "dot"},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _texts(line: ForestLine, place: int) -> list[dict[str, Any]]:
    """Label at the left and figure at the right of a line."""
    bold = line.kind in ("therapy", "estimate")
    muted = line.kind in ("stratum", "synthesis", "note") or not line.pooled
    common = {"y": place, "yref": "y", "xref": "paper", "showarrow": False, "yanchor": "middle"}
    # The weight is a font's and not <b>: a tag would need an inline style, which the page's policy refuses.
    common["font"] = {
        "size": SMALL_FONT_SIZE,
        "color": MUTED if muted else INK,
        "weight": 700 if bold else 400,
    }
    label = (
        f'<a href="{line.label_url}" target="_self">{_safe(line.label)}</a>'
        if line.label_url
        else _safe(line.label)
    )
    left = {**common, "x": 0, "xanchor": "left", "xshift": -LABEL_WIDTH, "align": "left"}
    texts = [{**left, "text": label}]
    if line.figure:
        right = {**common, "x": 1, "xanchor": "left", "xshift": 12, "align": "left"}
        texts.append({**right, "text": _safe(line.figure)})
    if line.bias_symbol:
        font = {"size": FONT_SIZE, "color": TONES[line.bias_tone][0], "weight": 700}
        light = {**common, "x": 1, "xanchor": "center", "xshift": LIGHT_SHIFT, "font": font}
        frame = {"width": LIGHT_WIDTH, "borderwidth": 1, "borderpad": 1, "bordercolor": font["color"]}
        texts.append({**light, **frame, "text": _safe(line.bias_symbol)})
    return texts


def _bias_head(lines: Sequence[ForestLine]) -> list[dict[str, Any]]:
    """The name of the column of lights, on the first line, which is a therapy's; none where nobody has rated."""
    if not any(line.bias_symbol for line in lines):
        return []
    place = {"x": 1, "xref": "paper", "y": 0, "yref": "y", "xanchor": "center", "xshift": LIGHT_SHIFT}
    font = {"size": SMALL_FONT_SIZE, "color": MUTED}
    return [{**place, "yanchor": "middle", "showarrow": False, "font": font, "text": "Bias"}]


def _safe(text: str) -> str:
    """Plotly reads a few tags in its texts; a label is no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _rule(place: int) -> dict[str, Any]:
    """A hairline above a therapy's name."""
    line = {"color": RULE, "width": 1}
    return {
        "type": "line",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": place + 0.5,
        "y1": place + 0.5,
        "line": line,
    }
