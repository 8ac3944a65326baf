"""Numbers, weeks and ages as people type them; pure.

Each reader answers a Typed value or raises Unreadable, whose message says what is wrong and what would be right.
"""

import re
from dataclasses import dataclass

from evidence.block_words import MONTHS_IN_A_YEAR, TimeRefused, read_week
from evidence.privacy import AGE_OVER_89
from evidence.units import UnitRefused, read_figure

OVER_89 = "Anyone over 89 is kept as 90 and shown as 90+, so that nobody is known by a great age."

_MINUS = str.maketrans({"−": "-", "–": "-"})
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_OVER_89 = re.compile(r"(90\s*\+|>\s*89|over 89|≥\s*90)", re.IGNORECASE)
_AGE = re.compile(r"(?P<number>[\d.,]+)\s*(?P<unit>months?|mo|years?|yrs?|y)\.?(\s*old)?", re.IGNORECASE)
_SHOWN = 40


class Unreadable(ValueError):
    """Text that is no value of its kind; the message says what would be."""


@dataclass(frozen=True)
class Typed:
    """What text says, with a word on it where it was not taken letter for letter."""

    value: float | int
    note: str = ""


def shown(text: str) -> str:
    """Text as a message quotes it."""
    return f"“{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"


def sentence(text: str) -> str:
    """Words as a sentence."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def read_decimal(text: str) -> Typed:
    """A number: 17.7, 17,7 or 1 770; 1,770 could be two numbers and is asked about."""
    plain = text.translate(_MINUS).strip()
    if not _PLAIN.fullmatch(plain):
        try:
            return Typed(float(read_figure(text)))
        except UnitRefused as refusal:
            raise Unreadable(sentence(str(refusal))) from None
    number = float(plain)
    if number in (float("inf"), float("-inf")):
        raise Unreadable(f"{shown(text)} is too large a number.")
    return Typed(number)


def read_whole(text: str) -> Typed:
    """A whole number."""
    plain = text.translate(_MINUS).strip()
    if _WHOLE.fullmatch(plain):
        return Typed(int(plain))
    number = read_decimal(text).value
    if number != int(number):
        raise Unreadable(f"{shown(text)} is no whole number. Write it without decimals.")
    return Typed(int(number))


def read_weeks(text: str) -> Typed:
    """Whole weeks; days, months and years are turned into weeks, which the note tells."""
    plain = text.translate(_MINUS).strip()
    if _WHOLE.fullmatch(plain):
        return Typed(int(plain))
    try:
        week, said = read_week(plain)
    except TimeRefused as refusal:
        raise Unreadable(sentence(str(refusal))) from None
    return Typed(week, sentence(said) if said else "")


def read_age(text: str) -> Typed:
    """Years; anyone older than 89 is 90, which the note tells; an infant's months are parts of a year."""
    plain = text.translate(_MINUS).strip()
    if _OVER_89.fullmatch(plain):
        return Typed(float(AGE_OVER_89), OVER_89)
    match = _AGE.fullmatch(plain)
    number = read_decimal(match["number"] if match is not None else plain).value
    if match is not None and match["unit"].lower().startswith("mo"):
        years = round(number / MONTHS_IN_A_YEAR, 2)
        return Typed(years, f"{plain} is taken as {years:g} years.")
    if number >= AGE_OVER_89:
        return Typed(float(AGE_OVER_89), OVER_89)
    return Typed(float(number))


def written(number: float | int | None) -> str:
    """A number as it stands in a field: short where it can be, and always read back as itself."""
    if number is None:
        return ""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)
