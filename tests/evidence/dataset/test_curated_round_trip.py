"""load(dump(x)) == x: for the curated set, compared by our reader and by plain PyYAML."""

from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from evidence.dataset.files import write_files
from evidence.dataset.reader import read_data_set
from evidence.dataset.snapshot import snapshot
from tests.evidence.dataset.plain_set import DATA, FILES, canonical, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]


@pytest.fixture(scope="module")
def dumped(
    curated: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What dump_evidence writes of the curated set."""
    folder = tmp_path_factory.mktemp("dump") / "data"
    with django_db_blocker.unblock(), transaction.atomic():
        write_files(snapshot(), folder)
    return folder


def test_the_database_holds_the_records_of_the_files() -> None:
    assert snapshot() == read_data_set(DATA)


def test_a_dump_is_read_as_the_set_it_came_from(dumped: Path) -> None:
    assert read_data_set(dumped) == read_data_set(DATA)


def test_a_dump_has_the_files_of_the_set(dumped: Path) -> None:
    assert sorted(str(path.relative_to(dumped)) for path in dumped.rglob("*.yaml")) == FILES


@pytest.mark.parametrize("file", FILES)
def test_a_dumped_file_says_what_the_curated_one_says(file: str, dumped: Path) -> None:
    """Read by plain PyYAML, which knows nothing of our reader."""
    assert canonical(read(dumped / file)) == canonical(read(DATA / file))


def test_a_dump_can_be_read_by_people(dumped: Path) -> None:
    for path in dumped.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "\\" not in text, path
        prose = [line for line in text.splitlines() if "http" not in line]
        assert max(len(line) for line in prose) <= 150, path
