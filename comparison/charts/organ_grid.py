"""Organ by therapy: in how many of how many patients the organ got better; a cell without patients says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from comparison.charts.lanes import safe
from comparison.charts.theme import SMALL_FONT_SIZE, figure
from foundation.palette import INK, MUTED, RULE

ROW_HEIGHT = 30  # pixels
HEAD, FOOT = 112, 12  # pixels; names of therapies stand aslant
LABEL_WIDTH = 196  # pixels
LEAST_SHADE, MOST_SHADE = 0.15, 0.9


@dataclass(frozen=True)
class GridCell:
    """Patients whose organ got better, of those of whom it is told; total 0: no patient."""

    better: int
    total: int
    hover: str
    url: str = ""


@dataclass(frozen=True)
class GridRow:
    """An organ, with one cell a therapy."""

    label: str
    cells: tuple[GridCell, ...]


def grid_height(rows: Sequence[object]) -> int:
    """Pixels that the drawing will take."""
    return HEAD + ROW_HEIGHT * max(len(rows), 1) + FOOT


def symbol_of(cell: GridCell) -> str:
    """All, some or none, as a sign beside the count."""
    if cell.total == 0:
        return ""
    if cell.better == cell.total:
        return "●"
    return "◐" if cell.better else "○"


def build_grid(rows: Sequence[GridRow], therapies: Sequence[str]) -> go.Figure:
    """The counts in words, shaded by the share; `therapies` head the columns."""
    cells = [(column, -row, cell) for row, line in enumerate(rows) for column, cell in enumerate(line.cells)]
    told = [one for one in cells if one[2].total]
    return figure(
        [_texts(told), _absences([one for one in cells if not one[2].total])],
        height=grid_height(rows),
        margin={"l": LABEL_WIDTH, "r": 76, "t": HEAD, "b": FOOT, "pad": 0},
        xaxis={"visible": False, "range": [-0.5, len(therapies) - 0.5], "fixedrange": True},
        yaxis={"visible": False, "range": [-len(rows) + 0.5, 0.5], "fixedrange": True},
        shapes=[_shade(*one) for one in told],
        annotations=[
            *(_head(place, name) for place, name in enumerate(therapies)),
            *(_label(-place, row.label) for place, row in enumerate(rows)),
        ],
    )


def _texts(told: Sequence[tuple[int, int, GridCell]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": "counts",
        "mode": "text",
        "x": [x for x, _, _ in told],
        "y": [y for _, y, _ in told],
        "text": [f"{symbol_of(cell)} {cell.better} of {cell.total}" for _, _, cell in told],
        "textfont": {"size": SMALL_FONT_SIZE, "color": INK},
        "customdata": [cell.url for _, _, cell in told],
        "hovertext": [cell.hover for _, _, cell in told],
        "hoverinfo": "text",
    }


def _absences(absent: Sequence[tuple[int, int, GridCell]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": "no patient",
        "mode": "text",
        "x": [x for x, _, _ in absent],
        "y": [y for _, y, _ in absent],
        "text": ["no patient"] * len(absent),
        "textfont": {"size": SMALL_FONT_SIZE - 1, "color": MUTED},
        "hoverinfo": "skip",
    }


def _shade(x: int, y: int, cell: GridCell) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": x - 0.48,
        "x1": x + 0.48,
        "y0": y - 0.44,
        "y1": y + 0.44,
        "fillcolor": RULE,
        "opacity": round(LEAST_SHADE + (MOST_SHADE - LEAST_SHADE) * cell.better / cell.total, 3),
        "line": {"width": 0},
        "layer": "below",
    }


def _head(place: int, name: str) -> dict[str, Any]:
    return {
        "text": safe(name),
        "textangle": -40,
        "x": place,
        "xref": "x",
        "xanchor": "left",
        "xshift": -14,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": SMALL_FONT_SIZE, "color": INK, "weight": 700},
    }


def _label(y: int, name: str) -> dict[str, Any]:
    return {
        "text": safe(name),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -LABEL_WIDTH,
        "y": y,
        "yref": "y",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"size": SMALL_FONT_SIZE, "color": INK},
    }
