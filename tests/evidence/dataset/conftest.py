"""A copy of the curated set to break, and what the database holds before and after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.dataset.loading import Database
from tests.evidence.dataset.plain_set import copy_of_data, small_set


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of data/."""
    return copy_of_data(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A part of data/ that is quick to read."""
    return small_set(tmp_path)


@pytest.fixture
def untouched() -> Iterator[None]:
    """The test leaves every row, every version and the revision as they were."""
    before = Database.now()
    yield
    assert Database.now() == before
