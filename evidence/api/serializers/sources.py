"""Where a row was read: its own basis and page, or else its study's."""

from typing import Any

from rest_framework import serializers

from evidence.choices import Basis
from evidence.models import Case, Contrast, Finding, PublishedSynthesis, Result, Study
from literature.api.serializers import CitationBriefSerializer

ReportedRow = Result | Contrast | Finding | PublishedSynthesis | Case


def study_of(row: ReportedRow) -> Study:
    """The study that a row belongs to."""
    return row.arm.study if isinstance(row, Result) else row.study


class EffectiveBasis(serializers.ChoiceField):
    """What was read for a row."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(source="*", choices=Basis.choices, read_only=True)
        super().__init__(help_text="What was read: the row's own basis, or else its study's.", **kwargs)

    def to_representation(self, value: ReportedRow) -> str:
        """The row's own word, or else its study's."""
        return str(value.basis or study_of(value).basis)


class EffectivePage(serializers.URLField):
    """The page that a row was read at."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(source="*", read_only=True)
        super().__init__(help_text="The page's address: the row's own, or else its study's.", **kwargs)

    def to_representation(self, value: ReportedRow) -> str:
        """The row's own address, or else its study's."""
        return str(value.read_at or study_of(value).read_at)


class PrimaryCitation(CitationBriefSerializer):
    """The report that a row's study is counted by; null where the study has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("read_only", True)
        kwargs.setdefault("allow_null", True)
        super().__init__(*args, **kwargs)
