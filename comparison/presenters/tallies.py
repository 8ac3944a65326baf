"""Cases counted together: x of n over single patients, each patient once.

What is counted, and of whom, is written once in comparison/derived.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from comparison.derived import COUNTED
from evidence.models import Case, Overlap

Tally = tuple[int, int]
Pairs = Collection[frozenset[int]]


def pairs_of(overlaps: Iterable[Overlap]) -> set[frozenset[int]]:
    """Which studies share patients, for certain or probably, by key."""
    return {frozenset({overlap.study_a_id, overlap.study_b_id}) for overlap in overlaps}


def independent(cases: Iterable[Case], overlapping: Pairs) -> list[Case]:
    """The cases of studies that share no patients, the study with most cases first; retracted reports are left out."""
    by_study: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        primary = case.study.primary_citation
        if primary is None or not primary.is_retracted:
            by_study[case.study_id].append(case)
    taken: list[int] = []
    for key, own in sorted(by_study.items(), key=lambda item: (-len(item[1]), item[1][0].study.slug)):
        if not any(frozenset({key, other}) in overlapping for other in taken):
            taken.append(key)
            continue
        del own[:]
    return [case for key in taken for case in by_study[key]]


def tally(cases: Iterable[Case], overlapping: Pairs) -> dict[str, Tally]:
    """Events and total by outcome; an outcome that no case reports is left out."""
    counted = independent(cases, overlapping)
    told = {outcome: [had(case) for case in counted] for outcome, had in COUNTED.items()}
    known = {
        outcome: [answer for answer in answers if answer is not None] for outcome, answers in told.items()
    }
    return {outcome: (sum(answers), len(answers)) for outcome, answers in known.items() if answers}
