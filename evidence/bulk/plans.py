"""What a table would change, row by row, and everything that is wrong with it; nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from evidence.bulk.cells import CellFault
from evidence.bulk.columns import Column
from evidence.bulk.sheets import Line
from evidence.dataset.faults import Faults
from evidence.dataset.terms import Record
from foundation.progress import Progress

NEW, CHANGED, SAME = "new", "changed", "same"
# Progress is told every so many rows.
STEP = 250


@dataclass(frozen=True)
class Change:
    """One cell that differs from what is stored; ``before`` is empty in a new row."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row; ``column`` is empty where no one cell is at fault."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        return (
            f"Row {self.line}, {self.column}: {self.what}" if self.column else f"Row {self.line}: {self.what}"
        )


@dataclass
class PlannedRow:
    """One row of the table: what it is about, what would become of it."""

    line: int
    key: str
    action: str = NEW
    changes: tuple[Change, ...] = ()


@dataclass
class Plan:
    """All that a table would do; it is carried out only where nothing is wrong."""

    kind: str
    rows: list[PlannedRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    # What belongs to no row, such as a rule that a whole study breaks.
    table_faults: list[str] = field(default_factory=list)
    # What a person must have looked at before it is written.
    doubts: list[RowFault] = field(default_factory=list)
    # What the services write: records with the study or citation they belong to.
    work: list[Any] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether it can be carried out."""
        return not (self.faults or self.table_faults)

    def count(self, action: str) -> int:
        """How many rows are new, changed or the same."""
        return sum(row.action == action for row in self.rows)

    def doubt(self, line: int, column: str, what: str) -> None:
        """Note what may be right and may be wrong: a person says so."""
        self.doubts.append(RowFault(line, column, what))

    def refuse(self, line: int, column: str, what: str) -> None:
        """Note a fault and go on: all of them are told at once."""
        self.faults.append(RowFault(line, column, what))


def read_line(line: Line, columns: Sequence[Column], plan: Plan) -> dict[str, Any] | None:
    """The values of a row by column, without what was left empty; None where a cell cannot be read."""
    before = len(plan.faults)
    for column_name, what in line.faults.items():
        plan.refuse(line.number, column_name, what)
    values = {}
    for column in columns:
        text = line.cells.get(column.name, "")
        if not text:
            if column.needed and column.name not in line.faults:
                plan.refuse(line.number, column.name, "is empty")
            continue
        try:
            value = column.read(text)
        except CellFault as fault:
            plan.refuse(line.number, column.name, str(fault))
            continue
        if value is not None:
            values[column.name] = value
    return values if len(plan.faults) == before else None


def make_record(kind: type[Record], values: Mapping[str, Any], line: Line, plan: Plan) -> Any:
    """The record of a row, or None with its faults noted beside their columns."""
    try:
        return kind.model_validate(dict(values))
    except ValidationError as refusal:
        faults = Faults()
        faults.add_refusal("", "", refusal)
        for fault in faults.found:
            column, place = split_path(fault.path)
            plan.refuse(line.number, column, f"{place}{fault.what}")
        return None


def split_path(path: str) -> tuple[str, str]:
    """A place in a record as the column and, in words, the entry within its cell: courses[1].dose."""
    column, _, rest = path.partition("[")
    if not rest:
        return path, ""
    number, _, part = rest.partition("]")
    named = f", {part.removeprefix('.')}" if part else ""
    return column, f"entry {int(number) + 1}{named}: "


def differences(columns: Iterable[Column], before: Any, after: Any) -> tuple[Change, ...]:
    """The cells in which two records of a kind differ; ``before`` is None where there was none."""
    found = []
    for column in columns:
        if not hasattr(after, column.name):
            continue
        new = column.write(getattr(after, column.name))
        old = column.write(getattr(before, column.name)) if before is not None else ""
        if new != old:
            found.append(Change(column.name, old, new))
    return tuple(found)


def told(progress: Progress, step: str, lines: Sequence[Line]) -> Iterable[Line]:
    """The lines, progress told now and then."""
    for done, line in enumerate(lines):
        if done % STEP == 0:
            progress(step, done, len(lines))
        yield line
    progress(step, len(lines), len(lines))
