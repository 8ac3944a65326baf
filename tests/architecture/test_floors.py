"""The house stands: imports run downwards, modules stay short, pure modules stay pure, names and docstrings exist."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
FLOORS = ["foundation", "literature", "therapies", "evidence", "comparison", "config"]  # lowest first
LONGEST_MODULE = 400  # lines
# Where no Django may come: computed from plain values, tested without a database.
PURE = (
    "comparison/statistics",
    "comparison/charts",
    "comparison/derived.py",
    "comparison/guard.py",
    "comparison/guard_effects.py",
    "comparison/guard_heads.py",
    "comparison/guard_reasons.py",
    "comparison/overlaps.py",
    "comparison/result.py",
    "comparison/strata.py",
    "comparison/timing.py",
    "evidence/block_words.py",
    "evidence/care.py",
    "evidence/duplicates.py",
    "evidence/half_filled.py",
    "evidence/measurement_block.py",
    "evidence/privacy.py",
    "evidence/unit_tables.py",
    "evidence/units.py",
)
IMPURE_IMPORTS = {"django", "rest_framework", "psycopg", "pghistory", "httpx"}
# What the project may take from above: settings name it, and Django resolves the name, not the module.
EXCEPTIONS: set[tuple[str, str]] = set()


def modules(folder: str) -> list[Path]:
    """Every Python file of a folder or the file itself, migrations left out: Django writes those."""
    place = ROOT / folder
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


HOUSE = [path for floor in FLOORS for path in modules(floor)]
PURE_MODULES = [path for place in PURE for path in modules(place)]


def imported_packages(path: Path) -> Iterator[tuple[str, int]]:
    """Each imported dotted name with its line; relative imports stay in the package and are resolved to it."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            yield ".".join(part for part in (base, node.module or "") if part), node.lineno


def upward_imports(path: Path) -> list[str]:
    floor = FLOORS.index(path.relative_to(ROOT).parts[0])
    return [
        f"{name_of(path)}:{line} imports {imported}"
        for imported, line in imported_packages(path)
        if imported.partition(".")[0] in FLOORS[floor + 1 :] and (name_of(path), imported) not in EXCEPTIONS
    ]


def test_every_app_of_ours_stands_on_a_floor() -> None:
    assert {*settings.LOCAL_APPS, "config"} == set(FLOORS)
    assert all(modules(floor) for floor in FLOORS)


def test_imports_run_downwards_only() -> None:
    assert [upward for path in HOUSE for upward in upward_imports(path)] == []


def test_the_import_rule_sees_an_upward_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    module = tmp_path / "literature" / "models.py"
    module.parent.mkdir()
    module.write_text("from evidence.models import Study\nimport foundation.models\nfrom . import choices\n")
    assert upward_imports(module) == ["literature/models.py:1 imports evidence.models"]


def test_no_application_imports_a_test_or_the_settings_module() -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {imported}"
        for path in HOUSE
        for imported, line in imported_packages(path)
        if imported == "config.settings" or imported.partition(".")[0] == "tests"
    ]
    assert wrong == []


def test_no_module_is_longer_than_a_person_can_hold() -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if "__pycache__" not in path.parts]
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*HOUSE, *tests]}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_pure_modules_know_no_framework_and_no_model() -> None:
    assert PURE_MODULES
    wrong = [
        f"{name_of(path)}:{line} imports {imported}"
        for path in PURE_MODULES
        for imported, line in imported_packages(path)
        if imported.partition(".")[0] in IMPURE_IMPORTS
        or imported.endswith((".models", ".querysets", ".services"))
    ]
    assert wrong == []


def test_every_public_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in HOUSE
        if not path.name.startswith("_") or path.name == "__init__.py"
        if (tree := ast.parse(path.read_text(encoding="utf-8"))).body and not ast.get_docstring(tree)
    ]
    assert silent == []


def our_models() -> list[type[models.Model]]:
    """The models of our apps, without the tables that pghistory derives from them."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in FLOORS and not hasattr(model, "pgh_tracked_model")
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_a_model_says_what_it_is(model: type[models.Model]) -> None:
    # Django writes "Model(id, name, …)" where nobody wrote a docstring.
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}("), "write a docstring"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_a_constraint_carries_a_name_that_says_where_it_stands(model: type[models.Model]) -> None:
    for constraint in model._meta.constraints:
        assert constraint.name
        assert len(constraint.name) <= 63, "PostgreSQL cuts longer names"
    assert not model._meta.unique_together, "write a named UniqueConstraint"
    assert not getattr(model._meta, "index_together", ()), "write a named Index"


def test_constraint_names_are_not_shared() -> None:
    names = [constraint.name for model in our_models() for constraint in model._meta.constraints]
    assert len(names) == len(set(names))


def test_evidence_is_protected_and_never_deleted_along_with_a_person() -> None:
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and field.related_model is apps.get_model(settings.AUTH_USER_MODEL)
    ]
    # A preference goes with its person.
    assert cascading == ["MailOptOut.user"]
