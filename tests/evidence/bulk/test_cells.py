"""Cells are read as they are written, and what cannot be read is said in words."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.bulk import cells

# What a record may hold: printable, with breaks within, without space around.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n")
)
TOLD = TEXT.map(str.strip).filter(lambda text: text and text.lower() != cells.NONE)
WORD = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True).filter(lambda word: word != cells.NONE)


@given(st.lists(WORD) | st.none())
def test_words_come_back(values: list[str] | None) -> None:
    assert cells.words(cells.written_words(values)) == values


@given(st.lists(TOLD) | st.none())
def test_texts_come_back_whatever_they_hold(values: list[str] | None) -> None:
    assert cells.texts(cells.written_texts(values)) == values


@given(st.lists(st.lists(TOLD | st.just(""), min_size=3, max_size=3).filter(any)))
def test_rows_come_back_whatever_they_hold(rows: list[list[str]]) -> None:
    names = ("a", "b", "c")
    assert cells.rows(cells.written_rows(rows), names) == [dict(zip(names, row, strict=True)) for row in rows]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_figures_come_back(value: float) -> None:
    assert cells.figure(cells.written(value)) == value


@pytest.mark.parametrize("value", [None, True, False])
def test_yes_and_no_come_back_and_not_stated_stays_so(value: bool | None) -> None:
    assert cells.yes_or_no(cells.written(value)) is value


@pytest.mark.parametrize(
    ("typed", "text"),
    [(None, ""), (30, "30"), (30.0, "30"), (0.1, "0.1"), (True, "yes"), ("  a\r\nb ", "a\nb"), (0, "0")],
)
def test_a_typed_cell_is_the_text_that_a_person_sees(typed: Any, text: str) -> None:
    assert cells.plain(typed) == text


@pytest.mark.parametrize(
    ("read", "given_", "message"),
    [
        (cells.plain, datetime.date(2021, 3, 12), "is a date or time to the spreadsheet"),
        (cells.whole, "1.5", "'1.5' is no whole number"),
        (cells.whole, "1,5", "has a comma: write decimals with a point"),
        (cells.figure, "<5", "is a limit and no number"),
        (cells.figure, "12 weeks", "'12 weeks' is no number"),
        (cells.figure, "nan", "'nan' is no number"),
        (cells.figure, "1e999", None),
        (cells.yes_or_no, "maybe", "is neither yes nor no"),
        (lambda text: cells.rows(text, ("week", "value")), "1 | 2 | 3", "entry 1 has 3 parts where 2 belong"),
        (lambda text: cells.rows(text, ("week", "value")), '"1 | 2', "a quotation mark is not closed"),
    ],
)
def test_what_cannot_be_read_is_said(read: Any, given_: Any, message: str | None) -> None:
    if message is None:
        # Too large for a number: the record refuses infinity by name.
        assert read(given_) == float("inf")
        return
    with pytest.raises(cells.CellFault, match=message):
        read(given_)


def test_an_empty_cell_is_not_stated_and_none_is_stated_to_be_empty() -> None:
    assert cells.words("") is None and cells.words("None") == []
    assert cells.texts("") is None and cells.texts("none") == []
    assert cells.figure("") is None and cells.whole("0") == 0
