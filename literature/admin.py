"""The admin of citations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.resources import ModelResource

from foundation.admin import RecordAdmin, reported
from foundation.admin_export import Exportable
from literature.admin_paste import PasteAdmin
from literature.models import Citation
from literature.services import save_citation


class CitationResource(ModelResource):
    """One line a citation."""

    class Meta:
        model = Citation
        exclude = ("id",)


@admin.register(Citation)
class CitationAdmin(PasteAdmin, Exportable, RecordAdmin):
    """A publication, added by paste or by hand; its slug and its Vancouver reference are made when it is saved."""

    resource_classes = (CitationResource,)
    list_display = ("label", "title", "journal", "year_or_none", "doi", "pmid", "retraction_status")
    list_filter = ("csl_type", "retraction_status", "authors_complete", "year")
    search_fields = ("title", "authors", "slug", "journal", "=doi", "=pmid", "=pmcid")
    search_help_text = "Words of the title, an author, the journal, a DOI, PMID or PMCID"
    ordering = ("slug",)
    readonly_fields = ("slug", "vancouver", "read_it")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "csl_type",
                    "title",
                    "authors",
                    "authors_complete",
                    "journal",
                    ("year", "year_inferred"),
                    ("volume", "issue", "pages"),
                ),
                "description": "Authors as printed, such as Carruthers MN, parted by commas.",
            },
        ),
        ("Identifiers", {"fields": (("doi", "pmid", "pmcid"), "url", "slug")}),
        ("Standing", {"fields": (("retraction_status", "retraction_checked_on"),)}),
        ("As it is cited", {"fields": ("vancouver", "read_it")}),
    )

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Authors in a box that shows more than three of them."""
        if db_field.name == "authors":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Citation, form: Any, change: bool) -> None:
        """By the one way in for citations."""
        save_citation(citation=obj)

    def view_on_site(self, obj: Citation) -> None:
        """A citation has no page of its own; it is read at its DOI."""

    @admin.display(description="year", ordering="year")
    def year_or_none(self, citation: Citation) -> Any:
        """The year, where one was seen."""
        return reported(citation.year)

    @admin.display(description="read it")
    def read_it(self, citation: Citation) -> SafeString | str:
        """A link to the paper."""
        if not citation.link:
            return reported(None)
        return format_html('<a href="{}" rel="noreferrer">{}</a>', citation.link, citation.link)
