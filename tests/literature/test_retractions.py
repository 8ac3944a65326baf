"""What Crossref and PubMed say of a paper's standing is read as they mean it, written with its reason, never undone."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from pytest_httpserver import HTTPServer
from werkzeug import Response

from foundation.history import versions
from literature.choices import RetractionStatus
from literature.models import Citation
from literature.readers import medline_records
from literature.retractions import crossref_notices, medline_notices, standing_of
from literature.services import record_standing
from tests.factories import CitationFactory

RETRACTED, CONCERN = RetractionStatus.RETRACTED, RetractionStatus.EXPRESSION_OF_CONCERN
CORRECTED, NONE_FOUND = RetractionStatus.CORRECTED, RetractionStatus.NONE_FOUND
NOT_CHECKED = RetractionStatus.NOT_CHECKED
DOI = "10.1177/1758835920922055"


def update(kind: str, **fields: Any) -> dict[str, Any]:
    """An entry as Crossref's REST API writes it."""
    return {
        "DOI": "10.1177/notice",
        "type": kind,
        "label": kind.title(),
        "source": "publisher",
        "updated": {"date-parts": [[2021, 5, 1]], "date-time": "2021-05-01T00:00:00Z", "timestamp": 1},
        **fields,
    }


WORKS: dict[str, tuple[dict[str, Any], list[tuple[RetractionStatus, str]]]] = {
    "nothing": ({}, []),
    "a retraction": (
        {"updated-by": [update("retraction")]},
        [(RETRACTED, "Crossref: retraction 10.1177/notice of 2021-05-01")],
    ),
    "by Retraction Watch as well": (
        {"updated-by": [update("Retraction", source="retraction-watch")]},
        [(RETRACTED, "Crossref: retraction 10.1177/notice of 2021-05-01 by Retraction Watch")],
    ),
    "a withdrawal": ({"updated-by": [update("withdrawal")]}, [(RETRACTED, "withdrawal")]),
    "a removal": ({"updated-by": [update("removal")]}, [(RETRACTED, "removal")]),
    "a partial retraction": (
        {"updated-by": [update("partial_retraction")]},
        [(CONCERN, "partial retraction")],
    ),
    "a concern": ({"updated-by": [update("expression_of_concern")]}, [(CONCERN, "expression of concern")]),
    "a concern with other signs": ({"updated-by": [update("Expression of Concern")]}, [(CONCERN, "concern")]),
    "an erratum": ({"updated-by": [update("erratum")]}, [(CORRECTED, "erratum")]),
    "a new version": ({"updated-by": [update("new_version")]}, []),
    "a kind nobody knows": ({"updated-by": [update("jubilation"), {"DOI": "10.1/x"}]}, []),
    "it is itself the notice of another": ({"update-to": [update("retraction", DOI="10.1177/other")]}, []),
    "the notice stands in the paper": (
        {"update-to": [update("retraction", DOI=DOI.upper())]},
        [(RETRACTED, f"Crossref: retraction {DOI.upper()}")],
    ),
    "replaced": (
        {"relation": {"is-replaced-by": [{"id-type": "doi", "id": "10.1/new", "asserted-by": "subject"}]}},
        [(CORRECTED, "Crossref: is replaced by 10.1/new")],
    ),
    "other relations": ({"relation": {"has-review": [{"id": "10.1/r"}], "is-preprint-of": []}}, []),
    "the title says so": (
        {"title": ["RETRACTED ARTICLE: A trial"]},
        [(RETRACTED, "the title now reads “RETRACTED ARTICLE: A trial”")],
    ),
    "the title of the notice": ({"title": ["Retraction notice to: A trial"]}, []),
    "a trial of withdrawn drugs": ({"title": ["Withdrawn drugs in IgG4-related disease: a trial"]}, []),
    "nonsense where lists belong": ({"updated-by": "yes", "update-to": {}, "relation": [], "title": 4}, []),
}


@pytest.mark.parametrize(("work", "expected"), WORKS.values(), ids=WORKS.keys())
def test_a_work_of_crossref(work: dict[str, Any], expected: list[tuple[RetractionStatus, str]]) -> None:
    found = crossref_notices({"DOI": DOI, "title": ["A trial"], **work})
    assert [notice.status for notice in found] == [status for status, _ in expected]
    for notice, (_, words) in zip(found, expected, strict=True):
        assert words in str(notice)


MEDLINE: dict[str, tuple[str, list[RetractionStatus]]] = {
    "nothing": ("PT  - Journal Article", []),
    "a retracted publication": ("PT  - Journal Article\nPT  - Retracted Publication", [RETRACTED]),
    "retraction in": ("RIN - Gut. 2020 Jan;69(1):1. PMID: 1", [RETRACTED]),
    "retracted and republished": ("RRI - Gut. 2020", [RETRACTED]),
    "partial retraction": ("PRIN- Gut. 2020", [CONCERN]),
    "concern": ("ECI - Gut. 2020", [CONCERN]),
    "erratum, twice": ("EIN - Gut. 2020\nEIN - Gut. 2021", [CORRECTED, CORRECTED]),
    "the notice itself": ("PT  - Retraction of Publication\nROF - Gut. 2019\nEFR - Gut. 2018\nECF - Gut", []),
    "a comment": ("CIN - Gut. 2020\nCON - Gut", []),
}


@pytest.mark.parametrize(("lines", "statuses"), MEDLINE.values(), ids=MEDLINE.keys())
def test_a_record_of_pubmed(lines: str, statuses: list[RetractionStatus]) -> None:
    (record,) = medline_records(f"PMID- 1\nTI  - A trial.\n{lines}\n")
    assert [notice.status for notice in medline_notices(record)] == statuses


# ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────────


def work(doi: str = DOI, **fields: Any) -> Response:
    message = {"DOI": doi, "title": ["A trial"], **fields}
    return Response(
        json.dumps({"status": "ok", "message-type": "work", "message": message}),
        content_type="application/json",
    )


def record(pmid: str, *lines: str) -> Response:
    return Response(
        "\n".join(["", f"PMID- {pmid}", "TI  - A trial.", *lines, ""]),
        content_type="text/plain; charset=UTF-8",
    )


def serve(services: HTTPServer, crossref: Response | None = None, pubmed: Response | None = None) -> None:
    """Both services, each answering any question with this; one that is not given knows nothing."""
    services.expect_request(re.compile("^/crossref/works/")).respond_with_response(
        crossref or Response("Resource not found.", status=404)
    )
    services.expect_request("/eutils/efetch.fcgi").respond_with_response(pubmed or Response("", status=400))


def test_both_are_asked_as_they_want_to_be(services: HTTPServer) -> None:
    serve(services, work(), record("25667206"))
    standing = standing_of(Citation(doi=DOI, pmid="25667206"))
    assert standing.status == NONE_FOUND
    assert standing.reason == "Crossref and PubMed knew of no notice"
    (to_crossref, _), (to_pubmed, _) = services.log
    assert to_crossref.path == f"/crossref/works/{DOI}"
    assert to_crossref.args.to_dict() == {"mailto": "atlas@example.org"}
    assert to_crossref.headers["User-Agent"].endswith("(mailto:atlas@example.org)")
    assert to_pubmed.args.to_dict() == {
        "db": "pubmed",
        "id": "25667206",
        "rettype": "medline",
        "retmode": "text",
        "tool": "igg4-rd-therapy-atlas",
        "email": "atlas@example.org",
    }


STANDINGS: dict[str, tuple[Response | None, Response | None, RetractionStatus | None, int]] = {
    "the graver counts": (
        work(**{"updated-by": [update("erratum")]}),
        record("1", "RIN - Gut"),
        RETRACTED,
        0,
    ),
    "one does not know it": (None, record("1"), NONE_FOUND, 0),
    "none knows it": (None, None, None, 0),
    "one fails, the other knows of nothing": (Response("", status=500), record("1"), None, 1),
    "one fails, the other knows of a notice": (
        Response("", status=500),
        record("1", "RIN - Gut"),
        RETRACTED,
        1,
    ),
    "another work": (work("10.1/other"), record("1"), None, 1),
    "no work": (Response("{}", content_type="application/json"), record("1"), None, 1),
    "an array": (Response("[]", content_type="application/json"), record("1"), None, 1),
    "another record": (work(), record("2"), None, 1),
    "no record": (work(), Response("\n\n", content_type="text/plain"), None, 1),
    "a web page": (work(), Response("<html>", content_type="text/html"), None, 1),
}


@pytest.mark.parametrize(
    ("crossref", "pubmed", "status", "failures"), STANDINGS.values(), ids=STANDINGS.keys()
)
def test_the_standing_of_a_citation(
    services: HTTPServer,
    crossref: Response | None,
    pubmed: Response | None,
    status: RetractionStatus | None,
    failures: int,
) -> None:
    serve(services, crossref, pubmed)
    standing = standing_of(Citation(doi=DOI, pmid="1"))
    assert standing.status == status
    assert len(standing.failures) == failures


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

RISES = [
    (NOT_CHECKED, NONE_FOUND, NONE_FOUND),
    (NOT_CHECKED, RETRACTED, RETRACTED),
    (CORRECTED, CONCERN, CONCERN),
    (RETRACTED, NONE_FOUND, RETRACTED),
    (RETRACTED, CORRECTED, RETRACTED),
    (CONCERN, CONCERN, CONCERN),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("stored", "found", "after"), RISES)
def test_a_standing_rises_and_never_falls(
    stored: RetractionStatus, found: RetractionStatus, after: RetractionStatus
) -> None:
    citation = CitationFactory(retraction_status=stored)
    rose = record_standing(
        citation=citation, status=found, checked_on=date(2026, 11, 25), reason="Gut says so"
    )
    citation.refresh_from_db()
    assert (citation.retraction_status, citation.retraction_checked_on) == (after, date(2026, 11, 25))
    assert rose == (after != stored)
    newest = versions([citation.history.all()])[0]
    assert newest.reason == "Gut says so"


@pytest.mark.django_db
def test_what_was_found_again_on_the_same_day_makes_no_history() -> None:
    citation = CitationFactory()
    for _ in range(2):
        record_standing(citation=citation, status=NONE_FOUND, checked_on=date(2026, 11, 25), reason="x")
    assert citation.history.count() == 2


# ── What readers see ─────────────────────────────────────────────────────────────────────────────────────────────

SHOWN = [
    (NOT_CHECKED, ""),
    (NONE_FOUND, ""),
    (CORRECTED, "Corrected"),
    (CONCERN, "Expression of concern"),
    (RETRACTED, "Retracted"),
]


@pytest.mark.parametrize(("status", "words"), SHOWN)
def test_a_reference_begins_with_the_notice_that_is_known(status: RetractionStatus, words: str) -> None:
    cited = Citation(slug="x", title="A trial", vancouver="A trial.", retraction_status=status)
    shown = render_to_string("components/reference.html", {"citation": cited})
    assert cited.notice == words
    assert ("source-warning" in shown) == bool(words)
    if words:
        assert f"{words}.</strong> A trial." in shown
