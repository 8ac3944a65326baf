"""Which of an arm's figures for an outcome is taken: the one closest to the time asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Figure = TypeVar("Figure")


@dataclass(frozen=True)
class Candidate(Generic[Figure]):
    """A figure that might be taken. ``week``: its own, else the study's follow-up, else None (unknown)."""

    figure: Figure
    week: int | None
    patients: int
    # A figure on the whole patient goes before one on a single organ.
    is_on_organ: bool
    # Its place in the file, the last tie-breaker.
    position: int


def choose(candidates: Sequence[Candidate[Figure]], at: int | str) -> tuple[Figure, list[tuple[Figure, str]]]:
    """The figure taken, and each passed over with the reason.

    Closest week first (ties go to the later), unknown weeks last; then the larger total; then the whole patient
    before an organ; then the order of the file. Raises ValueError for no candidates.
    """
    if not candidates:
        raise ValueError("there is no figure to choose from")
    taken, *others = sorted(candidates, key=lambda candidate: _rank(candidate, at))
    return taken.figure, [(other.figure, _why(other, taken, at)) for other in others]


def _rank(candidate: Candidate[Figure], at: int | str) -> tuple[float, float, int, bool, int]:
    if candidate.week is None:
        distance, earliness = float("inf"), 0.0
    elif at == "latest":
        distance, earliness = -candidate.week, 0.0
    elif at == "earliest":
        distance, earliness = candidate.week, 0.0
    else:
        distance, earliness = abs(candidate.week - int(at)), -candidate.week
    return (distance, earliness, -candidate.patients, candidate.is_on_organ, candidate.position)


def _why(other: Candidate[Figure], taken: Candidate[Figure], at: int | str) -> str:
    if other.week is None and taken.week is not None:
        return "its time is not reported"
    if other.week is not None and taken.week is not None and other.week != taken.week:
        return _why_then(other.week, taken.week, at)
    if other.patients != taken.patients:
        return "fewer patients"
    if other.is_on_organ != taken.is_on_organ:
        return "on one organ only"
    return "the paper gives another definition first"


def _why_then(week: int, taken: int, at: int | str) -> str:
    """Why a figure of another week was passed over."""
    if at == "latest":
        return "there is a later one"
    if at == "earliest":
        return "there is an earlier one"
    if abs(week - int(at)) == abs(taken - int(at)):
        return "as close to the time asked for, and earlier"
    return "another time is closer to the one asked for"
