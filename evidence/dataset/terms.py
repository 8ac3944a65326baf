"""Small types that the records of the data set are made of."""

import unicodedata
from datetime import date
from typing import Annotated, Any

from django.db.models import TextChoices
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from foundation.fields import LARGEST_FIGURE


class Record(BaseModel):
    """A row of the set: no key beyond its own, no type coerced, no change once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def among(choices: type[TextChoices]) -> Any:
    """A word of a closed list."""

    def check(value: str) -> str:
        if value not in choices.values:
            raise ValueError(f"{value!r} is not one of {', '.join(choices.values)}")
        return value

    return Annotated[str, AfterValidator(check), WithJsonSchema({"type": "string", "enum": choices.values})]


# Invisible, and read differently by different programs: line and paragraph separators, the byte order mark and
# the two code points that are no characters.
_UNSEEN = frozenset("\u2028\u2029\ufeff\ufffe\uffff")


def is_printable(text: str) -> bool:
    """Whether every character of a text can be seen, or is a space, a tab or the end of a line."""
    return _hidden(text) is None


def _hidden(text: str) -> str | None:
    """The first character that has no place in a text."""
    for character in text:
        if character in _UNSEEN or (unicodedata.category(character) == "Cc" and character not in "\n\t"):
            return character
    return None


def _printable(value: str) -> str:
    if (character := _hidden(value)) is not None:
        raise ValueError(f"holds a control character (U+{ord(character):04X})")
    if value != value.strip():
        raise ValueError("starts or ends with white space")
    return value


def _existing_date(value: str) -> str:
    """A date as exact as was read, filled up with firsts, must be in the calendar."""
    year, month, day = ([*value.split("-"), "01", "01"])[:3]
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("is no date of the calendar") from None
    return value


# A character of an address or identifier. White space ends one, and a control character is none of it.
_NO_SPACE = r"[^\s\x00-\x1f\x7f-\x9f]"

# Text that is there is not empty; a field without text is left out of the file and is "" here.
Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_printable)]
# What a column of limited width holds.
Label = Annotated[Text, Field(max_length=120)]
LongLabel = Annotated[Text, Field(max_length=160)]
Word = Annotated[Text, Field(max_length=40)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
LongSlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
Address = Annotated[str, StringConstraints(pattern=rf"^https?://{_NO_SPACE}+$", max_length=500)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
# DOIs are the same in any case; one form is kept.
Doi = Annotated[
    str,
    StringConstraints(pattern=rf"^10\.[0-9]{{4,9}}/{_NO_SPACE}+$", max_length=200),
    AfterValidator(str.lower),
]
Pmid = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$", max_length=12)]
Pmcid = Annotated[str, StringConstraints(pattern=r"^PMC[0-9]+$", max_length=14)]
DoiOrPmid = Annotated[
    str,
    StringConstraints(pattern=rf"^(10\.[0-9]{{4,9}}/{_NO_SPACE}+|[1-9][0-9]{{0,11}})$", max_length=200),
    AfterValidator(str.lower),
]
PartialDate = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
    AfterValidator(_existing_date),
]

Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Positive = Annotated[int, Field(ge=1, le=2_000_000_000)]
Figure = Annotated[float, Field(gt=-LARGEST_FIGURE, lt=LARGEST_FIGURE)]
# Weeks after the start of an arm's treatment.
Week = Annotated[int, Field(ge=0, le=2600)]
# Weeks around the start of a patient's index therapy.
RelativeWeek = Annotated[int, Field(ge=-5200, le=5200)]


def bounds_fault(low: float | None, high: float | None, value: float | None, name: str) -> str | None:
    """What is wrong with an interval around a figure, or None."""
    if (low is None) != (high is None):
        return "low and high come together"
    if low is None or high is None:
        return None
    if low > high:
        return f"low ({low:g}) is above high ({high:g})"
    if value is None or not low <= value <= high:
        return f"{name} lies outside low … high"
    return None
