"""The figures of the case explorer: what is drawn, what is left out, and that nothing is drawn that was not told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import pytest

from comparison.charts.lanes import PATTERNS, pattern_of, week_range
from comparison.presenters.organ_grid import last_of_organ, organ_grid
from comparison.presenters.relapse_curve import relapse_curve
from comparison.presenters.swimmer import MOST_LANES, axis_end, swimmer
from comparison.presenters.trajectories import TRAJECTORIES, trajectory_chart
from evidence.choices import OrganChange, Response, SteroidEffect
from evidence.models import Analyte, Case, Course, Measurement, Organ, OrganResponse, Study
from foundation.pieces import Chart
from therapies.models import Therapy

RITUXIMAB = Therapy(pk=1, slug="rituximab", name="Rituximab")
DUPILUMAB = Therapy(pk=2, slug="dupilumab", name="Dupilumab")
GLUCOCORTICOID = Therapy(pk=3, slug="glucocorticoid", name="Glucocorticoid")
IGG4 = Analyte(slug="serum_igg4", name="Serum IgG4", unit="mg/dL", upper_normal=135)
DOSE = Analyte(slug="glucocorticoid_dose", name="Glucocorticoid dose", unit="mg/day")
ORBIT = Organ(pk=1, slug="orbit", name="Orbit", position=1)


def patient(number: int, therapy: Therapy = RITUXIMAB, **fields: Any) -> Case:
    """A patient of a report of its own; nothing is stored."""
    study = Study(pk=number, slug=f"study-{number}", label=f"Study {number}")
    known = {"response": Response.RESPONDED, "steroid_effect": SteroidEffect.NOT_REPORTED, **fields}
    return Case(pk=number, slug=f"study-{number}-p1", study=study, index_therapy=therapy, sex="male", **known)


def patients(count: int, **fields: Any) -> list[Case]:
    return [patient(number, **fields) for number in range(1, count + 1)]


def drawing(chart: Chart) -> dict[str, Any]:
    """The figure as plain data, after Plotly has checked every property of it."""
    assert chart.figure is not None
    plain = json.loads(json.dumps(chart.figure))
    go.Figure(plain)
    return plain


def trace(chart: Chart, name: str) -> dict[str, Any]:
    return next(one for one in drawing(chart)["data"] if one["name"] == name)


def texts(chart: Chart) -> list[str]:
    return [note["text"] for note in drawing(chart)["layout"]["annotations"]]


def course(therapy: Therapy, start: int | None, stop: int | None) -> Course:
    return Course(therapy=therapy, start_week=start, stop_week=stop)


# Swimmer plot


def test_forty_lanes_are_drawn_the_longest_followed_and_the_table_has_all() -> None:
    known = [*patients(45), *(patient(100 + n, follow_up_weeks=n) for n in range(5))]
    chart = swimmer(known, {}).chart
    assert "Drawn are 40 of 50 patients, those followed longest; the table has all." in chart.caption
    lanes = [text for text in texts(chart) if text.startswith("<a ")]
    assert len(lanes) == MOST_LANES
    assert (
        sum("/cases/study-10" in text for text in lanes if "study-10" in text and "study-10-" not in text)
        == 5
    )
    assert chart.table is not None
    assert len(chart.table.rows) == 50


def test_a_lane_leads_to_its_case_and_stands_under_its_therapy() -> None:
    notes = texts(swimmer([patient(1), patient(2, DUPILUMAB)], {}).chart)
    assert "Rituximab, 1 patient" in notes
    assert '<a href="/cases/study-2-p1/" target="_self">Study 2</a>' in notes


def test_bars_are_told_apart_by_pattern_too() -> None:
    five = ("glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept")
    assert len({pattern_of(slug) for slug in five}) == 5
    courses = {1: [course(RITUXIMAB, 0, 2), course(DUPILUMAB, 3, 9)]}
    bars = trace(swimmer([patient(1)], courses).chart, "courses")
    assert bars["marker"]["pattern"]["shape"] == [pattern_of("rituximab"), pattern_of("dupilumab")]
    assert set(bars["marker"]["pattern"]["shape"]) <= set(PATTERNS)


def test_a_course_without_stop_has_no_bar_and_one_without_start_is_not_drawn() -> None:
    drawn = swimmer([patient(1)], {1: [course(RITUXIMAB, 0, None), course(DUPILUMAB, None, None)]})
    assert "courses" not in [one["name"] for one in drawing(drawn.chart)["data"]]
    assert trace(drawn.chart, "starts")["x"] == [0]
    assert drawn.therapies == (("rituximab", "Rituximab"),)
    assert drawn.chart.table is not None
    assert "start not reported, stop not reported" in str(drawn.chart.table.rows)


def test_relapse_stop_of_glucocorticoid_and_follow_up_are_marks_and_what_has_no_week_is_words() -> None:
    dated = patient(
        1, relapse=True, relapse_week=30, follow_up_weeks=40, steroid_effect=SteroidEffect.STOPPED
    )
    undated = patient(2, relapse=True, steroid_effect=SteroidEffect.STOPPED)
    chart = swimmer([dated, undated], {1: [course(GLUCOCORTICOID, 0, 12)]}).chart
    assert sorted(trace(chart, "events")["x"]) == [12, 30, 40]
    assert len(set(trace(chart, "events")["marker"]["symbol"])) == 3
    assert "◔ responded, relapsed, off glucocorticoid" in texts(chart)


def test_the_axis_ends_where_three_of_four_do_and_the_rest_is_said_in_words() -> None:
    assert axis_end([10, 20, 20, 30, 500]) == 52
    assert axis_end([10, 20, 30, 40]) is None
    assert axis_end([]) is None
    known = [patient(n, follow_up_weeks=weeks) for n, weeks in enumerate([10, 20, 20, 30, 500], start=1)]
    chart = swimmer(known, {}).chart
    assert "The axis ends at week 52" in chart.caption
    assert max(trace(chart, "events")["x"]) == 30
    assert "◔ responded, to week 500 ▶" in texts(chart)


def test_nobody_is_no_plot() -> None:
    chart = swimmer([], {}).chart
    assert (chart.figure, chart.empty) == (None, "No patient matches.")


def test_the_range_of_weeks_holds_week_zero_and_every_week() -> None:
    first, last = week_range([-10, 40])
    assert first < -10
    assert last > 40
    assert week_range([]) == [-0.4, 8.4]


# Trajectories


def igg4(week: int, value: float) -> Measurement:
    return Measurement(analyte=IGG4, week=week, value=value)


def test_few_patients_are_lines_of_their_own_figures_and_no_more() -> None:
    chart = trajectory_chart(
        TRAJECTORIES[0], patients(2), {1: [igg4(0, 900), igg4(12, 200)], 2: [igg4(4, 300)]}
    )
    lines = drawing(chart)["data"]
    assert [(line["x"], line["y"], line["mode"]) for line in lines] == [
        ([0, 12], [900, 200], "lines+markers"),
        ([4], [300], "markers"),
    ]
    assert "2 of 2 patients that match have a figure." in chart.caption
    assert "1 patient with one figure" in chart.caption


def test_serum_igg4_is_logarithmic_unless_a_figure_is_zero_and_the_scale_is_said() -> None:
    for value, kind, word in ((200, "log", "logarithmic"), (0, None, "linear")):
        chart = trajectory_chart(TRAJECTORIES[0], patients(1), {1: [igg4(0, 900), igg4(12, value)]})
        assert drawing(chart)["layout"]["yaxis"].get("type") == kind
        assert f"mg/dL, {word} scale" in texts(chart)
        assert "upper limit of normal, 135 mg/dL" in texts(chart)


def test_the_dose_is_linear_and_has_no_limit() -> None:
    rows = {1: [Measurement(analyte=DOSE, week=0, value=40)]}
    chart = trajectory_chart(TRAJECTORIES[1], patients(1), rows)
    assert "type" not in drawing(chart)["layout"]["yaxis"]
    assert not any("limit" in text for text in texts(chart))


def test_a_figure_of_years_before_is_in_the_table_alone_and_the_caption_says_so() -> None:
    chart = trajectory_chart(TRAJECTORIES[0], patients(1), {1: [igg4(-300, 500), igg4(0, 900)]})
    assert drawing(chart)["data"][0]["x"] == [0]
    assert "1 figure of more than 104 weeks before" in chart.caption
    assert chart.table is not None
    assert len(chart.table.rows) == 2


def test_past_thirty_patients_windows_have_median_quartiles_and_n() -> None:
    known = patients(31)
    rows: dict[int, Sequence[Measurement]] = {case.pk: [igg4(0, 100 * case.pk)] for case in known}
    # Two figures in one window: the last counts, and once.
    rows[1] = [igg4(0, 100), igg4(5, 1), igg4(12, 50)]
    rows[2] = [igg4(0, 200), igg4(60, 70)]
    chart = trajectory_chart(TRAJECTORIES[0], known, rows)
    assert drawing(chart)["layout"]["xaxis"]["ticktext"] == [
        "week 0<br>n = 31",
        "5 to 12<br>n = 1",
        "53 to 104<br>n = 1",
    ]
    assert trace(chart, "medians")["y"] == [1600, 50, 70]
    quartiles = trace(chart, "quartiles")
    assert (quartiles["base"], quartiles["y"]) == ([850], [1500])
    assert chart.table is not None
    assert chart.table.rows[0] == ("week 0", "31", "1600", "850 to 2350")
    assert chart.table.rows[1] == ("5 to 12", "1", "50", "too few patients")


def test_thirty_patients_are_still_lines() -> None:
    known = patients(30)
    chart = trajectory_chart(TRAJECTORIES[0], known, {case.pk: [igg4(0, 100)] for case in known})
    assert len(drawing(chart)["data"]) == 30


# Organ by therapy


def fared(change: str, week: int | None = None) -> OrganResponse:
    return OrganResponse(organ=ORBIT, response=change, week=week)


def test_an_organ_counts_once_a_patient_as_told_last() -> None:
    assert last_of_organ([fared("improved", 40), fared("worsened", 52), fared("resolved", 4)]).week == 52
    assert last_of_organ([fared("improved"), fared("worsened", 4)]).week == 4
    assert last_of_organ([fared("improved"), fared("worsened")]).response == OrganChange.WORSENED


def test_a_cell_is_x_of_n_with_its_interval_or_no_patient() -> None:
    known = [patient(1), patient(2), patient(3, DUPILUMAB), patient(4)]
    told = {1: [fared("resolved")], 2: [fared("no_change")], 3: [fared("worsened")]}
    chart = organ_grid(known, told)
    counts = trace(chart, "counts")
    assert counts["text"] == ["◐ 1 of 2", "○ 0 of 1"]
    assert "95% CI 1 to 99" in counts["hovertext"][0]
    assert counts["customdata"][0] == "/cases/?therapy=rituximab&organ=orbit"
    assert "(3 of 4 patients that match)" in chart.caption
    other = Organ(pk=2, slug="eye", name="Eye", position=2)
    told[1].append(OrganResponse(organ=other, response="improved"))
    chart = organ_grid(known, told)
    assert trace(chart, "no patient")["text"] == ["no patient"]
    assert chart.table is not None
    assert "no patient" in chart.table.rows[1]


# Time to relapse


def test_a_curve_needs_ten_patients_and_three_relapses_of_one_therapy() -> None:
    enough = [
        *(patient(n, relapse=True, relapse_week=10 * n) for n in range(1, 4)),
        *(patient(n, relapse=False, follow_up_weeks=50) for n in range(4, 11)),
    ]
    few = [patient(20, DUPILUMAB, relapse=False, follow_up_weeks=9)]
    untimed = [patient(30, relapse=True), patient(31, relapse=False), patient(32, follow_up_weeks=4)]
    curve = relapse_curve([*enough, *few, *untimed])
    chart = curve.chart
    assert curve.therapies == (("rituximab", "Rituximab"),)
    assert "Rituximab: 10 of 13 patients; of the others it is not told" in chart.caption
    assert trace(chart, "Rituximab")["y"][:4] == pytest.approx([1, 1, 0.9, 0.8])
    assert "Number at risk" in texts(chart)
    assert chart.table is not None
    assert (
        "Dupilumab",
        "",
        "1",
        "0",
        "1",
        "no curve, too few",
        "",
    ) in chart.table.rows
    refused = relapse_curve(enough[1:]).chart
    assert refused.figure is None
    assert "Rituximab has most: 9 patients and 2 relapses." in refused.empty


def test_a_relapse_before_the_start_is_none_of_this_therapys() -> None:
    chart = relapse_curve([patient(1, relapse=True, relapse_week=-3)]).chart
    assert "Rituximab has most: 0 patients and 0 relapses." in chart.empty
