"""What the documents say exists."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from tests.config.processes import ROOT

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/operations.md"]
DOCUMENTS += [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):.*## ", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_make_command_in_a_document_is_a_target(document: str) -> None:
    # In code alone: in prose, "make" is a verb.
    code = "\n".join(
        "".join(part) for part in re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", read(document), re.DOTALL)
    )
    named = set(re.findall(r"(?:^|\s)make ([a-z][a-z-]*)", code))
    assert named <= make_targets()
    if document == "README.md":
        assert {"run", "test", "check", "test-server-database"} <= named


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_management_command_in_a_document_exists(document: str) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", read(document)))
    assert named <= set(get_commands())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_link_to_a_file_leads_to_one(document: str) -> None:
    folder = (ROOT / document).parent
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", read(document))]
    missing = [
        target for target in targets if target and "://" not in target and not (folder / target).exists()
    ]
    assert missing == []


def test_each_folder_of_the_map_exists() -> None:
    folders = re.findall(r"^\| ((?:`[a-z]+/`(?:, )?)+) \|", read("README.md"), re.MULTILINE)
    named = {name for cell in folders for name in re.findall(r"`([a-z]+)/`", cell)}
    assert {*settings.LOCAL_APPS, "config", "data", "tests", "docs", "templates", "static"} == named
    assert all((ROOT / name).is_dir() for name in named)


def test_the_way_of_a_number_leads_through_files_that_exist() -> None:
    way = (
        read("README.md").partition("**Where a number on the screen comes from:**")[2].partition("```\n\n")[0]
    )
    steps = re.findall(r"(?:^|→ )((?:data|evidence|comparison)/\S*?)[,\s]", way, re.MULTILINE)
    assert len(steps) >= 7
    assert [step for step in steps if not (ROOT / step).exists()] == []


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_each_dependency_has_its_reason_and_its_lock(name: str) -> None:
    wanted = [
        re.split(r"[\[<>=]", line)[0]
        for line in read(name).splitlines()
        if line and not line.startswith(("#", "-r"))
    ]
    reasons = read("docs/adr/0002-dependencies.md")
    first_cells = " ".join(re.findall(r"^\| ([^|]+) \|", reasons, re.MULTILINE))
    told = {word.strip(",").lower() for word in first_cells.split()}
    assert [package for package in wanted if package.lower() not in told] == []
    locked = read(name.replace(".in", ".txt")).lower()
    assert [package for package in wanted if f"\n{package.lower()}==" not in locked] == []
    assert "--hash=sha256:" in locked
    assert not re.search(r"^\s*--(extra-)?index-url|^\s*--find-links", locked, re.MULTILINE)


def test_the_citation_and_the_project_agree_on_the_version() -> None:
    version = settings.SPECTACULAR_SETTINGS["VERSION"]
    assert yaml.safe_load(read("CITATION.cff"))["version"] == version
    assert f'version = "{version}"' in read("pyproject.toml")


def test_continuous_integration_runs_what_the_readme_names() -> None:
    steps = re.findall(r"^make ([a-z-]+)$", read(".ci/run"), re.MULTILINE)
    assert steps == ["check", "test"]
    assert "set -euo pipefail" in read(".ci/run")
    for script in [ROOT / ".ci" / "run", *(ROOT / "scripts").glob("*.sh")]:
        assert is_executable(script), script


def is_executable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o111)
