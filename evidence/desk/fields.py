"""What the case form asks: fields and rows; pure.

A field's name in the page is its group and its own name, such as ``case-age_years``; in a row the row's number stands
between them: ``courses-3-dose``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices

from evidence.care import BY_READER
from evidence.care import ITEMS as CARE_ITEMS
from evidence.choices import (
    Basis,
    ClassificationStatus,
    Design,
    OrganChange,
    ResponderIndexVersion,
    Response,
    Sex,
    SteroidEffect,
)
from literature.choices import CitationType


class Kind(StrEnum):
    """How a field is typed and read."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    SLUG = "slug"
    ADDRESS = "address"
    WHOLE = "whole"
    DECIMAL = "decimal"
    WEEK = "week"
    AGE = "age"
    # A word of a closed list.
    CHOICE = "choice"
    # Not stated, no, yes.
    THREE_WAY = "three_way"
    # Not stated, none, some: stands before a list.
    STATED = "stated"
    # A word of the vocabulary, typed by name.
    TERM = "term"
    # Several, parted by commas.
    TERMS = "terms"
    COUNTRIES = "countries"
    # One a line, or parted by semicolons.
    AUTHORS = "authors"
    TICK = "tick"


@dataclass(frozen=True)
class Field:
    """One question."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    needed: bool = False
    hint: str = ""
    # What would be right, for the words of a fault.
    right: str = ""
    words: type[TextChoices] | None = None
    # The list of the vocabulary that a term is of.
    terms: str = ""
    # Ready answers to choose from, beside what may be typed.
    offers: tuple[str, ...] = ()
    placeholder: str = ""
    # Stands among the details that most reports do not need.
    rare: bool = False


@dataclass(frozen=True)
class Group:
    """Fields that become one record: one of the single ones, or each row of a table."""

    name: str
    fields: tuple[Field, ...]
    # What one row is called; empty for a group that is there once.
    row: str = ""

    def field(self, name: str) -> Field:
        """The field of a name."""
        return next(field for field in self.fields if field.name == name)


THREE_WAYS = (("", "Not stated"), ("no", "No"), ("yes", "Yes"))
STATED_WAYS = (("", "Not stated"), ("none", "None"), ("some", "Some"))
_IDENTIFIER_FREE = "No names, initials, dates, places or record numbers."

STUDY = Group(
    "study",
    (
        Field(
            "label",
            "Label",
            hint="Author and year, as readers will know it.",
            needed=True,
            placeholder="Simpson 2020",
        ),
        Field(
            "slug",
            "Short name in addresses",
            Kind.SLUG,
            needed=True,
            right="lower-case letters, digits and hyphens, such as simpson-2020",
        ),
        Field("design", "Design", Kind.CHOICE, needed=True, words=Design),
        Field(
            "enrolled",
            "Patients in the report",
            Kind.WHOLE,
            hint="All that it tells of, not only those entered here. Empty: not known.",
        ),
        Field("basis", "What did you read?", Kind.CHOICE, needed=True, words=Basis),
        Field(
            "read_at",
            "Where did you read it?",
            Kind.ADDRESS,
            needed=True,
            hint="The page's address.",
            right="an address, such as https://doi.org/10.1136/…",
            placeholder="https://doi.org/10.1136/…",
        ),
        Field(
            "countries",
            "Countries",
            Kind.COUNTRIES,
            hint="Two letters each, such as JP, US. Never a centre.",
            placeholder="JP",
        ),
        Field(
            "criteria",
            "How was IgG4-RD diagnosed?",
            hint="Criteria, biopsy, imaging, as the report says.",
            offers=(
                "ACR/EULAR 2019",
                "Revised comprehensive diagnostic criteria 2020",
                "Comprehensive diagnostic criteria 2011",
                "Biopsy: consensus statement on pathology 2012",
            ),
        ),
        Field(
            "summary",
            "Summary of the report",
            Kind.LONG_TEXT,
            hint="One to three sentences, own words. Empty: the patient's story stands for it.",
            rare=True,
        ),
        Field("population", "Who they were", Kind.LONG_TEXT, rare=True),
        Field("centres", "Centres", Kind.WHOLE, rare=True),
        Field("follow_up_weeks", "Follow-up of the study", Kind.WEEK, hint="In weeks.", rare=True),
        Field("funding", "Funding", rare=True),
        Field(
            "notes",
            "Notes for the reviewer",
            Kind.LONG_TEXT,
            hint="Doubts, overlaps with other reports.",
            rare=True,
        ),
    ),
)

CITATION = Group(
    "citation",
    (
        Field("title", "Title", Kind.LONG_TEXT, needed=True),
        Field("authors", "Authors", Kind.AUTHORS, hint="Parted by semicolons: Simpson RS; Lau SKC"),
        Field("journal", "Journal"),
        Field("year", "Year", Kind.WHOLE),
        Field("volume", "Volume"),
        Field("issue", "Issue"),
        Field("pages", "Pages"),
        Field("doi", "DOI", right="10. and a slash, such as 10.1136/annrheumdis-2019-216368"),
        Field("pmid", "PMID", right="digits alone, such as 31937562"),
        Field("pmcid", "PMCID", right="PMC and digits, such as PMC7034352"),
        Field("url", "Address", Kind.ADDRESS, right="an address that begins with https://"),
        Field("type", "Kind of publication", Kind.CHOICE, words=CitationType, rare=True),
        Field("authors_incomplete", "More authors than these", Kind.TICK, rare=True),
        Field("year_inferred", "The year is inferred", Kind.TICK, rare=True),
    ),
)

# What of CARE only a reader of the paper can tell.
CARE = tuple(
    Field(
        f"care_{item.slug}",
        f"CARE: {item.name.lower()} in the paper?",
        Kind.THREE_WAY,
        hint=item.asks,
        rare=True,
    )
    for item in CARE_ITEMS
    if item.judged_by == BY_READER
)

CASE = Group(
    "case",
    (
        *CARE,
        Field(
            "slug",
            "Short name of the patient",
            Kind.SLUG,
            hint="Empty: the study's, with -p1.",
            right="lower-case letters, digits and hyphens, such as simpson-2020-p1",
            rare=True,
        ),
        Field(
            "locator",
            "Where in the text does the patient stand?",
            needed=True,
            hint="So that a reader finds it at once.",
            offers=("Case report", "Case presentation", "Abstract", "Table 1", "Patient 1"),
        ),
        Field("basis", "This patient was read in another text", Kind.CHOICE, words=Basis, rare=True),
        Field(
            "read_at",
            "Where that was read",
            Kind.ADDRESS,
            right="an address that begins with https://",
            rare=True,
        ),
        Field("age_years", "Age in years", Kind.AGE, hint="At the start of the therapy. Over 89: write 90+."),
        Field("sex", "Sex", Kind.CHOICE, needed=True, words=Sex),
        Field("comorbidities_stated", "Other diseases", Kind.STATED),
        Field("comorbidities", "Which other diseases", Kind.TERMS, terms="comorbidities"),
        Field(
            "organs",
            "Organs with IgG4-RD",
            Kind.TERMS,
            terms="organs",
            hint="Type a few letters, choose with Enter; commas between.",
        ),
        Field(
            "acr_eular_2019",
            "2019 ACR/EULAR classification criteria",
            Kind.CHOICE,
            hint="As the report says. They classify for research; no case needs them.",
            words=ClassificationStatus,
        ),
        Field(
            "acr_eular_2019_score", "Their score", Kind.WHOLE, hint="Points, where the report counts them."
        ),
        Field("prior_therapies_stated", "Therapies before this one", Kind.STATED),
        Field("prior_therapies", "Which therapies before", Kind.TERMS, terms="therapies"),
        Field(
            "index_therapy",
            "Therapy that the report is about",
            Kind.TERM,
            needed=True,
            terms="therapies",
            hint="Week 0 is its start.",
        ),
        Field("response", "Response", Kind.CHOICE, needed=True, words=Response),
        Field("steroid_effect", "Glucocorticoid in the end", Kind.CHOICE, needed=True, words=SteroidEffect),
        Field("adverse_events_stated", "Harms", Kind.STATED),
        Field("relapse", "Relapse", Kind.THREE_WAY),
        Field("relapse_week", "Week of the relapse", Kind.WEEK),
        Field(
            "follow_up_weeks", "Followed for", Kind.WEEK, hint="In weeks from the start; 6 months works too."
        ),
        Field(
            "summary",
            "The patient's story",
            Kind.LONG_TEXT,
            needed=True,
            hint=f"A few sentences in your own words. {_IDENTIFIER_FREE}",
        ),
    ),
)

COURSES = Group(
    "courses",
    (
        Field("therapy", "Therapy", Kind.TERM, needed=True, terms="therapies"),
        Field("agent", "Agent", hint="Where the therapy is a group: prednisone"),
        Field("dose", "Dose", Kind.DECIMAL),
        Field("unit", "Unit", offers=("mg", "g", "mg/kg", "mg/m²", "units")),
        Field("route", "Route", offers=("oral", "intravenous", "subcutaneous", "topical", "local")),
        Field(
            "schedule",
            "Schedule",
            offers=("daily", "once", "every 2 weeks", "every 4 weeks", "days 1 and 15"),
        ),
        # Ticked: the paper, or whoever entered it, has turned the dose already.
        Field("equivalent", "In prednisolone", Kind.TICK),
        Field("start_week", "From week", Kind.WEEK),
        Field("stop_week", "To week", Kind.WEEK),
    ),
    row="course",
)

MEASUREMENTS = Group(
    "measurements",
    (
        Field("week", "Week", Kind.WEEK, needed=True),
        Field("analyte", "Measured", Kind.TERM, needed=True, terms="analytes"),
        Field("value", "Value", Kind.DECIMAL, needed=True),
        Field("unit", "Unit"),
        Field("as_reported", "As printed", hint="Filled for you where the unit is turned."),
    ),
    row="measurement",
)

ORGAN_RESPONSES = Group(
    "organ_responses",
    (
        Field("organ", "Organ", Kind.TERM, needed=True, terms="organs"),
        Field("response", "How it fared", Kind.CHOICE, needed=True, words=OrganChange),
        Field("week", "Week", Kind.WEEK),
    ),
    row="organ response",
)

RESPONDER_INDEX = Group(
    "responder_index",
    (
        Field("week", "Week", Kind.WEEK, needed=True),
        Field("organ", "Organ, or empty for the total", Kind.TERM, terms="organs"),
        Field("version", "Version", Kind.CHOICE, needed=True, words=ResponderIndexVersion),
        Field("score", "Score", Kind.WHOLE, needed=True),
        Field("symptomatic", "Symptoms", Kind.THREE_WAY),
        Field("urgent", "Urgent", Kind.THREE_WAY),
        Field("damage", "Damage", Kind.THREE_WAY),
        Field("as_reported", "As printed"),
    ),
    row="score",
)

ADVERSE_EVENTS = Group(
    "adverse_events",
    (Field("description", "Harm, in the report's words", needed=True),),
    row="harm",
)

SINGLE = (STUDY, CITATION, CASE)
TABLES = (COURSES, MEASUREMENTS, RESPONDER_INDEX, ORGAN_RESPONSES, ADVERSE_EVENTS)
GROUPS = {group.name: group for group in (*SINGLE, *TABLES)}


def page_name(group: str, field: str, row: str = "") -> str:
    """The name that a field has in the page."""
    return f"{group}-{row}-{field}" if row else f"{group}-{field}"


def all_fields() -> Iterator[tuple[Group, Field]]:
    """Every field with its group."""
    for group in GROUPS.values():
        for field in group.fields:
            yield group, field
