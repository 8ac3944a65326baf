"""Looking up asks as the services want to be asked, and survives every answer they can give."""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from literature.asking import LookupFailed, NotFound
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
