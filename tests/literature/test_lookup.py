"""Looking up asks as the services want to be asked, and survives every answer they can give."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from literature import asking
from literature.asking import LookupFailed, NotFound, retry_after
from literature.lookup import CSL_MEDIA_TYPE, look_up
from literature.pasting import Kind, Recognised
from literature.services import citation_from_paste

DOI = "10.1136/annrheumdis-2014-206605"
# As Crossref answers content negotiation: its own types, HTML in titles, dates of print and of first appearance.
OF_CROSSREF = {
    "type": "journal-article",
    "title": "Rituximab for <i>IgG4</i>-related disease: a prospective, open-label trial",
    "container-title": "Annals of the Rheumatic Diseases",
    "author": [
        {"given": "Mollie N", "family": "Carruthers", "sequence": "first", "affiliation": []},
        {"given": "Mark D", "family": "Topazian", "sequence": "additional", "affiliation": []},
    ],
    "issued": {"date-parts": [[2015, 2, 9]]},
    "published-print": {"date-parts": [[2015, 6]]},
    "volume": "74",
    "issue": "6",
    "page": "1171-1177",
    "DOI": DOI,
    "URL": f"http://dx.doi.org/{DOI}",
    "publisher": "BMJ",
    "reference-count": 21,
}
# As the Literature Citation Exporter answers.
OF_PUBMED = {
    "source": "PubMed",
    "accessed": {"date-parts": [[2026, 11, 25]]},
    "id": "pmid:25667206",
    "title": "Rituximab for IgG4-related disease: a prospective, open-label trial",
    "author": [{"family": "Carruthers", "given": "Mollie N."}, {"family": "Topazian", "given": "Mark D."}],
    "container-title-short": "Ann Rheum Dis",
    "container-title": "Annals of the rheumatic diseases",
    "publisher-place": "England",
    "ISSN": "0003-4967",
    "issued": {"date-parts": [[2015, 6]]},
    "page": "1171-7",
    "volume": "74",
    "issue": "6",
    "PMID": "25667206",
    "PMCID": "PMC5119524",
    "DOI": DOI,
    "type": "article-journal",
}
BY_DOI = Recognised(Kind.DOI, DOI)
BY_PMID = Recognised(Kind.PMID, "25667206")


def answer(item: Any, content_type: str = CSL_MEDIA_TYPE, **fields: Any) -> Response:
    body = item if isinstance(item, bytes | str) else json.dumps(item)
    return Response(body, content_type=content_type, **fields)


# ── Right answers ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_doi_is_asked_for_by_content_negotiation(services: HTTPServer) -> None:
    services.expect_ordered_request(
        f"/doi/{DOI}",
        method="GET",
        headers={"User-Agent": "IgG4-RD-Therapy-Atlas/1.0 (mailto:atlas@example.org)"},
    ).respond_with_response(answer(OF_CROSSREF))
    citation = look_up(BY_DOI)
    services.check_assertions()
    ((request, _),) = services.log
    assert request.headers["Accept"].startswith(CSL_MEDIA_TYPE)
    assert citation.pk is None
    assert (
        citation.title,
        citation.journal,
        citation.year,
        citation.volume,
        citation.issue,
        citation.pages,
    ) == (
        "Rituximab for IgG4-related disease: a prospective, open-label trial",
        "Annals of the Rheumatic Diseases",
        2015,
        "74",
        "6",
        "1171-1177",
    )
    assert citation.authors == ["Carruthers MN", "Topazian MD"]
    assert (citation.doi, citation.url, citation.csl_type) == (DOI, "", "article-journal")


@pytest.mark.parametrize(
    ("identifier", "path", "number"),
    [(BY_PMID, "/ctxp/pubmed/", "25667206"), (Recognised(Kind.PMCID, "PMC5119524"), "/ctxp/pmc/", "5119524")],
    ids=["PMID", "PMCID"],
)
def test_a_number_is_asked_for_at_pubmed(
    services: HTTPServer, identifier: Recognised, path: str, number: str
) -> None:
    services.expect_request(
        path,
        query_string={
            "format": "csl",
            "id": number,
            "tool": "igg4-rd-therapy-atlas",
            "email": "atlas@example.org",
        },
    ).respond_with_response(answer(OF_PUBMED, "application/json"))
    citation = look_up(identifier)
    assert (citation.doi, citation.pmid, citation.pmcid) == (DOI, "25667206", "PMC5119524")
    assert citation.pages == "1171-1177"


def test_without_a_contact_none_is_told(services: HTTPServer, settings: Any) -> None:
    settings.LITERATURE_CONTACT = ""
    services.expect_request("/ctxp/pubmed/").respond_with_response(answer([OF_PUBMED], "application/json"))
    look_up(BY_PMID)
    ((request, _),) = services.log
    assert request.headers["User-Agent"] == "IgG4-RD-Therapy-Atlas/1.0"
    assert "email" not in request.args


def test_what_was_pasted_beside_a_doi_is_kept(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(answer(OF_CROSSREF))
    assert look_up(Recognised(Kind.DOI, DOI, also=((Kind.PMID, "25667206"),))).pmid == "25667206"


def test_a_doi_with_signs_that_mean_something_in_an_address_is_asked_for_whole(services: HTTPServer) -> None:
    doi = "10.1002/1529-0131(200105)44:5<1021::aid-anr186>3.0.co;2-x#a?b"
    services.expect_request(f"/doi/{doi}").respond_with_response(answer({"title": "A", "DOI": doi.upper()}))
    assert look_up(Recognised(Kind.DOI, doi)).doi == doi


def test_a_latin_1_answer_that_says_so_is_read(services: HTTPServer) -> None:
    body = json.dumps({"title": "Ménière", "DOI": DOI}, ensure_ascii=False).encode("latin-1")
    services.expect_request(f"/doi/{DOI}").respond_with_response(
        answer(body, "application/json; charset=latin-1")
    )
    assert look_up(BY_DOI).title == "Ménière"


# ── Redirects ────────────────────────────────────────────────────────────────────────────────────────────────────


def redirect(location: str, status: int = 302) -> Response:
    return Response("", status=status, headers={"Location": location})


def test_redirects_are_followed_and_the_question_goes_along(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect("/one", 301))
    services.expect_request("/one").respond_with_response(redirect(services.url_for("/two"), 307))
    services.expect_request("/two").respond_with_response(answer(OF_CROSSREF))
    assert look_up(BY_DOI).year == 2015
    assert {request.headers["Accept"][: len(CSL_MEDIA_TYPE)] for request, _ in services.log} == {
        CSL_MEDIA_TYPE
    }


REDIRECTS = {
    "to itself": ("/doi/" + DOI, "The DOI resolver sends in a circle"),
    "to a file": ("file:///etc/passwd", r"sends to an address that is none of the web \(file:\)"),
    "to another scheme": ("ftp://example.org/x", r"none of the web \(ftp:\)"),
    "to a script": ("javascript:alert(1)", "an answer that cannot be read"),
    "to nowhere": ("", "sends elsewhere, but does not say where"),
    "to a name without address": (
        "http://nowhere.invalid/x",
        "sends to nowhere.invalid, which has no address",
    ),
    "behind this server": ("http://127.0.0.2/admin", "sends to 127.0.0.2, which is no public address"),
    "to the cloud's own data": (
        "http://169.254.169.254/latest",
        "169.254.169.254, which is no public address",
    ),
    "to the inside by IPv6": ("http://[::1]:5432/", "sends to ::1, which is no public address"),
}


@pytest.mark.parametrize(("location", "message"), REDIRECTS.values(), ids=REDIRECTS.keys())
def test_a_redirect_that_leads_astray_is_refused(services: HTTPServer, location: str, message: str) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect(location))
    with pytest.raises(LookupFailed, match=message):
        look_up(BY_DOI)
    assert len(services.log) == 1


def test_redirects_end(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect("/hop/0"))
    for number in range(10):
        services.expect_request(f"/hop/{number}").respond_with_response(redirect(f"/hop/{number + 1}"))
    with pytest.raises(LookupFailed, match="sends on more than 5 times"):
        look_up(BY_DOI)
    assert len(services.log) == 6


def test_a_circle_of_two_ends(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect("/there"))
    services.expect_request("/there").respond_with_response(redirect(f"/doi/{DOI}"))
    with pytest.raises(LookupFailed, match="sends in a circle"):
        look_up(BY_DOI)


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────

REFUSALS: dict[str, tuple[Response, str]] = {
    "unknown": (
        answer("Not found", "text/plain", status=404),
        f"The DOI resolver does not know {DOI}. Check it",
    ),
    "not negotiable": (
        answer("", status=406),
        "has it, but not as a record that can be read. Fill in the fields",
    ),
    "locked out": (answer("", status=403), r"does not let this server in \(403\)"),
    "a fault of its own": (
        answer("", status=500),
        r"has a fault of its own \(500\). Try again in a few minutes",
    ),
    "nothing to say": (answer("", status=204), r"in a way that was not expected \(204\)"),
    "a page with status 200": (
        answer("<html><title>Landing page</title>", "text/html; charset=utf-8"),
        "answered with a web page instead of a record. Fill in the fields",
    ),
    "a PDF": (answer(b"%PDF-1.7", "application/pdf"), "answered with application/pdf instead of a record"),
    "broken off JSON": (
        answer('{"title": "A tri'),
        "an answer that cannot be read: broken off, or no JSON at all",
    ),
    "no JSON": (answer(b"\x00\x01garbage"), "broken off, or no JSON at all"),
    "empty": (answer(""), "gave an empty answer"),
    "blank": (answer(" \n "), "gave an empty answer"),
    "a number": (answer("42"), "JSON that is no record of one paper"),
    "two records": (answer([OF_CROSSREF, OF_CROSSREF]), "JSON that is no record of one paper"),
    "no title": (answer({"DOI": DOI}), "a record that has no title"),
    "another paper": (
        answer({**OF_CROSSREF, "DOI": "10.1000/other"}),
        "about another publication, 10.1000/other. Open https://doi.org/10.1136",
    ),
    "not in the charset it names": (
        answer('{"title": "Ménière"}'.encode("latin-1"), f"{CSL_MEDIA_TYPE}; charset=utf-8"),
        r"in characters that cannot be read \(it says utf-8\)",
    ),
    "a charset nobody knows": (
        answer("{}", f"{CSL_MEDIA_TYPE}; charset=klingon"),
        r"cannot be read \(it says klingon\)",
    ),
    "no gzip": (
        answer(b"plain", headers={"Content-Encoding": "gzip"}),
        "gave an answer that cannot be read",
    ),
}


@pytest.mark.parametrize(("response", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_an_answer_that_is_no_record_is_refused(
    services: HTTPServer, response: Response, message: str
) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(response)
    with pytest.raises(LookupFailed, match=message) as failure:
        look_up(BY_DOI)
    assert failure.value.reason.startswith("The DOI resolver")
    assert failure.value.advice
    assert len(services.log) == 1, "asked again in vain"


PUBMED_REFUSALS: dict[str, tuple[Response, type[LookupFailed], str]] = {
    "a number that cannot be": (
        answer({"status": "error", "reason": {"id": [["wrong"]]}}, "application/json", status=400),
        NotFound,
        "PubMed does not know PMID 25667206",
    ),
    "an error with status 200": (
        answer({"status": "error", "reason": {}}, "application/json"),
        NotFound,
        "PubMed does not know PMID 25667206",
    ),
    "XML": (
        answer('<pub-one-record-set error="PubOne failure"/>', "application/xml"),
        LookupFailed,
        "PubMed answered with application/xml instead of a record",
    ),
    "another paper": (
        answer({**OF_PUBMED, "PMID": "1"}, "application/json"),
        LookupFailed,
        "PubMed answered about another publication, PMID 1",
    ),
}


@pytest.mark.parametrize(
    ("response", "kind", "message"), PUBMED_REFUSALS.values(), ids=PUBMED_REFUSALS.keys()
)
def test_what_pubmed_does_not_know(
    services: HTTPServer, response: Response, kind: type[LookupFailed], message: str
) -> None:
    services.expect_request("/ctxp/pubmed/").respond_with_response(response)
    with pytest.raises(kind, match=message):
        look_up(BY_PMID)


def test_a_huge_answer_is_not_read_to_its_end(services: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = 0

    def flood(request: Request) -> Response:
        def chunks() -> Iterator[bytes]:
            nonlocal sent
            for _ in range(64):
                sent += 1
                yield b" " * 1024 * 1024

        return Response(chunks(), content_type=CSL_MEDIA_TYPE)

    services.expect_request(f"/doi/{DOI}").respond_with_handler(flood)
    with pytest.raises(LookupFailed, match="more than 4 MB, which is no record of a paper"):
        look_up(BY_DOI)
    assert sent < 64


# ── Slowness and haste ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_service_that_does_not_answer_in_time_is_left(services: HTTPServer, settings: Any) -> None:
    settings.LITERATURE_LOOKUP_SECONDS = 0.3
    services.expect_request(f"/doi/{DOI}").respond_with_handler(lambda request: sleep_and_answer(1.0))
    started = time.monotonic()
    with pytest.raises(LookupFailed, match=r"took longer than 0.3 seconds\. Try again in a few minutes"):
        look_up(BY_DOI)
    assert time.monotonic() - started < 0.9


def sleep_and_answer(seconds: float) -> Response:
    # Not time.sleep, which the fixture has taken away.
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pass
    return answer(OF_CROSSREF)


def test_an_answer_that_drips_is_left(services: HTTPServer, settings: Any) -> None:
    settings.LITERATURE_LOOKUP_SECONDS = 0.3

    def drip(request: Request) -> Response:
        def drops() -> Iterator[bytes]:
            for _ in range(20):
                sleep_and_answer(0.1)
                yield b" "

        return Response(drops(), content_type=CSL_MEDIA_TYPE)

    services.expect_request(f"/doi/{DOI}").respond_with_handler(drip)
    started = time.monotonic()
    with pytest.raises(LookupFailed, match="took longer than"):
        look_up(BY_DOI)
    assert time.monotonic() - started < 1.0


def test_a_busy_service_is_asked_again_when_it_wants(services: HTTPServer, pauses: list[float]) -> None:
    services.expect_ordered_request(f"/doi/{DOI}").respond_with_response(
        answer("", status=429, headers={"Retry-After": "2"})
    )
    services.expect_ordered_request(f"/doi/{DOI}").respond_with_response(answer("", status=503))
    services.expect_ordered_request(f"/doi/{DOI}").respond_with_response(answer(OF_CROSSREF))
    assert look_up(BY_DOI).year == 2015
    # Its own wish first, then twice as long.
    assert pauses == [2.0, 4.0]


BUSY = {
    "no wish": (429, {}, "The DOI resolver is asked too often from here. Try again", 3),
    "a wish beyond our patience": (
        429,
        {"Retry-After": "3600"},
        "asked too often from here. It wants 60 minutes of rest. Wait that long, then try again",
        1,
    ),
    "a wish as a date": (
        503,
        {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)},
        r"is busy or being mended \(503\). It wants 14\d\d minutes of rest",
        1,
    ),
    "a wish that is none": (503, {"Retry-After": "soon"}, r"busy or being mended \(503\). Try again", 3),
    "no gate": (504, {}, r"busy or being mended \(504\)", 3),
}


@pytest.mark.parametrize(("status", "headers", "message", "asked"), BUSY.values(), ids=BUSY.keys())
def test_a_service_that_stays_busy_is_left(
    services: HTTPServer, status: int, headers: dict[str, str], message: str, asked: int
) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(answer("", status=status, headers=headers))
    with pytest.raises(LookupFailed, match=message):
        look_up(BY_DOI)
    assert len(services.log) == asked


def test_a_machine_that_is_not_there(services: HTTPServer, settings: Any, pauses: list[float]) -> None:
    settings.DOI_RESOLVER_URL = "http://127.0.0.1:9"
    with pytest.raises(LookupFailed, match=r"cannot be reached from here .* access to the network"):
        look_up(BY_DOI)
    assert pauses == [0.5, 1.0]


def test_an_answer_that_breaks_off_is_asked_for_again(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_handler(
        lambda request: Response(
            iter(['{"title": "A tri']), content_type=CSL_MEDIA_TYPE, headers={"Content-Length": "4000"}
        )
    )
    with pytest.raises(LookupFailed, match="The DOI resolver broke off in the middle of its answer"):
        look_up(BY_DOI)
    assert len(services.log) == 3


RETRY_AFTER = [("120", 120.0), (" 0 ", 0.0), ("", None), ("soon", None), ("-5", None)]


@pytest.mark.parametrize(("value", "seconds"), RETRY_AFTER)
def test_retry_after_is_a_number_or_nothing(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_is_a_date_and_never_in_the_past() -> None:
    in_a_minute = datetime.now(UTC) + timedelta(seconds=60)
    assert retry_after(format_datetime(in_a_minute, usegmt=True)) == pytest.approx(60, abs=2)
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


def test_one_host_is_asked_no_more_than_three_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "GAP", 0.05)
    started = time.monotonic()
    for _ in range(4):
        asking._keep_pace("one.example.org")
    assert time.monotonic() - started >= 0.15
    started = time.monotonic()
    asking._keep_pace("other.example.org")
    assert time.monotonic() - started < 0.05


# ── The switch, and what becomes of a paste ──────────────────────────────────────────────────────────────────────


def test_where_looking_up_is_off_nobody_is_asked(services: HTTPServer, settings: Any) -> None:
    settings.LITERATURE_LOOKUP = False
    with pytest.raises(LookupFailed, match=r"switched off here \(LITERATURE_LOOKUP\). Fill in the fields"):
        look_up(BY_DOI)
    assert services.log == []


def test_a_record_is_not_looked_up() -> None:
    with pytest.raises(ValueError, match="RIS is a record to be read"):
        look_up(Recognised(Kind.RIS, "TY  - JOUR"))


@pytest.mark.django_db
def test_a_pasted_identifier_becomes_a_citation(services: HTTPServer) -> None:
    services.expect_request("/ctxp/pubmed/").respond_with_response(answer(OF_PUBMED, "application/json"))
    outcome = citation_from_paste(text="PMID: 25667206")
    assert outcome.known is None and outcome.advice == "" and outcome.papers[0].faults == ()
    assert outcome.citation is not None and outcome.citation.doi == DOI


@pytest.mark.django_db
def test_a_failed_look_up_keeps_what_was_typed(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(answer("", status=404))
    outcome = citation_from_paste(text=f"https://doi.org/{DOI}")
    assert outcome.citation is not None and outcome.citation.doi == DOI
    assert outcome.advice.startswith(f"The DOI resolver does not know {DOI}. Check it for a slip")


@pytest.mark.django_db
def test_of_many_identifiers_ten_are_looked_up(services: HTTPServer) -> None:
    services.expect_request("/ctxp/pubmed/").respond_with_handler(
        lambda request: answer({"title": "A", "PMID": request.args["id"]}, "application/json")
    )
    outcome = citation_from_paste(text="\n".join(str(number) for number in range(101, 113)))
    assert len(services.log) == 10
    assert [paper.citation.pmid for paper in outcome.papers] == [str(number) for number in range(101, 113)]
    assert [paper.advice for paper in outcome.papers[10:]] == [
        "This one was not looked up yet: paste it again by itself."
    ] * 2
