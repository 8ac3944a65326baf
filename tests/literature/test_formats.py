"""Citations in the formats of reference managers and journals."""

import re
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from hypothesis import given
from hypothesis import strategies as st

from literature import formats
from literature.choices import CitationType
from literature.models import Citation

CARRUTHERS: dict[str, Any] = {
    "slug": "10-1136-annrheumdis-2014-206605",
    "title": "Rituximab for IgG4-related disease: a prospective, open-label trial",
    "authors": ["Carruthers MN", "Topazian MD", "van den Elshout M"],
    "journal": "Annals of the Rheumatic Diseases",
    "year": 2015,
    "volume": "74",
    "issue": "6",
    "pages": "1171-1177",
    "doi": "10.1136/annrheumdis-2014-206605",
    "pmid": "25667206",
    "pmcid": "PMC5119524",
}


def citation(**changes: Any) -> Citation:
    return Citation(**{**CARRUTHERS, **changes})


def test_csl_json_holds_what_is_known() -> None:
    assert formats.csl_json(citation()) == {
        "id": "10-1136-annrheumdis-2014-206605",
        "type": "article-journal",
        "title": "Rituximab for IgG4-related disease: a prospective, open-label trial",
        "author": [
            {"family": "Carruthers", "given": "M. N."},
            {"family": "Topazian", "given": "M. D."},
            {"family": "Elshout", "given": "M.", "non-dropping-particle": "van den"},
        ],
        "container-title": "Annals of the Rheumatic Diseases",
        "issued": {"date-parts": [[2015]]},
        "volume": "74",
        "issue": "6",
        "page": "1171-1177",
        "DOI": "10.1136/annrheumdis-2014-206605",
        "PMID": "25667206",
        "PMCID": "PMC5119524",
    }


def test_csl_json_leaves_out_what_is_not_known() -> None:
    bare = Citation(slug="pmid-1", pmid="1")
    assert formats.csl_json(bare) == {"id": "pmid-1", "type": "article-journal", "PMID": "1"}


def test_csl_json_says_that_authors_are_missing() -> None:
    assert formats.csl_json(citation(authors_complete=False))["note"] == formats.INCOMPLETE_AUTHORS


SIX = ["Stone JH", "Khosroshahi A", "Zhang W", "Della Torre E", "Okazaki K", "Tanaka Y"]
VANCOUVER = {
    "whole": (
        {},
        "Carruthers MN, Topazian MD, van den Elshout M. Rituximab for IgG4-related disease: a prospective, "
        "open-label trial. Annals of the Rheumatic Diseases. 2015;74(6):1171–7. "
        "doi:10.1136/annrheumdis-2014-206605 PubMed PMID: 25667206; PubMed Central PMCID: PMC5119524.",
    ),
    "no authors": (
        {"authors": [], "title": "A letter", "doi": "", "pmid": "", "pmcid": ""},
        "A letter. Annals of the Rheumatic Diseases. 2015;74(6):1171–7.",
    ),
    "no year": (
        {"authors": ["Stone J"], "title": "A letter", "year": None, "doi": "", "pmid": "", "pmcid": ""},
        "Stone J. A letter. Annals of the Rheumatic Diseases. 74(6):1171–7.",
    ),
    "no title": (
        {"authors": ["Stone J"], "title": "", "doi": "", "pmid": "1", "pmcid": ""},
        "Stone J. Annals of the Rheumatic Diseases. 2015;74(6):1171–7. PubMed PMID: 1.",
    ),
    "authors cut short": (
        {"authors": ["Hong X"], "authors_complete": False, "title": "A letter", "doi": "", "pmcid": ""},
        "Hong X, et al. A letter. Annals of the Rheumatic Diseases. 2015;74(6):1171–7. PubMed PMID: 25667206.",
    ),
    "six authors": (
        {"authors": SIX, "title": "A letter", "doi": "", "pmid": "", "pmcid": ""},
        "Stone JH, Khosroshahi A, Zhang W, Della Torre E, Okazaki K, Tanaka Y. A letter. Annals of the "
        "Rheumatic Diseases. 2015;74(6):1171–7.",
    ),
    "six authors cut short": (
        {"authors": SIX, "authors_complete": False, "title": "A letter", "doi": "", "pmid": "", "pmcid": ""},
        "Stone JH, Khosroshahi A, Zhang W, Della Torre E, Okazaki K, Tanaka Y, et al. A letter. Annals of "
        "the Rheumatic Diseases. 2015;74(6):1171–7.",
    ),
    "a group": (
        {"authors": ["MITIGATE Trial Investigators"], "title": "A trial", "doi": "", "pmid": "", "pmcid": ""},
        "MITIGATE Trial Investigators. A trial. Annals of the Rheumatic Diseases. 2015;74(6):1171–7.",
    ),
}


@pytest.mark.parametrize(("changes", "reference"), VANCOUVER.values(), ids=VANCOUVER.keys())
def test_vancouver_reference(changes: dict[str, Any], reference: str) -> None:
    assert formats.vancouver(citation(**changes)) == reference


@pytest.mark.parametrize(
    ("known", "reference"),
    [({"doi": "10.1000/x"}, "doi:10.1000/x"), ({"pmid": "12345"}, "PubMed PMID: 12345.")],
)
def test_a_bare_identifier_is_a_vancouver_reference(known: dict[str, str], reference: str) -> None:
    assert formats.vancouver(Citation(slug="bare", **known)) == reference


def test_vancouver_writes_plain_text_without_markup() -> None:
    reference = formats.vancouver(citation(title="Eosinophils < 500 & IgG4 > 135"))
    assert "Eosinophils < 500 & IgG4 > 135." in reference


def test_every_type_of_citation_has_each_format() -> None:
    for csl_type in CitationType.values:
        one = citation(csl_type=csl_type)
        assert "Rituximab for IgG4-related disease" in formats.vancouver(one)
        assert rispy.loads(formats.ris([one]))[0]["title"] == CARRUTHERS["title"]
        assert len(bibtexparser.parse_string(formats.bibtex([one])).entries) == 1


def test_ris_reads_back_as_written() -> None:
    second = citation(
        slug="second", authors=["Massachusetts General Hospital"], pages="e003026", pmid="", pmcid=""
    )
    first_read, second_read = rispy.loads(formats.ris([citation(), second]))
    assert first_read == {
        "type_of_reference": "JOUR",
        "id": CARRUTHERS["slug"],
        "authors": ["Carruthers, M. N.", "Topazian, M. D.", "van den Elshout, M."],
        "title": CARRUTHERS["title"],
        "secondary_title": "Annals of the Rheumatic Diseases",
        "year": "2015",
        "volume": "74",
        "number": "6",
        "start_page": "1171",
        "end_page": "1177",
        "doi": CARRUTHERS["doi"],
        "accession_number": "25667206",
        "name_of_database": "PubMed",
        "custom2": "PMC5119524",
        "urls": ["https://doi.org/10.1136/annrheumdis-2014-206605"],
    }
    assert second_read["authors"] == ["Massachusetts General Hospital"]
    assert second_read["start_page"] == "e003026"
    assert "end_page" not in second_read


def test_a_line_break_in_a_title_starts_no_field_of_ris() -> None:
    (read,) = rispy.loads(formats.ris([citation(title="A title\nAU  - Intruder, I.")]))
    assert read["title"] == "A title AU - Intruder, I."
    assert "Intruder, I." not in read["authors"]


def read_bibtex(text: str) -> dict[str, Any]:
    library = bibtexparser.parse_string(
        text, append_middleware=[LatexDecodingMiddleware(), SeparateCoAuthors()]
    )
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"type": entry.entry_type, "key": entry.key, **{f.key: f.value for f in entry.fields}}


def test_bibtex_reads_back_as_written() -> None:
    read = read_bibtex(
        formats.bibtex(
            [citation(authors=["van Laar J", "INDIGO Trial Investigators"], authors_complete=False)]
        )
    )
    assert read["type"] == "article"
    assert read["key"] == CARRUTHERS["slug"]
    assert [name.strip("{}") for name in read["author"]] == [
        "van Laar, J.",
        "INDIGO Trial Investigators",
        "others",
    ]
    assert read["title"].strip("{}") == CARRUTHERS["title"]
    assert read["pages"] in ("1171--1177", "1171–1177")
    assert (read["year"], read["volume"], read["number"]) == ("2015", "74", "6")
    assert (read["doi"], read["pmid"]) == (CARRUTHERS["doi"], CARRUTHERS["pmid"])


TITLES = st.text(
    alphabet=st.characters(
        codec="latin-1", categories=["Lu", "Ll", "Nd", "Zs"], include_characters="{}\\%&$#_~^<>"
    ),
    min_size=1,
    max_size=60,
).filter(lambda title: title.split())


@given(title=TITLES)
def test_any_title_survives_ris_and_bibtex(title: str) -> None:
    plain = re.sub(r"\s+", " ", title).strip()
    (ris_read,) = rispy.loads(formats.ris([citation(title=title)]))
    assert ris_read["title"] == plain
    written = formats.bibtex([citation(title=title)])
    (entry,) = bibtexparser.parse_string(written).entries
    assert untex(entry.fields_dict["title"].value.removeprefix("{").removesuffix("}")) == plain


def untex(text: str) -> str:
    """An obvious reader of the escapes, one after the other."""
    words = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    return re.sub(
        r"\\text(\w+)\{\}|\\([&%$#_])", lambda found: words[found[1]] if found[1] else found[2], text
    )
