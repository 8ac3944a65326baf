"""How much of the CARE checklist for case reports a record shows: of thirteen items, which are met and which lack what.

CARE: Gagnier et al. 2013, doi 10.1186/1752-1947-7-223, table 1. CARE judges a paper; the Atlas holds some of its
contents. Seven items (the title among them) are judged from the record, as far as its fields go. The other six only a
reader of the paper can judge: the contributor answers them, and until then they count as not looked at, never as met.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.half_filled import field_of, is_filled, number_of, rows_of, text_of

# What became of an item.
MET = "met"
LACKING = "lacking"  # the record does not show it
ABSENT = "absent"  # the reader says that the paper does not report it
NOT_LOOKED_AT = "not_looked_at"

FROM_FIELDS = "fields"
BY_READER = "reader"

# Index therapies that are not given in doses.
WITHOUT_DOSE = frozenset({"surgery", "no_treatment"})


@dataclass(frozen=True)
class CareItem:
    """An item of the checklist: what CARE asks for, in our words, and what of that the Atlas judges by."""

    number: int
    slug: str
    name: str
    asks: str
    judged_by: str
    judged_from: str


ITEMS: tuple[CareItem, ...] = (
    CareItem(
        1,
        "title",
        "Title",
        "The words case report or case study, with what the case is about",
        FROM_FIELDS,
        "the title of the primary citation",
    ),
    CareItem(2, "key_words", "Key words", "Two to five key words", BY_READER, "the paper"),
    CareItem(
        3, "abstract", "Abstract", "What the case adds, its presentation, its lesson", BY_READER, "the paper"
    ),
    CareItem(4, "introduction", "Introduction", "The background, with references", BY_READER, "the paper"),
    CareItem(
        5,
        "patient_information",
        "Patient information",
        "Who the patient was, what troubled them, and their history with earlier treatment",
        FROM_FIELDS,
        "age, sex, comorbidities and prior therapies stated, even as none",
    ),
    CareItem(
        6,
        "clinical_findings",
        "Clinical findings",
        "What the examination found",
        FROM_FIELDS,
        "organs with disease, and a summary; what was examined is not kept apart",
    ),
    CareItem(
        7,
        "timeline",
        "Timeline",
        "What happened when",
        FROM_FIELDS,
        "the start of the index therapy and at least one later event with its week",
    ),
    CareItem(
        8,
        "diagnostic_assessment",
        "Diagnostic assessment",
        "How the diagnosis was made, what else was considered, and the outlook",
        FROM_FIELDS,
        "diagnostic criteria of the study or the ACR/EULAR 2019 criteria; the reasoning is not kept",
    ),
    CareItem(
        9,
        "therapeutic_intervention",
        "Therapeutic intervention",
        "What was given, how much and how long, and why it was changed",
        FROM_FIELDS,
        "a course of the index therapy with dose and schedule; why it was changed is not kept",
    ),
    CareItem(
        10,
        "follow_up_and_outcomes",
        "Follow-up and outcomes",
        "The outcomes, later tests, how treatment was borne, and harms",
        FROM_FIELDS,
        "response, length of follow-up, and adverse events stated, even as none",
    ),
    CareItem(
        11,
        "discussion",
        "Discussion",
        "Strengths and limits, literature, conclusions",
        BY_READER,
        "the paper",
    ),
    CareItem(
        12, "patient_perspective", "Patient perspective", "The patient's own view", BY_READER, "the paper"
    ),
    CareItem(
        13, "informed_consent", "Informed consent", "Whether the patient consented", BY_READER, "the paper"
    ),
)
READER_ITEMS = tuple(item.slug for item in ITEMS if item.judged_by == BY_READER)


@dataclass(frozen=True)
class CareAnswer:
    """What became of one item, and what it lacks, in words."""

    item: CareItem
    state: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class CareReport:
    """The checklist of one case: how many of thirteen items are met, and the rest."""

    items: tuple[CareAnswer, ...]

    @property
    def met(self) -> int:
        """How many items are met."""
        return sum(answer.state == MET for answer in self.items)

    @property
    def of(self) -> int:
        """How many items there are."""
        return len(self.items)

    @property
    def missing(self) -> tuple[CareAnswer, ...]:
        """Items that the record lacks, or the paper does not report."""
        return tuple(answer for answer in self.items if answer.state in (LACKING, ABSENT))

    @property
    def not_looked_at(self) -> tuple[CareAnswer, ...]:
        """Items that nobody has answered yet."""
        return tuple(answer for answer in self.items if answer.state == NOT_LOOKED_AT)

    @property
    def in_words(self) -> str:
        """One sentence: "9 of 13 CARE items; missing: timeline; not looked at: abstract"."""
        parts = [f"{self.met} of {self.of} CARE items"]
        for name, answers in (("missing", self.missing), ("not looked at", self.not_looked_at)):
            if answers:
                parts.append(f"{name}: {', '.join(answer.item.name.lower() for answer in answers)}")
        return "; ".join(parts)


def care_report(study: Any, case: Any) -> CareReport:
    """The CARE checklist of a case: records of the data set, or forms in their shape that are half filled in.

    ``case`` may hold ``care``: item -> whether the reader found it in the paper. ``study`` may be None.
    """
    told = field_of(case, "care")
    answers = told if isinstance(told, Mapping) else {}
    return CareReport(tuple(_answer(item, study, case, answers) for item in ITEMS))


def _answer(item: CareItem, study: Any, case: Any, answers: Mapping[str, Any]) -> CareAnswer:
    judge = _JUDGES.get(item.slug)
    if judge is not None:
        lacks = judge(study, case)
        if lacks is None:
            return CareAnswer(item, NOT_LOOKED_AT)
        return CareAnswer(item, LACKING if lacks else MET, lacks)
    told = answers.get(item.slug)
    if told is True:
        return CareAnswer(item, MET)
    if told is False:
        return CareAnswer(item, ABSENT, ("the paper does not report it",))
    return CareAnswer(item, NOT_LOOKED_AT)


# ── judged from fields: what an item lacks, or None where nothing is there to judge ──────────────────────────────


def _lacks(*checks: tuple[bool, str]) -> tuple[str, ...]:
    return tuple(words for met, words in checks if not met)


def _title(study: Any, case: Any) -> tuple[str, ...] | None:
    titles = [
        str(field_of(row, "title") or "")
        for row in rows_of(study, "citations")
        if field_of(row, "role") in ("primary", None)
    ]
    title = next((title for title in titles if title), "")
    if not title:
        return None
    words = title.lower()
    named = any(f"case {kind}" in words for kind in ("report", "study", "series", "reports", "studies"))
    return _lacks((named, "the title does not say that it is a case report"))


def _patient_information(study: Any, case: Any) -> tuple[str, ...]:
    return _lacks(
        (is_filled(field_of(case, "age_years")), "the age"),
        (field_of(case, "sex") not in (None, "", "not_reported"), "the sex"),
        (field_of(case, "comorbidities") is not None, "other diseases, or that there were none"),
        (field_of(case, "prior_therapies") is not None, "earlier treatment, or that there was none"),
    )


def _clinical_findings(study: Any, case: Any) -> tuple[str, ...]:
    return _lacks(
        (bool(rows_of(case, "organs")), "the organs with disease"),
        (bool(text_of(case, "summary")), "a summary of what was found"),
    )


def _timeline(study: Any, case: Any) -> tuple[str, ...]:
    index = field_of(case, "index_therapy")
    courses = rows_of(case, "courses")
    started = any(
        number_of(course, "start_week") is not None
        for course in courses
        if field_of(course, "therapy") == index
    )
    weeks = [number_of(course, name) for course in courses for name in ("start_week", "stop_week")]
    for name in ("measurements", "organ_responses", "responder_index"):
        weeks += [number_of(row, "week") for row in rows_of(case, name)]
    weeks += [number_of(case, "relapse_week"), number_of(case, "follow_up_weeks")]
    later = any(week is not None and week > 0 for week in weeks)
    return _lacks(
        (is_filled(index) and started, "the week in which the index therapy started"),
        (later, "the week of anything that came after"),
    )


def _diagnostic_assessment(study: Any, case: Any) -> tuple[str, ...]:
    diagnosed = is_filled(field_of(study, "criteria")) or is_filled(field_of(case, "acr_eular_2019"))
    return _lacks((diagnosed, "how IgG4-RD was diagnosed (the criteria)"))


def _therapeutic_intervention(study: Any, case: Any) -> tuple[str, ...]:
    index = field_of(case, "index_therapy")
    if not is_filled(index):
        return ("the index therapy",)
    courses = [course for course in rows_of(case, "courses") if field_of(course, "therapy") == index]
    if not courses:
        return ("a course of the index therapy",)
    if index in WITHOUT_DOSE:
        return ()
    return _lacks(
        (any(is_filled(field_of(course, "dose")) for course in courses), "the dose of the index therapy"),
        (
            any(is_filled(field_of(course, "schedule")) for course in courses),
            "how often the index therapy was given",
        ),
    )


def _follow_up(study: Any, case: Any) -> tuple[str, ...]:
    return _lacks(
        (field_of(case, "response") not in (None, "", "not_reported"), "the response"),
        (is_filled(field_of(case, "follow_up_weeks")), "how long the patient was followed"),
        (field_of(case, "adverse_events") is not None, "adverse events, or that there were none"),
    )


_JUDGES: dict[str, Callable[[Any, Any], tuple[str, ...] | None]] = {
    "title": _title,
    "patient_information": _patient_information,
    "clinical_findings": _clinical_findings,
    "timeline": _timeline,
    "diagnostic_assessment": _diagnostic_assessment,
    "therapeutic_intervention": _therapeutic_intervention,
    "follow_up_and_outcomes": _follow_up,
}
