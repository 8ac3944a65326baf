"""Citations are saved one way."""

import pytest
from django.core.exceptions import ValidationError

from literature.models import Citation
from literature.services import SLUG_LENGTH, citation_slug, save_citation
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
