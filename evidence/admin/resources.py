"""What the lists of studies and cases export."""

from collections.abc import Callable, Sequence
from typing import Any

from import_export.fields import Field
from import_export.resources import ModelResource
from pydantic import ValidationError

from evidence.bulk.columns import CASES, RESULTS, Column
from evidence.dataset.snapshot import case_record, result_record
from evidence.models import Case, Result, Study


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


NOT_EXPORTED = "(not exported: open the record and save it, its faults are told there)"


def table_field(column: Column, record_of: Callable[[Any], Any], study_of: Callable[[Any], str]) -> Field:
    """A column of the table for import, so that an export can be filled further and brought back."""

    def cell(row: Any) -> str:
        if column.name == "study":
            return study_of(row)
        record = _record(row, record_of)
        if record is not None:
            return column.write(getattr(record, column.name))
        return (
            NOT_EXPORTED if column.name == "locator" else getattr(row, "slug", "") * (column.name == "slug")
        )

    return Field(column_name=column.name, dehydrate_method=cell)


def _record(row: Any, record_of: Callable[[Any], Any]) -> Any:
    """The row's record, made once for all its cells; None where a form of the desk let through what no record holds."""
    if not hasattr(row, "_record"):
        try:
            row._record = record_of(row)
        except ValidationError:
            row._record = None
    return row._record


class TableResource(ModelResource):
    """One line a row, in the columns of the table for import."""

    @classmethod
    def columns(
        cls, table: Sequence[Column], record_of: Callable[[Any], Any], study_of: Callable[[Any], str]
    ) -> dict[str, Field]:
        """The fields of a table, to be declared by a resource."""
        return {column.name: table_field(column, record_of, study_of) for column in table}

    def get_export_order(self) -> list[str]:
        """As the table has them."""
        return list(self.fields)


class CaseResource(TableResource):
    """One line a patient."""

    locals().update(TableResource.columns(CASES, case_record, lambda case: case.study.slug))

    class Meta:
        model = Case
        fields = tuple(column.name for column in CASES)

    def export(self, queryset=None, **kwargs):
        """The lines without a query a line."""
        return super().export(queryset.with_everything() if queryset is not None else None, **kwargs)


class ResultResource(TableResource):
    """One line a figure of an arm."""

    locals().update(
        TableResource.columns(
            RESULTS, lambda result: result_record(result, result.arm), lambda result: result.arm.study.slug
        )
    )

    class Meta:
        model = Result
        fields = tuple(column.name for column in RESULTS)

    def export(self, queryset=None, **kwargs):
        """The lines without a query a line."""
        rows = queryset.select_related("arm__study", "outcome", "organ") if queryset is not None else None
        return super().export(rows, **kwargs)
