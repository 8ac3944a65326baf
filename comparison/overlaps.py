"""Of studies that share patients, or may, only one enters a pool. METHODS: strata."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

# Which pairs of studies share patients: frozenset of two slugs -> whether that is certain.
Overlaps = Mapping[frozenset[str], bool]
NO_OVERLAPS: Overlaps = {}

Key = TypeVar("Key")


def standing_aside(
    sized: Iterable[tuple[Key, str, int]], overlaps: Overlaps, rule: str
) -> dict[Key, tuple[str, bool]]:
    """What stays out of the pool: its key, with the study that it gives way to and whether sharing is certain.

    ``sized`` are key, study and patients; they are taken by falling patients, then alphabet, and each whose study
    overlaps one already taken is skipped. ``rule``: "probable" heeds all pairs, "certain" those, "ignore" none.
    """
    if rule == "ignore":
        return {}
    taken: list[str] = []
    aside: dict[Key, tuple[str, bool]] = {}
    for key, study, _ in sorted(sized, key=lambda one: (-one[2], one[1], str(one[0]))):
        for other in taken:
            certain = overlaps.get(frozenset({study, other}))
            if certain is not None and (certain or rule == "probable"):
                aside[key] = (other, certain)
                break
        else:
            taken.append(study)
    return aside


def overlap_reason(other: str, certain: bool) -> str:
    """Why a study stands aside, in words; ``other``: the label of the study in the pool."""
    return f"{'shares' if certain else 'may share'} patients with {other}, which is as large or larger and in the pool"
