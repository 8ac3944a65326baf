"""How numbers are written: nothing is rounded into another statement, nothing missing becomes a number."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import formatting as f

totals = st.integers(min_value=1, max_value=5000)
shares = st.floats(min_value=0, max_value=1, allow_nan=False)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(totals)
    return draw(st.integers(min_value=0, max_value=total)), total


@pytest.mark.parametrize(
    ("events", "total", "expected"),
    [
        (14, 30, "47%"),
        (1, 8, "13%"),  # 12.5 rounds half up, not to even
        (0, 10, "0%"),
        (10, 10, "100%"),
        (249, 250, "99.6%"),
        (2499, 2500, ">99.9%"),
        (1, 2500, "<0.1%"),
        (99, 99, "100%"),
        (1, 1000, "0.1%"),
        (13, 2000, "0.7%"),
        (None, 30, "not reported"),
        (3, None, "not reported"),
        (0, 0, "no patients"),
    ],
)
def test_a_percentage_has_no_decimals_under_a_hundred_patients_and_one_above(
    events: int | None, total: int | None, expected: str
) -> None:
    assert f.percent(events, total) == expected


@given(counts())
def test_only_nobody_is_0_percent_and_only_everybody_is_100_percent(pair: tuple[int, int]) -> None:
    events, total = pair
    text = f.percent(events, total)
    assert (text in {"0%", "0.0%"}) == (events == 0)
    assert (text in {"100%", "100.0%"}) == (events == total)


@given(counts())
def test_a_percentage_is_within_half_a_step_of_the_quotient(pair: tuple[int, int]) -> None:
    events, total = pair
    text = f.percent(events, total).rstrip("%")
    step = 1 if total < 100 else 0.1
    if text[0] in "<>":
        bound = float(text[1:])
        exact = 100 * events / total
        assert 0 < exact < bound if text[0] == "<" else bound < exact < 100
    else:
        assert abs(float(text) - 100 * events / total) <= step / 2 + 1e-9


def test_x_of_n_is_written_as_the_pages_promise() -> None:
    assert f.x_of_n_text(14, 30, 0.2834, 0.6567) == "14 of 30 (47%, 95% CI 28 to 66)"


def test_x_of_n_keeps_an_interval_that_touches_zero() -> None:
    assert f.x_of_n_text(0, 10, 0.0, 0.3085) == "0 of 10 (0%, 95% CI 0 to 31)"


def test_a_bound_just_above_zero_is_not_zero() -> None:
    assert f.interval_text(0.0025, 0.4445, 10) == "95% CI <1 to 44"
    assert f.interval_text(0.9, 0.99999, 400) == "95% CI 90.0 to >99.9"


def test_a_pooled_estimate_is_not_events_over_total() -> None:
    assert (
        f.x_of_n_text(40, 100, 0.3, 0.5, proportion=0.381) == "40 of 100 (pooled 38.1%, 95% CI 30.0 to 50.0)"
    )


def test_half_an_interval_is_no_interval() -> None:
    assert f.interval_text(None, 0.5) == ""
    assert f.interval_text(0.0, None) == ""


@given(counts(), shares, shares)
def test_x_of_n_always_begins_with_its_count(pair: tuple[int, int], low: float, high: float) -> None:
    events, total = pair
    assert f.x_of_n_text(events, total, low, high).startswith(f"{events} of {total} (")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "not reported"),
        (0, "0"),
        (0.0, "0"),
        (-0.0, "0"),
        (150.0, "150"),
        (0.13, "0.13"),
        (-12.5, "−12.5"),
        (1770, "1770"),
        (41589, "41,589"),
        (Decimal("1E+3"), "1000"),
        (1e-05, "0.00001"),
    ],
)
def test_a_number_is_written_as_reported(value: float | None, expected: str) -> None:
    assert f.number(value) == expected


@given(st.floats(min_value=-1e6, max_value=1e6, allow_nan=False))
def test_a_number_reads_back_as_itself(value: float) -> None:
    assert float(f.number(value).replace(",", "").replace(f.MINUS, "-")) == value


@given(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)))
def test_no_number_is_written_with_a_hyphen_or_a_dash(value: float | None) -> None:
    for text in (f.number(value), f.range_text(value, value), f.quantity_text(value, "mean", sd=value)):
        assert "-" not in text
        assert "–" not in text


def test_rounding_to_zero_leaves_no_sign() -> None:
    assert f.number(-0.004, 2) == "0.00"


def test_a_quantity_says_statistic_unit_spread_and_patients() -> None:
    assert f.quantity_text(150, "median", "iqr", 60, 320, n=12, unit="mg/dL") == (
        "median 150 mg/dL (IQR 60 to 320; 12 patients)"
    )
    assert f.quantity_text(11, "mean", sd=7, n=30, unit="points") == "mean 11 points (SD 7; 30 patients)"
    assert f.quantity_text(0, "median", n=1, unit="cells/µL") == "median 0 cells/µL (1 patient)"
    assert f.quantity_text(None, "mean") == "not reported"
    assert f.quantity_text(-45, "mean", unit="%") == "mean −45%"


def test_a_range_of_unknown_kind_is_not_called_an_interval() -> None:
    assert f.spread_text(None, 1, 4, None) == "1 to 4, kind of spread not reported"


def test_an_effect_names_its_measure() -> None:
    assert f.effect_text("hazard_ratio", 0.13, 0.06, 0.28) == "hazard ratio 0.13 (95% CI 0.06 to 0.28)"
    assert f.effect_text("risk_difference", 0, -0.1, 0.1) == "risk difference 0 (95% CI −0.1 to 0.1)"
    assert f.effect_text("hazard_ratio", None) == "not reported"


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (26, "week 26"),
        (0, "week 0"),
        (-1, "1 week before"),
        (-4, "4 weeks before"),
        (None, "time not reported"),
    ],
)
def test_a_week_is_said_in_words(week: int | None, expected: str) -> None:
    assert f.week_text(week) == expected


def test_plurals() -> None:
    assert [f.plural(n, "patient") for n in (0, 1, 2, None)] == [
        "0 patients",
        "1 patient",
        "2 patients",
        "number of patients not reported",
    ]
    assert f.plural(2, "study", "studies") == "2 studies"


def test_the_rest_of_the_words() -> None:
    assert f.joined(["a", "", "b", "c"]) == "a, b and c"
    assert f.joined([]) == ""
    assert f.date_text(datetime.date(2026, 11, 2)) == "2 November 2026"
    assert f.date_text(None) == "date not reported"
    assert [f.age_text(age) for age in (None, 0, 1, 67.0, 89, 90)] == [
        "age not reported",
        "0 years",
        "1 year",
        "67 years",
        "89 years",
        "90+ years",
    ]
    assert [f.reported(v) for v in (None, "", 0, False, True, "x")] == [
        "not reported",
        "not reported",
        "0",
        "no",
        "yes",
        "x",
    ]
    assert f.signed(3) == "+3"
    assert f.signed(-3) == "−3"
    assert f.sentence("igG4 of dupilumab") == "IgG4 of dupilumab"
    assert f.per_hundred(0.467) == "47 per 100"


def test_a_place_says_its_basis_once() -> None:
    assert f.place_text("abstract", "Abstract, results") == "abstract, results"
    assert f.place_text("full text", "Table 2") == "full text: Table 2"
    assert f.place_text("", "Table 2") == "Table 2"
    assert f.place_text("registry", "") == "registry"
