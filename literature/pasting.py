"""What a researcher pastes, recognised: an identifier, an address, or records of a reference manager.

Pure: nothing is looked up. One paste may hold several records, or several identifiers: each is a paper. A DOI, a PMID
and a PMCID that stand together are one paper.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from literature.csl import clean_doi, from_csl
from literature.models import Citation
from literature.readers import Item, Unreadable, read_bibtex, read_csl_json, read_nbib, read_ris

# Above it no record of one paper lies; a library of thousands belongs into the import of citations.
LONGEST_PASTE = 1_000_000  # characters
# No DOI and no address of a paper comes near; what is longer is neither, and would take long to trim.
LONGEST_DOI = 300
LONGEST_ADDRESS = 2_000


class Kind(StrEnum):
    """What a paste is."""

    DOI = "DOI"
    PMID = "PMID"
    PMCID = "PMCID"
    RIS = "RIS"
    BIBTEX = "BibTeX"
    NBIB = "NBIB"
    CSL_JSON = "CSL-JSON"


IDENTIFIERS = (Kind.DOI, Kind.PMID, Kind.PMCID)
READERS: dict[Kind, Callable[[str], list[Item]]] = {
    Kind.RIS: read_ris,
    Kind.BIBTEX: read_bibtex,
    Kind.NBIB: read_nbib,
    Kind.CSL_JSON: read_csl_json,
}
WHAT_WOULD_BE_RIGHT = (
    "Paste a DOI (10.1136/annrheumdis-2014-206605), a PMID (PMID: 25667206), a PMCID (PMC5119524), the address of the"
    " paper at its DOI, PubMed or PubMed Central, or a record as RIS, BibTeX, NBIB or CSL-JSON."
)


@dataclass(frozen=True)
class Recognised:
    """One paper's identifier, or the text of its records; `also` holds further identifiers of the same paper."""

    kind: Kind
    value: str
    also: tuple[tuple[Kind, str], ...] = ()

    @property
    def is_identifier(self) -> bool:
        """Whether it must be looked up, rather than read."""
        return self.kind in IDENTIFIERS

    def __str__(self) -> str:
        return f"{self.kind} {self.value}" if self.is_identifier else f"{self.kind} record"


def recognise(text: str) -> Recognised:
    """What the paste is; of several identifiers the first. Raises Unreadable with a fault in words."""
    return recognise_all(text)[0]


def recognise_all(text: str) -> tuple[Recognised, ...]:
    """Every paper that the paste names by an identifier, once each; records are one piece."""
    text = text.strip().strip("\ufeff\u200b").strip()
    if not text:
        raise Unreadable(f"The box is empty. {WHAT_WOULD_BE_RIGHT}")
    if len(text) > LONGEST_PASTE:
        raise Unreadable(
            f"This is {len(text):,} characters long; {LONGEST_PASTE:,} are read at most. Paste fewer records."
        )
    kind = _kind_of_records(text)
    if kind is not None:
        return (Recognised(kind, text),)
    is_list = any(map(_BARE_PMID.fullmatch, text.splitlines()))
    whole = {} if is_list else _identifiers(text)
    # A reference may run over several lines; one identifier of each kind is one paper.
    if whole and all(len(values) == 1 for values in whole.values()):
        return (_one_paper({kind: values[0] for kind, values in whole.items()}),)
    papers: dict[tuple[Kind, str], Recognised] = {}
    for line in text.splitlines():
        for paper in _papers_of(_identifiers(line)):
            papers.setdefault((paper.kind, paper.value), paper)
    if papers:
        return tuple(papers.values())
    raise Unreadable(_why_not(text))


def read_citations(text: str) -> tuple[Citation, ...]:
    """Unsaved citations of every record pasted; a bare identifier gives a citation that holds it alone.

    Nothing is looked up. Raises Unreadable with the faults in words.
    """
    found: list[Citation] = []
    for piece in recognise_all(text):
        found += citations_of(piece)
    return tuple(found)


def citations_of(piece: Recognised) -> list[Citation]:
    """The unsaved citations of one recognised piece, not looked up."""
    if piece.is_identifier:
        return [identified(piece)]
    return [from_csl(item) for item in READERS[piece.kind](piece.value)]


def identified(piece: Recognised) -> Citation:
    """An unsaved citation that holds the identifiers alone."""
    return Citation(**{kind.lower(): value for kind, value in ((piece.kind, piece.value), *piece.also)})


# ── Records ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _kind_of_records(text: str) -> Kind | None:
    if text[0] in "{[" and re.match(r"[\[{]\s*(?:[\[{\"\]}]|$)", text):
        return Kind.CSL_JSON
    if re.search(r"^\s*@[A-Za-z]+\s*[{(]", text, re.MULTILINE):
        return Kind.BIBTEX
    if re.search(r"^\s*TY\s{1,2}-", text, re.MULTILINE):
        return Kind.RIS
    if re.search(r"^(?:PMID|OWN|STAT|FAU|PMC) *- ", text, re.MULTILINE):
        return Kind.NBIB
    return None


# ── Identifiers ──────────────────────────────────────────────────────────────────────────────────────────────────

_DOI = re.compile(r"(?<![\w.])10\.[0-9]{4,9}/[^\s\"<>\u201c\u201d\u00ab\u00bb]+", re.IGNORECASE)
# Old DOIs hold angle brackets: "10.1002/1529-0131(200105)44:5<1021::AID-ANR186>3.0.CO;2-X".
_WHOLE_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_PMID = re.compile(
    r"\b(?:PMID|PubMed(?:\s+(?:PMID|ID|identifier))?)\s*[:#=]?\s*([1-9][0-9]{0,7})(?![\w.]*[0-9/])",
    re.IGNORECASE,
)
_PMCID = re.compile(r"\bPMC\s?([1-9][0-9]{2,8})(?:\.[0-9]+)?\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"\u201c\u201d]+|\b(?:dx\.)?doi\.org/[^\s<>\"]+", re.IGNORECASE
)
_BARE_PMID = re.compile(r"\s*[1-9][0-9]{0,7}[.,;]?\s*")
# What publishers append to the DOI in the address of a page.
_AFTER_DOI = re.compile(
    r"(?:/(?:full(?:text|/html|/pdf)?|abstract|abs|e?pdf(?:direct)?|html?|meta|xml|epub|suppl(?:_file|info)?|references"
    r"|tables?|figures?|fulltext\.html))$|\.(?:pdf|full(?:\.pdf)?|abstract|html?|xml|short|long)$",
    re.IGNORECASE,
)
_PUBMED_PATHS = (
    (
        re.compile(r"^(?:www\.|m\.)?ncbi\.nlm\.nih\.gov$"),
        re.compile(r"^/(?:m/)?pubmed/(?:\?term=)?([1-9][0-9]{0,7})\b"),
    ),
    (re.compile(r"^pubmed\.ncbi\.nlm\.nih\.gov$|^pubmed\.gov$"), re.compile(r"^/([1-9][0-9]{0,7})\b")),
    (
        re.compile(r"^(?:www\.)?europepmc\.org$"),
        re.compile(r"^/(?:article|abstract)/med/([1-9][0-9]{0,7})\b", re.IGNORECASE),
    ),
)


def _identifiers(text: str) -> dict[Kind, list[str]]:
    """The identifiers of each kind in a text, in order and once each."""
    found: dict[Kind, dict[str, None]] = {}

    def add(kind: Kind, value: str) -> None:
        found.setdefault(kind, {})[value] = None

    if _BARE_PMID.fullmatch(text):
        add(Kind.PMID, re.sub(r"\D", "", text))
        return _listed(found)
    if len(text) <= LONGEST_DOI and not _ADDRESS.search(text) and _WHOLE_DOI.fullmatch(clean_doi(text)):
        add(Kind.DOI, clean_doi(_without_tail(text)))
        return _listed(found)
    for address in filter(_is_short(LONGEST_ADDRESS), _ADDRESS.findall(text)):
        for kind, value in _in_address(address):
            add(kind, value)
    rest = _ADDRESS.sub(" ", text)
    for doi in filter(_is_short(LONGEST_DOI), _DOI.findall(rest)):
        add(Kind.DOI, clean_doi(_without_tail(doi)))
    for pmid in _PMID.findall(rest):
        add(Kind.PMID, pmid)
    for number in _PMCID.findall(rest):
        add(Kind.PMCID, f"PMC{number}")
    return _listed(found)


def _listed(found: dict[Kind, dict[str, None]]) -> dict[Kind, list[str]]:
    return {kind: list(values) for kind, values in found.items()}


def _is_short(longest: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= longest


def _in_address(address: str) -> list[tuple[Kind, str]]:
    """The identifiers that an address holds: a DOI in its path or query, or the number at PubMed or PMC."""
    address = _without_tail(address)
    parts = urlsplit(address if "://" in address else f"https://{address}")
    host, path = (parts.hostname or "").lower(), unquote(parts.path)
    for its_host, its_path in _PUBMED_PATHS:
        found = its_path.match(path) if its_host.match(host) else None
        if found:
            return [(Kind.PMID, found[1])]
    article = _PMCID.search(path)
    if article and re.search(r"(?:^|\.)(?:ncbi\.nlm\.nih\.gov|europepmc\.org)$", host):
        return [(Kind.PMCID, f"PMC{article[1]}")]
    at_resolver = re.fullmatch(r"(?:dx\.|www\.)?doi\.org", host) is not None
    # At the resolver all that follows is the DOI; elsewhere a query may hold it, as at PLOS.
    if at_resolver and _WHOLE_DOI.fullmatch(path[1:]):
        return [(Kind.DOI, clean_doi(path[1:]))]
    doi = _DOI.search(path) or _DOI.search(unquote(parts.query))
    if doi is None:
        return []
    return [(Kind.DOI, clean_doi(_without_tail(_without_page(re.split(r"[?&#]", doi[0])[0]))))]


def _without_page(doi: str) -> str:
    """ "10.1002/art.40469/full" without the part that names a page."""
    shorter = _AFTER_DOI.sub("", doi.rstrip("/"))
    # A DOI has something behind its first stroke.
    return shorter if shorter.partition("/")[2] else doi


def _without_tail(text: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays where its partner is inside."""
    while text:
        last = text[-1]
        opening = {")": "(", "]": "[", "}": "{"}.get(last)
        if last in ".,;:!?'\"\u2019\u201d*_|" or (opening and text.count(last) > text.count(opening)):
            text = text[:-1]
        else:
            break
    return text


def _papers_of(found: dict[Kind, list[str]]) -> list[Recognised]:
    """One paper where there is one identifier of each kind; else each by itself."""
    if all(len(values) == 1 for values in found.values()):
        return [_one_paper({kind: values[0] for kind, values in found.items()})] if found else []
    return [Recognised(kind, value) for kind in IDENTIFIERS for value in found.get(kind, [])]


def _one_paper(found: dict[Kind, str]) -> Recognised:
    first, *others = [(kind, found[kind]) for kind in IDENTIFIERS if kind in found]
    return Recognised(*first, also=tuple(others))


def _why_not(text: str) -> str:
    """What is wrong with a paste in which nothing was found, and what would be right."""
    if re.fullmatch(r"[0-9]{9,}", text):
        return f"{text[:30]} has {len(text)} digits; a PMID has at most 8. {WHAT_WOULD_BE_RIGHT}"
    if re.fullmatch(r"0[0-9]*", text):
        return f"{text[:30]} begins with 0, and no PMID does. {WHAT_WOULD_BE_RIGHT}"
    if re.search(r"(?<![\w.])10\.[0-9]{4,9}(?:\s|$|/\s*$)", text):
        return f"This DOI stops short: behind 10.… and a stroke more must follow. {WHAT_WOULD_BE_RIGHT}"
    if re.search(r"\bNCT[0-9]{8}\b", text, re.IGNORECASE):
        return f"A number of a trial registry names a trial, not a paper. {WHAT_WOULD_BE_RIGHT}"
    if _ADDRESS.search(text):
        return (
            "This address holds no DOI, PMID or PMCID. Open the page, copy the DOI it shows, and paste that."
            f" {WHAT_WOULD_BE_RIGHT}"
        )
    return f"No identifier and no record was found in this. {WHAT_WOULD_BE_RIGHT}"
