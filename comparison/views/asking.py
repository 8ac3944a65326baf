"""The question of a page's address, or what is wrong with it in sentences."""

from django.http import HttpRequest

from comparison.question import PARAMETERS, Question, UnanswerableQuestion
from comparison.vocabulary import Vocabulary


def question_asked(request: HttpRequest, vocabulary: Vocabulary) -> tuple[Question, list[str]]:
    """The question and what is wrong; the default question where something is."""
    # A form sends what was left empty too; empty is not asked.
    asked = {name: [value for value in values if value] for name, values in request.GET.lists()}
    wrong = [f"{name} is not part of a question." for name in asked if name not in PARAMETERS]
    try:
        question = Question.from_query(asked, vocabulary)
    except UnanswerableQuestion as error:
        question = Question()
        wrong += [row.detail for row in error.wrong]
    return question, wrong
