"""Widgets drawn in Python against Django's own, drawn by its templates."""

from __future__ import annotations

import pytest
from django import forms

from foundation.widgets import Checkboxes, Dropdown

CHOICES = [("", "Any"), ("a", "First <b>"), ("b&c", 'Second "quoted"'), (12, "A number")]
GROUPS = [("", "Any"), ("Group <1>", [("a", "First"), ("b", "Second")]), ("Group 2", [("c", "Third")])]


@pytest.mark.parametrize("value", [None, [], ["a"], ["a", "b&c"], ["12"], ["elsewhere"]])
def test_checkboxes_are_django_s_to_the_letter(value: list[str] | None) -> None:
    attrs = {"id": "question_therapy"}
    ours, theirs = Checkboxes(choices=CHOICES), forms.CheckboxSelectMultiple(choices=CHOICES)
    assert ours.render("therapy", value, attrs) == theirs.render("therapy", value, attrs)


@pytest.mark.parametrize("choices", [CHOICES, GROUPS, []])
@pytest.mark.parametrize("value", [None, "", "a", "12", "c", "elsewhere"])
@pytest.mark.parametrize(
    "attrs", [{"id": "question_outcome"}, {"id": "x", "disabled": True, "hidden": False}]
)
def test_a_dropdown_is_django_s_to_the_letter(
    choices: list[tuple[str, object]], value: str | None, attrs: dict[str, object]
) -> None:
    ours, theirs = Dropdown(choices=choices), forms.Select(choices=choices)
    assert ours.render("outcome", value, attrs) == theirs.render("outcome", value, attrs)
