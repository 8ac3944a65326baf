"""Bad input: one clear line for each fault, naming file and place; exit 1; the database untouched."""

import re
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
from django.conf import settings

from evidence.choices import State
from evidence.dataset.reader import DEEPEST_NESTING, LARGEST_FILE_BYTES
from evidence.models import Study, StudyCitation
from tests.evidence.dataset.bad import CASES, STUDY, THERAPY, Bad, updated, written
from tests.evidence.dataset.bad_fields import FIELD_FAULTS
from tests.evidence.dataset.bad_files import FILE_FAULTS, YAML_FAULTS, a_huge_file
from tests.evidence.dataset.bad_names import NAME_FAULTS
from tests.evidence.dataset.loading import load
from tests.factories import ArmFactory, StudyFactory, TherapyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]

# What a curator should not have to read.
SECRET_WORDS = ("Traceback", "Record", "pydantic", "psycopg", "yaml.org", "<unicode string>", "Input should")


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "bad", [*YAML_FAULTS, *FILE_FAULTS, *FIELD_FAULTS, *NAME_FAULTS], ids=lambda bad: bad.name
)
def test_a_fault_is_told_by_file_and_place_and_nothing_is_written(bad: Bad, small: Path) -> None:
    bad.spoil(small)
    outcome = load(small)
    assert outcome.status == 1
    assert any(re.fullmatch(bad.line, line) for line in outcome.faults), outcome.complained
    assert not [word for word in SECRET_WORDS if word in outcome.complained], outcome.complained
    assert re.fullmatch(r"\d+ faults?; nothing was written\.", outcome.complained.splitlines()[-1])


def test_one_fault_is_one_line(small: Path) -> None:
    updated(STUDY, "results", 0, events=31)(small)
    assert load(small).complained.splitlines() == [
        f"{STUDY}: results[0]: events (31) exceed total (30)",
        "1 fault; nothing was written.",
    ]


@pytest.mark.usefixtures("untouched")
def test_faults_of_every_kind_are_told_at_once(small: Path) -> None:
    written("studies/ali-2020.yaml", "slug: [")(small)
    updated(STUDY, "results", 0, events=31)(small)
    updated(STUDY, "results", 1, evnets=1)(small)
    updated(CASES, "cases", 0, organs=["soul"])(small)
    updated("overlaps.yaml", 0, b="zz-2020")(small)
    (small / "therapies/abatacept.yaml").unlink()
    outcome = load(small)
    assert outcome.status == 1
    told = "\n".join(outcome.faults)
    for part in (
        "ali-2020.yaml: is no valid",
        "exceed total",
        "evnets",
        "'soul'",
        "'zz-2020'",
        "'abatacept'",
    ):
        assert part in told
    # A study that cannot be read is still there: the overlaps that name it are no faults of theirs.
    assert "'ali-2020' is no study" not in told
    assert "'carruthers-2015' is no study" not in told
    assert outcome.faults == sorted(set(outcome.faults))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", ["studies", "therapies"])
def test_a_missing_folder_is_told(name: str, small: Path) -> None:
    (small / name).rename(small / "elsewhere")
    outcome = load(small)
    assert outcome.status == 1
    assert f"{name}: there is no such folder" in outcome.faults


@pytest.mark.usefixtures("untouched")
def test_a_file_in_place_of_a_folder_is_told(small: Path) -> None:
    (small / "studies").rename(small / "elsewhere")
    (small / "studies").write_text("x")
    assert "studies: cannot be read: Not a directory" in load(small).faults


@pytest.mark.usefixtures("untouched")
def test_no_folder_at_all_is_told(tmp_path: Path) -> None:
    outcome = load(tmp_path / "nowhere")
    assert outcome.status == 1
    assert outcome.faults == [f"{tmp_path / 'nowhere'}: there is no such folder"]


def test_a_large_file_is_refused_without_being_read_whole(small: Path) -> None:
    a_huge_file(small)
    tracemalloc.start()
    try:
        load(small)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50 * 1024 * 1024


def test_the_largest_file_that_may_be_is_refused_in_seconds(small: Path) -> None:
    """Each makes a reader take minutes that compares keys pairwise or follows the nesting to its end."""
    keys = "\n".join(f"k{number}: 1" for number in range(40_000))
    for text in (
        keys,
        "[" * LARGEST_FILE_BYTES,
        "{a: " * (LARGEST_FILE_BYTES // 4),
        "- " * (LARGEST_FILE_BYTES // 2),
    ):
        written(STUDY, text)(small)
        start = time.process_time()
        assert load(small).status == 1
        assert time.process_time() - start < 15


def test_nesting_at_the_limit_is_read(small: Path) -> None:
    written(STUDY, "[" * DEEPEST_NESTING + "]" * DEEPEST_NESTING)(small)
    assert f"{STUDY}: should be a mapping (key: value)" in load(small).faults


def test_what_a_file_says_cannot_steer_the_terminal(small: Path) -> None:
    written(STUDY, '"\\e[2J\\e]0;x\\a": 1')(small)
    complained = load(small).complained
    assert "\x1b" not in complained
    assert r"\u001b[2J" in complained


def test_a_fault_stays_readable_however_long_the_key(small: Path) -> None:
    written(STUDY, f"? {'k' * 1_000_000}\n: 1\n")(small)
    assert max(len(line) for line in load(small).faults) < 1000


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
def test_a_study_that_somebody_works_on_is_not_overwritten(state: State, small: Path) -> None:
    Study.objects.filter(slug="carruthers-2015").update(state=state)
    outcome = load(small)
    assert outcome.status == 1
    label = state.label
    assert outcome.faults == [f"{STUDY}: slug: the database holds this study as {label}"]
    assert Study.objects.get(slug="carruthers-2015").state == state


def test_a_renamed_study_does_not_take_the_paper_of_its_old_self(small: Path) -> None:
    (small / STUDY).rename(small / "studies/carruthers-2016.yaml")
    updated("studies/carruthers-2016.yaml", slug="carruthers-2016")(small)
    text = (small / "overlaps.yaml").read_text().replace("carruthers-2015", "carruthers-2016")
    (small / "overlaps.yaml").write_text(text)
    outcome = load(small)
    assert outcome.faults == [
        "studies/carruthers-2016.yaml: the primary report 10.1136/annrheumdis-2014-206605 belongs to "
        "carruthers-2015 in the database, a study that this set does not hold"
    ]
    assert not Study.objects.filter(slug="carruthers-2016").exists()


def test_what_only_the_database_can_refuse_is_one_line_too(small: Path) -> None:
    """A therapy that an editor added took a name that the set gives to another."""
    TherapyFactory(slug="dupixent", name="Dupilumab, new")
    updated(THERAPY, name="Dupilumab, new")(small)
    outcome = load(small)
    assert outcome.status == 1
    assert len(outcome.faults) == 1
    assert "the database refuses it" in outcome.faults[0]
    assert "Dupilumab, new" in outcome.faults[0]


def test_rows_that_the_set_does_not_name_are_left_alone(small: Path) -> None:
    study = StudyFactory()
    arm = ArmFactory(study=study)
    assert load(small).status == 0
    arm.refresh_from_db()
    assert StudyCitation.objects.filter(study=study).count() == 1


def test_the_command_ends_as_a_shell_expects(small: Path) -> None:
    updated(STUDY, "results", 0, events=31)(small)
    written("studies/ali-2020.yaml", "slug: [")(small)
    command = [sys.executable, "manage.py", "load_evidence", str(small)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 3
    assert done.stderr.splitlines()[1] == f"{STUDY}: results[0]: events (31) exceed total (30)"
