"""Tables of patients: into draft studies of one's own, each patient new or brought to its row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evidence.bulk.cells import CellFault, figure
from evidence.bulk.columns import CASES
from evidence.bulk.parts import Parts, plan_studies
from evidence.bulk.plans import Plan, make_record, read_line, told
from evidence.bulk.sheets import Line
from evidence.bulk.words import Words
from evidence.dataset.schema import CaseRecord
from evidence.privacy import identifying
from evidence.units import UnitRefused, convert, doubts, read_figure, week_doubts
from foundation.progress import Progress, silent

PATIENTS = Parts("cases", CASES, key=lambda record: record.slug, in_words=str)


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
    plan_studies(plan, wanted, PATIENTS, by, words, progress)
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
