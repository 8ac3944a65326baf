"""One field's text to its value; pure."""

import re
from collections.abc import Callable
from typing import Any

from evidence.desk.fields import Field, Kind
from evidence.desk.figures import Typed, Unreadable, read_age, read_decimal, read_weeks, read_whole, shown
from evidence.desk.terms import PARTED_BY, Vocabulary

_NUMBERS: dict[Kind, Callable[[str], Typed]] = {
    Kind.WHOLE: read_whole,
    Kind.DECIMAL: read_decimal,
    Kind.WEEK: read_weeks,
    Kind.AGE: read_age,
}
TICKED = "yes"


def tidy(raw: Any) -> str:
    """Text without what a browser adds: CR LF for the end of a line, and spaces around."""
    return str(raw or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def read_cell(field: Field, raw: str, vocabulary: Vocabulary) -> tuple[Any, str]:
    """The value of text that is not blank, and a word on how it was taken; raises Unreadable."""
    if field.kind in _NUMBERS:
        typed = _NUMBERS[field.kind](raw)
        return typed.value, typed.note
    readers: dict[Kind, Callable[[], Any]] = {
        Kind.CHOICE: lambda: _choice(field, raw),
        Kind.THREE_WAY: lambda: _one_of(raw, {"yes": True, "no": False}),
        Kind.STATED: lambda: _one_of(raw, {"none": "none", "some": "some"}),
        Kind.TICK: lambda: raw == TICKED,
        Kind.TERM: lambda: _term(field, raw, vocabulary),
        Kind.TERMS: lambda: _terms(field, raw, vocabulary),
        Kind.COUNTRIES: lambda: _countries(raw),
        Kind.AUTHORS: lambda: parted(raw, r"[;\n]"),
    }
    return (readers[field.kind]() if field.kind in readers else raw), ""


def parted(raw: str, by: str | re.Pattern[str]) -> list[str]:
    """The parts of a list, without blanks."""
    return [part for part in (piece.strip() for piece in re.split(by, raw)) if part]


def _choice(field: Field, raw: str) -> str:
    assert field.words is not None
    if raw not in field.words.values:
        raise Unreadable(f"{shown(raw)} is not a choice here. Choose one of the list.")
    return raw


def _one_of(raw: str, meanings: dict[str, Any]) -> Any:
    if raw not in meanings:
        raise Unreadable(f"{shown(raw)} is not a choice here. Choose one of the list.")
    return meanings[raw]


def _term(field: Field, raw: str, vocabulary: Vocabulary) -> str:
    terms = vocabulary.of(field.terms)
    slug = terms.find(raw)
    if slug is None:
        near = terms.closest(raw)
        meant = f" Did you mean {near}?" if near else ""
        raise Unreadable(f"{shown(raw)} is not among the {terms.called}.{meant} Choose one of the list.")
    return slug


def _terms(field: Field, raw: str, vocabulary: Vocabulary) -> list[str]:
    """Several terms, each once."""
    return list(dict.fromkeys(_term(field, part, vocabulary) for part in parted(raw, PARTED_BY)))


def _countries(raw: str) -> list[str]:
    codes = [part.upper() for part in parted(raw, r"[,;\s]")]
    for code in codes:
        if not re.fullmatch(r"[A-Z]{2}", code):
            raise Unreadable(f"{shown(code)} is no country code. Write two letters, such as JP or US.")
    return list(dict.fromkeys(codes))
