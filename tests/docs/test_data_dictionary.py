"""The data dictionary names every field of the records, as they are."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from evidence.choices import ResponderIndexVersion
from evidence.models import cases
from tests.docs.dictionary import kind, records

TEXT = (Path(settings.BASE_DIR) / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## [^\n]+ \(`(\w+)`\)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
TOLD = {name: ROW.findall(body) for name, body in SECTION.findall(TEXT)}


def test_every_record_has_its_section_and_every_section_its_record() -> None:
    assert set(TOLD) == set(records())


@pytest.mark.parametrize("record", sorted(records()))
def test_fields_types_and_needs_are_those_of_the_code(record: str) -> None:
    assert [row[:3] for row in TOLD[record]] == records()[record]


@pytest.mark.parametrize("record", sorted(records()))
def test_every_field_says_what_it_means(record: str) -> None:
    for field, _, _, meaning in TOLD[record]:
        assert meaning.strip(), field
        assert meaning.strip().endswith((".", "…")), field


def test_each_version_of_the_responder_index_is_told_with_its_range() -> None:
    told = dict(re.findall(r"^\| `(ri_\d+|not_reported)` \| [^|]+ \| (0 to \d)", TEXT, re.MULTILINE))
    highest = dict.fromkeys(ResponderIndexVersion.values, cases.RESPONDER_INDEX_HIGHEST)
    highest[ResponderIndexVersion.RI_2018] = cases.RESPONDER_INDEX_HIGHEST_2018
    assert told == {version: f"0 to {most}" for version, most in highest.items()}


def test_the_bounds_in_the_text_are_those_of_the_code() -> None:
    assert f"{cases.ACR_EULAR_HIGHEST} points at the most" in " ".join(TEXT.split())
    assert f"{cases.ACR_EULAR_THRESHOLD} points or more classify" in " ".join(TEXT.split())
    assert f"{cases.RESPONDER_INDEX_HIGHEST_TOTAL} at the most" in " ".join(TEXT.split())


def test_links_within_the_page_lead_somewhere() -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 101}, "whole number from 0 to 101"),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e9}, "number above 0"),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "true or false"),
        (
            {"type": "array", "minItems": 1, "items": {"$ref": "ArmRecord"}},
            "list of one or more: `ArmRecord`",
        ),
        ({"type": "string", "enum": ["met", "not_met"]}, "`met`, `not_met`"),
        ({"type": "string", "maxLength": 40}, "text, up to 40 characters"),
    ],
)
def test_types_are_put_into_words(schema: dict[str, object], words: str) -> None:
    assert kind(schema) == words
