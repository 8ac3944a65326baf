"""The guard where no trial had both: through a common comparator, or not at all; and the same from either side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.guard import judge
from comparison.result import Row
from tests.comparison.answers import NAMES, randomised, reported, row
from tests.comparison.guarding import PLACEBO, A, B, by_hand, ends, log_ratio, trial, verdict

# ── anchored ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_therapies_randomised_against_one_comparator_are_compared_through_it() -> None:
    rows = [*trial("t", 7, 68, 40, 67), *trial("u", 26, 97, 53, 97, arm=B)]
    told = verdict(A, B, rows)
    (first, of_first), (second, of_second) = log_ratio(7, 68, 40, 67), log_ratio(26, 97, 53, 97)
    assert (told.kind, told.measure, told.via) == ("anchored", "risk_ratio", PLACEBO)
    assert ends(told) == pytest.approx(by_hand(first - second, of_first + of_second))
    assert told.reasons == (
        "each was randomised against placebo, never against the other",
        "placebo arms: 40 of 67 (60%) in T and 53 of 97 (55%) in U",
    )
    assert told.needed is not None and told.needed.startswith("A randomised trial of inebilizumab against")
    assert told.studies == ("t", "u")


def test_unlike_definitions_and_times_of_an_anchored_pair_are_told() -> None:
    rows = [
        *trial("t", 7, 68, 40, 67),
        *(replace(one, definition="Otherwise", week=52) for one in trial("u", 26, 97, 53, 97, arm=B)),
    ]
    reasons = verdict(A, B, rows).reasons
    assert "definitions differ: inebilizumab, As defined; obexelimab, Otherwise" in reasons
    assert "times differ: inebilizumab week 26, obexelimab week 52" in reasons


def test_a_controlled_trial_is_no_anchor() -> None:
    rows = [
        *trial("t", 7, 68, 40, 67),
        *(replace(one, design_class="controlled") for one in trial("u", 26, 97, 53, 97, arm=B)),
    ]
    assert verdict(A, B, rows).kind == "naive"


def test_placebo_anchors_before_a_comparator_with_more_patients() -> None:
    large = [
        one
        for arm, study in ((A, "v"), (B, "w"))
        for one in (randomised(arm, study, 100, 500), randomised("rituximab", study, 200, 500))
    ]
    rows = [*trial("t", 7, 68, 40, 67), *trial("u", 26, 97, 53, 97, arm=B), *large]
    assert verdict(A, B, rows).via == PLACEBO
    assert verdict(A, B, large).via == "rituximab"


def test_a_comparator_that_one_was_added_to_and_the_other_replaced_anchors_nothing() -> None:
    steroid = "glucocorticoid"
    added = [randomised(A, "t", 7, 60, regimen=(A, steroid)), randomised(steroid, "t", 20, 60)]
    instead = [randomised(B, "u", 9, 60), randomised(steroid, "u", 20, 60)]
    assert verdict(A, B, [*added, *instead]).kind == "naive"
    also_added = [replace(instead[0], regimen=(B, steroid)), instead[1]]
    told = verdict(A, B, [*added, *also_added])
    assert (told.kind, told.via) == ("anchored", steroid)
    assert "both were added to glucocorticoid, which all arms had" in told.reasons


def test_a_comparator_that_was_added_to_both_anchors_nothing() -> None:
    """A against A with X, and B against B with X, say what X adds and nothing of A against B."""
    x = "rituximab"
    rows = [
        one
        for arm, study in ((A, "t"), (B, "u"))
        for one in (randomised(arm, study, 7, 60), randomised(x, study, 20, 60, regimen=(x, arm)))
    ]
    assert verdict(A, B, rows).kind == "naive"


def test_a_direct_trial_goes_before_any_anchor() -> None:
    rows = [
        *trial("t", 7, 68, 40, 67),
        *trial("u", 26, 97, 53, 97, arm=B),
        randomised(A, "v", 5, 20),
        randomised(B, "v", 8, 20),
    ]
    assert verdict(A, B, rows).kind == "direct"


def test_two_empty_arms_anchor_nothing() -> None:
    rows = [*trial("t", 0, 68, 0, 67), *trial("u", 26, 97, 53, 97, arm=B)]
    assert verdict(A, B, rows).kind == "naive"


# ── naive ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_naive_pair_has_no_difference_and_every_reason() -> None:
    rows = [
        row("rituximab", "carruthers", 14, 30),
        row("abatacept", "matza", 3, 10, design_class="cohort", week=24, definition="Otherwise"),
    ]
    told = verdict("rituximab", "abatacept", rows)
    assert (told.kind, told.measure, *ends(told), told.via) == ("naive", None, None, None, None, None)
    assert told.parts == ()
    assert told.reasons == (
        "no randomised or controlled trial compared them in arms that differ by the therapy alone",
        "no common comparator: no randomised trial of rituximab or abatacept reports this outcome",
        "designs differ: rituximab single-arm trials; abatacept cohorts",
        "definitions differ: rituximab, As defined; abatacept, Otherwise",
        "times differ: rituximab week 26, abatacept week 24",
    )
    assert told.needed == (
        "A randomised trial of rituximab against abatacept, or trials of both against the same comparator "
        "with the same definition and time, would be needed."
    )
    assert told.studies == ("carruthers", "matza")


def test_where_one_has_no_figure_that_is_the_reason() -> None:
    told = verdict("dupilumab", "abatacept", [row("abatacept", "matza", 3, 10)])
    assert told.reasons == ("no figure of this outcome is reported for dupilumab",)


def test_patients_told_one_by_one_were_not_given_both_in_one_arm() -> None:
    rows = [row(slug, "series", 1, 2, arm=None, regimen=(), design_class="case") for slug in (A, B)]
    told = verdict(A, B, rows)
    assert told.kind == "naive"
    assert "Series tells of both, in groups that its design did not make alike" in told.reasons


def test_every_pair_has_its_verdict_in_the_order_asked() -> None:
    told = judge((PLACEBO, A, B), trial("t", 7, 68, 40, 67), [], NAMES)
    assert [(one.a, one.b, one.kind) for one in told] == [
        (PLACEBO, A, "direct"),
        (PLACEBO, B, "naive"),
        (A, B, "naive"),
    ]
    assert judge((A,), trial("t", 7, 68, 40, 67), [], NAMES) == ()


# ── both ways ────────────────────────────────────────────────────────────────────────────────────────────────────

SLUGS = (A, B, PLACEBO, "glucocorticoid")


@st.composite
def arms(draw: st.DrawFn) -> list[Row]:
    """Some studies with two or three arms of one or two therapies."""
    rows: list[Row] = []
    for study in "tuvw"[: draw(st.integers(1, 4))]:
        design_class = draw(st.sampled_from(["randomised", "randomised", "controlled", "cohort"]))
        for arm in range(draw(st.integers(2, 3))):
            regimen = tuple(draw(st.lists(st.sampled_from(SLUGS), min_size=1, max_size=2, unique=True)))
            total = draw(st.integers(1, 60))
            events = draw(st.integers(0, total))
            rows += [
                row(slug, study, events, total, arm=f"arm-{arm}", regimen=regimen, design_class=design_class)
                for slug in regimen
            ]
    return rows


@settings(deadline=None)
@given(arms())
def test_asked_the_other_way_round_the_ratio_is_inverted(rows: list[Row]) -> None:
    for a, b in ((A, B), (A, PLACEBO), (B, "glucocorticoid")):
        forth, back = verdict(a, b, rows), verdict(b, a, rows)
        assert (forth.kind, forth.measure, forth.via) == (back.kind, back.measure, back.via)
        assert (forth.estimate is None) == (back.estimate is None)
        if forth.estimate is not None and forth.low is not None and forth.high is not None:
            assert ends(back) == pytest.approx((1 / forth.estimate, 1 / forth.high, 1 / forth.low), rel=1e-6)


@settings(deadline=None)
@given(arms())
def test_only_trials_give_a_difference(rows: list[Row]) -> None:
    told = judge(SLUGS, rows, [], NAMES)
    designs = {one.study: one.design_class for one in rows}
    for one in told:
        if one.kind == "naive":
            assert ends(one) == (None, None, None) and one.needed is not None
        elif one.kind == "anchored":
            assert {designs[study] for study in one.studies} == {"randomised"} and one.via is not None
        else:
            assert {designs[study] for study in one.studies} <= {"randomised", "controlled"}
        assert one.reasons


@settings(deadline=None)
@given(st.floats(0.05, 5.0), st.floats(1.01, 4.0))
def test_a_hazard_ratio_reads_the_same_from_either_side(ratio: float, width: float) -> None:
    told = reported("t", A, B, ratio, ratio / width, ratio * width)
    assert ends(verdict(A, B, [], told)) == (ratio, ratio / width, ratio * width)
    assert ends(verdict(B, A, [], told)) == pytest.approx((1 / ratio, 1 / (ratio * width), width / ratio))
