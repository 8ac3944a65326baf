"""Files to records: reads a folder laid out like data/, and tells every fault with its file and path."""

import re
import stat
from collections.abc import Hashable
from pathlib import Path
from typing import Any, ClassVar

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

# The largest file of the curated set has 34 kB; a file past this is no study.
LARGEST_FILE_BYTES = 2 * 1024 * 1024
# A study reaches six. libyaml takes minutes over a hundred thousand levels, and Python's stack ends long before.
DEEPEST_NESTING = 20

# What each file of the set holds.
DATA_SHAPES: dict[str, TypeAdapter[Any]] = {
    "vocabulary.yaml": TypeAdapter(VocabularyRecord),
    "pathway/targets.yaml": TypeAdapter(list[TargetRecord]),
    "pathway/edges.yaml": TypeAdapter(list[EdgeRecord]),
    "therapies/*.yaml": TypeAdapter(TherapyRecord),
    "studies/*.yaml": TypeAdapter(StudyRecord),
    "overlaps.yaml": TypeAdapter(list[OverlapRecord]),
}

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """YAML without surprises: no key twice, no dates, and only true and false are booleans (NO is Norway).

    Numbers are decimal: 010 is no 8 and 1:30 no 90, as they are to YAML 1.1. Both are text here, which a field
    for numbers refuses.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, f"line {line}: a key is a word, not a list"
                )
            key = self.construct_object(key_node)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"line {line}: key {key!r} stands twice")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_WHOLE = r"[-+]?(?:0|[1-9][0-9]{0,17})"
_PLAIN_VALUES = {
    "null": (r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    "int": (rf"^{_WHOLE}$", list("-+0123456789")),
    "float": (rf"^(?:{_WHOLE}\.[0-9]*|[-+]?\.[0-9]+)(?:[eE][-+][0-9]+)?$", list("-+.0123456789")),
}
for _name, (_pattern, _first) in _PLAIN_VALUES.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), _first)


def read_data_set(folder: Path) -> DataSet:
    """The set in a folder, checked whole.

    Raises InvalidDataSet with every fault found.
    """
    faults = Faults()
    studies, unread_studies = _read_folder(folder, "studies", faults)
    therapies, unread_therapies = _read_folder(folder, "therapies", faults)
    vocabulary = read_file(folder, "vocabulary.yaml", faults)
    targets = read_file(folder, "pathway/targets.yaml", faults)
    edges = read_file(folder, "pathway/edges.yaml", faults)
    overlaps = read_file(folder, "overlaps.yaml", faults)
    # Without these lists every name would look unknown.
    if vocabulary is None or targets is None:
        raise InvalidDataSet(sorted(faults.found))
    data_set = DataSet.model_construct(
        vocabulary=vocabulary,
        targets=targets,
        edges=edges or [],
        therapies=therapies,
        studies=studies,
        overlaps=overlaps or [],
    )
    check(data_set, faults, unread_studies, unread_therapies)
    if faults:
        raise InvalidDataSet(sorted(faults.found))
    return data_set


def _read_folder(folder: Path, name: str, faults: Faults) -> tuple[list[Any], frozenset[str]]:
    """One record a file, each named by its slug; and the names of the files that gave none."""
    records: list[Any] = []
    unread = set()
    try:
        paths = sorted((folder / name).iterdir(), key=lambda path: path.stem)
    except FileNotFoundError:
        faults.add(name, "", "there is no such folder")
        return records, frozenset()
    except OSError as error:
        faults.add(name, "", f"cannot be read: {error.strerror}")
        return records, frozenset()
    for path in paths:
        relative = f"{name}/{path.name}"
        if path.suffix != ".yaml":
            faults.add(relative, "", "is no .yaml file")
            continue
        record = read_file(folder, relative, faults)
        if record is None:
            unread.add(path.stem)
        elif record.slug != path.stem:
            faults.add(relative, "slug", f"{record.slug!r} differs from the file's name")
            unread.add(path.stem)
        else:
            records.append(record)
    return records, frozenset(unread)


def read_file(folder: Path, relative: str, faults: Faults) -> Any:
    """One file of the set by itself: its record or records, or None with its faults noted."""
    text = _text(folder / relative, relative, faults)
    if text is None:
        return None
    try:
        if (refusal := _unused_yaml(text)) is not None:
            faults.add(relative, "", refusal)
            return None
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 (_Loader is a safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}: " if mark is not None else ""
        faults.add(relative, "", f"is no valid YAML: {line}{error.problem or error.context}")
        return None
    except yaml.reader.ReaderError as error:
        faults.add(relative, "", f"is no valid YAML: {error.reason} (character {error.position})")
        return None
    try:
        return _shape(relative).validate_python(content)
    except ValidationError as refusal:
        faults.add_refusal(relative, "", refusal)
        return None


def _shape(relative: str) -> TypeAdapter[Any]:
    return DATA_SHAPES.get(relative) or DATA_SHAPES[f"{relative.partition('/')[0]}/*.yaml"]


def _unused_yaml(text: str) -> str | None:
    """What of YAML a file uses that has no place here, or None; stops at the first."""
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        line = f"line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent):
            return f"{line}: YAML aliases (*name) are not used here"
        if getattr(event, "tag", None) is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            return f"{line}: YAML tags ({tag}) are not used here"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_NESTING:
            return f"{line}: is nested more than {DEEPEST_NESTING} levels deep"
    return None


def _text(path: Path, relative: str, faults: Faults) -> str | None:
    """The file's text, or None where it is absent, too large or not UTF-8."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.add(relative, "", "is no regular file")
            return None
        with path.open("rb") as file:
            # One byte more than may be there: a large file is refused without being read whole.
            content = file.read(LARGEST_FILE_BYTES + 1)
        if len(content) > LARGEST_FILE_BYTES:
            faults.add(
                relative,
                "",
                f"has {status.st_size:,} bytes; {LARGEST_FILE_BYTES:,} is the most a file may have",
            )
            return None
        return content.decode("utf-8")
    except FileNotFoundError:
        faults.add(relative, "", "is missing")
    except OSError as error:
        faults.add(relative, "", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        faults.add(relative, "", f"is not UTF-8 (byte {error.start})")
    return None
