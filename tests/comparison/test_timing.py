"""METHODS: one number per arm. Each line of the rule, and a slow, obvious oracle for all of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.timing import Candidate, choose


def figure(
    name: str, week: int | None, patients: int = 30, position: int = 0, is_on_organ: bool = False
) -> Candidate[str]:
    return Candidate(name, week, patients, is_on_organ, position)


def chosen(at: int | str, *candidates: Candidate[str]) -> str:
    return choose(candidates, at)[0]


@pytest.mark.parametrize(
    ("at", "weeks", "taken"),
    [
        (26, (12, 24, 52), "24"),
        (26, (26, 52), "26"),
        # A tie goes to the later: 14 and 38 are both twelve weeks away.
        (26, (14, 38), "38"),
        (26, (0, 52), "52"),
        (0, (12, 4, 26), "4"),
        (104, (52, 26), "52"),
        ("latest", (12, 104, 52), "104"),
        ("earliest", (12, 4, 52), "4"),
        ("earliest", (0, 12), "0"),
        # Unknown sorts last, whatever is asked for.
        (26, (None, 520), "520"),
        ("latest", (None, 0), "0"),
        ("earliest", (None, 520), "520"),
        (26, (None,), "None"),
    ],
)
def test_the_closest_week_is_taken(at: int | str, weeks: tuple[int | None, ...], taken: str) -> None:
    assert chosen(at, *(figure(str(week), week) for week in weeks)) == taken


def test_at_one_time_the_larger_total_is_taken() -> None:
    assert chosen(26, figure("small", 26, 19), figure("large", 26, 30, position=1)) == "large"


def test_a_closer_time_goes_before_a_larger_total() -> None:
    assert chosen(26, figure("close", 24, 5), figure("large", 52, 500)) == "close"


def test_at_one_time_and_total_the_whole_patient_goes_before_an_organ() -> None:
    assert chosen(26, figure("organ", 26, is_on_organ=True), figure("whole", 26, position=1)) == "whole"


def test_the_order_of_the_file_decides_at_last() -> None:
    assert chosen(26, figure("second", 26, position=8), figure("first", 26, position=3)) == "first"


def test_among_unknown_times_the_larger_total_is_taken() -> None:
    assert chosen(26, figure("small", None, 10), figure("large", None, 20, position=1)) == "large"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (figure("other", None), "its time is not reported"),
        (figure("other", 52), "another time is closer to the one asked for"),
        (figure("other", 26, 10), "fewer patients"),
        (figure("other", 26, is_on_organ=True), "on one organ only"),
        (figure("other", 26, position=1), "the paper gives another definition first"),
    ],
)
def test_what_is_passed_over_is_told_with_the_reason(other: Candidate[str], why: str) -> None:
    assert choose([other, figure("taken", 26)], 26) == ("taken", [("other", why)])


def test_of_two_equally_close_the_earlier_is_said_to_be_so() -> None:
    _, passed = choose([figure("earlier", 14), figure("later", 38)], 26)
    assert passed == [("earlier", "as close to the time asked for, and earlier")]


@pytest.mark.parametrize(
    ("at", "why"), [("latest", "there is a later one"), ("earliest", "there is an earlier one")]
)
def test_the_first_and_the_last_time_are_called_so(at: str, why: str) -> None:
    _, passed = choose([figure("12", 12), figure("52", 52)], at)
    assert [reason for _, reason in passed] == [why]


def test_nothing_cannot_be_chosen_from() -> None:
    with pytest.raises(ValueError, match="no figure to choose from"):
        choose([], 26)


def oracle(candidates: list[Candidate[str]], at: int | str) -> str:
    """METHODS, line by line: what is left after each line goes on to the next."""
    left = [one for one in candidates if one.week is not None] or candidates
    weeks = [one.week for one in left if one.week is not None]
    if weeks:
        if at == "latest":
            week = max(weeks)
        elif at == "earliest":
            week = min(weeks)
        else:
            nearest = min(abs(week - int(at)) for week in weeks)
            week = max(week for week in weeks if abs(week - int(at)) == nearest)
        left = [one for one in left if one.week == week]
    most = max(one.patients for one in left)
    left = [one for one in left if one.patients == most]
    left = [one for one in left if not one.is_on_organ] or left
    first = min(one.position for one in left)
    (taken,) = [one for one in left if one.position == first]
    return taken.figure


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 60) | st.integers(0, 2600), st.integers(0, 40), st.booleans()),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["latest", "earliest"]) | st.integers(0, 60),
    st.randoms(use_true_random=False),
)
def test_the_choice_is_the_oracles_in_any_order(
    told: list[tuple[int | None, int, bool]], at: int | str, chance: object
) -> None:
    candidates = [
        Candidate(str(position), week, patients, is_on_organ, position)
        for position, (week, patients, is_on_organ) in enumerate(told)
    ]
    mixed = list(candidates)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    taken, passed = choose(mixed, at)
    assert taken == oracle(candidates, at)
    assert sorted([taken, *(name for name, _ in passed)]) == sorted(one.figure for one in candidates)


def test_an_unknown_time_is_infinitely_far_and_no_time_at_all() -> None:
    assert math.inf > 2600
    assert chosen(0, figure("unknown", None), figure("far", 2600)) == "far"
