"""Words of the vocabulary as people type them: a slug, or a name in any case."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from evidence.models import Analyte, Comorbidity, Organ, Outcome
from therapies.models import Therapy

# Where a column holds words of a list, by the last name of its place in the record.
LISTS: Mapping[str, str] = {
    "index_therapy": "therapies",
    "prior_therapies": "therapies",
    "therapy": "therapies",
    "organs": "organs",
    "organ": "organs",
    "comorbidities": "comorbidities",
    "analyte": "analytes",
    "outcome": "outcomes",
}
_MODELS: Mapping[str, Any] = {
    "therapies": Therapy,
    "organs": Organ,
    "comorbidities": Comorbidity,
    "analytes": Analyte,
    "outcomes": Outcome,
}


class Words:
    """The lists of the vocabulary, read once for a table."""

    def __init__(self) -> None:
        self.slugs: dict[str, dict[str, str]] = {}
        for name, model in _MODELS.items():
            rows = list(model.objects.values_list("slug", "name"))
            by_name = {word.lower(): slug for slug, word in rows}
            self.slugs[name] = {**by_name, **{slug: slug for slug, _ in rows}}
        for slug, synonyms in Therapy.objects.values_list("slug", "synonyms"):
            for word in synonyms:
                self.slugs["therapies"].setdefault(word.lower(), slug)

    def understood(self, values: Any, name: str = "") -> Any:
        """Values of a row with every known word as its slug; unknown ones stay, for the rules to name."""
        if isinstance(values, dict):
            return {key: self.understood(value, key) for key, value in values.items()}
        if isinstance(values, list):
            return [self.understood(value, name) for value in values]
        if isinstance(values, str) and name in LISTS:
            return self.slugs[LISTS[name]].get(values.strip().lower(), values)
        return values

    def hint(self, what: str) -> str:
        """What the writer of an unknown word may have meant, to follow the fault that quotes it."""
        parts = what.split("'")
        if len(parts) < 3 or not what.endswith(tuple(_ENDINGS)):
            return ""
        known = self.slugs[_ENDINGS[next(end for end in _ENDINGS if what.endswith(end))]]
        close: Sequence[str] = get_close_matches(parts[1].lower(), list(known), n=1)
        return f"; did you mean {known[close[0]]}?" if close else ""


# How evidence.dataset.rules names its lists.
_ENDINGS: Mapping[str, str] = {
    "is not in therapies/": "therapies",
    "is not in the organs": "organs",
    "is not in the comorbidities": "comorbidities",
    "is not in the analytes": "analytes",
    "is not in the outcomes": "outcomes",
}
