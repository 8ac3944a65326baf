"""The addresses of the Atlas, each app's under its own module. /healthz and /readyz are answered in config.health."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("config.api")),
    path("", include("comparison.urls")),
]
