"""What the form said: a record where it is whole, and every fault by the field of the page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from evidence.choices import CitationRole
from evidence.dataset.faults import Fault
from evidence.dataset.schema import CaseRecord, StudyRecord
from evidence.desk.fields import GROUPS, TABLES, Group, page_name
from evidence.desk.words import of_rule, of_whole, refused

NEEDED = "This is needed."


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one field; `missing`: it is only empty, which a draft may be."""

    field: str
    words: str
    missing: bool = False


@dataclass(frozen=True)
class Remark:
    """How the form took what was typed, where not letter for letter."""

    field: str
    words: str


@dataclass
class Reading:
    """All that the form says."""

    # Whole, or None where something stands against it.
    study: StudyRecord | None = None
    # As much of the patient as can be read: for the preview and the count of what is reported.
    case: CaseRecord | None = None
    # As much of the study.
    study_values: dict[str, Any] = field(default_factory=dict)
    # As much of its primary paper.
    paper: dict[str, Any] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    # Which of the study's cases it is, and which row of the page each row of a list is.
    case_index: int = 0
    rows: dict[str, list[str]] = field(default_factory=dict)

    def half_filled(self) -> dict[str, Any]:
        """Study, paper and patient in the shape of a record, however much of it is there."""
        paper = {"role": CitationRole.PRIMARY.value, **self.paper}
        cases = [self.case] if self.case is not None else []
        return {**self.study_values, "citations": [paper], "cases": cases}

    def complain(self, name: str, words: str, *, missing: bool = False) -> None:
        """Note what is wrong with a field; one complaint a field is enough to mend it."""
        if not any(complaint.field == name for complaint in self.complaints) or not name:
            self.complaints.append(Complaint(name, words, missing))

    def remark(self, name: str, words: str) -> None:
        """Note how a field was taken."""
        self.remarks.append(Remark(name, words))

    def validated(
        self, kind: type[BaseModel], values: dict[str, Any], group: Group, raws: dict[str, str], row: str = ""
    ) -> Any:
        """A record of the values, or None with a complaint for each that it refused."""
        try:
            return kind.model_validate(values)
        except ValidationError as refusal:
            for error in refusal.errors(include_url=False):
                self._refuse(error, group, raws, row)
            return None

    def _refuse(self, error: Any, group: Group, raws: dict[str, str], row: str) -> None:
        names = {each.name for each in group.fields}
        place = str(error["loc"][0]) if error["loc"] else ""
        if not place:
            own, words = of_whole(error["msg"])
            self.complain(page_name(group.name, own, row) if own else "", words)
        elif place not in names:
            self.complain("", f"{place.replace('_', ' ').capitalize()}: {of_whole(error['msg'])[1]}")
        elif error["type"] == "missing":
            self.complain(page_name(group.name, place, row), NEEDED, missing=True)
        else:
            self.complain(
                page_name(group.name, place, row), refused(group.field(place), error, raws.get(place, ""))
            )

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Take over what the rules of the data set told of the study."""
        for fault in faults:
            self.complain(self.page_of(fault.path), of_rule(fault.what))

    def page_of(self, path: str) -> str:
        """The field of the page for a path in the record; empty where the page has none."""
        match = re.fullmatch(rf"cases\[{self.case_index}\]\.?(.*)", path)
        if match is not None:
            return self._page_of_case(match[1])
        if match := re.fullmatch(r"citations(?:\[0\])?\.?(\w*)", path):
            return _known("citation", match[1] or "title")
        return _known("study", re.sub(r"\[.*", "", path))

    def path_of(self, name: str) -> str:
        """The place in the case's record for a field of the page; a field of the study keeps the study's name."""
        group, _, rest = name.partition("-")
        row, _, column = rest.rpartition("-")
        if row and group in self.rows and row in self.rows[group]:
            return f"{group}[{self.rows[group].index(row)}].{column}"
        return column if group == "case" else f"{group}.{column or row}"

    def _page_of_case(self, rest: str) -> str:
        match = re.fullmatch(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?(?:\[\d+\])?", rest)
        if match is None:
            return ""
        name, index, column = match.groups()
        if name not in {table.name for table in TABLES}:
            return _known("case", name)
        keys, first = self.rows.get(name, []), GROUPS[name].fields[0].name
        if index is None:
            # What a list lacks is told where its first row begins.
            return page_name(name, first, keys[0] if keys else "1")
        return page_name(name, column or first, keys[int(index)]) if int(index) < len(keys) else ""


def _known(group: str, name: str) -> str:
    return page_name(group, name) if any(each.name == name for each in GROUPS[group].fields) else ""
