"""Cases counted together: x of n over single patients, each patient once.

What is counted, and of whom, is written once in comparison/derived.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from comparison.derived import COUNTED
from evidence.models import Case, Overlap

Tally = tuple[int, int]
Pairs = Collection[frozenset[int]]


def pairs_of(overlaps: Iterable[Overlap]) -> set[frozenset[int]]:
    """Which studies share patients, for certain or probably, by key."""
    return {frozenset({overlap.study_a_id, overlap.study_b_id}) for overlap in overlaps}


def counted_once(sizes: Mapping[int, int], slugs: Mapping[int, str], overlapping: Pairs) -> dict[int, int]:
    """Which studies stand aside, each with the one it gives way to: of those that share patients the largest counts.

    `sizes` are the cases of each study, `slugs` its name, by key; a study that is not in the answer is counted.
    """
    taken: list[int] = []
    aside: dict[int, int] = {}
    for key in sorted(sizes, key=lambda key: (-sizes[key], slugs[key])):
        other = next((one for one in taken if frozenset({key, one}) in overlapping), None)
        if other is None:
            taken.append(key)
        else:
            aside[key] = other
    return aside


def independent(cases: Iterable[Case], overlapping: Pairs) -> list[Case]:
    """The cases of studies that share no patients, the study with most cases first; retracted reports are left out."""
    by_study: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        if not is_retracted(case):
            by_study[case.study_id].append(case)
    slugs = {key: own[0].study.slug for key, own in by_study.items()}
    aside = counted_once({key: len(own) for key, own in by_study.items()}, slugs, overlapping)
    ordered = sorted(by_study, key=lambda key: (-len(by_study[key]), slugs[key]))
    return [case for key in ordered if key not in aside for case in by_study[key]]


def is_retracted(case: Case) -> bool:
    """Whether the report that tells of the patient was retracted. Uses the prefetched study_citations."""
    primary = case.study.primary_citation
    return primary is not None and primary.is_retracted


def tally(cases: Iterable[Case], overlapping: Pairs) -> dict[str, Tally]:
    """Events and total by outcome; an outcome that no case reports is left out."""
    counted = independent(cases, overlapping)
    told = {outcome: [had(case) for case in counted] for outcome, had in COUNTED.items()}
    known = {
        outcome: [answer for answer in answers if answer is not None] for outcome, answers in told.items()
    }
    return {outcome: (sum(answers), len(answers)) for outcome, answers in known.items() if answers}
