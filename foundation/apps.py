"""Django's entry for the foundation app."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The foundation app."""

    name = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
