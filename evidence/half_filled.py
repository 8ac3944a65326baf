"""Reading of records that may be forms still half filled in: dicts in the shape of a record, or the record itself."""

from collections.abc import Mapping
from math import isfinite
from typing import Any


def field_of(record: Any, name: str) -> Any:
    """A field of a record or of a form; None where it is not there."""
    return record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)


def is_filled(value: Any) -> bool:
    """Whether somebody said something; 0 and False say something, an empty text or list does not."""
    return value is not None and value not in ("", [], (), {})


def rows_of(record: Any, name: str) -> list[Any]:
    """The rows of a list that hold anything."""
    rows = field_of(record, name)
    return [row for row in rows if is_filled(row)] if isinstance(rows, list | tuple) else []


def text_of(record: Any, name: str) -> str:
    """A text without the white space around it; empty where there is none."""
    value = field_of(record, name)
    return value.strip() if isinstance(value, str) else ""


def number_of(record: Any, name: str) -> float | None:
    """A number, also where a form still holds it as text; None where there is none yet."""
    value = field_of(record, name)
    try:
        number = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number is not None and isfinite(number) else None
