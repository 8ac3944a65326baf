"""Slow and obvious sensitivity: counting up, and every universe spelled out by nested loops."""

from fractions import Fraction

from comparison.statistics.proportions import pool_proportions


def tipping_point(events, total, below):
    """Return the failures needed, by adding one at a time."""
    failures = 0
    while Fraction(events, total + failures) >= Fraction(below):
        failures += 1
    return failures


def pooled(rows, method="auto"):
    """Return the estimate of (study, year, events, total) rows, None where there are none."""
    if not rows:
        return None
    return pool_proportions([row.events for row in rows], [row.total for row in rows], method)
