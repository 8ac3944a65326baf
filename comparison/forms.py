"""The picker: the question as a form that works without JavaScript."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from comparison.question import (
    BACKGROUNDS,
    FIRST_YEAR,
    LAST_YEAR,
    MOST_THERAPIES,
    OVERLAPS,
    PARAMETERS,
    Question,
)
from comparison.vocabulary import Vocabulary
from evidence.choices import BackgroundGlucocorticoid, DesignClass, Domain
from foundation.widgets import Checkboxes, Dropdown

_WORDS = {
    "basis": [
        ("", "Any source"),
        ("abstract", "No press or secondary sources"),
        ("full_text", "Full texts only"),
    ],
    "pool": [("", "Each design apart"), ("together", "All designs together")],
    "overlaps": {
        "probable": "Leave out certain and probable ones",
        "certain": "Leave out certain ones only",
        "ignore": "Ignore overlaps",
    },
}


class QuestionForm(forms.Form):
    """One field a parameter of Question; what a field may hold is the question's own rule, checked there."""

    use_required_attribute = False

    def __init__(self, question: Question, vocabulary: Vocabulary) -> None:
        super().__init__(data=_as_data(question), auto_id="question_%s")
        self.vocabulary = vocabulary
        outcome = vocabulary.outcomes.get(question.outcome)
        # Without evidence there is no outcome, and the page must stand all the same.
        usual = outcome.usual_time if outcome is not None else "latest"
        usual_words = f"week {usual}" if isinstance(usual, int) else usual
        self._boxes("therapy", f"Therapies (up to {MOST_THERAPIES})", self._therapies())
        self._select("outcome", "Outcome", self._outcomes())
        self._boxes("design", "Designs (all, if none is ticked)", DesignClass.choices)
        times = [("", f"Usual for the outcome ({usual_words})"), *self._times()]
        self._select("at", "Time", times)
        self._boxes("organ", "Organs", list(vocabulary.organs.items()))
        self._boxes("comorbidity", "Comorbidities", list(vocabulary.comorbidities.items()))
        backgrounds = [(value, BackgroundGlucocorticoid(value).label) for value in BACKGROUNDS]
        self._select("glucocorticoid", "Background glucocorticoid", [("", "Any"), *backgrounds])
        self._year("from", "Published from")
        self._year("to", "Published to")
        self._select("basis", "Sources", _WORDS["basis"])
        self._select("pool", "Pooling", _WORDS["pool"])
        overlaps: Any = _WORDS["overlaps"]
        self._select(
            "overlaps", "Shared patients", [("" if v == "probable" else v, overlaps[v]) for v in OVERLAPS]
        )

    def _therapies(self) -> list[tuple[str, str]]:
        return [(term.slug, term.name) for term in self.vocabulary.therapies.values()]

    def _outcomes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Outcomes under their domains."""
        terms = list(self.vocabulary.outcomes.values())
        return [
            (domain.label, [(term.slug, term.name) for term in terms if term.domain == domain])
            for domain in Domain
        ]

    def _times(self) -> list[tuple[str, str]]:
        """The times that are asked for most; any other week can stand in the address."""
        times = [("latest", "Latest"), ("earliest", "Earliest")]
        times += [(str(week), f"Closest to week {week}") for week in (12, 26, 52, 104)]
        chosen = str(self.data.get("at", ""))
        known = {value for value, _ in times}
        return times if chosen in known or not chosen else [*times, (chosen, f"Closest to week {chosen}")]

    def _boxes(self, name: str, label: str, choices: Any) -> None:
        self.fields[name] = forms.MultipleChoiceField(
            label=label, choices=choices, required=False, widget=Checkboxes
        )

    def _select(self, name: str, label: str, choices: Any) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, widget=Dropdown)

    def _year(self, name: str, label: str) -> None:
        widget = forms.NumberInput(attrs={"min": FIRST_YEAR, "max": LAST_YEAR, "inputmode": "numeric"})
        self.fields[name] = forms.IntegerField(label=label, required=False, widget=widget)


def _as_data(question: Question) -> MultiValueDict:
    """The question as a browser would send it, so that the form shows what was asked."""
    data = MultiValueDict({"therapy": list(question.therapies), "outcome": [question.outcome]})
    for name, attribute in PARAMETERS.items():
        value = getattr(question, attribute)
        if name in data or value is None or value == getattr(Question(), attribute):
            continue
        data.setlist(name, [str(part) for part in (value if isinstance(value, tuple) else (value,))])
    return data
