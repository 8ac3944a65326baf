"""Constraints and fields that several apps share."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q

# Far beyond any figure of medicine; PostgreSQL sorts NaN and infinity above every number, so this refuses both.
LARGEST_FIGURE = 1e12


def matches(field: str, pattern: str, name: str) -> models.CheckConstraint:
    """A text field holds nothing or text of one form."""
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": pattern}),
        name=name,
        violation_error_message=f"{field} is not of the form {pattern}",
    )


def slug_form(name: str) -> models.CheckConstraint:
    """A slug holds lower-case letters, digits, hyphens and underscores, and starts with a letter or digit."""
    return models.CheckConstraint(
        condition=Q(slug__regex=r"^[a-z0-9][a-z0-9_-]*$"),
        name=name,
        violation_error_message="A slug holds lower-case letters, digits, hyphens and underscores.",
    )


def finite(field: str, name: str) -> models.CheckConstraint:
    """A figure is absent or a number, not NaN and not infinite."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | Q(**{f"{field}__gt": -LARGEST_FIGURE, f"{field}__lt": LARGEST_FIGURE}),
        name=name,
        violation_error_message=f"{field} must be a finite number.",
    )


def bounds_around(field: str, name: str) -> models.CheckConstraint:
    """Low and high come together, in order, and the figure lies between them."""
    together = Q(low__isnull=True, high__isnull=True)
    ordered = Q(low__isnull=False, high__isnull=False, low__lte=F("high"))
    inside = Q(**{f"{field}__isnull": False, f"{field}__gte": F("low"), f"{field}__lte": F("high")})
    return models.CheckConstraint(
        condition=together | (ordered & inside),
        name=name,
        violation_error_message=f"low and high come together, and {field} lies between them.",
    )


def one_of(
    field: str, choices: type[models.TextChoices], name: str, optional: bool = False
) -> models.CheckConstraint:
    """A text field holds a value of its closed list."""
    allowed = [*choices.values, ""] if optional else list(choices.values)
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": allowed}),
        name=name,
        violation_error_message=f"{field} must be one of {', '.join(choices.values)}.",
    )


class SlugField(models.CharField):
    """A public id: unique, and of the form that slug_form() enforces."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("max_length", 120)
        kwargs.setdefault("unique", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """A plain CharField to migrations and history, where a left-out ``unique`` means not unique.

        As itself it would make the slugs of arms unique across studies, and each version of a row in a history
        table clash with the one before.
        """
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self) -> models.CharField:
        """The copy that migrations compare."""
        _, _, args, kwargs = self.deconstruct()
        return models.CharField(*args, **kwargs)


class Positioned(models.Model):
    """A row of an ordered list, such as the arms of a study in the order of the paper."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
