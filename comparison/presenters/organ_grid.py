"""Which organ got better under which therapy: x of n patients of whom the organ's course is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from comparison.charts.organ_grid import GridCell, GridRow, build_grid, grid_height, symbol_of
from comparison.labels import interval
from evidence.choices import OrganChange
from evidence.models import Case, OrganResponse
from foundation.formatting import plural, x_of_n_text
from foundation.pieces import Chart, Column, Link, Table

MOST_COLUMNS = 12  # past these a cell is too narrow to read; the table has all
BETTER = frozenset({OrganChange.RESOLVED, OrganChange.IMPROVED})
Responses = Mapping[int, Sequence[OrganResponse]]
Counts = Mapping[tuple[str, str], Sequence[OrganResponse]]


def last_of_organ(rows: Sequence[OrganResponse]) -> OrganResponse:
    """What is told last of an organ: the latest week; a row without a week counts where none has one."""
    dated = [row for row in rows if row.week is not None]
    return max(dated, key=lambda row: row.week) if dated else rows[-1]


def organ_grid(patients: Sequence[Case], responses: Responses) -> Chart:
    """A row an organ, a column a therapy, those of most patients first."""
    told: dict[tuple[str, str], list[OrganResponse]] = defaultdict(list)
    organs: dict[str, tuple[int, str]] = {}
    therapies: dict[str, str] = {}
    having = 0
    for case in patients:
        own: dict[str, list[OrganResponse]] = defaultdict(list)
        for row in responses.get(case.pk, ()):
            own[row.organ.slug].append(row)
            organs[row.organ.slug] = (row.organ.position, row.organ.name)
        having += bool(own)
        for organ, rows in own.items():
            told[organ, case.index_therapy.slug].append(last_of_organ(rows))
            therapies[case.index_therapy.slug] = case.index_therapy.name
    columns, lines = _by_amount(told, therapies, 1), _by_amount(told, organs, 0)

    def rows_of(shown: Sequence[str]) -> list[GridRow]:
        return [
            GridRow(
                organs[organ][1],
                tuple(_cell(told, (organ, organs[organ][1]), (slug, therapies[slug])) for slug in shown),
            )
            for organ in lines
        ]

    drawn = columns[:MOST_COLUMNS]
    figure = build_grid(rows_of(drawn), [therapies[slug] for slug in drawn]) if told else None
    return Chart(
        id="organ-grid",
        title="Patients whose organ got better, by therapy",
        figure=figure.to_plotly_json() if figure is not None else None,
        height=grid_height(lines),
        caption=_caption(having, len(patients), len(columns) - len(drawn)) if told else "",
        table=_table(rows_of(columns), [therapies[slug] for slug in columns]) if told else None,
        empty="No report says how a single organ of a patient fared." if patients else "No patient matches.",
    )


def _by_amount(told: Counts, names: Mapping[str, object], side: int) -> list[str]:
    """Organs or therapies, those of which most is told first, then by slug."""
    amounts: Counter[str] = Counter()
    for key, rows in told.items():
        amounts[key[side]] += len(rows)
    return sorted(names, key=lambda slug: (-amounts[slug], slug))


def _cell(told: Counts, organ: tuple[str, str], therapy: tuple[str, str]) -> GridCell:
    """Organ and therapy by slug and name."""
    rows = told.get((organ[0], therapy[0]), ())
    if not rows:
        return GridCell(0, 0, "")
    better = sum(row.response in BETTER for row in rows)
    bounds = interval(better, len(rows))
    resolved = sum(row.response == OrganChange.RESOLVED for row in rows)
    figure = x_of_n_text(better, len(rows), bounds.low, bounds.high)
    hover = f"{organ[1]}, {therapy[1]}<br>{figure} better, {resolved} of them resolved"
    return GridCell(
        better, len(rows), hover, f"/cases/?{urlencode({'therapy': therapy[0], 'organ': organ[0]})}"
    )


def _caption(having: int, total: int, left_out: int) -> str:
    said = [
        "Patients whose organ resolved or improved, of those of whom a report tells how that organ fared, as told last "
        f"({having} of {plural(total, 'patient')} that match).",
        "● all, ◐ some, ○ none; fuller shade: a larger share. Exact intervals at the pointer and in the table.",
        "Cells of few patients do not set therapies against each other.",
    ]
    if left_out:
        said.append(
            f"Not drawn: {plural(left_out, 'therapy', 'therapies')} of fewest patients; the table has all."
        )
    return " ".join(said)


def _table(rows: Sequence[GridRow], therapies: Sequence[str]) -> Table:
    return Table(
        "Patients whose organ resolved or improved, with exact 95% intervals",
        (Column("Organ"), *(Column(name) for name in therapies)),
        tuple((row.label, *(_table_cell(cell) for cell in row.cells)) for row in rows),
    )


def _table_cell(cell: GridCell) -> str | Link:
    if cell.total == 0:
        return "no patient"
    bounds = interval(cell.better, cell.total)
    figure = x_of_n_text(cell.better, cell.total, bounds.low, bounds.high)
    return Link(f"{symbol_of(cell)} {figure}", cell.url)
