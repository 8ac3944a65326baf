"""Type and need of each field of the data set, in the words of docs/data-dictionary.md, read off the records."""

from typing import Any

from pydantic import TypeAdapter

from evidence.dataset.schema_therapies import DataSet

REFERENCE = "{model}"
# Patterns that have a word of their own.
FORMS = {
    "^[a-z0-9][a-z0-9_-]*$": "slug",
    "^https?://": "address",
    "^[A-Z]{2}$": "two capitals (ISO 3166-1 alpha-2)",
    "^10\\.": "DOI",
    "^[1-9][0-9]*$": "PMID",
    "^PMC": "PMCID",
    "^(10\\.": "DOI or PMID",
    "^[0-9]{4}(-": "date, as exact as known: YYYY, YYYY-MM or YYYY-MM-DD",
    "^HGNC:": "HGNC id",
    "^[A-Z0-9]{6,10}$": "UniProt accession",
}
# A bound past this is that of a column and not of what is told.
NO_BOUND = 1e9
Row = tuple[str, str, str]


def records() -> dict[str, list[Row]]:
    """Field, type and need of each record that a set is made of, by the name of its class."""
    schema = TypeAdapter(DataSet).json_schema(ref_template=REFERENCE)
    return {name: _rows(part) for name, part in schema["$defs"].items()}


def _rows(record: dict[str, Any]) -> list[Row]:
    required = set(record.get("required", []))
    return [(name, kind(part), _need(name in required, part)) for name, part in record["properties"].items()]


def _need(required: bool, part: dict[str, Any]) -> str:
    nullable = any(each.get("type") == "null" for each in part.get("anyOf", []))
    if required:
        return "yes; `null` where not known" if nullable else "yes"
    default = part.get("default")
    if default in (None, [], {}):
        return "no"
    return f"no; `{str(default).lower() if isinstance(default, bool) else default}` without it"


def kind(part: dict[str, Any]) -> str:
    """The type of a field in words."""
    if "anyOf" in part:
        return " or ".join(kind(each) for each in part["anyOf"] if each.get("type") != "null")
    if "$ref" in part:
        return f"`{part['$ref']}`"
    if "enum" in part:
        return ", ".join(f"`{word}`" for word in part["enum"])
    return {
        "array": _list,
        "object": _mapping,
        "string": _text,
        "integer": lambda each: f"whole number{_range(each)}",
        "number": lambda each: f"number{_range(each)}",
        "boolean": lambda each: "true or false",
    }[part["type"]](part)


def _list(part: dict[str, Any]) -> str:
    least = " of one or more" if part.get("minItems") else ""
    return f"list{least}: {kind(part['items'])}"


def _mapping(part: dict[str, Any]) -> str:
    """Names to values; where names have a form it is the pattern of the properties."""
    named = part.get("propertyNames", {})
    values = part.get("additionalProperties") or next(iter(part["patternProperties"].values()))
    return f"mapping of {kind(named) if 'enum' in named else 'names'} to {kind(values)}"


def _text(part: dict[str, Any]) -> str:
    word = "text"
    for start, name in FORMS.items():
        if part.get("pattern", "").startswith(start):
            word = name
    longest = part.get("maxLength")
    return word if longest is None else f"{word}, up to {longest} characters"


def _range(part: dict[str, Any]) -> str:
    """The bounds that mean something; those of the database's columns do not."""
    bounds = {
        word: part[word]
        for word in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
        if word in part and abs(part[word]) < NO_BOUND
    }
    words = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "to below"}
    return "".join(f" {words[word]} {bound:g}" for word, bound in bounds.items())
