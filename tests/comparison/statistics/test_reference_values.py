"""Against R: metafor, lme4 and survival. docs/reference-values.md holds the script that made the fixture."""

import json
from pathlib import Path

import pytest

from comparison.statistics.effects import effect, pool_effects
from comparison.statistics.proportions import pool_proportions
from comparison.statistics.refusals import NoInformation

ROOT = Path(__file__).parents[3]
FIXTURES = Path(__file__).parent / "fixtures"
FIXTURE = json.loads((FIXTURES / "metafor.json").read_text())
# Published data sets that were not looked at while the code was written.
KEPT_ASIDE = json.loads((FIXTURES / "metadat.json").read_text())
ALL_PROPORTIONS = FIXTURE["proportions"] + KEPT_ASIDE["proportions"]
ALL_CONTRASTS = FIXTURE["contrasts"] + KEPT_ASIDE["contrasts"]
MEASURES = {"RR": "log_risk_ratio", "OR": "log_odds_ratio", "RD": "risk_difference"}


def name_of(row):
    return f"{row['name']}_{row.get('measure', 'proportion')}"


@pytest.mark.parametrize("row", FIXTURE["proportions"], ids=name_of)
def test_the_regression_agrees_with_lme4(row):
    expected = row["glmm"]
    pooled = pool_proportions(row["events"], row["totals"])
    assert pooled.method == "glmm"
    assert [pooled.logit, pooled.se] == pytest.approx([expected["logit"], expected["se"]], abs=1e-4)
    assert pooled.tau2 == pytest.approx(expected["tau2"], abs=5e-5, rel=5e-5)
    assert [pooled.proportion, pooled.low, pooled.high] == pytest.approx(
        [expected["estimate"], expected["low"], expected["high"]], abs=1e-5
    )
    assert pooled.logit == pytest.approx(expected["metafor_logit"], abs=1e-4)


@pytest.mark.parametrize("row", KEPT_ASIDE["proportions"], ids=name_of)
def test_the_regression_agrees_on_sets_kept_aside(row):
    expected = row["glmm"]
    pooled = pool_proportions(row["events"], row["totals"], "glmm")
    assert [pooled.logit, pooled.se] == pytest.approx([expected["logit"], expected["se"]], abs=5e-5)
    assert pooled.tau2 == pytest.approx(expected["tau2"], abs=2e-6, rel=2e-6)
    by_ladder = "glmm" if len(row["events"]) >= 5 else "bayes"
    assert pool_proportions(row["events"], row["totals"]).method == by_ladder


@pytest.mark.parametrize("row", ALL_PROPORTIONS, ids=name_of)
def test_inverse_variance_agrees_with_metafor(row):
    expected = row["logit_iv"]
    pooled = pool_proportions(row["events"], row["totals"], "logit_iv")
    assert [pooled.logit, pooled.se, pooled.tau2] == pytest.approx(
        [expected["logit"], expected["se"], expected["tau2"]], abs=1e-6
    )
    assert [pooled.low, pooled.high] == pytest.approx([expected["low"], expected["high"]], abs=1e-6)


@pytest.mark.parametrize("row", ALL_CONTRASTS, ids=name_of)
def test_each_study_of_a_contrast_agrees_with_escalc(row):
    counts = zip(row["events_a"], row["totals_a"], row["events_b"], row["totals_b"], strict=True)
    told = 0
    for (a, n, c, m), yi, vi in zip(counts, row["yi"], row["vi"], strict=True):
        try:
            one = effect(MEASURES[row["measure"]], a, n, c, m)
        except NoInformation:
            # metafor adds a half and goes on; here a ratio of nothing to nothing is left out.
            assert a == c == 0 or (a, c) == (n, m)
            continue
        assert (one.estimate, one.variance) == pytest.approx((yi, vi), rel=1e-9, abs=1e-11)
        told += 1
    assert told >= 2


@pytest.mark.parametrize("row", ALL_CONTRASTS, ids=name_of)
def test_pooled_contrasts_agree_with_rma(row):
    pooled = pool_effects(row["yi"], row["vi"])
    assert pooled.estimate == pytest.approx(row["estimate"], abs=1e-6)
    assert pooled.tau2 == pytest.approx(row["tau2"], abs=1e-6)
    assert pooled.i2 == pytest.approx(row["i2"], abs=1e-3)
    assert pooled.q == pytest.approx(row["q"], rel=1e-7)
    # R gives both intervals as they are; the wider of the two is the one to show.
    wider = max(("knha", "z"), key=lambda kind: row[f"{kind}_high"] - row[f"{kind}_low"])
    assert [pooled.low, pooled.high] == pytest.approx([row[f"{wider}_low"], row[f"{wider}_high"]], abs=1e-6)
    assert pooled.interval == {"knha": "hartung_knapp", "z": "normal"}[wider]


def test_both_intervals_are_the_wider_one_somewhere_in_the_fixture():
    shown = {pool_effects(row["yi"], row["vi"]).interval for row in FIXTURE["contrasts"]}
    assert shown == {"hartung_knapp", "normal"}


def test_the_fixture_holds_zero_cells_double_zeros_and_boundary_fits():
    cells = [
        cell
        for row in FIXTURE["contrasts"]
        for cell in zip(row["events_a"], row["totals_a"], row["events_b"], row["totals_b"], strict=True)
    ]
    assert any(a == 0 < c for a, _, c, _ in cells)
    assert any(a == c == 0 for a, _, c, _ in cells)
    assert any(a == n for a, n, _, _ in cells)
    assert any(row["glmm"]["tau2"] == 0 for row in FIXTURE["proportions"])
