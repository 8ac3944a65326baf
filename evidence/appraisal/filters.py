"""Filters of judgements, in the manner of evidence.filters."""

from evidence.appraisal.tools import tools
from evidence.choices import AppraisalTool, CertaintyLevel, Design
from evidence.filters import OfStudy, published_studies
from evidence.models import Appraisal, Certainty, Outcome
from foundation.filters import EvidenceFilterSet, ManySlugs, ManyWords
from therapies.models import Therapy


def overall_judgements() -> list[tuple[str, str]]:
    """What any tool may end in, each once."""
    known = {answer.slug: answer.label for tool in tools().values() for answer in tool.overall}
    return list(known.items())


class AppraisalFilterSet(OfStudy):
    """Appraisals by study, tool and overall judgement."""

    study = ManySlugs(queryset=published_studies, label="Study")
    tool = ManyWords(choices=AppraisalTool.choices, label="Tool")
    overall = ManyWords(choices=overall_judgements, label="Overall")
    design = ManyWords(field_name="study__design", choices=Design.choices, label="Design")

    class Meta:
        model = Appraisal
        fields: list[str] = []


class CertaintyFilterSet(EvidenceFilterSet):
    """Ratings of certainty by therapy, outcome and level."""

    therapy = ManySlugs(queryset=Therapy.objects.all(), label="Therapy")
    outcome = ManySlugs(queryset=Outcome.objects.all(), label="Outcome")
    level = ManyWords(choices=CertaintyLevel.choices, label="Level")

    class Meta:
        model = Certainty
        fields: list[str] = []
