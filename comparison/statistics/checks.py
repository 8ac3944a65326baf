"""Checks of what goes into an estimate: each fault is a ValueError that says which row and what is wrong."""

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from numbers import Integral, Real

# Beyond, a float no longer tells a patient more from a patient less.
MOST_PATIENTS = 10**15
# The quadratures were checked up to here. From a thousand million on their nodes miss the peak, and they would answer
# all the same, wrongly.
MOST_PATIENTS_POOLED = 10**8
# Estimates on a log scale and their variances: beyond, sums overflow and the answer would be no number.
LARGEST_NUMBER = 1e12
SMALLEST_VARIANCE = 1e-30


def checked_count(value: object, name: str, where: str = "") -> int:
    """Return a count as an int.

    NumPy integers and whole floats (as a column with gaps yields them) are counts; True is not, for it is more
    likely a slip than one patient.
    """
    prefix = f"{where}: " if where else ""
    if value is None:
        raise ValueError(f"{prefix}{name} is missing")
    if isinstance(value, bool) or type(value).__name__ in {"bool", "bool_"}:
        raise ValueError(f"{prefix}{name} is {value}, a truth value and not a count")
    if isinstance(value, Integral):
        count = int(value)
    elif isinstance(value, Real):
        number = float(value)
        if math.isnan(number):
            raise ValueError(f"{prefix}{name} is not a number (NaN)")
        if not number.is_integer():
            raise ValueError(f"{prefix}{name} is {value}, not a whole number")
        count = int(number)
    else:
        raise ValueError(f"{prefix}{name} is {value!r}, not a whole number")
    if count < 0:
        raise ValueError(f"{prefix}{name} is {count}, below zero")
    return count


def checked_proportion(events: object, total: object, where: str = "", suffix: str = "") -> tuple[int, int]:
    """Return events and total, with the total above zero and no fewer than the events.

    `suffix` tells the arms of one study apart, as in "events_a".
    """
    prefix = f"{where}: " if where else ""
    n_events = checked_count(events, f"events{suffix}", where)
    n_total = checked_count(total, f"total{suffix}", where)
    if n_total > MOST_PATIENTS:
        raise ValueError(f"{prefix}total{suffix} is more than {MOST_PATIENTS:,} patients")
    if n_total == 0:
        raise ValueError(f"{prefix}total{suffix} is 0, so that there is no proportion")
    if n_events > n_total:
        raise ValueError(f"{prefix}events{suffix} {n_events} are more than total{suffix} {n_total}")
    return n_events, n_total


def checked_list(values: object, name: str) -> list[object]:
    """Return the rows of a column as a list; a single number is no column, a set or mapping has no order."""
    if isinstance(values, str | bytes | Mapping | Set) or not isinstance(values, Iterable):
        raise ValueError(f"{name} is {values!r}, not a list with a value for each row")
    try:
        return list(values)
    except TypeError as error:  # NumPy's arrays without a dimension say that they are iterable.
        raise ValueError(f"{name} is {values!r}, not a list with a value for each row") from error


def checked_rows(events: Iterable[object], totals: Iterable[object]) -> list[tuple[int, int]]:
    """Return the rows as (events, total) pairs; rows are counted from 1 in messages."""
    events, totals = checked_list(events, "events"), checked_list(totals, "totals")
    if len(events) != len(totals):
        raise ValueError(f"events has {len(events)} rows but totals has {len(totals)}")
    if not events:
        raise ValueError("no evidence: events and totals are empty")
    rows = [
        checked_proportion(event, total, where=f"row {number}")
        for number, (event, total) in enumerate(zip(events, totals, strict=True), start=1)
    ]
    for number, (_, total) in enumerate(rows, start=1):
        if total > MOST_PATIENTS_POOLED:
            raise ValueError(
                f"row {number}: total is {total}, more than {MOST_PATIENTS_POOLED:,} to be pooled"
            )
    return rows


def checked_level(level: float) -> float:
    """Return a confidence level strictly between 0 and 1."""
    if isinstance(level, bool) or not isinstance(level, Real) or not 0 < level < 1:
        raise ValueError(f"level is {level!r}, not between 0 and 1, as 0.95")
    return float(level)


def checked_number(value: object, name: str, where: str = "") -> float:
    """Return a finite float."""
    prefix = f"{where}: " if where else ""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{prefix}{name} is {value!r}, not a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{prefix}{name} is {number}, not a finite number")
    return number


def checked_effects(estimates: Sequence[object], variances: Sequence[object]) -> list[tuple[float, float]]:
    """Return (estimate, variance) pairs, all finite, variances above zero."""
    estimates, variances = checked_list(estimates, "estimates"), checked_list(variances, "variances")
    if len(estimates) != len(variances):
        raise ValueError(f"estimates has {len(estimates)} rows but variances has {len(variances)}")
    if not estimates:
        raise ValueError("no evidence: estimates and variances are empty")
    pairs = []
    for number, (estimate, variance) in enumerate(zip(estimates, variances, strict=True), start=1):
        where = f"row {number}"
        pair = checked_number(estimate, "estimate", where), checked_number(variance, "variance", where)
        if pair[1] <= 0:
            raise ValueError(f"{where}: variance is {pair[1]}, not above zero")
        if pair[1] < SMALLEST_VARIANCE:
            raise ValueError(f"{where}: variance is {pair[1]}, too small to be weighed")
        for value, name in zip(pair, ("estimate", "variance"), strict=True):
            if abs(value) > LARGEST_NUMBER:
                raise ValueError(f"{where}: {name} is {value}, too large to be pooled")
        pairs.append(pair)
    return pairs
