"""Kaplan-Meier curves of the share still free of an event, with the numbers at risk below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from comparison.charts.lanes import safe
from comparison.charts.theme import SMALL_FONT_SIZE, figure, value_axis
from comparison.statistics.survival import SurvivalCurve
from foundation.palette import INK, MUTED, RULE, therapy_style

CURVE_HEIGHT = 320  # pixels
RISK_LINE = 20  # pixels a therapy in the table below
HEAD, FOOT = 12, 84  # pixels; the foot holds the axis and the heading of the numbers at risk
LABEL_WIDTH = 150  # pixels
TICKS = 6


@dataclass(frozen=True)
class NamedCurve:
    """A therapy's curve."""

    therapy: str
    name: str
    curve: SurvivalCurve


def survival_height(curves: Sequence[NamedCurve]) -> int:
    """Pixels that the drawing will take."""
    return HEAD + CURVE_HEIGHT + FOOT + RISK_LINE * len(curves)


def risk_times(curves: Sequence[NamedCurve]) -> list[int]:
    """Round weeks at which numbers at risk are told, from 0 to the end of the longest follow-up."""
    last = max(step.time for one in curves for step in one.curve.steps)
    step = next(size for size in (2, 4, 8, 13, 26, 52, 104, 260, 520) if last / size <= TICKS or size == 520)
    return list(range(0, int(last) + step, step))


def build_survival(curves: Sequence[NamedCurve], title: str) -> go.Figure:
    """Steps with their intervals; a stroke where a patient left without the event."""
    times = risk_times(curves)
    return figure(
        # All intervals below all curves, or the last would veil those before it.
        [*(_interval(one) for one in curves), *(trace for one in curves for trace in _curve(one))],
        height=survival_height(curves),
        margin={"l": LABEL_WIDTH, "r": 16, "t": HEAD, "b": FOOT + RISK_LINE * len(curves), "pad": 4},
        xaxis=value_axis(title, range=[-0.02 * times[-1], times[-1] * 1.02], tickvals=times, zeroline=False),
        yaxis=value_axis("", range=[-0.02, 1.02], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1]),
        annotations=[note for line, one in enumerate(curves) for note in _at_risk(one, times, line)]
        + [_risk_note("Number at risk", 0, -FOOT + 22, bold=True)],
    )


def _interval(one: NamedCurve) -> dict[str, Any]:
    steps = one.curve.steps
    bounded = [step for step in steps if step.low is not None and step.high is not None]
    ends = [step.time for step in bounded[1:]] + [steps[-1].time]
    corners = [(x, step) for step, end in zip(bounded, ends, strict=True) for x in (step.time, end)]
    return {
        "type": "scatter",
        "name": f"{one.name}: interval",
        "mode": "lines",
        "x": [x for x, _ in corners] + [x for x, _ in reversed(corners)],
        "y": [step.high for _, step in corners] + [step.low for _, step in reversed(corners)],
        "fill": "toself",
        "fillcolor": RULE,
        "opacity": 0.5,
        "line": {"width": 0, "color": RULE},
        "hoverinfo": "skip",
    }


def _curve(one: NamedCurve) -> list[dict[str, Any]]:
    style, steps = therapy_style(one.therapy), one.curve.steps
    left = [step for step in steps if step.censored]
    return [
        {
            "type": "scatter",
            "name": one.name,
            "mode": "lines+markers",
            "x": [0, *(step.time for step in steps)],
            "y": [1, *(step.survival for step in steps)],
            "line": {"shape": "hv", "width": 2, "color": style.colour},
            "marker": {
                "symbol": style.symbol,
                "color": style.colour,
                "opacity": 1,
                "size": [0, *(9 if step.events else 0 for step in steps)],
            },
            "hovertext": [f"{one.name}: all", *(_words(one, step) for step in steps)],
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "name": f"{one.name}: left without the event",
            "mode": "markers",
            "x": [step.time for step in left],
            "y": [step.survival for step in left],
            "marker": {
                "symbol": "line-ns-open",
                "size": 9,
                "color": INK,
                "line": {"width": 1.4, "color": INK},
            },
            "hoverinfo": "skip",
        },
    ]


def _words(one: NamedCurve, step: Any) -> str:
    return (
        f"{one.name}, week {step.time:g}: {step.survival:.0%} free of relapse, "
        f"{step.at_risk} at risk, {step.events} relapsed, {step.censored} left"
    )


def _at_risk(one: NamedCurve, times: Sequence[int], line: int) -> list[dict[str, Any]]:
    shift = -FOOT + 4 - RISK_LINE * line
    numbers = one.curve.at_risk(times)
    name = _risk_note(safe(one.name), 0, shift, bold=False)
    return [
        name,
        *(
            {
                **name,
                "text": str(number),
                "x": time,
                "xref": "x",
                "xanchor": "center",
                "xshift": 0,
            }
            for time, number in zip(times, numbers, strict=True)
        ),
    ]


def _risk_note(text: str, x: float, shift: int, *, bold: bool) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -LABEL_WIDTH,
        "y": 0,
        "yref": "paper",
        "yanchor": "middle",
        "yshift": shift,
        "align": "left",
        "showarrow": False,
        "font": {"size": SMALL_FONT_SIZE, "color": INK if bold else MUTED, "weight": 700 if bold else 400},
    }
