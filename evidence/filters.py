"""Filters of the evidence. Lists in HTML and the API share them.

Values of one parameter are joined by "or", parameters by "and". A row of which the filtered value is not reported is
in no span of weeks or years.
"""

from collections.abc import Iterable

from django.db.models import F, Func, Q, QuerySet

from evidence.choices import (
    DESIGN_CLASSES,
    Basis,
    Design,
    DesignClass,
    Direction,
    Domain,
    Measure,
    OutcomeKind,
    SynthesisMeasure,
)
from evidence.models import (
    Arm,
    Case,
    Contrast,
    Finding,
    Organ,
    Outcome,
    Overlap,
    PublishedSynthesis,
    Result,
    Study,
)
from foundation.filters import (
    WEEKS,
    YEARS,
    EvidenceFilterSet,
    ManySlugs,
    ManyWords,
    OneWord,
    ShortText,
    WholeNumber,
    among,
)
from literature.filters import CitationFilterSet
from literature.models import Citation
from therapies.models import Therapy

CERTAIN = (("true", "Certain"), ("false", "Probable"))
TRUTH = {"true": True, "false": False}


def published_studies(request: object = None) -> QuerySet[Study]:
    """Studies that a filter may name."""
    return Study.objects.published().order_by("slug")


def arms_of_published_studies(request: object = None) -> QuerySet[Arm]:
    """Arms that a filter may name."""
    return Arm.objects.filter(study__in=Study.objects.published()).order_by("slug", "id")


def countries_with_evidence() -> list[tuple[str, str]]:
    """Countries of published studies."""
    codes = Study.objects.published().annotate(country=Func(F("countries"), function="unnest"))
    return [(code, code) for code in sorted(set(codes.order_by().values_list("country", flat=True)))]


def designs_in(classes: Iterable[str]) -> list[str]:
    """The designs of some design classes."""
    return [design for design, design_class in DESIGN_CLASSES.items() if design_class in set(classes)]


def effective_basis(study: str, values: list[str]) -> Q:
    """Rows read so: by their own basis, or by their study's where they have none."""
    return Q(basis__in=values) | Q(basis="", **{f"{study}__basis__in": values})


class OfStudy(EvidenceFilterSet):
    """Filters of rows that belong to a study; ``study_path`` leads to it."""

    study_path = "study"

    def by_design_class(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Rows of studies of some design classes."""
        return queryset.filter(**{f"{self.study_path}__design__in": designs_in(value)}) if value else queryset

    def by_basis(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Rows read so."""
        return queryset.filter(effective_basis(self.study_path, value)) if value else queryset

    def from_year(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Rows of studies published in that year or later."""
        studies = Study.objects.published_in_years(value, None).values("pk")
        return queryset.filter(**{f"{self.study_path}__in": studies})

    def to_year(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Rows of studies published in that year or earlier."""
        studies = Study.objects.published_in_years(None, value).values("pk")
        return queryset.filter(**{f"{self.study_path}__in": studies})


class StudyFilterSet(EvidenceFilterSet):
    """Studies by what was done, to whom, where and when."""

    q = ShortText(
        method="search", label="Words", help_text="In label, summary, population or the citations' titles."
    )
    therapy = ManySlugs(
        method="by_therapy",
        queryset=Therapy.objects.all(),
        label="Therapy",
        help_text="In an arm, a case, a finding or a review's pooled figure.",
    )
    outcome = ManySlugs(
        method="by_outcome",
        queryset=Outcome.objects.all(),
        label="Outcome",
        help_text="In a result, contrast, finding or a review's pooled figure.",
    )
    design = ManyWords(choices=Design.choices, label="Design")
    design_class = ManyWords(choices=DesignClass.choices, method="by_design_class", label="Design class")
    organ = ManySlugs(
        method="by_organ",
        queryset=Organ.objects.all(),
        label="Organ",
        help_text="Confined to it, with a result in it, or with a case that has it.",
    )
    country = ManyWords(method="by_country", choices=countries_with_evidence, label="Country")
    basis = ManyWords(choices=Basis.choices, label="Read in")
    registration = ShortText(
        lookup_expr="iexact", label="Registration", help_text="Number in a trial register."
    )
    from_ = WholeNumber(
        method="from_year", bounds=YEARS, label="From year", help_text="Of the primary citation."
    )
    to_ = WholeNumber(method="to_year", bounds=YEARS, label="To year", help_text="Of the primary citation.")

    class Meta:
        model = Study
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Studies that hold the words."""
        words = Q(label__icontains=value) | Q(summary__icontains=value) | Q(population__icontains=value)
        return among(queryset, words | Q(study_citations__citation__title__icontains=value))

    def by_therapy(self, queryset: QuerySet, name: str, value: Iterable[Therapy]) -> QuerySet:
        """Studies that tell of any of the therapies."""
        slugs = [therapy.slug for therapy in value]
        return queryset.filter(pk__in=Study.objects.of_therapy(slugs).values("pk")) if slugs else queryset

    def by_outcome(self, queryset: QuerySet, name: str, value: Iterable[Outcome]) -> QuerySet:
        """Studies that tell of any of the outcomes."""
        keys = [outcome.pk for outcome in value]
        told = Q(pk__in=Result.objects.filter(outcome__in=keys).values("arm__study"))
        for model in (Contrast, Finding, PublishedSynthesis):
            told |= Q(pk__in=model._default_manager.filter(outcome__in=keys).values("study"))
        return queryset.filter(told) if keys else queryset

    def by_design_class(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Studies of some design classes."""
        return queryset.filter(design__in=designs_in(value)) if value else queryset

    def by_organ(self, queryset: QuerySet, name: str, value: Iterable[Organ]) -> QuerySet:
        """Studies that tell of any of the organs."""
        keys = [organ.pk for organ in value]
        told = (
            Q(pk__in=Study.objects.filter(study_organs__organ__in=keys).values("pk"))
            | Q(pk__in=Result.objects.filter(organ__in=keys).values("arm__study"))
            | Q(pk__in=Case.objects.filter(case_organs__organ__in=keys).values("study"))
        )
        return queryset.filter(told) if keys else queryset

    def by_country(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Studies in any of the countries."""
        return queryset.filter(countries__overlap=value) if value else queryset

    def from_year(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Studies published in that year or later."""
        return queryset.filter(pk__in=Study.objects.published_in_years(value, None).values("pk"))

    def to_year(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Studies published in that year or earlier."""
        return queryset.filter(pk__in=Study.objects.published_in_years(None, value).values("pk"))


class ResultFilterSet(OfStudy):
    """Results by study, therapy, outcome and time."""

    study_path = "arm__study"

    study = ManySlugs(field_name="arm__study", queryset=published_studies, label="Study")
    arm = ManySlugs(queryset=arms_of_published_studies, label="Arm", help_text="Its slug within its study.")
    therapy = ManySlugs(
        field_name="arm__regimen__therapy",
        queryset=Therapy.objects.all(),
        to_many=True,
        label="Therapy of the arm",
    )
    outcome = ManySlugs(queryset=Outcome.objects.all(), label="Outcome")
    domain = ManyWords(field_name="outcome__domain", choices=Domain.choices, label="Domain")
    kind = ManyWords(field_name="outcome__kind", choices=OutcomeKind.choices, label="Kind")
    design = ManyWords(field_name="arm__study__design", choices=Design.choices, label="Design")
    design_class = ManyWords(choices=DesignClass.choices, method="by_design_class", label="Design class")
    week_from = WholeNumber(field_name="week", lookup_expr="gte", bounds=WEEKS, label="From week")
    week_to = WholeNumber(field_name="week", lookup_expr="lte", bounds=WEEKS, label="To week")
    organ = ManySlugs(queryset=Organ.objects.all(), label="Organ")
    basis = ManyWords(choices=Basis.choices, method="by_basis", label="Read in")
    from_ = WholeNumber(
        method="from_year", bounds=YEARS, label="From year", help_text="Of the primary citation."
    )
    to_ = WholeNumber(method="to_year", bounds=YEARS, label="To year", help_text="Of the primary citation.")

    class Meta:
        model = Result
        fields: list[str] = []


class ContrastFilterSet(OfStudy):
    """Contrasts by study, therapy on either side, outcome and measure."""

    study = ManySlugs(queryset=published_studies, label="Study")
    therapy = ManySlugs(
        field_name="arm__regimen__therapy", queryset=Therapy.objects.all(), to_many=True, label="Therapy"
    )
    versus = ManySlugs(
        field_name="versus__regimen__therapy", queryset=Therapy.objects.all(), to_many=True, label="Against"
    )
    outcome = ManySlugs(queryset=Outcome.objects.all(), label="Outcome")
    domain = ManyWords(field_name="outcome__domain", choices=Domain.choices, label="Domain")
    measure = ManyWords(choices=Measure.choices, label="Measure")
    design = ManyWords(field_name="study__design", choices=Design.choices, label="Design")
    design_class = ManyWords(choices=DesignClass.choices, method="by_design_class", label="Design class")
    basis = ManyWords(choices=Basis.choices, method="by_basis", label="Read in")

    class Meta:
        model = Contrast
        fields: list[str] = []


class FindingFilterSet(OfStudy):
    """Findings by therapy, outcome and direction."""

    study = ManySlugs(queryset=published_studies, label="Study")
    therapy = ManySlugs(queryset=Therapy.objects.all(), label="Therapy")
    outcome = ManySlugs(queryset=Outcome.objects.all(), label="Outcome")
    domain = ManyWords(field_name="outcome__domain", choices=Domain.choices, label="Domain")
    direction = ManyWords(choices=Direction.choices, label="Direction")
    design = ManyWords(field_name="study__design", choices=Design.choices, label="Design")
    design_class = ManyWords(choices=DesignClass.choices, method="by_design_class", label="Design class")
    basis = ManyWords(choices=Basis.choices, method="by_basis", label="Read in")

    class Meta:
        model = Finding
        fields: list[str] = []


class SynthesisFilterSet(OfStudy):
    """Reviews' pooled figures by therapy, outcome and measure."""

    study = ManySlugs(queryset=published_studies, label="Study")
    therapy = ManySlugs(queryset=Therapy.objects.all(), label="Therapy")
    versus = ManySlugs(queryset=Therapy.objects.all(), label="Against")
    outcome = ManySlugs(queryset=Outcome.objects.all(), label="Outcome")
    domain = ManyWords(field_name="outcome__domain", choices=Domain.choices, label="Domain")
    measure = ManyWords(choices=SynthesisMeasure.choices, label="Measure")

    class Meta:
        model = PublishedSynthesis
        fields: list[str] = []


class OutcomeFilterSet(EvidenceFilterSet):
    """Outcomes by domain and kind."""

    domain = ManyWords(choices=Domain.choices, label="Domain")
    kind = ManyWords(choices=OutcomeKind.choices, label="Kind")

    class Meta:
        model = Outcome
        fields: list[str] = []


class OverlapFilterSet(EvidenceFilterSet):
    """Overlaps by study and certainty."""

    study = ManySlugs(method="by_study", queryset=published_studies, label="Study")
    certain = OneWord(method="by_certainty", choices=CERTAIN, label="Certainty")

    class Meta:
        model = Overlap
        fields: list[str] = []

    def by_study(self, queryset: QuerySet, name: str, value: Iterable[Study]) -> QuerySet:
        """Pairs with any of the studies."""
        keys = [study.pk for study in value]
        return queryset.touching(keys) if keys else queryset

    def by_certainty(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Pairs that are certain, or that are not."""
        return queryset.filter(certain=TRUTH[value])


class PublicCitationFilterSet(CitationFilterSet):
    """Citations also by the study that they report."""

    study = ManySlugs(
        field_name="study_citations__study", queryset=published_studies, to_many=True, label="Study"
    )

    class Meta:
        model = Citation
        fields: list[str] = []
