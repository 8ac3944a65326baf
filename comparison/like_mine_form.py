"""The patient at hand as a form, the same for page and API: what a parameter takes, and what is wrong with a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from comparison.like_mine import Wanted
from evidence.choices import Sex
from evidence.models import Comorbidity, Organ
from evidence.models.cases import AGE_OVER_89
from therapies.models import Therapy

PARAMETERS = ("organ", "comorbidity", "prior_therapy", "age_from", "age_to", "sex")
REPEATABLE = ("organ", "comorbidity", "prior_therapy")


class LikeMineForm(forms.Form):
    """Organs, comorbidities, treatments before, age span and sex, none of them required."""

    use_required_attribute = False

    def __init__(self, query: QueryDict) -> None:
        super().__init__(data=query, auto_id="like_%s")
        self.names: dict[str, dict[str, str]] = {
            "organs": dict(Organ.objects.values_list("slug", "name")),
            "comorbidities": dict(Comorbidity.objects.values_list("slug", "name")),
            "prior_therapies": {
                therapy.slug: therapy.name
                for therapy in Therapy.objects.order_by("name")
                if not therapy.is_control
            },
        }
        self._boxes("organ", "Organs, all of them", self.names["organs"])
        self._boxes("comorbidity", "Comorbidities, all of them", self.names["comorbidities"])
        self._boxes("prior_therapy", "Treated before with, all of them", self.names["prior_therapies"])
        self._age("age_from", "Age from")
        self._age("age_to", "Age to")
        choices = [("", "Any"), (Sex.MALE, "Male"), (Sex.FEMALE, "Female")]
        self.fields["sex"] = forms.ChoiceField(label="Sex", choices=choices, required=False)

    def _boxes(self, name: str, label: str, names: Mapping[str, str]) -> None:
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            choices=list(names.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": f"{name} does not take %(value)s."},
        )

    def _age(self, name: str, label: str) -> None:
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        self.fields[name] = forms.IntegerField(
            label=label, min_value=0, max_value=AGE_OVER_89, required=False, widget=widget
        )

    def clean(self) -> dict[str, Any]:
        """The span of ages does not end before it starts."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("age_from"), cleaned.get("age_to")
        if first is not None and last is not None and first > last:
            self.add_error("age_from", f"age_from {first} lies after age_to {last}.")
        return cleaned

    def wanted(self) -> Wanted:
        """The patient asked for; wants a form without faults."""
        data = self.cleaned_data
        return Wanted(
            organs=tuple(data["organ"]),
            comorbidities=tuple(data["comorbidity"]),
            prior_therapies=tuple(data["prior_therapy"]),
            age_from=data["age_from"],
            age_to=data["age_to"],
            sex=data["sex"] or None,
        )

    def unknown(self) -> list[str]:
        """Parameters that are none of the form's."""
        return [name for name in self.data if name not in PARAMETERS and any(self.data.getlist(name))]  # type: ignore[attr-defined]
