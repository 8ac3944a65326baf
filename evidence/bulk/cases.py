"""Tables of patients: into draft studies of one's own, each patient new or brought to its row."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from evidence import permissions
from evidence.bulk.cells import CellFault, figure
from evidence.bulk.columns import CASES
from evidence.bulk.plans import (
    CHANGED,
    NEW,
    SAME,
    Plan,
    PlannedRow,
    Progress,
    differences,
    make_record,
    read_line,
    silent,
    split_path,
    told,
)
from evidence.bulk.sheets import Line
from evidence.bulk.words import Words
from evidence.dataset.entry import faults_of, known_stored
from evidence.dataset.faults import Faults
from evidence.dataset.schema import CaseRecord, StudyRecord
from evidence.dataset.snapshot import study_record
from evidence.models import Study
from evidence.privacy import identifying
from evidence.units import UnitRefused, convert, doubts, read_figure, week_doubts

_OWN_PLACE = re.compile(r"cases\[(\d+)\]\.?(.*)")


@dataclass(frozen=True)
class StudyWork:
    """A draft study and the record that it is brought to."""

    study: Study
    record: StudyRecord


def plan_cases(lines: Sequence[Line], by: Any, progress: Progress = silent) -> Plan:
    """What a table of patients would change; every fault of every row."""
    plan = Plan("cases")
    words = Words()
    wanted: dict[str, dict[str, tuple[Line, CaseRecord]]] = defaultdict(dict)
    first: dict[str, int] = {}
    for line in told(progress, "rows read", lines):
        values = read_line(line, CASES, plan)
        if values is None:
            continue
        study = values.pop("study")
        values = words.understood(values)
        if not _convert(values.get("measurements", []), line, plan):
            continue
        record = make_record(CaseRecord, values, line, plan)
        if record is None:
            continue
        _doubt(record, line, plan)
        if record.slug in first:
            plan.refuse(line.number, "slug", f"{record.slug!r} stands in row {first[record.slug]} already")
            continue
        first[record.slug] = line.number
        wanted[study][record.slug] = (line, record)
    studies = editable_studies(wanted, by)
    for done, (slug, rows) in enumerate(wanted.items(), start=1):
        _plan_study(plan, studies.get(slug), slug, rows, words)
        progress("studies checked", done, len(wanted))
    plan.rows.sort(key=lambda row: row.line)
    plan.faults.sort(key=lambda fault: fault.line)
    return plan


def _convert(rows: Iterable[dict[str, Any]], line: Line, plan: Plan) -> bool:
    """Bring measured values to their analytes' units, each with what was printed; whether all could be."""
    clean = True
    for number, row in enumerate(rows, start=1):
        printed = row.pop("value", "")
        try:
            row.update(_value(printed, row))
        except (CellFault, UnitRefused) as fault:
            plan.refuse(line.number, "measurements", f"entry {number}, value: {fault}")
            clean = False
    return clean


def _value(printed: str, row: Mapping[str, Any]) -> dict[str, Any]:
    number, _, unit = printed.partition(" ")
    if not unit:
        value = figure(printed)
        return {} if value is None else {"value": value}
    converted = convert(row.get("analyte", ""), read_figure(number), unit)
    kept = row.get("as_reported") or converted.as_reported
    return {"value": converted.value, **({"as_reported": kept} if kept else {})}


def _doubt(record: CaseRecord, line: Line, plan: Plan) -> None:
    """What a person should look at: words that may identify the patient, figures far from what is usual."""
    for column in ("summary", "locator", "adverse_events"):
        told_texts = getattr(record, column) or []
        for text in [told_texts] if isinstance(told_texts, str) else told_texts:
            for hint in identifying(text):
                plan.doubt(line.number, column, f"“{hint.excerpt}”: {hint.why}")
    for number, row in enumerate(record.measurements, start=1):
        for doubt in (*doubts(row.analyte, row.value), *week_doubts(row.week)):
            plan.doubt(line.number, "measurements", f"entry {number}: {doubt}")


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


def _plan_study(
    plan: Plan, study: Study | None, slug: str, rows: dict[str, tuple[Line, CaseRecord]], words: Words
) -> None:
    if study is None:
        refuse_study(plan, slug, (line for line, _ in rows.values()))
        return
    stored = stored_record(plan, study)
    if stored is None:
        return
    before = {case.slug: case for case in stored.cases}
    merged = [rows[case.slug][1] if case.slug in rows else case for case in stored.cases]
    merged += [record for case_slug, (_, record) in rows.items() if case_slug not in before]
    record = stored.model_copy(update={"cases": merged})
    for case_slug, (line, patient) in rows.items():
        known = before.get(case_slug)
        changes = differences(CASES, known, patient)
        action = NEW if known is None else CHANGED if changes else SAME
        plan.rows.append(PlannedRow(line.number, case_slug, action, changes))
    for fault in faults_of(record, study, known_stored()):
        place = _OWN_PLACE.fullmatch(fault.path)
        patient_slug = merged[int(place[1])].slug if place else ""
        if place and patient_slug in rows:
            column, within = split_path(place[2])
            line = rows[patient_slug][0]
            plan.refuse(line.number, column, f"{within}{fault.what}{words.hint(fault.what)}")
        else:
            plan.table_faults.append(
                f"{slug}: {fault.path}: {fault.what}" if fault.path else f"{slug}: {fault.what}"
            )
    plan.work.append(StudyWork(study, record))
