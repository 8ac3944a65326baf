"""A paper's record, asked for by its identifier: DOIs at the DOI resolver, PMIDs and PMCIDs at PubMed.

Both answer in CSL-JSON. The resolver passes the question on to whoever registered the DOI (content negotiation:
www.crossref.org/documentation/retrieve-metadata/content-negotiation/); PubMed's service is the Literature Citation
Exporter (pmc.ncbi.nlm.nih.gov/api/ctxp/), which wants no more than three questions a second.
"""

import json
from typing import Any
from urllib.parse import quote

from django.conf import settings

from literature.asking import BY_HAND, Deadline, LookupFailed, NotFound, ask, decoded
from literature.csl import clean_doi, clean_pmcid, from_csl
from literature.models import Citation
from literature.pasting import Kind, Recognised

CSL_MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
ACCEPTED = f"{CSL_MEDIA_TYPE}, application/citeproc+json;q=0.9, application/json;q=0.8"
DOI_RESOLVER = "The DOI resolver"
PUBMED = "PubMed"


def look_up(identifier: Recognised, *, deadline: Deadline | None = None) -> Citation:
    """The unsaved citation of a DOI, PMID or PMCID. Raises LookupFailed with its reason and an advice."""
    citation = from_csl(look_up_csl(identifier, deadline=deadline))
    # What was pasted beside it is the same paper's; an answer of the resolver names no PMID.
    for kind, value in ((identifier.kind, identifier.value), *identifier.also):
        name = kind.lower()
        if not getattr(citation, name):
            setattr(citation, name, value)
    return citation


def look_up_csl(identifier: Recognised, *, deadline: Deadline | None = None) -> dict[str, Any]:
    """The CSL-JSON item of a DOI, PMID or PMCID. Raises LookupFailed."""
    if identifier.kind == Kind.DOI:
        return _by_doi(identifier.value, deadline)
    if identifier.kind in (Kind.PMID, Kind.PMCID):
        return _by_number(identifier, deadline)
    raise ValueError(f"{identifier.kind} is a record to be read, not an identifier to be looked up")


def _by_doi(doi: str, deadline: Deadline | None) -> dict[str, Any]:
    address = f"{settings.DOI_RESOLVER_URL}/{quote(doi, safe='/:;()')}"
    item = _item(address, {}, DOI_RESOLVER, doi, deadline)
    told = clean_doi(str(item.get("DOI") or doi))
    if told != doi:
        raise LookupFailed(
            f"{DOI_RESOLVER} answered about another publication, {told}.",
            f"Open https://doi.org/{doi} and see which it is. Paste {told} if that is the paper you mean.",
        )
    return item


def _by_number(identifier: Recognised, deadline: Deadline | None) -> dict[str, Any]:
    database, key = ("pubmed", "PMID") if identifier.kind == Kind.PMID else ("pmc", "PMCID")
    number = identifier.value.removeprefix("PMC")
    address = f"{settings.PUBMED_CITATION_URL}/{database}/"
    asked = {"format": "csl", "id": number, **contact()}
    item = _item(address, asked, PUBMED, f"{identifier.kind} {number}", deadline)
    told = str(item.get(key) or identifier.value)
    if (told if key == "PMID" else clean_pmcid(told)) != identifier.value:
        raise LookupFailed(f"{PUBMED} answered about another publication, {key} {told}.", BY_HAND)
    return item


def contact() -> dict[str, str]:
    """What the services of NCBI ask every program to tell."""
    told = {"tool": "igg4-rd-therapy-atlas"}
    return told | ({"email": settings.LITERATURE_CONTACT} if settings.LITERATURE_CONTACT else {})


def _item(
    address: str, params: dict[str, str], service: str, asked: str, deadline: Deadline | None
) -> dict[str, Any]:
    try:
        response = ask(address, service=service, accept=ACCEPTED, params=params, deadline=deadline)
    except NotFound as error:
        raise NotFound(f"{service} does not know {asked}.", error.advice) from error
    item = read_json(decoded(response, service), service)
    if isinstance(item, list) and len(item) == 1:
        item = item[0]
    if not isinstance(item, dict):
        raise LookupFailed(f"{service} answered with JSON that is no record of one paper.", BY_HAND)
    if item.get("status") == "error":
        raise NotFound(
            f"{service} does not know {asked}.", f"Check it for a slip, digit by digit. Or: {BY_HAND}"
        )
    if not item.get("title"):
        raise LookupFailed(f"{service} answered with a record that has no title.", BY_HAND)
    return item


def read_json(text: str, service: str) -> Any:
    """The JSON of an answer. Raises LookupFailed where it is none, or stops half-way."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise LookupFailed(
            f"{service} gave an answer that cannot be read: broken off, or no JSON at all.",
        ) from error
