"""How a comparison moves: a page of its own, and the part of the comparison page that is fetched when it is reached."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.evidence import load_vocabulary
from comparison.presenters.sensitivity import cumulative_chart, therapy_panels
from comparison.sensitivity import sensitivity
from comparison.views.asking import question_asked
from foundation.caching import kept_for_revision
from foundation.pieces import Crumb, Download


@kept_for_revision()
def sensitivity_page(request: HttpRequest) -> HttpResponse:
    """Cumulative curve, leave-one-out, multiverse and tipping points of a question."""
    vocabulary = load_vocabulary()
    question, wrong = question_asked(request, vocabulary)
    is_part = request.headers.get("HX-Request") == "true"
    template = "comparison/_sensitivity.html" if is_part else "comparison/sensitivity.html"
    if wrong:
        return render(request, template, {"wrong": wrong}, status=HTTPStatus.BAD_REQUEST)
    query = question.to_query()
    address = f"/api/v1/comparisons/sensitivity/?{query}"
    downloads = (
        Download("CSV", f"{address}{'&' if query else ''}format=csv"),
        Download("JSON", address.rstrip("?")),
    )
    answers = sensitivity(question, vocabulary)
    compare_url = f"/compare/{f'?{query}' if query else ''}"
    context = {
        "in_words": question.in_words(vocabulary),
        "is_proportion": vocabulary.outcomes[question.outcome].is_proportion,
        "hopes_for_many": vocabulary.outcomes[question.outcome].better == "higher",
        "chart": cumulative_chart(answers, question, vocabulary, downloads),
        "panels": therapy_panels(answers, question, vocabulary),
        "compare_url": compare_url,
        "crumbs": [Crumb("Compare", compare_url), Crumb("How the answer moves")],
    }
    return render(request, template, context)
