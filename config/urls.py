"""The addresses of the Atlas, each app's under its own module. /healthz and /readyz are answered in config.health."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

APPS_WITH_PAGES = ("comparison", "therapies", "evidence", "literature")

admin.site.site_header = admin.site.site_title = "IgG4-RD Therapy Atlas"
admin.site.index_title = "The researchers' desk"


def _modules(suffix: str) -> list[str]:
    return [name for app in APPS_WITH_PAGES if find_spec(app) and find_spec_of(name := f"{app}.{suffix}")]


def find_spec_of(name: str) -> bool:
    """Whether the module exists; a missing parent package means no."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("config.api")),
    *(path("", include(module)) for module in _modules("urls")),
]
