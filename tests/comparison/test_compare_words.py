"""Cautions, sentences and verdicts of the comparison on small sets; queries that do not grow; an empty atlas."""

from __future__ import annotations

import math
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.cautions import cautions_on
from comparison.presenters.sentences import estimate_sentence, row_sentence, summary_sentence
from comparison.presenters.summary import SummaryLine, summary_groups
from comparison.presenters.verdicts import verdict_lines
from comparison.question import Question
from comparison.result import (
    Certainties,
    CitationLabel,
    Comparison,
    Contrast,
    FindingRow,
    Row,
    StudyContrast,
    as_json,
)
from comparison.strata import build_strata
from evidence.choices import Design
from tests import factories as make
from tests.comparison.answers import NAMES, VOCABULARY, randomised, row
from tests.comparison.pages import assert_sound, read, words

RESPONSE = VOCABULARY.outcomes["overall_response"]


def strata(rows: list[Row], *therapies: str, **asked: object) -> tuple[Question, Comparison]:
    question = Question(therapies=therapies or ("rituximab",), **asked)  # type: ignore[arg-type]
    labels = {one.study: one.study_label for one in rows}
    return question, Comparison(tuple(build_strata(rows, question, {}, labels)))


def codes(rows: list[Row], *therapies: str, **asked: object) -> list[str]:
    question, comparison = strata(rows, *therapies, **asked)
    return [one.code for one in cautions_on(question, VOCABULARY, comparison.strata, (), ())]


def lines(
    rows: list[Row], certainties: Certainties | None = None, **asked: object
) -> tuple[SummaryLine, ...]:
    """The asked outcome's lines in the summary of findings."""
    question, comparison = strata(rows, **asked)
    (group,) = summary_groups(comparison, (), question, VOCABULARY, certainties or {})
    return group.lines


# ── cautions ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ["no_evidence"]),
        ([row("rituximab", "a", 1, 2), row("rituximab", "b", 1, 2)], []),
        ([row("rituximab", "a", 1, 2)], ["one_study"]),
        ([row("rituximab", "a", 1, 2, design_class="case")], ["case_reports_only"]),
        ([row("rituximab", "a", 1, 2, basis="press")], ["one_study", "press_figures"]),
        ([row("rituximab", "a", 1, 2, basis="secondary")], ["one_study", "secondary_figures"]),
        (
            [row("rituximab", "a", 1, 2, citation=CitationLabel("A", retracted=True))],
            ["one_study", "retracted"],
        ),
        (
            [row("rituximab", "a", 1, 2), row("rituximab", "b", 1, 2, definition="Else")],
            ["mixed_definitions"],
        ),
        ([row("rituximab", "a", 1, 2, week=26), row("rituximab", "b", 1, 2, week=53)], ["mixed_times"]),
        ([row("rituximab", "a", 1, 2, week=26), row("rituximab", "b", 1, 2, week=52)], []),
    ],
)
def test_a_caution_stands_where_it_must(rows: list[Row], expected: list[str]) -> None:
    assert codes(rows) == expected


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"organs": ("pancreas",)}, "organ_filter"),
        ({"comorbidities": ("asthma",)}, "comorbidity_filter"),
        ({"glucocorticoid": "none"}, "glucocorticoid_filter"),
    ],
)
def test_a_filter_says_what_it_keeps_out(asked: dict[str, object], code: str) -> None:
    assert codes([row("rituximab", "a", 1, 2), row("rituximab", "b", 1, 2)], **asked) == [code]


def test_a_figure_of_the_start_is_no_effect_and_said_so() -> None:
    start = [row("rituximab", study, value=597.0, statistic="median", n=10, week=0) for study in "ab"]
    assert codes(start, outcome="serum_igg4") == ["baseline_figures"]
    assert codes(start, outcome="serum_igg4", at=0) == []


def test_words_alone_are_pointed_to() -> None:
    finding = FindingRow(
        *(1, "rituximab", "overall_response", "improved", None, "Told.", "a", "A", "case_report", 2020),
        *("abstract", "Abstract", CitationLabel("A")),
    )
    (caution,) = cautions_on(Question(therapies=("rituximab",)), VOCABULARY, (), (), [finding])
    assert (caution.code, caution.therapy) == ("words_only", "rituximab")
    assert caution.text.endswith("what is told in words stands under findings.")


def naive(a: str, b: str) -> Contrast:
    return Contrast(a, b, "naive", None, None, None, None, None, ("why",), ())


def test_a_naive_pair_of_shown_therapies_is_the_first_caution() -> None:
    rows = [row(slug, study, 1, 2) for slug in ("rituximab", "abatacept") for study in "ab"]
    question, comparison = strata(rows, "rituximab", "abatacept")
    told = cautions_on(question, VOCABULARY, comparison.strata, [naive("rituximab", "abatacept")], ())
    assert told[0].code == "naive_comparison"
    assert told[0].text.startswith("No trial compared rituximab with abatacept directly: ")


def test_of_many_naive_pairs_the_number_is_told() -> None:
    slugs = ("rituximab", "abatacept", "dupilumab", "mepolizumab")
    rows = [row(slug, study, 1, 2) for slug in slugs for study in "ab"]
    question, comparison = strata(rows, *slugs)
    pairs = [naive("rituximab", slug) for slug in slugs[1:]] + [naive("abatacept", "dupilumab")]
    told = cautions_on(question, VOCABULARY, comparison.strata, pairs, ())
    assert "4 of the pairs shown" in told[0].text


def test_a_pair_of_which_one_has_no_figure_needs_no_warning() -> None:
    question, comparison = strata([row("rituximab", "a", 1, 2)], "rituximab", "abatacept")
    told = cautions_on(question, VOCABULARY, comparison.strata, [naive("rituximab", "abatacept")], ())
    assert "naive_comparison" not in [one.code for one in told]


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_says_who_how_many_what_when_and_where() -> None:
    told = row_sentence(row("rituximab", "a", 14, 30, definition="Index of 0."), RESPONSE, VOCABULARY)
    assert told == (
        "Rituximab was followed by an overall response in 14 of 30 (47%, 95% CI 28 to 66) by week 26, "
        "defined as: Index of 0 (A; abstract, Abstract, results)."
    )


def test_a_row_without_time_or_definition_says_so() -> None:
    told = row_sentence(row("rituximab", "a", 0, 3, week=None, definition=None), RESPONSE, VOCABULARY)
    assert "0 of 3 (0%, 95% CI 0 to 71), time not reported, definition not reported" in told


def test_a_quantity_is_told_with_its_unit_and_spread() -> None:
    figure = row(
        "rituximab",
        "a",
        value=150.0,
        statistic="median",
        spread="iqr",
        value_low=60.0,
        value_high=320.0,
        n=30,
    )
    told = row_sentence(figure, VOCABULARY.outcomes["serum_igg4"], VOCABULARY)
    assert told.startswith(
        "Rituximab: serum IgG4 median 150 mg/dL (IQR 60 to 320; 30 patients) at week 26, defined as: As defined"
    )


def test_a_pool_is_told_as_the_median_study_and_one_study_as_itself() -> None:
    _, one = strata([row("rituximab", "a", 14, 30)])
    _, two = strata([row("rituximab", "a", 14, 30), row("rituximab", "b", 5, 10)])
    assert summary_sentence(one.strata[0], RESPONSE, VOCABULARY) == (
        "Rituximab was followed by an overall response in 14 of 30 patients in 1 study."
    )
    assert re.fullmatch(
        r"Rituximab was followed by an overall response in about \d\d per 100 patients in the median study "
        r"\(19 of 40 patients in 2 studies\)\.",
        summary_sentence(two.strata[0], RESPONSE, VOCABULARY),
    )
    assert two.strata[0].estimate is not None and one.strata[0].estimate is not None
    assert "in the median study" in estimate_sentence(two.strata[0], two.strata[0].estimate, VOCABULARY)
    assert "median" not in estimate_sentence(one.strata[0], one.strata[0].estimate, VOCABULARY)


@pytest.mark.parametrize(
    ("weeks", "time"),
    [
        ((26, 26), "week 26"),
        ((12, 52), "weeks 12 to 52"),
        ((12, None), "week 12, for some not reported"),
        ((None, None), "time not reported"),
    ],
)
def test_the_time_of_a_pool_is_the_span_of_its_studies(weeks: tuple[int | None, ...], time: str) -> None:
    rows = [row("rituximab", study, 5, 10, week=week) for study, week in zip("ab", weeks, strict=True)]
    (line,) = lines(rows)
    assert line.share is not None and line.share.time == time
    assert (line.share.events, line.share.total, line.aside) == (10, 20, 0)


def test_a_certainty_stands_where_somebody_rated_it() -> None:
    rows = [row("rituximab", "a", 14, 30)]
    (rated,) = lines(rows, {("rituximab", "overall_response"): ("low", "Imprecise.")})
    (unrated,) = lines(rows, {("rituximab", "relapse"): ("low", "Imprecise.")})
    assert (rated.certainty, rated.certainty_reasons) == ("low", "Imprecise.")
    assert unrated.certainty is None


@pytest.mark.parametrize(
    ("events", "total", "told"),
    [
        (18, 18, "no failure reported; 19 unpublished ones would bring it under one half."),
        (5, 6, "1 failure reported; 5 unpublished ones would bring it under one half."),
        (1, 2, "1 failure reported; 1 unpublished one would bring it under one half."),
        (1, 3, "2 failures reported."),
    ],
)
def test_case_reports_tell_their_failures_and_how_many_more_would_turn_them(
    events: int, total: int, told: str
) -> None:
    (line,) = lines([row("rituximab", "a", events, total, design_class="case")])
    assert line.failures == told


def test_failures_are_told_of_case_reports_alone_and_where_many_events_are_good() -> None:
    (trial,) = lines([row("rituximab", "a", 18, 18)])
    (relapse,) = lines([row("rituximab", "a", 18, 18, design_class="case")], outcome="relapse")
    assert (trial.failures, relapse.failures) == ("", "")


# ── verdicts in words ────────────────────────────────────────────────────────────────────────────────────────────


def direct(
    estimate: float | None, low: float | None, high: float | None, why: str | None = None
) -> Comparison:
    part = StudyContrast(
        "t", "T", "randomised", 52, "placebo", None, None, estimate, low, high, why_not_pooled=why
    )
    contrast = Contrast(
        "inebilizumab",
        "placebo",
        "direct",
        "hazard_ratio",
        estimate,
        low,
        high,
        None,
        ("why",),
        ("t",),
        (part,),
    )
    return Comparison((), (naive("rituximab", "abatacept"), contrast))


def test_what_allows_a_difference_stands_before_what_does_not() -> None:
    first, second = verdict_lines(direct(0.13, 0.06, 0.28), VOCABULARY)
    assert (first.kind, first.effect) == ("direct", "hazard ratio 0.13 (95% CI 0.06 to 0.28)")
    assert (second.kind, second.effect, second.reasons) == ("naive", "", ("Why",))


@pytest.mark.parametrize(
    ("ends", "effect"),
    [
        ((0.51049, 0.26, 0.996), "hazard ratio 0.51 (95% CI 0.26 to 0.996)"),
        ((0.0321, 0.0042, 0.2481), "hazard ratio 0.03 (95% CI 0.004 to 0.25)"),
        ((1.2, 1.004, 12.345), "hazard ratio 1.20 (95% CI 1.004 to 12.35)"),
        ((1.0, 0.5, 2.0), "hazard ratio 1.00 (95% CI 0.50 to 2.00)"),
        ((None, None, None), "no ratio"),
    ],
)
def test_rounding_never_makes_a_ratio_none_or_no_difference(
    ends: tuple[float | None, float | None, float | None], effect: str
) -> None:
    assert verdict_lines(direct(*ends), VOCABULARY)[0].effect == effect


def test_why_a_study_is_in_no_pool_stands_beside_it() -> None:
    line = verdict_lines(direct(None, None, None, "neither arm had an event"), VOCABULARY)[0]
    assert (line.parts[0].why_not, line.parts[0].effect) == ("neither arm had an event", "")


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_turns_into_plain_values_with_six_decimals() -> None:
    _, comparison = strata([row("rituximab", "a", 1, 3), randomised("rituximab", "b", 2, 3)])
    told = as_json(comparison)
    assert told["strata"][0]["rows"][0]["proportion"] == 0.666667
    assert told["strata"][0]["rows"][0]["arm"] == "rituximab"
    assert told["strata"][1]["rows"][0]["value"] is None
    assert all(math.isfinite(value) for value in floats(told))
    assert NAMES["rituximab"] == "rituximab"


def floats(value: object) -> list[float]:
    if isinstance(value, dict):
        return [found for part in value.values() for found in floats(part)]
    if isinstance(value, list):
        return [found for part in value for found in floats(part)]
    return [value] if isinstance(value, float) else []


# ── the page on small sets ───────────────────────────────────────────────────────────────────────────────────────

QUERY = "?therapy=rituximab&therapy=placebo"
# Revision, twice: for the ETag, and of the snapshot; 5 vocabulary: therapies, outcomes, organs, comorbidities, studies;
# 6 assembly: studies, their primary reports, therapies, regimens, arms, outcomes; results, cases, findings, syntheses,
# contrasts, overlaps; certainty. The page also: 3 sources: studies, appraisals, reports.
BUDGETS = {f"/compare/{QUERY}": 23, f"/api/v1/comparisons/{QUERY}": 20}


def add_evidence() -> None:
    """A trial, a patient, a finding, a review's figure and a contrast on rituximab."""
    rituximab, placebo = (
        make.TherapyFactory._meta.model.objects.get(slug=slug) for slug in ("rituximab", "placebo")
    )
    response = make.OutcomeFactory._meta.model.objects.get(slug="overall_response")
    study = make.StudyFactory(design=Design.RANDOMISED_TRIAL)
    arms = [make.ArmFactory(study=study, therapy=therapy) for therapy in (rituximab, placebo)]
    for arm in arms:
        make.ResultFactory(arm=arm, outcome=response)
    make.StudyOrganFactory(study=study)
    make.ContrastFactory(study=study, arm=arms[0], versus=arms[1], outcome=response)
    make.FindingFactory(study=study, therapy=rituximab, outcome=response)
    make.PublishedSynthesisFactory(therapy=rituximab, outcome=response)
    case = make.CaseFactory(index_therapy=rituximab)
    make.CaseOrganFactory(case=case)
    make.OverlapFactory(study_a=study, study_b=case.study)


def queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "budget"), BUDGETS.items())
def test_a_comparison_takes_as_many_queries_with_many_rows_as_with_one(
    client: Client, address: str, budget: int
) -> None:
    make.TherapyFactory(slug="rituximab", name="Rituximab")
    make.TherapyFactory(slug="placebo", name="Placebo")
    make.OutcomeFactory(slug="overall_response", name="Overall response")
    add_evidence()
    client.get(address)
    few = queries(client, address)
    for _ in range(4):
        add_evidence()
    many = queries(client, address)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(few) == budget, "\n".join(few)


@pytest.mark.django_db
def test_an_empty_atlas_refuses_politely(client: Client) -> None:
    html = read(client, "/compare/", 400)
    assert_sound(html)
    assert "its default is not in the evidence set" in words(html)
    response = client.get("/api/v1/comparisons/")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert [fault["parameter"] for fault in response.json()["errors"]] == ["therapy", "outcome"]


@pytest.mark.django_db
def test_a_text_of_the_evidence_is_never_markup(client: Client) -> None:
    therapy = make.TherapyFactory(slug="rituximab", name="Rituximab")
    response = make.OutcomeFactory(slug="overall_response", name="Overall response")
    study = make.StudyFactory(label="<script>alert(1)</script>")
    make.ResultFactory(
        arm=make.ArmFactory(study=study, therapy=therapy),
        outcome=response,
        definition="</script><script>alert(2)</script>",
        locator="<img src=x onerror=alert(3)>",
    )
    html = read(client, "/compare/?therapy=rituximab")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert_sound(html)
