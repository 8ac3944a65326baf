"""Single patients read for the case explorer: each once, in a constant number of queries however many match."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from comparison.facets import FacetRow
from comparison.like_mine import Matches, Profile, Wanted, matches
from comparison.presenters import tallies
from evidence.choices import CitationRole, Sex, State
from evidence.models import (
    Case,
    CaseComorbidity,
    CaseOrgan,
    CasePriorTherapy,
    Course,
    Measurement,
    OrganResponse,
    Overlap,
    Study,
    StudyCitation,
)
from evidence.querysets import STUDY_PROSE
from literature.choices import RetractionStatus
from therapies.models import Therapy

FACETS = (
    *("therapy", "organ", "comorbidity", "prior_therapy"),
    *("response", "steroid_effect", "relapse", "sex", "design", "year"),
)
RELAPSE_WORDS = {True: "true", False: "false", None: "not_reported"}


@dataclass(frozen=True)
class Cohort:
    """Patients that match, each once; and those that stand aside, each with the reason."""

    patients: tuple[Case, ...]
    aside: tuple[tuple[Case, str], ...]

    @property
    def reports(self) -> int:
        """All that match, whether counted or not."""
        return len(self.patients) + len(self.aside)


def overlapping_studies() -> set[frozenset[int]]:
    """Which published studies share patients, or may."""
    return tallies.pairs_of(Overlap.objects.published())


def cohort(matching: QuerySet[Case], overlapping: Collection[frozenset[int]]) -> Cohort:
    """The patients of a query, each once, by study and place in it. Four queries.

    Studies and therapies are read once and shared: joined, they would come again with each patient.
    """
    plain = matching.order_by().select_related(None).prefetch_related(None).defer("summary")
    primary = StudyCitation.objects.filter(role=CitationRole.PRIMARY).select_related("citation")
    published = Study.objects.filter(state=State.PUBLISHED).defer(*STUDY_PROSE)
    studies = {
        row.pk: row for row in published.prefetch_related(Prefetch("study_citations", queryset=primary))
    }
    therapies = Therapy.objects.in_bulk()
    cases = list(plain)
    for case in cases:
        case.study, case.index_therapy = studies[case.study_id], therapies[case.index_therapy_id]
    return cohort_of(sorted(cases, key=lambda case: (case.study.slug, case.position, case.slug)), overlapping)


def cohort_of(cases: Sequence[Case], overlapping: Collection[frozenset[int]]) -> Cohort:
    """Of these patients those that count, and why each of the others does not."""
    counted = {case.pk for case in tallies.independent(cases, overlapping)}
    sizes = Counter(case.study_id for case in cases if not tallies.is_retracted(case))
    studies = {case.study_id: case.study for case in cases}
    slugs = {key: study.slug for key, study in studies.items()}
    gives_way = tallies.counted_once(sizes, slugs, overlapping)
    aside = []
    for case in cases:
        if case.pk in counted:
            continue
        if tallies.is_retracted(case):
            aside.append((case, "retracted"))
        else:
            aside.append(
                (case, f"shares, or may share, patients with {studies[gives_way[case.study_id]].label}")
            )
    return Cohort(tuple(case for case in cases if case.pk in counted), tuple(aside))


def facet_rows(cases: QuerySet[Case]) -> list[FacetRow]:
    """Patients with the values that the facets count, those of retracted reports left out. Five queries."""
    organs, comorbidities, priors = _links()
    primary = _primary_reports()
    told = cases.order_by().values_list(
        *(
            "pk",
            "study",
            "index_therapy__slug",
            "response",
            "steroid_effect",
            "relapse",
            "sex",
            "study__design",
        )
    )
    rows = []
    for pk, study, therapy, response, steroid_effect, relapse, sex, design in told:
        year, retraction = primary.get(study, (None, ""))
        if retraction == RetractionStatus.RETRACTED:
            continue
        values = {
            "therapy": frozenset({therapy}),
            "organ": organs.get(pk, frozenset()),
            "comorbidity": comorbidities.get(pk, frozenset()),
            "prior_therapy": priors.get(pk, frozenset()),
            "response": frozenset({response}),
            "steroid_effect": frozenset({steroid_effect}),
            "relapse": frozenset({RELAPSE_WORDS[relapse]}),
            "sex": frozenset({sex}),
            "design": frozenset({design}),
            "year": frozenset() if year is None else frozenset({str(year)}),
        }
        rows.append(FacetRow(study, values))
    return rows


def _links() -> tuple[dict[int, frozenset[str]], dict[int, frozenset[str]], dict[int, frozenset[str]]]:
    """Organs, comorbidities and treatments before of every patient, by slug. Three queries."""
    return (
        _many(CaseOrgan.objects.values_list("case", "organ__slug")),
        _many(CaseComorbidity.objects.values_list("case", "comorbidity__slug")),
        _many(CasePriorTherapy.objects.values_list("case", "therapy__slug")),
    )


def _primary_reports() -> dict[int, tuple[int | None, str]]:
    """Year and retraction of the report that each study is counted by. One query."""
    told = StudyCitation.objects.filter(role=CitationRole.PRIMARY).values_list(
        "study", "citation__year", "citation__retraction_status"
    )
    return {study: (year, retraction) for study, year, retraction in told}


def _many(pairs: QuerySet) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for case, slug in pairs:
        found[case].add(slug)
    return {case: frozenset(slugs) for case, slugs in found.items()}


class CountedOnce:
    """Counts patients each once, of rows that know their study alone; one query when it is made."""

    def __init__(self, overlapping: Collection[frozenset[int]]) -> None:
        self.overlapping = overlapping
        self.sharing = frozenset(key for pair in overlapping for key in pair)
        self.slugs: Mapping[int, str] = dict(
            Study.objects.filter(state=State.PUBLISHED, pk__in=self.sharing).values_list("pk", "slug")
        )

    def __call__(self, rows: Sequence[FacetRow]) -> int:
        """All of them but those whose study gives way to another among them."""
        aside = self.aside(row.study for row in rows)
        return len(rows) - sum(row.study in aside for row in rows)

    def aside(self, studies: Iterable[int]) -> set[int]:
        """Which of the studies of some patients give way to another of them; a study comes once a patient."""
        sizes = Counter(study for study in studies if study in self.sharing)
        return set(tallies.counted_once(sizes, self.slugs, self.overlapping))


def courses_of(cases: QuerySet[Case]) -> dict[int, list[Course]]:
    """The courses of the patients of a query, in the order of the report. Two queries."""
    found = Course.objects.filter(case__in=cases.order_by().values("pk"))
    therapies = Therapy.objects.in_bulk()
    grouped: dict[int, list[Course]] = defaultdict(list)
    for course in found.order_by("position", "pk"):
        course.therapy = therapies[course.therapy_id]
        grouped[course.case_id].append(course)
    return grouped


def figures_of(cases: QuerySet[Case], analytes: Collection[str]) -> dict[str, dict[int, list[Measurement]]]:
    """Figures of some analytes, by analyte and patient, in order of time. One query."""
    found = Measurement.objects.filter(
        case__in=cases.order_by().values("pk"), analyte__slug__in=analytes
    ).select_related("analyte")
    grouped: dict[str, dict[int, list[Measurement]]] = {slug: defaultdict(list) for slug in analytes}
    for figure in found.order_by("week", "position", "pk"):
        grouped[figure.analyte.slug][figure.case_id].append(figure)
    return grouped


def organ_responses_of(cases: QuerySet[Case]) -> dict[int, list[OrganResponse]]:
    """How the organs of the patients of a query fared. One query."""
    found = OrganResponse.objects.filter(case__in=cases.order_by().values("pk")).select_related("organ")
    grouped: dict[int, list[OrganResponse]] = defaultdict(list)
    for response in found.order_by("position", "pk"):
        grouped[response.case_id].append(response)
    return grouped


def profiles() -> list[Profile]:
    """Every published patient as far as one can be like another, those of retracted reports left out. Five queries."""
    organs, comorbidities, priors = _links()
    primary = _primary_reports()
    told = (
        Case.objects.published()
        .order_by("study__slug", "position", "slug")
        .values(
            *("pk", "study", "slug", "index_therapy__slug", "index_therapy__name", "comorbidities_stated"),
            *("prior_therapies_stated", "age_years", "sex", "response", "steroid_effect", "relapse"),
        )
    )
    nothing: frozenset[str] = frozenset()
    return [
        Profile(
            case=row["slug"],
            study=row["study"],
            therapy=row["index_therapy__slug"],
            therapy_name=row["index_therapy__name"],
            organs=organs.get(row["pk"], nothing),
            comorbidities=comorbidities.get(row["pk"], nothing),
            prior_therapies=priors.get(row["pk"], nothing),
            comorbidities_stated=row["comorbidities_stated"],
            prior_therapies_stated=row["prior_therapies_stated"],
            age=row["age_years"],
            sex=None if row["sex"] == Sex.NOT_REPORTED else row["sex"],
            response=row["response"],
            steroid_effect=row["steroid_effect"],
            relapse=row["relapse"],
        )
        for row in told
        if primary.get(row["study"], (None, ""))[1] != RetractionStatus.RETRACTED
    ]


def matches_of(wanted: Wanted) -> list[Matches]:
    """The published patients like the one asked for, each once. Seven queries."""
    counted = CountedOnce(overlapping_studies())

    def once(those: list[Profile]) -> list[Profile]:
        aside = counted.aside(one.study for one in those)
        return [one for one in those if one.study not in aside]

    return matches(wanted, profiles(), once)
