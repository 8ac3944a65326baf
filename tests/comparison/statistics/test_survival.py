import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.statistics.refusals import TooFewPatients
from comparison.statistics.survival import kaplan_meier
from tests.oracles import survival as oracle

SET = json.loads((Path(__file__).parent / "fixtures" / "metafor.json").read_text())["survival"]


def test_the_curve_agrees_with_r():
    curve = kaplan_meier(SET["time"], SET["event"])
    assert curve.at_risk(SET["at"]) == tuple(SET["at_risk"])
    for time, survival, low, high in zip(SET["at"], SET["survival"], SET["low"], SET["high"], strict=True):
        step = curve.at(time)
        assert step.survival == pytest.approx(survival, abs=1e-9)
        if survival < 1:
            assert (step.low, step.high) == pytest.approx((low, high), abs=1e-9)
        else:
            assert (step.low, step.high) == (None, None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=10, max_size=40))
def test_the_curve_is_the_product_written_out(patients):
    times, events = [p[0] for p in patients], [p[1] for p in patients]
    if sum(events) < 3:
        with pytest.raises(TooFewPatients):
            kaplan_meier(times, events)
        return
    curve = kaplan_meier(times, events)
    last = 1.0
    for step in curve.steps:
        survival, low, high = oracle.kaplan_meier(times, events, step.time)
        assert step.survival == pytest.approx(survival, abs=1e-9)
        assert step.survival <= last + 1e-12
        last = step.survival
        if low is None:
            assert (step.low, step.high) == (None, None)
        else:
            assert (step.low, step.high) == pytest.approx((low, high), abs=1e-9)
            assert 0 <= step.low <= step.survival <= step.high <= 1
    assert curve.patients == len(patients)
    assert curve.events == sum(events) == sum(step.events for step in curve.steps)


def test_numbers_at_risk_count_those_followed_just_before():
    curve = kaplan_meier(SET["time"], SET["event"])
    assert curve.at_risk([0, 4, 5, 104, 105]) == (15, 15, 14, 1, 0)


def test_the_median_is_none_where_the_curve_stays_above_a_half():
    assert kaplan_meier(list(range(1, 13)), [1, 1, 1] + [0] * 9).median is None
    assert kaplan_meier(list(range(1, 13)), [1] * 12).median == pytest.approx(6)


def test_a_level_of_ninety_narrows_the_interval():
    usual, narrower = (kaplan_meier(SET["time"], SET["event"], level=level).at(26) for level in (0.95, 0.9))
    expected = oracle.kaplan_meier(SET["time"], SET["event"], 26, 0.9)
    assert (narrower.survival, narrower.low, narrower.high) == pytest.approx(expected)
    assert usual.low < narrower.low


@pytest.mark.parametrize(
    ("times", "events", "reason"),
    [
        (list(range(1, 10)), [1] * 9, "9 patients, and a curve needs 10"),
        (list(range(1, 11)), [1, 1] + [0] * 8, "2 events, and a curve needs 3"),
    ],
)
def test_too_few_patients_or_events_are_no_curve(times, events, reason):
    with pytest.raises(TooFewPatients, match=reason) as refusal:
        kaplan_meier(times, events)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("times", "events", "message"),
    [
        ([], [], "no evidence"),
        ([1, 2], [1], "times has 2 rows but events has 1"),
        ([1, -2], [1, 0], "row 2: time is -2.0, below zero"),
        ([1, math.nan], [1, 0], "row 2: time is nan"),
        ([1, None], [1, 0], "row 2: time is None"),
        ([1, 2], [1, None], "row 2: event is None, not true or false"),
        ([1, 2], [1, 2], "row 2: event is 2, not true or false"),
        (1, [1], "times is 1, not a list"),
        ([1], None, "events is None, not a list"),
    ],
)
def test_a_wrong_patient_is_refused_by_row(times, events, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(times, events)


def test_numpy_columns_are_taken():
    plain = kaplan_meier(SET["time"], SET["event"])
    assert kaplan_meier(np.array(SET["time"]), np.array(SET["event"], dtype=bool)) == plain


def test_the_statistics_import_without_the_slow_survival_library():
    code = "import sys, comparison.statistics.survival as s; sys.exit('lifelines' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
