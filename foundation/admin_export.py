"""Export of what a list of the admin shows."""

from django.http import HttpRequest
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX


class Exportable(ExportMixin):
    """The list as CSV or XLSX, for those who may read it: the library alone would ask for no right at all."""

    export_formats = (CSV, XLSX)
    export_template_name = "admin/export.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever may see the list; the rows are those that get_queryset() gives."""
        return self.has_view_permission(request)  # type: ignore[attr-defined]
