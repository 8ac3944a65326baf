"""The evidence as it stood: a slider over the years in which it grew."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from comparison.question import Question


@dataclass(frozen=True)
class TimeMachine:
    """A range of years, the one chosen, and the rest of the question."""

    first: int
    last: int
    chosen: int
    kept: tuple[tuple[str, str], ...]
    # Back to all years; empty where none is chosen.
    now_url: str


def time_machine(question: Question, years: Sequence[int]) -> TimeMachine | None:
    """The slider of a question; None where all evidence is of one year."""
    first = min(years, default=0) if question.first_year is None else question.first_year
    last = max(years, default=0)
    if first >= last:
        return None
    now = question.with_changes(last_year=None)
    chosen = last if question.last_year is None else min(max(question.last_year, first), last)
    kept = tuple(parse_qsl(now.to_query()))
    return TimeMachine(
        first, last, chosen, kept, f"/compare/?{now.to_query()}" if question.last_year is not None else ""
    )
