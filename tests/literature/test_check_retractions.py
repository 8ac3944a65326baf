"""`check_retractions` asks about what is due, writes what it found, and says what it could not ask."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from foundation.history import versions
from literature.models import Citation
from tests.factories import CitationFactory
from tests.literature.test_retractions import (
    NONE_FOUND,
    NOT_CHECKED,
    RETRACTED,
    record,
    serve,
    update,
    work,
)


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_retractions", *arguments, stdout=out, stderr=err)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def crossref(services: HTTPServer) -> dict[str, Response]:
    """What Crossref says by DOI; of the rest nothing is amiss."""
    said: dict[str, Response] = {}

    def say(request: Request) -> Response:
        doi = request.path.removeprefix("/crossref/works/")
        return said.get(doi, work(doi))

    services.expect_request(re.compile("^/crossref/works/")).respond_with_handler(say)
    return said


def citation(slug: str, **fields: Any) -> Citation:
    return CitationFactory(**{"slug": slug, "doi": f"10.1000/{slug}", "pmid": "", "pmcid": "", **fields})


@pytest.mark.django_db
def test_the_command_writes_what_it_found(crossref: dict[str, Response]) -> None:
    sound, retracted = citation("sound"), citation("taken-back")
    citation("web", doi="", title="A page")
    crossref[retracted.doi] = work(retracted.doi, **{"updated-by": [update("retraction")]})
    code, out, err = run()
    assert (code, err) == (0, "")
    assert (
        "taken-back: Retracted (was: not checked). Crossref: retraction 10.1177/notice of 2021-05-01" in out
    )
    assert "2 citations checked: 1 no notice found, 0 corrected, 0 expression of concern, 1 retracted." in out
    assert "1 have no DOI or PMID to ask for." in out
    for row in (sound, retracted):
        row.refresh_from_db()
        assert row.retraction_checked_on == timezone.localdate()
    assert (sound.retraction_status, retracted.is_retracted) == (NONE_FOUND, True)
    assert versions([retracted.history.all()])[0].reason.startswith("check_retractions: Crossref: retraction")


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(crossref: dict[str, Response]) -> None:
    row = citation("taken-back")
    crossref[row.doi] = work(row.doi, **{"updated-by": [update("retraction")]})
    code, out, _ = run("--dry-run")
    assert code == 0
    assert "taken-back: Retracted" in out and "Dry run: nothing was written." in out
    row.refresh_from_db()
    assert (row.retraction_status, row.retraction_checked_on) == (NOT_CHECKED, None)


@pytest.mark.django_db
def test_what_was_checked_lately_is_not_asked_about_again(
    services: HTTPServer, crossref: dict[str, Response]
) -> None:
    today = timezone.localdate()
    citation("lately", retraction_checked_on=today - timedelta(days=30))
    citation("long-ago", retraction_checked_on=today - timedelta(days=31))
    assert "1 citations checked" in run()[1]
    assert [request.path for request, _ in services.log] == ["/crossref/works/10.1000/long-ago"]
    assert "2 citations checked" in run("--all")[1]
    assert "0 citations checked" in run("--days", "1")[1]


@pytest.mark.django_db
def test_one_bad_answer_does_not_stop_the_rest(crossref: dict[str, Response]) -> None:
    bad, good = citation("a-bad"), citation("b-good")
    crossref[bad.doi] = Response("<html>", content_type="text/html")
    code, out, err = run()
    assert code == 1
    assert "a-bad: Crossref answered with a web page instead of a record." in err
    assert "1 could not be asked about in full; they come again at the next run." in err
    assert "1 citations checked: 1 no notice found" in out
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.retraction_status, bad.retraction_checked_on) == (NOT_CHECKED, None)
    assert good.retraction_status == NONE_FOUND


@pytest.mark.django_db
def test_half_an_answer_finds_a_notice_and_is_asked_for_again(services: HTTPServer) -> None:
    serve(services, Response("", status=500), record("1", "RIN - Gut. 2020"))
    row = citation("half", pmid="1")
    code, out, _ = run()
    assert code == 1
    assert "half: Retracted" in out
    row.refresh_from_db()
    assert row.is_retracted and row.retraction_checked_on is None


@pytest.mark.django_db
def test_what_a_person_knows_stays_and_is_told(crossref: dict[str, Response]) -> None:
    row = citation("known", retraction_status=RETRACTED)
    code, out, _ = run()
    assert code == 0
    assert (
        "known: Crossref knew of no notice, but the Atlas has “Retracted”, which stays. Please look." in out
    )
    row.refresh_from_db()
    assert row.is_retracted


@pytest.mark.django_db
def test_what_nobody_knows_is_told_and_stays_unchecked(services: HTTPServer) -> None:
    serve(services)
    row = citation("elsewhere", pmid="1")
    code, out, _ = run()
    assert code == 0
    assert "elsewhere: Crossref and PubMed do not know it." in out
    assert "1 not known there" in out
    row.refresh_from_db()
    assert row.retraction_status == NOT_CHECKED


@pytest.mark.django_db
def test_a_network_that_is_gone_is_not_asked_for_ever(services: HTTPServer) -> None:
    serve(services, Response("", status=500))
    for number in range(15):
        citation(f"c-{number:02d}")
    code, _, err = run()
    assert code == 1
    assert "10 failed one after the other: 5 were not asked about." in err
    assert "15 could not be asked about in full" in err
    assert len(services.log) == 10


REFUSED = [
    (
        (),
        {"LITERATURE_LOOKUP": False},
        "Looking up is switched off here (LITERATURE_LOOKUP): nobody was asked.",
    ),
    (("--days", "-1"), {"LITERATURE_LOOKUP": True}, "--days must be 0 or more."),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("arguments", "changes", "message"), REFUSED, ids=["off", "days"])
def test_the_command_refuses_by_its_message(
    settings: Any, arguments: tuple[str, ...], changes: dict[str, Any], message: str
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    code, out, err = run(*arguments)
    assert (code, out, err.strip()) == (1, "", message)
