"""The one way in for citations."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

import pghistory
from django.conf import settings
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import ValidationError
from django.db import transaction

from literature.asking import Deadline, LookupFailed
from literature.choices import GRAVITY, RetractionStatus
from literature.formats import vancouver
from literature.lookup import look_up
from literature.models import Citation
from literature.pasting import Recognised, citations_of, identified, recognise_all
from literature.readers import Unreadable

SLUG_LENGTH = cast(int, Citation._meta.get_field("slug").max_length)
# Room for a suffix such as "-123".
_STEM_LENGTH = SLUG_LENGTH - 4
# A person waits for the answer, and a worker with them.
LOOKUPS_AT_ONCE = 10
RECORDS_AT_ONCE = 50
REASON_LENGTH = 500


@dataclass(frozen=True)
class PastedPaper:
    """One paper of a paste: `known` where the Atlas has it, else an unsaved `citation` to go on with.

    `advice`: why a look-up gave nothing, and what to do. `faults`: what saving would refuse, in words.
    """

    citation: Citation
    known: Citation | None = None
    advice: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class PasteOutcome:
    """What became of a paste; without papers where nothing could be read, and then `faults` say why."""

    recognised: Recognised | None = None
    papers: tuple[PastedPaper, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def known(self) -> Citation | None:
        """The stored citation of the first paper, where the Atlas has it."""
        return self.papers[0].known if self.papers else None

    @property
    def citation(self) -> Citation | None:
        """The first paper: the stored citation where known, else an unsaved one; None where nothing was read."""
        return (self.papers[0].known or self.papers[0].citation) if self.papers else None

    @property
    def advice(self) -> str:
        """Why the look-up of the first paper gave nothing, and what to do; empty where it gave something."""
        return self.papers[0].advice if self.papers else ""

    @property
    def others(self) -> tuple[PastedPaper, ...]:
        """The papers behind the first."""
        return self.papers[1:]


@transaction.atomic
def save_citation(*, citation: Citation, checked: bool = False) -> Citation:
    """Validate and save a citation: DOI in lower case, its Vancouver reference, and a slug where it has none.

    ``checked``: the caller has validated it, and the database's own constraints are enough.
    Raises ValidationError for what a form would refuse too.
    """
    citation.doi = citation.doi.strip().lower()
    if not citation.slug:
        citation.slug = citation_slug(citation)
    citation.vancouver = vancouver(citation)
    if not checked:
        citation.full_clean()
    citation.save()
    return citation


def citation_from_paste(*, text: str) -> PasteOutcome:
    """The papers that a text names or holds: known ones, and unsaved ones read or looked up. Writes nothing.

    A look-up that fails leaves a citation with the identifiers that were typed, and an advice.
    """
    try:
        pieces = recognise_all(text)
        if len(pieces) == 1 and not pieces[0].is_identifier:
            return PasteOutcome(pieces[0], _papers(citations_of(pieces[0])))
        _refuse_many(len(pieces), "identifiers")
    except Unreadable as unreadable:
        return PasteOutcome(faults=unreadable.faults)
    deadline = Deadline(2 * settings.LITERATURE_LOOKUP_SECONDS)
    papers: list[PastedPaper] = []
    for number, piece in enumerate(pieces):
        papers.append(_paper_of_identifier(piece, deadline, asks=number < LOOKUPS_AT_ONCE))
    return PasteOutcome(pieces[0], tuple(papers))


def known_citation(citation: Citation) -> Citation | None:
    """The stored citation of the same paper: by DOI, PMID or PMCID, else by equal title, year and first author."""
    same = Citation.objects.known_by_identifier(doi=citation.doi, pmid=citation.pmid, pmcid=citation.pmcid)
    found: dict[str, Citation] = {
        name: one for one in same for name in ("pmcid", "pmid", "doi") if _agree(name, one, citation)
    }
    for name in ("doi", "pmid", "pmcid"):
        if name in found:
            return found[name]
    if not citation.title:
        return None
    of_the_year: Iterable[Citation] = (
        Citation.objects.filter(year=citation.year).exclude(title="").order_by("slug")
    )
    return next((one for one in of_the_year if is_same_paper(one, citation)), None)


def is_same_paper(one: Citation, other: Citation) -> bool:
    """Whether two citations name one paper; two that differ in an identifier never do."""
    identifiers = ("doi", "pmid", "pmcid")
    if any(_agree(name, one, other) for name in identifiers):
        return True
    if any(getattr(one, name) and getattr(other, name) for name in identifiers):
        return False
    if one.year != other.year or not one.title or _words(one.title) != _words(other.title):
        return False
    # "IgG4-related disease" is the title of many papers of one year.
    firsts = [citation.authors[0].split(" ")[0].casefold() for citation in (one, other) if citation.authors]
    return len(set(firsts)) < 2


def _agree(name: str, one: Citation, other: Citation) -> bool:
    values = [str(getattr(citation, name)).lower() for citation in (one, other)]
    return values[0] != "" and values[0] == values[1]


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())


def _papers(citations: list[Citation]) -> tuple[PastedPaper, ...]:
    """The papers of a pasted file, each once."""
    _refuse_many(len(citations), "records")
    unlike: list[Citation] = []
    for citation in citations:
        if not any(is_same_paper(citation, one) for one in unlike):
            unlike.append(citation)
    return tuple(_matched(citation) for citation in unlike)


def _refuse_many(number: int, what: str) -> None:
    if number > RECORDS_AT_ONCE:
        raise Unreadable(
            f"There are {number} {what} in this; {RECORDS_AT_ONCE} are read at once. Paste fewer."
        )


def _paper_of_identifier(piece: Recognised, deadline: Deadline, *, asks: bool) -> PastedPaper:
    typed = identified(piece)
    known = known_citation(typed)
    if known is not None:
        return PastedPaper(typed, known=known)
    if not asks or deadline.left() <= 0:
        return _matched(typed, advice="This one was not looked up yet: paste it again by itself.")
    try:
        seconds = min(settings.LITERATURE_LOOKUP_SECONDS, deadline.left())
        return _matched(look_up(piece, deadline=Deadline(seconds)))
    except LookupFailed as failure:
        return _matched(typed, advice=str(failure))


def _matched(citation: Citation, advice: str = "") -> PastedPaper:
    known = known_citation(citation)
    faults = () if known is not None else _faults_of(citation)
    return PastedPaper(citation, known=known, advice=advice, faults=faults)


def _faults_of(citation: Citation) -> tuple[str, ...]:
    """What saving would refuse; the slug and the reference are made then."""
    try:
        citation.full_clean(exclude={"slug", "vancouver"})
    except ValidationError as refused:
        return tuple(
            message if name == "__all__" else f"{label_for_field(name, Citation)}: {message}"
            for name, messages in refused.message_dict.items()
            for message in messages
        )
    return ()


@transaction.atomic
def record_standing(*, citation: Citation, status: str, checked_on: date | None, reason: str) -> bool:
    """Write what was found of a citation's standing, with the reason in its history; True if its status rose.

    A graver status that is stored already stays: a person may know what the services do not, and only a person takes a
    retraction back.
    """
    stored = Citation.objects.select_for_update().get(pk=citation.pk)
    rises = GRAVITY.index(RetractionStatus(status)) > GRAVITY.index(
        RetractionStatus(stored.retraction_status)
    )
    if rises or stored.retraction_checked_on != checked_on:
        stored.retraction_checked_on = checked_on
        stored.retraction_status = status if rises else stored.retraction_status
        with pghistory.context(reason=reason[:REASON_LENGTH]):
            stored.save(update_fields=["retraction_status", "retraction_checked_on"])
    citation.retraction_status, citation.retraction_checked_on = stored.retraction_status, checked_on
    return rises


def citation_slug(citation: Citation, *, taken: Collection[str] | None = None) -> str:
    """The slug of a new citation: from its DOI, else "pmid-N", else first author, year and title.

    A number is added where another citation has the slug; `taken` replaces the look into the database.
    """
    stem = _slug_stem(citation)
    if taken is None:
        others = Citation.objects.filter(slug__startswith=stem).exclude(pk=citation.pk)
        taken = set(others.values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _slug_stem(citation: Citation) -> str:
    if citation.doi:
        stem = _hyphenated(citation.doi)
    elif citation.pmid:
        stem = f"pmid-{citation.pmid}"
    else:
        words = [*citation.authors[:1], citation.year if citation.year is not None else "", citation.title]
        stem = _hyphenated(" ".join(str(word) for word in words))
    # A title in another script leaves nothing.
    return stem[:_STEM_LENGTH].strip("-") or "citation"


def _hyphenated(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
