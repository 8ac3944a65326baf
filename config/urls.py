"""The addresses of the Atlas, each app's under its own module."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
