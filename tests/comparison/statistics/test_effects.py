import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comparison.statistics.distributions import t_for
from comparison.statistics.effects import MEASURES, Effect, effect, indirect, pool_effects
from comparison.statistics.refusals import NoInformation
from tests.oracles import effects as oracle

GOLDEN = json.loads((Path(__file__).parent / "fixtures" / "golden.json").read_text())


@st.composite
def arms(draw, most=80):
    total = draw(st.integers(1, most))
    return draw(st.integers(0, total)), total


@st.composite
def effects(draw, least=2):
    size = draw(st.integers(least, 9))
    numbers = st.lists(st.floats(-3, 3), min_size=size, max_size=size)
    spreads = st.lists(st.floats(0.001, 4), min_size=size, max_size=size)
    return draw(numbers), draw(spreads)


@pytest.mark.parametrize("row", GOLDEN["contrasts"], ids=lambda row: f"{row['name']}_{row['measure']}")
def test_pooled_effects_agree_with_r(row):
    pooled = pool_effects(row["yi"], row["vi"])
    assert pooled.interval == "hartung_knapp"
    assert [pooled.estimate, pooled.low, pooled.high] == pytest.approx(
        [row["estimate"], row["knha_low"], row["knha_high"]], abs=1e-6
    )
    assert pooled.tau2 == pytest.approx(row["tau2"], abs=1e-6)
    assert [pooled.i2, pooled.q] == pytest.approx([row["i2"], row["q"]], abs=1e-4)


@given(st.sampled_from(MEASURES), arms(), arms())
def test_effects_follow_the_formulas_written_out(measure, a, b):
    none = a[0] == b[0] == 0
    assume(measure == "risk_difference" or not none)
    assume(measure != "log_odds_ratio" or not (a[0] == a[1] and b[0] == b[1]))
    one = effect(measure, *a, *b)
    assert (one.estimate, one.variance) == pytest.approx(
        oracle.two_by_two(measure, *a, *b), abs=1e-12, rel=1e-9
    )
    assert one.variance > 0


def test_a_zero_cell_adds_a_half_to_all_four_of_that_study_only():
    assert effect("log_risk_ratio", 0, 10, 2, 20).estimate == pytest.approx(math.log((0.5 / 11) / (2.5 / 21)))
    assert effect("log_risk_ratio", 1, 10, 2, 20).estimate == pytest.approx(0.0)
    assert effect("log_risk_ratio", 10, 10, 10, 20).estimate == pytest.approx(
        math.log((10.5 / 11) / (10.5 / 21))
    )
    assert effect("risk_difference", 0, 10, 2, 20).estimate == pytest.approx(0.5 / 11 - 2.5 / 21)


@pytest.mark.parametrize(
    ("measure", "counts", "reason"),
    [
        ("log_risk_ratio", (0, 10, 0, 20), "neither arm had an event"),
        ("log_odds_ratio", (0, 10, 0, 20), "neither arm had an event"),
        ("log_odds_ratio", (10, 10, 20, 20), "every patient of both arms"),
    ],
)
def test_a_double_zero_has_no_ratio_and_says_why(measure, counts, reason):
    with pytest.raises(NoInformation, match=reason) as refusal:
        effect(measure, *counts)
    assert reason in refusal.value.reason


def test_a_double_zero_still_has_a_difference():
    one = effect("risk_difference", 0, 10, 0, 20)
    assert one.estimate == pytest.approx(0.5 / 11 - 0.5 / 21)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((5, 4, 1, 2), "events_a 5 are more than total_a 4"),
        ((1, 4, 1, 0), "total_b is 0"),
        ((1, 4, -1, 3), "events_b is -1"),
        ((math.nan, 4, 1, 3), "events_a is not a number"),
        ((True, 4, 1, 3), "events_a is True"),
    ],
)
def test_a_wrong_count_is_refused_by_its_arm(counts, message):
    with pytest.raises(ValueError, match=message):
        effect("log_risk_ratio", *counts)


def test_an_unknown_measure_is_refused_by_name():
    with pytest.raises(ValueError, match="'hazard' is not one of log_risk_ratio"):
        effect("hazard", 1, 2, 3, 4)


@given(st.sampled_from(MEASURES), arms(), arms())
def test_swapping_the_arms_turns_the_sign(measure, a, b):
    assume(measure == "risk_difference" or a[0] + b[0] > 0)
    assume(measure != "log_odds_ratio" or not (a[0] == a[1] and b[0] == b[1]))
    one, other = effect(measure, *a, *b), effect(measure, *b, *a)
    assert one.estimate == pytest.approx(-other.estimate, abs=1e-12)
    assert one.variance == pytest.approx(other.variance)


@given(st.sampled_from(["log_odds_ratio", "risk_difference"]), arms(), arms())
def test_swapping_events_and_non_events_turns_the_sign_of_odds_and_differences(measure, a, b):
    assume(measure == "risk_difference" or 0 < a[0] + b[0] < a[1] + b[1])
    one = effect(measure, *a, *b)
    other = effect(measure, a[1] - a[0], a[1], b[1] - b[0], b[1])
    assert one.estimate == pytest.approx(-other.estimate, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(effects())
def test_the_spread_is_where_brute_force_finds_the_restricted_likelihood_highest(rows):
    pooled = pool_effects(*rows)
    best = oracle.reml(*rows)
    found = oracle.restricted_log_likelihood(*rows, pooled.tau2)
    assert found >= oracle.restricted_log_likelihood(*rows, best) - 1e-9


@settings(deadline=None)
@given(effects())
def test_the_interval_is_never_narrower_than_the_normal_one(rows):
    pooled = pool_effects(*rows)
    weights = 1 / (np.array(rows[1]) + pooled.tau2)
    normal = 1.959963984540054 * weights.sum() ** -0.5
    assert pooled.high - pooled.low >= 2 * normal * (1 - 1e-12)
    assert pooled.low <= pooled.estimate <= pooled.high
    assert pooled.prediction_low <= pooled.low + 1e-9 or pooled.interval == "normal"
    assert 0 <= pooled.i2 <= 100
    assert min(rows[0]) - 1e-9 <= pooled.estimate <= max(rows[0]) + 1e-9


def test_where_studies_agree_by_chance_the_normal_interval_is_given():
    pooled = pool_effects([0.30, 0.31, 0.29, 0.30], [0.04, 0.05, 0.04, 0.06])
    assert pooled.interval == "normal"
    assert pooled.tau2 == 0.0
    weights = sum(1 / v for v in (0.04, 0.05, 0.04, 0.06))
    assert pooled.high - pooled.low == pytest.approx(2 * 1.959963984540054 * weights**-0.5)


def test_two_studies_take_t_with_one_degree_of_freedom():
    pooled = pool_effects([-1.0, 1.0], [0.1, 0.1])
    # Equal variances: tau² is the sample variance less the sampling variance, the mean 0 with error 1.
    assert pooled.tau2 == pytest.approx(1.9, abs=1e-9)
    assert (pooled.low, pooled.high) == pytest.approx((-t_for(0.95, 1), t_for(0.95, 1)))


def test_one_study_keeps_its_own_interval_and_tells_no_heterogeneity():
    pooled = pool_effects([0.5], [0.04])
    assert (pooled.estimate, pooled.low, pooled.high) == pytest.approx(
        (0.5, 0.5 - 0.39199, 0.5 + 0.39199), abs=1e-5
    )
    assert (pooled.tau2, pooled.i2, pooled.q, pooled.prediction_low) == (None, None, None, None)


@settings(deadline=None)
@given(effects(), st.randoms(use_true_random=False))
def test_the_order_of_studies_changes_no_bit(rows, random):
    pairs = list(zip(*rows, strict=True))
    shuffled = random.sample(pairs, len(pairs))
    assert pool_effects(*zip(*shuffled, strict=True)) == pool_effects(*rows)


@settings(deadline=None)
@given(effects(), st.floats(-2, 2))
def test_shifting_every_study_shifts_the_mean_and_nothing_else(rows, shift):
    one, other = pool_effects(*rows), pool_effects([y + shift for y in rows[0]], rows[1])
    assert other.estimate == pytest.approx(one.estimate + shift, abs=1e-6)
    assert other.tau2 == pytest.approx(one.tau2, abs=1e-5)


@pytest.mark.parametrize(
    ("estimates", "variances", "message"),
    [
        ([], [], "no evidence"),
        ([1.0], [1.0, 2.0], "estimates has 1 rows but variances has 2"),
        ([1.0, math.nan], [1.0, 2.0], "row 2: estimate is nan"),
        ([1.0, 2.0], [1.0, 0.0], "row 2: variance is 0.0, not above zero"),
        ([1.0, 2.0], [1.0, math.inf], "row 2: variance is inf"),
        ([None], [1.0], "row 1: estimate is None"),
        ([True], [1.0], "row 1: estimate is True"),
        (1.0, [1.0], "estimates is 1.0, not a list"),
        ([1.0, 1e300], [1.0, 1.0], r"row 2: estimate is 1e\+300, too large"),
        ([1.0, 1.0], [1.0, 1e300], r"row 2: variance is 1e\+300, too large"),
        ([1.0, 1.0], [1e-300, 1.0], "row 1: variance is 1e-300, too small"),
    ],
)
def test_a_wrong_row_is_refused_by_its_number(estimates, variances, message):
    with pytest.raises(ValueError, match=message):
        pool_effects(estimates, variances)


def test_an_indirect_comparison_subtracts_estimates_and_adds_variances():
    result = indirect(Effect(-2.0, 0.15), Effect(-0.5, 0.05))
    assert result == Effect(-1.5, pytest.approx(0.2))
    interval = result.interval()
    assert (interval.low, interval.high) == pytest.approx(
        (-1.5 - 1.96 * 0.2**0.5, -1.5 + 1.96 * 0.2**0.5), abs=1e-4
    )


def test_an_indirect_comparison_of_a_therapy_with_itself_is_no_difference():
    one = effect("log_risk_ratio", 3, 20, 9, 20)
    assert indirect(one, one) == Effect(0.0, pytest.approx(2 * one.variance))


@pytest.mark.parametrize("wrong", [Effect(math.nan, 1.0), Effect(0.0, -1.0), Effect(0.0, math.inf)])
def test_an_indirect_comparison_refuses_broken_effects(wrong):
    with pytest.raises(ValueError, match="effect_b"):
        indirect(Effect(0.0, 1.0), wrong)
