"""What each parameter of a question means, for the OpenAPI document."""

from comparison.question import BACKGROUNDS, BASES, MOST_THERAPIES, OVERLAPS, PARAMETERS, POOLS
from evidence.choices import DesignClass


def _one_of(words: tuple[str, ...]) -> str:
    return f"One of {', '.join(words)}."


TEXTS = {
    "therapy": f"Slug of a therapy, repeated for up to {MOST_THERAPIES}; without it, the letter's five.",
    "outcome": "Slug of the outcome; overall_response without it.",
    "design": f"Design class, repeated for several; all without it. {_one_of(tuple(DesignClass.values))}",
    "at": "latest, earliest or a week number: the figure closest to it is taken. Without it, the outcome's usual time: "
    "week 26 for response, remission, glucocorticoid and biomarkers, latest for relapse and safety.",
    "organ": "Slug of an organ, repeated for several: studies confined to them, and patients with disease there.",
    "comorbidity": "Slug of a comorbidity, repeated for several: single patients who had it; arms do not report it.",
    "glucocorticoid": f"Glucocorticoid given beside the therapy; any without it. {_one_of(BACKGROUNDS)}",
    "from": "Year of publication from which studies count.",
    "to": "Year of publication up to which studies count: the evidence as it stood then.",
    "basis": f"The least that was read: full_text alone, abstract and better, or any (default). {_one_of(BASES)}",
    "pool": f"by_design (default) pools within a design class; together across all. {_one_of(POOLS)}",
    "overlaps": "Which pairs of studies that share patients are heeded: probable and certain (default), certain "
    f"alone, or none. {_one_of(OVERLAPS)}",
    "alike": "Slug of a study: only figures that define the outcome in its words are kept.",
    "exclude": "Slug of a study to leave out, repeated for several.",
}
if set(TEXTS) != set(PARAMETERS):
    raise ValueError("Every parameter of a question has its text, and no other.")
