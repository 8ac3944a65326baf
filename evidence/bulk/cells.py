"""Cells of a spreadsheet: text to the values of a record and back, exactly.

An empty cell was not stated. A list that was stated to be empty says "none". Several words stand apart by semicolons;
several rows, such as the courses of a patient, stand on lines of their own within the cell, their parts between bars:
``glucocorticoid | prednisone | 40 mg | oral | daily | 0 | 9``.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

NONE = "none"
BAR = "|"
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_TRUE = frozenset({"yes", "true", "y"})
_FALSE = frozenset({"no", "false", "n"})


class CellFault(ValueError):
    """A cell that cannot be read; the message says what is wrong and what would be right."""


def plain(value: Any) -> str:
    """A cell as text: what a spreadsheet program keeps as a number, a truth value or a date comes typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        raise CellFault(
            "is a date or time to the spreadsheet: format the cell as text, and enter weeks, not dates"
        )
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def whole(text: str) -> int | None:
    """A whole number, or None where the cell is empty."""
    number = figure(text)
    if number is None:
        return None
    if not number.is_integer():
        raise CellFault(f"{text!r} is no whole number")
    return int(number)


def figure(text: str) -> float | None:
    """A number with a decimal point, or None where the cell is empty."""
    if not text:
        return None
    if _DECIMAL_COMMA.fullmatch(text):
        raise CellFault(f"{text!r} has a comma: write decimals with a point, and thousands without a mark")
    if text[:1] in "<>≤≥~≈":
        raise CellFault(f"{text!r} is a limit and no number: leave the cell empty and tell it in the summary")
    if not _NUMBER.fullmatch(text):
        raise CellFault(f"{text!r} is no number")
    try:
        return float(Decimal(text))
    except (InvalidOperation, OverflowError):
        raise CellFault(f"{text!r} is no number") from None


def yes_or_no(text: str) -> bool | None:
    """Yes, no, or None where the cell is empty."""
    if not text:
        return None
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise CellFault(f"{text!r} is neither yes nor no; leave the cell empty where it is not stated")


def words(text: str) -> list[str] | None:
    """Words apart by semicolons or lines; [] for "none", None where the cell is empty."""
    if not text:
        return None
    if text.lower() == NONE:
        return []
    found = [part.strip() for part in re.split(r"[;\n]", text)]
    return [part for part in found if part]


def texts(text: str) -> list[str] | None:
    """Texts on lines of their own; [] for "none", None where the cell is empty."""
    if not text:
        return None
    if text.lower() == NONE:
        return []
    return [row["text"] for row in rows(text, ("text",))]


def rows(text: str, names: Sequence[str]) -> list[dict[str, str]]:
    """Lines of parts between bars, named in order; parts that are missing at the end are empty."""
    found = []
    lines = csv.reader(io.StringIO(text), delimiter=BAR, skipinitialspace=True, strict=True)
    try:
        for number, parts in enumerate(lines, start=1):
            told = [part.strip() for part in parts]
            if not any(told):
                continue
            if len(told) > len(names):
                expected = f" {BAR} ".join(names)
                raise CellFault(f"entry {number} has {len(told)} parts where {len(names)} belong: {expected}")
            found.append(dict(zip(names, [*told, *[""] * (len(names) - len(told))], strict=True)))
    except csv.Error as error:
        raise CellFault(f"a quotation mark is not closed ({error})") from None
    return found


def written(value: Any) -> str:
    """A value as a cell shows it; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def written_words(values: Sequence[str] | None) -> str:
    """Words in one cell."""
    return "" if values is None else "; ".join(values) or NONE


def written_texts(values: Sequence[str] | None) -> str:
    """Texts on lines of their own."""
    return "" if values is None else written_rows([value] for value in values) or NONE


def written_rows(rows: Iterable[Sequence[Any]]) -> str:
    """Rows on lines of their own, parts between bars, quoted where they hold a bar or a break; empty ends left off."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=BAR, lineterminator="\n")
    for row in rows:
        parts = [written(part) for part in row]
        while parts and not parts[-1]:
            parts.pop()
        writer.writerow(parts)
    return out.getvalue().removesuffix("\n")
