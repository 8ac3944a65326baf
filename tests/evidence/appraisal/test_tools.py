"""The appraisal tools: whole, in their order, each for its designs."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from evidence.appraisal.tools import SEVERITY, Tool, tools, tools_for
from evidence.choices import AppraisalTool, Design

# Items and answers as the tools' references have them.
WHOLE = {
    "rob2": (5, ["low", "some_concerns", "high"]),
    "robins_i": (7, ["low", "moderate", "serious", "critical", "no_information"]),
    "jbi_case_report": (8, ["yes", "no", "unclear", "not_applicable"]),
    "jbi_case_series": (10, ["yes", "no", "unclear", "not_applicable"]),
    "murad": (8, ["yes", "no", "not_applicable"]),
}


@pytest.mark.parametrize(("slug", "items", "answers"), [(slug, *rest) for slug, rest in WHOLE.items()])
def test_a_tool_has_its_questions_and_answers(slug: str, items: int, answers: list[str]) -> None:
    tool = tools()[slug]
    assert len(tool.items) == items
    assert [answer.slug for answer in tool.answers] == answers
    letter = "D" if slug in ("rob2", "robins_i") else "Q"
    assert [item.short for item in tool.items] == [f"{letter}{number}" for number in range(1, items + 1)]


def test_every_tool_of_the_vocabulary_is_here_and_no_other() -> None:
    assert list(tools()) == AppraisalTool.values == list(WHOLE)


def test_the_domains_stand_in_the_order_of_the_tools() -> None:
    assert list(tools()["rob2"].item_by_slug) == [
        *("randomisation", "deviations", "missing_data", "measurement", "selective_reporting")
    ]
    assert list(tools()["robins_i"].item_by_slug) == [
        *("confounding", "selection", "classification", "deviations"),
        *("missing_data", "measurement", "selective_reporting"),
    ]


@pytest.mark.parametrize("tool", tools().values(), ids=list(WHOLE))
def test_every_tone_has_a_symbol_of_its_own_and_a_word(tool: Tool) -> None:
    for answers in (tool.answers, tool.overall):
        assert len({answer.symbol for answer in answers}) == len({answer.tone for answer in answers})
        assert all(answer.label for answer in answers)
    assert tool.reference and tool.doi.startswith("10.")
    if tool.at_least_the_worst:
        assert {answer.tone for answer in tool.answers} <= {*SEVERITY, "unknown"}
        assert tool.answers == tool.overall


@pytest.mark.parametrize(
    ("design", "names"),
    [
        (Design.RANDOMISED_TRIAL, ["RoB 2"]),
        (Design.NON_RANDOMISED_TRIAL, ["ROBINS-I"]),
        (Design.SINGLE_ARM_TRIAL, ["JBI case series", "Murad 2018"]),
        (Design.PROSPECTIVE_COHORT, ["ROBINS-I", "JBI case series"]),
        (Design.RETROSPECTIVE_COHORT, ["ROBINS-I", "JBI case series"]),
        (Design.CASE_SERIES, ["JBI case series", "Murad 2018"]),
        (Design.CASE_REPORT, ["JBI case reports", "Murad 2018"]),
        (Design.META_ANALYSIS, []),
        (Design.EXPERT_OPINION, []),
    ],
)
def test_a_design_has_the_tools_that_are_made_for_it(design: str, names: list[str]) -> None:
    assert [tool.name for tool in tools_for(design)] == names


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"needs_reason": ["perhaps"]}, "needs_reason names an answer"),
        ({"answers": [{"slug": "low", "label": "Low", "symbol": "+", "tone": "good"}] * 2}, "stands twice"),
        ({"colour": "green"}, "Extra inputs are not permitted"),
    ],
)
def test_a_tool_that_is_not_whole_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Tool.model_validate(tools()["rob2"].model_dump() | change)
