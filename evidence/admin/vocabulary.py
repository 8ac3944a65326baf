"""The admin of the vocabulary that editors may extend."""

from django.contrib import admin

from evidence.models import Analyte, Comorbidity, Organ, Outcome
from foundation.admin import RecordAdmin


class TermAdmin(RecordAdmin):
    """A word of the vocabulary; its slug is a public id and is set once."""

    set_once = ("slug",)
    list_display = ("name", "slug", "position")
    search_fields = ("name", "slug")
    ordering = ("position", "slug")
    view_on_site = False


@admin.register(Outcome)
class OutcomeAdmin(TermAdmin):
    """Outcomes."""

    list_display = ("name", "slug", "domain", "kind", "unit", "better", "position")
    list_filter = ("domain", "kind", "better")


@admin.register(Organ)
class OrganAdmin(TermAdmin):
    """Organs."""


@admin.register(Comorbidity)
class ComorbidityAdmin(TermAdmin):
    """Comorbidities."""


@admin.register(Analyte)
class AnalyteAdmin(TermAdmin):
    """Analytes."""

    list_display = ("name", "slug", "unit", "upper_normal", "position")
