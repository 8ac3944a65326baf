"""The OpenAPI document: what the library cannot know of our answers is told here, once for all endpoints."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from foundation.api import faults, problems
from foundation.api.answers import definitions_of, without_definitions
from foundation.api.meta import MetaSerializer

PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
CSV_SCHEMA = {
    "type": "string",
    "description": "RFC 4180, UTF-8; a header row, then one row a record, all records.",
}

FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong with one query parameter.",
    "required": ["parameter", "detail"],
    "properties": {
        "parameter": {"type": "string"},
        "detail": {"type": "string"},
        "value": {"type": "string", "description": "The value refused, cut where long."},
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "All that would have been accepted.",
        },
        "suggestion": {"type": "string", "description": "The nearest parameter or value that exists."},
    },
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. Every error of this API has this shape.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "A stable identifier of the kind of problem; about:blank says no more than the status.",
            "examples": [
                faults.UNKNOWN_PARAMETER,
                faults.INVALID_PARAMETER,
                faults.UNUSABLE_BODY,
                faults.GENERIC,
            ],
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
UNKNOWN_PARAMETER_EXAMPLE = {
    "type": faults.UNKNOWN_PARAMETER,
    "title": "Unknown query parameter",
    "status": 400,
    "detail": "'desing' is not a parameter of this address; did you mean design?",
    "instance": "/api/v1/studies/",
    "errors": [
        {
            "parameter": "desing",
            "detail": "'desing' is not a parameter of this address; did you mean design?",
            "allowed": ["design", "therapy", "cursor", "page_size", "format"],
            "suggestion": "design",
        }
    ],
}
ERRORS = {
    "400": "A query parameter is unknown, repeated, empty or out of range; all faults are told.",
    "404": "Nothing public is found at this address.",
    "406": "None of the media types in Accept is on offer.",
    "429": "Too many requests from this address; Retry-After says how many seconds to wait.",
    "500": "Something went wrong here.",
}
BODY_ERRORS = {
    "400": "The body is no JSON object, or a query parameter is unknown.",
    "413": "The body is too large.",
    "415": "The body is said to be something else than JSON.",
}
MOVED = {
    "description": "The slug was retired: Location leads to the record's new address.",
    "headers": {"Location": {"schema": {"type": "string", "format": "uri"}, "required": True}},
}
NOT_MODIFIED = {
    "description": "The client's copy, named in If-None-Match, is current.",
    "headers": {"ETag": {"schema": {"type": "string"}, "required": True}},
}
SUCCESS_HEADERS = {
    "ETag": {
        "description": "Strong; changes with the evidence, the release, the format and the encoding.",
        "schema": {"type": "string"},
        "required": True,
    },
    "Cache-Control": {"schema": {"type": "string"}, "required": True},
}
UNKEPT_HEADERS = {
    "Cache-Control": {"description": "no-store", "schema": {"type": "string"}, "required": True},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETag of the copy that the client holds: 304 while it is current.",
    "schema": {"type": "string"},
}


def query_parameter(name: str, repeatable: bool, text: str | None) -> OpenApiParameter:
    """A parameter as a view without filter set names it."""
    return OpenApiParameter(
        name, str, OpenApiParameter.QUERY, description=text or "", many=repeatable, explode=repeatable or None
    )


class EvidenceSchema(AutoSchema):
    """Adds to each operation: errors as problems, caching headers, the format parameter, CSV as text."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation as the library sees it, completed."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        self._register("Problem", PROBLEM_SCHEMA)
        self._register("Fault", FAULT_SCHEMA)
        reads_body = self.view.reads_body
        operation["parameters"] = [*operation.get("parameters", []), self._format_parameter()]
        responses = operation["responses"]
        success = responses["200"]
        if reads_body:
            success["headers"] = {**success.get("headers", {}), **UNKEPT_HEADERS}
        else:
            operation["parameters"].append(IF_NONE_MATCH)
            success["headers"] = {**success.get("headers", {}), **SUCCESS_HEADERS}
            responses["304"] = NOT_MODIFIED
        success["description"] = success.get("description") or self.success_description()
        if "text/csv" in success.get("content", {}):
            success["content"]["text/csv"] = {"schema": CSV_SCHEMA}
            success["headers"]["Content-Disposition"] = {"schema": {"type": "string"}}
        if "{slug}" in self.path:
            responses["301"] = MOVED
        errors = {**ERRORS, **BODY_ERRORS} if reads_body else ERRORS
        for status, description in errors.items():
            if status != "404" or "{" in self.path:
                responses[status] = self._problem(status, description)
        return operation

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        """Slugs and numbers, with what they are."""
        parameters = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            words = (
                "The record's slug; a retired one leads on."
                if parameter["name"] == "slug"
                else "The record's number."
            )
            parameter["description"] = words
        return parameters

    def get_response_serializers(self) -> Any:
        """A view without serializer describes its answer itself, or is an object with meta."""
        if getattr(self.view, "get_serializer", None) or not hasattr(self.view, "answer_schema"):
            return super().get_response_serializers()
        self.resolve_serializer(MetaSerializer, "response")
        for name, schema in definitions_of(self.view.answer_schema):
            self._register(name, schema)
        return {200: without_definitions(self.view.answer_schema)}

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        """What an address that reads a body says of it."""
        if not self.view.reads_body:
            return super()._get_request_body(direction)
        for name, schema in definitions_of(self.view.body_schema):
            self._register(name, schema)
        return {
            "description": self.view.body_text,
            "required": True,
            "content": {"application/json": {"schema": without_definitions(self.view.body_schema)}},
        }

    def get_override_parameters(self) -> list[Any]:
        """The query parameters that a view without filter set names."""
        stated = super().get_override_parameters()
        if getattr(self.view, "get_serializer", None):
            return stated
        many, texts = self.view.get_repeatable(), self.view.parameter_texts
        return [
            *stated,
            *(query_parameter(name, name in many, texts.get(name)) for name in self.view.get_parameters()),
        ]

    def get_summary(self) -> str:
        """What the address is about: the first sentence of the view."""
        return (self.view.__doc__ or "").strip().split("\n")[0]

    def success_description(self) -> str:
        """What a 200 holds."""
        return "One record." if "{" in self.path else "The answer."

    def _problem(self, status: str, description: str) -> dict[str, Any]:
        media: dict[str, Any] = {"schema": PROBLEM_REFERENCE}
        if status == "400" and "{" not in self.path and not self.view.reads_body:
            media["examples"] = {"unknown_parameter": {"value": UNKNOWN_PARAMETER_EXAMPLE}}
        answer: dict[str, Any] = {"description": description, "content": {problems.CONTENT_TYPE: media}}
        if status == "429":
            answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
        return answer

    def _format_parameter(self) -> dict[str, Any]:
        formats = [renderer.format for renderer in self.view.get_renderers()]
        return {
            "name": "format",
            "in": "query",
            "required": False,
            "description": "Wins over the Accept header.",
            "schema": {"type": "string", "enum": formats, "default": formats[0]},
        }

    def _get_format_parameters(self) -> list[dict[str, Any]]:
        """None from the library: ours is added to every operation."""
        return []

    def get_auth(self) -> list[dict[str, Any]]:
        """None is needed."""
        return []

    def get_tags(self) -> list[str]:
        """The endpoint's name."""
        return [self._tokenize_path()[0]] if self._tokenize_path() else ["root"]

    def _register(self, name: str, schema: dict[str, Any]) -> None:
        component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name)
        self.registry.register_on_missing(component)
