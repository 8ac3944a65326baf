"""Single patients read for the case explorer: each once, in a constant number of queries however many match."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

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
from literature.choices import RetractionStatus

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
    """The patients of a query, each once, by study and place in it. Three queries."""
    plain = matching.order_by().select_related(None).prefetch_related(None)
    cases = sorted(plain.for_counting(), key=lambda case: (case.study.slug, case.position, case.slug))  # type: ignore[attr-defined]
    return cohort_of(cases, overlapping)


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
    organs = _many(CaseOrgan.objects.values_list("case", "organ__slug"))
    comorbidities = _many(CaseComorbidity.objects.values_list("case", "comorbidity__slug"))
    priors = _many(CasePriorTherapy.objects.values_list("case", "therapy__slug"))
    primary = {
        study: (year, retraction)
        for study, year, retraction in StudyCitation.objects.filter(role=CitationRole.PRIMARY).values_list(
            "study", "citation__year", "citation__retraction_status"
        )
    }
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
        sizes = Counter(row.study for row in rows if row.study in self.sharing)
        aside = tallies.counted_once(sizes, self.slugs, self.overlapping)
        return len(rows) - sum(sizes[study] for study in aside)


def courses_of(cases: QuerySet[Case]) -> dict[int, list[Course]]:
    """The courses of the patients of a query, in the order of the report. One query."""
    found = Course.objects.filter(case__in=cases.order_by().values("pk")).select_related("therapy")
    grouped: dict[int, list[Course]] = defaultdict(list)
    for course in found.order_by("position", "pk"):
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


def profiles() -> tuple[list[Profile], dict[str, Case]]:
    """Every published patient as far as one can be like another, and the case of each. Six queries."""
    cases = (
        Case.objects.published()
        .for_counting()
        .prefetch_related(  # type: ignore[attr-defined]
            "case_organs__organ", "case_comorbidities__comorbidity", "case_prior_therapies__therapy"
        )
    )
    by_slug = {case.slug: case for case in cases.order_by("study__slug", "position", "slug")}
    return [_profile(case) for case in by_slug.values()], by_slug


def _profile(case: Case) -> Profile:
    return Profile(
        case=case.slug,
        label=case.study.label,
        therapy=case.index_therapy.slug,
        therapy_name=case.index_therapy.name,
        organs=frozenset(link.organ.slug for link in case.case_organs.all()),
        comorbidities=frozenset(link.comorbidity.slug for link in case.case_comorbidities.all()),
        prior_therapies=frozenset(link.therapy.slug for link in case.case_prior_therapies.all()),
        comorbidities_stated=case.comorbidities_stated,
        prior_therapies_stated=case.prior_therapies_stated,
        age=case.age_years,
        sex=None if case.sex == Sex.NOT_REPORTED else case.sex,
        response=case.response,
        steroid_effect=case.steroid_effect,
        relapse=case.relapse,
    )


def matches_of(wanted: Wanted) -> list[Matches]:
    """The published patients like the one asked for, each once."""
    found, by_slug = profiles()
    overlapping = overlapping_studies()

    def once(those: list[Profile]) -> list[Profile]:
        counted = {
            case.slug for case in tallies.independent([by_slug[one.case] for one in those], overlapping)
        }
        return [one for one in those if one.case in counted]

    return matches(wanted, found, once)
