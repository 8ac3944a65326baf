"""What the tables for import and export hold, column by column, in the fields of the records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from evidence.bulk import cells
from evidence.care import READER_ITEMS
from evidence.choices import (
    Basis,
    ClassificationStatus,
    OrganChange,
    ResponderIndexVersion,
    Response,
    Sex,
    Spread,
    Statistic,
    SteroidEffect,
)
from evidence.privacy import age_for_storage
from literature.choices import CitationType

COURSE = ("therapy", "agent", "dose", "unit", "route", "schedule", "start_week", "stop_week")
MEASUREMENT = ("week", "analyte", "value", "as_reported")
ORGAN_RESPONSE = ("organ", "response", "week")
INDEX_SCORE = ("week", "organ", "version", "score", "symptomatic", "urgent", "damage", "as_reported")


@dataclass(frozen=True)
class Column:
    """One column: how its cell is read and written, and what a template says of it.

    ``read`` answers None where the cell was left empty; ``write`` is its inverse.
    """

    name: str
    help: str
    example: str = ""
    needed: bool = False
    read: Callable[[str], Any] = lambda text: text or None
    write: Callable[[Any], str] = cells.written


def one_of(choices: type[TextChoices]) -> Callable[[str], str | None]:
    """A word of a closed list, by its slug or its label."""
    by_word = {word.lower(): value for value, label in choices.choices for word in (value, label)}

    def read(text: str) -> str | None:
        if not text:
            return None
        if text.lower() not in by_word:
            raise cells.CellFault(f"{text!r} is not one of {', '.join(choices.values)}")
        return by_word[text.lower()]

    return read


def _parts(names: tuple[str, ...], readers: Mapping[str, Callable[[str], Any]]) -> Callable[[str], Any]:
    """Lines of parts as rows of a record; a part that is empty was not stated."""

    def read(text: str) -> list[dict[str, Any]] | None:
        if not text:
            return None
        return [_row(number, line, readers) for number, line in enumerate(cells.rows(text, names), start=1)]

    return read


def _row(number: int, line: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    found = {}
    for name, text in line.items():
        try:
            value = readers.get(name, lambda part: part or None)(text)
        except cells.CellFault as fault:
            raise cells.CellFault(f"entry {number}, {name}: {fault}") from None
        if value is not None:
            found[name] = value
    return found


def _care(text: str) -> dict[str, bool] | None:
    """Answers by item."""
    rows = _parts(("item", "answer"), {"answer": cells.yes_or_no})(text)
    return None if rows is None else {row.get("item", ""): row.get("answer") for row in rows}


def _lines(names: tuple[str, ...]) -> Callable[[Any], str]:
    return lambda rows: cells.written_rows([getattr(row, name) for name in names] for row in rows or [])


def _layout(names: tuple[str, ...]) -> str:
    return f"One a line: {f' {cells.BAR} '.join(names)}."


def _age(text: str) -> float | None:
    """Years, as they may be kept."""
    years = cells.figure(text)
    return age_for_storage(years) if years is None or years >= 0 else years


STUDY = Column("study", "Slug of a draft study of yours.", "tanaka-2024", needed=True)
SOURCE = (
    Column("basis", "How it was read, where not as its study.", "full_text", read=one_of(Basis)),
    Column("read_at", "Address it was read at, where not as its study.", ""),
)

CASES = (
    STUDY,
    Column("slug", "Id of the patient: study and -p1, -p2 …", "tanaka-2024-p1", needed=True),
    Column("index_therapy", "The therapy that the report is about.", "dupilumab", needed=True),
    Column("age_years", "Years; anyone older than 89 is kept as 90.", "67", read=_age),
    Column("sex", "male, female or not_reported.", "male", needed=True, read=one_of(Sex)),
    Column(
        "organs",
        "Organs with disease, apart by semicolons.",
        "retroperitoneum; parotid_gland",
        read=cells.words,
        write=cells.written_words,
    ),
    Column(
        "comorbidities",
        "Apart by semicolons; none where the report says none; empty where it says nothing.",
        "asthma",
        read=cells.words,
        write=cells.written_words,
    ),
    Column(
        "prior_therapies",
        "Therapies before the index therapy; none or empty as above.",
        "glucocorticoid",
        read=cells.words,
        write=cells.written_words,
    ),
    Column(
        "courses",
        f"{_layout(COURSE)} Week 0 is the start of the index therapy.",
        "dupilumab | | 300 | mg | subcutaneous | every 2 weeks | 0 | 52\n"
        "glucocorticoid | prednisone | 40 | mg | oral | daily | 0 | 9",
        read=_parts(COURSE, {"dose": cells.figure, "start_week": cells.whole, "stop_week": cells.whole}),
        write=_lines(COURSE),
    ),
    Column(
        "measurements",
        f"{_layout(MEASUREMENT)} A value with another unit than the analyte's is converted and kept as printed.",
        "0 | serum_igg4 | 17.7 g/L\n12 | serum_igg4 | 410",
        # The value stays as typed: its unit is read with the analyte, once its name is understood.
        read=_parts(MEASUREMENT, {"week": cells.whole}),
        write=_lines(MEASUREMENT),
    ),
    Column(
        "organ_responses",
        f"{_layout(ORGAN_RESPONSE)} {', '.join(OrganChange.values)}.",
        "retroperitoneum | improved | 52",
        read=_parts(ORGAN_RESPONSE, {"response": one_of(OrganChange), "week": cells.whole}),
        write=_lines(ORGAN_RESPONSE),
    ),
    Column(
        "responder_index",
        f"{_layout(INDEX_SCORE)} No organ: the total. Versions: {', '.join(ResponderIndexVersion.values)}.",
        "0 | | ri_2018 | 9",
        read=_parts(
            INDEX_SCORE,
            {
                "week": cells.whole,
                "score": cells.whole,
                "version": one_of(ResponderIndexVersion),
                **dict.fromkeys(("symptomatic", "urgent", "damage"), cells.yes_or_no),
            },
        ),
        write=_lines(INDEX_SCORE),
    ),
    Column("response", ", ".join(Response.values), "partial_remission", needed=True, read=one_of(Response)),
    Column("steroid_effect", ", ".join(SteroidEffect.values), "stopped", read=one_of(SteroidEffect)),
    Column("relapse", "yes, no, or empty where not stated.", "no", read=cells.yes_or_no),
    Column("relapse_week", "Where there was one.", "", read=cells.whole),
    Column("follow_up_weeks", "Weeks since the start of the index therapy.", "52", read=cells.whole),
    Column(
        "adverse_events",
        "Harms in words, one a line; none where the report says none.",
        "none",
        read=cells.texts,
        write=cells.written_texts,
    ),
    Column(
        "acr_eular_2019",
        f"Classification: {', '.join(ClassificationStatus.values)}; empty where not stated.",
        "met",
        read=one_of(ClassificationStatus),
    ),
    Column("acr_eular_2019_score", "Its points, where they are given.", "34", read=cells.whole),
    Column(
        "care",
        f"What a reader found of CARE, one a line: item {cells.BAR} yes or no. Items: {', '.join(READER_ITEMS)}.",
        f"{READER_ITEMS[-1]} {cells.BAR} yes",
        read=_care,
        write=lambda answers: cells.written_rows(answers.items()),
    ),
    Column("summary", "The case in your own words: no names, dates or places.", "…", needed=True),
    Column("locator", "Where in the text it stands.", "Case 1", needed=True),
    *SOURCE,
)

RESULTS = (
    STUDY,
    Column("arm", "Slug of the arm.", "dupilumab", needed=True),
    Column("outcome", "Slug of the outcome.", "complete_remission", needed=True),
    Column("week", "Weeks after the start; empty where not stated.", "26", read=cells.whole),
    Column("organ", "Where the figure is on one organ.", ""),
    Column("events", "A proportion: patients with the outcome …", "14", read=cells.whole),
    Column("total", "… of so many.", "30", read=cells.whole),
    Column("value", "Or a quantity, in the outcome's unit …", "", read=cells.figure),
    Column("statistic", "… mean or median …", "", read=one_of(Statistic)),
    Column("n", "… of so many patients.", "", read=cells.whole),
    Column("spread", "What low and high are: sd, se, iqr, range, ci95.", "", read=one_of(Spread)),
    Column("low", "", "", read=cells.figure),
    Column("high", "", "", read=cells.figure),
    Column("sd", "", "", read=cells.figure),
    Column("as_reported", "As printed, where it was converted.", ""),
    Column("definition", "How the outcome was defined.", "No disease activity off glucocorticoid"),
    Column("locator", "Where in the text it stands.", "Table 2", needed=True),
    Column("derived", "How it was computed, where it was.", ""),
    *SOURCE,
    Column("note", "", ""),
)

CITATIONS = (
    Column("type", ", ".join(CitationType.values), "article-journal", read=one_of(CitationType)),
    Column("title", "As printed.", "Dupilumab for IgG4-related disease", needed=True),
    Column(
        "authors",
        "As printed, apart by semicolons: Tanaka A; Sato B.",
        "Tanaka A; Sato B",
        read=cells.words,
        write=cells.written_words,
    ),
    Column("authors_complete", "no where the list is cut short.", "yes", read=cells.yes_or_no),
    Column("journal", "", "Annals of the Rheumatic Diseases"),
    Column("year", "Empty where not seen.", "2024", read=cells.whole),
    Column("year_inferred", "yes where it is not printed.", "", read=cells.yes_or_no),
    Column("volume", "", "83"),
    Column("issue", "", "2"),
    Column("pages", "", "201-209"),
    Column("doi", "Without https://doi.org/.", "10.1136/ard-2024-000000"),
    Column("pmid", "", ""),
    Column("pmcid", "", ""),
    Column("url", "", ""),
)

TABLES: Mapping[str, tuple[Column, ...]] = {"cases": CASES, "results": RESULTS, "citations": CITATIONS}
