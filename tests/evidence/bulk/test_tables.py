"""The tables hold every field of their records, their examples are valid, and files are refused in words."""

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from evidence.bulk.columns import CASES, CITATIONS, RESULTS, TABLES, Column
from evidence.bulk.sheets import SheetFault, read_sheet, write_csv, write_xlsx
from evidence.dataset.schema import CaseRecord, CitationRecord, ResultRecord


@pytest.mark.parametrize(
    ("columns", "record", "beside"),
    [
        (CASES, CaseRecord, {"study"}),
        (RESULTS, ResultRecord, {"study"}),
        # On its own a publication has no role.
        (CITATIONS, CitationRecord, set()),
    ],
)
def test_a_table_has_every_field_of_its_record(
    columns: tuple[Column, ...], record: Any, beside: set[str]
) -> None:
    fields = set(record.model_fields) - {"role"}
    assert {column.name for column in columns} == fields | beside


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_template_is_read_back_as_its_examples(kind: str, ending: str) -> None:
    columns = TABLES[kind]
    write = {
        "xlsx": lambda rows: write_xlsx(columns, rows, kind),
        "csv": lambda rows: write_csv(columns, rows),
    }
    content = write[ending]([[column.example for column in columns]])
    (line,) = read_sheet(content, f"template.{ending}", columns)
    assert line.number == 2 and not line.faults
    assert line.cells == {column.name: column.example for column in columns}
    for column in columns:
        column.read(line.cells[column.name])


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text_and_read_back() -> None:
    columns = (Column("slug", "", needed=True), Column("summary", ""))
    rows = [["a", '=HYPERLINK("https://example.org")'], ["b", "-5"], ["c", "+49 is a code"]]
    content = write_csv(columns, rows)
    cells = [row[1] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))][1:]
    assert cells == [' =HYPERLINK("https://example.org")', "-5", " +49 is a code"]
    assert [line.cells["summary"] for line in read_sheet(content, "x.csv", columns)] == [
        row[1] for row in rows
    ]


def csv_of(*rows: str) -> bytes:
    return "\n".join(rows).encode()


SMALL = (Column("slug", "", needed=True), Column("sex", "", needed=True), Column("summary", ""))


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "x.csv", "is empty"),
        (b"a,b", "x.ods", "ends in .ods: save it as .xlsx or .csv"),
        (b"no archive", "x.xlsx", "is no XLSX file that can be read"),
        (csv_of("slug;sex", "a;male").replace(b"male", b"m\xe4le"), "x.csv", r"is not UTF-8 \(line 2\)"),
        (b"slug,sex\x00", "x.csv", "holds a NUL character"),
        (csv_of("slug,sexe", "a,male"), "x.csv", "column 2 is called 'sexe'.*did you mean sex?"),
        (csv_of("slug,sex,slug", "a,male,b"), "x.csv", "column slug stands twice"),
        (csv_of("summary", "a"), "x.csv", "lacks the columns slug, sex"),
        (csv_of("slug,sex", 'a,"male'), "x.csv", "a quotation mark is not closed"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_words(content: bytes, name: str, message: str) -> None:
    with pytest.raises(SheetFault, match=message):
        read_sheet(content, name, SMALL)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.bulk.sheets.LARGEST_UNPACKED_BYTES", 1000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", " " * 2000)
    with pytest.raises(SheetFault, match="unpacks to 2,000 bytes"):
        read_sheet(out.getvalue(), "x.xlsx", SMALL)


def test_semicolons_and_tabs_part_cells_too_and_empty_rows_are_passed_over() -> None:
    for mark in ";\t,":
        content = csv_of(
            mark.join(["slug", "sex"]), mark.join(["a", "male"]), mark, mark.join(["b", "female"])
        )
        lines = read_sheet(content, "x.csv", SMALL)
        assert [(line.number, line.cells["slug"]) for line in lines] == [(2, "a"), (4, "b")]


def test_a_date_and_a_cell_beyond_the_header_are_faults_of_their_row() -> None:
    book = openpyxl.Workbook()
    book.active.append(["slug", "sex", "summary"])
    book.active.append(["a", "male", __import__("datetime").date(2021, 3, 12), "beyond"])
    out = io.BytesIO()
    book.save(out)
    (line,) = read_sheet(out.getvalue(), "x.xlsx", SMALL)
    assert set(line.faults) == {"summary", ""}
    assert "is a date or time" in line.faults["summary"]
    assert line.faults[""] == "has more cells than the header has columns"
