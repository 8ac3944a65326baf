"""Single patients as the API tells them."""

from rest_framework import serializers

from evidence.api.serializers.sources import EffectiveBasis, EffectivePage, PrimaryCitation
from evidence.models import Case, Course, Measurement, OrganResponse, ResponderIndexScore
from evidence.privacy import OLDEST_AGE_SHOWN
from foundation.api.serializers import EvidenceSerializer, SlugList, TextOrNull, page_link, slug_of, slugs


class CourseSerializer(EvidenceSerializer):
    """A stretch of treatment; week 0 is the start of the index therapy."""

    therapy = slug_of()

    class Meta:
        model = Course
        fields = ("therapy", "agent", "dose", "unit", "route", "schedule", "start_week", "stop_week")


class MeasurementSerializer(EvidenceSerializer):
    """A figure of one patient at one week."""

    analyte = slug_of()
    unit = TextOrNull(source="analyte.unit", read_only=True)

    class Meta:
        model = Measurement
        fields = ("analyte", "week", "value", "unit", "as_reported")


class OrganResponseSerializer(EvidenceSerializer):
    """How one organ of the patient fared."""

    organ = slug_of()

    class Meta:
        model = OrganResponse
        fields = ("organ", "response", "week")


class ResponderIndexSerializer(EvidenceSerializer):
    """A score of the IgG4-RD Responder Index at one week: of one organ, or with organ null the total."""

    organ = slug_of(null=True)

    class Meta:
        model = ResponderIndexScore
        fields = ("week", "organ", "version", "score", "symptomatic", "urgent", "damage", "as_reported")


class CaseSerializer(EvidenceSerializer):
    """One patient, seen from the therapy that the report is about."""

    study = slug_of()
    index_therapy = slug_of()
    age_over_89 = serializers.SerializerMethodField()
    organs = SlugList(source="case_organs", through="organ")
    comorbidities = serializers.SerializerMethodField()
    prior_therapies = serializers.SerializerMethodField()
    courses = CourseSerializer(many=True, read_only=True)
    measurements = MeasurementSerializer(many=True, read_only=True)
    organ_responses = OrganResponseSerializer(many=True, read_only=True)
    responder_index = ResponderIndexSerializer(many=True, read_only=True)
    adverse_events = serializers.SerializerMethodField()
    care = serializers.DictField(
        child=serializers.BooleanField(),
        help_text="Items of the CARE checklist that only a reader can judge, and whether the paper reports them; "
        "an item that nobody looked at is left out.",
    )
    basis = EffectiveBasis()
    read_at = EffectivePage()
    page = page_link()
    citation = PrimaryCitation(source="study.primary_citation")

    class Meta:
        model = Case
        fields = (
            "slug",
            "study",
            "index_therapy",
            "age_years",
            "age_over_89",
            "sex",
            "organs",
            "comorbidities",
            "prior_therapies",
            "courses",
            "measurements",
            "organ_responses",
            "responder_index",
            "response",
            "steroid_effect",
            "relapse",
            "relapse_week",
            "follow_up_weeks",
            "adverse_events",
            "acr_eular_2019",
            "acr_eular_2019_score",
            "care",
            "summary",
            "basis",
            "read_at",
            "locator",
            "page",
            "citation",
        )

    def get_age_over_89(self, case: Case) -> bool | None:
        """Whether age_years stands for any age above 89; null where no age is reported."""
        return None if case.age_years is None else case.age_years > OLDEST_AGE_SHOWN

    def get_comorbidities(self, case: Case) -> list[str] | None:
        """Diseases beside IgG4-RD; an empty list says there were none, null that the report does not say."""
        found = slugs(link.comorbidity for link in case.case_comorbidities.all())
        return found if found or case.comorbidities_stated else None

    def get_prior_therapies(self, case: Case) -> list[str] | None:
        """Therapies before the index therapy; an empty list says there were none, null that it is not said."""
        found = slugs(link.therapy for link in case.case_prior_therapies.all())
        return found if found or case.prior_therapies_stated else None

    def get_adverse_events(self, case: Case) -> list[str] | None:
        """Harms in words; an empty list says there were none, null that the report does not say."""
        found = [event.description for event in case.adverse_events.all()]
        return found if found or case.adverse_events_stated else None
