"""Citations are saved one way."""

import pytest
from django.core.exceptions import ValidationError

from literature.models import Citation
from literature.services import SLUG_LENGTH, citation_from_paste, citation_slug, save_citation
from tests.factories import CitationFactory

pytestmark = pytest.mark.django_db


def test_saving_fills_slug_and_reference_and_lowers_the_doi() -> None:
    saved = save_citation(citation=Citation(title="A trial", doi=" 10.1136/ARD-2014.206605 "))
    saved.refresh_from_db()
    assert saved.doi == "10.1136/ard-2014.206605"
    assert saved.slug == "10-1136-ard-2014-206605"
    assert saved.vancouver == "A trial. doi:10.1136/ard-2014.206605"


def test_saving_again_renews_the_reference_and_keeps_the_slug() -> None:
    saved = save_citation(citation=Citation(title="A trial", pmid="123"))
    saved.title, saved.doi = "A better title", "10.1000/new"
    save_citation(citation=saved)
    saved.refresh_from_db()
    assert saved.slug == "pmid-123"
    assert saved.vancouver.startswith("A better title.")


SLUGS = [
    ({"doi": "10.1016/S2665-9913(23)00157-1", "pmid": "1"}, "10-1016-s2665-9913-23-00157-1"),
    ({"pmid": "25667206", "title": "A trial"}, "pmid-25667206"),
    ({"title": "A trial", "authors": ["Della Torre E"], "year": 2015}, "della-torre-e-2015-a-trial"),
    ({"title": "Ménière & co", "authors": []}, "meniere-co"),
    ({"title": "抄読会"}, "citation"),
]


@pytest.mark.parametrize(("fields", "slug"), SLUGS, ids=[row[1] for row in SLUGS])
def test_a_slug_comes_from_doi_then_pmid_then_words(fields: dict, slug: str) -> None:
    assert citation_slug(Citation(**fields)) == slug
    assert citation_slug(Citation(**fields)) == slug


def test_a_taken_slug_gets_a_number() -> None:
    first = save_citation(citation=Citation(title="Orbital disease"))
    second = save_citation(citation=Citation(title="Orbital disease"))
    third = save_citation(citation=Citation(title="Orbital disease"))
    assert [first.slug, second.slug, third.slug] == [
        "orbital-disease",
        "orbital-disease-2",
        "orbital-disease-3",
    ]
    assert citation_slug(Citation(title="Orbital disease"), taken={"orbital-disease"}) == "orbital-disease-2"


def test_a_long_title_fits_the_field_even_when_taken() -> None:
    first = save_citation(citation=Citation(title="word " * 100))
    second = save_citation(citation=Citation(title="word " * 100))
    assert len(first.slug) <= len(second.slug) <= SLUG_LENGTH


REFUSALS = [
    ({"title": ""}, "A citation needs a title, a DOI or a PMID."),
    ({"title": "A", "doi": "11.1000/x"}, "doi is not of the form"),
    ({"title": "A", "doi": "10.1000/TAKEN"}, "Another citation has this DOI already."),
    ({"title": "A", "pmid": "777"}, "Another citation has this PMID already."),
]


@pytest.mark.parametrize(("fields", "message"), REFUSALS)
def test_a_bad_citation_is_refused_by_name_and_nothing_is_saved(fields: dict, message: str) -> None:
    CitationFactory(doi="10.1000/taken", pmid="777")
    with pytest.raises(ValidationError, match=message):
        save_citation(citation=Citation(**fields))
    assert Citation.objects.count() == 1


CSL = (
    '{"type": "article-journal", "title": "A trial.", "DOI": "10.1000/New",'
    ' "author": [{"family": "Stone", "given": "John"}]}'
)


def test_a_pasted_record_gives_an_unsaved_citation() -> None:
    outcome = citation_from_paste(text=CSL)
    assert outcome.known is None and outcome.faults == () and outcome.advice == ""
    assert outcome.citation is not None and outcome.citation.pk is None
    assert (outcome.citation.title, outcome.citation.doi, outcome.citation.authors) == (
        "A trial",
        "10.1000/new",
        ["Stone J"],
    )
    assert Citation.objects.count() == 0
    assert save_citation(citation=outcome.citation).slug == "10-1000-new"


KNOWN = {
    "by DOI": ({"doi": "10.1000/new"}, CSL),
    "by DOI alone, without asking": ({"doi": "10.1000/new"}, "https://doi.org/10.1000/NEW"),
    "by PMID": ({"pmid": "123"}, "PMID: 123"),
    "by PMCID": ({"pmcid": "PMC5119524"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC5119524/"),
    "by title and year": (
        {
            "title": "Orbital IgG4-Related Disease",
            "year": 2015,
            "doi": "",
            "pmid": "",
            "authors": ["Stone JH"],
        },
        "TY  - JOUR\nTI  - Orbital IgG4-related disease.\nAU  - Stone, John\nPY  - 2015\nER  - ",
    ),
}


@pytest.mark.parametrize(("fields", "text"), KNOWN.values(), ids=KNOWN.keys())
def test_a_citation_that_the_atlas_has_is_offered(fields: dict, text: str) -> None:
    stored = CitationFactory(**fields)
    CitationFactory()
    outcome = citation_from_paste(text=text)
    assert outcome.known == outcome.citation == stored
    assert outcome.advice == ""


UNLIKE = {
    "another year": {"year": 2016},
    "another title": {"title": "Orbital disease"},
    "another first author": {"authors": ["Wallace ZS"]},
}


@pytest.mark.parametrize("fields", UNLIKE.values(), ids=UNLIKE.keys())
def test_a_paper_that_differs_is_not_taken_for_the_same(fields: dict) -> None:
    stored = {"title": "IgG4-related disease", "year": 2015, "authors": ["Stone JH"], "doi": "", "pmid": ""}
    CitationFactory(**{**stored, **fields})
    outcome = citation_from_paste(
        text="TY  - JOUR\nTI  - IgG4-related disease\nAU  - Stone, John\nPY  - 2015\nER  - "
    )
    assert outcome.known is None and outcome.citation is not None


def test_two_papers_of_one_title_and_year_with_their_own_doi_are_two() -> None:
    CitationFactory(title="A trial", year=2015, doi="10.1000/abstract", authors=["Stone J"])
    assert citation_from_paste(text=CSL.replace('"type"', '"issued": {"raw": "2015"}, "type"')).known is None


def test_what_cannot_be_read_is_refused_with_faults() -> None:
    outcome = citation_from_paste(text="hello")
    assert outcome.citation is None and outcome.papers == ()
    assert outcome.faults[0].startswith("No identifier and no record was found")


def test_several_records_are_all_there_each_once() -> None:
    outcome = citation_from_paste(text=f"[{CSL}, {CSL}, " + '{"title": "Second"}]')
    assert [paper.citation.title for paper in outcome.papers] == ["A trial", "Second"]
    assert [paper.citation.title for paper in outcome.others] == ["Second"]


def test_too_many_records_are_refused_by_their_number() -> None:
    records = ", ".join(f'{{"title": "Number {number}"}}' for number in range(51))
    assert citation_from_paste(text=f"[{records}]").faults == (
        "There are 51 records in this; 50 are read at once. Paste fewer.",
    )


def test_too_many_identifiers_are_refused_by_their_number() -> None:
    text = "\n".join(str(number) for number in range(1, 52))
    assert citation_from_paste(text=text).faults == (
        "There are 51 identifiers in this; 50 are read at once. Paste fewer.",
    )


def test_what_saving_would_refuse_is_told_beside_the_citation() -> None:
    outcome = citation_from_paste(text='{"title": "A", "DOI": "11.5/x", "volume": "' + "7" * 31 + '"}')
    (paper,) = outcome.papers
    assert paper.citation.doi == "11.5/x"
    assert any(fault.startswith("volume: Ensure this value has at most 30") for fault in paper.faults)
    assert any("doi is not of the form" in fault for fault in paper.faults)


def test_a_closed_network_keeps_what_was_typed_and_says_what_to_do() -> None:
    outcome = citation_from_paste(text="10.1000/new, PMID: 77")
    assert outcome.known is None and outcome.citation is not None
    assert (outcome.citation.doi, outcome.citation.pmid, outcome.citation.title) == ("10.1000/new", "77", "")
    assert outcome.advice.startswith(
        "Looking up is switched off here (LITERATURE_LOOKUP). Fill in the fields"
    )
