"""The words of a pasted block: names of columns and analytes, and the ways to say when."""

import re
from decimal import ROUND_HALF_UP, Decimal

from evidence.unit_tables import AGENTS
from evidence.units import DAYS_IN_A_WEEK, WEEKS_IN_A_MONTH

FURTHEST_WEEK = 5200  # as the records have it
MONTHS_IN_A_YEAR = 12

# What a cell holds where there is no figure.
LEFT_EMPTY = frozenset(
    {
        "",
        "-",
        "–",
        "—",
        "na",
        "n/a",
        "n.a.",
        "nd",
        "n.d.",
        "nr",
        "n.r.",
        "not reported",
        "not done",
        "missing",
        "?",
        ".",
    }
)

TIME_COLUMNS = ("week", "month", "day", "year", "time")
COLUMNS: dict[str, str] = {
    **dict.fromkeys(("week", "weeks", "wk", "wks", "week no", "weeks after start"), "week"),
    **dict.fromkeys(("month", "months", "mo", "mos"), "month"),
    **dict.fromkeys(("day", "days"), "day"),
    **dict.fromkeys(("year", "years"), "year"),
    **dict.fromkeys(("time", "timepoint", "time point", "when", "visit"), "time"),
    **dict.fromkeys(
        (
            "analyte",
            "analytes",
            "test",
            "parameter",
            "marker",
            "lab",
            "measurement",
            "biomarker",
            "name",
            "variable",
        ),
        "analyte",
    ),
    **dict.fromkeys(("value", "values", "result", "results", "level", "figure", "number"), "value"),
    **dict.fromkeys(("unit", "units"), "unit"),
}

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "serum_igg4": ("igg4", "s igg4", "sigg4", "igg4 level", "igg 4", "immunoglobulin g4", "se igg4"),
    "serum_igg": ("igg", "s igg", "total igg", "immunoglobulin g"),
    "serum_ige": ("ige", "s ige", "total ige", "immunoglobulin e"),
    "eosinophils": (
        "eos",
        "eosinophil",
        "eosinophil count",
        "eosinophils absolute",
        "eo",
        "blood eosinophils",
        "aec",
    ),
    "glucocorticoid_dose": (
        "glucocorticoid",
        "glucocorticoid dose",
        "gc",
        "gc dose",
        "steroid",
        "steroid dose",
        "corticosteroid",
        "prednisolone dose",
        "prednisone dose",
        "glucocorticoid dose prednisolone equivalent",
    ),
    "responder_index": ("ri", "igg4 rd ri", "igg4rd ri", "responder index", "igg4 rd responder index"),
    "gland_volume": ("gland volume", "gland volume against baseline"),
    "crp": ("crp", "c reactive protein"),
    "creatinine": ("creatinine", "serum creatinine", "crea", "cr", "scr"),
    "complement_c3": ("c3", "complement c3", "complement 3"),
    "soluble_il2r": ("sil2r", "sil 2r", "soluble il 2 receptor", "soluble il2 receptor", "sil 2 receptor"),
}


def analyte_key(name: str) -> str:
    """A name as it is looked up: lower case, without punctuation."""
    return " ".join(re.sub(r"[\W_]+", " ", name.lower()).split())


ANALYTES: dict[str, str] = {
    analyte_key(name): slug for slug, names in _SYNONYMS.items() for name in (slug, *names)
} | {analyte_key(name): "glucocorticoid_dose" for agent in AGENTS for name in (agent.name, *agent.synonyms)}


class TimeRefused(ValueError):
    """A time that is no week from the start of the index therapy; the message says what would be right."""


_START = frozenset({"baseline", "start", "at start", "bl", "at baseline", "onset of therapy", "week zero"})
_KINDS = {
    **dict.fromkeys(("week", "weeks", "wk", "wks", "w"), "week"),
    **dict.fromkeys(("month", "months", "mo", "mos", "mth", "mths", "m"), "month"),
    **dict.fromkeys(("day", "days", "d"), "day"),
    **dict.fromkeys(("year", "years", "yr", "yrs", "y"), "year"),
}
_TIME = re.compile(
    r"(?:(?P<before>[a-z]+)\.?)?\s*(?P<number>[+-]?\d+(?:[.,]\d+)?)\s*(?:(?P<after>[a-z]+)\.?)?"
)
_WEEKS_IN = {
    "week": Decimal(1),
    "month": WEEKS_IN_A_MONTH,
    "year": WEEKS_IN_A_MONTH * MONTHS_IN_A_YEAR,
}
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(19|20)\d\d\b|[a-z]{3,9}\.?\s+(19|20)\d\d")


def read_week(text: str, kind: str = "week") -> tuple[int, str]:
    """The week that a cell means, and what was computed to get it (empty where it says the week).

    ``kind``: what the column counts, "time" where it does not say. 1 month = 4.345 weeks, rounded (curation rule 3).
    """
    shown = " ".join(text.split())
    key = shown.lower().replace("\N{MINUS SIGN}", "-").replace("–", "-")
    if not key:
        raise TimeRefused("the time is missing: enter the week from the start of the index therapy")
    if key in _START:
        return 0, ""
    if _DATE.search(key):
        raise TimeRefused(
            f"{shown!r} looks like a date, which could identify the patient: enter the week from the start of the "
            f"index therapy"
        )
    found = _TIME.fullmatch(key)
    words = {word for word in (found["before"], found["after"]) if word} if found is not None else set()
    if found is None or len(words) > 1 or not all(word in _KINDS for word in words):
        raise TimeRefused(f"{shown!r} is no time: write baseline, week 12, -4, month 3 or d14")
    if not words and kind == "time":
        raise TimeRefused(f"{shown!r} of what? Write week {shown}, month {shown} or day {shown}")
    return _weeks(Decimal(found["number"].replace(",", ".")), _KINDS[words.pop()] if words else kind, shown)


def _weeks(number: Decimal, kind: str, shown: str) -> tuple[int, str]:
    if kind == "week" and number != number.to_integral_value():
        raise TimeRefused(
            f"{shown!r} is no whole week: round it, or write days (d{number * DAYS_IN_A_WEEK:f})"
        )
    exact = number / DAYS_IN_A_WEEK if kind == "day" else number * _WEEKS_IN[kind]
    week = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if abs(week) > FURTHEST_WEEK:
        raise TimeRefused(
            f"{shown!r} is a hundred years away: enter the week from the start of the index therapy"
        )
    if kind == "week":
        return week, ""
    if kind == "day":
        return week, f"day {number:f} is taken as week {week} (divided by 7, rounded)"
    factor = f"{_WEEKS_IN[kind]:f}"
    return week, f"{kind} {number:f} is taken as week {week} (× {factor}, rounded)"
