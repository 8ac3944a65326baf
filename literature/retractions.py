"""What Crossref and PubMed know of a paper's standing: retractions, expressions of concern, corrections.

Crossref names the notices of a work under `updated-by`, its members' own and those of Retraction Watch
(crossref.gitlab.io/tutorials/get-rw-metadata/). `update-to` speaks of other works, and makes this one a notice; only
where a publisher wrote the notice into the paper itself does it name its own DOI. PubMed tells by publication type and
by tags such as RIN, "retraction in" (www.nlm.nih.gov/bsd/mms/medlineelements.html).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings

from literature.asking import BY_HAND, LookupFailed, NotFound, ask, decoded
from literature.choices import GRAVITY, RetractionStatus
from literature.csl import clean_doi
from literature.lookup import PUBMED, contact, read_json
from literature.models import Citation
from literature.readers import medline_records

CROSSREF = "Crossref"
# How long a busy service may let the command wait between two questions.
PATIENCE = 90.0  # seconds
CROSSREF_UPDATES: dict[str, RetractionStatus] = {
    "retraction": RetractionStatus.RETRACTED,
    "withdrawal": RetractionStatus.RETRACTED,
    "removal": RetractionStatus.RETRACTED,
    # A part is taken back; whether the part that the Atlas quotes is for a person to see.
    "partial_retraction": RetractionStatus.EXPRESSION_OF_CONCERN,
    "expression_of_concern": RetractionStatus.EXPRESSION_OF_CONCERN,
    "correction": RetractionStatus.CORRECTED,
    "corrigendum": RetractionStatus.CORRECTED,
    "erratum": RetractionStatus.CORRECTED,
    "addendum": RetractionStatus.CORRECTED,
    "clarification": RetractionStatus.CORRECTED,
}
CROSSREF_RELATIONS: dict[str, RetractionStatus] = {"is-replaced-by": RetractionStatus.CORRECTED}
MEDLINE_TAGS: dict[str, tuple[RetractionStatus, str]] = {
    "RIN": (RetractionStatus.RETRACTED, "retraction in"),
    "RRI": (RetractionStatus.RETRACTED, "retracted and republished in"),
    "PRIN": (RetractionStatus.EXPRESSION_OF_CONCERN, "partial retraction in"),
    "ECI": (RetractionStatus.EXPRESSION_OF_CONCERN, "expression of concern in"),
    "EIN": (RetractionStatus.CORRECTED, "erratum in"),
    "CRI": (RetractionStatus.CORRECTED, "corrected and republished in"),
}
MEDLINE_TYPES: dict[str, RetractionStatus] = {"retracted publication": RetractionStatus.RETRACTED}
_RETRACTED_TITLE = re.compile(
    r"\W*(?:retracted|withdrawn|removed)(?:\s+(?:article|paper|chapter))?\s*[:\]]", re.IGNORECASE
)


@dataclass(frozen=True)
class Notice:
    """One notice: what it makes of the paper, who tells it, and what it says."""

    status: RetractionStatus
    source: str
    says: str

    def __str__(self) -> str:
        return f"{self.source}: {self.says}"


@dataclass(frozen=True)
class Standing:
    """What was found of one citation, and which services could not be asked or do not know it."""

    notices: tuple[Notice, ...] = ()
    failures: tuple[LookupFailed, ...] = ()
    unknown_to: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()

    @property
    def status(self) -> RetractionStatus | None:
        """The gravest of the notices; without one "none found" if all who were asked answered, else None."""
        if self.notices:
            return max((notice.status for notice in self.notices), key=GRAVITY.index)
        return RetractionStatus.NONE_FOUND if self.answered and not self.failures else None

    @property
    def reason(self) -> str:
        """For the history: who said what."""
        if self.notices:
            return "; ".join(dict.fromkeys(str(notice) for notice in self.notices))
        return f"{' and '.join(self.answered)} knew of no notice"


def standing_of(citation: Citation) -> Standing:
    """Ask Crossref for the DOI and PubMed for the PMID; a service that fails is told, and does not stop the other."""
    notices: list[Notice] = []
    failures: list[LookupFailed] = []
    unknown_to: list[str] = []
    answered: list[str] = []
    for name, service, asked in (("doi", CROSSREF, _ask_crossref), ("pmid", PUBMED, _ask_pubmed)):
        identifier = getattr(citation, name)
        if not identifier:
            continue
        try:
            notices += asked(identifier)
            answered.append(service)
        except NotFound:
            unknown_to.append(service)
        except LookupFailed as failure:
            failures.append(failure)
    return Standing(tuple(notices), tuple(failures), tuple(unknown_to), tuple(answered))


def _ask_crossref(doi: str) -> list[Notice]:
    address = f"{settings.CROSSREF_URL}/works/{quote(doi, safe='')}"
    params = {"mailto": settings.LITERATURE_CONTACT} if settings.LITERATURE_CONTACT else {}
    response = ask(address, service=CROSSREF, accept="application/json", params=params, patience=PATIENCE)
    answer = read_json(decoded(response, CROSSREF), CROSSREF)
    work = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(work, dict) or clean_doi(str(work.get("DOI", ""))) != doi.lower():
        raise LookupFailed(f"{CROSSREF} answered with something that is not the work {doi}.", BY_HAND)
    return crossref_notices(work)


def _ask_pubmed(pmid: str) -> list[Notice]:
    response = ask(
        f"{settings.PUBMED_RECORDS_URL}/efetch.fcgi",
        service=PUBMED,
        accept="text/plain",
        params={"db": "pubmed", "id": pmid, "rettype": "medline", "retmode": "text", **contact()},
        patience=PATIENCE,
    )
    records = medline_records(decoded(response, PUBMED))
    if len(records) != 1 or ("PMID", pmid) not in records[0]:
        raise LookupFailed(
            f"{PUBMED} answered with something that is not the record of PMID {pmid}.", BY_HAND
        )
    return medline_notices(records[0])


def crossref_notices(work: Mapping[str, Any]) -> list[Notice]:
    """The notices that a work of Crossref's REST API tells of itself."""
    own = clean_doi(str(work.get("DOI", "")))
    updates = _mappings(work.get("updated-by"))
    # A notice written into the paper updates the paper's own DOI.
    updates += [
        update for update in _mappings(work.get("update-to")) if clean_doi(str(update.get("DOI"))) == own
    ]
    found = []
    for update in updates:
        kind = re.sub(r"[\s-]+", "_", str(update.get("type", "")).strip().lower())
        if kind in CROSSREF_UPDATES:
            found.append(Notice(CROSSREF_UPDATES[kind], CROSSREF, _update_in_words(kind, update)))
    relations = work.get("relation")
    for relation, status in CROSSREF_RELATIONS.items():
        for other in _mappings(relations.get(relation) if isinstance(relations, Mapping) else None):
            words = relation.replace("-", " ")
            found.append(Notice(status, CROSSREF, f"{words} {other.get('id', '')}".strip()))
    titles = work.get("title")
    title = str(titles[0] if isinstance(titles, list) and titles else titles or "")
    if _RETRACTED_TITLE.match(title):
        found.append(Notice(RetractionStatus.RETRACTED, CROSSREF, f"the title now reads “{title[:80]}”"))
    return found


def medline_notices(record: Iterable[tuple[str, str]]) -> list[Notice]:
    """The notices that a MEDLINE record tells of its paper."""
    found = []
    for tag, value in record:
        if tag in MEDLINE_TAGS:
            status, words = MEDLINE_TAGS[tag]
            found.append(Notice(status, PUBMED, f"{words} {value}"))
        elif tag == "PT" and value.strip().lower() in MEDLINE_TYPES:
            found.append(Notice(MEDLINE_TYPES[value.strip().lower()], PUBMED, f"publication type {value}"))
    return found


def _update_in_words(kind: str, update: Mapping[str, Any]) -> str:
    date = update.get("updated")
    parts = date.get("date-parts") if isinstance(date, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    written = "-".join(f"{part:02d}" for part in first if isinstance(part, int))
    by = " by Retraction Watch" if update.get("source") == "retraction-watch" else ""
    words = [kind.replace("_", " "), str(update.get("DOI") or ""), f"of {written}" if written else ""]
    return " ".join(word for word in words if word) + by


def _mappings(values: Any) -> list[Mapping[str, Any]]:
    return [one for one in values if isinstance(one, Mapping)] if isinstance(values, list) else []
