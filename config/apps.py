"""The project as an app, so that its system checks and templates are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, addresses and checks; no models."""

    name = "config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        """Register the system checks."""
        from config import checks  # noqa: F401
