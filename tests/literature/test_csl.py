"""CSL-JSON becomes a citation and back; the exports of the Atlas read back as they were."""

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from literature.choices import CitationType
from literature.csl import clean_text, from_csl, full_pages
from literature.formats import BIBTEX_TYPES, INCOMPLETE_AUTHORS, bibtex, csl_json, ris
from literature.models import Citation
from literature.pasting import read_citations

# ── Round trips ──────────────────────────────────────────────────────────────────────────────────────────────────

CAPITALS = st.text(alphabet="ABCDEGHJKLMNÁÖŠŻ", min_size=1, max_size=4)
FAMILIES = st.from_regex(
    r"(?:(?:van|de|von der) )?(?:[OD]['’])?[A-Z][a-zéüñçł]{1,9}(?:[- ][A-Z][a-z]{1,6})?", fullmatch=True
)
PEOPLE = st.builds(
    lambda family, letters, hyphen, suffix: f"{family} {'-'.join(letters) if hyphen else letters}{suffix}",
    FAMILIES,
    CAPITALS,
    st.booleans(),
    st.sampled_from(["", "", "", " Jr", " III"]),
)
GROUPS = st.sampled_from(
    [
        "MITIGATE Trial Investigators",
        "Massachusetts General Hospital",
        "US Food and Drug Administration",
        "Zhang",
    ]
)
LETTERS = string.ascii_letters + string.digits + "αβγ²éüßłø–—’“”"
# Titles as the Atlas keeps them: on one line, without markup, entities or the full stop of PubMed.
TITLES = (
    st.text(alphabet=LETTERS + "    ,:;()[]{}<>&%$#_~^\\/+-'\"?!*=|@", min_size=1, max_size=80)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: clean_text(text) == text and any(map(str.isalnum, text)))
    # TeX makes a dash and a closing quote of these.
    .filter(lambda text: "--" not in text and "''" not in text)
)
WORDS = st.lists(st.text(alphabet=LETTERS + "&", min_size=1, max_size=9), max_size=3).map(" ".join)
NUMBERS = st.integers(1, 9999).map(str)
PAGES = st.one_of(
    st.just(""),
    NUMBERS,
    st.from_regex(r"e[0-9]{4,7}", fullmatch=True),
    st.tuples(st.integers(1, 5000), st.integers(0, 40)).map(
        lambda pair: f"{pair[0]}-{pair[0] + pair[1] + 1}"
    ),
)
DOIS = st.from_regex(r"10\.[0-9]{4,6}/[a-z0-9][a-z0-9._;()-]{0,20}[a-z0-9]", fullmatch=True)


@st.composite
def citations(draw: st.DrawFn, **fixed: Any) -> Citation:
    """Unsaved citations of every kind, with fields missing here and there."""
    authors = draw(st.lists(st.one_of(PEOPLE, GROUPS), max_size=8))
    doi = draw(st.one_of(st.just(""), DOIS))
    pages = draw(PAGES)
    return Citation(
        **{
            "csl_type": draw(st.sampled_from(CitationType.values)),
            "title": draw(TITLES),
            "authors": authors,
            "authors_complete": not authors or draw(st.booleans()),
            "journal": draw(WORDS),
            "year": draw(st.one_of(st.none(), st.integers(1900, 2030))),
            "volume": draw(st.one_of(st.just(""), NUMBERS)),
            "issue": draw(st.one_of(st.just(""), NUMBERS, st.just("Suppl 1"))),
            # The end of the DOI given as a page is no page.
            "pages": "" if pages == doi.partition("/")[2] else pages,
            "doi": doi,
            "pmid": draw(st.one_of(st.just(""), st.integers(1, 99_999_999).map(str))),
            "pmcid": draw(
                st.one_of(st.just(""), st.integers(100, 9_999_999).map(lambda number: f"PMC{number}"))
            ),
            **fixed,
        }
    )


@settings(deadline=None)
@given(citation=citations(), address=st.sampled_from(["", "https://www.fda.gov/media/1?x=1&copy=2"]))
def test_csl_json_comes_back_as_it_went(citation: Citation, address: str) -> None:
    citation.url = address
    written = csl_json(citation)
    assert csl_json(from_csl(written)) == written


@settings(deadline=None)
@given(citation=citations())
def test_a_citation_comes_back_from_ris(citation: Citation) -> None:
    (read,) = read_citations(ris([citation]))
    assert csl_json(read) == csl_json(citation)


# BibTeX has one entry type for a journal and a newspaper, and one for web pages, preprints and data sets.
BIBTEX_KNOWS = [
    csl_type
    for csl_type, form in BIBTEX_TYPES.items()
    if csl_type not in (CitationType.ARTICLE, CitationType.DATASET, CitationType.ARTICLE_NEWSPAPER)
]


@settings(deadline=None)
@given(citation=citations(slug="key"), csl_type=st.sampled_from(BIBTEX_KNOWS))
def test_a_citation_comes_back_from_bibtex(citation: Citation, csl_type: str) -> None:
    citation.csl_type = csl_type
    (read,) = read_citations(bibtex([citation]))
    read.slug = "key"
    assert csl_json(read) == csl_json(citation)


@settings(deadline=None, max_examples=25)
@given(several=st.lists(citations(), min_size=2, max_size=5))
def test_several_citations_come_back_in_their_order(several: list[Citation]) -> None:
    assert [csl_json(one) for one in read_citations(ris(several))] == [csl_json(one) for one in several]


# ── What services and publishers write ───────────────────────────────────────────────────────────────────────────

BARE = {"type": "article-journal", "title": "A trial"}
FIELDS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a full stop of PubMed goes", {"title": "A trial."}, {"title": "A trial"}),
    ("that of an abbreviation stays", {"title": "Trials in the U.S."}, {"title": "Trials in the U.S."}),
    ("an ellipsis stays", {"title": "To be or..."}, {"title": "To be or..."}),
    (
        "markup goes",
        {"title": "<i>IgG4</i><sub>+</sub> &amp; T<jats:sup>reg</jats:sup>"},
        {"title": "IgG4+ & Treg"},
    ),
    ("what was escaped twice", {"title": "Ménière &amp;amp; co &#x3b1;"}, {"title": "Ménière & co α"}),
    ("a sign of less than stays", {"title": "IgG4 < 135 and > 5"}, {"title": "IgG4 < 135 and > 5"}),
    ("lines become one", {"title": "A trial\n   of two"}, {"title": "A trial of two"}),
    ("Crossref's lists", {"title": ["A trial"], "container-title": ["Gut"]}, {"journal": "Gut"}),
    ("Crossref's own type", {"type": "journal-article"}, {"csl_type": "article-journal"}),
    ("a preprint of Crossref", {"type": "posted-content"}, {"csl_type": "article"}),
    ("a type nobody knows", {"type": "song"}, {"csl_type": "report"}),
    ("a DOI with its resolver", {"DOI": "https://doi.org/10.1000/ABC"}, {"doi": "10.1000/abc"}),
    ("a PMCID without its letters", {"PMCID": "5119524"}, {"pmcid": "PMC5119524"}),
    ("a PMCID with its version", {"PMCID": "PMC5119524.2"}, {"pmcid": "PMC5119524"}),
    ("a PMID that is a number", {"PMID": 25667206}, {"pmid": "25667206"}),
    ("an identifier that cannot be right stays", {"DOI": "11.5/x"}, {"doi": "11.5/x"}),
    ("a year in parts", {"issued": {"date-parts": [[2015, 6, 1]]}}, {"year": 2015}),
    ("a year as text in parts", {"issued": {"date-parts": [["2015"]]}}, {"year": 2015}),
    ("a year alone", {"issued": {"raw": "2015"}}, {"year": 2015}),
    ("a year in a date", {"issued": {"raw": "2015/06/01/Epub"}}, {"year": 2015}),
    ("no year", {"issued": {"date-parts": [[None]]}}, {"year": None}),
    ("a year that is none", {"issued": {"raw": "in press"}}, {"year": None}),
    (
        "the year of the issue before that of the preview",
        {"issued": {"date-parts": [[2014]]}, "published-print": {"date-parts": [[2015]]}, "volume": "74"},
        {"year": 2015, "volume": "74"},
    ),
    ("pages in full", {"page": "1171–7"}, {"pages": "1171-1177"}),
    ("pages with a letter", {"page": "e442-50"}, {"pages": "e442-e450"}),
    ("an article number", {"article-number": "e0183844"}, {"pages": "e0183844"}),
    ("Wiley before there are pages", {"page": "n/a-n/a"}, {"pages": ""}),
    ("Wolters Kluwer before there is an issue", {"volume": "Publish Ahead of Print"}, {"volume": ""}),
    ("BMJ before there are pages", {"DOI": "10.1136/ard-2014-1", "page": "ard-2014-1"}, {"pages": ""}),
    ("the resolver's address", {"DOI": "10.1/x", "URL": "http://dx.doi.org/10.1/x"}, {"url": ""}),
    ("an address of its own", {"URL": "https://www.fda.gov/x"}, {"url": "https://www.fda.gov/x"}),
    ("no author", {}, {"authors": [], "authors_complete": True}),
    (
        "people and groups in their order",
        {
            "author": [
                {"family": "Carruthers", "given": "Mollie N."},
                {"literal": "MITIGATE Trial Investigators"},
                {"name": "Japan Study Group"},
                {"family": "Elshout", "given": "Marije", "non-dropping-particle": "van den"},
                {"family": "Smith", "given": "John A.", "suffix": "Jr"},
                {"family": "Lagrot", "given": "Jean-Louis"},
            ]
        },
        {
            "authors": [
                "Carruthers MN",
                "MITIGATE Trial Investigators",
                "Japan Study Group",
                "van den Elshout M",
                "Smith JA Jr",
                "Lagrot JL",
            ]
        },
    ),
    (
        "a list cut short",
        {"author": [{"family": "Hong", "given": "X"}, {"literal": "et al."}]},
        {"authors": ["Hong X"], "authors_complete": False},
    ),
    (
        "our own note of a list cut short",
        {"author": [{"family": "Hong", "given": "X"}], "note": INCOMPLETE_AUTHORS},
        {"authors": ["Hong X"], "authors_complete": False},
    ),
]


@pytest.mark.parametrize(("name", "item", "fields"), FIELDS, ids=[row[0] for row in FIELDS])
def test_a_field_is_read_as_it_is_meant(name: str, item: dict[str, Any], fields: dict[str, Any]) -> None:
    citation = from_csl({**BARE, **item})
    assert {field: getattr(citation, field) for field in fields} == fields


PAGE_RANGES = [
    ("1171-7", "1171-1177"),
    ("1171-1177", "1171-1177"),
    ("S12-9", "S12-S19"),
    ("998-1003", "998-1003"),
    ("e1-e9", "e1-e9"),
    ("12-3.e5", "12-3.e5"),
    ("S1-e2", "S1-e2"),
    ("205", "205"),
]


@pytest.mark.parametrize(("written", "full"), PAGE_RANGES)
def test_a_range_of_pages_is_written_in_full(written: str, full: str) -> None:
    assert full_pages(written) == full
