"""The curated set: every file is sound by itself, and every row of every file arrives in the database."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from evidence.dataset.faults import Faults
from evidence.dataset.reader import DATA_SHAPES, read_data_set, read_file
from evidence.models import Case, Overlap, Result, Study
from literature.models import Citation
from tests.evidence.dataset import plain_set
from tests.evidence.dataset.plain_set import DATA, FILES, read

COUNTS = plain_set.counts()


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_the_set_can_be_read(file: str) -> None:
    faults = Faults()
    record = read_file(DATA, file, faults)
    assert [str(fault) for fault in faults.found] == []
    assert record is not None


def test_there_is_a_shape_for_every_file_and_a_file_for_every_shape() -> None:
    patterns = {pattern: list(DATA.glob(pattern)) for pattern in DATA_SHAPES}
    assert all(patterns.values())
    assert sorted(str(path.relative_to(DATA)) for paths in patterns.values() for path in paths) == FILES


def test_the_files_hold_together() -> None:
    data_set = read_data_set(DATA)
    assert len(data_set.studies) == COUNTS["Study"]


def test_the_oracle_counts_a_set_worth_counting() -> None:
    assert COUNTS["Study"] > 200
    assert COUNTS["Result"] > 200
    assert all(number > 0 for number in COUNTS.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("curated")
class TestInTheDatabase:
    @pytest.mark.parametrize("kind", sorted(COUNTS))
    def test_the_database_holds_every_row_of_the_files(self, kind: str) -> None:
        app = "therapies" if kind in {model.__name__ for model in _models("therapies")} else "evidence"
        model = apps.get_model(app, kind)
        assert model._default_manager.count() == COUNTS[kind]

    def test_no_kind_of_row_is_left_uncounted(self) -> None:
        filled = {
            model.__name__
            for app in ("therapies", "evidence")
            for model in _models(app)
            if model._default_manager.exists()
        }
        # A load keeps the version that it published.
        assert filled == {*COUNTS, "PublishedVersion"}

    def test_every_study_is_public_with_the_figures_of_its_file(self) -> None:
        assert set(Study.objects.published().values_list("slug", flat=True)) == {
            path.stem for path in (DATA / "studies").glob("*.yaml")
        }
        stored = Result.objects.filter(arm__study__slug="carruthers-2015", outcome__slug="complete_remission")
        assert [(row.week, row.events, row.total) for row in stored] == [(26, 14, 30), (52, 12, 30)]
        matza = Result.objects.filter(arm__study__slug="matza-2022", outcome__slug="complete_remission")
        assert (3, 10) in {(row.events, row.total) for row in matza}

    def test_the_sum_of_all_events_and_patients_is_that_of_the_files(self) -> None:
        rows = [row for path in _studies() for row in read(path).get("results") or []]
        stored = Result.objects.aggregate(models.Sum("events"), models.Sum("total"), models.Sum("n"))
        assert stored == {
            "events__sum": sum(row.get("events") or 0 for row in rows),
            "total__sum": sum(row.get("total") or 0 for row in rows),
            "n__sum": sum(row.get("n") or 0 for row in rows),
        }

    def test_a_list_that_a_case_leaves_out_is_not_an_empty_one(self) -> None:
        for name in ("comorbidities", "prior_therapies", "adverse_events"):
            stated = {
                case["slug"]
                for path in _studies()
                for case in read(path).get("cases") or []
                if case.get(name) is not None
            }
            stored = Case.objects.filter(**{f"{name}_stated": True}).values_list("slug", flat=True)
            assert set(stored) == stated, name

    def test_each_publication_is_one_citation(self) -> None:
        dois = {
            row["doi"].lower() for path in _studies() for row in read(path)["citations"] if row.get("doi")
        }
        assert dois <= set(Citation.objects.values_list("doi", flat=True))
        assert (
            not Citation.objects.exclude(doi="").values("doi").annotate(n=models.Count("id")).filter(n__gt=1)
        )

    def test_overlaps_name_the_studies_of_the_file(self) -> None:
        stored = {
            (tuple(sorted((row.study_a.slug, row.study_b.slug))), row.certain)
            for row in Overlap.objects.select_related("study_a", "study_b")
        }
        assert stored == {((row["a"], row["b"]), row["certain"]) for row in read(DATA / "overlaps.yaml")}


def _studies() -> list[Path]:
    return sorted((DATA / "studies").glob("*.yaml"))


def _models(app: str) -> list[type[models.Model]]:
    """Models of curated rows, their history apart."""
    return [
        model for model in apps.get_app_config(app).get_models() if not hasattr(model, "pgh_tracked_model")
    ]
