"""Whether two figures measure the same thing: their definitions as texts, and the instruments that these name.

Definitions are free text from the papers. Two are taken for the same only where the texts are, but for case, spaces and
a full stop; what is not stated is like nothing, itself included. Nothing is guessed from meaning.
"""

import re
from functools import lru_cache

# What a definition names as its measure, first match first; words as the papers use them.
INSTRUMENTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("IgG4-RD Responder Index", r"\bresponder index\b|\bIgG4-RD RI\b"),
        ("adjudication committee", r"\badjudicat"),
        ("imaging", r"\b(CT|MRI|PET|radiolog\w*|imaging|ultraso\w*)\b"),
        ("serum IgG4", r"\bserolog\w*\b|\bserum IgG4\b"),
        ("physician's global assessment", r"\bglobal assessment\b|\bPGA\b"),
    )
)


def definition_key(definition: str | None) -> str | None:
    """What is equal for definitions taken for the same; None where none is stated."""
    words = " ".join((definition or "").split()).rstrip(".").casefold()
    return words or None


@lru_cache(maxsize=2048)
def instruments_of(definition: str | None) -> tuple[str, ...]:
    """The instruments that a definition names, in a fixed order; empty where it names none. Kept: texts come again."""
    return tuple(name for name, pattern in INSTRUMENTS if pattern.search(definition or ""))
