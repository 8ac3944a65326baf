"""Tables of results: figures of the arms of one's own draft studies."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from evidence.bulk.cases import StudyWork, editable_studies, refuse_study, stored_record
from evidence.bulk.columns import RESULTS
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
from evidence.dataset.entry import faults_of
from evidence.dataset.schema import ResultRecord
from evidence.models import Study

_OWN_PLACE = re.compile(r"results\[(\d+)\]\.?(.*)")
Key = tuple[str, str, int | None, str | None, str | None]


def key_of(record: ResultRecord) -> Key:
    """What a study reports once: one arm, one outcome, one time, one organ, one definition."""
    return (record.arm, record.outcome, record.week, record.organ, record.definition)


def _in_words(key: Key) -> str:
    return ", ".join(str(part) for part in key if part is not None)


def plan_results(lines: Sequence[Line], by: Any, progress: Progress = silent) -> Plan:
    """What a table of results would change; every fault of every row."""
    plan = Plan("results")
    words = Words()
    wanted: dict[str, dict[Key, tuple[Line, ResultRecord]]] = defaultdict(dict)
    for line in told(progress, "rows read", lines):
        values = read_line(line, RESULTS, plan)
        if values is None:
            continue
        study = values.pop("study")
        record = make_record(ResultRecord, words.understood(values), line, plan)
        if record is None:
            continue
        key = key_of(record)
        if key in wanted[study]:
            other = wanted[study][key][0].number
            plan.refuse(line.number, "", f"{_in_words(key)} stands in row {other} already")
            continue
        wanted[study][key] = (line, record)
    studies = editable_studies(wanted, by)
    for done, (slug, rows) in enumerate(wanted.items(), start=1):
        _plan_study(plan, studies.get(slug), slug, rows, words)
        progress("studies checked", done, len(wanted))
    plan.rows.sort(key=lambda row: row.line)
    plan.faults.sort(key=lambda fault: fault.line)
    return plan


def _plan_study(
    plan: Plan, study: Study | None, slug: str, rows: dict[Key, tuple[Line, ResultRecord]], words: Words
) -> None:
    if study is None:
        if rows:
            refuse_study(plan, slug, (line for line, _ in rows.values()))
        return
    stored = stored_record(plan, study)
    if stored is None:
        return
    before = {key_of(result): result for result in stored.results}
    merged = [rows[key][1] if (key := key_of(result)) in rows else result for result in stored.results]
    merged += [record for key, (_, record) in rows.items() if key not in before]
    record = stored.model_copy(update={"results": merged})
    for key, (line, result) in rows.items():
        known = before.get(key)
        changes = differences(RESULTS, known, result)
        action = NEW if known is None else CHANGED if changes else SAME
        plan.rows.append(PlannedRow(line.number, _in_words(key), action, changes))
    for fault in faults_of(record, study):
        place = _OWN_PLACE.fullmatch(fault.path)
        key = key_of(merged[int(place[1])]) if place else None
        if place and key in rows:
            column, within = split_path(place[2])
            plan.refuse(rows[key][0].number, column, f"{within}{fault.what}{words.hint(fault.what)}")
        else:
            plan.table_faults.append(
                f"{slug}: {fault.path}: {fault.what}" if fault.path else f"{slug}: {fault.what}"
            )
    plan.work.append(StudyWork(study, record))
