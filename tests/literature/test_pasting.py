"""A paste is recognised for what it is, or refused in words that say what would be right."""

import json
import re
import string
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from literature.pasting import LONGEST_PASTE, Kind, read_citations, recognise, recognise_all
from literature.readers import Unreadable

DOI = "10.1136/annrheumdis-2014-206605"
WITH_BRACKETS = "10.1016/s2665-9913(23)00157-1"
SICI = "10.1002/1529-0131(200105)44:5<1021::aid-anr186>3.0.co;2-x"
IDENTIFIERS = [
    # DOIs, as people type and copy them.
    (DOI, Kind.DOI, DOI),
    (f"  doi:{DOI} ", Kind.DOI, DOI),
    (f"DOI: {DOI}.", Kind.DOI, DOI),
    (f"https://doi.org/{DOI}", Kind.DOI, DOI),
    (f"http://dx.doi.org/{DOI.upper()}", Kind.DOI, DOI),
    (f"doi.org/{DOI}", Kind.DOI, DOI),
    (f"(see {DOI}, table 2)", Kind.DOI, DOI),
    (f"as the trial showed ({WITH_BRACKETS}).", Kind.DOI, WITH_BRACKETS),
    (f"“{DOI}”", Kind.DOI, DOI),
    (SICI, Kind.DOI, SICI),
    (f"https://doi.org/{SICI.replace('<', '%3C').replace('>', '%3E')}", Kind.DOI, SICI),
    # Addresses of publishers that hold one.
    ("https://onlinelibrary.wiley.com/doi/full/10.1002/art.40469?af=R", Kind.DOI, "10.1002/art.40469"),
    ("https://onlinelibrary.wiley.com/doi/10.1002/art.40469/full", Kind.DOI, "10.1002/art.40469"),
    ("https://www.tandfonline.com/doi/pdf/10.1080/x.2019.1#page=2", Kind.DOI, "10.1080/x.2019.1"),
    ("https://link.springer.com/content/pdf/10.1007%2Fs10165-018-1.pdf", Kind.DOI, "10.1007/s10165-018-1"),
    ("https://www.frontiersin.org/articles/10.3389/fimmu.2021.1/full", Kind.DOI, "10.3389/fimmu.2021.1"),
    (
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0183844&type=printable",
        Kind.DOI,
        "10.1371/journal.pone.0183844",
    ),
    # PubMed and PubMed Central.
    ("25667206", Kind.PMID, "25667206"),
    ("PMID: 25667206", Kind.PMID, "25667206"),
    ("pmid 25667206.", Kind.PMID, "25667206"),
    ("PubMed PMID: 25667206; Epub 2015", Kind.PMID, "25667206"),
    ("https://pubmed.ncbi.nlm.nih.gov/25667206/", Kind.PMID, "25667206"),
    ("https://pubmed.ncbi.nlm.nih.gov/25667206/?from_term=igg4", Kind.PMID, "25667206"),
    ("http://www.ncbi.nlm.nih.gov/pubmed/25667206", Kind.PMID, "25667206"),
    ("https://europepmc.org/article/MED/25667206", Kind.PMID, "25667206"),
    ("PMC5119524", Kind.PMCID, "PMC5119524"),
    ("PMCID: PMC5119524.", Kind.PMCID, "PMC5119524"),
    ("pmc5119524", Kind.PMCID, "PMC5119524"),
    ("https://pmc.ncbi.nlm.nih.gov/articles/PMC5119524/", Kind.PMCID, "PMC5119524"),
    ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC5119524/pdf/x.pdf", Kind.PMCID, "PMC5119524"),
]


@pytest.mark.parametrize(("text", "kind", "value"), IDENTIFIERS, ids=[row[0][:70] for row in IDENTIFIERS])
def test_an_identifier_is_recognised(text: str, kind: Kind, value: str) -> None:
    found = recognise(text)
    assert (found.kind, found.value) == (kind, value)
    assert len(recognise_all(text)) == 1


RECORDS = [
    ("TY  - JOUR\nTI  - A\nER  - ", Kind.RIS),
    ("\ufeffTY  - JOUR\r\nTI  - A\r\nER  - \r\n", Kind.RIS),
    ("@article{a, title={A}}", Kind.BIBTEX),
    ("% from a manager\n@Article{a,\n title={A}}", Kind.BIBTEX),
    ("PMID- 1\nTI  - A", Kind.NBIB),
    ("\nPMID- 1\nOWN - NLM\nTI  - A", Kind.NBIB),
    ('{"title": "A"}', Kind.CSL_JSON),
    ('[{"title": "A"}]', Kind.CSL_JSON),
]


@pytest.mark.parametrize(("text", "kind"), RECORDS)
def test_a_record_is_recognised_and_read(text: str, kind: Kind) -> None:
    assert recognise(text).kind == kind
    (citation,) = read_citations(text)
    assert citation.title == "A"
    assert citation.pk is None


def test_a_whole_reference_is_one_paper_with_all_its_identifiers() -> None:
    reference = (
        "Carruthers MN, Topazian MD. Rituximab for IgG4-related disease. Ann Rheum Dis. 2015;74(6):1171–7.\n"
        f"doi:{DOI} PubMed PMID: 25667206; PubMed Central PMCID: PMC5119524."
    )
    (found,) = recognise_all(reference)
    assert (found.kind, found.value) == (Kind.DOI, DOI)
    assert found.also == ((Kind.PMID, "25667206"), (Kind.PMCID, "PMC5119524"))
    (citation,) = read_citations(reference)
    assert (citation.doi, citation.pmid, citation.pmcid) == (DOI, "25667206", "PMC5119524")


def test_several_identifiers_are_several_papers_once_each() -> None:
    found = recognise_all(f"25667206\nPMID: 12345678\n{DOI} PMC5119524\n\n25667206,")
    assert [str(one) for one in found] == ["PMID 25667206", "PMID 12345678", f"DOI {DOI}"]
    assert found[2].also == ((Kind.PMCID, "PMC5119524"),)


def test_a_year_or_a_page_in_a_sentence_is_no_pmid() -> None:
    with pytest.raises(Unreadable, match="No identifier and no record was found"):
        recognise("In 2015, 30 patients were treated, 1171 to 1177")


REFUSALS = [
    ("", "The box is empty. Paste a DOI"),
    (" \n\t", "The box is empty"),
    ("hello", "No identifier and no record was found in this. Paste a DOI"),
    ("123456789", "123456789 has 9 digits; a PMID has at most 8"),
    ("012345", "012345 begins with 0, and no PMID does"),
    ("10.1136/", "This DOI stops short"),
    ("doi:10.1136", "This DOI stops short"),
    ("NCT01584388", "A number of a trial registry names a trial, not a paper"),
    ("https://ard.bmj.com/content/74/6/1171", "This address holds no DOI, PMID or PMCID. Open the page"),
    ("https://pubmed.ncbi.nlm.nih.gov/?term=igg4", "This address holds no DOI, PMID or PMCID"),
    ("x" * (LONGEST_PASTE + 1), "1,000,001 characters long; 1,000,000 are read at most"),
    ('{"title": "A"', "This looks like CSL-JSON, but line 1, column 14 cannot be read"),
    ("[]", "The array is empty"),
    ('[{"title": "A"}, {"publisher": "B"}, 3]', "Record 2 is not a record of CSL-JSON.* Record 3 is not"),
    ("[" * 100_000, "nested too deeply|cannot be read"),
    ("@article{a\n title={A}}", "The BibTeX entry at line 1 cannot be read.*from @ to its closing brace"),
    ("@comment{nothing}", "This looks like BibTeX, but no entry"),
    ("PMID- \nTA  - Gut\n", "no record has a PMID or a title"),
]


@pytest.mark.parametrize(("text", "message"), REFUSALS, ids=[row[1][:50] for row in REFUSALS])
def test_a_paste_that_cannot_be_read_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(Unreadable, match=re.compile(message, re.DOTALL)):
        read_citations(text)


SUFFIXES = st.text(
    alphabet=string.ascii_lowercase + string.digits + "-._()/", min_size=1, max_size=40
).filter(lambda one: one[-1].isalnum() and one[0].isalnum())


@settings(deadline=None)
@given(
    prefix=st.integers(1000, 999_999_999),
    suffix=SUFFIXES,
    wrap=st.sampled_from(["{}", "doi:{}", "see {}.", "<{}>"]),
)
def test_any_doi_is_found_whatever_stands_around_it(prefix: int, suffix: str, wrap: str) -> None:
    doi = f"10.{prefix}/{suffix}"
    found = recognise(wrap.format(doi))
    assert (found.kind, found.value) == (Kind.DOI, doi)


def faults_in(text: str) -> tuple[str, ...]:
    """The faults of a paste that is refused; none where citations were read."""
    try:
        assert read_citations(text)
    except Unreadable as refused:
        return refused.faults or ("refused without a word",)
    return ()


HUGE = {
    "brackets behind a DOI": "see 10.1234/a" + ")" * 900_000,
    "an endless address": "see https://example.org/" + "." * 900_000,
    "an endless number": "1" * 900_000,
    "an endless title": "@article{a, title={" + "{" * 900_000,
    "endless authors": "@article{a, author={" + "A and " * 100_000 + "B}}",
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE.keys())
def test_a_huge_paste_is_refused_soon_and_in_few_words(text: str) -> None:
    started = time.process_time()
    assert all(len(fault) < 400 for fault in faults_in(text) or ("x" * 400,))
    assert time.process_time() - started < 10


@settings(deadline=None)
@given(text=st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_refused_and_never_breaks(text: str) -> None:
    assert all(len(fault) > 40 for fault in faults_in(text))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "title",
                    "DOI",
                    "author",
                    "family",
                    "given",
                    "literal",
                    "issued",
                    "date-parts",
                    "page",
                    "note",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(item=JSON)
def test_json_of_any_shape_is_read_or_refused_and_never_breaks(item: Any) -> None:
    assert all(len(fault) > 40 for fault in faults_in(json.dumps(item)))


TAGGED = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "TY  - ",
                "TI  - ",
                "AU  - ",
                "PY  - ",
                "SP  - ",
                "UR  - ",
                "ER  - ",
                "PMID- ",
                "FAU - ",
                "CN  - ",
                "      ",
            ]
        ),
        st.text(max_size=12),
    ),
    max_size=12,
)


def test_a_ris_record_that_begins_without_a_tag_is_refused_in_words() -> None:
    with pytest.raises(Unreadable, match="begins with a line that has no tag"):
        read_citations("TY  - JOUR\nTI  - One\nER  - \nTY  - \nTwo\nER  - \n")


@settings(deadline=None)
@given(first=st.sampled_from(["TY  - JOUR\n", "PMID- 1\n", "@article{a,\n"]), lines=TAGGED)
def test_a_mangled_record_is_read_or_refused_and_never_breaks(first: str, lines: list) -> None:
    text = first + "\n".join("".join(line) for line in lines)
    assert all(len(fault) > 40 for fault in faults_in(text))
