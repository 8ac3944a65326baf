"""CSL-JSON, as services and reference managers write it, turned into a citation: the inverse of formats.csl_json."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from literature.choices import CitationType
from literature.formats import INCOMPLETE_AUTHORS
from literature.models import Citation
from literature.names import printed

Item = Mapping[str, Any]

# CSL's own types, and those that Crossref's and DataCite's services let through.
CSL_TYPES: dict[str, str] = {
    **{value: value for value in CitationType.values},
    "journal-article": CitationType.ARTICLE_JOURNAL,
    "article-magazine": CitationType.ARTICLE_NEWSPAPER,
    "proceedings-article": CitationType.PAPER_CONFERENCE,
    "speech": CitationType.PAPER_CONFERENCE,
    "event": CitationType.PAPER_CONFERENCE,
    "posted-content": CitationType.ARTICLE,
    "preprint": CitationType.ARTICLE,
    "manuscript": CitationType.ARTICLE,
    "book-chapter": CitationType.CHAPTER,
    "book-section": CitationType.CHAPTER,
    "entry-encyclopedia": CitationType.CHAPTER,
    "monograph": CitationType.BOOK,
    "edited-book": CitationType.BOOK,
    "reference-book": CitationType.BOOK,
    "dissertation": CitationType.THESIS,
    "post": CitationType.WEBPAGE,
    "post-weblog": CitationType.WEBPAGE,
    "component": CitationType.DATASET,
}
# The markup that CSL allows in a title, and what JATS and MathML leave in one.
_TAG = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|sc|scp|u|span|italic|bold|underline|br|p|(?:jats|mml):[\w-]+)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"<(?:br|/p|jats:break)\s*/?>", re.IGNORECASE)
# What publishers deposit before an issue has pages: Wiley "n/a-n/a", Wolters Kluwer "Publish Ahead of Print".
_NOT_YET = frozenset(
    {
        "-",
        "n/a",
        "n/a-n/a",
        "na",
        "none",
        "null",
        "undefined",
        "advance online publication",
        "ahead of print",
        "early view",
        "epub ahead of print",
        "forthcoming",
        "in press",
        "online ahead of print",
        "online first",
        "publish ahead of print",
        "published online ahead of print",
    }
)
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
# Only with its semicolon: "&copy=2" in an address and "R&D" in a title are themselves.
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_ET_AL = re.compile(r"(?:et\s+al\.?|others|and others)", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)+", re.IGNORECASE)
_LINK_HOSTS = re.compile(
    r"^https?://(?:(?:dx\.)?doi\.org/|pubmed\.ncbi\.nlm\.nih\.gov/|pmc\.ncbi\.nlm\.nih\.gov/articles/"
    r"|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:pubmed|pmc)/)",
    re.IGNORECASE,
)


def from_csl(item: Item) -> Citation:
    """An unsaved citation of a CSL-JSON item.

    A field that the item lacks stays empty, and one that cannot be right stays as it was written: validation names it,
    and a person can mend it. Titles lose markup, entities and the full stop that PubMed ends them with; pages are
    written in full. The item's id is its program's own and makes no slug.
    """
    doi = clean_doi(_text(item.get("DOI")))
    authors, complete = _authors(item)
    return Citation(
        csl_type=_type_of(item),
        title=_title(item),
        authors=authors,
        authors_complete=complete,
        journal=_text(item.get("container-title")),
        year=_year(item),
        volume=_placed(item.get("volume")),
        issue=_placed(item.get("issue")),
        pages=_pages(item, doi),
        doi=doi,
        pmid=re.sub(r"^PMID:?\s*", "", _text(item.get("PMID")), flags=re.IGNORECASE),
        pmcid=clean_pmcid(_text(item.get("PMCID"))),
        url=_own_address(item, doi),
    )


def clean_text(value: str) -> str:
    """One line without markup and entities; publishers escape some of theirs twice."""
    for _ in range(3):
        unescaped = _ENTITY.sub(lambda entity: html.unescape(entity[0]), value)
        if unescaped == value:
            break
        value = unescaped
    value = _TAG.sub("", _BLOCK_TAG.sub(" ", value))
    return " ".join(value.replace("\u00ad", "").split())


def clean_doi(value: str) -> str:
    """A DOI in lower case, without resolver or "doi:" before it."""
    return _DOI_PREFIX.sub("", value).strip().lower()


def clean_pmcid(value: str) -> str:
    """ "PMC5119524", with the letters that some programs leave out; without the version some append."""
    number = re.fullmatch(r"(?:PMCID:?\s*)?(?:PMC)?\s*([0-9]+)(?:\.[0-9]+)?", value, re.IGNORECASE)
    return f"PMC{number[1]}" if number else value


def full_pages(pages: str) -> str:
    """ "1171-7" is "1171-1177": a last page that is shorter than the first leaves out what they share."""
    pages = _DASHES.sub("-", pages)
    found = re.fullmatch(r"([a-zA-Z]*)([0-9]+)-([a-zA-Z]*)([0-9]+)", pages)
    if found is None or len(found[4]) >= len(found[2]) or found[3] not in ("", found[1]):
        return pages
    return f"{found[1]}{found[2]}-{found[1]}{found[2][: -len(found[4])]}{found[4]}"


def _text(value: Any) -> str:
    """A value of an item on one line; Crossref gives some fields as lists."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = next((one for one in value if one), "")
    return (
        clean_text(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    )


def _title(item: Item) -> str:
    title = _text(item.get("title"))
    last_word = title.rpartition(" ")[2]
    # PubMed's full stop; that of an ellipsis or of "U.S." is the title's own.
    return title[:-1] if last_word.endswith(".") and "." not in last_word[:-1] else title


def _type_of(item: Item) -> str:
    known = CSL_TYPES.get(_text(item.get("type")).lower())
    if known is not None:
        return known
    return CitationType.ARTICLE_JOURNAL if item.get("container-title") else CitationType.REPORT


def _authors(item: Item) -> tuple[list[str], bool]:
    """The names as printed, and whether the source calls its list complete."""
    names = item.get("author")
    if not isinstance(names, Sequence) or isinstance(names, str):
        return [], True
    told = [_name(name) for name in names]
    authors = [name for name in told if name and not _ET_AL.fullmatch(name)]
    cut_short = any(_ET_AL.fullmatch(name) for name in told)
    return authors, not (cut_short or INCOMPLETE_AUTHORS in _text(item.get("note")))


def _name(name: Any) -> str:
    if isinstance(name, str):
        return clean_text(name)
    if not isinstance(name, Mapping):
        return ""
    return printed({key: clean_text(part) for key, part in name.items() if isinstance(part, str)})


def _year(item: Item) -> int | None:
    """The year of the issue, where it has one; else that of first publication."""
    fields = ["issued", "published", "published-online"]
    if item.get("volume") and item.get("published-print"):
        # Crossref's `issued` is the earliest date, which may be that of the preview a year before.
        fields.insert(0, "published-print")
    for field in fields:
        year = _year_of(item.get(field))
        if year is not None:
            return year
    return None


def _year_of(date: Any) -> int | None:
    if isinstance(date, Mapping):
        date = _first_of(_first_of(date.get("date-parts"))) or date.get("raw") or date.get("literal")
    found = re.search(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", str(date)) if date else None
    return int(found[0]) if found else None


def _first_of(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else None


def _placed(value: Any) -> str:
    """A volume or issue; "Publish Ahead of Print" is none."""
    text = _text(value)
    return "" if _is_not_yet(text) else text


def _is_not_yet(text: str) -> bool:
    return text.lower().rstrip(".") in _NOT_YET


def _pages(item: Item, doi: str) -> str:
    pages = full_pages(_text(item.get("page")) or _text(item.get("article-number")))
    # Some publishers deposit the end of the DOI as the page of an article that has none yet.
    if _is_not_yet(pages) or (doi and pages.lower() == doi.partition("/")[2]):
        return ""
    return pages


def _own_address(item: Item, doi: str) -> str:
    """The page's address, unless it only says the DOI, PMID or PMCID again."""
    address = str(item.get("URL") or "").strip()
    identified = doi or item.get("PMID") or item.get("PMCID")
    return "" if identified and _LINK_HOSTS.match(address) else address
