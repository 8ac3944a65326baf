"""One patient's course: a lane a course, a lane an organ, and panels of what was measured, on one axis of weeks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from comparison.charts.lanes import (
    Event,
    Placed,
    Stretch,
    event_trace,
    safe,
    stretch_traces,
    week_range,
    week_zero,
    words,
)
from comparison.charts.theme import SMALL_FONT_SIZE, figure, value_axis
from foundation.palette import INK, MUTED, therapy_style

LANE_HEIGHT = 30  # pixels
PANEL_HEIGHT = 112  # pixels, its title included
PANEL_TITLE = 24  # pixels
HEAD, FOOT = 8, 50  # pixels
LABEL_WIDTH, WORDS_WIDTH = 152, 196  # pixels left and right of the drawing
BAR_SHARE = 0.5  # of a lane


@dataclass(frozen=True)
class TimelineLane:
    """One line of the upper part: a course, an organ, the end of the report; `words` say what has no place in time."""

    label: str
    stretch: Stretch | None = None
    events: tuple[Event, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class TimelinePoint:
    """A figure at its week."""

    week: int
    value: float
    hover: str


@dataclass(frozen=True)
class TimelinePanel:
    """What was measured of one analyte; `limit` is the upper limit of normal where one is used."""

    title: str
    therapy: str
    points: tuple[TimelinePoint, ...]
    limit: float | None = None


def timeline_height(lanes: Sequence[TimelineLane], panels: Sequence[TimelinePanel]) -> int:
    """Pixels that the drawing will take."""
    return HEAD + LANE_HEIGHT * len(lanes) + PANEL_HEIGHT * len(panels) + FOOT


def build_timeline(
    lanes: Sequence[TimelineLane], panels: Sequence[TimelinePanel], axis_title: str
) -> go.Figure:
    """The course as it was reported; nothing is drawn between two figures but a dashed line from one to the next."""
    inner = timeline_height(lanes, panels) - HEAD - FOOT
    span = week_range(list(_weeks(lanes, panels)))
    split = 1 - LANE_HEIGHT * len(lanes) / inner
    places = [(lane, -index) for index, lane in enumerate(lanes)]
    events = event_trace([(event, y) for lane, y in places for event in lane.events])
    placed = [Placed(lane.stretch, y, BAR_SHARE) for lane, y in places if lane.stretch is not None]
    traces = [*stretch_traces(placed, span), *([events] if events else [])]
    axes: dict[str, Any] = {}
    titles: list[dict[str, Any]] = []
    limits: list[dict[str, Any]] = []
    for number, panel in enumerate(panels, start=2):
        top = split - (number - 2) * PANEL_HEIGHT / inner
        bottom = top - PANEL_HEIGHT / inner
        axes[f"yaxis{number}"] = _panel_axis(panel, [bottom + 8 / inner, top - PANEL_TITLE / inner])
        traces += _panel_traces(panel, f"y{number}")
        titles.append(_title(panel.title, top - 4 / inner))
        limits += _limit(panel, f"y{number}")
    return figure(
        traces,
        height=timeline_height(lanes, panels),
        margin={"l": LABEL_WIDTH, "r": WORDS_WIDTH, "t": HEAD, "b": FOOT, "pad": 4},
        barmode="overlay",
        xaxis=value_axis(
            axis_title, range=span, tickformat="d", nticks=9, zeroline=False, anchor="free", position=0
        ),
        yaxis={
            "visible": False,
            "domain": [split, 1],
            "range": [-len(lanes) + 0.5, 0.5],
            "fixedrange": True,
        },
        shapes=[week_zero(), *limits],
        annotations=[*_lane_words(places), *titles],
        **axes,
    )


def _weeks(lanes: Sequence[TimelineLane], panels: Sequence[TimelinePanel]) -> Iterator[int]:
    for lane in lanes:
        if lane.stretch is not None:
            yield from (week for week in (lane.stretch.start, lane.stretch.stop) if week is not None)
        yield from (event.week for event in lane.events)
    yield from (point.week for panel in panels for point in panel.points)


def _lane_words(places: Sequence[tuple[TimelineLane, int]]) -> Iterator[dict[str, Any]]:
    for lane, y in places:
        yield words(safe(lane.label), y, side="left", shift=-LABEL_WIDTH)
        if lane.words:
            yield words(safe(lane.words), y, side="right", shift=10, muted=True)


def _panel_axis(panel: TimelinePanel, domain: list[float]) -> dict[str, Any]:
    """From zero, so that a fall looks as large as it is."""
    highest = max([point.value for point in panel.points] + ([panel.limit] if panel.limit else []))
    return value_axis(
        "",
        domain=domain,
        range=[0, highest * 1.12 or 1],
        nticks=3,
        anchor="x",
        zeroline=False,
        rangemode="tozero",
    )


def _panel_traces(panel: TimelinePanel, axis: str) -> list[dict[str, Any]]:
    style = therapy_style(panel.therapy) if panel.therapy else None
    return [
        {
            "type": "scatter",
            "name": panel.title,
            "x": [point.week for point in panel.points],
            "y": [point.value for point in panel.points],
            "yaxis": axis,
            "mode": "lines+markers",
            "line": {"color": MUTED, "width": 1.2, "dash": "dash"},
            "marker": {
                "symbol": style.symbol if style else "circle",
                "color": style.colour if style else INK,
                "size": 9,
                "opacity": 1,
            },
            "cliponaxis": False,
            "hovertext": [point.hover for point in panel.points],
            "hoverinfo": "text",
        }
    ]


def _limit(panel: TimelinePanel, axis: str) -> list[dict[str, Any]]:
    if panel.limit is None:
        return []
    return [
        {
            "type": "line",
            "xref": "paper",
            "yref": axis,
            "x0": 0,
            "x1": 1,
            "y0": panel.limit,
            "y1": panel.limit,
            "line": {"color": MUTED, "width": 1, "dash": "dot"},
        }
    ]


def _title(text: str, y: float) -> dict[str, Any]:
    return {
        "text": safe(text),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "yref": "paper",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": SMALL_FONT_SIZE, "color": INK, "weight": 700},
    }
