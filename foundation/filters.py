"""Filters that HTML lists and the API share, and that can say what is wrong with a value.

A filter set takes slugs and words as the data set spells them. An HTML form shows its errors beside the fields;
the API refuses the query with ``faults()``.
"""

import difflib
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from drf_spectacular.drainage import set_override

from foundation.api.faults import Fault, echo
from foundation.widgets import Checkboxes

SLUG_PATTERN = "^[a-z0-9][a-z0-9_-]*$"
# A vocabulary up to this size is told in full when a value is not in it.
LONGEST_LIST_TOLD = 60
LONGEST_TEXT = 200
YEARS = (1800, 2100)
WEEKS = (0, 2600)


class ManyWords(django_filters.MultipleChoiceFilter):
    """Any of some words of a closed list; the parameter may be repeated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("distinct", False)
        kwargs.setdefault("widget", Checkboxes)
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        """Rows with one of the words."""
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class ManySlugs(django_filters.ModelMultipleChoiceFilter):
    """Any of some records, named by slug; the parameter may be repeated.

    ``to_many`` says that the path leads through a list, where a join would tell a row twice.
    """

    def __init__(self, *args: Any, to_many: bool = False, **kwargs: Any) -> None:
        self.to_many = to_many
        kwargs.setdefault("distinct", False)
        kwargs.setdefault("to_field_name", "slug")
        super().__init__(*args, **kwargs)
        document(self, {"type": "string", "pattern": SLUG_PATTERN})

    def filter(self, qs: QuerySet, value: Iterable[Model]) -> QuerySet:
        """Rows that point to one of the records."""
        keys = [record.pk for record in value]
        if not keys:
            return qs
        condition = Q(**{f"{self.field_name}__in": keys})
        return among(qs, condition) if self.to_many else qs.filter(condition)


class WholeNumber(django_filters.NumberFilter):
    """A whole number between two bounds."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, bounds: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(*args, min_value=bounds[0], max_value=bounds[1], **kwargs)
        document(self, {"type": "integer", "minimum": bounds[0], "maximum": bounds[1]})

    def get_max_validator(self) -> None:
        """The bounds are the field's own."""
        return


class ShortText(django_filters.CharFilter):
    """Text to look for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        super().__init__(*args, **kwargs)
        document(self, {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT})


class OneWord(django_filters.ChoiceFilter):
    """One word of a closed list."""


def document(each: django_filters.Filter, schema: dict[str, Any]) -> None:
    """Tell the OpenAPI document what a filter takes, and in the form's own words what it is for."""
    words = [str(text) for text in (each.label, each.extra.get("help_text")) if text]
    set_override(each, "field", {**schema, "description": ". ".join(words)})


def among(qs: QuerySet, condition: Q) -> QuerySet:
    """Rows for which the condition holds, each once, whatever lists it looks into."""
    return qs.filter(pk__in=qs.model._default_manager.filter(condition).values("pk"))


class EvidenceFilterSet(django_filters.FilterSet):
    """A filter set whose parameters may be Python's own words: ``from_`` is the parameter ``from``."""

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """The filters by the name of their parameter."""
        return {name.removesuffix("_"): each for name, each in super().get_filters().items()}

    @classmethod
    def parameters(cls) -> tuple[str, ...]:
        """The names of all parameters."""
        return tuple(cls.base_filters)

    @classmethod
    def repeatable(cls) -> set[str]:
        """The names of those that may be repeated."""
        many = django_filters.MultipleChoiceFilter
        return {name for name, each in cls.base_filters.items() if isinstance(each, many)}

    def faults(self) -> list[Fault]:
        """What is wrong with the values: named, with what would have been allowed."""
        return [
            fault for name, messages in self.errors.items() for fault in self._faults_of(name, list(messages))
        ]

    def _faults_of(self, name: str, messages: list[str]) -> list[Fault]:
        field = self.form.fields.get(name)
        values = self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data.get(name)]
        known = known_values(field)
        if known is None:
            said = " ".join(messages)
            value = echo(str(values[0])) if values else None
            return [Fault(name, f"{name} {value!r} is refused: {said}", value)]
        closed = tuple(known) if len(known) <= LONGEST_LIST_TOLD else None
        return [unknown_value(name, value, known, closed) for value in values if value not in known]


def known_values(field: forms.Field | None) -> list[str] | None:
    """The values that a field of choices takes; None for a field without choices."""
    if isinstance(field, forms.ModelMultipleChoiceField | forms.ModelChoiceField):
        return sorted(set(field.queryset.values_list(field.to_field_name or "pk", flat=True)))
    if isinstance(field, forms.ChoiceField | forms.MultipleChoiceField):
        return [str(value) for value, _ in field.choices if value != ""]
    return None


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that somebody who wrote this one may have meant."""
    matches = difflib.get_close_matches(word[:LONGEST_TEXT], list(words), n=1, cutoff=0.6)
    return matches[0] if matches else None


def unknown_value(name: str, value: str, known: list[str], closed: tuple[str, ...] | None) -> Fault:
    """A value that is in no list: with the nearest one and, where the list is short, all of it."""
    suggestion = nearest(value, known)
    detail = f"{name} {echo(value)!r} is not known"
    if suggestion is not None:
        detail += f"; did you mean {suggestion}?"
    elif closed:
        detail += f"; choose from: {', '.join(closed)}."
    else:
        detail += "."
    return Fault(name, detail, echo(value), closed, suggestion)
