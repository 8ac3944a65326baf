"""What was measured over time: a line a patient, or median and quartiles by window of weeks where they are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import plotly.graph_objects as go

from comparison.charts.lanes import week_range, week_zero
from comparison.charts.theme import SMALL_FONT_SIZE, figure, value_axis
from foundation.palette import INK, MUTED, RULE, therapy_style

TRAJECTORY_HEIGHT = 380  # pixels
MARGIN = {"l": 64, "r": 20, "t": 30, "b": 64, "pad": 4}


@dataclass(frozen=True)
class TrajectoryPoint:
    """A figure of a patient at a week."""

    week: int
    value: float
    hover: str


@dataclass(frozen=True)
class TrajectoryLine:
    """One patient's figures in order of time."""

    therapy: str
    url: str
    points: tuple[TrajectoryPoint, ...]


@dataclass(frozen=True)
class TrajectoryWindow:
    """Median and quartiles of the patients with a figure in a window, each with one; quartiles None where too few."""

    label: str
    patients: int
    median: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class TrajectoryAxis:
    """What is drawn upwards."""

    title: str
    is_log: bool
    limit: float | None = None
    limit_words: str = ""


def build_lines(lines: Sequence[TrajectoryLine], axis: TrajectoryAxis) -> go.Figure:
    """A line a patient; it joins the figures that were reported and nothing else."""
    weeks = [point.week for line in lines for point in line.points]
    return _figure(
        [_line(line) for line in lines],
        axis,
        xaxis=value_axis(
            "Weeks from the start of the therapy",
            range=week_range(weeks),
            tickformat="d",
            nticks=10,
            zeroline=False,
        ),
        shapes=[week_zero(), *_limit(axis)],
    )


def build_bands(windows: Sequence[TrajectoryWindow], axis: TrajectoryAxis) -> go.Figure:
    """A box of quartiles with its median by window; windows are not joined, since they are of different patients."""
    drawn = [
        (place, window)
        for place, window in enumerate(windows)
        if window.low is not None and window.high is not None
    ]
    return _figure(
        [
            {
                "type": "bar",
                "name": "quartiles",
                "x": [place for place, _ in drawn],
                "base": [window.low for _, window in drawn],
                "y": [window.high - window.low for _, window in drawn],
                "width": 0.5,
                "marker": {"color": RULE, "opacity": 1, "line": {"width": 1, "color": MUTED}},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "name": "medians",
                "mode": "markers",
                "x": list(range(len(windows))),
                "y": [window.median for window in windows],
                "marker": {
                    "symbol": "line-ew-open",
                    "size": 22,
                    "color": INK,
                    "line": {"width": 3, "color": INK},
                },
                "hovertext": [_window_words(window) for window in windows],
                "hoverinfo": "text",
            },
        ],
        axis,
        xaxis=value_axis(
            "Weeks from the start of the therapy; n: patients with a figure then",
            tickvals=list(range(len(windows))),
            ticktext=[f"{window.label}<br>n = {window.patients}" for window in windows],
            range=[-0.6, len(windows) - 0.4],
            zeroline=False,
        ),
        shapes=_limit(axis),
    )


def _window_words(window: TrajectoryWindow) -> str:
    figures = f"median {window.median:g}"
    if window.low is not None and window.high is not None:
        figures += f", quartiles {window.low:g} to {window.high:g}"
    return f"{window.label}: {figures}, {window.patients} patients"


def _figure(
    traces: list[dict[str, Any]], axis: TrajectoryAxis, xaxis: dict[str, Any], shapes: list[dict[str, Any]]
) -> go.Figure:
    scale: dict[str, Any] = (
        {"type": "log", "dtick": "D2", "tickformat": ",d"}
        if axis.is_log
        else {"rangemode": "tozero", "nticks": 6}
    )
    title = {
        "text": f"{axis.title}, {'logarithmic' if axis.is_log else 'linear'} scale",
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -MARGIN["l"] + 4,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 8,
        "showarrow": False,
        "font": {"size": SMALL_FONT_SIZE, "color": MUTED},
    }
    return figure(
        traces,
        height=TRAJECTORY_HEIGHT,
        margin=MARGIN,
        xaxis=xaxis,
        yaxis=value_axis("", **scale),
        shapes=shapes,
        annotations=[title, *_limit_words(axis)],
    )


def _line(line: TrajectoryLine) -> dict[str, Any]:
    style = therapy_style(line.therapy)
    return {
        "type": "scatter",
        "name": line.url,
        "mode": "lines+markers" if len(line.points) > 1 else "markers",
        "x": [point.week for point in line.points],
        "y": [point.value for point in line.points],
        "line": {"color": style.colour, "width": 1.2, "dash": "dash"},
        "marker": {"symbol": style.symbol, "color": style.colour, "size": 9, "opacity": 0.75},
        "customdata": [line.url] * len(line.points),
        "hovertext": [point.hover for point in line.points],
        "hoverinfo": "text",
    }


def _limit(axis: TrajectoryAxis) -> list[dict[str, Any]]:
    if axis.limit is None:
        return []
    return [
        {
            "type": "line",
            "xref": "paper",
            "yref": "y",
            "x0": 0,
            "x1": 1,
            "y0": axis.limit,
            "y1": axis.limit,
            "line": {"color": MUTED, "width": 1.4, "dash": "dot"},
        }
    ]


def _limit_words(axis: TrajectoryAxis) -> list[dict[str, Any]]:
    if axis.limit is None:
        return []
    return [
        {
            "text": axis.limit_words,
            "x": 1,
            "xref": "paper",
            "xanchor": "right",
            # The place of a text on a logarithmic axis is its logarithm; that of a line is not.
            "y": log10(axis.limit) if axis.is_log else axis.limit,
            "yref": "y",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": SMALL_FONT_SIZE, "color": MUTED},
        }
    ]
