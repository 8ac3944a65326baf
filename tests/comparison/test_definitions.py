"""Definitions: what counts as alike, what a definition names, and the filter that keeps one definition alone."""

from __future__ import annotations

import pytest

from comparison.definitions import definition_key, instruments_of
from comparison.evidence import load_vocabulary
from comparison.presenters.definitions import all_definitions_url, definition_lines
from comparison.question import Question
from comparison.result import Comparison, Row
from comparison.strata import build_strata
from evidence.choices import Design, Response
from tests import factories as make
from tests.comparison.answers import VOCABULARY, row
from tests.comparison.test_evidence import add, answer, response, rows, therapy  # noqa: F401
from therapies.models import Therapy


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Complete remission", "complete  remission."),
        ("Responder Index 0\nwithout steroid", "responder index 0 without steroid"),
    ],
)
def test_case_spaces_and_a_full_stop_make_no_difference(first: str, second: str) -> None:
    assert definition_key(first) == definition_key(second) is not None


def test_other_words_are_another_definition_and_none_is_none() -> None:
    assert definition_key("Responder Index below 3") != definition_key("Responder Index below 2")
    assert definition_key("") is None
    assert definition_key(None) is None
    assert definition_key(" . ") is None


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        ("Responder Index 0 without glucocorticoid", ("IgG4-RD Responder Index",)),
        ("Treated and adjudicated flare", ("adjudication committee",)),
        ("Complete radiological resolution", ("imaging",)),
        ("Low-density lesions on contrast CT gone or smaller", ("imaging",)),
        ("Any relapse, clinical or serological only", ("serum IgG4",)),
        ("Responder Index 0 and no change on MRI", ("IgG4-RD Responder Index", "imaging")),
        ("Striking clinical improvement", ()),
        ("Effective in distinct ways", ()),
        (None, ()),
    ],
)
def test_a_definition_names_its_instruments(definition: str | None, named: tuple[str, ...]) -> None:
    assert instruments_of(definition) == named


def compared(*told: Row, **asked: object) -> tuple[Comparison, Question]:
    question = Question(therapies=("rituximab",), **asked)  # type: ignore[arg-type]
    labels = {one.study: one.study_label for one in told}
    return Comparison(tuple(build_strata(told, question, {}, labels))), question


def test_definitions_stand_side_by_side_the_commonest_first_and_the_unstated_last() -> None:
    comparison, question = compared(
        row("rituximab", "matza-2022", 1, 2, definition=None),
        row("rituximab", "stone-2025", 1, 2, definition="Index below 3."),
        row("rituximab", "carruthers-2015", 1, 2, definition="index below 3"),
        row("rituximab", "a", 1, 2, definition="Else"),
    )
    lines = definition_lines(comparison, question, VOCABULARY)
    assert [(line.definition, len(line.rows), line.keep_url) for line in lines] == [
        ("index below 3", 2, "/compare/?therapy=rituximab&alike=carruthers-2015"),
        ("Else", 1, "/compare/?therapy=rituximab&alike=a"),
        (None, 1, ""),
    ]


def test_the_only_definition_has_nothing_to_be_kept_from() -> None:
    comparison, question = compared(row("rituximab", "matza-2022", 1, 2), alike="matza-2022")
    (line,) = definition_lines(comparison, question, VOCABULARY)
    assert line.keep_url == ""
    assert all_definitions_url(question) == "/compare/?therapy=rituximab"
    assert all_definitions_url(Question()) == ""


@pytest.mark.django_db
class TestFilter:
    def test_only_figures_in_the_same_words_are_kept(self, therapy: Therapy, response: object) -> None:  # noqa: F811
        add("first", therapy, response, events=1, total=10, definition="Index below 3")
        add("second", therapy, response, events=2, total=10, definition="Index below 3.")
        add("third", therapy, response, events=3, total=10, definition="Improved")
        add("fourth", therapy, response, events=4, total=10, definition="")
        assert rows(alike="first") == {"first": (1, 10), "second": (2, 10)}
        assert rows(alike="third") == {"third": (3, 10)}

    def test_what_is_not_defined_is_like_nothing(self, therapy: Therapy, response: object) -> None:  # noqa: F811
        add("first", therapy, response, events=1, total=10, definition="")
        add("second", therapy, response, events=2, total=10, definition="")
        comparison = answer(alike="first")
        assert comparison.strata == ()
        texts = {caution.code: caution.text for caution in comparison.cautions}
        assert "states no definition" in texts["one_definition"]

    def test_another_figure_of_the_arm_may_be_the_one_alike(self, therapy: Therapy, response: object) -> None:  # noqa: F811
        study = add("first", therapy, response, events=9, total=10, week=26, definition="Improved")
        arm = study.arms.get()
        make.ResultFactory(arm=arm, outcome=response, events=4, total=10, week=52, definition="Index below 3")
        add("second", therapy, response, events=3, total=10, week=26, definition="Index below 3")
        assert rows(alike="second") == {"first": (4, 10), "second": (3, 10)}

    def test_patients_counted_one_by_one_are_alike(self, therapy: Therapy, response: object) -> None:  # noqa: F811
        for slug in ("one", "two"):
            study = make.StudyFactory(slug=slug, design=Design.CASE_REPORT)
            make.CaseFactory(study=study, index_therapy=therapy, response=Response.PARTIAL_REMISSION)
        add("first", therapy, response, events=1, total=10, definition="Index below 3")
        assert rows(alike="one") == {"one": (1, 1), "two": (1, 1)}
        assert rows(alike="first") == {"first": (1, 10)}

    def test_the_question_says_so(self, therapy: Therapy, response: object) -> None:  # noqa: F811
        add("first", therapy, response, events=1, total=10)
        vocabulary = load_vocabulary()
        question = Question.from_query({"therapy": ["rituximab"], "alike": ["first"]}, vocabulary)
        assert question.in_words(vocabulary).endswith(f"defined as in {vocabulary.studies['first']}.")
        assert "alike=first" in question.to_query()
