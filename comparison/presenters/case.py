"""A case's page: one patient's course, in relative weeks."""

from __future__ import annotations

from dataclasses import dataclass

from comparison.presenters import figures
from evidence.models import Case, Course, ResponderIndexScore
from foundation import formatting
from foundation.pieces import Term


@dataclass(frozen=True)
class CourseRow:
    """A stretch of treatment in words."""

    slug: str
    name: str
    given: str
    start: str
    stop: str


@dataclass(frozen=True)
class ScoreRow:
    """A score of the Responder Index; marks tell what is said of the organ beside its points."""

    week: str
    scored: str
    score: int
    marks: str
    version: str
    as_reported: str


@dataclass(frozen=True)
class MeasurementRow:
    """A figure at a week, against the upper limit of normal where one is used."""

    analyte: str
    week: str
    figure: str
    as_reported: str
    limit: str


def title(case: Case) -> str:
    """The case in a line: "Dupilumab in a man of 67, Simpson 2020"."""
    return f"{case.index_therapy.name} in {patient(case)}"


def patient(case: Case) -> str:
    """The patient in words: "a man of 67", "a child of 4", "a patient of unreported age"."""
    if case.age_years is not None and case.age_years < 18:
        noun = {"male": "a boy", "female": "a girl"}.get(case.sex, "a child")
    else:
        noun = {"male": "a man", "female": "a woman"}.get(case.sex, "a patient")
    if case.age_years is None:
        return f"{noun} of unreported age"
    return f"{noun} of {formatting.age_text(case.age_years).removesuffix('s').removesuffix(' year')}"


def fact_terms(case: Case) -> list[Term]:
    """Who the patient was and how it went; nothing reported is told apart from none."""
    organs = [link.organ.name for link in case.case_organs.all()]
    comorbidities = [link.comorbidity.name for link in case.case_comorbidities.all()]
    priors = [link.therapy.name for link in case.case_prior_therapies.all()]
    return [
        Term("Sex", case.get_sex_display().lower()),
        Term("Age", formatting.age_text(case.age_years)),
        Term("Organs", values=organs),
        Term("Comorbidities", _none_or_unknown(case.comorbidities_stated), comorbidities),
        Term("Treated before with", _none_or_unknown(case.prior_therapies_stated), priors),
        Term("2019 ACR/EULAR criteria", _classification(case)),
        Term("Response", case.get_response_display().lower()),
        Term("Glucocorticoid", case.get_steroid_effect_display().lower()),
        Term("Relapse", _relapse(case)),
        Term(
            "Followed for",
            "" if case.follow_up_weeks is None else formatting.plural(case.follow_up_weeks, "week"),
        ),
    ]


def _none_or_unknown(is_stated: bool) -> str:
    """What an empty list means: the report says none, or says nothing."""
    return "none, as the report says" if is_stated else ""


def _relapse(case: Case) -> str:
    if case.relapse is None:
        return ""
    if not case.relapse:
        return "no"
    return f"yes, {formatting.week_text(case.relapse_week)}"


def _classification(case: Case) -> str:
    """Whether the 2019 ACR/EULAR classification criteria were met, with the score: "met, 29 points"."""
    score = case.acr_eular_2019_score
    parts = [
        case.get_acr_eular_2019_display().lower(),
        "" if score is None else formatting.plural(score, "point"),
    ]
    return ", ".join(part for part in parts if part)


def course_rows(case: Case) -> list[CourseRow]:
    """The treatments in order of time, unknown starts last."""
    courses = sorted(
        case.courses.all(), key=lambda c: (c.start_week is None, c.start_week or 0, c.position, c.pk)
    )
    return [
        CourseRow(
            course.therapy.slug,
            course.therapy.name,
            figures.part_text(course),
            _week(course.start_week),
            _stop(course),
        )
        for course in courses
    ]


def _week(week: int | None) -> str:
    return formatting.NOT_REPORTED if week is None else formatting.week_text(week)


def _stop(course: Course) -> str:
    return (
        "not reported, or continued" if course.stop_week is None else formatting.week_text(course.stop_week)
    )


def measurement_rows(case: Case) -> list[MeasurementRow]:
    """The figures by analyte and week."""
    found = sorted(case.measurements.all(), key=lambda m: (m.analyte.position, m.week, m.position, m.pk))
    return [
        MeasurementRow(
            measurement.analyte.name,
            formatting.week_text(measurement.week),
            formatting.with_unit(measurement.value, measurement.analyte.unit),
            measurement.as_reported,
            ""
            if measurement.analyte.upper_normal is None
            else formatting.with_unit(measurement.analyte.upper_normal, measurement.analyte.unit),
        )
        for measurement in found
    ]


# Yes and no in words; None, not reported, says nothing.
_MARKS = {
    "symptomatic": {True: "symptomatic", False: "not symptomatic"},
    "urgent": {True: "urgent (counts double)", False: "not urgent"},
    "damage": {True: "damage", False: "no damage"},
}


def _marks(row: ResponderIndexScore) -> str:
    """What is said of an organ beside its points; of a total nothing can be, so that nothing is missing there."""
    if row.organ is None:
        return ""
    said = [words[getattr(row, name)] for name, words in _MARKS.items() if getattr(row, name) is not None]
    return ", ".join(said) or formatting.NOT_REPORTED


def score_rows(case: Case) -> list[ScoreRow]:
    """The Responder Index week by week, the total before the organs, each version by itself."""
    found = sorted(
        case.responder_index.all(),
        key=lambda row: (row.week, row.version, row.organ_id is not None, row.position, row.pk),
    )
    return [
        ScoreRow(
            formatting.week_text(row.week),
            "Total" if row.organ is None else row.organ.name,
            row.score,
            _marks(row),
            row.get_version_display(),
            row.as_reported,
        )
        for row in found
    ]
