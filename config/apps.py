"""The project as an app, so that its system checks are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, addresses and checks; no models."""

    name = "config"
    verbose_name = "Configuration"
