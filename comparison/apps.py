"""Django's entry for the comparison app."""

from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    """The comparison app."""

    name = "comparison"
    default_auto_field = "django.db.models.BigAutoField"
