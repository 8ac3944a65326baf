"""Ways to spoil a set, each with the one line that tells of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evidence.dataset.plain_set import change

STUDY = "studies/carruthers-2015.yaml"
TRIAL = "studies/stone-2025.yaml"
CASES = "studies/simpson-2020.yaml"
THERAPY = "therapies/dupilumab.yaml"
# A score of the Responder Index that stands.
SCORE = {"week": 0, "organ": "pancreas", "version": "ri_2018", "score": 3}


@dataclass(frozen=True)
class Bad:
    """One way to spoil a set, and the one line that tells of it."""

    name: str
    spoil: Callable[[Path], object]
    line: str


def edited(file: str, edit: Callable[[Any], object]) -> Callable[[Path], object]:
    return lambda data: change(data / file, edit)


def written(file: str, text: str | bytes) -> Callable[[Path], object]:
    content = text.encode() if isinstance(text, str) else text
    return lambda data: (data / file).write_bytes(content)


def replaced(file: str, old: str, new: str) -> Callable[[Path], object]:
    def spoil(data: Path) -> None:
        text = (data / file).read_text(encoding="utf-8")
        assert old in text
        (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def updated(file: str, *path: str | int, **values: Any) -> Callable[[Path], object]:
    """Set fields of the mapping that the path leads to."""

    def edit(content: Any) -> None:
        for part in path:
            content = content[part]
        content.update(values)

    return edited(file, edit)


def repeated(file: str, *path: str | int) -> Callable[[Path], object]:
    """Give the first item of a list a second time, at its end."""

    def edit(content: Any) -> None:
        for part in path:
            content = content[part]
        content.append(content[0])

    return edited(file, edit)
