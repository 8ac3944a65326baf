"""How an answer moves, on the curated set: every curve ends in what the comparison shows, each universe in its twin."""

from __future__ import annotations

import csv
import io
import json
import re

import plotly.graph_objects as go
import pytest
from django.test import Client

from comparison.charts.cumulative import CumulativePanel, CumulativePoint, build_cumulative
from comparison.charts.multiverse import ChoiceLine, UniversePoint, build_multiverse
from comparison.compare import compare
from comparison.evidence import load_vocabulary
from comparison.question import Question
from comparison.result import Estimate
from comparison.sensitivity import WITHOUT_CASES, TherapySensitivity, sensitivity
from comparison.statistics.proportions import pool_proportions
from comparison.vocabulary import Vocabulary
from evidence.choices import DesignClass
from tests.comparison.pages import assert_sound, read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]

QUESTIONS = {
    "the letter's five": Question(),
    "remission": Question(
        therapies=("rituximab", "abatacept", "glucocorticoid"), outcome="complete_remission"
    ),
    "relapse of few": Question(therapies=("rituximab", "inebilizumab"), outcome="relapse"),
    "together": Question(therapies=("rituximab",), pool="together", overlaps="certain"),
    "filtered": Question(
        therapies=("rituximab",), basis="abstract", designs=("cohort",), exclude=("carruthers-2015",)
    ),
}
asked = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
ANSWERS: dict[Question, tuple[TherapySensitivity, ...]] = {}


@pytest.fixture
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def answers(question: Question, vocabulary: Vocabulary) -> tuple[TherapySensitivity, ...]:
    if question not in ANSWERS:
        ANSWERS[question] = sensitivity(question, vocabulary)
    return ANSWERS[question]


def shown(question: Question, vocabulary: Vocabulary) -> dict[tuple[str, str | None], Estimate | None]:
    comparison = compare(question, vocabulary)
    return {(stratum.therapy, stratum.design_class): stratum.estimate for stratum in comparison.strata}


@asked
def test_each_curve_ends_in_the_estimate_of_its_stratum(question: Question, vocabulary: Vocabulary) -> None:
    page = {key: estimate for key, estimate in shown(question, vocabulary).items() if estimate is not None}
    curves = {
        (stratum.therapy, stratum.design_class): stratum.cumulative[-1].estimate
        for answer in answers(question, vocabulary)
        for stratum in answer.strata
    }
    assert curves == page


@asked
def test_the_default_universe_is_the_strongest_stratum_of_the_page(
    question: Question, vocabulary: Vocabulary
) -> None:
    page = shown(question, vocabulary)
    for answer in answers(question, vocabulary):
        strongest = next(
            estimate for (therapy, _), estimate in page.items() if therapy == answer.therapy and estimate
        )
        first, *others = answer.multiverse
        assert first.is_default and first.estimate == strongest
        assert not any(other.is_default for other in others)


def test_a_year_of_the_curve_is_the_comparison_of_that_year(vocabulary: Vocabulary) -> None:
    question = Question(therapies=("rituximab", "glucocorticoid"), outcome="relapse")
    for answer in answers(question, vocabulary):
        for stratum in answer.strata:
            for step in stratum.cumulative[::3]:
                then = shown(question.with_changes(last_year=step.year), vocabulary)
                assert step.estimate == then[(stratum.therapy, stratum.design_class)], step.year


def test_leaving_a_study_out_is_what_a_click_on_it_does(vocabulary: Vocabulary) -> None:
    question = Question(therapies=("rituximab",), outcome="relapse")
    (answer,) = answers(question, vocabulary)
    for stratum in answer.strata:
        for left in stratum.leave_one_out[:4]:
            clicked = shown(question.toggled(left.study), vocabulary)
            assert left.estimate == clicked.get((stratum.therapy, stratum.design_class))


def test_universes_are_the_page_with_other_choices(vocabulary: Vocabulary) -> None:
    """Each pooled universe by the ladder, against a question that makes its choices."""
    question = Question(therapies=("rituximab",))
    (answer,) = answers(question, vocabulary)
    compared = 0
    for universe in answer.multiverse:
        if "auto" not in universe.methods or universe.left_out is not None:
            continue
        for design in universe.designs:
            if design == WITHOUT_CASES:
                designs = tuple(value for value in DesignClass.values if value != DesignClass.CASE)
                twin = question.with_changes(designs=designs, pool="together")
            elif design == "all":
                twin = question.with_changes(pool="together")
            else:
                twin = question.with_changes(designs=(design,))
            # One choice of each axis: which combinations were folded together is not told.
            if len(universe.basis) == len(universe.overlaps) == 1 or universe.is_default:
                twin = twin.with_changes(basis=universe.basis[0], overlaps=universe.overlaps[0])
                (estimate,) = shown(twin, vocabulary).values()
                assert estimate == universe.estimate
                compared += 1
    assert compared > 0


@asked
def test_each_estimate_is_its_method_on_its_counts(question: Question, vocabulary: Vocabulary) -> None:
    for answer in answers(question, vocabulary):
        combinations = {universe.combinations for universe in answer.multiverse}
        assert min(combinations) >= 1
        for universe in answer.multiverse:
            assert (universe.estimate is None) == (universe.why_not is not None)
            if universe.estimate is not None and universe.estimate.method == "exact_total":
                estimate = universe.estimate
                alone = pool_proportions([estimate.events], [estimate.patients], "exact_total")
                assert (estimate.low, estimate.high) == (alone.low, alone.high)


def test_the_tipping_point_counts_the_reported_failures(vocabulary: Vocabulary) -> None:
    by_therapy = {answer.therapy: answer.tipping_point for answer in answers(Question(), vocabulary)}
    rituximab = by_therapy["rituximab"]
    assert rituximab is not None
    assert (rituximab.events, rituximab.total, rituximab.failures_reported) == (18, 18, 0)
    assert rituximab.failures_needed == 19
    assert rituximab.events / (rituximab.total + 19) < 0.5 <= rituximab.events / (rituximab.total + 18)


def test_where_few_events_are_hoped_for_no_failure_tips_anything(vocabulary: Vocabulary) -> None:
    question = Question(therapies=("rituximab", "abatacept"), outcome="relapse")
    assert [answer.tipping_point for answer in answers(question, vocabulary)] == [None, None]


def test_means_have_no_sensitivity(client: Client, vocabulary: Vocabulary) -> None:
    question = Question(therapies=("rituximab",), outcome="serum_igg4")
    assert sensitivity(question, vocabulary) == ()
    assert "not pooled" in words(read(client, f"/compare/sensitivity/?{question.to_query()}"))


# ── page ─────────────────────────────────────────────────────────────────────────────────────────────────────────

QUERY = "?therapy=rituximab&therapy=abatacept&outcome=complete_remission"


def test_the_page_is_sound_and_tells_everything_without_scripts(client: Client) -> None:
    html = read(client, f"/compare/sensitivity/{QUERY}")
    assert_sound(html)
    text = words(html)
    assert "Without each study in turn" in text
    assert "9 failures reported; under one half already" in text
    assert html.count('<details class="chart-table">') == 3
    assert not re.search(r"\b(better|achiev|led to|superior)", text)


def test_the_part_that_is_fetched_is_the_page_without_its_frame(client: Client) -> None:
    part = client.get(f"/compare/sensitivity/{QUERY}", headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert part.text.strip() in read(client, f"/compare/sensitivity/{QUERY}").replace("\r", "")


def test_the_comparison_leads_there_and_to_every_year(client: Client) -> None:
    html = read(client, f"/compare/{QUERY}")
    (address,) = set(re.findall(r'hx-get="(/compare/sensitivity/[^"]+)"', html))
    assert client.get(address.replace("&amp;", "&")).status_code == 200
    slider = re.search(r'<input type="range"[^>]*name="to" min="(\d+)" max="(\d+)"[^>]*value="(\d+)"', html)
    assert slider is not None and int(slider[1]) < int(slider[2]) == int(slider[3])
    then = read(client, f"/compare/{QUERY}&to=2015")
    assert 'value="2015"' in then
    assert "All years" in then
    assert re.search(r'name="to" min="(\d+)" max="(\d+)"', then)[2] == slider[2]  # type: ignore[index]


def test_a_wrong_question_is_refused_by_name(client: Client) -> None:
    assert "outcome does not take" in words(read(client, "/compare/sensitivity/?outcome=joy", 400))
    response = client.get("/api/v1/comparisons/sensitivity/?desing=x")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert "desing" in response.json()["detail"]


# ── API ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_api_tells_what_was_computed(client: Client, vocabulary: Vocabulary) -> None:
    question = Question(therapies=("rituximab", "abatacept"), outcome="complete_remission")
    told = client.get(f"/api/v1/comparisons/sensitivity/{QUERY}").json()
    assert told["question"]["query"] == question.to_query()
    for answer, expected in zip(told["therapies"], answers(question, vocabulary), strict=True):
        assert answer["therapy"] == expected.therapy
        assert len(answer["multiverse"]) == len(expected.multiverse)
        for one, universe in zip(answer["multiverse"], expected.multiverse, strict=True):
            if universe.estimate is None:
                assert one["estimate"] is None
            else:
                assert one["estimate"]["low"] == round(universe.estimate.low, 6)


def test_the_csv_has_a_row_for_each_step_study_and_universe(client: Client, vocabulary: Vocabulary) -> None:
    question = Question(therapies=("rituximab", "abatacept"), outcome="complete_remission")
    response = client.get(f"/api/v1/comparisons/sensitivity/{QUERY}&format=csv")
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    expected = answers(question, vocabulary)
    counts = {
        "multiverse": sum(len(answer.multiverse) for answer in expected),
        "cumulative": sum(len(s.cumulative) for answer in expected for s in answer.strata),
        "leave_one_out": sum(len(s.leave_one_out) for answer in expected for s in answer.strata),
    }
    assert {name: sum(row["analysis"] == name for row in rows) for name in counts} == counts
    assert len(rows) == sum(counts.values())
    assert all(row["why_not"] for row in rows if not row["proportion"])


# ── charts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_panel_steps_from_year_to_year_to_the_last_of_all() -> None:
    points = tuple(
        CumulativePoint(year, 0.5, 0.2, 0.8, "hover", f"/compare/?to={year}") for year in (2010, 2014)
    )
    panels = [
        CumulativePanel("Rituximab, cohorts", "rituximab", points),
        CumulativePanel("A < B", "abatacept", (*points, CumulativePoint(2020, 0.6, 0.4, 0.7, "", ""))),
    ]
    drawn = build_cumulative(panels)
    figure = json.loads(drawn.to_json())
    band, line = figure["data"][:2]
    assert band["x"] == [2010, 2014, 2014, 2020, 2020, 2014, 2014, 2010]
    assert line["customdata"] == ["/compare/?to=2010", "/compare/?to=2014"]
    assert figure["layout"]["xaxis"]["anchor"] == "y2"
    assert figure["layout"]["annotations"][1]["text"] == "A &lt; B"


def test_the_curve_rises_and_its_dots_stand_below_their_estimate() -> None:
    lines = [
        ChoiceLine("basis", "", "Sources"),
        ChoiceLine("basis", "any", "Any"),
        ChoiceLine("basis", "abstract", "No press"),
    ]
    points = [
        UniversePoint(0.8, 0.6, 0.9, frozenset({("basis", "any")}), True, "one"),
        UniversePoint(0.3, 0.1, 0.7, frozenset({("basis", "abstract")}), False, "two"),
    ]
    figure = json.loads(build_multiverse(points, lines, "rituximab").to_json())
    by_name = {trace["name"]: trace for trace in figure["data"]}
    assert by_name["estimates"]["y"] == [0.3, 0.8]
    assert list(zip(by_name["choices"]["x"], by_name["choices"]["y"], strict=True)) == [(0, -2), (1, -1)]
    assert by_name["estimates"]["marker"]["symbol"][0].endswith("-open")
    assert not by_name["estimates"]["marker"]["symbol"][1].endswith("-open")


def test_both_charts_pass_the_librarys_own_validation() -> None:
    point = UniversePoint(0.8, 0.6, 0.9, frozenset({("basis", "any")}), True, "one")
    charts = [
        build_multiverse([point], [ChoiceLine("basis", "any", "Any")], "rituximab"),
        build_cumulative(
            [CumulativePanel("P", "rituximab", (CumulativePoint(2010, 0.5, 0.2, 0.8, "", ""),))]
        ),
    ]
    for chart in charts:
        go.Figure(json.loads(chart.to_json()))
