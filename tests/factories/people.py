"""Accounts, renamed slugs and citations."""

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from foundation.models import RetiredSlug
from literature.choices import CitationType
from literature.models import Citation


class UserFactory(DjangoModelFactory):
    """Somebody with an account and no role."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"user-{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password("correct horse battery staple")


class RetiredSlugFactory(DjangoModelFactory):
    """A study that was renamed."""

    class Meta:
        model = RetiredSlug

    kind = "evidence.study"
    old = factory.Sequence(lambda number: f"old-{number}")
    new = factory.Sequence(lambda number: f"new-{number}")


class CitationFactory(DjangoModelFactory):
    """A journal article with DOI and PMID."""

    class Meta:
        model = Citation

    slug = factory.Sequence(lambda number: f"author-2020-paper-{number}")
    csl_type = CitationType.ARTICLE_JOURNAL
    title = factory.Sequence(lambda number: f"A paper on IgG4-related disease, number {number}")
    authors = factory.LazyFunction(lambda: ["Author AB", "Writer C"])
    journal = "Annals of the Rheumatic Diseases"
    year = 2020
    doi = factory.Sequence(lambda number: f"10.1136/paper-{number}")
    pmid = factory.Sequence(lambda number: str(30_000_000 + number))
