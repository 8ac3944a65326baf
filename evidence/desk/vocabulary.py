"""The vocabulary of the form, as the database holds it."""

from evidence.dataset.rules import Known
from evidence.desk.terms import Terms, Vocabulary
from evidence.models import Analyte, Comorbidity, Organ, Outcome
from therapies.models import Therapy


def stored_vocabulary() -> Vocabulary:
    """All lists, in four queries."""
    therapies = list(Therapy.objects.order_by("name").values_list("slug", "name", "synonyms"))
    analytes = list(Analyte.objects.values_list("slug", "name", "unit"))
    return Vocabulary(
        therapies=Terms(
            "therapies",
            {slug: name for slug, name, _ in therapies},
            {synonym: slug for slug, _, synonyms in therapies for synonym in synonyms},
        ),
        organs=Terms("organs", dict(Organ.objects.values_list("slug", "name"))),
        comorbidities=Terms("diseases listed", dict(Comorbidity.objects.values_list("slug", "name"))),
        analytes=Terms("measurements listed", {slug: name for slug, name, _ in analytes}),
        units={slug: unit for slug, _, unit in analytes},
    )


def known_names(vocabulary: Vocabulary) -> Known:
    """The same names as the rules of the data set want them."""
    return Known(
        outcomes=dict(Outcome.objects.values_list("slug", "kind")),
        organs=frozenset(vocabulary.organs.names),
        comorbidities=frozenset(vocabulary.comorbidities.names),
        analytes=frozenset(vocabulary.analytes.names),
        therapies=frozenset(vocabulary.therapies.names),
    )
