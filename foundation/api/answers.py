"""The JSON schema of an answer that is a tree of frozen dataclasses, for the OpenAPI document."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import TypeAdapter

SCHEMAS = "#/components/schemas/"
# Where the definitions travel until the document takes them among its own.
DEFINITIONS = "$defs"


def answer_schema(prefix: str, **parts: Any) -> dict[str, Any]:
    """An object with these parts, each of a type, and meta; nothing is left out where it is null.

    `prefix` goes before the names of the dataclasses, so that they do not meet those of the serializers.
    """
    properties: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    for name, kind in parts.items():
        schema = TypeAdapter(kind).json_schema(
            mode="serialization", ref_template=f"{SCHEMAS}{prefix}{{model}}"
        )
        found = schema.pop(DEFINITIONS, {})
        definitions.update({f"{prefix}{key}": _whole(value) for key, value in found.items()})
        properties[name] = _plain(schema)
    return {
        "type": "object",
        "required": [*parts, "meta"],
        "properties": {**properties, "meta": {"$ref": f"{SCHEMAS}Meta"}},
        DEFINITIONS: definitions,
    }


def body_schema(prefix: str, kind: Any) -> dict[str, Any]:
    """The schema of a body that is read into a record; `prefix` goes before the names of the records in it."""
    schema = TypeAdapter(kind).json_schema(mode="validation", ref_template=f"{SCHEMAS}{prefix}{{model}}")
    found = schema.pop(DEFINITIONS, {})
    definitions = {f"{prefix}{key}": _without(value, "title") for key, value in found.items()}
    return {**_without(schema, "title"), DEFINITIONS: definitions}


def definitions_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and schema of each dataclass in an answer: copies, which the document may change."""
    yield from deepcopy(dict(schema.get(DEFINITIONS, {}))).items()


def without_definitions(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The answer itself."""
    return deepcopy({key: value for key, value in schema.items() if key != DEFINITIONS})


def _whole(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An object of which every property is always there."""
    plain = _plain(schema)
    if "properties" in plain:
        plain["required"] = list(plain["properties"])
        plain["additionalProperties"] = False
    return plain


def _plain(value: Any) -> Any:
    """The schema without titles and defaults, which say nothing of an answer."""
    return _without(value, "title", "default")


def _without(value: Any, *words: str) -> Any:
    """The schema without these keywords; properties may bear their names."""
    if isinstance(value, Mapping):
        return {
            key: (
                {name: _without(each, *words) for name, each in part.items()}
                if key == "properties"
                else _without(part, *words)
            )
            for key, part in value.items()
            if key not in words
        }
    if isinstance(value, list):
        return [_without(each, *words) for each in value]
    return value
