"""Conversion of figures to the unit in which the Atlas keeps an analyte, with the figure as printed kept beside it.

The arithmetic is exact. Only where a decimal does not end (20 ng/mL of IgE are 8.333… IU/mL) is it cut, at six
significant digits. docs/units.md says where the factors come from.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction

from evidence.unit_tables import (
    AGENTS,
    FAR_WEEKS,
    LIMITS,
    LOCAL_AGENTS,
    LOCAL_ROUTES,
    SCALES,
    SPELLINGS,
    WHOLE_NUMBERS,
    ZERO_IS_USUAL,
    Agent,
    Limit,
)

SIGNIFICANT_DIGITS = 6
LARGEST_VALUE = Decimal("1e12")  # as the database has it
DAYS_IN_A_WEEK = 7
# Rule 3 of the curated set.
WEEKS_IN_A_MONTH = Decimal("4.345")

Figure = int | float | Decimal | str


class UnitRefused(ValueError):
    """A figure or unit that cannot be taken as it is; the message says what would be right."""


@dataclass(frozen=True)
class Converted:
    """A figure in the analyte's unit; ``as_reported`` is None where it was printed so."""

    value: float
    as_reported: str | None = None


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────

_SPACES = "\u00a0\u2007\u2009\u202f "
_GROUPED = re.compile(r"\d{1,3}(,\d{3}){2,}(\.\d+)?|[1-9]\d{0,2},\d{3}\.\d+")
_GROUPED_BY_POINT = re.compile(r"\d{1,3}(\.\d{3}){2,}(,\d+)?|[1-9]\d{0,2}\.\d{3},\d+")
_GROUPED_BY_SPACE = re.compile(rf"\d{{1,3}}([{_SPACES}]\d{{3}})+([.,]\d+)?")
_THOUSANDS_OR_DECIMAL = re.compile(r"[1-9]\d{0,2},\d{3}")
_BOUND_SIGNS = "<>≤≥"
_ABOUT_SIGNS = "~≈"


def read_figure(text: str, *, comma_is_decimal: bool = False) -> Decimal:
    """The number that a text holds; refuses bounds, ranges and what may be read in two ways.

    "17,7" and "0,177" are decimals, "1,770" may be either and is refused. ``comma_is_decimal``: other figures beside
    it use the comma so, which makes "1.770" doubtful too.
    """
    shown = text.strip().strip(_SPACES)
    if not shown:
        raise UnitRefused("there is no figure; leave the row out where the value is not reported")
    if shown[0] in _BOUND_SIGNS:
        raise UnitRefused(
            f"{shown!r} is a bound, not a figure: leave the row out and put it into the summary, "
            f"or enter the figure that the report itself uses"
        )
    if shown[0] in _ABOUT_SIGNS:
        raise UnitRefused(f"{shown!r} is a rough figure: enter the number that is printed, without the sign")
    if re.search(r"±|\+/-|\d\s*[-–—]\s*\d|\bto\b|\(", shown):
        raise UnitRefused(f"{shown!r} is more than one figure: enter one value of one patient at one time")
    return _checked(_number(shown, comma_is_decimal), shown)


def _number(shown: str, comma_is_decimal: bool) -> str:
    """The text with a point for the decimals and nothing between the thousands."""
    if _GROUPED_BY_SPACE.fullmatch(shown):
        return re.sub(rf"[{_SPACES}]", "", shown).replace(",", ".")
    if _GROUPED.fullmatch(shown):
        return shown.replace(",", "")
    if _GROUPED_BY_POINT.fullmatch(shown):
        return shown.replace(".", "").replace(",", ".")
    if _THOUSANDS_OR_DECIMAL.fullmatch(shown):
        both = f"{shown.replace(',', '')} or {shown.replace(',', '.')}"
        raise UnitRefused(f"{shown!r} may be {both}: write it without the comma")
    if comma_is_decimal and _THOUSANDS_OR_DECIMAL.fullmatch(shown.replace(".", ",")):
        both = f"{shown.replace('.', '')} or {shown}"
        raise UnitRefused(
            f"{shown!r} stands beside decimal commas and may be {both}: write it without the point"
        )
    return shown.replace(",", ".") if shown.count(",") == 1 and "." not in shown else shown


def _checked(number: str, shown: str) -> Decimal:
    plain = number.replace("\N{MINUS SIGN}", "-")
    # Decimal also takes digits of other scripts, underscores and "NaN".
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", plain, re.ASCII):
        raise UnitRefused(f"{shown!r} is not a number: enter digits with a decimal point, such as 17.7")
    value = Decimal(plain)
    if value < 0:
        raise UnitRefused(f"{shown!r} is below 0: a measurement is a number from 0 on")
    if value >= LARGEST_VALUE:
        raise UnitRefused(f"{shown!r} is too large for any measurement")
    return value


def _figure(value: Figure) -> Decimal:
    """Any kind of number as the decimal that a person would read in it."""
    if isinstance(value, str):
        return read_figure(value)
    if isinstance(value, bool):
        raise UnitRefused("true or false is no figure")
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        raise UnitRefused(f"{value!r} is not a number") from None
    if not number.is_finite():
        raise UnitRefused(f"{value} is not a number")
    return _checked(format(number, "f"), format(number, "f"))


def plain(value: Decimal | Fraction | float | int) -> str:
    """A number in digits, without an exponent and without zeros at its end."""
    number = (
        _decimal(value)
        if isinstance(value, Fraction)
        else Decimal(repr(value) if isinstance(value, float) else value)
    )
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimal(exact: Fraction) -> Decimal:
    """The fraction as a decimal: exact where it ends, else of six significant digits."""
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    digits = 60 if rest == 1 else SIGNIFICANT_DIGITS
    return Context(prec=digits).divide(Decimal(exact.numerator), Decimal(exact.denominator))


# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────────

_CHARACTERS = str.maketrans(
    {
        "μ": "µ",
        "³": "3",
        "²": "2",
        "⁹": "^9",
        "⁶": "^6",
        "*": "×",
        "·": "×",
        "−": "-",
        "⁻": "-",
        "∕": "/",
        "／": "/",
    }
)


_WORDS = (
    ("deci-?lit(?:er|re)s?", "dl"),
    ("milli-?lit(?:er|re)s?", "ml"),
    ("micro-?lit(?:er|re)s?", "µl"),
    ("lit(?:er|re)s?", "l"),
    ("micro-?mol(?:es?)?", "µmol"),
    ("milli-?mol(?:es?)?", "mmol"),
    ("micro-?gram(?:me)?s?", "µg"),
    ("milli-?gram(?:me)?s?", "mg"),
    ("gram(?:me)?s?", "g"),
)


def _key(unit: str) -> str:
    """A unit as it is looked up: one way of writing micro, powers, "per" and case."""
    key = " ".join(unit.translate(_CHARACTERS).lower().split())
    # "10³" became "103".
    key = re.sub(r"\b10\s*3\s*/", "10^3/", key)
    key = re.sub(r"\bper\b", "/", key)
    for word, short in _WORDS:
        key = re.sub(rf"{word}\b", short, key)
    key = re.sub(r"\b(u|mc)(?=(l|g|mol)\b)", "µ", key)
    key = re.sub(r"\s*(days?|d\.)$", "day", key) if "/" in key else key
    key = re.sub(r"\s+", "", key)
    key = re.sub(r"^[x×]?(10\^?|10e|1e|e|10×)([369])(cells)?/", r"10^\2/", key)
    key = re.sub(r"^(?:[x×])?10\^([369])/", r"10^\1/", key)
    return SPELLINGS.get(key, key)


_BY_KEY = {
    analyte: {_key(unit): unit for unit in (*scale.units, *scale.refused)}
    for analyte, scale in SCALES.items()
}


def known_units(analyte: str) -> tuple[str, ...]:
    """The units that can be entered for an analyte, its own first; none for one without a table."""
    scale = SCALES.get(analyte)
    return tuple(scale.units) if scale is not None else ()


def convert(analyte: str, value: Figure, unit: str, *, own_unit: str = "") -> Converted:
    """A figure in the analyte's unit, with the figure as printed where it was in another.

    A dose of glucocorticoid may name its agent ("48 mg methylprednisolone"). ``own_unit``: what an analyte that
    editors added, and that has no table here, is kept in. Raises UnitRefused with what would be right.
    """
    figure = _figure(value)
    printed = " ".join(unit.split())
    agent, bare = _agent_in(printed) if analyte == "glucocorticoid_dose" else (None, printed)
    scale = SCALES.get(analyte)
    if scale is None:
        if not own_unit or _key(printed) != _key(own_unit):
            known = own_unit or "its own unit"
            raise UnitRefused(f"{analyte!r} has no table of units: enter it in {known}")
        return Converted(float(figure))
    name = _unit_of(analyte, bare)
    factor = scale.units[name] * (agent.factor if agent is not None else 1)
    exact = _decimal(Fraction(figure) * factor)
    if exact >= LARGEST_VALUE:
        raise UnitRefused(f"{plain(figure)} {printed} is too large for any measurement")
    if name == scale.own and (agent is None or agent.name == "prednisolone"):
        return Converted(float(exact))
    return Converted(float(exact), _as_reported(value, printed))


def _unit_of(analyte: str, printed: str) -> str:
    """The unit of the table that a text means."""
    scale = SCALES[analyte]
    key = _key(printed)
    # In blood counts G/L is giga per litre; in proteins it is a gram in capitals.
    name = _BY_KEY[analyte].get("10^9/l" if analyte == "eosinophils" and key == "g/l" else key)
    if name is None and not key and analyte == "responder_index":
        name = scale.own
    known = ", ".join(scale.units)
    if name is None and not key:
        raise UnitRefused(f"the unit is missing: {known}")
    if name is None:
        raise UnitRefused(f"{printed!r} is not a unit of this analyte: {known}")
    if name in scale.refused:
        raise UnitRefused(f"{printed!r} is not converted: {scale.refused[name]}")
    return name


def _as_reported(value: Figure, unit: str) -> str:
    figure = " ".join(value.split()) if isinstance(value, str) else plain(_figure(value))
    return f"{figure}{unit}" if unit.startswith("%") else f"{figure} {unit}".strip()


# ── glucocorticoids ──────────────────────────────────────────────────────────────────────────────────────────────

_AGENTS = {name: agent for agent in AGENTS for name in (agent.name, *agent.synonyms)}
# Longest first: "methylprednisolone" holds "prednisolone".
_AGENT_WORD = re.compile(
    r"(?<![a-z])(?:of\s+)?("
    + "|".join(re.escape(name) for name in sorted(_AGENTS, key=len, reverse=True))
    + r")(?![a-z])"
)


def _agent_key(agent: str) -> str:
    return " ".join(re.sub(r"\(.*?\)", " ", agent.lower()).replace("-", " ").split())


def _agent_in(unit: str) -> tuple[Agent | None, str]:
    """The agent that a unit of dose names, and the unit without it."""
    found = _AGENT_WORD.search(unit.lower().replace("-", " "))
    if found is None:
        return None, unit
    bare = f"{unit[: found.start()]} {unit[found.end() :]}".strip()
    return _AGENTS[found[1]], bare


def prednisolone_equivalent(agent: str, dose: Figure, route: str = "") -> Converted:
    """A dose in mg of a systemic glucocorticoid as mg of prednisolone; the agent's dose is kept as reported.

    Refuses agents and routes that act in one place: their dose says nothing about prednisolone.
    """
    name = _agent_key(agent)
    if route.strip().lower() in LOCAL_ROUTES:
        raise UnitRefused(
            f"{route.strip().lower()} glucocorticoid is not converted: only what acts in the whole body is"
        )
    if any(local in name for local in LOCAL_AGENTS):
        raise UnitRefused(f"{agent!r} is not converted: it acts in one place")
    known = _AGENTS.get(name)
    if known is None:
        raise UnitRefused(f"{agent!r} has no factor here: {', '.join(one.name for one in AGENTS)}")
    figure = _figure(dose)
    value = float(_decimal(Fraction(figure) * known.factor))
    return Converted(value, None if known.name == "prednisolone" else f"{plain(figure)} mg {agent.strip()}")


# ── doubts ───────────────────────────────────────────────────────────────────────────────────────────────────────

_NAMES = {
    "serum_igg4": "a serum IgG4",
    "serum_igg": "a serum IgG",
    "serum_ige": "a serum IgE",
    "eosinophils": "an eosinophil count",
    "glucocorticoid_dose": "a glucocorticoid dose",
    "responder_index": "a Responder Index",
    "gland_volume": "a gland volume",
    "crp": "a C-reactive protein",
    "creatinine": "a serum creatinine",
    "complement_c3": "a complement C3",
    "soluble_il2r": "a soluble IL-2 receptor",
}


def doubts(analyte: str, value: Figure) -> tuple[str, ...]:
    """What is unusual about a figure in the analyte's own unit: warnings that a person may confirm."""
    if analyte not in SCALES:
        return ()
    exact = Fraction(_figure(value))
    if exact == 0 and analyte in ZERO_IS_USUAL:
        return ()
    figure = f"{plain(exact)}{'' if SCALES[analyte].own == '%' else ' '}{SCALES[analyte].own}"
    found = [
        f"{_NAMES[analyte]} of {figure} is {side} what is usual: {limit.reason}{_perhaps(limit, exact)}"
        for limit in LIMITS
        if limit.analyte == analyte and (side := _side(limit, exact))
    ]
    if analyte in WHOLE_NUMBERS and exact.denominator != 1:
        found.append(f"{_NAMES[analyte]} of {figure} is no whole number: {WHOLE_NUMBERS[analyte]}")
    return tuple(found)


def _side(limit: Limit, exact: Fraction) -> str:
    if limit.below is not None and exact < limit.below:
        return "below"
    return "above" if limit.above is not None and exact > limit.above else ""


def _perhaps(limit: Limit, exact: Fraction) -> str:
    """The units in which the figure would be usual, with what it would then be."""
    scale, words = SCALES[limit.analyte], []
    for unit in limit.perhaps:
        if unit not in scale.units:
            words.append(f"is it {unit}?")
            continue
        meant = exact * scale.units[unit]
        usual = not any(_side(other, meant) for other in LIMITS if other.analyte == limit.analyte)
        if usual:
            words.append(f"is it {unit}? {plain(exact)} {unit} would be {plain(meant)} {scale.own}")
    return f"; {'; '.join(words)}" if words else ""


def week_doubts(week: int) -> tuple[str, ...]:
    """What is unusual about a week of a patient's course, counted from the start of the index therapy."""
    if abs(week) <= FAR_WEEKS:
        return ()
    side = "before" if week < 0 else "after"
    days = round(Fraction(week, DAYS_IN_A_WEEK))
    return (
        f"week {week} is more than ten years {side} the start of the index therapy: is it days? "
        f"{week} days would be week {days}",
    )
