"""What the database holds that may be the paper or patient of another record, as far as a person may see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from evidence import permissions
from evidence.choices import DESIGN_CLASSES, CitationRole, Sex
from evidence.duplicates import (
    AGE_YEARS_APART,
    IGG4_APART,
    PAPER,
    PATIENT,
    THRESHOLD,
    Match,
    Paper,
    Patient,
    paper_pairs,
    patient_pairs,
    similar_papers,
    similar_patients,
    telling_words,
)
from evidence.half_filled import field_of, number_of, rows_of, text_of
from evidence.models import Case, DistinctPair, Overlap, Study
from evidence.querysets import StudyQuerySet

SERUM_IGG4 = "serum_igg4"
# Whose authors are the study's own; a comment is written by others.
OWN_REPORTS = frozenset({CitationRole.PRIMARY.value, CitationRole.SECONDARY.value})


@dataclass(frozen=True)
class LookAlikes:
    """What is like a record that a person enters: studies, and for each of its patients those of other studies."""

    papers: tuple[Match, ...] = ()
    patients: tuple[tuple[str, Match], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.papers or self.patients)


@dataclass(frozen=True)
class LikePair:
    """Two studies that are alike, and how: the match is of their papers, their groups, or the two patients named."""

    match: Match
    study_a: Study
    study_b: Study
    case_a: Case | None = None
    case_b: Case | None = None


def duplicates_of(record: Any, user: Any, stored: Study | None = None) -> LookAlikes:
    """What the user may see that is like a study being entered: a StudyRecord, or a form in its shape, half filled.

    ``stored`` is the study itself where it is kept already. A constant number of queries; only what can reach the
    threshold is fetched.
    """
    paper, patients = paper_of_record(record), patients_of_record(record)
    near = _near(paper, patients)
    if near is None:
        return LookAlikes()
    # A revision is alike to what it revises, and is no study beside it.
    studies = permissions.visible_studies(user).originals()
    if stored is not None:
        studies = studies.exclude(pk__in=[key for key in (stored.pk, stored.revises_id) if key is not None])
    found = with_parts(studies.filter(pk__in=studies.filter(near).values("pk")))
    among = [patient_of(case, study) for study in found for case in study.cases.all()]
    return LookAlikes(
        similar_papers(paper, [paper_of(study) for study in found if study.slug != paper.key]),
        tuple((patient.key, match) for patient in patients for match in similar_patients(patient, among)),
    )


def _near(paper: Paper, patients: Iterable[Patient]) -> Q | None:
    """Studies alike in an identifier, a telling word of the title, an author, or a patient's age or IgG4."""
    citation = "study_citations__citation"
    parts = [
        Q(**{f"{citation}__{name}": value})
        for name, value in (("doi", paper.doi), ("pmid", paper.pmid))
        if value
    ]
    parts += [Q(**{f"{citation}__title__icontains": word}) for word in telling_words(paper.title)]
    if paper.authors:
        parts.append(Q(**{f"{citation}__authors__overlap": sorted(paper.authors)}))
    for patient in patients:
        if patient.age is not None:
            span = (patient.age - AGE_YEARS_APART, patient.age + AGE_YEARS_APART)
            parts.append(Q(cases__age_years__range=span))
        for value in patient.igg4:
            near = (value * (1 - IGG4_APART), value / (1 - IGG4_APART))
            parts.append(
                Q(cases__measurements__analyte__slug=SERUM_IGG4, cases__measurements__value__range=near)
            )
    return reduce(or_, parts) if parts else None


def possible_duplicates(among: StudyQuerySet, threshold: float = THRESHOLD) -> list[LikePair]:
    """Every pair among these studies and their patients that is alike and that nobody has decided on.

    The likeliest first, papers before patients before groups. Of two studies with several like patients each pair of
    patients is told. A constant number of queries.
    """
    studies = {study.slug: study for study in with_parts(among)}
    cases = {case.slug: (case, study) for study in studies.values() for case in study.cases.all()}
    sharing = {
        frozenset(pair) for pair in Overlap.objects.values_list("study_a__slug", "study_b__slug").distinct()
    }
    different = {
        frozenset((row.case_a.slug, row.case_b.slug))
        if row.case_a is not None and row.case_b is not None
        else frozenset((row.study_a.slug, row.study_b.slug))
        for row in DistinctPair.objects.select_related("study_a", "study_b", "case_a", "case_b")
    }
    found = []
    for a, b, match in paper_pairs([paper_of(study) for study in studies.values()], threshold):
        pair = frozenset((a, b))
        if pair not in sharing and pair not in different:
            found.append(LikePair(match, studies[a], studies[b]))
    for a, b, match in patient_pairs([patient_of(case, study) for case, study in cases.values()], threshold):
        (case_a, study_a), (case_b, study_b) = cases[a], cases[b]
        if frozenset((study_a.slug, study_b.slug)) not in sharing and frozenset((a, b)) not in different:
            found.append(LikePair(match, study_a, study_b, case_a, case_b))
    kinds = {PAPER: 0, PATIENT: 1}
    return sorted(found, key=lambda pair: (kinds.get(pair.match.kind, 2), -pair.match.score))


# ── rows and records to what is weighed ──────────────────────────────────────────────────────────────────────────


def with_parts(studies: StudyQuerySet) -> list[Study]:
    """Studies with all that is weighed, in a constant number of queries."""
    return list(
        studies.for_list().prefetch_related("cases__case_organs__organ", "cases__measurements__analyte")
    )


def paper_of(study: Study) -> Paper:
    """What of a study is weighed. Uses the prefetched parts."""
    citation = study.primary_citation
    cases = list(study.cases.all())
    therapies = {part.therapy.slug for arm in study.arms.all() for part in arm.regimen.all()}
    therapies |= {case.index_therapy.slug for case in cases}
    therapies |= {finding.therapy.slug for finding in study.findings.all()}
    organs = {row.organ.slug for row in study.study_organs.all()}
    organs |= {row.organ.slug for case in cases for row in case.case_organs.all()}
    return Paper(
        key=study.slug,
        title=citation.title if citation is not None else "",
        doi=citation.doi if citation is not None else "",
        pmid=citation.pmid if citation is not None else "",
        year=citation.year if citation is not None else None,
        authors=_authors_of(study),
        countries=frozenset(study.countries),
        therapies=frozenset(therapies),
        organs=frozenset(organs),
        has_patients=study.design in DESIGN_CLASSES,
    )


def _authors_of(study: Study) -> frozenset[str]:
    links = [link for link in study.study_citations.all() if link.role in OWN_REPORTS]
    return frozenset(name for link in links for name in link.citation.authors)


def patient_of(case: Case, study: Study) -> Patient:
    """What of a case is weighed. Uses the prefetched parts."""
    citation = study.primary_citation
    igg4 = [(row.week, row.value) for row in case.measurements.all() if row.analyte.slug == SERUM_IGG4]
    return Patient(
        key=case.slug,
        study=study.slug,
        countries=frozenset(study.countries),
        age=case.age_years,
        sex=case.sex if case.sex != Sex.NOT_REPORTED else "",
        organs=frozenset(row.organ.slug for row in case.case_organs.all()),
        therapy=case.index_therapy.slug,
        year=citation.year if citation is not None else None,
        igg4=_baseline(igg4),
        authors=_authors_of(study),
    )


def _baseline(igg4: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """The figures before the index therapy, else the first after it: later ones tell of the therapy."""
    before = tuple(value for week, value in igg4 if week <= 0)
    return before or tuple(value for _, value in sorted(igg4)[:1])


def paper_of_record(record: Any) -> Paper:
    """What of a study being entered is weighed."""
    own = [row for row in rows_of(record, "citations") if text_of(row, "role") in OWN_REPORTS]
    primary = next((row for row in own if text_of(row, "role") == CitationRole.PRIMARY), None)
    year = number_of(primary, "year")
    cases = rows_of(record, "cases")
    regimens = [part for arm in rows_of(record, "arms") for part in rows_of(arm, "regimen")]
    therapies = {text_of(row, "therapy") for row in (*regimens, *rows_of(record, "findings"))}
    therapies |= {text_of(case, "index_therapy") for case in cases}
    return Paper(
        key=text_of(record, "slug"),
        title=text_of(primary, "title"),
        doi=text_of(primary, "doi").lower(),
        pmid=text_of(primary, "pmid"),
        year=int(year) if year is not None else None,
        authors=_words(name for row in own for name in rows_of(row, "authors")),
        countries=_words(rows_of(record, "countries")),
        therapies=_words(therapies),
        organs=_words(
            [*rows_of(record, "organs"), *(organ for case in cases for organ in rows_of(case, "organs"))]
        ),
        has_patients=text_of(record, "design") in DESIGN_CLASSES,
    )


def patients_of_record(record: Any) -> list[Patient]:
    """What of the patients of a study being entered is weighed; a patient without a name yet gets its place."""
    paper = paper_of_record(record)
    return [
        Patient(
            key=text_of(case, "slug") or f"case {number}",
            study=paper.key,
            countries=paper.countries,
            age=number_of(case, "age_years"),
            sex=text_of(case, "sex") if field_of(case, "sex") != Sex.NOT_REPORTED else "",
            organs=_words(rows_of(case, "organs")),
            therapy=text_of(case, "index_therapy"),
            year=paper.year,
            igg4=_baseline(
                [
                    (week, value)
                    for row in rows_of(case, "measurements")
                    if field_of(row, "analyte") == SERUM_IGG4
                    and (week := number_of(row, "week")) is not None
                    and (value := number_of(row, "value")) is not None
                ]
            ),
            authors=paper.authors,
        )
        for number, case in enumerate(rows_of(record, "cases"), start=1)
    ]


def _words(names: Iterable[Any]) -> frozenset[str]:
    return frozenset(name for name in names if isinstance(name, str) and name)
