"""What is wrong with a data set, told one line a fault."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

# A path or message longer than this is cut: a fault is one line that can be read.
_LONGEST_PART = 400
# Longer text than this is not shown again: the place is enough.
_LONGEST_SHOWN = 60


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file, the place in it, what is wrong there, and the rule of reporting that says so."""

    file: str
    path: str
    what: str
    # Empty: no rule of evidence/reporting_rules.py but the shape of the row, or a name.
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.what}" if self.path else f"{self.file}: {self.what}"


@dataclass
class Faults:
    """The faults found so far."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, path: str, what: str, rule: str = "") -> None:
        """Note a fault and go on: a curator wants all of them at once."""
        self.found.append(Fault(_one_line(file), _one_line(path), _one_line(what), rule))

    def add_refusal(self, file: str, path: str, refusal: ValidationError) -> None:
        """Note everything for which a record refused its values; ``path`` leads to the record."""
        for row in refusal.errors(include_url=False):
            self.add(file, _place(path, row["loc"]), _words(row))

    def __bool__(self) -> bool:
        return bool(self.found)


class InvalidDataSet(Exception):
    """The set has faults; nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def _one_line(text: str) -> str:
    """Text from a file as it can be shown in a terminal: folded, cut, and nothing that steers the terminal."""
    line = " ".join(text.split())
    shown = "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in line
    )
    return shown if len(shown) <= _LONGEST_PART else f"{shown[:_LONGEST_PART]} …"


def _place(start: str, location: Sequence[int | str]) -> str:
    """results[3].events for ("results", 3, "events")."""
    place = start
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    return place


# Pydantic's messages speak of Python; ours speak of the file.
_WORDS = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "model_type": "should be a mapping (key: value)",
    "dict_type": "should be a mapping (key: value)",
    "list_type": "should be a list",
    "string_type": "should be text; a number or true/false that is meant as text stands in quotes",
    "int_type": "should be a whole number",
    "float_type": "should be a number",
    "bool_type": "should be true or false",
    "finite_number": "should be a finite number",
    "string_unicode": "holds half a character (a lone surrogate)",
}
_SUBJECTS = ("Input should", "String should", "List should", "Value should")


def _words(row: Any) -> str:
    """Pydantic's message in our words, with what was given where that is short."""
    kind, given = row["type"], row["input"]
    if kind == "model_type" and given is None:
        return "is empty"
    message = _WORDS.get(kind) or row["msg"].removeprefix("Value error, ")
    for subject in _SUBJECTS:
        if message.startswith(subject):
            message = f"should{message.removeprefix(subject)}"
    shown = "nothing" if given is None else repr(given)
    worth_showing = isinstance(given, str | int | float | None) and kind not in ("extra_forbidden", "missing")
    return (
        f"{message} (got {shown})"
        if worth_showing and len(shown) < _LONGEST_SHOWN and shown not in message
        else message
    )
