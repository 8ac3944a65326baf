"""A notice about a study's own report stands on its page, in its list and in its references."""

import pytest
from django.test import Client

from literature.choices import RetractionStatus
from literature.models import Citation
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

NOTICES = [
    (RetractionStatus.RETRACTED, "This report has been retracted.", "Retracted"),
    (
        RetractionStatus.EXPRESSION_OF_CONCERN,
        "Expression of concern: read the notice beside this report.",
        "Expression of concern",
    ),
    (RetractionStatus.CORRECTED, "Corrected: read the notice beside this report.", "Corrected"),
    (RetractionStatus.NONE_FOUND, "", ""),
]


@pytest.mark.parametrize(("status", "caution", "word"), NOTICES, ids=[row[0] for row in NOTICES])
def test_a_notice_is_shown_where_a_reader_meets_the_study(
    client: Client, status: RetractionStatus, caution: str, word: str
) -> None:
    study = StudyFactory(slug="author-2020")
    Citation.objects.filter(pk=study.primary_citation.pk).update(retraction_status=status)
    page = client.get("/studies/author-2020/").content.decode()
    listed = client.get("/studies/").content.decode()
    if not word:
        assert "read the notice beside" not in page and "source-warning" not in page + listed
        return
    assert caution in page
    assert f'<strong class="source-warning">{word}.</strong>' in page
    assert f'<strong class="source-warning">{word}</strong>' in listed
