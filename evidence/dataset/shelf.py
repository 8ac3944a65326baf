"""The citations of a load: each looked up once, however many rows point to it."""

from collections.abc import Mapping

from evidence.dataset.sync import Changes, differences
from literature.models import Citation
from literature.services import save_citation
from therapies.models import MechanismCitation, PathwayEdge

# What is computed from, or kept beside, the fields of a file.
_KEPT = frozenset({"slug", "vancouver", "retraction_status", "retraction_checked_on"})


class CitationShelf:
    """All stored citations by DOI and PMID, and the way to add to them."""

    def __init__(self, changes: Changes, publications: Mapping[str, str], *, corrects: bool = True) -> None:
        """``publications``: PMID to DOI, where a study of the set names both.

        ``corrects``: stored citations are brought to what is written. Not so for one person's draft: a citation is
        shared with published studies.
        """
        self.changes = changes
        self.corrects = corrects
        self.other_name = {**publications, **{doi: pmid for pmid, doi in publications.items()}}
        self.by_identifier: dict[str, Citation] = {}
        for citation in Citation.objects.all():
            self._place(citation)

    def _place(self, citation: Citation) -> Citation:
        for identifier in (citation.doi, citation.pmid):
            if identifier:
                self.by_identifier[identifier] = citation
        return citation

    def known(self, identifier: str) -> Citation | None:
        """The citation of a DOI (lower case) or PMID."""
        return self.by_identifier.get(identifier)

    def cited(self, identifier: str) -> Citation:
        """The citation of a DOI or PMID; a bare one is made where none is known yet."""
        name = "doi" if identifier.startswith("10.") else "pmid"
        found = self.known(identifier) or self.known(self.other_name.get(identifier, ""))
        return found or self.add(Citation(**{name: identifier}))

    def add(self, citation: Citation) -> Citation:
        """Store a new citation, whose form the reader has checked."""
        self.changes.created += 1
        return self._place(save_citation(citation=citation, checked=True))

    def update(self, stored: Citation, wanted: Citation) -> Citation:
        """Give a stored citation the wanted values, if any differ."""
        names = differences(stored, wanted, _KEPT)
        if not names or not self.corrects:
            return stored
        for name in ("doi", "pmid"):
            if name in names:
                self._take_over(stored, self.known(getattr(wanted, name)))
        for name in names:
            setattr(stored, name, getattr(wanted, name))
        self.changes.changed += 1
        return self._place(save_citation(citation=stored, checked=True))

    def _take_over(self, stored: Citation, bare: Citation | None) -> None:
        """Make one of two rows that turn out to be one publication.

        A mechanism named it by DOI and an edge by PMID, say, before a study told that the two are the same.
        """
        if bare is None or bare == stored or bare.title:
            return
        MechanismCitation.objects.filter(citation=bare).update(citation=stored)
        PathwayEdge.objects.filter(citation=bare).update(citation=stored)
        bare.delete()
        self.changes.deleted += 1
