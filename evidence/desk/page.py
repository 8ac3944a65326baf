"""What the form shows: sections with their fields, rows and state, ready for the templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evidence.care import CareReport, care_report
from evidence.desk.doubts import Doubt
from evidence.desk.fields import (
    GROUPS,
    STATED_WAYS,
    THREE_WAYS,
    Field,
    Group,
    Kind,
    all_fields,
    page_name,
)
from evidence.desk.payload import Payload, raws_of
from evidence.desk.reading import Complaint, Reading, Remark
from evidence.desk.sections import SECTIONS, Section
from evidence.desk.terms import Vocabulary
from evidence.units import known_units

# So many words are buttons to press; more are a list to open.
MOST_BUTTONS = 6
# The number of the row that scripts copy.
BLANK = "0"
# What follows from the paper where it is not written.
DERIVED = ("label", "slug", "read_at")
_AS_LIST = frozenset({"design", "type"})


@dataclass(frozen=True)
class FieldView:
    """One field as the page shows it."""

    field: Field
    name: str
    value: str
    # Read out with a cell of a table, which has no label of its own.
    called: str = ""
    complaint: str = ""
    remark: str = ""
    # What is taken where the field stays empty.
    default: str = ""

    @property
    def placeholder(self) -> str:
        """What stands in the empty field."""
        return self.default or self.field.placeholder

    @property
    def id(self) -> str:
        """The id of its element."""
        return f"id_{self.name}"

    @property
    def widget(self) -> str:
        """The template that draws it."""
        match self.field.kind:
            case Kind.THREE_WAY | Kind.STATED:
                return "list" if self.called else "buttons"
            case Kind.CHOICE:
                return "list" if self.called or self.field.rare or self.field.name in _AS_LIST else "buttons"
            case Kind.TICK:
                return "tick"
            case Kind.LONG_TEXT:
                return "long"
            # What has more than one line would lose it in a box of one.
            case _:
                return "long" if "\n" in self.value else "text"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Values and words to choose from."""
        if self.field.kind == Kind.THREE_WAY:
            return list(THREE_WAYS)
        if self.field.kind == Kind.STATED:
            return list(STATED_WAYS)
        words = list(self.field.words.choices) if self.field.words is not None else []
        if self.widget == "list":
            return [("", "—"), *words]
        return words if self.field.needed else [THREE_WAYS[0], *words]

    @property
    def inputmode(self) -> str:
        """The keyboard that a phone shows; text where units and signs are typed too."""
        return "decimal" if self.field.kind in (Kind.WHOLE, Kind.DECIMAL, Kind.AGE) else "text"

    @property
    def list_name(self) -> str:
        """The list of words that it offers; units are those of the row's analyte."""
        if self.name.startswith("measurements-") and self.field.name == "unit":
            return "units"
        return self.field.terms or (f"offers-{self.field.name}" if self.field.offers else "")

    @property
    def is_many(self) -> bool:
        """Whether several terms are typed."""
        return self.field.kind == Kind.TERMS

    @property
    def described_by(self) -> str:
        """The ids of what explains it."""
        hint = f"{self.id}-hint " if self.field.hint and not self.called else ""
        return f"{hint}{self.id}-note"


@dataclass(frozen=True)
class RowView:
    """One row of a table."""

    number: str
    called: str
    cells: list[FieldView]


@dataclass(frozen=True)
class TableView:
    """Rows of one kind, with a blank one at the end and one to copy."""

    group: Group
    rows: list[RowView]
    blank: RowView


@dataclass(frozen=True)
class SectionState:
    """How far a section is."""

    wrong: int
    missing: int
    doubted: int
    filled: int

    @property
    def code(self) -> str:
        """The state in a word for style sheets."""
        if self.wrong:
            return "wrong"
        if self.doubted:
            return "doubted"
        if self.missing:
            return "missing" if self.filled else "empty"
        return "done" if self.filled else "empty"

    @property
    def symbol(self) -> str:
        """Stands before the words: never colour alone."""
        return {"wrong": "✗", "doubted": "?", "missing": "◔", "empty": "○", "done": "✓"}[self.code]

    @property
    def words(self) -> str:
        """What is still to do."""
        parts = [
            f"{self.wrong} to mend" if self.wrong else "",
            f"{self.doubted} to confirm" if self.doubted else "",
            f"{self.missing} needed" if self.missing else "",
        ]
        return ", ".join(part for part in parts if part) or ("complete" if self.filled else "empty")


@dataclass(frozen=True)
class SectionView:
    """A section with all that stands in it."""

    section: Section
    # The paper stands apart: a paste fills it.
    paper: list[FieldView]
    fields: list[FieldView]
    rare: list[FieldView]
    tables: list[TableView]
    state: SectionState

    @property
    def paper_is_open(self) -> bool:
        """Whether the paper's fields are shown: until they are filled, and while one is wrong."""
        return not any(field.value for field in self.paper) or any(field.complaint for field in self.paper)


@dataclass(frozen=True)
class Told:
    """Words about a field, with how the field is called."""

    field: str
    label: str
    words: str


@dataclass(frozen=True)
class FormView:
    """The whole page."""

    sections: list[SectionView]
    reading: Reading
    doubts: list[Doubt]
    payload: Payload = field(default_factory=dict)

    @property
    def care(self) -> CareReport:
        """How much of CARE the case shows as it stands."""
        return care_report(self.reading.half_filled(), self.reading.case)

    @property
    def wrong(self) -> list[Told]:
        """What is to mend."""
        return [self._told(complaint) for complaint in self.reading.complaints if not complaint.missing]

    @property
    def missing(self) -> list[Told]:
        """What is needed and still empty."""
        return [self._told(complaint) for complaint in self.reading.complaints if complaint.missing]

    @property
    def remarks(self) -> list[Told]:
        """How fields were taken."""
        return [self._told(remark) for remark in self.reading.remarks]

    def _told(self, what: Complaint | Remark) -> Told:
        return Told(what.field, label_of(what.field, self.payload), what.words)

    @property
    def open_doubts(self) -> list[Doubt]:
        """Doubts that nobody has answered."""
        return [doubt for doubt in self.doubts if not doubt.reason]


def form_view(
    payload: Payload,
    reading: Reading,
    doubts: list[Doubt],
    *,
    of_stored: bool = False,
    show_missing: bool = False,
    more_rows: str = "",
) -> FormView:
    """The page of a payload.

    ``of_stored``: paper and short names are those of a stored study and are not asked. ``show_missing``: what is
    needed is told at its field too, as after an attempt to enter. ``more_rows``: the table with a blank row more.
    """
    told = {
        complaint.field: complaint.words
        for complaint in reversed(reading.complaints)
        if show_missing or not complaint.missing
    }
    remarks = {remark.field: remark.words for remark in reading.remarks}
    defaults = {page_name("study", name): str(reading.study_values.get(name) or "") for name in DERIVED}
    maker = _Maker(payload, told, remarks, of_stored, more_rows, defaults)
    sections = [
        SectionView(
            section=section,
            paper=maker.fields(section, rare=False, paper=True),
            fields=maker.fields(section, rare=False),
            rare=maker.fields(section, rare=True),
            tables=[maker.table(GROUPS[name]) for name in section.tables],
            state=state_of(section, payload, reading, doubts),
        )
        for section in SECTIONS
    ]
    labelled = [replace(doubt, label=label_of(doubt.field, payload)) for doubt in doubts]
    return FormView(sections, reading, labelled, payload)


@dataclass(frozen=True)
class _Maker:
    """Makes the views of fields and rows of one payload."""

    payload: Payload
    told: Mapping[str, str]
    remarks: Mapping[str, str]
    of_stored: bool
    more_rows: str
    defaults: Mapping[str, str]

    def fields(self, section: Section, *, rare: bool, paper: bool = False) -> list[FieldView]:
        return [
            self.view(
                GROUPS[group].field(name), page_name(group, name), raws_of(self.payload, GROUPS[group])[name]
            )
            for group, name in section.fields
            if GROUPS[group].field(name).rare == rare
            and (rare or (group == "citation") == paper)
            and not (self.of_stored and _is_settled(group, name))
        ]

    def view(self, field: Field, name: str, value: str, called: str = "") -> FieldView:
        return FieldView(
            field,
            name,
            value,
            called,
            self.told.get(name, ""),
            self.remarks.get(name, ""),
            self.defaults.get(name, ""),
        )

    def table(self, group: Group) -> TableView:
        rows = list(self.payload.get(group.name) or [])
        numbers = [int(row["row"]) for row in rows if str(row.get("row", "")).isdecimal()]
        blanks = 2 if group.name == self.more_rows else 1
        last = max(numbers, default=0)
        rows += [{"row": str(last + more)} for more in range(1, blanks + 1)]
        return TableView(
            group,
            [self.row(group, row, place) for place, row in enumerate(rows, start=1)],
            self.row(group, {"row": BLANK}, 0),
        )

    def row(self, group: Group, row: Mapping[str, Any], place: int) -> RowView:
        number = str(row.get("row", ""))
        called = f"{group.row} {place}".strip() if place else group.row
        cells = [
            self.view(
                field,
                page_name(group.name, field.name, number),
                str(row.get(field.name) or ""),
                called=f"{field.label}, {called}",
            )
            for field in group.fields
        ]
        return RowView(number, called, cells)


def _is_settled(group: str, name: str) -> bool:
    return group == "citation" or (group, name) in {("study", "slug"), ("case", "slug")}


def state_of(section: Section, payload: Payload, reading: Reading, doubts: list[Doubt]) -> SectionState:
    """How many fields of a section are wrong, needed, doubted and filled."""
    names = {page_name(group, name) for group, name in section.fields}
    starts = tuple(f"{table}-" for table in section.tables)

    def here(name: str) -> bool:
        return name in names or (bool(starts) and name.startswith(starts))

    complaints = [complaint for complaint in reading.complaints if here(complaint.field)]
    filled = sum(bool(raws_of(payload, GROUPS[group])[name]) for group, name in section.fields)
    filled += sum(len(payload.get(table) or []) for table in section.tables)
    return SectionState(
        wrong=sum(not complaint.missing for complaint in complaints),
        missing=sum(complaint.missing for complaint in complaints),
        doubted=sum(not doubt.reason for doubt in doubts if here(doubt.field)),
        filled=filled,
    )


def label_of(name: str, payload: Payload) -> str:
    """How a field of the page is called in a list, such as “Dose, course 2”; empty for no field in particular."""
    group, _, rest = name.partition("-")
    number, _, column = rest.rpartition("-")
    if group not in GROUPS:
        return ""
    label = next((each.label for each in GROUPS[group].fields if each.name == column), column)
    if not number:
        return label
    numbers = [str(row.get("row")) for row in payload.get(group) or []]
    place = numbers.index(number) + 1 if number in numbers else len(numbers) + 1
    return f"{label}, {GROUPS[group].row} {place}"


def word_lists(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """The words that fields offer, by the name of the list: the vocabulary, and ready answers."""
    lists = {
        name: [terms.written(slug) for slug in terms.names]
        for name in ("therapies", "organs", "comorbidities", "analytes")
        if (terms := vocabulary.of(name))
    }
    offers = {f"offers-{field.name}": list(field.offers) for _, field in all_fields() if field.offers}
    return lists | offers


def unit_lists(vocabulary: Vocabulary) -> list[tuple[str, str, list[str]]]:
    """For each analyte: a name for its list, how it is called, and the units that it can be entered in."""
    return [
        (slug, vocabulary.analytes.written(slug), list(known_units(slug) or (vocabulary.units[slug],)))
        for slug in vocabulary.analytes.names
    ]
