"""The rule table of judgements, row by row, each with its message."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evidence.appraisal.rules import CONCERNS, Given, appraisal_faults, certainty_faults
from evidence.appraisal.tools import tools

TODAY = date(2026, 11, 23)


def faults(slug: str = "rob2", **changes: Any) -> list[tuple[str, str]]:
    """The faults of an appraisal that is right but for the changes; `answers` changes single answers."""
    tool = tools()[slug]
    first, reason = tool.answers[0].slug, ""
    answers = {item.slug: Given(item.slug, first, reason) for item in tool.items}
    answers |= changes.pop("answers", {})
    given = {
        "design": tool.designs[0],
        "overall": tool.overall[0].slug,
        "answers": list(answers.values()),
        "rated_on": TODAY,
        "today": TODAY,
    } | changes
    return [(fault.field, fault.message) for fault in appraisal_faults(tool, **given)]


@pytest.mark.parametrize("slug", list(tools()))
def test_the_best_of_every_tool_may_stand(slug: str) -> None:
    assert faults(slug) == []


@pytest.mark.parametrize(
    ("slug", "changes", "field", "message"),
    [
        (
            "rob2",
            {"design": "case_report"},
            "tool",
            "RoB 2 is not made for this design (case report); for it there is JBI case reports or Murad 2018.",
        ),
        (
            "murad",
            {"design": "meta_analysis"},
            "tool",
            "Murad 2018 is not made for this design (systematic review with meta-analysis); for it there is "
            "no tool here.",
        ),
        (
            "rob2",
            {"answers": {"luck": Given("luck", "low")}},
            "answers",
            "RoB 2 has no question 'luck'; it has randomisation, deviations, missing_data, measurement, "
            "selective_reporting.",
        ),
        (
            "rob2",
            {"answers": {"twice": Given("deviations", "low")}},
            "answers",
            "D2 is answered 2 times; it takes one answer.",
        ),
        (
            "rob2",
            {"answers": {"measurement": Given("measurement", "middling")}},
            "answers",
            "D4 does not take 'middling'; it takes Low, Some concerns, High.",
        ),
        (
            "rob2",
            {"answers": {"measurement": Given("measurement", "high", "  ")}, "overall": "high"},
            "answers",
            "D4: say why the answer is “High”.",
        ),
        (
            "jbi_case_report",
            {"answers": {"harms": Given("harms", "no")}},
            "answers",
            "Q7: say why the answer is “No”.",
        ),
        (
            "rob2",
            {"overall": "include"},
            "overall",
            "RoB 2 does not end in 'include'; it ends in Low, Some concerns, High.",
        ),
        (
            "rob2",
            {"answers": {"deviations": Given("deviations", "high", "Open label")}},
            "overall",
            "Low overall is better than the worst domain; RoB 2 allows High at the least.",
        ),
        (
            "rob2",
            {"answers": {"deviations": Given("deviations", "some_concerns", "Open label")}},
            "overall",
            "Low overall is better than the worst domain; RoB 2 allows Some concerns at the least.",
        ),
        (
            "robins_i",
            {
                "answers": {"confounding": Given("confounding", "serious", "None adjusted")},
                "overall": "moderate",
            },
            "overall",
            "Moderate overall is better than the worst domain; ROBINS-I allows Serious at the least.",
        ),
        (
            "robins_i",
            {"answers": {"missing_data": Given("missing_data", "no_information", "Not told")}},
            "overall",
            "Low overall does not stand while a domain has “No information”: that is not known to be low.",
        ),
        (
            "robins_i",
            {
                "answers": {"confounding": Given("confounding", "critical", "Sicker")},
                "overall": "no_information",
            },
            "overall",
            "A domain is Critical: so is the whole, or worse, whatever is not known.",
        ),
        (
            "rob2",
            {"rated_on": date(2026, 11, 24)},
            "rated_on",
            "2026-11-24 lies in the future; today is 2026-11-23.",
        ),
    ],
)
def test_what_an_appraisal_must_not(slug: str, changes: dict[str, Any], field: str, message: str) -> None:
    assert faults(slug, **changes) == [(field, message)]


def test_what_is_not_answered_is_named() -> None:
    assert faults(answers={}, overall="low") == []
    tool = tools()["rob2"]
    told = appraisal_faults(
        tool,
        design="randomised_trial",
        overall="low",
        answers=[Given("randomisation", "low")],
        rated_on=TODAY,
        today=TODAY,
    )
    assert [fault.message for fault in told] == ["Not answered yet: D2, D3, D4, D5."]


@pytest.mark.parametrize(
    ("slug", "answers", "overall"),
    [
        # A rater may judge the whole worse than its worst domain, never better.
        ("rob2", {"deviations": Given("deviations", "some_concerns", "Open label")}, "high"),
        ("robins_i", {"selection": Given("selection", "no_information", "Not told")}, "no_information"),
        ("robins_i", {"selection": Given("selection", "no_information", "Not told")}, "moderate"),
        # JBI's and Murad's questions are weighed by the rater.
        ("jbi_case_report", {"harms": Given("harms", "no", "No harms section")}, "include"),
        ("murad", {"follow_up": Given("follow_up", "no", "Four weeks")}, "high"),
    ],
)
def test_what_an_appraisal_may(slug: str, answers: dict[str, Given], overall: str) -> None:
    assert faults(slug, answers=answers, overall=overall) == []


def rated(level: str, *serious: str, very: tuple[str, ...] = (), **changes: Any) -> list[tuple[str, str]]:
    """The faults of a GRADE rating with these concerns."""
    concerns = dict.fromkeys(CONCERNS, "not_serious") | dict.fromkeys(serious, "serious")
    concerns |= dict.fromkeys(very, "very_serious")
    given = {
        "level": level,
        "concerns": concerns,
        "reasons": "Said",
        "has_randomised": True,
        "rated_on": TODAY,
        "today": TODAY,
    } | changes
    return [(fault.field, fault.message) for fault in certainty_faults(**given)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (rated("high"), []),
        (rated("moderate", "imprecision"), []),
        (rated("low", very=("imprecision",)), []),
        (rated("very_low", "risk_of_bias", "inconsistency", "indirectness", "imprecision"), []),
        (rated("low", has_randomised=False), []),
        (rated("very_low", "risk_of_bias", "imprecision", has_randomised=False), []),
        # Rated up, with the reason said.
        (rated("moderate", has_randomised=False, reasons="Very large effect"), []),
        (
            rated("high", "imprecision"),
            [
                (
                    "level",
                    "High is too high: it starts at High and the concerns take 1, which leaves Moderate "
                    "at the most.",
                )
            ],
        ),
        (
            rated("low", "imprecision"),
            [
                (
                    "level",
                    "Low is lower than the concerns explain: it starts at High and the concerns take 1. "
                    "Raise the concern that does.",
                )
            ],
        ),
        (
            rated("very_low", has_randomised=False),
            [
                (
                    "level",
                    "Very low is lower than the concerns explain: it starts at Low and the concerns take 0. "
                    "Raise the concern that does.",
                )
            ],
        ),
        (
            rated("moderate", has_randomised=False, reasons=" "),
            [("reasons", "Say what each concern rests on, and by what the evidence is rated up.")],
        ),
        (
            rated("moderate", "imprecision", reasons=""),
            [("reasons", "Say what each concern rests on, and by what the evidence is rated up.")],
        ),
        (
            rated("low", very=("publication_bias",)),
            [("publication_bias", "GRADE rates down for publication bias by one level at the most.")],
        ),
        (
            rated("high", rated_on=date(2027, 1, 1)),
            [("rated_on", "2027-01-01 lies in the future; today is 2026-11-23.")],
        ),
    ],
)
def test_a_rating_follows_grades_arithmetic(
    told: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert told == expected
