"""Records to files: the YAML that reader.py reads back to the same records."""

from pathlib import Path
from typing import Any

import yaml

from evidence.choices import Design, Domain
from evidence.dataset.schema_therapies import DataSet
from evidence.dataset.terms import Record
from therapies.choices import DrugClass, Place

# The names of closed lists are the code's; they stand in the file for its readers.
_CLOSED_NAMES = {"designs": Design, "domains": Domain, "drug_classes": DrugClass, "places": Place}


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


def _plain(record: Record) -> Any:
    """A record as plain data: what was not reported is left out, whole numbers have no decimal point."""
    return _whole(record.model_dump(exclude_defaults=True))


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_whole(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Dumper(yaml.SafeDumper):
    """Writes each row out: the reader refuses aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
