"""Risk of bias as traffic lights: a table on the study's page, one light beside a row of the forest plot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evidence.appraisal.tools import SEVERITY, Answer, Tool, tools, tools_for
from evidence.models import Appraisal
from foundation.formatting import joined

NOT_RATED = "not yet rated"


@dataclass(frozen=True)
class Light:
    """A judgement: symbol and tone, and the word that says the same."""

    symbol: str
    word: str
    tone: str


@dataclass(frozen=True)
class LightCell:
    """The answer to one question, with its reason."""

    short: str
    question: str
    light: Light
    reason: str


@dataclass(frozen=True)
class LightRow:
    """One rater's answers; raters are numbered and never named."""

    rater: str
    cells: tuple[LightCell, ...]
    overall: Light
    rated_on: date
    comment: str

    @property
    def reasons(self) -> list[LightCell]:
        """The answers that say why."""
        return [cell for cell in self.cells if cell.reason]


@dataclass(frozen=True)
class LightTable:
    """A study's appraisals by one tool."""

    name: str
    title: str
    reference: str
    doi: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[LightRow, ...]


def light_tables(appraisals: Iterable[Appraisal]) -> list[LightTable]:
    """The appraisals of a study by tool, in the tools' order; raters in the order in which they began."""
    by_tool: dict[str, list[Appraisal]] = {}
    for appraisal in sorted(appraisals, key=lambda each: each.pk):
        by_tool.setdefault(appraisal.tool, []).append(appraisal)
    return [_table(tool, by_tool[slug]) for slug, tool in tools().items() if slug in by_tool]


def _table(tool: Tool, appraisals: Sequence[Appraisal]) -> LightTable:
    return LightTable(
        name=tool.name,
        title=tool.title,
        reference=tool.reference,
        doi=tool.doi,
        heads=tuple((item.short, item.question) for item in tool.items),
        rows=tuple(_row(tool, appraisal, number) for number, appraisal in enumerate(appraisals, start=1)),
    )


def _row(tool: Tool, appraisal: Appraisal, number: int) -> LightRow:
    given = {answer.domain: answer for answer in appraisal.answers.all()}
    cells = []
    for item in tool.items:
        answer = given.get(item.slug)
        light = _light(tool.answer_by_slug, answer.judgement) if answer is not None else UNANSWERED
        cells.append(LightCell(item.short, item.question, light, answer.reason if answer is not None else ""))
    return LightRow(
        rater=f"Rater {number}",
        cells=tuple(cells),
        overall=_light(tool.overall_by_slug, appraisal.overall),
        rated_on=appraisal.rated_on,
        comment=appraisal.comment,
    )


UNANSWERED = Light("·", "Not answered", "aside")


def _light(known: Mapping[str, Answer], slug: str) -> Light:
    """An answer as a light; one that the tool no longer has keeps its word."""
    answer = known.get(slug)
    if answer is None:
        return Light("·", slug.replace("_", " ").capitalize(), "aside")
    return Light(answer.symbol, answer.label, answer.tone)


def would_apply(design: str) -> str:
    """The tools made for a design, in words; empty for reviews and opinions."""
    return joined([tool.name for tool in tools_for(design)], "or")


@dataclass(frozen=True)
class StudyLight:
    """One light for a study, for a row of a comparison: the overall judgement by its most fitting tool."""

    light: Light
    tool: str
    raters: int
    raters_agree: bool

    @property
    def words(self) -> str:
        """The judgement, the tool, and whether raters differ: "Low (RoB 2)"."""
        if self.raters_agree:
            return f"{self.light.word} ({self.tool})"
        return f"{self.light.word} ({self.tool}; the worst of {self.raters} raters, who differ)"


def study_lights(
    appraisals: Mapping[str, Sequence[Appraisal]], designs: Mapping[str, str]
) -> dict[str, StudyLight]:
    """The light of each study that has one."""
    found = {slug: _study_light(rated, designs[slug]) for slug, rated in appraisals.items()}
    return {slug: light for slug, light in found.items() if light is not None}


def _study_light(appraisals: Sequence[Appraisal], design: str) -> StudyLight | None:
    """By the tool that fits the design best; where raters differ, the gravest judgement stands."""
    fitting = [*tools_for(design), *tools().values()]
    tool = next((each for each in fitting if any(row.tool == each.slug for row in appraisals)), None)
    if tool is None:
        return None
    lights = [_light(tool.overall_by_slug, row.overall) for row in appraisals if row.tool == tool.slug]
    return StudyLight(
        light=max(lights, key=_gravity),
        tool=tool.name,
        raters=len(lights),
        raters_agree=len(set(lights)) == 1,
    )


def _gravity(light: Light) -> float:
    """What is not known stands between a doubt and a fault."""
    known = {str(tone): float(severity) for tone, severity in SEVERITY.items()}
    return known.get(light.tone, 1.5)
