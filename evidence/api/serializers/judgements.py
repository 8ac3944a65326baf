"""Judgements as the API tells them: risk of bias by study, certainty by therapy and outcome. Raters are never named."""

from rest_framework import serializers

from evidence.api.serializers.studies import AppraisalAnswerSerializer
from evidence.choices import Design
from evidence.models import Appraisal, Certainty
from foundation.api.serializers import EvidenceSerializer, slug_of


class ListedAppraisalSerializer(EvidenceSerializer):
    """One rater's judgement of a study's risk of bias by one tool."""

    study = slug_of()
    design = serializers.ChoiceField(source="study.design", choices=Design.choices, read_only=True)
    rater = serializers.IntegerField(
        source="rater_number",
        read_only=True,
        help_text="Its number among the raters of the study by the tool.",
    )
    answers = AppraisalAnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Appraisal
        fields = ("id", "study", "design", "tool", "rater", "overall", "rated_on", "comment", "answers")


class CertaintySerializer(EvidenceSerializer):
    """GRADE: how certain the evidence on a therapy and an outcome is, with the five reasons to rate down."""

    therapy = slug_of()
    outcome = slug_of()

    class Meta:
        model = Certainty
        fields = (
            "id",
            "therapy",
            "outcome",
            "level",
            "risk_of_bias",
            "inconsistency",
            "indirectness",
            "imprecision",
            "publication_bias",
            "reasons",
            "rated_on",
        )
