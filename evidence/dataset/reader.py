"""Files to records: reads a folder laid out like data/, and tells every fault with its file and path."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from evidence.dataset.faults import Faults, InvalidDataSet
from evidence.dataset.rules import check
from evidence.dataset.schema import OverlapRecord, StudyRecord
from evidence.dataset.schema_therapies import (
    DataSet,
    EdgeRecord,
    TargetRecord,
    TherapyRecord,
    VocabularyRecord,
)

# The largest file of the curated set has 10 kB; a file past this is no study.
LARGEST_FILE_BYTES = 2 * 1024 * 1024

Shape = TypeVar("Shape")

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """YAML without surprises: no key twice, no dates, and only true and false are booleans (NO is Norway)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                line = node.value[position][0].start_mark.line + 1
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice (line {line})")
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if not tag.endswith((":timestamp", ":bool"))]
    for first, rows in _Base.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", yaml.resolver.re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_data_set(folder: Path) -> DataSet:
    """The set in a folder, checked whole.

    Raises InvalidDataSet with every fault found.
    """
    faults = Faults()
    studies = _read_folder(folder, "studies", StudyRecord, faults)
    therapies = _read_folder(folder, "therapies", TherapyRecord, faults)
    vocabulary = _read(folder, "vocabulary.yaml", VocabularyRecord, faults)
    targets = _read(folder, "pathway/targets.yaml", list[TargetRecord], faults)
    edges = _read(folder, "pathway/edges.yaml", list[EdgeRecord], faults)
    overlaps = _read(folder, "overlaps.yaml", list[OverlapRecord], faults)
    if vocabulary is None or targets is None or edges is None or overlaps is None:
        raise InvalidDataSet(faults.found)
    data_set = DataSet.model_construct(
        vocabulary=vocabulary,
        targets=targets,
        edges=edges,
        therapies=therapies,
        studies=studies,
        overlaps=overlaps,
    )
    # A file that could not be read would make every mention of it look unknown: names are checked once all are read.
    if not faults:
        check(data_set, faults)
    if faults:
        raise InvalidDataSet(sorted(faults.found))
    return data_set


def _read_folder(folder: Path, name: str, shape: type[Shape], faults: Faults) -> list[Shape]:
    """One record a file, each named by its slug."""
    if not (folder / name).is_dir():
        faults.add(name, "", "there is no such folder")
        return []
    records = []
    for path in sorted((folder / name).iterdir()):
        relative = f"{name}/{path.name}"
        if path.suffix != ".yaml":
            faults.add(relative, "", "is no .yaml file")
            continue
        record: Any = _read(folder, relative, shape, faults)
        if record is None:
            continue
        if record.slug != path.stem:
            faults.add(relative, "slug", f"{record.slug!r} differs from the file's name")
        records.append(record)
    return records


def _read(folder: Path, relative: str, shape: Any, faults: Faults) -> Any:
    """One file as a record, or None with its faults noted."""
    text = _text(folder / relative, relative, faults)
    if text is None:
        return None
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Base)):
            faults.add(relative, "", "YAML aliases (*name) are not used here")
            return None
        content = yaml.load(text, Loader=_Loader)  # noqa: S506: _Loader is a safe loader
    except yaml.YAMLError as error:
        faults.add(relative, "", f"is no valid YAML: {error}")
        return None
    except RecursionError:
        faults.add(relative, "", "is nested too deeply")
        return None
    try:
        return TypeAdapter(shape).validate_python(content)
    except ValidationError as error:
        for row in error.errors(include_url=False):
            faults.add(relative, _place(row["loc"]), _words(row))
        return None


def _text(path: Path, relative: str, faults: Faults) -> str | None:
    """The file's text, or None where it is absent, too large or not UTF-8."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            faults.add(
                relative, "", f"has {size:,} bytes; {LARGEST_FILE_BYTES:,} is the most a file may have"
            )
            return None
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        faults.add(relative, "", "is missing")
    except OSError as error:
        faults.add(relative, "", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        faults.add(relative, "", f"is not UTF-8 (byte {error.start})")
    return None


def _place(location: tuple[int | str, ...]) -> str:
    """results[3].events for ("results", 3, "events")."""
    place = ""
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    return place


def _words(row: Any) -> str:
    """Pydantic's message in our words."""
    if row["type"] == "extra_forbidden":
        return "unknown key"
    if row["type"] == "missing":
        return "is missing"
    message = row["msg"].removeprefix("Value error, ")
    given = row["input"]
    shown = repr(given)
    return (
        f"{message} (got {shown})"
        if isinstance(given, str | int | float | None) and len(shown) < 60
        else message
    )
