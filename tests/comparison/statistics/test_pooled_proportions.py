import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comparison.statistics import bayes
from comparison.statistics.glmm import fit_glmm
from comparison.statistics.marginal import Studies
from comparison.statistics.proportions import METHODS, pool_proportions
from comparison.statistics.refusals import NotConverged, Refusal
from tests.oracles import proportions as oracle

GOLDEN = json.loads((Path(__file__).parent / "fixtures" / "golden.json").read_text())
SEVERAL = [method for method in METHODS if method != "exact_single"]


@st.composite
def studies(draw, least=1, most=8, largest=60):
    rows = draw(st.lists(st.integers(1, largest), min_size=least, max_size=most))
    return [(draw(st.integers(0, total)), total) for total in rows]


def pool(rows, method="auto", **options):
    return pool_proportions([row[0] for row in rows], [row[1] for row in rows], method, **options)


def bounds(pooled):
    return [pooled.prediction_low, pooled.low, pooled.proportion, pooled.high, pooled.prediction_high]


@pytest.mark.parametrize("row", GOLDEN["proportions"], ids=lambda row: row["name"])
def test_the_regression_agrees_with_r(row):
    pooled = pool_proportions(row["events"], row["totals"])
    assert pooled.method == "glmm"
    assert [pooled.proportion, pooled.low, pooled.high] == pytest.approx(
        [row["estimate"], row["low"], row["high"]], abs=5e-4
    )
    assert [pooled.logit, pooled.se] == pytest.approx([row["logit"], row["se"]], abs=1e-4)
    assert pooled.tau2 == pytest.approx(row["tau2"], abs=1e-3)


def test_pritz_comes_out_as_published():
    row = GOLDEN["proportions"][0]
    pooled = pool_proportions(row["events"], row["totals"])
    assert [round(value, 4) for value in (pooled.proportion, pooled.low, pooled.high)] == [
        0.7984,
        0.6924,
        0.8746,
    ]
    assert (pooled.studies, pooled.patients, pooled.events) == (14, 326, 246)
    assert pooled.reason == "14 studies with both outcomes seen"


@pytest.mark.parametrize(
    "rows",
    [
        [(5, 20), (9, 12), (11, 30), (3, 9), (4, 5)],
        [(1, 10), (0, 40), (3, 8), (7, 7), (2, 60)],
        [(10, 20), (11, 20), (9, 20), (10, 21), (10, 19)],
        [(1, 1), (0, 1), (2, 3), (1, 2), (0, 3), (1, 4)],
        [(0, 30), (0, 25), (1, 40), (0, 12), (2, 33)],
        [(8, 8), (3, 3), (0, 9), (5, 6), (2, 2), (1, 1)],
    ],
    ids=["ordinary", "very_unlike", "alike", "tiny", "rare", "nearly_split"],
)
def test_the_regression_finds_the_maximum_that_brute_force_finds(rows):
    fit = fit_glmm(Studies.from_rows(rows))
    mu, se, tau = oracle.glmm(rows)
    assert [fit.mu, fit.se, fit.tau] == pytest.approx([mu, se, tau], abs=1e-6, rel=1e-6)


def test_where_studies_agree_the_spread_is_zero_and_the_error_that_of_the_sums():
    pooled = pool([(10, 20)] * 6)
    assert pooled.method == "glmm"
    assert pooled.tau2 == 0.0
    assert pooled.se == pytest.approx(math.sqrt(1 / 60 + 1 / 60), rel=1e-9)
    assert pooled.proportion == pytest.approx(0.5, abs=1e-12)


def test_a_huge_study_beside_small_ones_is_integrated_as_closely_as_they_are():
    rows = [(0, 1000), (1, 1000), (300, 1000), (5, 5), (0, 3)]
    pooled = pool(rows)
    assert pooled.method == "glmm"
    u = np.linspace(-12, 12, 40_001)

    def value(mu, tau):
        eta = mu + tau * u
        terms = [e * eta - n * np.logaddexp(0, eta) - u * u / 2 for e, n in rows]
        return sum(term.max() + math.log(np.exp(term - term.max()).sum()) for term in terms)

    mu, tau = pooled.logit, pooled.tau2**0.5
    best = value(mu, tau)
    # A step of a thousandth from the maximum is lower on every side.
    for step in (1e-3, -1e-3):
        assert value(mu + step, tau) < best
        assert value(mu, tau + step) < best


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(3, 5)], "one study cannot show"),
        ([(3, 3), (4, 4)], "every patient had the same outcome"),
        ([(1, 1), (0, 1), (1, 1), (1, 1), (1, 1)], "no study has two patients"),
        ([(0, 10), (10, 10), (0, 10), (10, 10), (0, 10)], "grows without limit"),
    ],
)
def test_the_regression_says_why_it_has_no_answer(rows, words):
    with pytest.raises(NotConverged, match=words) as refusal:
        pool(rows, "glmm")
    assert isinstance(refusal.value, Refusal)
    assert words in refusal.value.reason


@pytest.mark.parametrize(
    "rows",
    [
        [(4, 4), (6, 6), (3, 3)],
        [(5, 20), (9, 12), (11, 30), (3, 9)],
        [(0, 1), (2, 2)],
        [(0, 40), (0, 25)],
        [(0, 1)],
        [(1, 10), (0, 40), (3, 8), (7, 7), (2, 60)],
        [(0, 50), (50, 50)],
    ],
    ids=["all_events", "ordinary", "two_tiny", "no_events", "one_patient", "very_unlike", "split"],
)
def test_the_posterior_matches_brute_force_integration(rows):
    pooled = pool(rows, "bayes")
    (low, middle, high), (new_low, new_high), tau = oracle.bayes(rows)
    assert bounds(pooled) == pytest.approx([new_low, low, middle, high, new_high], abs=2e-5)
    assert pooled.tau2**0.5 == pytest.approx(tau, abs=1e-3)


def test_one_study_without_spread_to_learn_from_leaves_tau_at_its_prior():
    # One patient says nothing of tau: the median of a half-normal with scale 1 is 0.6745.
    assert pool([(1, 1)], "bayes").tau2 ** 0.5 == pytest.approx(0.6745, abs=2e-3)


def test_a_posterior_as_narrow_as_a_hundred_thousand_patients_make_it_is_found():
    pooled = pool([(50_000, 100_000), (50_100, 100_000), (49_900, 100_000), (50_300, 100_000)], "bayes")
    # Against 90 x 120 x 41 nodes in place of 24 x 32 x 21.
    assert bounds(pooled) == pytest.approx([0.492146, 0.496735, 0.500750, 0.504765, 0.509354], abs=2e-6)


@settings(max_examples=40, deadline=None)
@given(studies(most=5, largest=1_000_000))
@example([(0, 636_903)])
@example([(551_525, 556_046)])
@example([(5503, 716_318)])
@example([(0, 1), (25_145, 25_148), (33_430, 33_433), (68_589, 68_590)])
@example([(18, 18), (279_182, 279_182)])
@example([(0, 18), (0, 4), (0, 700_070)])
@example([(0, 100), (0, 30), (0, 50), (0, 20)])
@example([(37, 37), (45, 45), (419, 419), (0, 220), (507, 515), (923, 923), (0, 111)])
def test_twice_as_many_nodes_move_no_bound_by_a_ten_thousandth(rows):
    usual = pool(rows, "bayes")
    more = {
        "TAU_NODES_PER_UNIT": 14,
        "TAU_NODES": 50,
        "MU_NODES": 64,
        "STUDY_NODES": 41,
        "ONE_SIDED_NODES": 61,
        "PREDICTION_NODES": 25,
        "LOG_DROP": 24.0,
        "LOG_DROP_TAU": 20.0,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in more.items():
            patch.setattr(bayes, name, value)
        finer = pool(rows, "bayes")
    assert bounds(usual) == pytest.approx(bounds(finer), abs=1e-4)


def test_studies_that_split_completely_at_a_hundred_thousand_patients_are_pooled():
    pooled = pool([(0, 100_000), (100_000, 100_000)], "bayes")
    assert pooled.proportion == pytest.approx(0.5, abs=1e-9)
    assert (pooled.low, pooled.high) == pytest.approx((0.047824, 0.952176), abs=1e-5)
    assert pooled.tau2**0.5 == pytest.approx(4.1747, abs=1e-3)


@pytest.mark.parametrize(
    ("rows", "method", "reason"),
    [
        ([(3, 5)], "exact_single", "one study"),
        ([(3, 5), (2, 6)], "bayes", "2 studies, too few for maximum likelihood"),
        ([(3, 5)] * 4, "bayes", "4 studies, too few for maximum likelihood"),
        ([(3, 5), (2, 6), (1, 4), (5, 9), (2, 2)], "glmm", "5 studies with both outcomes seen"),
        ([(4, 4), (6, 6), (3, 3)], "bayes", "every patient had the event"),
        ([(4, 4)] * 7, "bayes", "every patient had the event"),
        ([(0, 4)] * 7, "bayes", "no patient had the event"),
        (
            [(1, 1), (0, 1), (1, 1), (1, 1), (1, 1)],
            "bayes",
            "the logistic regression has no answer: no study has",
        ),
        (
            [(0, 9), (9, 9), (0, 9), (9, 9), (0, 9)],
            "bayes",
            "the logistic regression has no answer: the estimate",
        ),
    ],
)
def test_the_ladder_chooses_and_says_why(rows, method, reason):
    pooled = pool(rows)
    assert pooled.method == method
    assert pooled.reason.startswith(reason)


def test_all_responders_are_bounded_below_one():
    pooled = pool_proportions([4, 6, 3], [4, 6, 3])
    assert 0.5 < pooled.low < pooled.proportion < pooled.high < 1


@pytest.mark.parametrize("method", SEVERAL)
def test_a_method_asked_for_is_the_method_given(method):
    pooled = pool([(3, 5), (2, 6), (1, 4), (5, 9), (2, 2)], method)
    assert pooled.method == method
    assert pooled.reason.startswith("chosen by the reader")


@settings(max_examples=60, deadline=None)
@given(studies())
@example([(0, 1)] * 8)
@example([(60, 60)] * 8)
@example([(0, 60), (60, 60)])
def test_every_estimate_is_finite_and_lies_within_its_bounds(rows):
    pooled = pool(rows)
    assert 0 <= pooled.low <= pooled.proportion <= pooled.high <= 1
    if pooled.method == "exact_single":
        return
    assert pooled.low > 0
    assert pooled.high < 1
    assert all(math.isfinite(value) for value in bounds(pooled))
    assert pooled.prediction_low <= pooled.low + 1e-5
    assert pooled.high <= pooled.prediction_high + 1e-5
    assert pooled.tau2 >= 0
    assert pooled.se > 0
    assert pooled.proportion == pytest.approx(1 / (1 + math.exp(-pooled.logit)))


@settings(max_examples=60, deadline=None)
@given(studies(least=2), st.randoms(use_true_random=False))
def test_the_order_of_studies_changes_no_bit(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert pool(shuffled) == pool(rows)
    assert pool(shuffled, "logit_iv") == pool(rows, "logit_iv")


@settings(max_examples=60, deadline=None)
@given(studies(least=2), st.sampled_from(["auto", "bayes", "logit_iv", "exact_total"]))
def test_swapping_events_and_non_events_mirrors_the_estimate(rows, method):
    pooled = pool(rows, method)
    mirrored = pool([(total - events, total) for events, total in rows], method)
    assert mirrored.method == pooled.method
    # The tolerance is that of the method: the regression is settled to 2e-7, the posterior to 1e-4.
    tolerance = 3e-5 if pooled.method == "bayes" else 1e-6
    assert [pooled.low, pooled.proportion, pooled.high] == pytest.approx(
        [1 - mirrored.high, 1 - mirrored.proportion, 1 - mirrored.low], abs=tolerance
    )


@settings(max_examples=40, deadline=None)
@given(studies(least=2), st.data(), st.sampled_from(["bayes", "exact_total"]))
def test_one_more_event_never_lowers_the_proportion(rows, data, method):
    at = data.draw(st.integers(0, len(rows) - 1))
    events, total = rows[at]
    if events == total:
        rows[at] = events, total + 1
        events, total = rows[at]
    more = [*rows[:at], (events + 1, total), *rows[at + 1 :]]
    assert pool(more, method).proportion >= pool(rows, method).proportion - 2e-5


@settings(max_examples=20, deadline=None)
@given(studies(least=2))
def test_a_higher_level_widens_the_interval(rows):
    usual, wider = pool(rows), pool(rows, level=0.99)
    assert wider.low < usual.low
    assert usual.high < wider.high
    assert wider.proportion == pytest.approx(usual.proportion, abs=1e-6)


def test_the_posterior_of_one_large_study_approaches_its_own_interval():
    pooled = pool([(400, 1000)] * 30, "bayes")
    total = pool([(400, 1000)] * 30, "exact_total")
    assert (pooled.low, pooled.high) == pytest.approx((total.low, total.high), abs=2e-3)


def test_inverse_variance_with_one_study_has_no_spread_to_report():
    pooled = pool([(0, 10)], "logit_iv")
    assert pooled.logit == pytest.approx(math.log(0.5 / 10.5))
    assert pooled.se == pytest.approx(math.sqrt(1 / 0.5 + 1 / 10.5))
    assert (pooled.tau2, pooled.prediction_low, pooled.prediction_high) == (None, None, None)
