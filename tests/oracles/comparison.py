"""The rows of every comparison, from the plain YAML files and METHODS alone: slow, obvious, no code of the project.

Filters off, each outcome at its usual time, overlaps certain and probable.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CLASSES = {
    "randomised_trial": "randomised",
    "non_randomised_trial": "controlled",
    "single_arm_trial": "single_arm",
    "prospective_cohort": "cohort",
    "retrospective_cohort": "cohort",
    "case_series": "case",
    "case_report": "case",
}
# Counts that grow for as long as patients are watched are asked for at their latest, as all of safety is.
LATEST = {"relapse", "second_relapse", "rescue_therapy"}


@dataclass(frozen=True)
class Expected:
    """One row: where it stands, its counts, and whether it enters the pool."""

    study: str
    arm: str | None
    events: int
    total: int
    week: int | None
    pooled: bool = True


@dataclass(frozen=True)
class DataSet:
    """The files as they are."""

    studies: list[dict[str, Any]]
    overlaps: set[frozenset[str]]
    outcomes: dict[str, dict[str, Any]]
    therapies: list[str]


def read(folder: Path) -> DataSet:
    """Every file of the set."""

    def load(path: Path) -> Any:
        return yaml.safe_load(path.read_text(encoding="utf-8"))

    return DataSet(
        studies=[load(path) for path in sorted((folder / "studies").glob("*.yaml"))],
        overlaps={frozenset({pair["a"], pair["b"]}) for pair in load(folder / "overlaps.yaml")},
        outcomes={row["slug"]: row for row in load(folder / "vocabulary.yaml")["outcomes"]},
        therapies=[load(path)["slug"] for path in sorted((folder / "therapies").glob("*.yaml"))],
    )


def strata(data: DataSet, therapy: str, outcome: str) -> dict[str | None, list[Expected]]:
    """Design class to rows, by study and arm; reviews and opinions under None."""
    found: dict[str | None, list[Expected]] = {}
    for study in data.studies:
        rows = arm_rows(data, study, therapy, outcome) or case_rows(study, therapy, outcome)
        if rows:
            found.setdefault(CLASSES.get(study["design"]), []).extend(rows)
    return {
        name: sorted(pooled(rows, data.overlaps, name), key=lambda row: (row.study, row.arm or ""))
        for name, rows in found.items()
    }


def arm_rows(data: DataSet, study: dict[str, Any], therapy: str, outcome: str) -> list[Expected]:
    """One number an arm that tells about the therapy."""
    rows = []
    for arm in study.get("arms") or []:
        given = {part["therapy"] for part in arm.get("regimen") or []}
        # Glucocorticoid beside another therapy is its background.
        tells_about = given - {"glucocorticoid"} or given
        figures = [
            figure
            for figure in study.get("results") or []
            if figure["arm"] == arm["slug"] and figure["outcome"] == outcome
        ]
        if therapy in tells_about and figures:
            figure = one_number(figures, study, data.outcomes[outcome])
            week = figure.get("week", study.get("follow_up_weeks"))
            rows.append(Expected(study["slug"], arm["slug"], figure["events"], figure["total"], week))
    return rows


def one_number(
    figures: list[dict[str, Any]], study: dict[str, Any], outcome: dict[str, Any]
) -> dict[str, Any]:
    """Closest week, ties to the later; unknown last; larger total; the whole patient; the order of the file."""
    is_latest = outcome["domain"] == "safety" or outcome["slug"] in LATEST
    best = None
    for figure in figures:
        week = figure.get("week", study.get("follow_up_weeks"))
        if week is None:
            time = (1, 0, 0)
        else:
            time = (0, -week, 0) if is_latest else (0, abs(week - 26), -week)
        rank = (time, -figure["total"], "organ" in figure)
        if best is None or rank < best[0]:
            best = (rank, figure)
    assert best is not None
    return best[1]


def case_rows(study: dict[str, Any], therapy: str, outcome: str) -> list[Expected]:
    """A row counted from the patients of a series or report."""
    if CLASSES.get(study["design"]) != "case":
        return []
    patients = [case for case in study.get("cases") or [] if case["index_therapy"] == therapy]
    told = [(case, answer) for case in patients if (answer := had(case, outcome)) is not None]
    if not told:
        return []
    weeks = {case.get("follow_up_weeks") for case, _ in told}
    week = weeks.pop() if len(weeks) == 1 else None
    return [Expected(study["slug"], None, sum(answer for _, answer in told), len(told), week)]


def had(case: dict[str, Any], outcome: str) -> bool | None:
    """Whether a patient had the outcome; None where that is not told."""
    response = case.get("response", "not_reported")
    steroid = case.get("steroid_effect", "not_reported")
    if outcome in ("complete_remission", "overall_response", "no_response"):
        if response == "not_reported":
            return None
        if outcome == "complete_remission":
            return response == "complete_remission"
        failed = response in ("no_response", "worsening")
        return failed if outcome == "no_response" else not failed
    if outcome == "relapse":
        relapse: bool | None = case.get("relapse")
        return relapse
    if outcome in ("glucocorticoid_free", "glucocorticoid_reduced"):
        if steroid in ("never_used", "not_reported"):
            return None
        return steroid == "stopped" or (outcome == "glucocorticoid_reduced" and steroid == "reduced")
    return None


def pooled(rows: list[Expected], overlaps: set[frozenset[str]], design_class: str | None) -> list[Expected]:
    """The rows with their flag: by falling total, then alphabet, each that overlaps one taken is skipped."""
    if design_class is None:
        return [mark(row, False) for row in rows]
    taken: list[Expected] = []
    left = sorted(rows, key=lambda row: (-row.total, row.study, row.arm or ""))
    for row in left:
        if not any(frozenset({row.study, other.study}) in overlaps for other in taken):
            taken.append(row)
    return [mark(row, row in taken) for row in rows]


def mark(row: Expected, is_pooled: bool) -> Expected:
    """The same row with its flag."""
    return Expected(row.study, row.arm, row.events, row.total, row.week, is_pooled)
