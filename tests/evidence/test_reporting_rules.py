"""The table of what a study of each design must and should hold, row by row with its message."""

import string

import pytest

from evidence.choices import Design
from evidence.dataset.faults import Faults
from evidence.dataset.rules import Known, check_study
from evidence.dataset.schema import StudyRecord
from evidence.reporting_rules import MUST, RULES, SHOULD, Broken, broken_rules, cautions_of, rules_for
from tests.evidence.dataset.plain_set import DATA, read
from tests.evidence.reporting_examples import BASES, EXAMPLES, Example, study

BY_ID = {rule.id: rule for rule in RULES}


def everything_broken(record: StudyRecord) -> list[Broken]:
    return broken_rules(record) + cautions_of(record)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_a_study_that_breaks_a_rule_is_told_so_and_one_that_obeys_is_not(example: Example) -> None:
    told = [broken for broken in everything_broken(example.bad) if broken.rule == example.rule]
    severity = BY_ID[example.rule].severity
    assert told == [Broken(example.path, example.message, example.rule, severity)]
    assert [broken for broken in everything_broken(example.good) if broken.rule == example.rule] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_a_rule_that_must_hold_is_a_fault_and_one_that_should_is_a_caution(example: Example) -> None:
    is_fault = example.rule in {broken.rule for broken in broken_rules(example.bad)}
    is_caution = example.rule in {broken.rule for broken in cautions_of(example.bad)}
    must = BY_ID[example.rule].severity == MUST
    assert (is_fault, is_caution) == (must, not must)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_the_loader_tells_of_a_broken_rule_that_must_hold(example: Example) -> None:
    faults = Faults()
    check_study(example.bad, Known({}, *(frozenset() for _ in range(4))), faults)
    told = {(fault.path, fault.what) for fault in faults.found if fault.rule == example.rule}
    expected = {(example.path, example.message)} if BY_ID[example.rule].severity == MUST else set()
    assert told == expected


def test_no_rule_is_without_example() -> None:
    assert [rule.id for rule in RULES if rule.id not in {example.rule for example in EXAMPLES}] == []


def test_every_example_is_of_a_rule_and_of_its_designs() -> None:
    for example in EXAMPLES:
        assert example.bad.design in BY_ID[example.rule].designs, example.rule


def test_a_rule_is_known_by_one_name() -> None:
    assert len(BY_ID) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_is_wrong_why_and_where_that_stands(rule: object) -> None:
    assert rule.designs
    # What would be right stands behind a colon.
    assert ": " in rule.message
    assert rule.message.endswith(".")
    assert rule.reason.endswith(".")
    assert rule.source
    assert all(
        name is None or name.isidentifier()
        for _, name, _, _ in string.Formatter().parse(rule.message)
        if name
    )


@pytest.mark.parametrize("design", list(Design))
def test_there_is_a_study_of_each_design_that_breaks_nothing(design: str) -> None:
    assert design in BASES
    assert everything_broken(study(design)) == []


@pytest.mark.parametrize("design", list(Design))
def test_every_design_has_rules_of_both_kinds(design: str) -> None:
    assert rules_for([design], [MUST])
    assert rules_for([design], [SHOULD])


def test_rules_are_asked_for_by_design_and_severity() -> None:
    found = rules_for([Design.CASE_REPORT], [MUST])
    assert "case_report_has_cases" in {rule.id for rule in found}
    assert "case_series_has_several" not in {rule.id for rule in found}
    assert {rule.severity for rule in found} == {MUST}
    assert rules_for() == list(RULES)


@pytest.mark.parametrize("path", sorted(DATA.glob("studies/*.yaml")), ids=lambda path: path.stem)
def test_a_curated_study_breaks_no_rule_that_must_hold(path: object) -> None:
    assert broken_rules(StudyRecord.model_validate(read(path))) == []


def test_instruments_are_no_gate() -> None:
    """Nothing that is said, or not said, of classification or Responder Index keeps a case out."""
    gates = {rule.id for rule in RULES if rule.severity == MUST}
    assert not gates & {"classification_fits_score", "total_covers_organs", "scores_are_of_its_organs"}
    assert not gates & {"total_is_the_measurement", "figures_within_follow_up"}
