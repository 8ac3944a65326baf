"""One patient's course as a figure: what is dated is drawn, what is not is said in words, and nothing is made up."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from comparison.charts.lanes import Stretch, tracks
from comparison.presenters.timeline import (
    CourseRow,
    FigureRow,
    Names,
    OrganRow,
    Timeline,
    timeline_chart,
    timeline_of,
    timeline_of_values,
)
from evidence.choices import OrganChange, SteroidEffect
from evidence.models import Case, Course
from foundation.pieces import Chart
from tests import factories as make

NAMES = Names(
    therapies={"dupilumab": "Dupilumab", "glucocorticoid": "Glucocorticoid"},
    organs={"orbit": "Orbit"},
    analytes={"serum_igg4": ("Serum IgG4", "mg/dL", 135.0)},
)
FULL = Timeline(
    index_name="Dupilumab",
    courses=(
        CourseRow("glucocorticoid", "Glucocorticoid", "prednisone 40 mg", 0, 9),
        CourseRow("dupilumab", "Dupilumab", "Dupilumab 300 mg", 0, None),
        CourseRow("rituximab", "Rituximab", "Rituximab", None, None),
    ),
    figures=(
        FigureRow("serum_igg4", "Serum IgG4", "mg/dL", 135.0, 26, 150, ""),
        FigureRow("serum_igg4", "Serum IgG4", "mg/dL", 135.0, -2, 1770, "17.7 g/L"),
    ),
    organs=(
        OrganRow("Orbit", OrganChange.IMPROVED, 12),
        OrganRow("Pancreas", OrganChange.RESOLVED, None),
    ),
    steroid_effect=SteroidEffect.STOPPED,
    relapse=True,
    relapse_week=40,
    follow_up_weeks=52,
)


def drawing(chart: Chart) -> dict[str, Any]:
    """The figure as plain data, after Plotly has checked every property of it."""
    assert chart.figure is not None
    plain = json.loads(json.dumps(chart.figure))
    go.Figure(plain)
    return plain


def traces(chart: Chart) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in drawing(chart)["data"]}


def said(chart: Chart) -> list[str]:
    return [note["text"] for note in drawing(chart)["layout"]["annotations"]]


def test_a_bar_stands_only_where_start_and_stop_are_reported() -> None:
    drawn = traces(timeline_chart(FULL))
    assert drawn["courses"]["base"] == [0]
    assert drawn["courses"]["x"] == [9]
    assert len(drawn["starts"]["x"]) == 2
    assert drawn["stop not reported: question mark"]["text"] == ["?"]


def test_what_has_no_week_is_said_in_words_and_not_drawn() -> None:
    notes = said(timeline_chart(FULL))
    assert "time not reported" in notes
    assert "resolved, time not reported" in notes
    assert "stop not reported" in notes


def test_figures_stand_at_their_weeks_in_a_panel_of_their_own_with_the_upper_limit() -> None:
    chart = timeline_chart(FULL)
    panel = traces(chart)["Serum IgG4, mg/dL"]
    assert panel["x"] == [-2, 26]
    assert panel["y"] == [1770, 150]
    assert "printed as 17.7 g/L" in panel["hovertext"][0]
    assert [s["y0"] for s in drawing(chart)["layout"]["shapes"] if s["yref"] == "y2"] == [135.0]
    assert "upper limit of normal (Serum IgG4 135 mg/dL)" in chart.caption


def test_relapse_follow_up_and_organs_are_marks_with_symbols_of_their_own() -> None:
    events = traces(timeline_chart(FULL))["events"]
    assert events["x"] == [12, 40, 52]
    assert len(set(events["marker"]["symbol"])) == 3


def test_the_table_tells_all_of_it_by_week_and_undated_last() -> None:
    table = timeline_chart(FULL).table
    assert table is not None
    assert [row[0] for row in table.rows] == [
        *("2 weeks before", "week 0", "week 0", "week 12", "week 26", "week 40", "week 52"),
        *("time not reported", "time not reported", "whole course"),
    ]


def test_a_case_of_which_nothing_is_dated_says_so() -> None:
    chart = timeline_chart(Timeline(relapse=False))
    assert chart.figure is None
    assert chart.empty == "The report gives no week of anything."
    assert chart.table is not None


def test_a_course_of_unknown_stop_keeps_its_track_and_others_lie_beside_it() -> None:
    rows = [("a", 0, None), ("b", 4, 8), ("c", 9, 12), ("d", None, None)]
    assert tracks([Stretch(name, start, stop, "") for name, start, stop in rows]) == [0, 1, 1, 0]


def test_a_stop_of_glucocorticoid_without_week_has_a_line_of_words() -> None:
    assert "stopped, week not reported" in said(
        timeline_chart(Timeline(courses=FULL.courses[1:], steroid_effect=SteroidEffect.STOPPED))
    )


@pytest.mark.django_db
def test_a_stored_case_and_one_that_is_not_saved_make_the_same_rows() -> None:
    stored = make.CaseFactory(index_therapy=make.TherapyFactory(slug="dupilumab", name="Dupilumab"))
    course = make.CourseFactory(case=stored, therapy=stored.index_therapy)
    figure = make.MeasurementFactory(case=stored)
    response = make.OrganResponseFactory(case=stored)
    unsaved = Case(
        index_therapy=stored.index_therapy,
        response=stored.response,
        steroid_effect=stored.steroid_effect,
        relapse=False,
        follow_up_weeks=52,
    )
    rows = timeline_of(
        unsaved,
        courses=[Course(therapy=course.therapy, dose=300, unit="mg", route=course.route,
                        schedule=course.schedule, start_week=0, stop_week=52)],
        measurements=[figure],
        organ_responses=[response],
    )  # fmt: skip
    assert rows == timeline_of(Case.objects.with_everything().get())
    assert rows.courses[0].given == "Dupilumab 300 mg subcutaneous, every 2 weeks"


def test_a_draft_is_drawn_as_far_as_it_is_filled() -> None:
    rows = timeline_of_values(
        {
            "index_therapy": "dupilumab",
            "courses": [
                {"therapy": "dupilumab", "dose": "300", "unit": "mg", "start_week": "0", "stop_week": ""},
                {"therapy": "unknown"},
                {"therapy": None},
                "nonsense",
            ],
            "measurements": [
                {"analyte": "serum_igg4", "week": 0, "value": "1770"},
                {"analyte": "serum_igg4", "week": None, "value": 3},
                {"analyte": "serum_igg4", "week": 4, "value": "much"},
                {"analyte": "serum_igg4", "week": 4, "value": float("inf")},
                {"analyte": ["serum_igg4"], "week": 4, "value": 1},
            ],
            "organ_responses": [
                {"organ": "orbit", "response": "improved"},
                {"organ": "orbit", "response": "?"},
            ],
            "response": "splendid",
            "relapse": "yes",
            "follow_up_weeks": 12.5,
        },
        NAMES,
    )
    assert rows.courses == (CourseRow("dupilumab", "Dupilumab", "Dupilumab 300 mg", 0, None),)
    assert rows.figures == (FigureRow("serum_igg4", "Serum IgG4", "mg/dL", 135.0, 0, 1770.0, ""),)
    assert rows.organs == (OrganRow("Orbit", "improved", None),)
    assert (rows.response, rows.relapse, rows.follow_up_weeks) == ("not_reported", None, None)
    drawing(timeline_chart(rows))


def test_an_empty_draft_draws_nothing_and_does_not_fail() -> None:
    chart = timeline_chart(timeline_of_values({}, NAMES))
    assert chart.figure is None
    assert chart.table is None
