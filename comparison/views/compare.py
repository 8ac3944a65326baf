"""The comparison page: the question in the address, the answer below it."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.compare import compare
from comparison.evidence import Shelf, load_certainties, load_sources, load_vocabulary, read_shelf
from comparison.forms import QuestionForm
from comparison.presenters import compare as presenter
from comparison.presenters.appraisal import study_lights
from comparison.presenters.definitions import all_definitions_url, definition_lines
from comparison.presenters.forest import forest_chart
from comparison.presenters.safety import safety_table
from comparison.presenters.summary import summary_groups
from comparison.presenters.time_machine import time_machine
from comparison.presenters.verdicts import verdict_lines
from comparison.question import Question
from comparison.result import Comparison
from comparison.summary import outcomes_shown, summaries
from comparison.views.asking import question_asked
from comparison.vocabulary import Vocabulary
from foundation.caching import kept_for_revision
from foundation.pieces import Download


@kept_for_revision()
def compare_page(request: HttpRequest) -> HttpResponse:
    """Up to six therapies side by side on one outcome."""
    vocabulary = load_vocabulary()
    question, wrong = question_asked(request, vocabulary)
    if wrong:
        context = {"wrong": wrong, "form": QuestionForm(question, vocabulary), "question": question}
        return render(request, "comparison/compare.html", context, status=HTTPStatus.BAD_REQUEST)
    return render(request, "comparison/compare.html", answer_context(question, vocabulary))


def answer_context(question: Question, vocabulary: Vocabulary) -> dict[str, Any]:
    """What the page shows of an answer."""
    shelf = read_shelf(question, outcomes_shown(question, vocabulary))
    comparison = compare(question, vocabulary, shelf)
    outcome = vocabulary.outcomes[question.outcome]
    query = question.to_query()
    downloads = (
        Download("CSV", f"/api/v1/comparisons/?{query}{'&' if query else ''}format=csv"),
        Download("JSON", f"/api/v1/comparisons/{f'?{query}' if query else ''}"),
    )
    sources = load_sources({row.study for row in (*comparison.rows, *comparison.reported_contrasts)})
    lights = study_lights(sources.appraisals, sources.designs)
    return {
        "question": question,
        "form": QuestionForm(question, vocabulary),
        "kept": _kept(question),
        "outcome": outcome,
        "in_words": question.in_words(vocabulary),
        "comparison": comparison,
        "cautions": comparison.cautions,
        **_at_once(question, vocabulary, shelf, comparison),
        "time_machine": time_machine(question, shelf.years(question.outcome)),
        "sensitivity_url": f"/compare/sensitivity/{f'?{query}' if query else ''}",
        "chart": forest_chart(comparison, question, vocabulary, downloads, lights),
        "verdicts": verdict_lines(comparison, vocabulary),
        "contrasts": presenter.contrast_lines(comparison, outcome, sources.designs),
        "findings": presenter.findings_by_therapy(comparison, question, vocabulary),
        # On paper words stand only for therapies without a figure.
        "silent": set(question.therapies) - {stratum.therapy for stratum in comparison.strata},
        "syntheses": presenter.synthesis_lines(comparison, vocabulary),
        "estimates": presenter.estimate_sentences(comparison, vocabulary),
        "passed_over": presenter.passed_over(comparison, vocabulary),
        "definitions": definition_lines(comparison, question, vocabulary),
        "all_definitions_url": all_definitions_url(question),
        "left_out": [
            (slug, vocabulary.studies[slug], f"/compare/?{question.toggled(slug).to_query()}")
            for slug in question.exclude
        ],
        "references": sources.citations,
        "downloads": downloads,
    }


def _kept(question: Question) -> list[tuple[str, str]]:
    """What the form has no field for, and must not lose."""
    alike = [("alike", question.alike)] if question.alike is not None else []
    return [*alike, *(("exclude", slug) for slug in question.exclude)]


def _at_once(
    question: Question, vocabulary: Vocabulary, shelf: Shelf, comparison: Comparison
) -> dict[str, Any]:
    """All main outcomes, and all harms, of the therapies."""
    main, harms = summaries(question, vocabulary, shelf, comparison)
    certainties = load_certainties(question.therapies)
    return {
        "summary": summary_groups(comparison, main, question, vocabulary, certainties),
        "safety": safety_table(harms, question, vocabulary),
    }
