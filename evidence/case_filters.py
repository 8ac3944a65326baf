"""Filters of single patients, shared by the case explorer and the API."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from evidence.choices import Basis, CitationRole, Design, Response, Sex, SteroidEffect
from evidence.filters import OfStudy, countries_with_evidence, published_studies
from evidence.models import Case, Comorbidity, Organ, Study, StudyCitation
from foundation.filters import YEARS, ManySlugs, ManyWords, WholeNumber
from therapies.models import Therapy

RELAPSE = (("true", "Relapsed"), ("false", "Did not relapse"), ("not_reported", "Not reported"))
TRUTH = {"true": True, "false": False, "not_reported": None}


def years_with_cases() -> list[tuple[str, str]]:
    """Years of the primary reports of published single patients, latest first."""
    years = StudyCitation.objects.filter(
        role=CitationRole.PRIMARY, study__in=Study.objects.published(), study__cases__isnull=False
    ).values_list("citation__year", flat=True)
    return [
        (str(year), str(year)) for year in sorted({year for year in years if year is not None}, reverse=True)
    ]


class CaseFilterSet(OfStudy):
    """Patients by what they had, what they were given and how they fared."""

    therapy = ManySlugs(field_name="index_therapy", queryset=Therapy.objects.all(), label="Index therapy")
    any_therapy = ManySlugs(
        method="by_any_therapy",
        queryset=Therapy.objects.all(),
        label="Any therapy",
        help_text="As index therapy, in a course or before.",
    )
    organ = ManySlugs(
        field_name="case_organs__organ", queryset=Organ.objects.all(), to_many=True, label="Organ"
    )
    comorbidity = ManySlugs(
        field_name="case_comorbidities__comorbidity",
        queryset=Comorbidity.objects.all(),
        to_many=True,
        label="Comorbidity",
    )
    prior_therapy = ManySlugs(
        field_name="case_prior_therapies__therapy",
        queryset=Therapy.objects.all(),
        to_many=True,
        label="Treated before with",
    )
    response = ManyWords(choices=Response.choices, label="Response")
    steroid_effect = ManyWords(choices=SteroidEffect.choices, label="Glucocorticoid")
    relapse = ManyWords(choices=RELAPSE, method="by_relapse", label="Relapse")
    sex = ManyWords(choices=Sex.choices, label="Sex")
    country = ManyWords(method="by_country", choices=countries_with_evidence, label="Country")
    study = ManySlugs(queryset=published_studies, label="Study")
    design = ManyWords(field_name="study__design", choices=Design.choices, label="Design")
    basis = ManyWords(choices=Basis.choices, method="by_basis", label="Read in")
    year = ManyWords(
        method="by_year", choices=years_with_cases, label="Year", help_text="Of the primary citation."
    )
    from_ = WholeNumber(
        method="from_year", bounds=YEARS, label="From year", help_text="Of the primary citation."
    )
    to_ = WholeNumber(method="to_year", bounds=YEARS, label="To year", help_text="Of the primary citation.")

    class Meta:
        model = Case
        fields: list[str] = []

    def by_any_therapy(self, queryset: QuerySet, name: str, value: Iterable[Therapy]) -> QuerySet:
        """Patients who had any of the therapies at any time."""
        keys = [therapy.pk for therapy in value]
        had = (
            Q(index_therapy__in=keys)
            | Q(pk__in=Case.objects.filter(courses__therapy__in=keys).values("pk"))
            | Q(pk__in=Case.objects.filter(case_prior_therapies__therapy__in=keys).values("pk"))
        )
        return queryset.filter(had) if keys else queryset

    def by_relapse(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Patients who relapsed, did not, or of whom it is not reported."""
        wanted = Q()
        for word in value:
            truth = TRUTH[word]
            wanted |= Q(relapse__isnull=True) if truth is None else Q(relapse=truth)
        return queryset.filter(wanted) if value else queryset

    def by_year(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Patients of studies whose primary report is of one of the years."""
        of_years = StudyCitation.objects.filter(
            role=CitationRole.PRIMARY, citation__year__in=[int(year) for year in value]
        )
        return queryset.filter(study__in=of_years.values("study")) if value else queryset

    def by_country(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Patients of studies in any of the countries."""
        return queryset.filter(study__countries__overlap=value) if value else queryset
