"""The factories make valid rows of every model."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from factory.base import FactoryMetaClass

from tests import factories

FACTORIES = [value for value in vars(factories).values() if isinstance(value, FactoryMetaClass)]
# History tables are written by triggers; the revision is one row that triggers write too.
WITHOUT_FACTORY = {"Revision"}


def evidence_models() -> set[type[models.Model]]:
    """The models that hold curated data."""
    labels = ("foundation", "literature", "therapies", "evidence")
    found = (model for label in labels for model in apps.get_app_config(label).get_models())
    return {
        model
        for model in found
        if not hasattr(model, "pgh_tracked_model") and model.__name__ not in WITHOUT_FACTORY
    }


def test_every_model_has_a_factory() -> None:
    assert evidence_models() - {made._meta.model for made in FACTORIES} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("made", FACTORIES, ids=lambda made: made.__name__)
def test_a_factory_makes_a_row_that_passes_every_rule(made: FactoryMetaClass) -> None:
    first, second = made(), made()
    assert first.pk != second.pk
    try:
        first.full_clean()
    except ValidationError as refusal:
        pytest.fail(str(refusal))


@pytest.mark.django_db
def test_a_study_is_published_and_cited_unless_asked_otherwise() -> None:
    study = factories.StudyFactory(cited__year=2015)
    assert study.is_public
    assert study.primary_citation.year == 2015
    assert not factories.StudyFactory(draft=True).is_public
    assert factories.StudyFactory(cited=False).primary_citation is None
