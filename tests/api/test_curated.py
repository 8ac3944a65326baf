"""The curated set over the API: as many rows as the files hold, and the files' figures."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from tests.api.conftest import Get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]
DATA = Path(settings.BASE_DIR) / "data"
NUMBERS = ("week", "events", "total", "value", "low", "high", "sd", "n")
WORDS = ("outcome", "statistic", "spread", "organ", "definition", "derived", "as_reported", "locator")


@pytest.fixture(scope="module")
def studies() -> list[dict[str, Any]]:
    """Every study as its file tells it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [yaml.load(path.read_text(), Loader=loader) for path in sorted((DATA / "studies").glob("*.yaml"))]


@pytest.mark.parametrize("part", ["results", "contrasts", "findings", "syntheses", "cases"])
def test_not_one_row_is_lost(get: Get, studies: list[dict[str, Any]], part: str) -> None:
    assert get(f"{part}/", page_size=1)["count"] == sum(len(study.get(part) or []) for study in studies) > 0


def test_not_one_study_or_therapy_is_lost(get: Get, studies: list[dict[str, Any]]) -> None:
    assert get("studies/", page_size=1)["count"] == len(studies)
    assert get("therapies/", page_size=1)["count"] == len(list((DATA / "therapies").glob("*.yaml")))
    assert get("overlaps/", page_size=1)["count"] == len(yaml.safe_load((DATA / "overlaps.yaml").read_text()))
    edges = yaml.safe_load((DATA / "pathway" / "edges.yaml").read_text())
    assert get("pathway/", page_size=1)["count"] == len(edges)


def test_every_figure_is_the_files(client: Client, studies: list[dict[str, Any]]) -> None:
    told: dict[str, list[dict[str, Any]]] = {}
    page = client.get("/api/v1/results/?page_size=500").json()
    rows = page["results"]
    while page["next"]:
        page = client.get(page["next"]).json()
        rows += page["results"]
    for row in rows:
        told.setdefault(row["study"], []).append(row)
    for study in studies:
        # A list goes by arm, then by the order of the file.
        order = [arm["slug"] for arm in study.get("arms") or []]
        written = sorted(study.get("results") or [], key=lambda row: order.index(row["arm"]))
        answered = told.get(study["slug"], [])
        assert len(answered) == len(written)
        for mine, theirs in zip(answered, written, strict=True):
            for name in (*NUMBERS, *WORDS, "arm"):
                assert mine[name] == theirs.get(name), (study["slug"], name)
            assert mine["basis"] == theirs.get("basis", study["basis"])
            assert mine["read_at"] == theirs.get("read_at", study["read_at"])


def test_the_case_files_arrive_whole(get: Get, studies: list[dict[str, Any]]) -> None:
    answered = {row["slug"]: row for row in get("cases/", page_size=500)["results"]}
    for study in studies:
        for case in study.get("cases") or []:
            told = answered[case["slug"]]
            for name in (
                "age_years",
                "sex",
                "relapse",
                "relapse_week",
                "follow_up_weeks",
                "response",
                "index_therapy",
            ):
                default = "not_reported" if name in ("sex", "response") else None
                assert told[name] == case.get(name, default), (case["slug"], name)
            assert told["organs"] == case.get("organs", [])
            assert told["comorbidities"] == case.get("comorbidities")
            assert len(told["courses"]) == len(case.get("courses") or [])
            figures = [(row["analyte"], row["week"], row["value"]) for row in told["measurements"]]
            written = [(row["analyte"], row["week"], row["value"]) for row in case.get("measurements") or []]
            assert figures == written


@pytest.mark.parametrize("name", ["therapies", "studies"])
def test_records_are_told_whole(client: Client, get: Get, name: str) -> None:
    """Every tenth, which takes a second."""
    lines = get(f"{name}/", page_size=500)["results"][::10]
    assert lines
    for line in lines:
        alone = client.get(f"/api/v1/{name}/{line['slug']}/").json()
        assert {field: alone[field] for field in line} == line
