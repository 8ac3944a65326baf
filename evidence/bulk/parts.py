"""Rows of a table that become parts of one's own draft studies: merged, checked, set against what is stored."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from evidence import permissions
from evidence.bulk.columns import Column
from evidence.bulk.plans import CHANGED, NEW, SAME, Plan, PlannedRow, Progress, differences, split_path
from evidence.bulk.sheets import Line
from evidence.bulk.words import Words
from evidence.dataset.entry import faults_of, known_stored
from evidence.dataset.faults import Faults
from evidence.dataset.rules import Known
from evidence.dataset.schema import StudyRecord
from evidence.dataset.snapshot import study_record
from evidence.models import Study

# By what a part is known, its row of the file and its record.
Rows = Mapping[Any, tuple[Line, Any]]


@dataclass(frozen=True)
class Parts:
    """A kind of part: where a study's record holds it, its table, what it is known by, and that in words."""

    relation: str
    columns: Sequence[Column]
    key: Callable[[Any], Hashable]
    in_words: Callable[[Any], str]


@dataclass(frozen=True)
class StudyWork:
    """A draft study and the record that it is brought to."""

    study: Study
    record: StudyRecord


def plan_studies(
    plan: Plan, wanted: Mapping[str, Rows], parts: Parts, by: Any, words: Words, progress: Progress
) -> None:
    """Plan the rows of each study, by slug; the vocabulary of the rules is read once for all."""
    studies, known = editable_studies(wanted, by), known_stored()
    for done, (slug, rows) in enumerate(wanted.items(), start=1):
        study = studies.get(slug)
        if study is None:
            refuse_study(plan, slug, (line for line, _ in rows.values()))
        elif (stored := stored_record(plan, study)) is not None:
            _plan_study(plan, StudyWork(study, stored), rows, parts, known, words)
        progress("studies checked", done, len(wanted))
    plan.rows.sort(key=lambda row: row.line)
    plan.faults.sort(key=lambda fault: fault.line)


def _plan_study(plan: Plan, stored: StudyWork, rows: Rows, parts: Parts, known: Known, words: Words) -> None:
    held = getattr(stored.record, parts.relation)
    before = {parts.key(part): part for part in held}
    merged = [rows[key][1] if (key := parts.key(part)) in rows else part for part in held]
    merged += [part for key, (_, part) in rows.items() if key not in before]
    for key, (line, part) in rows.items():
        changes = differences(parts.columns, before.get(key), part)
        action = NEW if key not in before else CHANGED if changes else SAME
        plan.rows.append(PlannedRow(line.number, parts.in_words(key), action, changes))
    record = stored.record.model_copy(update={parts.relation: merged})
    slug = stored.study.slug
    for fault in faults_of(record, stored.study, known):
        place = re.fullmatch(rf"{parts.relation}\[(\d+)\]\.?(.*)", fault.path)
        key = parts.key(merged[int(place[1])]) if place else None
        if place and key in rows:
            column, within = split_path(place[2])
            plan.refuse(rows[key][0].number, column, f"{within}{fault.what}{words.hint(fault.what)}")
        else:
            plan.table_faults.append(
                f"{slug}: {fault.path}: {fault.what}" if fault.path else f"{slug}: {fault.what}"
            )
    plan.work.append(StudyWork(stored.study, record))


def editable_studies(slugs: Iterable[str], by: Any) -> dict[str, Study]:
    """The studies of these slugs that the person may edit, each with all its parts."""
    studies = permissions.editable_studies(by).filter(slug__in=list(slugs)).with_everything()
    return {study.slug: study for study in studies}


def refuse_study(plan: Plan, slug: str, lines: Iterable[Line]) -> None:
    """Say in the first row that names a study that it is no draft of the person's, and not whose it may be."""
    line = min(lines, key=lambda one: one.number)
    plan.refuse(line.number, "study", f"{slug!r} is no draft or returned study of yours")


def stored_record(plan: Plan, study: Study) -> StudyRecord | None:
    """What a draft holds already, or None where it is too bare to take rows, with what it lacks noted."""
    try:
        return study_record(study)
    except ValidationError as refusal:
        faults = Faults()
        faults.add_refusal("", "", refusal)
        lacking = "; ".join(str(fault).removeprefix(": ") for fault in faults.found)
        plan.table_faults.append(f"{study.slug} cannot take rows yet: {lacking}")
        return None
