"""The tables that documents show are those that the code uses, row by row, and their figures are what it computes."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings

from evidence.duplicates import GROUP_WEIGHTS, PATIENT_WEIGHTS, Patient, weigh_patients
from evidence.unit_tables import AGENTS, BNF_ADDRESS, LIMITS, SCALES
from evidence.units import plain, prednisolone_equivalent

DOCS = Path(settings.BASE_DIR) / "docs"


def table(document: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    text = (DOCS / document).read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def bound(value: Fraction | None) -> str:
    return plain(value) if value is not None else "–"


def test_the_units_are_those_of_the_code() -> None:
    others = [
        [analyte, scale.own, unit, plain(factor)]
        for analyte, scale in SCALES.items()
        for unit, factor in scale.units.items()
        if unit != scale.own
    ]
    alone = [[analyte, scale.own, "–", "–"] for analyte, scale in SCALES.items() if len(scale.units) == 1]
    assert sorted(table("units.md", "Units")) == sorted([*others, *alone])


def test_the_refused_units_are_those_of_the_code() -> None:
    assert table("units.md", "Not converted") == [
        [analyte, unit, why] for analyte, scale in SCALES.items() for unit, why in scale.refused.items()
    ]


def test_the_equivalents_are_those_of_the_code() -> None:
    assert table("units.md", "Prednisolone equivalents") == [
        [
            agent.name,
            f"{plain(agent.milligrams)} mg",
            plain(prednisolone_equivalent(agent.name, 1).value),
            agent.source,
            agent.differs or "–",
        ]
        for agent in AGENTS
    ]
    assert BNF_ADDRESS in (DOCS / "units.md").read_text(encoding="utf-8")


def test_the_limits_are_those_of_the_code() -> None:
    assert table("units.md", "What is doubted") == [
        [limit.analyte, bound(limit.below), bound(limit.above), limit.reason, ", ".join(limit.perhaps) or "–"]
        for limit in LIMITS
    ]


@pytest.mark.parametrize(
    ("heading", "weights"),
    [("How patients are weighed", PATIENT_WEIGHTS), ("How groups are weighed", GROUP_WEIGHTS)],
)
def test_the_weights_are_those_of_the_code(heading: str, weights: dict) -> None:
    shown = [[name, same, chance] for name, _, same, chance in table("duplicates.md", heading)]
    assert shown == [[name, f"{weight.same:g}", f"{weight.by_chance:g}"] for name, weight in weights.items()]


def test_what_is_said_of_agreement_is_what_comes_out() -> None:
    text = " ".join((DOCS / "duplicates.md").read_text(encoding="utf-8").split())
    one = Patient("a", "x", frozenset({"JP"}), 67, "male", frozenset({"orbit"}), "rituximab", 2020)
    other = replace(one, key="b", study="y")
    assert f"is enough ({weigh_patients(one, other)[0]:.2f})" in text
    without = weigh_patients(one, replace(other, countries=frozenset()))[0]
    assert f"without the country it is {without:.2f}" in text
