"""Differences between versions of a study: told row by row, none exactly where none is, and merged without loss."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from evidence.comparing import Change, changes_between
from evidence.merging import merge
from evidence.published_versions import document_of, record_from
from tests.evidence.dataset.random_sets import data_sets

NAMES = {"serum_igg4": "Serum IgG4", "pancreas": "Pancreas", "dupilumab": "Dupilumab", "liver": "Liver"}
BEFORE: dict[str, Any] = {
    "slug": "simpson-2020",
    "label": "Simpson 2020",
    "enrolled": 1,
    "organs": ["pancreas"],
    "citations": [{"role": "primary", "title": "A case", "doi": "10.1/a", "year": 2020}],
    "findings": [
        {"therapy": "dupilumab", "outcome": "serum_igg4", "statement": "It fell.", "locator": "p 2"}
    ],
    "cases": [
        {
            "slug": "simpson-2020-p1",
            "age_years": 67.0,
            "measurements": [
                {"analyte": "serum_igg4", "week": 0, "value": 1770.0},
                {"analyte": "serum_igg4", "week": 12, "value": 130.0},
            ],
        }
    ],
}


def changed(change: Any) -> list[str]:
    """What a change of the document is told as."""
    after = copy.deepcopy(BEFORE)
    change(after)
    return [str(one) for one in changes_between(BEFORE, after, NAMES)]


def patient(document: Any) -> Any:
    return document["cases"][0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d, []),
        (
            lambda d: patient(d)["measurements"][1].update(value=150.0),
            ["cases › p1 › measurements › Serum IgG4, week 12: 130 → 150"],
        ),
        (lambda d: d.update(enrolled=None), ["enrolled: 1 → not reported"]),
        (lambda d: d.update(centres=2), ["centres: not reported → 2"]),
        (lambda d: patient(d).update(comorbidities=[]), ["cases › p1 › comorbidities: not stated → none"]),
        (lambda d: patient(d).update(relapse=False), ["cases › p1 › relapse: not reported → no"]),
        (lambda d: d["organs"].append("liver"), ["organs: added (Liver)"]),
        (lambda d: d.update(organs=["liver"]), ["organs: removed (Pancreas)", "organs: added (Liver)"]),
        (
            lambda d: patient(d)["measurements"].pop(0),
            ["cases › p1 › measurements › Serum IgG4, week 0: removed (value 1770)"],
        ),
        (
            lambda d: patient(d)["measurements"].reverse(),
            ["cases › p1 › measurements: in another order"],
        ),
        (
            lambda d: d["findings"][0].update(statement="It rose."),
            ["findings › Dupilumab, Serum IgG4 › statement: It fell. → It rose."],
        ),
        (
            lambda d: d["cases"].append(
                {
                    "slug": "simpson-2020-p2",
                    "sex": "male",
                    "courses": [{"therapy": "dupilumab", "dose": 300.0}],
                }
            ),
            ["cases › p2: added (sex male)", "cases › p2 › courses › Dupilumab: added (dose 300)"],
        ),
        (lambda d: d["citations"][0].update(pmid="1"), ["citations › A case › pmid: not reported → 1"]),
    ],
)
def test_a_change_is_told_by_its_place_with_before_and_after(change: Any, told: list[str]) -> None:
    assert changed(change) == told


def test_a_change_is_kept_and_read_back() -> None:
    change = Change(("cases", "p1"), "changed", "130", "150")
    assert Change.from_json(change.as_json()) == change


RECORDS = data_sets().filter(lambda data: bool(data.studies)).map(lambda data: data.studies[0])
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(RECORDS)
def test_a_record_kept_as_json_is_the_record(record: Any) -> None:
    assert record_from(document_of(record)) == record
    assert changes_between(document_of(record), document_of(record)) == ()


@SLOW
@given(RECORDS, RECORDS)
def test_two_records_that_differ_have_a_difference(one: Any, other: Any) -> None:
    assume(one != other)
    assert changes_between(document_of(one), document_of(other))


def edited(document: dict[str, Any], where: str) -> dict[str, Any]:
    after = copy.deepcopy(document)
    if where == "label":
        after["label"] = "Another label"
    elif where == "value":
        next(row for row in patient(after)["measurements"] if row["week"] == 12)["value"] = 150.0
    elif where == "row":
        patient(after)["measurements"].append({"analyte": "serum_igg4", "week": 52, "value": 90.0})
    elif where == "gone":
        patient(after)["measurements"].pop(0)
    else:
        after["findings"].clear()
    return after


PLACES = ("label", "value", "row", "gone", "finding")


@pytest.mark.parametrize("ours", PLACES)
@pytest.mark.parametrize("theirs", PLACES)
def test_two_changes_of_different_places_are_both_kept(ours: str, theirs: str) -> None:
    merged = merge(BEFORE, edited(BEFORE, ours), edited(BEFORE, theirs))
    expected = edited(edited(BEFORE, ours), theirs) if ours != theirs else edited(BEFORE, ours)
    if "findings" in expected and not expected["findings"]:
        expected = {name: value for name, value in expected.items() if name != "findings"}
        merged.document.pop("findings", None)
    assert merged.document == expected
    assert merged.conflicts == ()


def test_where_both_changed_one_place_ours_stands_and_is_named() -> None:
    ours, theirs = edited(BEFORE, "value"), copy.deepcopy(BEFORE)
    patient(theirs)["measurements"][1]["value"] = 140.0
    merged = merge(BEFORE, ours, theirs)
    assert patient(merged.document)["measurements"][1]["value"] == 150.0
    assert merged.conflicts == ("cases › simpson-2020-p1 › measurements › 2 › value",)


def test_a_row_that_one_removed_and_the_other_changed_is_named() -> None:
    theirs = copy.deepcopy(BEFORE)
    patient(theirs)["measurements"][0]["value"] = 1800.0
    kept_out = merge(BEFORE, edited(BEFORE, "gone"), theirs)
    assert len(patient(kept_out.document)["measurements"]) == 1 and len(kept_out.conflicts) == 1
    kept_in = merge(BEFORE, theirs, edited(BEFORE, "gone"))
    assert len(patient(kept_in.document)["measurements"]) == 2 and len(kept_in.conflicts) == 1


@SLOW
@given(RECORDS, RECORDS, st.booleans())
def test_a_change_of_one_side_alone_is_taken_whole(base: Any, changed_to: Any, is_ours: bool) -> None:
    one, other = document_of(base), document_of(changed_to)
    merged = merge(one, other, one) if is_ours else merge(one, one, other)
    assert merged.document == other
    assert merged.conflicts == ()
