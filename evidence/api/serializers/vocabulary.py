"""The vocabulary as the API tells it."""

from evidence.models import Analyte, Comorbidity, Organ, Outcome
from foundation.api.serializers import EvidenceSerializer


class OutcomeSerializer(EvidenceSerializer):
    """What a study counted or measured."""

    class Meta:
        model = Outcome
        fields = ("slug", "name", "domain", "kind", "unit", "better")


class OrganSerializer(EvidenceSerializer):
    """An organ or region that IgG4-RD affects."""

    class Meta:
        model = Organ
        fields = ("slug", "name")


class ComorbiditySerializer(EvidenceSerializer):
    """A disease beside IgG4-RD."""

    class Meta:
        model = Comorbidity
        fields = ("slug", "name")


class AnalyteSerializer(EvidenceSerializer):
    """What a measurement of a patient measures."""

    class Meta:
        model = Analyte
        fields = ("slug", "name", "unit", "upper_normal")
