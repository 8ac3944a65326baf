"""RIS, BibTeX, NBIB and CSL-JSON read as CSL-JSON items.

What a record lacks is absent from its item. Each reader raises Unreadable with the faults in words.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import rispy  # type: ignore[import-untyped]
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware, NameParts
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, Field

from literature.choices import CitationType
from literature.formats import BIBTEX_TYPES, INCOMPLETE_AUTHORS, RIS_TYPES
from literature.names import is_group

Item = dict[str, Any]

RIS_CSL_TYPES: dict[str, str] = {
    **{written: csl_type for csl_type, written in RIS_TYPES.items()},
    "ABST": CitationType.PAPER_CONFERENCE,
    "BLOG": CitationType.WEBPAGE,
    "CONF": CitationType.PAPER_CONFERENCE,
    "EBOOK": CitationType.BOOK,
    "ECHAP": CitationType.CHAPTER,
    "EDBOOK": CitationType.BOOK,
    "EJOUR": CitationType.ARTICLE_JOURNAL,
    "GOVDOC": CitationType.REPORT,
    "INPR": CitationType.ARTICLE_JOURNAL,
    "MGZN": CitationType.ARTICLE_NEWSPAPER,
}
BIBTEX_CSL_TYPES: dict[str, str] = {
    # "misc" is a web page here, a preprint where it names its archive; "article" is a journal's.
    **{written: csl_type for csl_type, (written, _) in reversed(BIBTEX_TYPES.items())},
    "misc": CitationType.WEBPAGE,
    "online": CitationType.WEBPAGE,
    "electronic": CitationType.WEBPAGE,
    "conference": CitationType.PAPER_CONFERENCE,
    "proceedings": CitationType.BOOK,
    "inbook": CitationType.CHAPTER,
    "booklet": CitationType.BOOK,
    "manual": CitationType.REPORT,
    "report": CitationType.REPORT,
    "mastersthesis": CitationType.THESIS,
    "thesis": CitationType.THESIS,
    "unpublished": CitationType.ARTICLE,
    "dataset": CitationType.DATASET,
}
MEDLINE_TYPES = {
    "Preprint": CitationType.ARTICLE,
    "Congress": CitationType.PAPER_CONFERENCE,
    "Dataset": CitationType.DATASET,
}
# Three thousand authors, as on papers of particle physics; the library's splitting is slow beyond.
LONGEST_AUTHORS = 60_000  # characters
_SUFFIX = re.compile(r"(?:Jr|Sr|[2-4](?:nd|rd|th)|II|III|IV)\.?")
_MEDLINE_LINE = re.compile(r"^([A-Z]{2,4}) *- ?(.*)$")
# What the decoder of bibtexparser does not know, or takes for an accent.
_TEX_WORDS = {"braceleft": r"\\{", "braceright": r"\\}", "asciicircum": "\u2038"}
_TEX_VERBATIM = re.compile(r"\\([_%&#{}~])")


class Unreadable(ValueError):
    """A paste that cannot be read; `faults` say what is wrong and what would be right."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


# ── CSL-JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────


def read_csl_json(text: str) -> list[Item]:
    """An item, an array of items, or an answer of Crossref's REST API, which wraps its item in "message"."""
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"This looks like CSL-JSON, but line {error.lineno}, column {error.colno} cannot be read"
            f" ({error.msg}). Copy the whole record, from the first bracket to the last."
        ) from error
    except RecursionError as error:
        raise Unreadable("This JSON is nested too deeply to be a record of CSL-JSON.") from error
    if isinstance(read, dict) and isinstance(read.get("message"), dict):
        read = read["message"]
    items = read if isinstance(read, list) else [read]
    faults = [
        f"Record {number} is not a record of CSL-JSON: it needs at least a title, a DOI or a PMID."
        for number, item in enumerate(items, start=1)
        if not (isinstance(item, dict) and any(item.get(key) for key in ("title", "DOI", "PMID")))
    ]
    if faults or not items:
        raise Unreadable(*(faults or ["The array is empty: there is no record in it."]))
    return items


# ── RIS ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class _ForgivingRisParser(rispy.RisParser):  # type: ignore[misc]
    """RIS with one or two blanks before the hyphen, and addresses that may hold semicolons."""

    DEFAULT_DELIMITER_MAPPING: dict[str, str] = {}

    def parse_line(self, line: str) -> tuple[str, str] | tuple[None, str]:
        found = re.match(r"([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*))?$", line.strip("\ufeff"))
        return (found[1], (found[2] or "").strip()) if found else (None, line.strip())


def read_ris(text: str) -> list[Item]:
    """The records of an RIS file; a last one without its end is read as well."""
    lines = [line.strip() for line in text.splitlines()]
    # Continued lines need a blank line gone, and rispy drops a record that has no end.
    whole = "\n".join([*filter(None, lines), "ER  - ", ""])
    try:
        records = rispy.loads(whole, implementation=_ForgivingRisParser)
    except KeyError:
        # A line without a tag at the beginning of a record: rispy takes it for the last of the record before.
        raise Unreadable(
            "This RIS record cannot be read: it begins with a line that has no tag such as “TI  -”. "
            "Export it anew from the reference manager."
        ) from None
    if not records:
        raise Unreadable("This looks like RIS, but no record begins with a line such as “TY  - JOUR”.")
    return [_ris_item(record) for record in records]


def _ris_item(record: Mapping[str, Any]) -> Item:
    get = record.get
    notes = " ".join([*get("notes", []), get("note", ""), *get("keywords", [])])
    addresses = [address for address in get("urls", []) if address]
    first, last = get("start_page", ""), get("end_page", "")
    named = {
        "PMID": _first_match(r"PMID:?\s*([0-9]+)", notes)
        or _first_match(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/([0-9]+)", " ".join(addresses))
    }
    accession = get("accession_number", "")
    if re.fullmatch(r"[0-9]{1,8}", accession) and _is_pubmed(get("name_of_database", "")):
        named["PMID"] = accession
    item = {
        "type": RIS_CSL_TYPES.get(get("type_of_reference", ""), ""),
        "title": get("title") or get("primary_title"),
        "author": [
            _comma_name(name) for name in [*get("authors", []), *get("first_authors", [])] if name.strip()
        ],
        "container-title": get("secondary_title")
        or get("alternate_title3")
        or get("journal_name")
        or get("alternate_title2")
        # Where Zotero puts the proceedings of a conference.
        or (get("custom3") if get("type_of_reference") in ("CPAPER", "CONF") else None),
        "issued": {"raw": get("year") or get("publication_year") or get("date") or ""},
        "volume": get("volume"),
        "issue": get("number"),
        "page": first if not last or last == first or "-" in first else f"{first}-{last}",
        "DOI": get("doi") or _first_match(r"\b(10\.[0-9]{4,9}/\S+)", " ".join(addresses)),
        "PMCID": _first_match(r"(PMC[0-9]+)", f"{get('custom2', '')} {notes}"),
        "URL": addresses[0] if addresses else None,
        "note": INCOMPLETE_AUTHORS if INCOMPLETE_AUTHORS in notes else None,
        **named,
    }
    return _known(item)


def _is_pubmed(database: str) -> bool:
    """Whose accession numbers are PMIDs; EndNote and PubMed's own export name no database, Embase does."""
    return not database or re.search(r"pubmed|medline|nlm", database, re.IGNORECASE) is not None


def _comma_name(name: str) -> dict[str, str]:
    """ "Smith, Jr, John A.", "Smith, John A., Jr." and "van den Elshout, M."; a group may hold commas or none."""
    family, *rest = [part.strip() for part in name.split(",")]
    suffixes = [part for part in rest if _SUFFIX.fullmatch(part)]
    given = [part for part in rest if part and part not in suffixes]
    if is_group(name) or not family or len(given) != 1 or len(suffixes) > 1:
        return {"literal": name.strip(" ,")}
    return _known({"family": family, "given": given[0], "suffix": "".join(suffixes)})


# ── BibTeX ───────────────────────────────────────────────────────────────────────────────────────────────────────


def read_bibtex(text: str) -> list[Item]:
    """The entries of a BibTeX file, with TeX's accents and commands as characters."""
    library = parse_string(text)
    # An entry given twice is read twice; that it is one paper shows when it is matched with the Atlas.
    twice = [block for block in library.failed_blocks if isinstance(block, DuplicateBlockKeyBlock)]
    entries = [*library.entries, *(block.ignore_error_block for block in twice)]
    faults = [
        f"The BibTeX entry at line {(block.start_line or 0) + 1} cannot be read ({_cause(block.error)})."
        " Copy the whole entry, from @ to its closing brace."
        for block in library.failed_blocks
        if not isinstance(block, DuplicateBlockKeyBlock)
    ]
    if faults or not entries:
        raise Unreadable(*(faults or ["This looks like BibTeX, but no entry such as @article{…} is in it."]))
    return [_bibtex_item(entry) for entry in entries if isinstance(entry, Entry)]


def _cause(error: Exception | None) -> str:
    words = " ".join(str(getattr(error, "abort_reason", None) or error or "").split())
    return words.rstrip(".") or "it is broken off or misspelt"


def _bibtex_item(entry: Entry) -> Item:
    fields: dict[str, Any] = {field.key.lower(): field.value for field in entry.fields}
    entry_type = entry.entry_type.lower()
    text = {key: _from_tex(value) for key, value in fields.items() if isinstance(value, str)}
    plain = {
        key: _TEX_VERBATIM.sub(r"\1", value).strip("{} ")
        for key, value in fields.items()
        if isinstance(value, str)
    }
    authors = str(fields.get("author", ""))
    if len(authors) > LONGEST_AUTHORS:
        raise Unreadable(
            f"The authors of the BibTeX entry {entry.key} take {len(authors):,} characters; {LONGEST_AUTHORS:,} are"
            " read at most. Shorten the list, and end it with “and others”."
        )
    names = [_bibtex_name(name) for name in split_multiple_persons_names(authors)]
    container = BIBTEX_TYPES.get(BIBTEX_CSL_TYPES.get(entry_type, ""), ("", "journal"))[1]
    archive = text.get("archiveprefix") or text.get("eprinttype")
    is_preprint = entry_type == "misc" and archive and archive.lower() not in ("pubmed", "pmid")
    item = {
        "type": CitationType.ARTICLE if is_preprint else BIBTEX_CSL_TYPES.get(entry_type, ""),
        "title": text.get("title"),
        "author": [name for name in names if name],
        "container-title": next(
            (
                text[key]
                for key in ("journal", "journaltitle", "booktitle", container, "publisher", "archiveprefix")
                if text.get(key) and not text[key].startswith("http")
            ),
            None,
        ),
        "issued": {"raw": text.get("year") or text.get("date") or ""},
        "volume": text.get("volume"),
        "issue": text.get("number") or text.get("issue"),
        "page": text.get("pages") or text.get("eid") or text.get("article-number"),
        "DOI": plain.get("doi"),
        "PMID": plain.get("pmid")
        or (plain.get("eprint") if archive and archive.lower() in ("pubmed", "pmid") else None)
        or _first_match(r"PMID:?\s*([0-9]+)", text.get("note", "")),
        "PMCID": plain.get("pmcid") or plain.get("pmc"),
        "URL": plain.get("url"),
    }
    return _known(item)


def _bibtex_name(name: str) -> Item:
    name = name.strip()
    if re.fullmatch(r"\{.*\}", name, re.DOTALL) and _is_one_group(name):
        return {"literal": _from_tex(name)}
    parts: NameParts = parse_single_name_into_parts(name, strict=False)
    von, last, first, junior = (
        _from_tex(" ".join(words)) for words in (parts.von, parts.last, parts.first, parts.jr)
    )
    if not first and not von and " " in last:
        return {"literal": last}
    return _known({"family": last, "given": first, "non-dropping-particle": von, "suffix": junior})


def _is_one_group(name: str) -> bool:
    """Whether the first brace closes with the last character: "{A} {B}" does not."""
    depth = 0
    for index, mark in enumerate(name):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth == 0:
            return index == len(name) - 1
    return False


@cache
def _tex_decoder() -> LatexDecodingMiddleware:
    return LatexDecodingMiddleware(keep_math_mode=False)


def _from_tex(value: str) -> str:
    if not re.search(r"[\\{}$~%`'&#-]", value):
        return value
    # TeX takes an unescaped % for a comment; nobody means that in a title.
    value = re.sub(r"(?<!\\)%", r"\\%", value)
    for word, mark in _TEX_WORDS.items():
        value = re.sub(rf"\\text{word}(?:\{{\}}|\b\s*)", mark, value)
    read = _tex_decoder().transform_entry(Entry("misc", "value", [Field("value", value)]), Library())
    text = str(read.fields_dict["value"].value) if isinstance(read, Entry) else value
    return text.replace("\u2038", "^")


# ── NBIB ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def medline_records(text: str) -> list[list[tuple[str, str]]]:
    """The records of a MEDLINE file as pairs of tag and value, in the order of the file.

    Not by Biopython, whose reader parts groups (CN) from authors (FAU) and loses their order, nor by nbib, which
    stops at a stray line and keeps no notices of retraction. Tags: www.nlm.nih.gov/bsd/mms/medlineelements.html
    """
    records: list[list[tuple[str, str]]] = [[]]
    for line in text.strip("\ufeff").splitlines():
        found = _MEDLINE_LINE.match(line)
        if not line.strip() or (
            found and found[1] == "PMID" and any(tag == "PMID" for tag, _ in records[-1])
        ):
            records.append([])
        if found:
            records[-1].append((found[1], found[2].strip()))
        elif line.strip() and records[-1]:
            tag, value = records[-1][-1]
            records[-1][-1] = (tag, f"{value} {line.strip()}".strip())
    return [record for record in records if record]


def read_nbib(text: str) -> list[Item]:
    """The records of an NBIB file, as PubMed's "Cite" button downloads it."""
    records = [
        record
        for record in medline_records(text)
        if any(tag in ("TI", "PMID", "BTI") and value for tag, value in record)
    ]
    if not records:
        raise Unreadable(
            "This looks like NBIB, but no record has a PMID or a title (lines “PMID-” and “TI  -”)."
        )
    return [_nbib_item(record) for record in records]


def _nbib_item(record: list[tuple[str, str]]) -> Item:
    first: dict[str, str] = {}
    for tag, value in record:
        first.setdefault(tag, value)
    kinds = [value for tag, value in record if tag == "PT"]
    identifiers = [value for tag, value in record if tag in ("AID", "LID")]
    # Each FAU is followed by its AU; records before 2002 have AU alone.
    names = "FAU" if "FAU" in first else "AU"
    item = {
        "type": next((MEDLINE_TYPES[kind] for kind in kinds if kind in MEDLINE_TYPES), "article-journal"),
        "title": first.get("TI") or first.get("BTI") or first.get("TT"),
        "author": [
            _medline_name(value, tag) for tag, value in record if tag in (names, "CN") and value.strip()
        ],
        "container-title": _journal(first.get("JT") or first.get("TA") or ""),
        "issued": {"raw": first.get("DP") or first.get("DEP") or ""},
        "volume": first.get("VI"),
        "issue": first.get("IP"),
        "page": first.get("PG"),
        "DOI": next((value[:-5].strip() for value in identifiers if value.endswith("[doi]")), None),
        "PMID": first.get("PMID"),
        "PMCID": first.get("PMC"),
    }
    return _known(item)


def _medline_name(value: str, tag: str) -> dict[str, str]:
    if tag == "CN":
        return {"literal": value}
    if tag == "AU":
        family, _, given = value.rpartition(" ")
        return {"family": family, "given": given} if family and given.isupper() else {"literal": value}
    return _comma_name(value)


def _journal(name: str) -> str:
    """ "Rheumatology (Oxford, England)" is catalogued with its place; papers print it without."""
    return re.sub(r"\s*\([A-Z][\w.\s-]*(?:, [\w.\s-]+)?\)$", "", name)


def _first_match(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.IGNORECASE)
    return found[1] if found else None


def _known(item: Mapping[str, Any]) -> Item:
    return {key: value for key, value in item.items() if value}
