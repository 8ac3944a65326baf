"""Which arms of a study stand head to head: two that differ by the therapy. Pure: rows in, pairs out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from comparison.result import ReportedContrast, Row

# One therapy in place of the other; or one of them added to what the other's arm had.
Kind = Literal["instead", "first_added", "second_added"]


@dataclass(frozen=True)
class Head:
    """Two arms of one study that differ by the therapy."""

    first: Row
    second: Row
    kind: Kind

    @property
    def study(self) -> str:
        """The study of both arms."""
        return self.first.study

    @property
    def size(self) -> int:
        """Patients of both arms."""
        return self.first.size + self.second.size

    @property
    def is_counted(self) -> bool:
        """Whether both figures are x of n."""
        return self.first.events is not None and self.second.events is not None


def difference(a: str, of_a: Iterable[str], b: str, of_b: Iterable[str]) -> Kind | None:
    """How the regimens of an arm given ``a`` and an arm given ``b`` differ; None where by more than the therapy."""
    first, second = set(of_a), set(of_b)
    if first - {a} == second - {b}:
        return "instead"
    if first - {a} == second:
        return "first_added"
    return "second_added" if second - {b} == first else None


def heads_of(a: str, b: str, rows: Sequence[Row], classes: Collection[str]) -> list[Head]:
    """One pair of arms a study, the largest where several would do; by study."""
    heads: dict[str, Head] = {}
    for first in (row for row in rows if row.therapy == a and row.arm and row.design_class in classes):
        for second in (row for row in rows if row.therapy == b and row.study == first.study and row.arm):
            kind = difference(a, first.regimen, b, second.regimen)
            if kind is None or first.arm == second.arm:
                continue
            head = Head(first, second, kind)
            known = heads.get(first.study)
            if known is None or _rank(head) < _rank(known):
                heads[first.study] = head
    return [heads[study] for study in sorted(heads)]


def _rank(head: Head) -> tuple[int, list[str]]:
    """The same for a pair and its mirror image, so that swapping the therapies picks the same arms."""
    return (-head.size, sorted((head.first.arm or "", head.second.arm or "")))


def unlike(head: Head) -> str | None:
    """Why the figures of two arms make no ratio though their arms would: other times, organs or definitions."""
    first, second = head.first, head.second
    if None not in (first.week, second.week) and first.week != second.week:
        return f"its arms are told at different times (weeks {first.week} and {second.week})"
    if first.organ != second.organ:
        return "its arms are told for different organs"
    if None not in (first.definition, second.definition) and first.definition != second.definition:
        return "its arms are told by different definitions"
    return None


def is_turned(row: ReportedContrast, a: str, b: str, head: Head | None) -> bool | None:
    """Whether a reported difference is of b to a; None where it is not between the two.

    ``head`` are the arms whose counts stand beside it: it must be of the same arms. Without them (no counts are told)
    any two of its arms that differ by the therapy will do.
    """
    if head is not None:
        sides = {(head.first.arm, head.second.arm): False, (head.second.arm, head.first.arm): True}
        return sides.get((row.arm, row.versus))
    if a in row.therapies and b in row.versus_therapies:
        return False if difference(a, row.regimen, b, row.versus_regimen) else None
    if b in row.therapies and a in row.versus_therapies:
        return True if difference(a, row.versus_regimen, b, row.regimen) else None
    return None
