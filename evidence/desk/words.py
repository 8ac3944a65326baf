"""What a record refused, in words that say what is wrong and what would be right; pure."""

import re
from typing import Any

from evidence.desk.fields import Field
from evidence.desk.figures import sentence, shown


def refused(field: Field, error: Any, raw: str) -> str:
    """The words for one error that pydantic tells of a field."""
    limits = error.get("ctx") or {}
    match error["type"]:
        case "greater_than_equal":
            return f"{shown(raw)} is too low: {limits['ge']:g} is the lowest."
        case "greater_than":
            return f"{shown(raw)} is too low: it must be above {limits['gt']:g}."
        case "less_than_equal":
            return f"{shown(raw)} is too high: {limits['le']:g} is the highest."
        case "less_than":
            return f"{shown(raw)} is too high: it must be below {limits['lt']:g}."
        case "string_too_long" | "too_long":
            return f"Too long by {len(raw) - limits['max_length']} characters: {limits['max_length']} fit."
        case "string_pattern_mismatch":
            return f"{shown(raw)} is not of the right form. Write {field.right or 'it as the hint shows'}."
        case _:
            return f"{sentence(error['msg'].removeprefix('Value error, '))}"


# What is told of a record as a whole, the field that it belongs to, and the words for it.
_WHOLE: tuple[tuple[str, str, str], ...] = (
    (r"a dose needs a unit", "unit", "Add the unit of the dose, such as mg."),
    (
        r"stops \(week (-?\d+)\) before it starts \(week (-?\d+)\)",
        "stop_week",
        "Week {0} is before the start in week {1}. Weeks before the report's therapy are negative, such as -12.",
    ),
    (
        r"relapse_week needs relapse",
        "relapse_week",
        "A week of relapse needs a relapse: choose Yes, or empty the week.",
    ),
    (
        r"symptomatic, urgent and damage are said of an organ",
        "organ",
        "Symptoms, urgent and damage are said of an organ: name it, or leave the three out of a total.",
    ),
    (
        r"an organ scores 0 to (\d+) in this version",
        "score",
        "An organ scores 0 to {0} in this version, before an urgent one is doubled. Without organ it is the total.",
    ),
    (r"year_inferred needs a year", "year", "Write the year that was inferred, or untick that it was."),
)


def of_whole(message: str) -> tuple[str, str]:
    """The field and the words for what a record says of itself as a whole; the field is empty where it has none."""
    for pattern, field, words in _WHOLE:
        if match := re.search(pattern, message):
            return field, words.format(*match.groups())
    return "", sentence(message.removeprefix("Value error, "))


# What the rules of the data set say, in the words of the form.
_RULES: tuple[tuple[str, str], ...] = (
    (
        r"(\S+) is the primary report of another study already",
        "This paper ({0}) is the report of a study that is entered already. Add the patient to that study if it is "
        "yours; a patient counts once.",
    ),
    (r"^'([^']+)' is another study's$", "Another study is called {0}. Add a letter, such as {0}-b."),
    (
        r"^'([^']+)' is a patient of another study$",
        "Another patient is called {0}. Choose another short name.",
    ),
    (r"stands at \[\d+\] already$", "It stands here twice. Once is enough."),
    (r"^(\S+) stands in .* already$", "{0} stands with another citation of this study already."),
)


def of_rule(message: str) -> str:
    """The words for a fault that the rules of the data set told."""
    for pattern, words in _RULES:
        if match := re.search(pattern, message):
            return words.format(*match.groups())
    return sentence(message)
