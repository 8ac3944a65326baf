"""The appraisal tools as data: their questions, the answers each allows, and the designs each is made for.

The questions are in our own words; the wording that binds a rater is that of the reference.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from evidence.choices import AppraisalTool, Design

FOLDER = Path(__file__).parent / "tools"

# How an answer looks, from good to bad; a word and a symbol stand beside every colour.
Tone = Literal["good", "doubt", "bad", "worst", "unknown", "aside"]
# From best to worst, for tools whose overall judgement is no better than their worst domain. What is not known is told
# apart: it makes nothing better.
SEVERITY: Mapping[Tone, int] = {"good": 0, "doubt": 1, "bad": 2, "worst": 3}


class Plain(BaseModel):
    """Frozen, and without a field that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(Plain):
    """One answer or judgement that a tool allows."""

    slug: str
    label: str
    symbol: str
    tone: Tone


class Item(Plain):
    """A domain or question of a tool; `short` is its heading in a table of lights."""

    slug: str
    short: str
    question: str
    hint: str = ""


class Tool(Plain):
    """An appraisal tool."""

    slug: AppraisalTool
    name: str
    title: str
    version: str
    reference: str
    doi: str
    designs: tuple[Design, ...]
    items: tuple[Item, ...]
    answers: tuple[Answer, ...]
    overall: tuple[Answer, ...]
    # True: the overall judgement is no better than that of the worst domain.
    at_least_the_worst: bool
    # Answers that do not stand without a reason.
    needs_reason: tuple[str, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> "Tool":
        for names in (
            [item.slug for item in self.items],
            [item.short for item in self.items],
            [answer.slug for answer in self.answers],
            [answer.symbol for answer in self.answers],
            [answer.slug for answer in self.overall],
        ):
            if len(set(names)) != len(names):
                raise ValueError(f"{self.name}: a name stands twice among {names}.")
        if not set(self.needs_reason) <= set(self.answer_by_slug):
            raise ValueError(f"{self.name}: needs_reason names an answer that it does not have.")
        return self

    @property
    def item_by_slug(self) -> dict[str, Item]:
        """Its questions by slug, in their order."""
        return {item.slug: item for item in self.items}

    @property
    def answer_by_slug(self) -> dict[str, Answer]:
        """Its answers by slug."""
        return {answer.slug: answer for answer in self.answers}

    @property
    def overall_by_slug(self) -> dict[str, Answer]:
        """Its overall judgements by slug."""
        return {answer.slug: answer for answer in self.overall}


@cache
def tools() -> Mapping[str, Tool]:
    """Every tool by slug, in the order of AppraisalTool. Raises ValueError for a file that is not a tool."""
    return {slug: _read(slug) for slug in AppraisalTool.values}


def _read(slug: str) -> Tool:
    return Tool.model_validate(yaml.safe_load((FOLDER / f"{slug}.yaml").read_text(encoding="utf-8")))


def tools_for(design: str) -> list[Tool]:
    """The tools made for a design, the most fitting first; none for reviews and opinions."""
    fitting = [tool for tool in tools().values() if design in tool.designs]
    return sorted(fitting, key=lambda tool: tool.designs.index(Design(design)))
