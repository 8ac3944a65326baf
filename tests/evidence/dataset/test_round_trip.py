"""load(dump(x)) == x: for random sets, with the text that breaks writers of YAML."""

import os
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.dataset.faults import Faults
from evidence.dataset.files import write_files
from evidence.dataset.reader import read_data_set
from evidence.dataset.rules import check
from evidence.dataset.schema_therapies import DataSet
from evidence.dataset.snapshot import snapshot
from evidence.dataset.writer import write_data_set
from tests.evidence.dataset.random_sets import data_sets, skeletons

# A few on each run; PROPERTY_EXAMPLES=500 searches for an hour.
EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "12"))
in_their_time = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@st.composite
def two_versions(draw: st.DrawFn) -> tuple[DataSet, DataSet]:
    """A set, and the same studies and therapies with everything about them changed."""
    skeleton = st.just(draw(skeletons()))
    return draw(data_sets(skeleton)), draw(data_sets(skeleton))


@given(data_sets())
@settings(in_their_time, max_examples=5 * EXAMPLES)
def test_files_give_back_what_was_written_to_them(data_set: DataSet) -> None:
    faults = Faults()
    check(data_set, faults)
    assert faults.found == []
    with tempfile.TemporaryDirectory() as folder:
        write_files(data_set, Path(folder))
        assert read_data_set(Path(folder)) == data_set


@pytest.mark.django_db
@given(two_versions())
@settings(in_their_time, max_examples=EXAMPLES)
def test_the_database_gives_back_what_was_written_to_it(versions: tuple[DataSet, DataSet]) -> None:
    with transaction.atomic():
        for data_set in versions:
            write_data_set(data_set=data_set, reason="test")
            assert snapshot() == data_set
            assert write_data_set(data_set=data_set, reason="again").total == 0
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_a_dump_that_loads_to_the_same_rows(tmp_path: Path, small: Path) -> None:
    call_command("load_evidence", str(small), verbosity=0)
    before = snapshot()
    target = tmp_path / "dump"
    call_command("dump_evidence", str(target))
    assert read_data_set(target) == before == read_data_set(small)


@pytest.mark.django_db
def test_the_command_keeps_its_hands_off_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CommandError, match="is not an empty folder: choose another, or say --force"):
        call_command("dump_evidence", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
