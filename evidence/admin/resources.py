"""What the lists of studies and cases export."""

from import_export.fields import Field
from import_export.resources import ModelResource

from evidence.models import Case, Study


class StudyResource(ModelResource):
    """One line a study."""

    primary_citation = Field(column_name="primary_citation")
    doi = Field(column_name="doi")
    pmid = Field(column_name="pmid")

    class Meta:
        model = Study
        fields = (
            "slug",
            "label",
            "primary_citation",
            "doi",
            "pmid",
            "design",
            "state",
            "enrolled",
            "phase",
            "registration",
            "countries",
            "follow_up_weeks",
            "basis",
            "read_at",
            "summary",
            "published_at",
        )

    def export(self, queryset=None, **kwargs):
        """The lines, each with its citation, without a query a line."""
        return super().export(queryset.with_citations() if queryset is not None else None, **kwargs)

    def dehydrate_primary_citation(self, study: Study) -> str:
        """The Vancouver reference."""
        citation = study.primary_citation
        return citation.vancouver if citation is not None else ""

    def dehydrate_doi(self, study: Study) -> str:
        """The primary citation's DOI."""
        citation = study.primary_citation
        return citation.doi if citation is not None else ""

    def dehydrate_pmid(self, study: Study) -> str:
        """The primary citation's PMID."""
        citation = study.primary_citation
        return citation.pmid if citation is not None else ""


class CaseResource(ModelResource):
    """One line a patient; several organs, comorbidities and therapies parted by semicolons."""

    study = Field(attribute="study__slug", column_name="study")
    index_therapy = Field(attribute="index_therapy__slug", column_name="index_therapy")
    organs = Field(column_name="organs")
    comorbidities = Field(column_name="comorbidities")
    prior_therapies = Field(column_name="prior_therapies")

    class Meta:
        model = Case
        fields = (
            "slug",
            "study",
            "index_therapy",
            "age_years",
            "sex",
            "organs",
            "comorbidities",
            "comorbidities_stated",
            "prior_therapies",
            "prior_therapies_stated",
            "response",
            "steroid_effect",
            "relapse",
            "relapse_week",
            "follow_up_weeks",
            "acr_eular_2019",
            "acr_eular_2019_score",
            "locator",
        )

    def export(self, queryset=None, **kwargs):
        """The lines without a query a line."""
        return super().export(queryset.for_list() if queryset is not None else None, **kwargs)

    def dehydrate_organs(self, case: Case) -> str:
        """Organs with disease."""
        return "; ".join(link.organ.slug for link in case.case_organs.all())

    def dehydrate_comorbidities(self, case: Case) -> str:
        """Other diseases."""
        return "; ".join(link.comorbidity.slug for link in case.case_comorbidities.all())

    def dehydrate_prior_therapies(self, case: Case) -> str:
        """Therapies before the index therapy."""
        return "; ".join(link.therapy.slug for link in case.case_prior_therapies.all())
