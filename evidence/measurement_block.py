"""A block of measurements as it is copied from a spreadsheet, read into rows; what cannot be read is told, not guessed.

Cells are separated by tabs, semicolons, commas or spaces. Each line holds week, analyte, value and unit, in any order
under a header line; or a header names the time and the analytes with their units: "week, IgG4 (g/L), IgE (kU/L)".
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from evidence.block_words import (
    ANALYTES,
    COLUMNS,
    LEFT_EMPTY,
    TIME_COLUMNS,
    TimeRefused,
    analyte_key,
    read_week,
)
from evidence.unit_tables import AGENTS, SCALES
from evidence.units import Converted, UnitRefused, convert, doubts, read_figure, week_doubts

# Far more than one patient's report holds; beyond it somebody pasted the wrong thing.
MOST_LINES = 500
LONGEST_LINE = 1000
ORDER = ("week", "analyte", "value", "unit")


@dataclass(frozen=True)
class Row:
    """One measurement; ``value`` and ``unit`` as pasted, ``converted`` in the analyte's own unit."""

    line: int
    week: int
    analyte: str
    value: str
    unit: str
    converted: Converted
    # What was computed or is unusual but was taken, in words.
    notes: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person should confirm."""
        return (*doubts(self.analyte, self.converted.value), *week_doubts(self.week))


@dataclass(frozen=True)
class BlockFault:
    """What could not be read: the line, the cell's column (empty for the whole line), what stands there, and why."""

    line: int
    cell: str
    text: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.cell}" if self.cell else f"line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class Block:
    """What a block holds; ``left_out`` are the lines' cells without a figure, in words."""

    rows: tuple[Row, ...] = ()
    faults: tuple[BlockFault, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedAnalyte:
    """An analyte of the vocabulary beside those that the tables know."""

    slug: str
    name: str
    unit: str


@dataclass(frozen=True)
class _Cell:
    """A figure with the cells that say what it is; in a grid, analyte and unit stand in the header."""

    line: int
    time: str
    time_unit: str
    analyte: str
    value: str
    unit: str
    header_line: int | None = None
    title: str = "value"


class _Unreadable(Exception):
    """One fault, thrown to the loop that collects them."""

    def __init__(self, line: int, cell: str, text: str, message: str) -> None:
        super().__init__(message)
        self.fault = BlockFault(line, cell, text, message)


def read_block(text: str, *, beside: Sequence[NamedAnalyte] = ()) -> Block:
    """The rows of a pasted block and everything that is wrong with it, each with its line and cell.

    ``beside``: analytes of the vocabulary that the tables of units do not hold.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        return Block()
    if len(lines) > MOST_LINES:
        last = lines[MOST_LINES][0]
        return Block(faults=(BlockFault(last, "", "", f"more than {MOST_LINES} lines: paste one patient"),))
    cells, faults = _cells(lines)
    comma_is_decimal = any(_is_decimal_comma(cell.value) for cell in cells)
    rows: list[Row] = []
    left_out: list[str] = []
    for cell in cells:
        if cell.value.strip().lower() in LEFT_EMPTY:
            left_out.append(
                f"line {cell.line}: {cell.analyte.strip() or 'a line'} without a figure is left out"
            )
            continue
        try:
            rows.append(_row(cell, comma_is_decimal, beside, rows))
        except _Unreadable as unreadable:
            if unreadable.fault not in faults:
                faults.append(unreadable.fault)
    return Block(tuple(rows), tuple(sorted(faults, key=lambda fault: fault.line)), tuple(left_out))


# ── lines to cells ───────────────────────────────────────────────────────────────────────────────────────────────


def _separator(lines: Sequence[str]) -> str:
    """What separates the cells: a character, "  " for columns of spaces, " " for single spaces."""
    for sign in ("\t", ";", "|"):
        if any(sign in line for line in lines):
            return sign
    if all(re.search(r"\S\s{2,}\S", line) for line in lines):
        return "  "
    # "12 IgG4 17,7 g/L" has a comma too, but not three cells.
    commas = sum(len(_split(line, ",")) >= 3 for line in lines)
    return "," if commas * 2 > len(lines) else " "


def _split(line: str, separator: str) -> list[str]:
    if separator == " ":
        return line.split()
    if separator == "  ":
        return re.split(r"\s{2,}", line.strip())
    cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
    cells = [cell.strip() for cell in cells]
    # A spreadsheet closes short rows with empty cells.
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _cells(lines: list[tuple[int, str]]) -> tuple[list[_Cell], list[BlockFault]]:
    """Every figure of the block with the words around it."""
    faults: list[BlockFault] = []
    short = []
    for number, line in lines:
        if len(line) > LONGEST_LINE:
            faults.append(BlockFault(number, "", line[:40], f"longer than {LONGEST_LINE} characters"))
        else:
            short.append((number, line))
    if not short:
        return [], faults
    separator = _separator([line for _, line in short])
    head = _split(short[0][1], separator)
    found: list[_Cell] = []
    try:
        if (columns := _long_header(head, short[0][0])) is not None:
            readings = _long(short[1:], separator, columns)
        elif _is_wide_header(head):
            readings = _wide(short[1:], separator, head, short[0][0])
        else:
            readings = _long(short, separator, dict(zip(ORDER, range(len(ORDER)), strict=True)))
    except _Unreadable as unreadable:
        return [], [*faults, unreadable.fault]
    for reading in readings:
        if isinstance(reading, BlockFault):
            faults.append(reading)
        else:
            found.append(reading)
    return found, faults


def _column(cell: str) -> str:
    return COLUMNS.get(" ".join(cell.lower().strip(" :.").split()), "")


def _long_header(head: list[str], line: int) -> dict[str, int] | None:
    """Which column holds what, by name; None where the first line is no header of this kind."""
    named = [(_column(cell), at) for at, cell in enumerate(head)]
    kinds = [kind for kind, _ in named if kind]
    if not {"analyte", "value"} & set(kinds) or len(kinds) < 2:
        return None
    for kind, at in named:
        if kind and kinds.count(kind) > 1:
            raise _Unreadable(line, head[at], head[at], f"two columns of the header say {kind}")
    columns = {kind: at for kind, at in named if kind}
    times = [kind for kind in columns if kind in TIME_COLUMNS]
    missing = [kind for kind in ("analyte", "value") if kind not in columns]
    if len(times) != 1 or missing:
        wanted = " and ".join(["one column of time"] * (len(times) != 1) + missing)
        raise _Unreadable(
            line, "", " ".join(head), f"the header lacks {wanted}: name week, analyte, value and unit"
        )
    return columns


_WITH_UNIT = re.compile(
    r"(?P<name>.+?)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]\s*|(?P<name2>[^,]+),\s*(?P<unit2>.+)"
)


def _named_with_unit(cell: str) -> tuple[str, str]:
    """IgG4 and g/L of "IgG4 (g/L)"."""
    found = _WITH_UNIT.fullmatch(cell.strip())
    if found is None:
        return cell.strip(), ""
    return (found["name"] or found["name2"]).strip(), (found["unit"] or found["unit2"]).strip()


def _is_wide_header(head: list[str]) -> bool:
    """Whether the first line names a time and analytes; "week 12 IgG4 17.7" holds figures and is no header."""
    others = [cell for cell in head if _column(cell) not in TIME_COLUMNS]
    return (
        len(others) == len(head) - 1
        and any(analyte_key(_named_with_unit(cell)[0]) in ANALYTES for cell in others)
        and not any(re.match(r"[-−<>]?\s*\d", cell) for cell in others)
    )


def _long(
    lines: list[tuple[int, str]], separator: str, columns: Mapping[str, int]
) -> Iterator[_Cell | BlockFault]:
    time = next(kind for kind in columns if kind in TIME_COLUMNS)
    most = max(columns.values()) + 1
    for number, line in lines:
        cells = _split(line, separator)
        if separator == " " and len(cells) != most:
            by_sense = _by_sense(line) if list(columns) == list(ORDER) else None
            if by_sense is None:
                yield BlockFault(
                    number,
                    "",
                    line.strip(),
                    "its cells cannot be told apart: separate them with tabs or semicolons",
                )
                continue
            cells = by_sense
        if len(cells) > most:
            hint = ", and a comma cannot also be the decimal sign" if separator == "," else ""
            yield BlockFault(
                number,
                "",
                line.strip(),
                f"{len(cells)} cells where {most} are expected{hint}: separate cells with tabs",
            )
            continue
        at = {kind: cells[place] if place < len(cells) else "" for kind, place in columns.items()}
        if not at["value"] and len(cells) < most - 1:
            yield BlockFault(
                number,
                "",
                line.strip(),
                f"{len(cells)} cells where week, analyte, value and unit are expected",
            )
            continue
        yield _Cell(number, at[time], time, at["analyte"], at["value"], at.get("unit", ""))


_BY_SENSE = re.compile(
    r"(?P<week>baseline|(?:[a-z]+\.?\s*)?[-−]?\d+(?:\.\d+)?(?:\s*(?:weeks?|wks?|w|months?|mo|m|days?|d|years?|y)\b)?)\s+"
    r"(?P<analyte>\S*[a-z].*?)\s+(?P<value>[<>≤≥~≈]?\s?\d[\d.,]*)\s*(?P<unit>.*)",
    re.IGNORECASE,
)


def _by_sense(line: str) -> list[str] | None:
    """The four cells of "week 12 serum IgG4 17.7 g/L"."""
    found = _BY_SENSE.fullmatch(line.strip())
    return None if found is None else [found[name].strip() for name in ORDER]


def _wide(
    lines: list[tuple[int, str]], separator: str, head: list[str], head_line: int
) -> Iterator[_Cell | BlockFault]:
    at = next(place for place, cell in enumerate(head) if _column(cell) in TIME_COLUMNS)
    for number, line in lines:
        cells = _split(line, separator)
        if len(cells) > len(head):
            yield BlockFault(
                number,
                "",
                line.strip(),
                f"{len(cells)} cells where the header has {len(head)}: separate them with tabs",
            )
            continue
        for place, title in enumerate(head):
            value = cells[place] if place < len(cells) else ""
            # An empty cell of a grid says that nothing was measured then: there is nothing to tell.
            if place != at and value:
                name, unit = _named_with_unit(title)
                yield _Cell(number, cells[at], _column(head[at]), name, value, unit, head_line, title)


# ── cells to rows ────────────────────────────────────────────────────────────────────────────────────────────────

_AGENT_NAMES = {name for agent in AGENTS for name in (agent.name, *agent.synonyms)}
_VALUE_WITH_UNIT = re.compile(r"(?P<value>[<>≤≥~≈]?\s*[-−]?\d[\d.,\s]*?)\s*(?P<unit>[^\d.,\s<>≤≥~≈±(–—-].*)")


def _is_decimal_comma(value: str) -> bool:
    return re.fullmatch(r"\d+,(\d{1,2}|\d{4,})|0,\d+|\d{1,3}(\.\d{3})+,\d+", value.strip()) is not None


def _row(cell: _Cell, comma_is_decimal: bool, beside: Sequence[NamedAnalyte], before: Sequence[Row]) -> Row:
    value, unit = cell.value.strip(), cell.unit.strip()
    if not unit and (both := _VALUE_WITH_UNIT.fullmatch(value)):
        value, unit = both["value"].strip(), both["unit"].strip()
    analyte, agent, own_unit = _analyte(cell, beside)
    notes = []
    try:
        week, said = read_week(cell.time, cell.time_unit)
    except TimeRefused as refusal:
        raise _unreadable(cell, "week", cell.time, str(refusal)) from None
    try:
        read_figure(value, comma_is_decimal=comma_is_decimal)
    except UnitRefused as refusal:
        raise _unreadable(cell, "value", value, str(refusal)) from None
    try:
        named = f"{unit} {agent}".strip() if unit else ""
        converted = convert(analyte, value, named, own_unit=own_unit)
    except UnitRefused as refusal:
        raise _unreadable(cell, "unit", unit, str(refusal)) from None
    if said:
        notes.append(said)
    notes += [
        f"line {row.line} has {row.value} {row.unit} of the same analyte in the same week already"
        for row in before
        if (row.week, row.analyte) == (week, analyte)
    ]
    return Row(cell.line, week, analyte, value, unit, converted, tuple(notes))


def _unreadable(cell: _Cell, kind: str, text: str, message: str) -> _Unreadable:
    """A fault in its place: what a grid's header says wrongly is wrong there, not in each line."""
    if cell.header_line is not None and kind in ("analyte", "unit"):
        return _Unreadable(cell.header_line, cell.title, text, message)
    return _Unreadable(cell.line, cell.title if kind == "value" else kind, text, message)


def _analyte(cell: _Cell, beside: Sequence[NamedAnalyte]) -> tuple[str, str, str]:
    """Slug, agent (where a glucocorticoid is named in its place) and own unit (of an analyte without a table)."""
    key = analyte_key(cell.analyte)
    if (slug := ANALYTES.get(key)) is not None:
        return slug, cell.analyte.strip() if key in _AGENT_NAMES else "", ""
    for named in beside:
        if named.slug not in SCALES and key in (analyte_key(named.slug), analyte_key(named.name)):
            return named.slug, "", named.unit
    if not key:
        raise _unreadable(cell, "analyte", "", "the analyte is missing")
    names = [*ANALYTES, *(analyte_key(named.name) for named in beside)]
    near = get_close_matches(key, names, n=1)
    hint = (
        f"did you mean {near[0]}?" if near else "name it IgG4, IgG, IgE, eosinophils, CRP, creatinine, C3, …"
    )
    raise _unreadable(
        cell, "analyte", cell.analyte, f"{cell.analyte.strip()!r} is no analyte that the Atlas keeps; {hint}"
    )
