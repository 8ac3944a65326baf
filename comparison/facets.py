"""How many patients remain with each choice of a filter: counted under all the other filters, each patient once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A patient as the filters see one: the study, by key, and the values of each facet."""

    study: int
    values: Mapping[str, frozenset[str]]


Counter = Callable[[Sequence[FacetRow]], int]


def passes(row: FacetRow, chosen: Mapping[str, Collection[str]], *, but: str = "") -> bool:
    """Whether a patient meets every filter but one: any value within a facet, every facet together."""
    return all(
        not values or facet == but or not row.values.get(facet, frozenset()).isdisjoint(values)
        for facet, values in chosen.items()
    )


def remaining(
    rows: Iterable[FacetRow], chosen: Mapping[str, Collection[str]], facets: Sequence[str], once: Counter
) -> dict[str, dict[str, int]]:
    """Patients with each value of each facet, under the other facets' choices; `once` counts a patient once.

    A value that no patient has is left out.
    """
    known = list(rows)
    counts: dict[str, dict[str, int]] = {}
    for facet in facets:
        having: dict[str, list[FacetRow]] = defaultdict(list)
        for row in known:
            if passes(row, chosen, but=facet):
                for value in row.values.get(facet, ()):
                    having[value].append(row)
        counts[facet] = {value: once(group) for value, group in having.items()}
    return counts
