"""From a record to what the form shows; pure. Read back, it is the same record."""

from typing import Any

from evidence.choices import CitationRole
from evidence.dataset.schema import CaseRecord, CitationRecord, StudyRecord
from evidence.desk.fields import CARE, CASE, CITATION, STUDY, TABLES, Field, Group, Kind
from evidence.desk.figures import written
from evidence.desk.measured import is_turned
from evidence.desk.terms import Vocabulary
from evidence.models.study import GLUCOCORTICOID

_THREE_WAYS = {None: "", True: "yes", False: "no"}


def payload_of(study: StudyRecord, case_slug: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """What the form shows of a study and one of its patients; of none where it has no such patient."""
    case = next((each for each in study.cases if each.slug == case_slug), None)
    citation = next((each for each in study.citations if each.role == CitationRole.PRIMARY), None)
    payload: dict[str, Any] = {
        "study": _study(study, case, vocabulary),
        "citation": _citation(citation, vocabulary) if citation is not None else {},
        "case": _case(case, vocabulary) if case is not None else {},
    }
    for table in TABLES:
        payload[table.name] = _rows(table, case, vocabulary) if case is not None else []
    return payload


def empty_payload() -> dict[str, Any]:
    """What the form shows first: a report of one patient."""
    return {
        "study": {"design": "case_report", "enrolled": "1"},
        "citation": {},
        "case": {},
        **{table.name: [] for table in TABLES},
    }


def _study(study: StudyRecord, case: CaseRecord | None, vocabulary: Vocabulary) -> dict[str, str]:
    raws = _fields(STUDY, study, vocabulary)
    # An empty summary stands for the patient's story.
    if case is not None and len(study.cases) == 1 and study.summary == case.summary:
        raws["summary"] = ""
    return raws


def _citation(citation: CitationRecord, vocabulary: Vocabulary) -> dict[str, str]:
    raws = _fields(CITATION, citation, vocabulary)
    raws["authors_incomplete"] = "" if citation.authors_complete else "yes"
    return raws


def _case(case: CaseRecord, vocabulary: Vocabulary) -> dict[str, str]:
    raws = _fields(CASE, case, vocabulary)
    for field in CARE:
        raws[field.name] = _THREE_WAYS[case.care.get(field.name.removeprefix("care_"))]
    for name in ("comorbidities", "prior_therapies", "adverse_events"):
        listed = getattr(case, name)
        raws[f"{name}_stated"] = "" if listed is None else "some" if listed else "none"
    return raws


def _fields(group: Group, record: Any, vocabulary: Vocabulary) -> dict[str, str]:
    return {field.name: _cell(field, getattr(record, field.name, None), vocabulary) for field in group.fields}


def _rows(table: Group, case: CaseRecord, vocabulary: Vocabulary) -> list[dict[str, str]]:
    rows = []
    for number, record in enumerate(getattr(case, table.name) or [], start=1):
        raws = {"description": record} if isinstance(record, str) else _fields(table, record, vocabulary)
        if table.name == "measurements":
            raws["unit"] = vocabulary.units.get(record.analyte, "")
        if table.name == "courses":
            stored_as_prednisolone = record.therapy == GLUCOCORTICOID and is_turned(record.agent or "")
            raws["equivalent"] = "yes" if stored_as_prednisolone else ""
        rows.append({"row": str(number), **raws})
    return rows


def _cell(field: Field, value: Any, vocabulary: Vocabulary) -> str:
    """One value as text that is read back as it."""
    match field.kind:
        case Kind.THREE_WAY:
            return _THREE_WAYS[value]
        case Kind.TICK:
            return "yes" if value else ""
        case Kind.TERM:
            return vocabulary.of(field.terms).written(value) if value else ""
        case Kind.TERMS:
            return ", ".join(vocabulary.of(field.terms).written(slug) for slug in value or [])
        case Kind.AUTHORS:
            return "; ".join(value or [])
        case Kind.COUNTRIES:
            return ", ".join(value or [])
        case Kind.AGE if value == 90:
            return "90+"
        case Kind.WHOLE | Kind.DECIMAL | Kind.WEEK | Kind.AGE:
            return written(value)
        case _:
            return str(value or "")
