"""Results, contrasts, findings and syntheses as the API tells them: every figure with its source."""

from rest_framework import serializers

from evidence.api.serializers.sources import EffectiveBasis, EffectivePage, PrimaryCitation
from evidence.choices import Design, DesignClass
from evidence.models import Arm, Contrast, Finding, PublishedSynthesis, Result
from foundation.api.serializers import EvidenceSerializer, TextOrNull, slug_of, slugs

SOURCE_FIELDS = ("definition", "basis", "read_at", "locator", "derived", "note", "citation")


def therapies_of(arm: Arm) -> list[str]:
    """The slugs of what an arm was given, in the order of its regimen."""
    return slugs(part.therapy for part in arm.regimen.all())


class ReportedSerializer(EvidenceSerializer):
    """What a study reports, with where it was read. Rows of one study share its designs."""

    study = slug_of()
    design = serializers.ChoiceField(source="study.design", choices=Design.choices, read_only=True)
    design_class = serializers.ChoiceField(
        source="study.design_class",
        choices=DesignClass.choices,
        read_only=True,
        allow_null=True,
        help_text="The stratum it is pooled in; null for reviews and opinions, which are never pooled.",
    )
    outcome = slug_of()
    basis = EffectiveBasis()
    read_at = EffectivePage()
    citation = PrimaryCitation(source="study.primary_citation")


class ResultSerializer(ReportedSerializer):
    """One arm, one outcome, one time: events of total, or a quantity with its spread."""

    study = slug_of("arm.study")
    design = serializers.ChoiceField(source="arm.study.design", choices=Design.choices, read_only=True)
    design_class = serializers.ChoiceField(
        source="arm.study.design_class",
        choices=DesignClass.choices,
        read_only=True,
        allow_null=True,
        help_text="The stratum it is pooled in; null for reviews and opinions, which are never pooled.",
    )
    arm = slug_of()
    therapies = serializers.SerializerMethodField()
    therapies_tested = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(
        source="outcome.kind",
        choices=(("proportion", "Proportion"), ("quantity", "Quantity")),
        read_only=True,
    )
    unit = TextOrNull(source="outcome.unit", read_only=True, allow_null=True)
    organ = slug_of(null=True, help_text="Null: the patient as a whole.")
    citation = PrimaryCitation(source="arm.study.primary_citation")

    class Meta:
        model = Result
        fields = (
            "id",
            "study",
            "design",
            "design_class",
            "arm",
            "therapies",
            "therapies_tested",
            "outcome",
            "kind",
            "week",
            "events",
            "total",
            "value",
            "unit",
            "statistic",
            "spread",
            "low",
            "high",
            "sd",
            "n",
            "organ",
            "as_reported",
            *SOURCE_FIELDS,
        )

    def get_therapies(self, result: Result) -> list[str]:
        """What the arm was given."""
        return therapies_of(result.arm)

    def get_therapies_tested(self, result: Result) -> list[str]:
        """What the figure tells about: glucocorticoid beside another therapy is its background and left out."""
        return [therapy.slug for therapy in result.arm.therapies_tested]


class ContrastSerializer(ReportedSerializer):
    """A difference between two arms of a study, as the study reported it."""

    arm = slug_of()
    versus = slug_of()
    therapies = serializers.SerializerMethodField()
    versus_therapies = serializers.SerializerMethodField()

    class Meta:
        model = Contrast
        fields = (
            "id",
            "study",
            "design",
            "design_class",
            "outcome",
            "arm",
            "therapies",
            "versus",
            "versus_therapies",
            "week",
            "measure",
            "estimate",
            "low",
            "high",
            "p",
            *SOURCE_FIELDS,
        )

    def get_therapies(self, contrast: Contrast) -> list[str]:
        """What the arm was given."""
        return therapies_of(contrast.arm)

    def get_versus_therapies(self, contrast: Contrast) -> list[str]:
        """What the arm that it is set against was given."""
        return therapies_of(contrast.versus)


class FindingSerializer(ReportedSerializer):
    """What a study tells in words about a therapy and an outcome."""

    therapy = slug_of()

    class Meta:
        model = Finding
        fields = (
            "id",
            "study",
            "design",
            "design_class",
            "therapy",
            "outcome",
            "direction",
            "patients",
            "statement",
            *SOURCE_FIELDS,
        )


class SynthesisSerializer(ReportedSerializer):
    """A review's own pooled figure; never pooled again."""

    therapy = slug_of()
    versus = slug_of(null=True, help_text="Null: no comparator.")

    class Meta:
        model = PublishedSynthesis
        fields = (
            "id",
            "study",
            "design",
            "design_class",
            "therapy",
            "versus",
            "outcome",
            "measure",
            "estimate",
            "low",
            "high",
            "studies",
            "patients",
            *SOURCE_FIELDS,
        )
