"""The views of the patients that match, one section each, and what must be said above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from comparison import explorer
from comparison.explorer import Cohort
from comparison.presenters import figures, tallies
from comparison.presenters.organ_grid import organ_grid
from comparison.presenters.relapse_curve import relapse_curve
from comparison.presenters.swimmer import swimmer
from comparison.presenters.trajectories import MOST_LINES, TRAJECTORIES, trajectory_chart
from evidence.choices import Response
from evidence.models import Case
from foundation.formatting import plural
from foundation.pieces import Chart

WIDE_FROM = 6  # columns


@dataclass(frozen=True)
class View:
    """A section of the explorer."""

    anchor: str
    heading: str
    chart: Chart
    # Slug and name of the therapies whose colours and markers stand in it.
    therapies: tuple[tuple[str, str], ...] = ()
    has_events: bool = False
    # Drawn with so many columns that a narrow screen has to scroll it.
    is_wide: bool = False


def views_of(matching: QuerySet[Case], patients: Sequence[Case]) -> list[View]:
    """Swimmer plot, trajectories, organ grid and time to relapse of the patients that count. Four queries."""
    lanes = swimmer(patients, explorer.courses_of(matching))
    grid = organ_grid(patients, explorer.organ_responses_of(matching))
    curve = relapse_curve(patients)
    measured = explorer.figures_of(matching, [what.slug for what in TRAJECTORIES])
    return [
        View("courses", "Courses", lanes.chart, lanes.therapies, has_events=True),
        *(
            View(
                f"view-{what.slug.replace('_', '-')}",
                what.name.split(",")[0],
                trajectory_chart(what, patients, measured[what.slug]),
                _therapies_of_lines([case for case in patients if measured[what.slug].get(case.pk)]),
            )
            for what in TRAJECTORIES
        ),
        View(
            "organs",
            "Organ by organ",
            grid,
            is_wide=grid.table is not None and len(grid.table.columns) > WIDE_FROM,
        ),
        View("relapse", "Time to relapse", curve.chart, curve.therapies),
    ]


def _therapies_of_lines(patients: Sequence[Case]) -> tuple[tuple[str, str], ...]:
    """None where the patients are too many for lines of their own: quartiles are of all therapies together."""
    if len(patients) > MOST_LINES:
        return ()
    return tuple(sorted({(case.index_therapy.slug, case.index_therapy.name) for case in patients}))


def responses(matching: QuerySet[Case]) -> list[tuple[str, int]]:
    """How many of the cases listed have each response, as listed."""
    counts = Counter(matching.order_by().values_list("response", flat=True))
    return [(str(Response(value).label), counts[value]) for value in Response.values if counts[value]]


def responded(patients: Sequence[Case]) -> str:
    """How many of the patients that count responded, of those whose response is reported."""
    count = tallies.tally(patients, frozenset())
    if "overall_response" not in count:
        return ""
    return figures.share(*count["overall_response"], "", None, "").text


def counted_words(group: Cohort) -> str:
    """How many patients the views are of, and how many reports stand aside; empty where all count."""
    if not group.aside:
        return ""
    others = plural(len(group.aside), "case")
    stand = "stands" if len(group.aside) == 1 else "stand"
    return f"{plural(len(group.patients), 'patient')} counted once; {others} {stand} aside"
