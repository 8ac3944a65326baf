"""The swimmer plot: a lane a patient, under the therapy that each report is about."""

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
    tracks,
    week_range,
    week_zero,
    words,
)
from comparison.charts.theme import figure, value_axis
from foundation.palette import RULE

LANE_HEIGHT = 26  # pixels
HEAD, FOOT = 8, 50  # pixels
LABEL_WIDTH, WORDS_WIDTH = 214, 268  # pixels left and right of the drawing
LONGEST_LABEL = 32  # letters; the whole name stands at the pointer and in the table
BARS_SHARE = 0.72  # of a lane, shared by courses that lie beside each other
THICKEST_BAR = 0.42  # of a lane
EARLIEST, LATEST = -32_768, 32_767  # weeks, as the database takes them
RELAPSE_SHIFT = 0.2  # of a lane, so that a relapse at the last follow-up does not hide it


@dataclass(frozen=True)
class SwimmerLane:
    """A patient, or a heading where there is neither address nor course; `words` say what has no place in time."""

    label: str
    url: str = ""
    stretches: tuple[Stretch, ...] = ()
    events: tuple[Event, ...] = ()
    words: str = ""
    # From week 0 to here the patient was watched; None where follow-up is not reported.
    watched_to: int | None = None


def swimmer_height(lanes: Sequence[SwimmerLane]) -> int:
    """Pixels that the drawing will take."""
    return HEAD + LANE_HEIGHT * max(len(lanes), 1) + FOOT


def build_swimmer(
    lanes: Sequence[SwimmerLane], *, first_week: int = EARLIEST, last_week: int = LATEST
) -> go.Figure:
    """The lanes from top to bottom, in the order given; what lies outside the weeks is cut off."""
    places = [(lane, -index) for index, lane in enumerate(lanes)]
    span = week_range([min(max(week, first_week), last_week) for week in _weeks(lanes)])
    by_lane = [(lane, y, _placed(lane, y)) for lane, y in places]
    placed = [one for _, _, own in by_lane for one in own]
    events = event_trace(
        [
            (event, _height(event, y, own))
            for lane, y, own in by_lane
            for event in lane.events
            if first_week <= event.week <= last_week
        ]
    )
    return figure(
        [_watched(places), *stretch_traces(placed, span), *([events] if events else [])],
        height=swimmer_height(lanes),
        margin={"l": LABEL_WIDTH, "r": WORDS_WIDTH, "t": HEAD, "b": FOOT, "pad": 4},
        barmode="overlay",
        xaxis=value_axis(
            "Weeks from the start of the therapy",
            range=span,
            tickformat="d",
            nticks=10,
            zeroline=False,
        ),
        yaxis={"visible": False, "range": [-len(lanes) + 0.5, 0.5], "fixedrange": True},
        shapes=[week_zero()],
        annotations=[note for lane, y in places for note in _notes(lane, y)],
    )


def _weeks(lanes: Sequence[SwimmerLane]) -> Iterator[int]:
    for lane in lanes:
        for stretch in lane.stretches:
            yield from (week for week in (stretch.start, stretch.stop) if week is not None)
        yield from (event.week for event in lane.events)


def _placed(lane: SwimmerLane, y: float) -> list[Placed]:
    """The courses of a lane, those of the same weeks beside each other."""
    chosen = tracks(lane.stretches)
    many = max(chosen, default=0) + 1
    step = BARS_SHARE / many
    thickness = min(step * 0.86, THICKEST_BAR)
    return [
        Placed(stretch, y + BARS_SHARE / 2 - step * (track + 0.5), thickness)
        for stretch, track in zip(lane.stretches, chosen, strict=True)
    ]


def _height(event: Event, y: float, own: Sequence[Placed]) -> float:
    """Where an event stands in its lane: a stop of glucocorticoid at the end of its bar."""
    if event.kind == "glucocorticoid_stopped":
        ended = [
            one.y for one in own if one.stretch.therapy == "glucocorticoid" and one.stretch.stop == event.week
        ]
        return ended[0] if ended else y
    return y + RELAPSE_SHIFT if event.kind == "relapse" else y


def _watched(places: Sequence[tuple[SwimmerLane, int]]) -> dict[str, Any]:
    """A hairline for as long as the patient was followed."""
    lines = [(lane.watched_to, y) for lane, y in places if lane.watched_to is not None]
    return {
        "type": "scatter",
        "name": "followed",
        "mode": "lines",
        "x": [part for week, _ in lines for part in (0, week, None)],
        "y": [part for _, y in lines for part in (y, y, None)],
        "line": {"color": RULE, "width": 3},
        "hoverinfo": "skip",
    }


def _notes(lane: SwimmerLane, y: float) -> Iterator[dict[str, Any]]:
    name = lane.label if len(lane.label) <= LONGEST_LABEL else f"{lane.label[: LONGEST_LABEL - 1].rstrip()}…"
    label = words(safe(name), y, side="left", shift=-LABEL_WIDTH)
    if lane.url:
        label["text"] = f'<a href="{lane.url}" target="_self">{safe(name)}</a>'
    else:
        label["font"] = {**label["font"], "weight": 700}
    yield label
    if lane.words:
        yield words(safe(lane.words), y, side="right", shift=12, muted=True)
