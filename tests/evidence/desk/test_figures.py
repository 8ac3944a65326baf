"""Numbers, weeks and ages as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.desk.figures import Unreadable, read_age, read_decimal, read_weeks, read_whole, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("17.7", 17.7),
        ("17,7", 17.7),
        ("0,125", 0.125),
        (" 1770 ", 1770),
        ("1 770", 1770),
        ("1\u202f770", 1770),
        ("1,234,567", 1234567),
        ("1,770.5", 1770.5),
        ("−12", -12),
        (".5", 0.5),
        ("1e3", 1000),
    ],
)
def test_a_number_is_read_however_it_is_usually_written(text: str, number: float) -> None:
    assert read_decimal(text).value == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,770", "'1,770' may be 1770 or 1.770: write it without the comma."),
        (
            "<0.5",
            "'<0.5' is a bound, not a figure: leave the row out and put it into the summary, or enter the figure that "
            "the report itself uses.",
        ),
        ("17.7 g/L", "'17.7 g/L' is not a number: enter digits with a decimal point, such as 17.7."),
        ("high", "'high' is not a number: enter digits with a decimal point, such as 17.7."),
        ("1e999", "“1e999” is too large a number."),
        ("nan", "'nan' is not a number: enter digits with a decimal point, such as 17.7."),
        ("inf", "'inf' is not a number: enter digits with a decimal point, such as 17.7."),
    ],
)
def test_what_is_no_number_is_told_with_what_would_be(text: str, words: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_decimal(text)
    assert str(told.value) == words


@pytest.mark.parametrize(
    ("text", "week"),
    [
        *(
            ("26", 26),
            ("-12", -12),
            ("−12", -12),
            ("0", 0),
            ("week 3", 3),
            ("week three", None),
            ("3 months", 13),
            ("6 mo", 26),
        ),
        *(
            ("1 year", 52),
            ("10 days", 1),
            ("2.5 months", 11),
            ("12 weeks", 12),
            ("-3 months", -13),
            ("6m", 26),
        ),
    ],
)
def test_weeks_are_read_and_other_times_turned_into_them(text: str, week: int | None) -> None:
    if week is None:
        with pytest.raises(Unreadable, match="write baseline"):
            read_weeks(text)
    else:
        assert read_weeks(text).value == week


def test_a_time_that_is_turned_is_told() -> None:
    assert read_weeks("3 months").note == "Month 3 is taken as week 13 (× 4.345, rounded)."
    assert read_weeks("13").note == read_weeks("13 weeks").note == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12.5", "'12.5' is no whole week: round it, or write days (d87.5)."),
        (
            "soon",
            "'soon' is no time: write baseline, week 12, -4, month 3 or d14.",
        ),
        (
            "2024-03-05",
            "'2024-03-05' looks like a date, which could identify the patient: enter the week from the start of the "
            "index therapy.",
        ),
        ("3 fortnights", "'3 fortnights' is no time: write baseline, week 12, -4, month 3 or d14."),
    ],
)
def test_what_is_no_week_is_told_with_what_would_be(text: str, words: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_weeks(text)
    assert str(told.value) == words


@pytest.mark.parametrize(
    ("text", "years"),
    [("67", 67), ("89", 89), ("89.5", 89.5), ("8 months", 0.67), ("67 years", 67), ("67y", 67)],
)
def test_an_age_is_read_in_years(text: str, years: float) -> None:
    assert read_age(text).value == years


@pytest.mark.parametrize("text", ["90", "90+", "92", ">89", "≥ 90", "over 89", "101 years"])
def test_anyone_over_89_is_90_and_that_is_told(text: str) -> None:
    typed = read_age(text)
    assert typed.value == 90
    assert "kept as 90" in typed.note


def test_a_whole_number_has_no_decimals() -> None:
    assert read_whole("12").value == 12
    with pytest.raises(Unreadable, match=r"“1\.5” is no whole number"):
        read_whole("1.5")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_that_was_written_is_read_back_as_itself(number: float) -> None:
    assert read_decimal(written(number)).value == number


@given(st.text())
def test_any_text_is_a_number_or_is_told_not_to_be(text: str) -> None:
    for read in (read_decimal, read_whole, read_weeks, read_age):
        with suppress(Unreadable):
            assert isinstance(read(text).value, int | float)
