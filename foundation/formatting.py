"""How numbers are written, in one place: pages, charts, tables and downloads all take their words from here.

Every function returns a string and takes None for what was not reported. Rounding never changes a statement: 299 of
300 is not 100%, and 1 of 300 is not 0%.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

NOT_REPORTED = "not reported"
NO_PATIENTS = "no patients"
MINUS = "\N{MINUS SIGN}"
ONE_DECIMAL_FROM = 100  # patients: below this a decimal would claim more precision than there is

Number = int | float | Decimal

SPREAD_NAMES = {"sd": "SD", "se": "SE", "iqr": "IQR", "range": "range", "ci95": "95% CI"}
MEASURE_NAMES = {
    "hazard_ratio": "hazard ratio",
    "risk_ratio": "risk ratio",
    "odds_ratio": "odds ratio",
    "risk_difference": "risk difference",
    "mean_difference": "mean difference",
    "proportion": "proportion",
}


def _share_text(share: Fraction, decimals: int) -> str:
    """Return a share of 1 in percent, without the sign, kept off 0 and 100 unless it is exactly there."""
    step = Decimal(1).scaleb(-decimals)
    percent_value = share * 100
    rounded = (Decimal(percent_value.numerator) / Decimal(percent_value.denominator)).quantize(
        step, rounding=ROUND_HALF_UP
    )
    if rounded <= 0 and share > 0:
        return f"<{step}"
    if rounded >= 100 and share < 1:
        return f">{100 - step}"
    if share in (0, 1):
        return f"{int(share) * 100}"
    return str(rounded)


def _decimals(total: int | None) -> int:
    return 0 if total is None or total < ONE_DECIMAL_FROM else 1


def percent(events: int | None, total: int | None) -> str:
    """Return events over total in percent: no decimals under 100 patients, one from there on."""
    if events is None or total is None:
        return NOT_REPORTED
    if total == 0:
        return NO_PATIENTS
    return f"{_share_text(Fraction(events, total), _decimals(total))}%"


def proportion_percent(proportion: float | None, total: int | None = None) -> str:
    """Return a proportion (0 to 1) in percent, with the decimals that `total` patients bear."""
    if proportion is None:
        return NOT_REPORTED
    return f"{_share_text(Fraction(proportion), _decimals(total))}%"


def interval_text(
    low: float | None, high: float | None, total: int | None = None, level: str = "95% CI"
) -> str:
    """Return "95% CI 28 to 66" from two proportions (0 to 1); empty where either bound is missing."""
    if low is None or high is None:
        return ""
    decimals = _decimals(total)
    return f"{level} {_share_text(Fraction(low), decimals)} to {_share_text(Fraction(high), decimals)}"


def x_of_n_text(
    events: int | None,
    total: int | None,
    low: float | None = None,
    high: float | None = None,
    proportion: float | None = None,
) -> str:
    """Return "14 of 30 (47%, 95% CI 28 to 66)".

    `proportion` is that of a pooled estimate, which is not events over total, and says so: "57 of 142 (pooled 19.8%,
    95% CI 3.0 to 66.1)".
    """
    if events is None or total is None:
        return NOT_REPORTED
    if total == 0:
        return f"0 of 0 ({NO_PATIENTS})"
    share = (
        percent(events, total) if proportion is None else f"pooled {proportion_percent(proportion, total)}"
    )
    interval = interval_text(low, high, total)
    inside = f"{share}, {interval}" if interval else share
    return f"{whole(events)} of {whole(total)} ({inside})"


def whole(value: int | None) -> str:
    """Return a count, with commas from 10,000 on."""
    if value is None:
        return NOT_REPORTED
    return number(value)


def number(value: Number | None, decimals: int | None = None) -> str:
    """Return a number as it was reported, or rounded half up to `decimals`, with a true minus sign."""
    if value is None:
        return NOT_REPORTED
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    digits = f"{abs(exact):,f}" if abs(exact) >= 10_000 else f"{abs(exact):f}"
    if decimals is None and "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{MINUS}{digits}" if exact < 0 and digits.strip("0.") else digits


def signed(value: Number | None, decimals: int | None = None) -> str:
    """Return a change with its sign: "+3", "−3", "0"."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and value > 0 else text


def with_unit(value: Number | None, unit: str | None) -> str:
    """Return "150 mg/dL", "45%" (no space before a percent sign) or "not reported"."""
    if value is None:
        return NOT_REPORTED
    return f"{number(value)}{_unit_suffix(unit)}"


def _unit_suffix(unit: str | None) -> str:
    if not unit:
        return ""
    return "%" if unit == "%" else f" {unit}"


def range_text(low: Number | None, high: Number | None) -> str:
    """Return "60 to 320", or empty where either end is missing; never a dash, which reads as a minus."""
    if low is None or high is None:
        return ""
    return f"{number(low)} to {number(high)}"


def spread_text(spread: str | None, low: Number | None, high: Number | None, sd: Number | None) -> str:
    """Return "IQR 60 to 320", "SD 7", or empty where no spread was reported."""
    if sd is not None:
        return f"{SPREAD_NAMES.get(spread or 'sd', 'SD')} {number(sd)}"
    ends = range_text(low, high)
    if not ends:
        return ""
    name = SPREAD_NAMES.get(spread or "")
    return f"{name} {ends}" if name else f"{ends}, kind of spread {NOT_REPORTED}"


def quantity_text(
    value: Number | None,
    statistic: str | None = None,
    spread: str | None = None,
    low: Number | None = None,
    high: Number | None = None,
    sd: Number | None = None,
    n: int | None = None,
    unit: str | None = None,
) -> str:
    """Return "median 150 mg/dL (IQR 60 to 320; 30 patients)"."""
    if value is None:
        return NOT_REPORTED
    start = f"{statistic} " if statistic else ""
    inside = [spread_text(spread, low, high, sd), plural(n, "patient") if n is not None else ""]
    brackets = "; ".join(part for part in inside if part)
    return f"{start}{with_unit(value, unit)}" + (f" ({brackets})" if brackets else "")


def effect_text(
    measure: str | None, estimate: Number | None, low: Number | None = None, high: Number | None = None
) -> str:
    """Return "hazard ratio 0.13 (95% CI 0.06 to 0.28)"."""
    if estimate is None:
        return NOT_REPORTED
    return effect_words(measure, number(estimate), range_text(low, high))


def effect_words(measure: str | None, estimate: str, ends: str) -> str:
    """Return the same of figures that stand written already."""
    name = MEASURE_NAMES.get(measure or "", (measure or "").replace("_", " "))
    return f"{name} {estimate}".strip() + (f" (95% CI {ends})" if ends else "")


def week_text(week: int | None) -> str:
    """Return "week 26", "4 weeks before" for a week before the start, or "time not reported"."""
    if week is None:
        return f"time {NOT_REPORTED}"
    return f"{plural(-week, 'week')} before" if week < 0 else f"week {week}"


def plural(count: int | None, one: str, many: str | None = None) -> str:
    """Return "1 patient", "2 patients", or "number of patients not reported"."""
    several = many or f"{one}s"
    if count is None:
        return f"number of {several} {NOT_REPORTED}"
    return f"{whole(count)} {one if count == 1 else several}"


def per_hundred(proportion: float | None) -> str:
    """Return "47 per 100", for readers who count patients rather than percent."""
    if proportion is None:
        return NOT_REPORTED
    return f"{_share_text(Fraction(proportion), 0)} per 100"


def joined(words: Iterable[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    items = [word for word in words if word]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def date_text(day: datetime.date | None) -> str:
    """Return "22 November 2026"."""
    if day is None:
        return f"date {NOT_REPORTED}"
    return f"{day.day} {day:%B} {day.year}"


def age_text(years: Number | None) -> str:
    """Return "67 years", or "90+ years" past 89, the age from which nobody is told apart."""
    if years is None:
        return f"age {NOT_REPORTED}"
    if years > 89:
        return "90+ years"
    return f"{number(years)} year" if years == 1 else f"{number(years)} years"


def reported(value: object) -> str:
    """Return the value as text; None and the empty string are "not reported", zero and False are values."""
    if value is None or value == "":
        return NOT_REPORTED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, datetime.date):
        return date_text(value)
    return str(value)


def sentence(text: str) -> str:
    """Return text with a capital first letter, leaving the rest (IgG4, dupilumab) as it is."""
    return text[:1].upper() + text[1:]


def place_text(basis: str, locator: str) -> str:
    """Return where a figure stands, the basis said once: "abstract, results", "full text: Table 2"."""
    basis_words = basis.replace("_", " ").strip().lower()
    where = locator.strip()
    if not where:
        return basis_words
    if not basis_words:
        return where
    if where.lower().startswith(basis_words):
        return f"{basis_words}{where[len(basis_words) :]}"
    return f"{basis_words}: {where}"
