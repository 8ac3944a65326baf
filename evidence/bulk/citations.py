"""Tables of citations: new ones, and known ones corrected by those who may."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence.bulk.columns import CITATIONS
from evidence.bulk.plans import (
    CHANGED,
    NEW,
    SAME,
    Plan,
    PlannedRow,
    differences,
    make_record,
    read_line,
    told,
)
from evidence.bulk.sheets import Line
from evidence.choices import CitationRole
from evidence.dataset.schema import CitationRecord
from evidence.dataset.write_study import citation_of
from foundation.progress import Progress, silent
from literature.models import Citation

# A publication on its own has no role; the record of one on a study does.
_NO_ROLE = CitationRole.SECONDARY.value


@dataclass(frozen=True)
class CitationWork:
    """A citation as it should stand, and the stored one where there is one."""

    wanted: Citation
    stored: Citation | None


class _Shelf:
    """All stored citations by what they are known by."""

    def __init__(self) -> None:
        self.by_name: dict[tuple[str, Any], Citation] = {}
        for citation in Citation.objects.all():
            for name in _names(citation):
                self.by_name.setdefault(name, citation)

    def known(self, wanted: Citation) -> set[Citation]:
        """The stored citations that the wanted one may be: one, none, or two that it would make one of."""
        return {self.by_name[name] for name in _names(wanted) if name in self.by_name}


def _names(citation: Citation) -> list[tuple[str, Any]]:
    """What a citation is known by: its identifiers, or title and year where it has none."""
    found: list[tuple[str, Any]] = [
        (name, value) for name in ("doi", "pmid", "pmcid") if (value := getattr(citation, name))
    ]
    return found or [("title", (citation.title.casefold(), citation.year))]


def plan_citations(lines: Sequence[Line], by: Any, progress: Progress = silent) -> Plan:
    """What a table of citations would change; every fault of every row."""
    plan = Plan("citations")
    shelf = _Shelf()
    may_change = by.has_perm("literature.change_citation")
    first: dict[tuple[str, Any], int] = {}
    for line in told(progress, "rows read", lines):
        values = read_line(line, CITATIONS, plan)
        if values is None:
            continue
        values = {"authors": [], "year": None, **values, "role": _NO_ROLE}
        record = make_record(CitationRecord, values, line, plan)
        if record is None:
            continue
        wanted = citation_of(record)
        again = next((first[name] for name in _names(wanted) if name in first), None)
        if again is not None:
            plan.refuse(line.number, "", f"is the paper of row {again} already")
            continue
        first.update(dict.fromkeys(_names(wanted), line.number))
        _plan_citation(plan, line, wanted, record, shelf, may_change)
    return plan


def _plan_citation(
    plan: Plan, line: Line, wanted: Citation, record: CitationRecord, shelf: _Shelf, may_change: bool
) -> None:
    known = shelf.known(wanted)
    if len(known) > 1:
        plan.refuse(line.number, "", "its identifiers are those of two citations that the Atlas holds")
        return
    stored = known.pop() if known else None
    before = _record_of(stored) if stored is not None else None
    changes = differences(CITATIONS, before, record)
    action = NEW if stored is None else CHANGED if changes else SAME
    if action == CHANGED and not may_change:
        told_changes = ", ".join(change.column for change in changes)
        plan.refuse(
            line.number,
            changes[0].column,
            f"is known already and differs ({told_changes}): an editor corrects it",
        )
        return
    plan.rows.append(PlannedRow(line.number, wanted.doi or wanted.pmid or wanted.title, action, changes))
    plan.work.append(CitationWork(wanted, stored))


def _record_of(citation: Citation) -> CitationRecord:
    """A stored citation's record, unchecked: of some only an identifier is known, and a row may fill in the rest."""
    texts = ("title", "journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url")
    names = ("authors", "authors_complete", "year", "year_inferred")
    return CitationRecord.model_construct(
        role=_NO_ROLE,
        type=citation.csl_type,
        **{name: getattr(citation, name) or None for name in texts},
        **{name: getattr(citation, name) for name in names},
    )
