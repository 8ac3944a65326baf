"""Rows to strata: what is pooled with what, which overlapping study stands aside, what the pool comes to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.overlaps import Overlaps
from comparison.question import Question
from comparison.result import CitationLabel, Row, Stratum
from comparison.statistics.proportions import pool_proportions
from comparison.strata import build_strata, estimate_of
from tests.comparison.answers import row

LABELS = {slug: slug.title() for slug in "abcdefgh"}


def pair(first: str, second: str, *, certain: bool) -> Overlaps:
    return {frozenset({first, second}): certain}


def strata(
    rows: Sequence[Row],
    shared: Overlaps | None = None,
    therapies: tuple[str, ...] = ("x",),
    **asked: object,
) -> list[Stratum]:
    question = Question(therapies=therapies, **asked)  # type: ignore[arg-type]
    return build_strata(rows, question, shared or {}, LABELS)


def only(rows: Sequence[Row], shared: Overlaps | None = None, **asked: object) -> dict[str, str | None]:
    """Study to the reason why it is not pooled, of a single stratum."""
    (stratum,) = strata(rows, shared, **asked)
    assert all(one.pooled == (one.why_not_pooled is None) for one in stratum.rows)
    return {one.study: one.why_not_pooled for one in stratum.rows}


def test_the_smaller_of_two_that_share_patients_stands_aside_with_the_reason() -> None:
    told = only([row("x", "a", 3, 10), row("x", "b", 5, 20)], pair("a", "b", certain=True))
    assert told == {"a": "shares patients with B, which is as large or larger and in the pool", "b": None}


def test_probable_sharing_is_called_so() -> None:
    told = only([row("x", "a", 3, 10), row("x", "b", 5, 20)], pair("a", "b", certain=False))
    assert told["a"] == "may share patients with B, which is as large or larger and in the pool"


def test_of_equal_totals_the_alphabet_decides() -> None:
    told = only([row("x", "b", 5, 10), row("x", "a", 3, 10)], pair("a", "b", certain=True))
    assert told["a"] is None
    assert told["b"] is not None


@pytest.mark.parametrize(
    ("rule", "certain", "is_heeded"),
    [
        ("probable", True, True),
        ("probable", False, True),
        ("certain", True, True),
        ("certain", False, False),
        ("ignore", True, False),
        ("ignore", False, False),
    ],
)
def test_the_rule_asked_for_decides_which_overlaps_count(rule: str, certain: bool, is_heeded: bool) -> None:
    rows = [row("x", "a", 3, 10), row("x", "b", 5, 20)]
    told = only(rows, pair("a", "b", certain=certain), overlaps=rule)
    assert (told["a"] is not None) == is_heeded


def test_a_study_that_stands_aside_keeps_no_other_out() -> None:
    """A chain: b gives way to a, and c shares patients with b alone."""
    overlaps = {**pair("a", "b", certain=True), **pair("b", "c", certain=True)}
    told = only([row("x", "a", 9, 30), row("x", "b", 9, 20), row("x", "c", 9, 10)], overlaps)
    assert [study for study, why in told.items() if why is None] == ["a", "c"]


def test_the_middle_of_a_chain_keeps_both_ends_out_where_it_is_the_largest() -> None:
    overlaps = {**pair("a", "b", certain=True), **pair("b", "c", certain=True)}
    told = only([row("x", "a", 9, 20), row("x", "b", 9, 30), row("x", "c", 9, 10)], overlaps)
    assert [study for study, why in told.items() if why is None] == ["b"]


def test_an_excluded_study_keeps_no_other_out() -> None:
    told = only([row("x", "a", 3, 10), row("x", "b", 5, 20)], pair("a", "b", certain=True), exclude=("b",))
    assert told == {"a": None, "b": "left out by the reader"}


def test_overlaps_matter_within_a_stratum_only() -> None:
    rows = [row("x", "a", 3, 10), row("x", "b", 5, 20, design_class="cohort")]
    told = strata(rows, pair("a", "b", certain=True))
    assert [one.pooled for stratum in told for one in stratum.rows] == [True, True]
    (together,) = strata(rows, pair("a", "b", certain=True), pool="together")
    assert {one.study: one.pooled for one in together.rows} == {"a": False, "b": True}


def test_the_arms_of_one_study_stand_together() -> None:
    rows = [row("x", "a", 3, 10, arm="low"), row("x", "a", 5, 20, arm="high")]
    (stratum,) = strata(rows, pair("a", "b", certain=True))
    assert stratum.estimate is not None
    assert (stratum.estimate.studies, stratum.estimate.arms, stratum.estimate.patients) == (1, 2, 30)
    assert stratum.estimate.reason.startswith("2 arms of 1 study, too few")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"design_class": None, "design": "meta_analysis"}, "reviews and opinions are shown, never pooled"),
        ({"citation": CitationLabel("A", retracted=True)}, "the report was retracted"),
    ],
)
@pytest.mark.parametrize("pool", ["by_design", "together"])
def test_some_rows_are_in_no_pool(fields: dict[str, object], why: str, pool: str) -> None:
    (stratum,) = strata([row("x", "a", 3, 10, **fields)], pool=pool)
    assert [(one.pooled, one.why_not_pooled) for one in stratum.rows] == [(False, why)]
    assert stratum.estimate is None


def test_means_and_medians_are_never_pooled() -> None:
    (stratum,) = strata([row("x", "a", value=150.0, statistic="median", n=30)], outcome="serum_igg4")
    assert stratum.estimate is None
    assert stratum.rows[0].why_not_pooled == "means and medians are shown as reported, not pooled"


def test_strata_stand_in_the_order_of_the_question_and_of_strength() -> None:
    classes = ["case", None, "cohort", "randomised", "single_arm", "controlled"]
    rows = [row(therapy, "a", 1, 2, design_class=name) for therapy in ("y", "x") for name in classes]
    told = [(one.therapy, one.design_class) for one in strata(rows, therapies=("x", "y"))]
    strongest_first = ["randomised", "controlled", "single_arm", "cohort", "case", None]
    assert told == [(therapy, name) for therapy in ("x", "y") for name in strongest_first]


def test_together_pools_all_classes_but_no_review() -> None:
    classes = ["case", None, "cohort", "randomised"]
    rows = [row("x", study, 1, 2, design_class=name) for study, name in zip("abcd", classes, strict=True)]
    told = strata(rows, pool="together")
    assert [(one.design_class, len(one.rows)) for one in told] == [("all", 3), (None, 1)]
    assert told[0].estimate is not None and told[0].estimate.studies == 3


def test_rows_stand_by_year_then_study_and_unknown_years_last() -> None:
    years = {"d": 2020, "a": None, "c": 2020, "b": 2015}
    (stratum,) = strata([row("x", study, 1, 2, year=year) for study, year in years.items()])
    assert [one.study for one in stratum.rows] == ["b", "c", "d", "a"]


counts = st.lists(
    st.integers(1, 40).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    min_size=1,
    max_size=7,
)


@settings(deadline=None, max_examples=40)
@given(counts)
def test_an_estimate_is_what_the_ladder_of_methods_gives(told: list[tuple[int, int]]) -> None:
    rows = [row("x", study, *one) for study, one in zip("abcdefg", told, strict=False)]
    pooled = pool_proportions([one[0] for one in told], [one[1] for one in told])
    estimate = estimate_of(rows)
    assert estimate is not None
    for name in ("events", "patients", "proportion", "low", "high", "prediction_low", "prediction_high"):
        assert getattr(estimate, name) == getattr(pooled, name), name
    assert (estimate.method, estimate.reason, estimate.tau2) == (pooled.method, pooled.reason, pooled.tau2)
    assert estimate.studies == estimate.arms == len(told)


def test_nothing_comes_to_nothing() -> None:
    assert estimate_of([]) is None
    assert strata([]) == []


@settings(deadline=None, max_examples=60)
@given(counts, st.sets(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg"))))
def test_no_two_of_a_pool_share_patients_and_nobody_stands_aside_for_nothing(
    told: list[tuple[int, int]], drawn: set[tuple[str, str]]
) -> None:
    overlaps: Overlaps = {frozenset(one): True for one in drawn if one[0] != one[1]}
    rows = [row("x", study, *one) for study, one in zip("abcdefg", told, strict=False)]
    (stratum,) = strata(rows, overlaps)
    pooled = {one.study for one in stratum.rows if one.pooled}
    assert not any({*shared} <= pooled for shared in overlaps)
    for one in stratum.rows:
        if not one.pooled:
            rivals = [other for other in pooled if frozenset({one.study, other}) in overlaps]
            assert any((one.total or 0) <= (rival.total or 0) for rival in rows if rival.study in rivals)
