"""Stretches of treatment and events on lanes by relative week: what swimmer plot and timeline have in common.

A bar stands only where start and stop are both reported. A stop that is not reported is a short dotted end with a
question mark: neither a stop nor a course that went on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from comparison.charts.theme import SMALL_FONT_SIZE
from foundation.palette import INK, MUTED, PAPER, SYMBOLS, TONES, therapy_style

PATTERNS = ("", "/", "\\", "x", "-", "|", "+", ".")
OPEN_END_SHARE = 0.035  # of the axis: how far the dotted end of a course of unknown stop is drawn
FEWEST_WEEKS_SHOWN = 8
EVENT_SYMBOLS = {
    "relapse": ("x", "bad"),
    "glucocorticoid_stopped": ("square-open", "good"),
    "follow_up": ("triangle-right", "unknown"),
    "resolved": ("star-triangle-up", "good"),
    "improved": ("triangle-up", "good"),
    "no_change": ("line-ew-open", "unknown"),
    "worsened": ("triangle-down", "bad"),
}

EventKind = Literal[
    "relapse", "glucocorticoid_stopped", "follow_up", "resolved", "improved", "no_change", "worsened"
]


@dataclass(frozen=True)
class Stretch:
    """A course on its lane; None is a week that is not reported, and without a start nothing is drawn."""

    therapy: str
    start: int | None
    stop: int | None
    hover: str
    url: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened at a week."""

    kind: EventKind
    week: int
    hover: str
    url: str = ""


@dataclass(frozen=True)
class Placed:
    """A stretch at its height, with the thickness of its bar."""

    stretch: Stretch
    y: float
    thickness: float


def pattern_of(therapy: str) -> str:
    """The hatching of a therapy's bars, by its marker: a second sign beside colour."""
    return PATTERNS[SYMBOLS.index(therapy_style(therapy).symbol) % len(PATTERNS)]


def week_range(weeks: Sequence[int]) -> list[float]:
    """From before the first to past the last of some weeks and week 0, with room for marks at both ends."""
    first, last = min([0, *weeks]), max([0, *weeks])
    last = max(last, first + FEWEST_WEEKS_SHOWN)
    room = (last - first) * 0.05
    return [first - room, last + room]


def tracks(stretches: Sequence[Stretch]) -> list[int]:
    """On which track of a lane each stretch goes, so that none lies upon another; those without a start on none.

    A stretch of unknown stop holds its track: what came after is not known.
    """
    ends: list[float] = []
    chosen = [0] * len(stretches)
    dated = [(s.start, place) for place, s in enumerate(stretches) if s.start is not None]
    for start, place in sorted(dated):
        stop = stretches[place].stop
        until = float("inf") if stop is None else float(stop)
        free = next((track for track, end in enumerate(ends) if end < start), None)
        if free is None:
            free = len(ends)
            ends.append(until)
        else:
            ends[free] = until
        chosen[place] = free
    return chosen


def stretch_traces(placed: Sequence[Placed], weeks: Sequence[float]) -> list[dict[str, Any]]:
    """Bars, dotted ends of unknown stop with their question mark, and the therapy's marker at each start.

    `weeks` are the ends of the axis: a bar is cut off there, and a start outside has no marker.
    """
    first, last = weeks
    dated = [one for one in placed if one.stretch.start is not None and first <= one.stretch.start <= last]
    drawn = (_bars(placed), *_open_ends(dated, (last - first) * OPEN_END_SHARE), _starts(dated))
    return [trace for trace in drawn if trace is not None]


def _bars(placed: Sequence[Placed]) -> dict[str, Any] | None:
    whole = [
        (one, one.stretch.stop - one.stretch.start)
        for one in placed
        if one.stretch.start is not None and one.stretch.stop is not None
    ]
    if not whole:
        return None
    styles = [therapy_style(one.stretch.therapy) for one, _ in whole]
    return {
        "type": "bar",
        "name": "courses",
        "orientation": "h",
        "base": [one.stretch.start for one, _ in whole],
        "x": [weeks for _, weeks in whole],
        "y": [one.y for one, _ in whole],
        "width": [one.thickness for one, _ in whole],
        "marker": {
            "color": [style.colour for style in styles],
            "opacity": 1,
            "line": {"width": 0},
            "pattern": {
                "shape": [pattern_of(one.stretch.therapy) for one, _ in whole],
                "fillmode": "overlay",
                "fgcolor": PAPER,
                "fgopacity": 0.75,
                "size": 7,
                "solidity": 0.25,
            },
        },
        "customdata": [one.stretch.url for one, _ in whole],
        "hovertext": [one.stretch.hover for one, _ in whole],
        "hoverinfo": "text",
    }


def _open_ends(placed: Sequence[Placed], reach: float) -> list[dict[str, Any]]:
    ends = [
        (one, one.stretch.start)
        for one in placed
        if one.stretch.start is not None and one.stretch.stop is None
    ]
    if not ends:
        return []
    lines: dict[str, Any] = {
        "type": "scatter",
        "name": "stop not reported",
        "mode": "lines",
        "x": [part for _, start in ends for part in (start, start + reach, None)],
        "y": [part for one, _ in ends for part in (one.y, one.y, None)],
        "line": {"color": MUTED, "width": 2, "dash": "dot"},
        "hoverinfo": "skip",
    }
    marks: dict[str, Any] = {
        "type": "scatter",
        "name": "stop not reported: question mark",
        "mode": "text",
        "x": [start + reach for _, start in ends],
        "y": [one.y for one, _ in ends],
        "text": ["?"] * len(ends),
        "textposition": "middle right",
        "textfont": {"size": SMALL_FONT_SIZE, "color": MUTED},
        "cliponaxis": False,
        "hovertext": [one.stretch.hover for one, _ in ends],
        "hoverinfo": "text",
    }
    return [lines, marks]


def _starts(placed: Sequence[Placed]) -> dict[str, Any] | None:
    if not placed:
        return None
    styles = [therapy_style(one.stretch.therapy) for one in placed]
    return {
        "type": "scatter",
        "name": "starts",
        "mode": "markers",
        "x": [one.stretch.start for one in placed],
        "y": [one.y for one in placed],
        "cliponaxis": False,
        "marker": {
            "symbol": [style.symbol for style in styles],
            "color": [style.colour for style in styles],
            "size": 9,
            "opacity": 1,
            "line": {"width": 1, "color": PAPER},
        },
        "customdata": [one.stretch.url for one in placed],
        "hovertext": [one.stretch.hover for one in placed],
        "hoverinfo": "text",
    }


def event_trace(events: Sequence[tuple[Event, float]]) -> dict[str, Any] | None:
    """Events at their heights, each kind with a symbol of its own."""
    if not events:
        return None
    looks = [EVENT_SYMBOLS[event.kind] for event, _ in events]
    return {
        "type": "scatter",
        "name": "events",
        "mode": "markers",
        "x": [event.week for event, _ in events],
        "y": [y for _, y in events],
        "cliponaxis": False,
        "marker": {
            "symbol": [symbol for symbol, _ in looks],
            "color": [TONES[tone][0] for _, tone in looks],
            "size": 11,
            "opacity": 1,
            "line": {"width": 1.6, "color": [TONES[tone][0] for _, tone in looks]},
        },
        "customdata": [event.url for event, _ in events],
        "hovertext": [event.hover for event, _ in events],
        "hoverinfo": "text",
    }


def week_zero() -> dict[str, Any]:
    """The line at the start of the index therapy."""
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": 0,
        "x1": 0,
        "y0": 0,
        "y1": 1,
        "line": {"color": INK, "width": 1},
        "layer": "below",
    }


def words(
    text: str, y: float, *, side: Literal["left", "right"], shift: int, muted: bool = False
) -> dict[str, Any]:
    """A text beside a lane, left of the drawing or right of it; `text` is safe already where it holds a link."""
    return {
        "text": text,
        "x": 0 if side == "left" else 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": shift,
        "y": y,
        "yref": "y",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"size": SMALL_FONT_SIZE, "color": MUTED if muted else INK},
    }


def safe(text: str) -> str:
    """Text that Plotly shows as it is, and not as its own small HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
