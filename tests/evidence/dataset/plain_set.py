"""The oracle of the data set: its files read by plain PyYAML alone, counted and compared without the reader."""

import copy
import datetime
import functools
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

DATA = Path(settings.BASE_DIR) / "data"
FILES = sorted(str(path.relative_to(DATA)) for path in DATA.rglob("*.yaml"))

# A trial, an early trial, case reports, and studies that overlap.
SMALL_SET = (
    "aip-diabetes-komagome-2012",
    "ali-2020",
    "carruthers-2015",
    "hart-2013-b",
    "simpson-2020",
    "stone-2025",
    "yamamoto-2016",
)

# What a field says when a file leaves it out. A dump leaves it out too.
_DEFAULTS: dict[str, list[Any]] = {
    "type": ["article-journal"],
    "authors_complete": [True],
    "year_inferred": [False],
    "background_glucocorticoid": ["not_reported"],
    "steroid_effect": ["not_reported"],
    **{
        name: [[], {}]
        for name in ("organs", "countries", "arms", "results", "contrasts", "findings", "syntheses")
    },
    **{name: [[], {}] for name in ("cases", "baseline", "courses", "measurements", "organ_responses")},
    "responder_index": [[]],
    **{
        name: [[], {}]
        for name in ("synonyms", "routes", "codes", "mechanisms", "regulatory", "safety", "read_at")
    },
}
# Fields in which null is told and not left out: the number of patients, an arm's size, a year, a level.
_NULL_IS_TOLD = {"enrolled", "n", "year", "level"}


def read(path: Path) -> Any:
    """A file as plain PyYAML has it."""
    return copy.deepcopy(_parsed(path.read_bytes()))


@functools.cache
def _parsed(content: bytes) -> Any:
    return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def copy_of_data(folder: Path) -> Path:
    """A copy of data/ to change."""
    return Path(shutil.copytree(DATA, folder / "data"))


def small_set(folder: Path) -> Path:
    """A part of data/ that holds together and is quick to read: a few studies, what they name, and the whole map."""
    for name in ("vocabulary.yaml", "pathway/targets.yaml", "pathway/edges.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DATA / name, folder / name)
    for name in ("studies", "therapies"):
        (folder / name).mkdir()
    text = ""
    for slug in SMALL_SET:
        shutil.copy(DATA / f"studies/{slug}.yaml", folder / "studies")
        text += (DATA / f"studies/{slug}.yaml").read_text(encoding="utf-8")
    for path in (DATA / "therapies").glob("*.yaml"):
        if path.stem in text:
            shutil.copy(path, folder / "therapies")
    pairs = [row for row in read(DATA / "overlaps.yaml") if {row["a"], row["b"]} <= set(SMALL_SET)]
    (folder / "overlaps.yaml").write_text(yaml.safe_dump(pairs, sort_keys=False), encoding="utf-8")
    return folder


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """A row that is there twice is written twice."""
        return True


def change(path: Path, edit: Callable[[Any], object]) -> None:
    """Edit the content of a file in place."""
    content = read(path)
    edit(content)
    path.write_text(yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False), encoding="utf-8")


def counts() -> dict[str, int]:
    """How many rows of each kind the files of data/ hold."""
    found: Counter[str] = Counter()
    for path in (DATA / "studies").glob("*.yaml"):
        study = read(path)
        found["Study"] += 1
        for kind, name in (("Contrast", "contrasts"), ("Finding", "findings"), ("Result", "results")):
            found[kind] += len(study.get(name) or [])
        found["PublishedSynthesis"] += len(study.get("syntheses") or [])
        found["StudyCitation"] += len(study["citations"])
        found["StudyOrgan"] += len(study.get("organs") or [])
        for arm in study.get("arms") or []:
            found["Arm"] += 1
            found["RegimenPart"] += len(arm["regimen"])
            found["ArmBaseline"] += len(arm.get("baseline") or {})
        for case in study.get("cases") or []:
            found["Case"] += 1
            found["Course"] += len(case.get("courses") or [])
            found["Measurement"] += len(case.get("measurements") or [])
            found["OrganResponse"] += len(case.get("organ_responses") or [])
            if case.get("responder_index"):
                found["ResponderIndexScore"] += len(case["responder_index"])
            found["CaseOrgan"] += len(case.get("organs") or [])
            found["CaseComorbidity"] += len(case.get("comorbidities") or [])
            found["CasePriorTherapy"] += len(case.get("prior_therapies") or [])
            found["CaseAdverseEvent"] += len(case.get("adverse_events") or [])
    for path in (DATA / "therapies").glob("*.yaml"):
        therapy = read(path)
        found["Therapy"] += 1
        found["TherapyCode"] += len(therapy.get("codes") or {})
        found["RegulatoryStatus"] += len(therapy.get("regulatory") or [])
        found["SafetyNote"] += len(therapy.get("safety") or [])
        for mechanism in therapy.get("mechanisms") or []:
            found["Mechanism"] += 1
            found["MechanismCitation"] += len(mechanism["citations"])
    found["Target"] = len(read(DATA / "pathway/targets.yaml"))
    found["PathwayEdge"] = len(read(DATA / "pathway/edges.yaml"))
    found["Overlap"] = len(read(DATA / "overlaps.yaml"))
    vocabulary = read(DATA / "vocabulary.yaml")
    for kind, name in (("Outcome", "outcomes"), ("Organ", "organs"), ("Analyte", "analytes")):
        found[kind] = len(vocabulary[name])
    found["Comorbidity"] = len(vocabulary["comorbidities"])
    return dict(found)


def canonical(value: Any) -> Any:
    """Content without what may differ between two spellings of one set.

    DOIs in lower case, 2.0 as 2, dates with or without quotes, and fields left out that say what their absence
    says. Keys keep no order.
    """
    if isinstance(value, dict):
        return {
            key: canonical(_lower(key, part))
            for key, part in value.items()
            if part not in _DEFAULTS.get(key, []) and (part is not None or key in _NULL_IS_TOLD)
        }
    if isinstance(value, list):
        return [canonical(part) for part in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _lower(key: str, value: Any) -> Any:
    if key in ("doi", "citation"):
        return value.lower()
    if key == "citations" and all(isinstance(part, str) for part in value):
        return [part.lower() for part in value]
    return value
