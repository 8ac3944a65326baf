"""Serum IgG4 and glucocorticoid dose over relative weeks: lines of few patients, quartiles by window of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from comparison.charts.trajectories import (
    TRAJECTORY_HEIGHT,
    TrajectoryAxis,
    TrajectoryLine,
    TrajectoryPoint,
    TrajectoryWindow,
    build_bands,
    build_lines,
)
from comparison.presenters.swimmer import patient_label
from evidence.models import Case, Measurement
from foundation.formatting import number, plural, week_text, with_unit
from foundation.pieces import Chart, Column, Link, Table

MOST_LINES = 30
# Figures of years before the therapy stand in the table alone: one of them would press all others together.
EARLIEST_WEEK_DRAWN = -104
# Below this many patients quartiles say nothing; the median stands alone.
FEWEST_FOR_QUARTILES = 5
# First and last week of each window; None is open. A patient counts once in each, with the last figure in it.
WINDOWS: tuple[tuple[str, int | None, int | None], ...] = (
    ("before", None, -1),
    ("week 0", 0, 0),
    ("1 to 4", 1, 4),
    ("5 to 12", 5, 12),
    ("13 to 26", 13, 26),
    ("27 to 52", 27, 52),
    ("53 to 104", 53, 104),
    ("after 104", 105, None),
)
Figures = Mapping[int, Sequence[Measurement]]


@dataclass(frozen=True)
class Trajectory:
    """How an analyte is drawn."""

    slug: str
    name: str
    unit: str
    wants_log: bool


TRAJECTORIES = (
    Trajectory("serum_igg4", "Serum IgG4", "mg/dL", wants_log=True),
    Trajectory(
        "glucocorticoid_dose", "Glucocorticoid dose, prednisolone equivalent", "mg/day", wants_log=False
    ),
)


def trajectory_chart(what: Trajectory, patients: Sequence[Case], figures: Figures) -> Chart:
    """The figures of the patients who have any."""
    having = [case for case in patients if figures.get(case.pk)]
    rows = {case.pk: list(figures[case.pk]) for case in having}
    axis = _axis(what, [row for own in rows.values() for row in own])
    windows = _windows(rows.values()) if len(having) > MOST_LINES else []
    if not having:
        drawn = None
    elif windows:
        drawn = build_bands(windows, axis)
    else:
        drawn = build_lines([_line(case, rows[case.pk], what) for case in having], axis)
    return Chart(
        id=what.slug.replace("_", "-"),
        title=f"{what.name} by week",
        figure=drawn.to_plotly_json() if drawn is not None else None,
        height=TRAJECTORY_HEIGHT,
        caption=_caption(len(having), len(patients), windows, rows.values()),
        table=_table(what, having, rows, windows),
        empty=f"None of the {plural(len(patients), 'patient')} that match has a figure of it."
        if patients
        else "No patient matches.",
    )


def _axis(what: Trajectory, rows: Sequence[Measurement]) -> TrajectoryAxis:
    """Logarithmic where the figures span decades; a figure of 0 has no place there."""
    limit = next((row.analyte.upper_normal for row in rows if row.analyte.upper_normal is not None), None)
    return TrajectoryAxis(
        title=what.unit,
        is_log=what.wants_log and bool(rows) and min(row.value for row in rows) > 0,
        limit=limit,
        limit_words=f"upper limit of normal, {with_unit(limit, what.unit)}" if limit is not None else "",
    )


def _line(case: Case, rows: Sequence[Measurement], what: Trajectory) -> TrajectoryLine:
    who = f"{case.index_therapy.name}, {case.study.label}"
    return TrajectoryLine(
        therapy=case.index_therapy.slug,
        url=case.get_absolute_url(),
        points=tuple(
            TrajectoryPoint(
                row.week, row.value, f"{who}<br>{with_unit(row.value, what.unit)}, {week_text(row.week)}"
            )
            for row in rows
            if row.week >= EARLIEST_WEEK_DRAWN
        ),
    )


def _windows(rows: Iterable[Sequence[Measurement]]) -> list[TrajectoryWindow]:
    """Median and quartiles (linear between order statistics) by window, those without a figure left out."""
    found = []
    for label, first, last in WINDOWS:
        values = []
        for own in rows:
            inside = [
                row.value
                for row in own
                if (first is None or row.week >= first) and (last is None or row.week <= last)
            ]
            if inside:
                values.append(inside[-1])
        if values:
            found.append(_window(label, values))
    return found


def _window(label: str, values: Sequence[float]) -> TrajectoryWindow:
    if len(values) == 1:
        return TrajectoryWindow(label, 1, values[0], None, None)
    low, median, high = quantiles(values, n=4, method="inclusive")
    if len(values) < FEWEST_FOR_QUARTILES:
        return TrajectoryWindow(label, len(values), median, None, None)
    return TrajectoryWindow(label, len(values), median, low, high)


def _caption(
    having: int, total: int, windows: Sequence[TrajectoryWindow], rows: Iterable[Sequence[Measurement]]
) -> str:
    if not having:
        return ""
    of_whom = (
        f"{having} of {plural(total, 'patient')} that match {'has' if having == 1 else 'have'} a figure."
    )
    if windows:
        return (
            f"{of_whom} Bar: median; box: quartiles, from {FEWEST_FOR_QUARTILES} patients on. Each patient counts once "
            "in a window, with the last figure in it; the windows may hold different patients: a step between "
            "them is no patient's course. All therapies of the report together."
        )
    told = list(rows)
    single = sum(len(own) == 1 for own in told)
    early = sum(row.week < EARLIEST_WEEK_DRAWN for own in told for row in own)
    said = [
        of_whom,
        "Marker and colour: the therapy of the report.",
        "Dashed lines join a patient's own figures and say nothing of the time between them.",
    ]
    if single:
        said.append(f"{plural(single, 'patient')} with one figure: a mark without a line.")
    if early:
        said.append(
            f"{plural(early, 'figure')} of more than {-EARLIEST_WEEK_DRAWN} weeks before: in the table alone."
        )
    return " ".join(said)


def _table(
    what: Trajectory, having: Sequence[Case], rows: Figures, windows: Sequence[TrajectoryWindow]
) -> Table | None:
    if not having:
        return None
    if windows:
        return _window_table(what, windows)
    per_study = Counter(case.study_id for case in having)
    columns = (
        *(Column("Patient"), Column("Therapy"), Column("Week", is_number=True)),
        *(Column(f"Value, {what.unit}", is_number=True), Column("As printed")),
    )
    return Table(
        f"{what.name}, every figure",
        columns,
        tuple(
            (
                Link(patient_label(case, alone=per_study[case.study_id] == 1), case.get_absolute_url()),
                case.index_therapy.name,
                number(row.week),
                number(row.value),
                row.as_reported or "the same",
            )
            for case in having
            for row in rows[case.pk]
        ),
    )


def _window_table(what: Trajectory, windows: Sequence[TrajectoryWindow]) -> Table:
    columns = (
        *(Column("Weeks"), Column("Patients", is_number=True)),
        *(Column(f"Median, {what.unit}", is_number=True), Column("Quartiles", is_number=True)),
    )
    return Table(
        f"{what.name} by window of weeks",
        columns,
        tuple(
            (
                window.label,
                str(window.patients),
                number(round(window.median, 1)),
                "too few patients"
                if window.low is None or window.high is None
                else f"{number(round(window.low, 1))} to {number(round(window.high, 1))}",
            )
            for window in windows
        ),
    )
