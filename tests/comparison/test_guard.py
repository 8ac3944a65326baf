"""The guard on trials of both therapies: which arms, what ratio, and which figures make none."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from comparison.result import CitationLabel
from comparison.statistics.effects import pool_effects
from tests.comparison.answers import randomised, reported, row
from tests.comparison.guarding import PLACEBO, A, B, Z, by_hand, ends, log_ratio, trial, verdict, verdicts


def test_a_randomised_trial_of_both_gives_the_risk_ratio_of_its_arms() -> None:
    told = verdict(A, PLACEBO, trial("t", 7, 68, 40, 67))
    assert (told.kind, told.measure, told.via, told.needed) == ("direct", "risk_ratio", None, None)
    assert ends(told) == pytest.approx(by_hand(*log_ratio(7, 68, 40, 67)))
    assert told.estimate == pytest.approx((7 / 68) / (40 / 67))
    (part,) = told.parts
    assert part.risk_difference == pytest.approx(7 / 68 - 40 / 67)
    assert part.risk_difference_low is not None and part.risk_difference_high is not None
    assert part.risk_difference_low < part.risk_difference < part.risk_difference_high
    assert told.reasons == ("T randomised: Inebilizumab arm against Placebo arm",)


def test_the_reported_hazard_ratio_stands_beside_it_as_a_second_measure() -> None:
    ratio, hazard = verdicts(
        A, PLACEBO, trial("t", 7, 68, 40, 67), reported("t", A, PLACEBO, 0.13, 0.06, 0.28)
    )
    assert ratio.measure == "risk_ratio"
    assert (hazard.measure, *ends(hazard)) == ("hazard_ratio", 0.13, 0.06, 0.28)
    assert hazard.reasons == ("hazard ratio as T reported it",)


def test_a_hazard_ratio_told_the_other_way_round_is_turned_with_its_bounds() -> None:
    _, hazard = verdicts(PLACEBO, A, trial("t", 7, 68, 40, 67), reported("t", A, PLACEBO, 0.13, 0.06, 0.28))
    assert ends(hazard) == pytest.approx((1 / 0.13, 1 / 0.28, 1 / 0.06))
    assert hazard.reasons == ("hazard ratio as T reported it, turned round",)


@pytest.mark.parametrize(("low", "high"), [(None, None), (0.06, None), (None, 0.28)])
def test_a_hazard_ratio_without_its_interval_is_no_measure(low: float | None, high: float | None) -> None:
    told = verdicts(A, PLACEBO, trial("t", 7, 68, 40, 67), reported("t", A, PLACEBO, 0.13, low, high))
    assert [one.measure for one in told] == ["risk_ratio"]


def test_a_bound_of_zero_cannot_be_turned() -> None:
    told = verdicts(PLACEBO, A, trial("t", 7, 68, 40, 67), reported("t", A, PLACEBO, 0.13, 0.0, 0.28))
    assert [one.measure for one in told] == ["risk_ratio"]


def test_other_ratios_are_not_taken_for_hazard_ratios() -> None:
    told = verdicts(
        A, PLACEBO, trial("t", 7, 68, 40, 67), reported("t", A, PLACEBO, 4.7, 2.2, 9.9, measure="odds_ratio")
    )
    assert [one.measure for one in told] == ["risk_ratio"]


def test_a_trial_that_tells_a_hazard_ratio_and_no_counts_is_direct() -> None:
    """So with leflunomide on complete remission: calling it not comparable would deny a randomised trial."""
    told = verdict(A, B, [], reported("t", B, A, 1.75, 1.01, 3.02))
    assert (told.kind, told.measure) == ("direct", "hazard_ratio")
    assert ends(told) == pytest.approx((1 / 1.75, 1 / 3.02, 1 / 1.01))
    assert told.reasons == (
        "hazard ratio as T reported it, turned round; T randomised: Inebilizumab arm against Obexelimab arm",
    )


@pytest.mark.parametrize("design_class", ["cohort", "single_arm", "case", None])
def test_a_hazard_ratio_of_a_study_that_allocated_nobody_is_not_direct(design_class: str | None) -> None:
    told = verdict(A, B, [], reported("t", B, A, 0.3, 0.1, 0.9, design_class=design_class))
    assert told.kind == "naive"


def test_a_hazard_ratio_between_arms_that_differ_by_more_is_not_direct() -> None:
    told = verdict(A, B, [], reported("t", A, B, 0.3, 0.1, 0.9, regimen=(A, "rituximab")))
    assert told.kind == "naive"


def test_several_trials_are_pooled_by_reml_with_hartung_knapp() -> None:
    counts = {"t": (7, 68, 40, 67), "u": (12, 50, 20, 52), "v": (3, 20, 9, 22)}
    rows = [one for study, told in counts.items() for one in trial(study, *told)]
    told = verdict(A, PLACEBO, rows)
    effects = [log_ratio(*one) for one in counts.values()]
    pooled = pool_effects([one[0] for one in effects], [one[1] for one in effects])
    assert ends(told) == pytest.approx(
        (math.exp(pooled.estimate), math.exp(pooled.low), math.exp(pooled.high))
    )
    assert told.studies == ("t", "u", "v")
    assert len(told.parts) == len(told.reasons) == 3


def test_several_hazard_ratios_are_pooled_by_the_errors_their_intervals_stand_for() -> None:
    told = [reported("t", A, PLACEBO, 0.13, 0.06, 0.28), reported("u", PLACEBO, A, 2.0, 1.0, 4.0)]
    hazard = verdict(A, PLACEBO, [], *told)
    logs = [(0.13, 0.06, 0.28), (0.5, 0.25, 1.0)]
    variances = [((math.log(high) - math.log(low)) / (2 * Z)) ** 2 for _, low, high in logs]
    pooled = pool_effects([math.log(one[0]) for one in logs], variances)
    assert ends(hazard) == pytest.approx(
        (math.exp(pooled.estimate), math.exp(pooled.low), math.exp(pooled.high))
    )


@pytest.mark.parametrize("counts", [(0, 20, 5, 20), (20, 20, 15, 20), (5, 20, 0, 20)])
def test_an_empty_cell_adds_a_half_to_all_four_of_its_study_alone(counts: tuple[int, int, int, int]) -> None:
    told = verdict(A, PLACEBO, [*trial("t", *counts), *trial("u", 7, 68, 40, 67)])
    corrected, plain = told.parts
    assert corrected.estimate == pytest.approx(by_hand(*log_ratio(*counts))[0])
    assert plain.estimate == pytest.approx((7 / 68) / (40 / 67))
    assert (corrected.first.events, corrected.second.events) == (counts[0], counts[2])


def test_two_empty_arms_are_shown_and_left_out_of_the_ratio_with_the_reason() -> None:
    told = verdict(A, PLACEBO, [*trial("empty", 0, 30, 0, 31), *trial("t", 7, 68, 40, 67)])
    empty, counted = told.parts
    assert (empty.estimate, empty.low, empty.high) == (None, None, None)
    assert empty.why_not_pooled == "neither arm had an event, which says nothing about a ratio"
    assert empty.risk_difference == 0.0
    assert ends(told) == (counted.estimate, counted.low, counted.high)


def test_where_no_trial_had_an_event_the_pair_is_direct_and_has_no_ratio() -> None:
    told = verdict(A, PLACEBO, trial("empty", 0, 30, 0, 31))
    assert (told.kind, *ends(told)) == ("direct", None, None, None)
    assert len(told.parts) == 1


def test_a_therapy_added_to_what_both_arms_had_is_direct_and_said_so() -> None:
    rows = [
        randomised("rituximab", "t", 6, 33, regimen=("rituximab", "glucocorticoid")),
        randomised("glucocorticoid", "t", 14, 33),
    ]
    told = verdict("rituximab", "glucocorticoid", rows)
    assert told.estimate == pytest.approx(6 / 14)
    assert told.reasons[0].endswith("; rituximab was added to what both arms had")
    turned = verdict("glucocorticoid", "rituximab", rows)
    assert turned.estimate == pytest.approx(14 / 6)
    assert turned.reasons[0].endswith("; rituximab was added to what both arms had")


def test_what_both_arms_had_beside_is_told() -> None:
    rows = [
        randomised(A, "t", 6, 33, regimen=(A, "glucocorticoid")),
        randomised(B, "t", 14, 33, regimen=(B, "glucocorticoid")),
    ]
    assert verdict(A, B, rows).reasons[0].endswith("; both with glucocorticoid")


def test_arms_that_differ_by_more_than_the_therapy_are_not_direct() -> None:
    rows = [
        randomised(A, "t", 6, 33, regimen=(A, "glucocorticoid")),
        randomised(B, "t", 14, 33, regimen=(B, "rituximab")),
    ]
    told = verdict(A, B, rows)
    assert told.kind == "naive"
    assert "T tells of both, in arms that differ by more than the therapy" in told.reasons


def test_two_therapies_of_one_arm_were_not_compared() -> None:
    rows = [randomised(slug, "t", 6, 33, arm="both", regimen=(A, B)) for slug in (A, B)]
    told = verdict(A, B, rows)
    assert told.kind == "naive"
    assert "T gave them together, in one arm" in told.reasons


def test_of_several_doses_the_larger_arms_are_taken() -> None:
    rows = [
        randomised(A, "t", 6, 20, arm="low"),
        randomised(A, "t", 5, 40, arm="high"),
        randomised(B, "t", 14, 33),
    ]
    told = verdict(A, B, rows)
    assert told.parts[0].first is not None and told.parts[0].first.total == 40


def test_a_controlled_trial_without_randomisation_is_direct_and_said_so() -> None:
    rows = [row(slug, "t", 6, 33, design_class="controlled") for slug in (A, B)]
    told = verdict(A, B, rows)
    assert told.kind == "direct"
    assert told.reasons == ("T compared without randomisation: Inebilizumab arm against Obexelimab arm",)


@pytest.mark.parametrize("design_class", ["cohort", "single_arm", "case", None])
def test_a_study_that_allocated_nobody_is_never_direct(design_class: str | None) -> None:
    told = verdict(A, B, [row(slug, "t", 6, 33, design_class=design_class) for slug in (A, B)])
    assert told.kind == "naive"
    assert "T tells of both, in groups that its design did not make alike" in told.reasons


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"week": 52}, "its arms are told at different times (weeks 26 and 52)"),
        ({"organ": "orbit"}, "its arms are told for different organs"),
        ({"definition": "Otherwise"}, "its arms are told by different definitions"),
    ],
)
def test_figures_that_are_not_alike_make_no_ratio(fields: dict[str, object], why: str) -> None:
    told = verdict(A, B, [randomised(A, "t", 6, 33), randomised(B, "t", 14, 33, **fields)])
    assert (told.kind, *ends(told)) == ("direct", None, None, None)
    assert (told.parts[0].why_not_pooled, told.parts[0].risk_difference) == (why, None)


def test_a_definition_or_time_told_for_one_arm_alone_is_no_difference() -> None:
    rows = [randomised(A, "t", 6, 33), randomised(B, "t", 14, 33, definition=None, week=None)]
    assert verdict(A, B, rows).estimate == pytest.approx(6 / 14)


def test_of_trials_that_share_patients_the_largest_alone_is_pooled() -> None:
    rows = [*trial("t", 7, 68, 40, 67), *trial("u", 12, 50, 20, 52)]
    overlaps = {frozenset({"t", "u"}): False}
    told = verdict(A, PLACEBO, rows, overlaps=overlaps)
    assert ends(told) == pytest.approx(by_hand(*log_ratio(7, 68, 40, 67)))
    assert [part.why_not_pooled for part in told.parts] == [
        None,
        "may share patients with T, which is as large or larger and in the pool",
    ]
    assert told.parts[1].estimate is not None
    ignoring = verdict(A, PLACEBO, rows, overlaps=overlaps, rule="ignore")
    assert ends(ignoring) != ends(told)
    assert ends(verdict(A, PLACEBO, rows, overlaps=overlaps, rule="certain")) == ends(ignoring)


def test_trials_of_means_are_direct_and_have_no_ratio() -> None:
    means = [
        replace(randomised(slug, "t", 1, 2), events=None, total=None, value=3.0, n=40)
        for slug in (A, PLACEBO)
    ]
    told = verdict(A, PLACEBO, means)
    assert (told.kind, told.measure, *ends(told)) == ("direct", None, None, None, None)
    assert told.reasons[-1] == "its arms' figures are shown as reported, and no ratio is made of them"
    difference = reported("t", PLACEBO, A, 1264.0, 839.0, 1689.0, measure="mean_difference")
    turned = verdict(A, PLACEBO, means, difference)
    assert (turned.kind, turned.measure, *ends(turned)) == (
        "direct",
        "mean_difference",
        -1264.0,
        -1689.0,
        -839.0,
    )


@pytest.mark.parametrize("how", ["excluded", "retracted"])
def test_a_study_that_is_left_out_or_retracted_proves_nothing(how: str) -> None:
    rows = trial("t", 7, 68, 40, 67)
    told = [reported("t", A, PLACEBO, 0.13, 0.06, 0.28)]
    if how == "excluded":
        assert verdict(A, PLACEBO, rows, *told, exclude=["t"]).kind == "naive"
        return
    citation = CitationLabel("T", retracted=True)
    rows = [replace(one, citation=citation) for one in rows]
    assert verdict(A, PLACEBO, rows, replace(told[0], citation=citation)).kind == "naive"
