"""Records to files: the YAML that reader.py reads back to the same records."""

from pathlib import Path
from typing import Any

import yaml

from evidence.choices import Design, Domain
from evidence.dataset.schema import Sourced
from evidence.dataset.schema_therapies import DataSet
from evidence.dataset.terms import Record
from therapies.choices import DrugClass, Place

# The names of closed lists are the code's; they stand in the file for its readers.
_CLOSED_NAMES = {"designs": Design, "domains": Domain, "drug_classes": DrugClass, "places": Place}

_SOURCE = tuple(Sourced.model_fields)
_LINE = 120
# Text longer than this is prose and folded.
_FOLDED_FROM = 90
# A list of words no longer than this is written as a line, and goes on in the next where it must.
_LONGEST_WORD = 40


def write_files(data_set: DataSet, folder: Path) -> list[Path]:
    """Write the set, laid out like data/; answers the files written."""
    written = [_write(folder / "vocabulary.yaml", _vocabulary(data_set))]
    written.append(_write(folder / "pathway/targets.yaml", [_plain(row) for row in data_set.targets]))
    written.append(_write(folder / "pathway/edges.yaml", [_plain(row) for row in data_set.edges]))
    written.append(_write(folder / "overlaps.yaml", [_plain(row) for row in data_set.overlaps]))
    for name, rows in (("therapies", data_set.therapies), ("studies", data_set.studies)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        written += [_write(folder / name / f"{row.slug}.yaml", _plain(row)) for row in rows]
    return written


def _vocabulary(data_set: DataSet) -> dict[str, Any]:
    content = _plain(data_set.vocabulary)
    for name, choices in _CLOSED_NAMES.items():
        labels = dict(choices.choices)
        content[name] = [{"slug": row["slug"], "name": labels[row["slug"]], **row} for row in content[name]]
    return content


def written_order(kind: type[Record]) -> list[str]:
    """The fields of a record as a file has them: what was found first, where it was read last."""
    names = list(kind.model_fields)
    if not issubclass(kind, Sourced):
        return names
    return [name for name in names if name not in _SOURCE] + list(_SOURCE)


def _plain(value: Any) -> Any:
    """A record as plain data: what was not reported is left out, whole numbers have no decimal point."""
    if isinstance(value, Record):
        fields = type(value).model_fields
        return {
            name: _plain(getattr(value, name))
            for name in written_order(type(value))
            if fields[name].is_required() or getattr(value, name) != fields[name].default
        }
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Dumper(yaml.SafeDumper):
    """Writes as a curator would: prose folded, lists of words and small rows on a line, nothing by alias."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write each row out: the reader refuses aliases."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list under its key."""
        super().increase_indent(flow, False)

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """Prose that does not fit on a line as a folded block, other text plain or in double quotes."""
        folds = len(text) > _FOLDED_FROM and " " in text and text.isprintable() and "  " not in text
        node: yaml.ScalarNode = self.represent_scalar(
            "tag:yaml.org,2002:str", text, style=">" if folds else None
        )
        return node

    def choose_scalar_style(self) -> str:
        """Double quotes on a line of its own, as the curated files have them."""
        style: str = super().choose_scalar_style()
        return '"' if style == "'" and len(self.event.value) <= _FOLDED_FROM else style

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """In one line: breaks inside double quotes need backslashes."""
        super().write_double_quoted(text, split=False)

    def represent_rows(self, rows: list[Any]) -> yaml.SequenceNode:
        """A list on one line where its parts are words: all short, as authors are, or few enough to fit."""
        node: yaml.SequenceNode = self.represent_sequence("tag:yaml.org,2002:seq", rows)
        words = all(isinstance(part, yaml.ScalarNode) and part.style is None for part in node.value)
        short = words and all(len(part.value) <= _LONGEST_WORD for part in node.value)
        node.flow_style = not node.value or short or (words and _width(node) <= _LINE)
        return node

    def represent_fields(self, fields: dict[str, Any]) -> yaml.MappingNode:
        """A mapping on one line where its values are words or lists of them, and fit."""
        node: yaml.MappingNode = self.represent_mapping("tag:yaml.org,2002:map", fields)
        small = all(isinstance(value, yaml.ScalarNode) and value.style is None for _, value in node.value)
        node.flow_style = not node.value or (small and _width(node) <= _LINE)
        return node


def _width(node: yaml.CollectionNode) -> int:
    """About how many characters a list or mapping takes on a line."""
    if isinstance(node, yaml.MappingNode):
        return sum(len(key.value) + len(value.value) + len(": , ") for key, value in node.value)
    return sum(len(part.value) + len(", ") for part in node.value)


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(list, _Dumper.represent_rows)
_Dumper.add_representer(dict, _Dumper.represent_fields)


def _write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_LINE)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
