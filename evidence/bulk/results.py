"""Tables of results: figures of the arms of one's own draft studies."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from evidence.bulk.columns import RESULTS
from evidence.bulk.parts import Parts, plan_studies
from evidence.bulk.plans import Plan, make_record, read_line, told
from evidence.bulk.sheets import Line
from evidence.bulk.words import Words
from evidence.dataset.schema import ResultRecord
from foundation.progress import Progress, silent

Key = tuple[str, str, int | None, str | None, str | None]


def key_of(record: ResultRecord) -> Key:
    """What a study reports once: one arm, one outcome, one time, one organ, one definition."""
    return (record.arm, record.outcome, record.week, record.organ, record.definition)


def _in_words(key: Key) -> str:
    return ", ".join(str(part) for part in key if part is not None)


FIGURES = Parts("results", RESULTS, key=key_of, in_words=_in_words)


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
    plan_studies(plan, wanted, FIGURES, by, words, progress)
    return plan
