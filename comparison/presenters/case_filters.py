"""The filters of the case explorer: each choice with the patients that remain, and what is shown in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html

from comparison.question import lower_first
from evidence.case_filters import RELAPSE
from evidence.choices import Basis, Design, Response, Sex, SteroidEffect
from foundation.formatting import joined

Counts = Mapping[str, Mapping[str, int]]


def chosen_of(form: forms.Form, facets: Iterable[str]) -> dict[str, list[str]]:
    """The values chosen in each facet, as the data set spells them; none where the form has faults."""
    if not form.is_valid():
        return {}
    return {facet: [_value(one) for one in form.cleaned_data.get(facet) or ()] for facet in facets}


def _value(chosen: Any) -> str:
    return chosen if isinstance(chosen, str) else str(chosen.slug)


def tell_counts(
    form: forms.Form, facets: Iterable[str], counts: Counts, known: Mapping[str, Collection[str]]
) -> None:
    """Write beside each choice how many patients remain with it; what no patient ever had is not offered."""
    chosen = chosen_of(form, facets)
    for facet in facets:
        field = form.fields[facet]
        offered = [
            (value, _with_count(facet, value, label, counts.get(facet, {}).get(value, 0)))
            for value, label in ((str(value), label) for value, label in field.choices)  # type: ignore[attr-defined]
            if value in known.get(facet, ()) or value in chosen.get(facet, ())
        ]
        field.help_text = ""
        field.widget = forms.CheckboxSelectMultiple(choices=offered)


def _with_count(facet: str, value: str, label: str, count: int) -> str:
    return format_html(
        '<span class="facet-name">{}</span> <span class="facet-count" data-facet-count="{}:{}">{}</span>',
        label,
        facet,
        value,
        count,
    )


def in_words(form: forms.Form) -> str:
    """What the filters let through, as a sentence."""
    if not form.is_valid():
        return ""
    data = form.cleaned_data
    parts = [
        _names(data, "therapy", "given {}"),
        _names(data, "any_therapy", "given {} at any time"),
        _names(data, "organ", "with disease of {}"),
        _names(data, "comorbidity", "who also had {}"),
        _names(data, "prior_therapy", "treated before with {}"),
        _labels(data, "response", Response.choices, "whose response was: {}"),
        _labels(data, "steroid_effect", SteroidEffect.choices, "whose glucocorticoid was: {}"),
        _labels(data, "relapse", RELAPSE, "relapse: {}"),
        _labels(data, "sex", Sex.choices, "sex: {}"),
        _labels(data, "design", Design.choices, "from: {}"),
        _labels(data, "basis", Basis.choices, "read in: {}"),
        _plain(data, "country", "from the countries {}"),
        _studies(data),
        _plain(data, "year", "published in {}"),
        *_span(data),
    ]
    told = [part for part in parts if part]
    if not told:
        return "All patients told one by one in published evidence."
    return f"Patients {', '.join(told)}."


def _names(data: Mapping[str, Any], name: str, phrase: str) -> str:
    chosen = [lower_first(str(record)) for record in data.get(name) or ()]
    return phrase.format(joined(chosen, "or")) if chosen else ""


def _labels(data: Mapping[str, Any], name: str, choices: Iterable[tuple[str, str]], phrase: str) -> str:
    labels = dict(choices)
    chosen = [str(labels[value]).lower() for value in data.get(name) or ()]
    return phrase.format(joined(chosen, "or")) if chosen else ""


def _plain(data: Mapping[str, Any], name: str, phrase: str) -> str:
    chosen = [str(value) for value in data.get(name) or ()]
    return phrase.format(joined(chosen, "or")) if chosen else ""


def _studies(data: Mapping[str, Any]) -> str:
    chosen = [study.label for study in data.get("study") or ()]
    return f"of {joined(chosen, 'or')}" if chosen else ""


def _span(data: Mapping[str, Any]) -> Iterable[str]:
    first, last = data.get("from"), data.get("to")
    if first is not None:
        yield f"published in {first} or later"
    if last is not None:
        yield f"published in {last} or earlier"
