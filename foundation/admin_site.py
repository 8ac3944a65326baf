"""The researchers' desk: the admin site under the product's name."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver


class AtlasAdminSite(AdminSite):
    """The admin; a record's own admin links to its public page, so the redirect that skips permissions is gone."""

    site_header = "IgG4-RD Therapy Atlas"
    site_title = "IgG4-RD Therapy Atlas"
    index_title = "Researchers' desk"
    site_url = "/"

    # What people come for first; accounts and log-ins last.
    app_order = ("evidence", "therapies", "literature", "foundation", "auth", "axes")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The applications by use, not by alphabet."""
        apps = super().get_app_list(request, app_label)
        order = {label: rank for rank, label in enumerate(self.app_order)}
        return sorted(apps, key=lambda app: order.get(app["app_label"], len(order)))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The admin's addresses without `view_on_site`: it would tell the slug of any draft to anyone with a login."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]


class AtlasAdminConfig(AdminConfig):
    """Django's admin with this site in place of its own."""

    default_site = "foundation.admin_site.AtlasAdminSite"
