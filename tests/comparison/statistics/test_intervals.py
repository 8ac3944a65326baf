import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.statistics.proportions import (
    Interval,
    PooledProportion,
    difference_interval,
    exact_interval,
    pool_proportions,
    wilson_interval,
)
from tests.oracles import intervals as oracle

GOLDEN = json.loads((Path(__file__).parent / "fixtures" / "golden.json").read_text())


@st.composite
def proportions(draw, most=60):
    total = draw(st.integers(1, most))
    return draw(st.integers(0, total)), total


@pytest.mark.parametrize("row", GOLDEN["intervals"], ids=lambda row: f"{row['events']}_of_{row['total']}")
def test_intervals_agree_with_published_values(row):
    exact, wilson = (f(row["events"], row["total"]) for f in (exact_interval, wilson_interval))
    assert [exact.low, exact.high] == pytest.approx(row["exact"], abs=1e-6)
    assert [wilson.low, wilson.high] == pytest.approx(row["wilson"], abs=1e-6)


@pytest.mark.parametrize("row", GOLDEN["newcombe"], ids=["newcombe_table_a", "newcombe_table_g"])
def test_differences_agree_with_newcombes_paper(row):
    interval = difference_interval(*row["a"], *row["b"])
    assert [interval.low, interval.high] == pytest.approx([row["low"], row["high"]], abs=5e-5)


def test_the_intervals_of_carruthers_and_matza_are_those_the_pages_promise():
    carruthers, matza = exact_interval(14, 30), exact_interval(3, 10)
    assert (round(carruthers.low, 4), round(carruthers.high, 4)) == (0.2834, 0.6567)
    assert (round(matza.low, 4), round(matza.high, 4)) == (0.0667, 0.6525)


@settings(max_examples=60, deadline=None)
@given(proportions(), st.sampled_from(["0.8", "0.95", "0.99"]))
def test_exact_interval_matches_tails_summed_in_exact_integers(row, level):
    interval = exact_interval(*row, level=float(level))
    assert interval.low == pytest.approx(oracle.exact_low(*row, level), abs=1e-10)
    assert interval.high == pytest.approx(oracle.exact_high(*row, level), abs=1e-10)


@settings(deadline=None)
@given(proportions(500))
def test_wilson_interval_matches_the_roots_found_by_bisection(row):
    interval = wilson_interval(*row)
    assert (interval.low, interval.high) == pytest.approx(oracle.wilson(*row), abs=1e-9)


@settings(deadline=None)
@given(proportions(200), proportions(200))
def test_difference_interval_matches_its_oracle_and_holds_the_difference(a, b):
    interval = difference_interval(*a, *b)
    assert (interval.low, interval.high) == pytest.approx(oracle.newcombe(*a, *b), abs=1e-9)
    assert -1 <= interval.low <= a[0] / a[1] - b[0] / b[1] <= interval.high <= 1


@given(proportions(200), proportions(200))
def test_swapping_the_arms_mirrors_the_difference(a, b):
    one, other = difference_interval(*a, *b), difference_interval(*b, *a)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-12)


@pytest.mark.parametrize("function", [exact_interval, wilson_interval])
@given(row=proportions(10_000))
def test_an_interval_holds_its_proportion_and_mirrors_when_events_and_non_events_swap(function, row):
    events, total = row
    interval = function(events, total)
    assert 0 <= interval.low <= events / total <= interval.high <= 1
    mirrored = function(total - events, total)
    assert (interval.low, interval.high) == pytest.approx((1 - mirrored.high, 1 - mirrored.low), abs=1e-12)
    wider = function(events, total, level=0.99)
    assert wider.low <= interval.low
    assert interval.high <= wider.high


@pytest.mark.parametrize("function", [exact_interval, wilson_interval])
@given(total=st.integers(1, 400), data=st.data())
def test_one_more_event_moves_both_bounds_up(function, total, data):
    events = data.draw(st.integers(0, total - 1))
    fewer, more = function(events, total), function(events + 1, total)
    assert fewer.low <= more.low
    assert fewer.high <= more.high


def test_no_events_and_all_events_bound_exactly_at_the_edge():
    assert exact_interval(0, 20).low == wilson_interval(0, 20).low == 0.0
    assert exact_interval(20, 20).high == wilson_interval(20, 20).high == 1.0
    assert exact_interval(0, 20).high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_a_million_patients_give_a_narrow_finite_interval():
    interval = exact_interval(500_000, 1_000_000)
    assert interval == Interval(pytest.approx(0.49902, abs=1e-5), pytest.approx(0.50098, abs=1e-5))


@pytest.mark.parametrize(
    ("events", "total", "message"),
    [
        (5, 4, "events 5 are more than total 4"),
        (-1, 4, "events is -1, below zero"),
        (0, 0, "total is 0"),
        (math.nan, 4, "events is not a number"),
        (2, math.nan, "total is not a number"),
        (math.inf, 4, "events is inf, not a whole number"),
        (1.5, 4, "events is 1.5, not a whole number"),
        (True, 4, "events is True, a truth value"),
        (np.bool_(True), 4, "events is True, a truth value"),
        (None, 4, "events is missing"),
        ("3", 4, "events is '3', not a whole number"),
    ],
)
@pytest.mark.parametrize("function", [exact_interval, wilson_interval])
def test_a_wrong_count_is_refused_with_its_name(function, events, total, message):
    with pytest.raises(ValueError, match=message):
        function(events, total)


@pytest.mark.parametrize("level", [0, 1, 95, -0.1, math.nan, True, "0.95"])
def test_a_level_outside_zero_to_one_is_refused(level):
    with pytest.raises(ValueError, match="level is"):
        exact_interval(1, 2, level=level)


def test_the_wrong_arm_of_a_difference_is_named():
    with pytest.raises(ValueError, match="events_b 3 are more than total_b 2"):
        difference_interval(1, 2, 3, 2)


@pytest.mark.parametrize(
    ("events", "totals", "message"),
    [
        ([1, 2], [3], "events has 2 rows but totals has 1"),
        ([], [], "no evidence"),
        ([1, 5], [3, 4], "row 2: events 5 are more than total 4"),
        ([1, -2], [3, 4], "row 2: events is -2, below zero"),
        ([1, math.nan], [3, 4], "row 2: events is not a number"),
        ([1, 2], [3, 2.5], "row 2: total is 2.5, not a whole number"),
        ([True, 2], [3, 4], "row 1: events is True"),
        ([0, 2], [0, 4], "row 1: total is 0"),
        ([1, None], [3, 4], "row 2: events is missing"),
        (["1", 2], [3, 4], "row 1: events is '1', not a whole number"),
        ([1, 2], [math.inf, 4], "row 1: total is inf, not a whole number"),
        (np.array([[1, 2]]), [3], r"row 1: events is array\(\[1, 2\]\), not a whole number"),
        (np.array([True, False]), [3, 4], "row 1: events is True"),
        (3, 5, "events is 3, not a list with a value for each row"),
        (np.array(3), [5], r"events is array\(3\), not a list"),
        (None, [5], "events is None, not a list"),
        ([1], "5", "totals is '5', not a list"),
        ({1: 2}, [3], "events is {1: 2}, not a list"),
        ([1, 10**8], [3, 10**8 + 1], "row 2: total is 100000001, more than 100,000,000 to be pooled"),
        ([1, 10**400], [3, 10**401], "row 2: total is more than 1,000,000,000,000,000 patients"),
    ],
)
def test_a_wrong_row_is_refused_by_its_number(events, totals, message):
    with pytest.raises(ValueError, match=message):
        pool_proportions(events, totals)


@pytest.mark.parametrize("method", ["bayes", "logit_iv"])
def test_the_largest_pool_taken_agrees_with_one_of_a_hundredth_of_its_size(method):
    """Both have all but no sampling error, so that only a quadrature that misses the peak could tell them apart."""
    shares = [0.1, 0.3, 0.2, 0.05, 0.2, 0.25]
    small, large = (
        pool_proportions([round(share * size) for share in shares], [size] * 6, method)
        for size in (10**6, 10**8)
    )
    told = [(one.proportion, one.low, one.high) for one in (small, large)]
    assert told[1] == pytest.approx(told[0], abs=1e-4)


def test_numpy_counts_and_whole_floats_are_counts():
    plain = pool_proportions([14], [30])
    assert pool_proportions(np.array([14]), np.array([30])) == plain
    assert pool_proportions(np.array([14.0]), np.array([30.0])) == plain


def test_one_study_keeps_its_own_proportion_and_exact_interval():
    pooled = pool_proportions([14], [30])
    exact = exact_interval(14, 30)
    assert pooled == PooledProportion(
        studies=1,
        patients=30,
        events=14,
        proportion=14 / 30,
        low=exact.low,
        high=exact.high,
        prediction_low=None,
        prediction_high=None,
        tau2=None,
        logit=None,
        se=None,
        method="exact_single",
        reason="one study",
    )


def test_exact_total_treats_the_sums_as_one_study():
    pooled = pool_proportions([14, 3], [30, 10], method="exact_total")
    exact = exact_interval(17, 40)
    assert (pooled.proportion, pooled.low, pooled.high) == (17 / 40, exact.low, exact.high)
    assert (pooled.studies, pooled.patients, pooled.events, pooled.method) == (2, 40, 17, "exact_total")


def test_exact_single_refuses_several_studies():
    with pytest.raises(ValueError, match="exact_single takes one study, not 2"):
        pool_proportions([1, 2], [3, 4], method="exact_single")


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(ValueError, match="'freeman_tukey' is not one of auto, exact_single"):
        pool_proportions([1, 2], [3, 4], method="freeman_tukey")
