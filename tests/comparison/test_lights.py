"""Risk of bias as lights: on a study's page, beside the forest plot, and as robvis's table."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from comparison.presenters.appraisal import light_tables, study_lights, would_apply
from evidence.appraisal.tools import tools
from evidence.choices import Design
from evidence.models import Appraisal, Study
from tests import factories as make
from tests.api.problems import assert_problem
from tests.comparison.pages import assert_sound, read, words

pytestmark = pytest.mark.django_db
QUERY = "?therapy=rituximab&outcome=complete_remission"


@pytest.fixture
def trial() -> Study:
    """A trial of rituximab with a figure."""
    rituximab = make.TherapyFactory(slug="rituximab", name="Rituximab")
    outcome = make.OutcomeFactory(slug="complete_remission", name="Complete remission")
    study = make.StudyFactory(design=Design.RANDOMISED_TRIAL, slug="trial", label="Trial 2020")
    make.ResultFactory(
        arm=make.ArmFactory(study=study, therapy=rituximab, n=30), outcome=outcome, events=14, total=30
    )
    return study


def rate(study: Study, tool: str = "rob2", overall: str = "low", **given: str) -> Appraisal:
    """An appraisal with the best answer everywhere but for those given."""
    appraisal = make.AppraisalFactory(study=study, tool=tool, overall=overall)
    for position, item in enumerate(tools()[tool].items):
        judgement = given.get(item.slug, tools()[tool].answers[0].slug)
        reason = f"Because of {item.short}" if item.slug in given else ""
        make.AppraisalAnswerFactory(
            appraisal=appraisal, domain=item.slug, judgement=judgement, reason=reason, position=position
        )
    return appraisal


def test_an_unrated_study_says_which_tool_would_apply(client: Client, trial: Study) -> None:
    text = words(read(client, trial.get_absolute_url()))
    assert "Not yet rated. RoB 2 would apply." in text
    review = make.StudyFactory(design=Design.META_ANALYSIS)
    assert "Reviews and opinions are not rated here" in words(read(client, review.get_absolute_url()))
    assert would_apply(Design.CASE_REPORT) == "JBI case reports or Murad 2018"


def test_a_rated_study_shows_symbol_colour_word_and_reason(client: Client, trial: Study) -> None:
    appraisal = rate(trial, overall="high", deviations="high", measurement="some_concerns")
    html = read(client, trial.get_absolute_url())
    assert_sound(html)
    text = words(html)
    assert "Rater 1 + Low × High + Low – Some concerns + Low × High 15 January 2026" in text
    assert "D2. Bias from deviations from the intended interventions High: Because of D2" in text
    assert html.count('class="light light-bad"') == 2
    assert appraisal.rater.username not in html


def test_raters_are_numbered_as_they_began_and_each_tool_has_its_table(trial: Study) -> None:
    first, second = rate(trial), rate(trial, overall="some_concerns", measurement="some_concerns")
    robins = rate(trial, tool="robins_i")
    tables = light_tables([robins, second, first])
    assert [table.name for table in tables] == ["RoB 2", "ROBINS-I"]
    assert [(row.rater, row.overall.word) for row in tables[0].rows] == [
        ("Rater 1", "Low"),
        ("Rater 2", "Some concerns"),
    ]
    assert [cell.short for cell in tables[0].rows[1].reasons] == ["D4"]


def test_an_answer_that_is_missing_or_unknown_is_shown_as_such(trial: Study) -> None:
    appraisal = make.AppraisalFactory(study=trial, overall="gut_feeling")
    make.AppraisalAnswerFactory(appraisal=appraisal, domain="deviations", judgement="so_so")
    (row,) = light_tables([appraisal])[0].rows
    assert [cell.light.word for cell in row.cells] == ["Not answered", "So so", *["Not answered"] * 3]
    assert (row.overall.word, row.overall.tone) == ("Gut feeling", "aside")


def test_nothing_rated_is_said_beside_the_forest(client: Client, trial: Study) -> None:
    text = words(read(client, f"/compare/{QUERY}"))
    assert "Risk of bias: not yet rated." in text
    assert "abstract, results not yet rated yes" in text


def test_a_light_stands_beside_its_row_and_in_the_table(client: Client, trial: Study) -> None:
    rate(trial, overall="some_concerns", measurement="some_concerns")
    other = make.StudyFactory(label="Unrated 2021")
    make.ResultFactory(
        arm=make.ArmFactory(study=other, therapy=trial.arms.get().regimen.get().therapy, n=9),
        outcome=trial.arms.get().results.get().outcome,
        events=3,
        total=9,
    )
    html = read(client, f"/compare/{QUERY}")
    text = words(html)
    assert "At the right, risk of bias as rated; without a mark: not yet rated." in text
    assert "– Some concerns (RoB 2)" in text
    assert text.count("not yet rated yes") == 1
    assert '"text":"–"' in html.replace('"text": "', '"text":"').replace("\\u2013", "–")


def test_raters_who_differ_give_the_gravest_and_say_so(trial: Study) -> None:
    rated = [rate(trial), rate(trial, overall="high", deviations="high")]
    light = study_lights({"trial": rated}, {"trial": trial.design})["trial"]
    assert light.words == "High (RoB 2; the worst of 2 raters, who differ)"
    agreed = study_lights({"trial": rated[:1]}, {"trial": trial.design})["trial"]
    assert agreed.words == "Low (RoB 2)"


@pytest.mark.parametrize("address", ["/studies/{}/", "/api/v1/appraisals/?study={}"])
def test_an_appraisal_of_a_draft_is_nowhere(client: Client, address: str) -> None:
    draft = make.StudyFactory(draft=True, slug="draft", design=Design.RANDOMISED_TRIAL)
    rate(draft)
    assert client.get(address.format("draft")).status_code in (400, 404)
    assert client.get("/api/v1/appraisals/").json()["count"] == 0
    assert client.get("/api/v1/appraisals/robvis/?tool=rob2&format=json").json()["rows"] == []


def test_the_api_numbers_raters_whatever_is_asked(client: Client, trial: Study) -> None:
    rate(trial)
    rate(trial, overall="high", deviations="high")
    told = client.get("/api/v1/appraisals/").json()["results"]
    assert [(row["rater"], row["overall"]) for row in told] == [(1, "low"), (2, "high")]
    (alone,) = client.get("/api/v1/appraisals/?overall=high").json()["results"]
    assert alone["rater"] == 2
    assert not {"rater_id", "username"} & set(alone)
    assert [answer["domain"] for answer in alone["answers"]] == list(tools()["rob2"].item_by_slug)


def test_robvis_has_its_columns_and_words(client: Client, trial: Study) -> None:
    rate(trial, overall="some_concerns", measurement="some_concerns")
    rate(trial)
    response = client.get("/api/v1/appraisals/robvis/?tool=rob2")
    assert response["Content-Type"].startswith("text/csv")
    assert "robvis" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.text)))
    assert rows == [
        ["Study", "D1", "D2", "D3", "D4", "D5", "Overall"],
        ["Trial 2020", "Low", "Low", "Low", "Some concerns", "Low", "Some concerns"],
        ["Trial 2020 (rater 2)", "Low", "Low", "Low", "Low", "Low", "Low"],
    ]
    empty = client.get("/api/v1/appraisals/robvis/?tool=jbi_case_series").text
    assert empty.strip() == "Study,Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8,Q9,Q10,Overall"


def test_robvis_needs_a_tool_that_exists(client: Client) -> None:
    assert_problem(client.get("/api/v1/appraisals/robvis/"), 400, "tool")
    told = assert_problem(client.get("/api/v1/appraisals/robvis/?tool=rob3"), 400, "tool")
    assert told["errors"][0]["suggestion"] == "rob2"
    assert_problem(client.get("/api/v1/appraisals/robvis/?tool=rob2&study=x"), 400, "study")


def test_a_rating_of_certainty_is_on_page_and_api(client: Client, trial: Study) -> None:
    therapy = trial.arms.get().regimen.get().therapy
    outcome = trial.arms.get().results.get().outcome
    make.CertaintyFactory(therapy=therapy, outcome=outcome, level="low", reasons="One small trial")
    text = words(read(client, f"/compare/{QUERY}"))
    assert "⊕⊕⊝⊝ Low" in text and "One small trial" in text
    (told,) = client.get("/api/v1/certainties/?therapy=rituximab").json()["results"]
    assert (told["level"], told["imprecision"]) == ("low", "very_serious")
    assert not {"rater", "rater_id"} & set(told)
