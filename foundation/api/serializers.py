"""Serializers of the read API: every field read-only, and what is not reported is null, never an empty text."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, Model
from rest_framework import serializers

LINK_HELP = "Its page on this site."


class TextOrNull(serializers.CharField):
    """A text that the database keeps empty where nothing was reported."""

    def to_representation(self, value: Any) -> str | None:
        """The text, or null."""
        return None if value in ("", None) else str(value)


class ChoiceOrNull(serializers.ChoiceField):
    """A word of a closed list, or null where nothing was reported."""

    def to_representation(self, value: Any) -> str | None:
        """The word, or null."""
        return None if value in ("", None) else str(value)


class SlugList(serializers.ListField):
    """The slugs of the records that a list of links leads to, in its order; the links are prefetched."""

    child = serializers.CharField()

    def __init__(self, *, through: str, **kwargs: Any) -> None:
        self.through = through
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, data: Any) -> list[str]:
        """The slugs."""
        return [getattr(link, self.through).slug for link in data.all()]


class EvidenceSerializer(serializers.ModelSerializer):
    """A record's fields, read-only. A subclass names model and fields."""

    def get_extra_kwargs(self) -> dict[str, dict[str, Any]]:
        """Read-only throughout: there is no way in here."""
        declared = self._declared_fields
        return {name: {"read_only": True} for name in self.Meta.fields if name not in declared}

    def get_uniqueness_extra_kwargs(self, field_names: Any, declared_fields: Any, extra_kwargs: Any) -> Any:
        """None: nothing is written, so nothing can be written twice."""
        return extra_kwargs, {}

    def build_standard_field(self, field_name: str, model_field: Field) -> tuple[Any, dict[str, Any]]:
        """A text that may be empty becomes one that may be null."""
        field_class, options = super().build_standard_field(field_name, model_field)
        if not model_field.blank or not issubclass(
            field_class, serializers.CharField | serializers.ChoiceField
        ):
            return field_class, options
        kept = {name: value for name, value in options.items() if name in ("help_text", "choices")}
        replacement = ChoiceOrNull if "choices" in kept else TextOrNull
        return replacement, {**kept, "allow_null": True}


def slug_of(
    source: str | None = None, *, null: bool = False, help_text: str = ""
) -> serializers.SlugRelatedField:
    """A field that names another record by its slug."""
    options = {"source": source} if source else {}
    return serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=null, help_text=help_text or None, **options
    )


def page_link() -> serializers.CharField:
    """A field with the address of a record's page."""
    return serializers.CharField(source="get_absolute_url", read_only=True, help_text=LINK_HELP)


def unique(names: Iterable[str]) -> list[str]:
    """Names in order, each once."""
    return list(dict.fromkeys(names))


def slugs(records: Iterable[Model]) -> list[str]:
    """The slugs of records in order, each once."""
    return unique(record.slug for record in records)
