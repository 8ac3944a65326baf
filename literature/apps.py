"""Django's entry for the literature app."""

from django.apps import AppConfig


class LiteratureConfig(AppConfig):
    """The literature app."""

    name = "literature"
    default_auto_field = "django.db.models.BigAutoField"
