"""All main outcomes at once, and harms side by side: the strongest class with a figure, and what nobody reported."""

from __future__ import annotations

import pytest
from django.test import Client

from comparison.compare import compare
from comparison.evidence import load_vocabulary, read_shelf
from comparison.presenters.safety import safety_table
from comparison.presenters.summary import summary_groups
from comparison.question import Question
from comparison.summary import (
    MAIN_OUTCOMES,
    SummaryRow,
    main_outcomes,
    outcomes_shown,
    safety_outcomes,
    summarise,
)
from comparison.vocabulary import Vocabulary
from evidence.choices import DesignClass
from tests.comparison.pages import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]


@pytest.fixture
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def summary(question: Question, vocabulary: Vocabulary) -> tuple[SummaryRow, ...]:
    outcomes = outcomes_shown(question, vocabulary)
    shelf = read_shelf(question, outcomes)
    return summarise(question, vocabulary, shelf, compare(question, vocabulary, shelf), outcomes)


@pytest.mark.parametrize(
    "question",
    [
        Question(),
        Question(therapies=("rituximab", "inebilizumab", "placebo"), outcome="relapse"),
        Question(therapies=("glucocorticoid", "rituximab"), outcome="serum_igg4", last_year=2016),
        Question(pool="together", exclude=("carruthers-2015",), overlaps="ignore"),
        Question(organs=("pancreas",), basis="full_text"),
        Question(alike="carruthers-2015", outcome="complete_remission"),
    ],
    ids=["the letter's five", "trials", "quantity", "together", "organ", "one definition"],
)
def test_every_row_is_what_the_outcome_asked_alone_answers(
    question: Question, vocabulary: Vocabulary
) -> None:
    """Independently: each outcome as a question of its own, and of its strata the first that has an estimate."""
    for row in summary(question, vocabulary):
        asked = question
        if row.outcome != question.outcome:
            asked = question.with_changes(outcome=row.outcome, at=None, alike=None)
        alone = compare(asked, vocabulary)
        pooled = [stratum for stratum in alone.of_therapy(row.therapy) if stratum.estimate is not None]
        assert (row.stratum.estimate if row.stratum else None) == (pooled[0].estimate if pooled else None), (
            row.outcome,
            row.therapy,
        )
        assert row.weaker == tuple(stratum.design_class for stratum in pooled[1:])
        assert row.findings == sum(finding.therapy == row.therapy for finding in alone.findings)


def test_the_asked_outcome_leads_and_each_outcome_comes_once(vocabulary: Vocabulary) -> None:
    assert main_outcomes(Question(outcome="relapse"), vocabulary)[:3] == (
        "relapse",
        "overall_response",
        "complete_remission",
    )
    shown = outcomes_shown(Question(outcome="death"), vocabulary)
    assert len(shown) == len(set(shown))
    assert set(MAIN_OUTCOMES) <= set(vocabulary.outcomes)
    assert len(MAIN_OUTCOMES) <= 7
    assert all(vocabulary.outcomes[slug].is_proportion for slug in MAIN_OUTCOMES)
    assert {"adverse_event", "death", "serious_infection"} <= set(safety_outcomes(vocabulary))
    assert "relapse" not in safety_outcomes(vocabulary)


def test_groups_show_every_class_of_the_asked_outcome_and_one_line_a_therapy_of_the_others(
    vocabulary: Vocabulary,
) -> None:
    question = Question()
    shelf = read_shelf(question, outcomes_shown(question, vocabulary))
    comparison = compare(question, vocabulary, shelf)
    rows = summarise(question, vocabulary, shelf, comparison, main_outcomes(question, vocabulary))
    asked, *others = summary_groups(comparison, rows, question, vocabulary, {})
    assert len(asked.lines) == len(comparison.strata)
    assert asked.url == ""
    for group in others:
        told = [line.slug for line in group.lines] + [silence.slug for silence in group.silences]
        assert sorted(told) == sorted(question.therapies), group.outcome
        assert group.url.startswith("/compare/?outcome=")


def test_harms_tell_zero_apart_from_not_reported(vocabulary: Vocabulary) -> None:
    question = Question()
    harms = [row for row in summary(question, vocabulary) if row.outcome in safety_outcomes(vocabulary)]
    table = safety_table(harms, question, vocabulary)
    cells = {(line.outcome, cell.slug): cell for line in table.lines for cell in line.cells}
    stopped = cells[("Stopped for an adverse event", "glucocorticoid")]
    assert stopped.share is not None and (stopped.share.events, stopped.share.total) == (0, 49)
    assert cells[("Stopped for an adverse event", "mepolizumab")].share is None
    assert all(len(line.cells) == len(question.therapies) for line in table.lines)


def test_the_page_shows_zero_and_not_reported_in_other_words(client: Client) -> None:
    html = read(client, "/compare/")
    safety = html.partition('<h2 id="safety">')[2].partition("</section>")[0]
    text = words(safety)
    assert "0 of 49" in text
    assert "not reported" in text
    assert "may have happened" in text


def test_the_api_tells_the_same(client: Client, vocabulary: Vocabulary) -> None:
    answer = client.get("/api/v1/comparisons/?therapy=rituximab&therapy=abatacept").json()
    question = Question(therapies=("rituximab", "abatacept"))
    rows = {(row.outcome, row.therapy): row for row in summary(question, vocabulary)}
    told = answer["summary"] + answer["safety"]
    assert {(row["outcome"], row["therapy"]) for row in told} == set(rows)
    for row in told:
        stratum = rows[(row["outcome"], row["therapy"])].stratum
        if stratum is None or stratum.estimate is None:
            assert (row["estimate"], row["design_class"], row["studies"]) == (None, None, [])
            continue
        assert row["design_class"] in DesignClass.values
        assert (row["estimate"]["events"], row["estimate"]["patients"]) == (
            stratum.estimate.events,
            stratum.estimate.patients,
        )
        assert row["studies"] == list(dict.fromkeys(one.study for one in stratum.rows if one.pooled))
        assert row["certainty"] is None
