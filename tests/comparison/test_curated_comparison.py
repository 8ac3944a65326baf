"""The curated set: every comparison against an oracle that reads the files alone, and what the letter asks."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count

from comparison.compare import compare
from comparison.evidence import load_vocabulary
from comparison.question import Question
from comparison.result import Comparison, Contrast
from comparison.statistics.proportions import pool_proportions
from comparison.vocabulary import Vocabulary
from evidence.models import Result
from tests.oracles import comparison as oracle
from tests.oracles import intervals, proportions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]

FILES = oracle.read(Path(settings.BASE_DIR) / "data")
PROPORTIONS = sorted(slug for slug, row in FILES.outcomes.items() if row["kind"] == "proportion")
Z = 1.959963984540054
# Their plain grids see every feature up to here, and take a second a pool.
MOST_ON_A_GRID, MOST_SUMMED_SLOWLY = 60, 6


@pytest.fixture
def vocabulary() -> Vocabulary:
    return load_vocabulary()


# All therapies on one outcome, asked once: nothing here changes the evidence.
ANSWERS: dict[str, Comparison] = {}


def answer(vocabulary: Vocabulary, outcome: str, *therapies: str) -> Comparison:
    return compare(Question(therapies=therapies, outcome=outcome), vocabulary)


def answer_on_all(vocabulary: Vocabulary, outcome: str) -> Comparison:
    if outcome not in ANSWERS:
        ANSWERS[outcome] = answer(vocabulary, outcome, *FILES.therapies)
    return ANSWERS[outcome]


def found(comparison: Comparison, therapy: str) -> dict[str | None, list[oracle.Expected]]:
    """A therapy's strata as the oracle tells them."""
    return {
        stratum.design_class: sorted(
            (
                oracle.Expected(row.study, row.arm, row.events or 0, row.total or 0, row.week, row.pooled)
                for row in stratum.rows
            ),
            key=lambda row: (row.study, row.arm or ""),
        )
        for stratum in comparison.of_therapy(therapy)
    }


@pytest.mark.parametrize("outcome", PROPORTIONS)
def test_the_rows_of_every_therapy_are_those_of_the_files(vocabulary: Vocabulary, outcome: str) -> None:
    assert set(FILES.therapies) == set(vocabulary.therapies)
    comparison = answer_on_all(vocabulary, outcome)
    for therapy in FILES.therapies:
        assert found(comparison, therapy) == oracle.strata(FILES, therapy, outcome), therapy


@pytest.mark.parametrize("outcome", PROPORTIONS)
def test_every_estimate_is_that_of_its_pooled_rows(vocabulary: Vocabulary, outcome: str) -> None:
    for stratum in answer_on_all(vocabulary, outcome).strata:
        rows = [row for row in stratum.rows if row.pooled]
        if not rows:
            assert stratum.estimate is None
            continue
        pooled = pool_proportions([row.events or 0 for row in rows], [row.total or 0 for row in rows])
        estimate = stratum.estimate
        assert estimate is not None
        assert (estimate.proportion, estimate.low, estimate.high) == (
            pooled.proportion,
            pooled.low,
            pooled.high,
        )
        assert (estimate.method, estimate.tau2) == (pooled.method, pooled.tau2)
        assert estimate.studies == len({row.study for row in rows})
        assert estimate.arms == len(rows)


@pytest.mark.parametrize("outcome", PROPORTIONS)
def test_every_estimate_is_what_slow_and_obvious_sums_come_to(vocabulary: Vocabulary, outcome: str) -> None:
    """From file to figure without our code: rows, overlaps and the model are the oracles' own."""
    comparison = answer_on_all(vocabulary, outcome)
    for stratum in comparison.strata:
        rows = oracle.strata(FILES, stratum.therapy, outcome)[stratum.design_class]
        counts = sorted((row.events, row.total) for row in rows if row.pooled)
        estimate = stratum.estimate
        if not counts:
            assert estimate is None
            continue
        assert estimate is not None
        told = (estimate.proportion, estimate.low, estimate.high)
        expected = slow_estimate(tuple(counts), estimate.method)
        if expected is not None:
            assert told == pytest.approx(expected, abs=1e-4), (stratum.therapy, stratum.design_class)


@cache
def slow_estimate(counts: tuple[tuple[int, int], ...], method: str) -> tuple[float, ...] | None:
    """Proportion and bounds by the oracles; None where their plain grids are too coarse or would take too long."""
    if len(counts) == 1:
        ((events, total),) = counts
        assert method == "exact_single"
        return events / total, intervals.exact_low(events, total), intervals.exact_high(events, total)
    has_both = 0 < sum(events for events, _ in counts) < sum(total for _, total in counts)
    assert method == "bayes" or (method == "glmm" and has_both and len(counts) >= 5)
    if len(counts) > MOST_SUMMED_SLOWLY or max(total for _, total in counts) > MOST_ON_A_GRID:
        return None
    if method == "glmm":
        mu, error, _ = proportions.glmm(counts)
        return tuple(1 / (1 + math.exp(-(mu + step * Z * error))) for step in (0, -1, 1))
    low, middle, high = proportions.bayes(counts)[0]
    return middle, low, high


@pytest.mark.parametrize("outcome", PROPORTIONS)
def test_no_figure_of_an_arm_is_lost(vocabulary: Vocabulary, outcome: str) -> None:
    """Each stands in a row or is told as passed over."""
    comparison = answer_on_all(vocabulary, outcome)
    told: dict[tuple[str, str], int] = {}
    for row in comparison.rows:
        if row.arm is not None:
            told[(row.study, row.arm)] = 1 + len(row.passed_over)
    results = Result.objects.filter(outcome__slug=outcome).values_list("arm__study__slug", "arm__slug")
    stored = {(study, arm): count for study, arm, count in results.annotate(Count("id"))}
    assert told == stored


def test_the_set_is_not_small(vocabulary: Vocabulary) -> None:
    """An oracle that found nothing would agree with a comparison that found nothing."""
    rows = [row for outcome in PROPORTIONS for row in answer_on_all(vocabulary, outcome).rows]
    assert len(rows) > 500
    assert sum(not row.pooled for row in rows) > 5
    assert {row.arm is None for row in rows} == {True, False}


def test_the_figures_of_the_letters_question(vocabulary: Vocabulary) -> None:
    comparison = answer(vocabulary, "complete_remission", "rituximab", "abatacept")
    rows = {row.study: row for row in comparison.rows}
    carruthers, matza = rows["carruthers-2015"], rows["matza-2022"]
    assert (carruthers.events, carruthers.total, carruthers.week) == (14, 30, 26)
    assert (carruthers.low, carruthers.high) == pytest.approx((0.2834, 0.6567), abs=5e-5)
    assert (matza.events, matza.total, matza.week) == (3, 10, 24)
    assert (matza.low, matza.high) == pytest.approx((0.0667, 0.6525), abs=5e-5)
    assert [other.figure for other in carruthers.passed_over] == ["12 of 30 (40%)"]


def verdicts(vocabulary: Vocabulary, outcome: str, a: str, b: str) -> list[Contrast]:
    return list(answer(vocabulary, outcome, a, b).contrasts)


def test_inebilizumab_and_obexelimab_are_compared_through_placebo(vocabulary: Vocabulary) -> None:
    (told,) = verdicts(vocabulary, "relapse", "inebilizumab", "obexelimab")
    estimate = math.log((7 / 68) / (40 / 67)) - math.log((26 / 97) / (53 / 97))
    variance = 1 / 7 - 1 / 68 + 1 / 40 - 1 / 67 + 1 / 26 - 1 / 97 + 1 / 53 - 1 / 97
    reach = Z * math.sqrt(variance)
    assert (told.kind, told.via, told.measure) == ("anchored", "placebo", "risk_ratio")
    assert (told.estimate, told.low, told.high) == pytest.approx(
        (math.exp(estimate), math.exp(estimate - reach), math.exp(estimate + reach))
    )
    assert told.estimate == pytest.approx(0.351, abs=5e-4)
    assert "placebo arms: 40 of 67 (60%) in MITIGATE and 53 of 97 (55%) in INDIGO" in told.reasons
    assert any(reason.startswith("definitions differ: inebilizumab, ") for reason in told.reasons)


@pytest.mark.parametrize("pair", [("rituximab", "abatacept"), ("dupilumab", "abatacept")])
@pytest.mark.parametrize("outcome", ["complete_remission", "overall_response", "relapse"])
def test_what_no_trial_compared_has_no_difference(
    vocabulary: Vocabulary, pair: tuple[str, str], outcome: str
) -> None:
    (told,) = verdicts(vocabulary, outcome, *pair)
    assert (told.kind, told.measure, told.estimate, told.low, told.high) == ("naive", None, None, None, None)
    assert told.needed is not None and told.needed.startswith(f"A randomised trial of {pair[0]} against")
    assert told.reasons


def test_a_placebo_controlled_trial_is_direct_with_its_hazard_ratio_beside(vocabulary: Vocabulary) -> None:
    ratio, hazard = verdicts(vocabulary, "relapse", "inebilizumab", "placebo")
    assert (ratio.measure, hazard.measure) == ("risk_ratio", "hazard_ratio")
    assert ratio.estimate == pytest.approx((7 / 68) / (40 / 67))
    assert (hazard.estimate, hazard.low, hazard.high) == (0.13, 0.06, 0.28)


def test_a_trial_that_tells_a_hazard_ratio_alone_is_not_called_naive(vocabulary: Vocabulary) -> None:
    (told,) = verdicts(vocabulary, "complete_remission", "leflunomide", "glucocorticoid")
    assert (told.kind, told.measure) == ("direct", "hazard_ratio")
    assert (told.estimate, told.low, told.high) == (1.75, 1.01, 3.02)


@pytest.mark.parametrize("outcome", PROPORTIONS)
def test_the_set_holds_direct_pairs_where_its_trials_do(vocabulary: Vocabulary, outcome: str) -> None:
    """No more and no fewer: arms of a controlled study whose regimens differ by one therapy."""
    expected = set()
    for study in FILES.studies:
        if study["design"] not in ("randomised_trial", "non_randomised_trial"):
            continue
        told = {row["arm"] for row in study.get("results") or [] if row["outcome"] == outcome}
        for contrast in study.get("contrasts") or []:
            is_hazard = contrast["measure"] == "hazard_ratio" and contrast["outcome"] == outcome
            if is_hazard and "low" in contrast:
                told |= {contrast["arm"], contrast["versus"]}
        regimens = {
            arm["slug"]: {part["therapy"] for part in arm["regimen"]}
            for arm in study["arms"]
            if arm["slug"] in told
        }
        for one in regimens.values():
            for other in regimens.values():
                apart = one ^ other
                if len(apart) == 2 and len(one) == len(other):
                    expected.add(frozenset(apart))
                # Added to the other arm's one therapy: that arm tells about it alone.
                if len(apart) == 1 and len(one) == 2 and other == {"glucocorticoid"}:
                    expected.add(frozenset(one))
    comparison = answer_on_all(vocabulary, outcome)
    direct = {frozenset({one.a, one.b}) for one in comparison.contrasts if one.kind == "direct"}
    assert direct == expected
