"""From what is typed to a record, and back; pure, and total: any payload can be read.

A payload holds raw text: ``{"study": {…}, "citation": {…}, "case": {…}, "courses": [{"row": "1", …}, …], …}``.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.choices import CitationRole
from evidence.dataset.schema import (
    CaseRecord,
    CitationRecord,
    CourseRecord,
    MeasurementRecord,
    OrganResponseRecord,
    ResponderIndexRecord,
    StudyRecord,
)
from evidence.dataset.terms import is_printable
from evidence.desk.cells import read_cell, tidy
from evidence.desk.fields import CARE, CASE, CITATION, SINGLE, STUDY, TABLES, Group, Kind, page_name
from evidence.desk.figures import Unreadable
from evidence.desk.measured import measured, prednisolone
from evidence.desk.reading import NEEDED, Reading
from evidence.desk.terms import Vocabulary
from evidence.desk.written import payload_of

Payload = Mapping[str, Any]
Values = dict[str, Any]

# Room for the year and a letter in a study's slug.
_LONGEST_STEM = 48
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
ROW_RECORDS: dict[str, Any] = {
    "courses": CourseRecord,
    "measurements": MeasurementRecord,
    "organ_responses": OrganResponseRecord,
    "responder_index": ResponderIndexRecord,
}


@dataclass(frozen=True)
class Opened:
    """The study that a patient is added to, or in which one is changed."""

    # As it is stored now.
    stored: StudyRecord
    # What the form showed when it was opened.
    shown: Payload
    # The patient that is changed; empty where one is added.
    case_slug: str = ""


def same(slug: str) -> str:
    """A slug as it is."""
    return slug


def read_payload(
    payload: Payload,
    vocabulary: Vocabulary,
    opened: Opened | None = None,
    free_slug: Callable[[str], str] = same,
) -> Reading:
    """Everything that the form says. ``free_slug`` makes a slug one that no other study has."""
    return _Reader(payload, vocabulary, opened, free_slug).read()


class _Reader:
    """One reading of one payload."""

    def __init__(
        self,
        payload: Payload,
        vocabulary: Vocabulary,
        opened: Opened | None,
        free_slug: Callable[[str], str],
    ) -> None:
        self.payload = payload
        self.vocabulary = vocabulary
        self.opened = opened
        self.free_slug = free_slug
        self.reading = Reading()
        self.raws = {group.name: raws_of(payload, group) for group in SINGLE}
        if opened is not None:
            now = payload_of(opened.stored, opened.case_slug, vocabulary)
            self.raws["study"] = _merged(self.raws["study"], opened.shown.get("study", {}), now["study"])

    def read(self) -> Reading:
        reading = self.reading
        citation, paper = self._citation()
        case_values = self._case()
        study_values = self._study(paper, case_values)
        self._name_case(case_values, study_values)
        reading.study_values = study_values
        reading.paper = paper if self.opened is None else _paper_of(self.opened.stored)
        case = reading.validated(CaseRecord, case_values, CASE, self.raws["case"])
        reading.case = case if case is not None else _partial(case_values)
        parts = {**(_kept(self.opened.stored) if self.opened else {"citations": [citation]}), **study_values}
        # The rest of the study is checked even where paper and patient, which complain for themselves, are not whole.
        parts["cases"] = self._cases(case) if case is not None else []
        parts["summary"] = parts["summary"] or _SOMETHING
        if self.opened is None and citation is None:
            parts["citations"] = [_SOME_CITATION]
        study = reading.validated(StudyRecord, parts, STUDY, self.raws["study"])
        reading.study = study if not reading.complaints else None
        return reading

    def _group(self, group: Group, raws: dict[str, str], row: str = "") -> Values:
        """The values of the fields that can be read; a complaint for each that cannot."""
        values: Values = {}
        for field in group.fields:
            raw = raws.get(field.name, "")
            if not raw:
                continue
            name = page_name(group.name, field.name, row)
            try:
                if hidden := _hidden(raw):
                    raise Unreadable(f"Holds an invisible character (U+{ord(hidden):04X}). Type it again.")
                values[field.name], note = read_cell(field, raw, self.vocabulary)
            except Unreadable as fault:
                self.reading.complain(name, str(fault))
                continue
            if note:
                self.reading.remark(name, note)
        return values

    def _demand(self, group: Group, values: Values, raws: dict[str, str], row: str = "") -> None:
        """Complain of each needed field that is empty and has no default."""
        for field in group.fields:
            if field.needed and field.name not in values and not raws.get(field.name):
                self.reading.complain(page_name(group.name, field.name, row), NEEDED, missing=True)

    def _citation(self) -> tuple[CitationRecord | None, Values]:
        """The paper of a new study, and as much of it as can be read; that of a stored study stays as it is."""
        if self.opened is not None:
            return None, {}
        raws = self.raws["citation"]
        values = self._group(CITATION, raws)
        self._demand(CITATION, values, raws)
        values["authors_complete"] = not values.pop("authors_incomplete", False)
        for name in ("doi", "pmcid"):
            if name in values:
                values[name] = _bare(name, values[name])
        record: CitationRecord | None = self.reading.validated(
            CitationRecord,
            {"role": CitationRole.PRIMARY.value, "authors": [], "year": None, **values},
            CITATION,
            raws,
        )
        told = {complaint.field for complaint in self.reading.complaints}
        return record, {
            name: value for name, value in values.items() if page_name("citation", name) not in told
        }

    def _study(self, paper: Values, case_values: Values) -> Values:
        raws = self.raws["study"]
        values = self._group(STUDY, raws)
        label, slug = proposed_names(paper.get("authors", []), paper.get("year"))
        defaults = {"label": label, "slug": self.free_slug(slug) if slug else "", "read_at": _address(paper)}
        for name, value in defaults.items():
            if value and not raws[name]:
                values[name] = value
        if not raws["summary"] and case_values.get("summary"):
            values["summary"] = case_values["summary"]
        self._demand(STUDY, values, raws)
        for field in STUDY.fields:
            # An emptied field empties what is stored.
            if field.name not in values and not raws[field.name] and not field.needed:
                values[field.name] = [] if field.kind == Kind.COUNTRIES else None
        return values

    def _case(self) -> Values:
        raws = self.raws["case"]
        values = self._group(CASE, raws)
        self._demand(CASE, values, raws)
        for table in TABLES:
            values[table.name] = self._rows(table)
        for name in ("comorbidities", "prior_therapies", "adverse_events"):
            listed = values.pop(name, None) or []
            values[name] = self._stated(name, values.pop(f"{name}_stated", None), listed)
        answers = {field.name.removeprefix("care_"): values.pop(field.name, None) for field in CARE}
        values["care"] = {item: found for item, found in answers.items() if found is not None}
        if values.get("relapse_week") is not None and values.get("relapse") is not True:
            self.reading.complain(
                "case-relapse_week", "A week of relapse needs a relapse: choose Yes, or empty the week."
            )
            del values["relapse_week"]
        return values

    def _stated(self, name: str, way: str | None, listed: list[str]) -> list[str] | None:
        """A list that was not stated is None; one that was stated to be empty is empty."""
        in_table = name == "adverse_events"
        field = page_name("case", f"{name}_stated" if in_table else name)
        typed = bool(listed) or bool(self.raws["case"].get(name))
        if way == "none" and typed:
            self.reading.complain(
                field, "None was chosen, and something is named. Choose Some, or empty the list."
            )
        if way == "some" and not typed:
            self.reading.complain(field, "Name what there was, or choose None or Not stated.", missing=True)
        return listed if way is not None or typed else None

    def _rows(self, table: Group) -> list[Any]:
        """The rows that can be read, as records; blank ones are none."""
        records, keys = [], []
        for row, raws in rows_of(self.payload, table):
            before = len(self.reading.complaints)
            values = self._group(table, raws, row)
            self._demand(table, values, raws, row)
            if table.name == "measurements":
                measured(self.reading, values, raws, row, self.vocabulary)
            elif table.name == "courses":
                prednisolone(self.reading, values, row)
            if len(self.reading.complaints) > before:
                continue
            record = (
                self.reading.validated(ROW_RECORDS[table.name], values, table, raws, row)
                if table.name in ROW_RECORDS
                else values["description"]
            )
            if record is not None:
                records.append(record)
                keys.append(row)
        self.reading.rows[table.name] = keys
        return records

    def _name_case(self, case_values: Values, study_values: Values) -> None:
        """The patient's slug and place: its own where it is stored, else the study's with the next number."""
        others = [case.slug for case in self.opened.stored.cases] if self.opened is not None else []
        own = self.opened.case_slug if self.opened is not None else ""
        self.reading.case_index = others.index(own) if own in others else len(others)
        if own:
            case_values["slug"] = own
        elif "slug" not in case_values and _SLUG.fullmatch(study_values.get("slug") or ""):
            number = next(
                n for n in range(1, len(others) + 2) if f"{study_values['slug']}-p{n}" not in others
            )
            case_values["slug"] = f"{study_values['slug']}-p{number}"
        # Without a study's name the patient has none yet; the complaint stands with the study.
        case_values.setdefault("slug", "patient")

    def _cases(self, case: CaseRecord) -> list[CaseRecord]:
        cases = list(self.opened.stored.cases) if self.opened is not None else []
        cases[self.reading.case_index : self.reading.case_index + 1] = [case]
        return cases


def raws_of(payload: Payload, group: Group) -> dict[str, str]:
    """The text of each field of a single group."""
    given = payload.get(group.name)
    given = given if isinstance(given, Mapping) else {}
    return {field.name: tidy(given.get(field.name)) for field in group.fields}


def rows_of(payload: Payload, table: Group) -> list[tuple[str, dict[str, str]]]:
    """The rows of a table that are not blank, each with its number in the page."""
    given = payload.get(table.name)
    rows = given if isinstance(given, list) else []
    found = []
    for number, row in enumerate(row for row in rows if isinstance(row, Mapping)):
        raws = {field.name: tidy(row.get(field.name)) for field in table.fields}
        if any(raws.values()):
            found.append((str(row.get("row") or number + 1), raws))
    return found


def proposed_names(authors: list[str], year: int | None) -> tuple[str, str]:
    """Label and slug of a study: first author and year; empty where either is not known."""
    if not authors or year is None:
        return "", ""
    # "Della-Torre E" and "van der Vegt B" go by all but the initials; a group goes by its whole name.
    words = authors[0].split(" ")
    name = " ".join(words[:-1]) if len(words) > 1 and words[-1].isupper() else authors[0]
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST_STEM].strip("-")
    return f"{name} {year}", f"{stem}-{year}" if stem else ""


def _address(paper: Values) -> str:
    """Where a paper is read by default."""
    if paper.get("doi"):
        return f"https://doi.org/{paper['doi'].lower()}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{paper['pmid']}/" if paper.get("pmid") else paper.get("url", "")


def _bare(name: str, text: str) -> str:
    """An identifier without the address or the word before it."""
    if name == "pmcid":
        return text.upper()
    for prefix in (
        "https://doi.org/",
        "http://doi.org/",
        "https://dx.doi.org/",
        "http://dx.doi.org/",
        "doi:",
    ):
        if text.lower().startswith(prefix):
            return text[len(prefix) :].strip()
    return text


def _merged(typed: dict[str, str], shown: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What was changed in the form stands; what was not is as it is stored now."""
    return {name: raw if raw != tidy(shown.get(name)) else tidy(now.get(name)) for name, raw in typed.items()}


def _kept(stored: StudyRecord) -> Values:
    """All of a stored study: what the form shows is laid over it."""
    return {name: getattr(stored, name) for name in StudyRecord.model_fields}


def _paper_of(stored: StudyRecord) -> Values:
    """The primary paper of a stored study."""
    primary = (row for row in stored.citations if row.role == CitationRole.PRIMARY)
    return next((row.model_dump(exclude={"role"}) for row in primary), {})


def _partial(values: Values) -> CaseRecord:
    """A patient of whom not all is known yet."""
    known = {
        "slug": "",
        "index_therapy": "",
        "sex": "not_reported",
        "response": "not_reported",
        "summary": "",
        "locator": "",
    }
    return CaseRecord.model_construct(**{**known, **values})


def _hidden(raw: str) -> str:
    """The first character that no record takes; empty where there is none."""
    return next((character for character in raw if not is_printable(character)), "")


_SOMETHING = "–"
_SOME_CITATION = CitationRecord(role=CitationRole.PRIMARY.value, title=_SOMETHING, authors=[], year=None)
