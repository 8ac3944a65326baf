"""Numbers, weeks and ages as people type them; pure.

Each reader answers a Typed value or raises Unreadable, whose message says what is wrong and what would be right.
"""

import re
from dataclasses import dataclass

from evidence.models.cases import AGE_OVER_89

# data/: months convert as 1 month = 4.345 weeks, rounded to whole weeks.
WEEKS_A_MONTH = 4.345
_WEEKS_IN = {"day": 1 / 7, "week": 1.0, "month": WEEKS_A_MONTH, "year": 12 * WEEKS_A_MONTH}
_UNITS_OF_TIME = {
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("m", "mo", "mos", "mth", "mths", "month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
MONTHS_A_YEAR = 12
OVER_89 = "Anyone over 89 is kept as 90 and shown as 90+, so that nobody is known by a great age."

_MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SPACED_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}( \d{3})+(\.\d+)?")
_COMMA_DECIMAL = re.compile(r"[+-]?\d+,\d+")
_COMMA_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_TIME = re.compile(r"(?P<number>[^a-zA-Z]+?)\s*(?P<unit>[a-zA-Z]+)\.?")
_NAMED_WEEK = re.compile(r"^(week|wk)\s+(?=[-+\d])", re.IGNORECASE)
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


def read_decimal(text: str) -> Typed:
    """A number: 17.7, 17,7 or 1 770; 1,770 could be two numbers and is asked about."""
    plain = text.translate(_MINUS).strip()
    if _PLAIN.fullmatch(plain):
        return Typed(_finite(plain, text))
    if _SPACED_THOUSANDS.fullmatch(plain):
        return Typed(_finite(plain.replace(" ", ""), text))
    if _COMMA_THOUSANDS.fullmatch(plain):
        whole = plain.replace(",", "")
        if plain.count(",") == 1 and "." not in plain:
            raise Unreadable(
                f"{shown(text)} can be read in two ways. Write {whole} or {plain.replace(',', '.')}."
            )
        return Typed(_finite(whole, text))
    if _COMMA_DECIMAL.fullmatch(plain):
        return Typed(_finite(plain.replace(",", "."), text))
    digits = re.search(r"\d+(?:[.,]\d+)?", plain)
    if digits:
        raise Unreadable(
            f"{shown(text)} is more than a number. Write the number alone, such as {digits.group()}."
        )
    raise Unreadable(f"{shown(text)} is no number. Write it in digits, such as 17.7.")


def _finite(plain: str, text: str) -> float:
    number = float(plain)
    if number in (float("inf"), float("-inf")):
        raise Unreadable(f"{shown(text)} is too large a number.")
    return number


def read_whole(text: str) -> Typed:
    """A whole number."""
    number = read_decimal(text).value
    if number != int(number):
        raise Unreadable(f"{shown(text)} is no whole number. Write it without decimals.")
    return Typed(int(number))


def read_weeks(text: str) -> Typed:
    """Whole weeks; days, months and years are turned into weeks, which the note tells."""
    plain = _NAMED_WEEK.sub("", text.translate(_MINUS).strip())
    match = _TIME.fullmatch(plain)
    if match is None:
        if re.fullmatch(r"[a-zA-Z ]+", plain):
            raise Unreadable(
                f"{shown(text)} is no time. Write weeks, such as 26, or 6 months. Week 0 is the start of the therapy."
            )
        number = read_decimal(plain).value
        if number != int(number):
            raise Unreadable(f"{shown(text)} is no whole week. Round it, such as {round(number)}.")
        return Typed(int(number))
    unit = _UNITS_OF_TIME.get(match["unit"].lower())
    if unit is None:
        raise Unreadable(f"{shown(match['unit'])} is no unit of time. Write 26, 6 months, 10 days or 1 year.")
    number = read_decimal(match["number"]).value
    weeks = round(number * _WEEKS_IN[unit])
    return Typed(weeks, "" if unit == "week" and weeks == number else f"{plain} is taken as week {weeks}.")


def read_age(text: str) -> Typed:
    """Years; anyone older than 89 is 90, which the note tells; an infant's months are parts of a year."""
    plain = text.translate(_MINUS).strip()
    if re.fullmatch(r"(90\s*\+|>\s*89|over 89|≥\s*90)", plain, re.IGNORECASE):
        return Typed(float(AGE_OVER_89), OVER_89)
    match = _TIME.fullmatch(plain)
    if match is not None and (unit := _UNITS_OF_TIME.get(match["unit"].lower())) in ("month", "year"):
        number = read_decimal(match["number"]).value
        if unit == "month":
            years = round(number / MONTHS_A_YEAR, 2)
            return Typed(years, f"{plain} is taken as {years:g} years.")
    else:
        number = read_decimal(plain).value
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
