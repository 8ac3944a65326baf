"""Django's entry for the therapies app."""

from django.apps import AppConfig


class TherapiesConfig(AppConfig):
    """The therapies app."""

    name = "therapies"
    default_auto_field = "django.db.models.BigAutoField"
