"""Studies as the API tells them: a line of the list, and the whole aggregate."""

from itertools import chain
from typing import Any

from rest_framework import serializers

from evidence.api.serializers.cases import CaseSerializer
from evidence.api.serializers.reported import (
    ContrastSerializer,
    FindingSerializer,
    ResultSerializer,
    SynthesisSerializer,
)
from evidence.choices import CitationRole, DesignClass
from evidence.models import (
    Appraisal,
    AppraisalAnswer,
    Arm,
    Overlap,
    PublishedVersion,
    RegimenPart,
    Study,
    StudyCitation,
)
from foundation.api.serializers import EvidenceSerializer, SlugList, page_link, slug_of, slugs
from literature.api.serializers import CitationSerializer

STUDY_FIELDS = (
    "slug",
    "label",
    "design",
    "design_class",
    "ocebm_level",
    "phase",
    "registration",
    "countries",
    "centres",
    "enrolled",
    "organs",
    "therapies",
    "year",
    "follow_up_weeks",
    "criteria",
    "population",
    "summary",
    "basis",
    "read_at",
    "funding",
    "notes",
    "page",
    "citations",
)


class StudyCitationSerializer(CitationSerializer):
    """A publication on a study, and what it is to it."""

    role = serializers.ChoiceField(choices=CitationRole.choices, read_only=True)

    class Meta(CitationSerializer.Meta):
        fields = ("role", *CitationSerializer.Meta.fields)

    def to_representation(self, instance: StudyCitation) -> dict[str, Any]:
        """The role, then the citation's own fields."""
        plain = {
            name: field.to_representation(value)
            if (value := field.get_attribute(instance.citation)) is not None
            else None
            for name, field in self.fields.items()
            if name != "role"
        }
        return {"role": instance.role, **plain}


class StudySerializer(EvidenceSerializer):
    """What was done to whom, in how many, and where that was read."""

    design_class = serializers.ChoiceField(
        choices=DesignClass.choices,
        read_only=True,
        allow_null=True,
        help_text="The stratum it is pooled in; null for reviews and opinions, which are never pooled.",
    )
    ocebm_level = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Oxford CEBM 2011, by design alone; null for reviews."
    )
    organs = SlugList(
        source="study_organs",
        through="organ",
        help_text="Organs to which the study was confined; empty: not confined.",
    )
    therapies = serializers.SerializerMethodField()
    year = serializers.SerializerMethodField()
    page = page_link()
    citations = StudyCitationSerializer(source="study_citations", many=True, read_only=True)

    class Meta:
        model = Study
        fields = STUDY_FIELDS

    def get_therapies(self, study: Study) -> list[str]:
        """Therapies of its arms, cases, findings and syntheses, each once."""
        return slugs(
            chain(
                (part.therapy for arm in study.arms.all() for part in arm.regimen.all()),
                (case.index_therapy for case in study.cases.all()),
                (finding.therapy for finding in study.findings.all()),
                (synthesis.therapy for synthesis in study.syntheses.all()),
            )
        )

    def get_year(self, study: Study) -> int | None:
        """Of the primary citation; null where it is not known."""
        citation = study.primary_citation
        return citation.year if citation is not None else None


class RegimenPartSerializer(EvidenceSerializer):
    """One therapy as an arm was given it."""

    therapy = slug_of()

    class Meta:
        model = RegimenPart
        fields = ("therapy", "agent", "dose", "unit", "route", "schedule")


class ArmSerializer(EvidenceSerializer):
    """A group of a study's patients who were treated alike, with its results."""

    regimen = RegimenPartSerializer(many=True, read_only=True)
    baseline = serializers.SerializerMethodField()
    results = ResultSerializer(many=True, read_only=True)

    class Meta:
        model = Arm
        fields = ("slug", "label", "role", "n", "regimen", "background_glucocorticoid", "baseline", "results")

    def get_baseline(self, arm: Arm) -> dict[str, float]:
        """Figures at the start by name, as reported."""
        return {row.name: row.value for row in arm.baseline.all()}


class AppraisalAnswerSerializer(EvidenceSerializer):
    """The judgement on one domain."""

    class Meta:
        model = AppraisalAnswer
        fields = ("domain", "judgement", "reason")


class AppraisalSerializer(EvidenceSerializer):
    """One rater's judgement of a study's risk of bias."""

    answers = AppraisalAnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Appraisal
        fields = ("tool", "overall", "rated_on", "comment", "answers")


class OverlapSerializer(EvidenceSerializer):
    """Two studies that share patients, for certain or probably."""

    a = slug_of("study_a")
    b = slug_of("study_b")

    class Meta:
        model = Overlap
        fields = ("id", "a", "b", "certain", "why")


class SharedPatientsSerializer(serializers.Serializer):
    """Another study that shares patients with this one, for certain or probably."""

    study = serializers.CharField()
    label = serializers.CharField()
    certain = serializers.BooleanField()
    why = serializers.CharField()


class PublishedVersionSerializer(EvidenceSerializer):
    """A version of the study that anyone could read: since when, and why it was made."""

    class Meta:
        model = PublishedVersion
        fields = ("number", "published_at", "reason")


class StudyDetailSerializer(StudySerializer):
    """A study with everything in it."""

    arms = ArmSerializer(many=True, read_only=True)
    contrasts = ContrastSerializer(many=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)
    syntheses = SynthesisSerializer(many=True, read_only=True)
    cases = CaseSerializer(many=True, read_only=True)
    overlaps = serializers.SerializerMethodField()
    appraisals = AppraisalSerializer(many=True, read_only=True)
    versions = PublishedVersionSerializer(many=True, read_only=True, source="published_versions")

    class Meta:
        model = Study
        fields = (
            *STUDY_FIELDS,
            "arms",
            "contrasts",
            "findings",
            "syntheses",
            "cases",
            "overlaps",
            "appraisals",
            "versions",
        )

    def get_overlaps(self, study: Study) -> SharedPatientsSerializer(many=True):  # type: ignore[valid-type]
        """Published studies that share patients with it; the view prefetches the published pairs alone."""
        pairs = chain(
            ((pair.study_b, pair) for pair in study.overlaps_a.all()),
            ((pair.study_a, pair) for pair in study.overlaps_b.all()),
        )
        rows = [
            {"study": other.slug, "label": other.label, "certain": pair.certain, "why": pair.why}
            for other, pair in pairs
        ]
        return sorted(rows, key=lambda row: row["study"])  # type: ignore[return-value]
