"""The small things that pages are made of, as presenters hand them to templates.

A presenter turns model rows into these; templates/components/ draws them; both sides are tested apart. All are frozen,
hold plain values only, and keep None for what was not reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation import formatting

BASIS_NAMES = {
    "full_text": "full text",
    "abstract": "abstract",
    "registry": "registry",
    "secondary": "secondary source",
    "conference_abstract": "conference abstract",
    "press": "press",
}
BASIS_WARNINGS = {
    "press": "Press report: not yet in a paper that could be read",
    "secondary": "Told by another paper, not read in the original",
    "conference_abstract": "Conference abstract: no full paper was read",
}


@dataclass(frozen=True)
class Source:
    """Where a figure was read: the study, its page here, the place in the text, and the way out to the paper."""

    label: str
    url: str = ""
    basis: str = ""
    locator: str = ""
    doi: str = ""
    pmid: str = ""
    read_at: str = ""
    derived: str = ""
    retracted: bool = False

    @property
    def place(self) -> str:
        """Basis and locator as one phrase: "abstract, results"."""
        return formatting.place_text(BASIS_NAMES.get(self.basis, self.basis), self.locator)

    @property
    def warning(self) -> str:
        """Why this source weighs less than a paper that was read, or empty."""
        if self.retracted:
            return "Retracted"
        return BASIS_WARNINGS.get(self.basis, "")


@dataclass(frozen=True)
class Share:
    """x of n: events and total, with the interval, and what the figure is of.

    `proportion`, `low` and `high` are shares of 1; `proportion` is given only for a pooled estimate, which is not
    events over total.
    """

    events: int | None
    total: int | None
    low: float | None = None
    high: float | None = None
    proportion: float | None = None
    outcome: str = ""
    week: int | None = None
    definition: str = ""
    method: str = ""
    # Of a pool over several times, which are no one week: "weeks 12 to 52".
    times: str = ""

    @property
    def time(self) -> str:
        """When it was counted: "week 26", the span of a pool, or "time not reported"."""
        return self.times or formatting.week_text(self.week)

    @property
    def text(self) -> str:
        """The whole figure: "14 of 30 (47%, 95% CI 28 to 66)"."""
        return formatting.x_of_n_text(self.events, self.total, self.low, self.high, self.proportion)

    @property
    def is_reported(self) -> bool:
        """Whether there is a figure at all; 0 of 10 is one."""
        return self.events is not None and self.total is not None

    @property
    def count(self) -> str:
        """The count alone: "14 of 30"."""
        if self.events is None or self.total is None:
            return formatting.NOT_REPORTED
        return f"{formatting.whole(self.events)} of {formatting.whole(self.total)}"

    @property
    def rest(self) -> str:
        """What follows the count, in brackets: "(47%, 95% CI 28 to 66)"."""
        return self.text[len(self.count) :].strip() if self.is_reported else ""

    @property
    def share(self) -> float | None:
        """The proportion to draw: the pooled one, else events over total."""
        if self.proportion is not None:
            return self.proportion
        if self.events is None or not self.total:
            return None
        return self.events / self.total


@dataclass(frozen=True)
class Quantity:
    """A reported mean or median with its spread, unit and number of patients."""

    value: formatting.Number | None
    statistic: str = ""
    spread: str = ""
    low: formatting.Number | None = None
    high: formatting.Number | None = None
    sd: formatting.Number | None = None
    n: int | None = None
    unit: str = ""
    as_reported: str = ""
    outcome: str = ""
    week: int | None = None
    definition: str = ""

    @property
    def text(self) -> str:
        """The whole figure: "median 150 mg/dL (IQR 60 to 320; 30 patients)"."""
        return formatting.quantity_text(
            self.value, self.statistic, self.spread, self.low, self.high, self.sd, self.n, self.unit
        )


@dataclass(frozen=True)
class Crumb:
    """One step of the way back; the last has no address, being this page."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Download:
    """A file that holds what the page shows."""

    label: str
    url: str


@dataclass(frozen=True)
class Column:
    """A table column; numbers are set flush right in tabular figures."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Table:
    """A plain table of text and links, the twin of a chart. Each row has one cell a column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Link, ...], ...]

    @property
    def cells(self) -> list[list[tuple[Column, str | Link]]]:
        """The rows with each cell beside its column; a row of another length is an error, not a shifted table."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Chart:
    """A Plotly figure as JSON-able data, with all that must stand around it.

    `figure` is None where there is nothing to draw: then `empty` says what is missing. `height` in pixels is kept free
    before the figure arrives.
    """

    id: str
    title: str
    figure: Mapping[str, Any] | None
    height: int
    caption: str = ""
    table: Table | None = None
    downloads: tuple[Download, ...] = ()
    empty: str = "No study in the evidence set reports this."


@dataclass(frozen=True)
class Caution:
    """One sentence the reader must not miss; `code` is its kind, as the API gives it."""

    code: str
    text: str


@dataclass(frozen=True)
class Term:
    """A row of a definition list. `values` holds several where the term has several."""

    name: str
    value: str = ""
    values: Sequence[str] = field(default_factory=tuple)
