"""The forest plot: rows to lines, lines to traces; nothing is computed, and nothing is read."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from django.conf import settings as project
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.graph_objects import Figure

from comparison.charts.forest import (
    HEAD_AND_FOOT,
    LARGEST_MARKER,
    LINE_HEIGHT,
    SMALLEST_MARKER,
    ForestAxis,
    ForestLine,
    build_forest,
    forest_height,
)
from comparison.presenters.forest import MOST_LINES, forest_chart, forest_lines, forest_table
from comparison.question import Question
from comparison.result import CitationLabel, Comparison, Row, SynthesisRow
from comparison.strata import build_strata
from foundation.palette import INK, therapy_style
from foundation.pieces import Link
from tests.comparison.answers import VOCABULARY, row

SHARE = ForestAxis("Patients with the outcome", is_share=True)
AMOUNT = ForestAxis("Serum IgG4 (mg/dL)", is_share=False)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def trace(figure: Figure, name: str) -> dict:
    (found,) = [one for one in figure.to_plotly_json()["data"] if one["name"] == name]
    return found


def names(figure: Figure) -> list[str]:
    return [one["name"] for one in figure.to_plotly_json()["data"]]


def line(value: float | None, **fields: object) -> ForestLine:
    defaults: dict[str, object] = {"low": 0.1, "high": 0.9, "patients": 30, "therapy": "rituximab"}
    return ForestLine("row", "Study", value=value, **{**defaults, **fields})  # type: ignore[arg-type]


def answer(rows: list[Row], *therapies: str, **asked: object) -> tuple[Comparison, Question]:
    question = Question(therapies=therapies or ("rituximab",), **asked)  # type: ignore[arg-type]
    labels = {one.study: one.study_label for one in rows}
    return Comparison(tuple(build_strata(rows, question, {}, labels))), question


def test_the_builder_needs_no_django() -> None:
    code = "import sys, comparison.charts.forest; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=project.BASE_DIR).returncode == 0


# ── lines to traces ──────────────────────────────────────────────────────────────────────────────────────────────


def test_each_row_is_a_marker_at_its_value_on_its_line() -> None:
    lines = [ForestLine("therapy", "Rituximab"), line(0.4667, low=0.2834, high=0.6567, url="/x/"), line(0.3)]
    drawn = trace(build_forest(lines, SHARE), "studies")
    assert drawn["x"] == [0.4667, 0.3]
    assert drawn["y"] == [-1, -2]
    assert drawn["error_x"]["array"][0] == pytest.approx(0.6567 - 0.4667)
    assert drawn["error_x"]["arrayminus"][0] == pytest.approx(0.4667 - 0.2834)
    assert drawn["customdata"] == ["/x/", ""]


def test_the_area_of_a_marker_follows_the_patients() -> None:
    drawn = trace(build_forest([line(0.5, patients=n) for n in (100, 25, 0)], SHARE), "studies")
    sizes = drawn["marker"]["size"]
    assert sizes[0] == LARGEST_MARKER
    # A quarter of the patients: half of the way in width.
    assert sizes[1] == pytest.approx((SMALLEST_MARKER + LARGEST_MARKER) / 2, abs=0.1)
    assert sizes[2] == SMALLEST_MARKER


def test_what_is_not_pooled_is_hollow_and_keeps_its_colour_and_symbol() -> None:
    drawn = trace(build_forest([line(0.5), line(0.5, pooled=False)], SHARE), "studies")
    style = therapy_style("rituximab")
    assert drawn["marker"]["symbol"] == [style.symbol, f"{style.symbol}-open"]
    assert drawn["marker"]["color"] == [style.colour, style.colour]
    assert drawn["marker"]["line"]["width"] == [0, 1.6]


def test_a_bound_that_is_not_reported_draws_no_bar() -> None:
    drawn = trace(build_forest([line(150.0, low=None, high=320.0)], AMOUNT), "studies")
    assert (drawn["error_x"]["arrayminus"], drawn["error_x"]["array"]) == ([0.0], [170.0])


def test_a_bound_of_zero_is_a_bound() -> None:
    drawn = trace(build_forest([line(0.0, low=0.0, high=0.3)], SHARE), "studies")
    assert (drawn["x"], drawn["error_x"]["array"]) == ([0.0], [0.3])


def test_a_pooled_estimate_is_a_diamond_from_bound_to_bound() -> None:
    estimate = ForestLine("estimate", "Pooled", value=0.5, low=0.4, high=0.6, hover="told")
    drawn = trace(build_forest([line(0.5), estimate], SHARE), "pooled")
    assert drawn["x"] == [0.4, 0.5, 0.6, 0.5, 0.4, None]
    assert drawn["y"][:-1] == pytest.approx([-1, -0.68, -1, -1.32, -1])
    assert drawn["y"][-1] is None
    assert (drawn["fill"], drawn["fillcolor"]) == ("toself", INK)


def test_a_prediction_interval_is_a_dotted_line_and_only_where_there_is_one() -> None:
    plain = ForestLine("estimate", "Pooled", value=0.5, low=0.4, high=0.6)
    assert names(build_forest([line(0.5), plain], SHARE)) == ["studies", "pooled"]
    wide = ForestLine(
        "estimate", "Pooled", value=0.5, low=0.4, high=0.6, prediction_low=0.0, prediction_high=0.9
    )
    drawn = trace(build_forest([line(0.5), wide], SHARE), "prediction interval")
    assert (drawn["x"], drawn["y"], drawn["line"]["dash"]) == ([0.0, 0.9, None], [-1, -1, None], "dot")


def test_a_share_is_drawn_from_none_to_all_and_an_amount_as_it_comes() -> None:
    share, amount = (build_forest([line(0.5)], axis).to_plotly_json() for axis in (SHARE, AMOUNT))
    assert list(share["layout"]["xaxis"]["range"]) == [-0.02, 1.02]
    assert "range" not in amount["layout"]["xaxis"]
    assert amount["layout"]["xaxis"]["title"]["text"] == "Serum IgG4 (mg/dL)"


def test_labels_are_text_and_no_markup() -> None:
    lines = [ForestLine("row", "A & <b>B</b>", value=0.5, label_url="/studies/x/", figure="<1 of 3")]
    texts = [one["text"] for one in build_forest(lines, SHARE).to_plotly_json()["layout"]["annotations"]]
    assert texts == [
        '<a href="/studies/x/" target="_self">A &amp; &lt;b&gt;B&lt;/b&gt;</a>',
        "&lt;1 of 3",
    ]


def test_every_line_has_its_height() -> None:
    assert forest_height([line(0.5)] * 7) == HEAD_AND_FOOT + 7 * LINE_HEIGHT
    figure = build_forest([line(0.5)] * 7, SHARE).to_plotly_json()
    assert figure["layout"]["height"] == forest_height([line(0.5)] * 7)


def test_nothing_is_drawn_of_nothing() -> None:
    assert names(build_forest([], SHARE)) == []
    assert names(build_forest([ForestLine("therapy", "Rituximab"), line(None)], SHARE)) == []


shares = st.none() | st.floats(0, 1)


@settings(deadline=None)
@given(st.lists(st.tuples(shares, st.integers(0, 500), st.booleans()), max_size=15))
def test_a_figure_is_strict_json_with_a_marker_for_each_value(
    told: list[tuple[float | None, int, bool]],
) -> None:
    lines = [line(value, patients=patients, pooled=pooled) for value, patients, pooled in told]
    figure = build_forest(lines, SHARE).to_plotly_json()
    assert json.loads(json.dumps(figure, allow_nan=False)) == json.loads(json.dumps(figure))
    values = [value for value, _, _ in told if value is not None]
    assert [one["x"] for one in figure["data"]] == ([values] if values else [])


# ── rows to lines ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_lines_are_therapy_design_studies_and_what_they_come_to() -> None:
    rows = [
        row("rituximab", "a", 14, 30, year=2015),
        row("rituximab", "b", 5, 10, year=2018),
        row("rituximab", "c", 7, 9, design_class="cohort", week=None),
    ]
    comparison, question = answer(rows, "rituximab", "abatacept")
    lines = forest_lines(comparison, question, VOCABULARY)
    assert [(one.kind, one.label) for one in lines] == [
        ("therapy", "Rituximab"),
        ("stratum", "Single-arm trials"),
        ("row", "A, week 26"),
        ("row", "B, week 26"),
        ("estimate", "Pooled, 2 studies"),
        ("stratum", "Cohorts"),
        ("row", "C"),
        ("therapy", "Abatacept"),
    ]
    assert lines[2].figure == "14 of 30 (47%)"
    assert (lines[2].value, lines[2].patients) == (14 / 30, 30)
    assert lines[-1].figure == "no figure reported"


def test_one_study_is_no_pool() -> None:
    comparison, question = answer([row("rituximab", "a", 14, 30)])
    assert [one.kind for one in forest_lines(comparison, question, VOCABULARY)] == [
        "therapy",
        "stratum",
        "row",
    ]


def test_a_click_leaves_the_study_out_and_a_second_takes_it_back() -> None:
    study = "carruthers-2015"
    comparison, question = answer([row("rituximab", study, 14, 30)])
    marker = forest_lines(comparison, question, VOCABULARY)[2]
    assert marker.url == f"/compare/?therapy=rituximab&exclude={study}"
    assert marker.label_url == f"/studies/{study}/#result-1"
    comparison, question = answer([row("rituximab", study, 14, 30)], exclude=(study,))
    marker = forest_lines(comparison, question, VOCABULARY)[2]
    assert marker.url == "/compare/?therapy=rituximab"
    assert not marker.pooled
    assert "Not pooled: left out by the reader." in marker.hover.replace("<br>", " ")


def test_past_twelve_the_largest_are_drawn_and_the_rest_is_summed() -> None:
    rows = [row("rituximab", letter, 1, 10 + place) for place, letter in enumerate(LETTERS[: MOST_LINES + 3])]
    comparison, question = answer(rows)
    lines = forest_lines(comparison, question, VOCABULARY)
    drawn = [one for one in lines if one.kind == "row"]
    (note,) = [one for one in lines if one.kind == "note"]
    assert len(drawn) == MOST_LINES - 2
    assert note.label == "and 5 smaller, in the table"
    assert note.figure == f"5 of {sum(range(10, 15))}"
    assert {one.patients for one in drawn} == set(range(15, 25))
    assert len(forest_table(comparison, question, VOCABULARY).rows) == MOST_LINES + 3 + 1


def test_twelve_are_all_drawn() -> None:
    rows = [row("rituximab", letter, 1, 10) for letter in LETTERS[:MOST_LINES]]
    lines = forest_lines(*answer(rows), VOCABULARY)
    assert sum(one.kind == "row" for one in lines) == MOST_LINES
    assert not any(one.kind == "note" for one in lines)


def test_the_table_says_what_the_plot_draws_and_where_it_stands() -> None:
    rows = [
        row("rituximab", "a", 14, 30, result=7),
        row(
            "rituximab",
            "b",
            3,
            10,
            arm=None,
            arm_label=None,
            result=None,
            definition=None,
            week_is_follow_up=True,
        ),
    ]
    comparison, question = answer(rows, exclude=("b",))
    first, second = forest_table(comparison, question, VOCABULARY).rows
    assert first == (
        "Rituximab",
        "Single-arm trials",
        "A: Rituximab arm",
        "week 26",
        "14 of 30 (47%)",
        "28 to 66",
        "As defined",
        Link("abstract, results", "/studies/a/#result-7"),
        "not yet rated",
        "yes",
        Link("leave out", "/compare/?therapy=rituximab&exclude=a&exclude=b"),
    )
    assert second[2:4] == ("B", "week 26 (follow-up)")
    assert second[6:] == (
        "not reported",
        Link("abstract, results", "/studies/b/#cases"),
        "not yet rated",
        "no: left out by the reader",
        Link("take back", "/compare/?therapy=rituximab"),
    )


def test_a_quantity_is_drawn_with_its_spread_and_leads_to_its_source() -> None:
    rows = [
        row(
            "rituximab",
            "a",
            value=150.0,
            statistic="median",
            spread="iqr",
            value_low=60.0,
            value_high=320.0,
            n=30,
        ),
        row("rituximab", "b", value=100.0, statistic="mean", spread="sd", sd=20.0, n=10),
    ]
    comparison, question = answer(rows, outcome="serum_igg4")
    median, mean = (one for one in forest_lines(comparison, question, VOCABULARY) if one.kind == "row")
    assert (median.value, median.low, median.high, median.figure) == (
        150.0,
        60.0,
        320.0,
        "median 150 (30 patients)",
    )
    assert (mean.low, mean.high) == (80.0, 120.0)
    assert median.pooled and median.url == "/studies/a/#result-1"
    assert "Not pooled" not in median.hover


def test_a_chart_without_a_row_says_what_is_missing() -> None:
    comparison, question = answer([])
    chart = forest_chart(comparison, question, VOCABULARY, ())
    assert (chart.figure, chart.table) == (None, None)
    assert chart.empty.startswith("No study in the evidence set reports a figure")


# ── published reviews ────────────────────────────────────────────────────────────────────────────────────────────


def synthesis(**fields: object) -> SynthesisRow:
    values: dict[str, object] = {
        "id": 7,
        "therapy": "rituximab",
        "versus": None,
        "outcome": "overall_response",
        "measure": "proportion",
        "estimate": 0.91,
        "low": 0.8,
        "high": 0.97,
        "studies": 5,
        "patients": 101,
        "definition": "Any response",
        "study": "review-2024",
        "study_label": "Review 2024",
        "year": 2024,
        "basis": "abstract",
        "locator": "Results",
        "citation": CitationLabel("Review 2024"),
        **fields,
    }
    return SynthesisRow(**values)  # type: ignore[arg-type]


def test_reviews_stand_in_a_band_of_their_own_below_the_therapy() -> None:
    comparison, question = answer([row("rituximab", "a", 5, 10)])
    comparison = replace(comparison, syntheses=(synthesis(), synthesis(measure="odds_ratio", estimate=2.0)))
    lines = forest_lines(comparison, question, VOCABULARY)
    assert [line.kind for line in lines] == ["therapy", "stratum", "row", "stratum", "synthesis"]
    band = lines[-1]
    assert (band.value, band.low, band.high) == (0.91, 0.8, 0.97)
    assert band.url == "/studies/review-2024/#synthesis-7"
    assert band.label == "Review 2024, 5 studies"
    drawn = build_forest(lines, SHARE)
    assert trace(drawn, "published reviews")["x"] == (0.91,) or trace(drawn, "published reviews")["x"] == [
        0.91
    ]
    shades = [shape for shape in drawn.to_plotly_json()["layout"]["shapes"] if shape["type"] == "rect"]
    assert len(shades) == 1
    assert "pooled" not in names(drawn)


def test_a_therapy_that_only_reviews_tell_of_has_its_plot() -> None:
    comparison = Comparison((), syntheses=(synthesis(low=None, high=None),))
    chart = forest_chart(comparison, Question(therapies=("rituximab",)), VOCABULARY, ())
    assert chart.figure is not None
