"""Files to tables and tables to files: CSV and XLSX, the first sheet, the first row its header."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from evidence.bulk.cells import CellFault, plain
from evidence.bulk.columns import Column

LARGEST_FILE_BYTES = 20 * 1024 * 1024
# A small archive may unpack to anything.
LARGEST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_ROWS = 50_000
# Every cell that a template or an export may widen to.
_WIDEST = 48
_DELIMITERS = (",", ";", "\t")
# What a spreadsheet program would run instead of show.
_FORMULA = ("=", "+", "-", "@")


class SheetFault(ValueError):
    """A file that is no table of this kind; each line says one thing that is wrong."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Line:
    """One row of a file: its number as the spreadsheet shows it, its cells by column, and cells that cannot be read."""

    number: int
    cells: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


def read_sheet(content: bytes, name: str, columns: Sequence[Column]) -> list[Line]:
    """The rows of a file that hold anything; ``name`` tells its format.

    Raises SheetFault where the file cannot be read, a column is unknown or stands twice, or one that is needed is
    missing.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise SheetFault([f"has {len(content):,} bytes; {LARGEST_FILE_BYTES:,} is the most"])
    ending = PurePath(name).suffix.lower()
    if ending == ".xlsx":
        rows = _xlsx_rows(content)
    elif ending == ".csv":
        rows = _csv_rows(content, columns)
    else:
        raise SheetFault([f"ends in {ending or 'nothing'}: save it as .xlsx or .csv"])
    header = next(rows, None)
    if header is None:
        raise SheetFault(["is empty"])
    return list(_lines(_header(header, columns), rows))


def _header(cells: Sequence[Any], columns: Sequence[Column]) -> list[str]:
    """The names of the columns, in the order of the file; empty ones at the end are passed over."""
    names = [_shown(cell).strip().lower().replace(" ", "_") for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = [column.name for column in columns]
    faults = []
    for place, name in enumerate(names):
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            faults.append(f"column {place + 1} is called {name!r}, which is no column of this table{hint}")
        elif name in names[:place]:
            faults.append(f"column {name} stands twice")
    missing = [column.name for column in columns if column.needed and column.name not in names]
    if missing:
        faults.append(f"lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}")
    if faults:
        raise SheetFault(faults)
    return names


def _lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=2):
        if all(_shown(cell) == "" for cell in row):
            continue
        if number > MOST_ROWS + 1:
            raise SheetFault([f"has more than {MOST_ROWS:,} rows: divide it"])
        line = Line(number, {})
        for name, cell in zip(names, row, strict=False):
            try:
                line.cells[name] = plain(cell)
            except CellFault as fault:
                line.faults[name] = str(fault)
        if any(_shown(cell) for cell in row[len(names) :]):
            line.faults[""] = "has more cells than the header has columns"
        yield line


def _shown(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _xlsx_rows(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > LARGEST_UNPACKED_BYTES:
            raise SheetFault([f"unpacks to {unpacked:,} bytes; {LARGEST_UNPACKED_BYTES:,} is the most"])
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # Some programs write a size of one cell; without it all rows are read.
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError) as error:
        if isinstance(error, SheetFault):
            raise
        raise SheetFault(["is no XLSX file that can be read: save it anew as .xlsx or .csv"]) from None


def _csv_rows(content: bytes, columns: Sequence[Column]) -> Iterator[Sequence[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SheetFault([f"is not UTF-8 (line {line}): save it as CSV UTF-8, or as .xlsx"]) from None
    if "\x00" in text:
        raise SheetFault(["holds a NUL character: save it anew as CSV UTF-8"])
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True)
    try:
        yield from rows
    except csv.Error as error:
        raise SheetFault([f"line {rows.line_num}: a quotation mark is not closed ({error})"]) from None


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    """The mark that parts the header into the most known columns: programs of half the world write semicolons."""
    first = text.split("\n", 1)[0]
    known = {column.name for column in columns}

    def found(mark: str) -> int:
        return len(known & {name.strip(' "\r').lower().replace(" ", "_") for name in first.split(mark)})

    return max(_DELIMITERS, key=found)


def write_xlsx(columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str) -> bytes:
    """A workbook: the table with its header kept in sight, and a sheet that explains the columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    sheet.freeze_panes = "A2"
    sheet.append([column.name for column in columns])
    for row in rows:
        sheet.append([_harmless(cell) for cell in row])
    for place, column in enumerate(columns, start=1):
        letter = openpyxl.utils.get_column_letter(place)
        longest = max((len(part) for part in [column.name, *column.example.split("\n")]), default=0)
        sheet.column_dimensions[letter].width = min(longest + 2, _WIDEST)
    explained = book.create_sheet("columns")
    explained.append(["column", "needed", "what it holds", "example"])
    for column in columns:
        explained.append(
            [column.name, "yes" if column.needed else "", column.help, _harmless(column.example)]
        )
    for letter, width in (("A", 20), ("B", 8), ("C", 90), ("D", 60)):
        explained.column_dimensions[letter].width = width
    for one in (sheet, explained):
        for cell in one[1]:
            cell.font = Font(bold=True)
        for line in one.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                # Text stays text: no program turns 1-2 into a date or =1 into a formula.
                cell.number_format = "@"
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark that spreadsheet programs look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula; numbers keep their sign."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        # A space before it, which reading takes away again.
        return f" {cell}"
    return cell
