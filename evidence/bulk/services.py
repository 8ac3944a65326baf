"""A table carried out: all of it in one transaction, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pghistory
from django.db import IntegrityError, connection, transaction

from evidence import permissions
from evidence.bulk.cases import plan_cases
from evidence.bulk.citations import CitationWork, plan_citations
from evidence.bulk.columns import TABLES
from evidence.bulk.parts import StudyWork
from evidence.bulk.plans import CHANGED, NEW, Plan
from evidence.bulk.results import plan_results
from evidence.bulk.sheets import Line, read_sheet
from evidence.dataset.entry import EntryRefused, enter_study
from evidence.dataset.faults import InvalidDataSet
from evidence.dataset.sync import differences
from foundation.history import author
from foundation.progress import Progress, silent
from literature.services import save_citation

_PLANNERS: Mapping[str, Callable[[Sequence[Line], Any, Progress], Plan]] = {
    "cases": plan_cases,
    "results": plan_results,
    "citations": plan_citations,
}
# What is computed from a citation, or kept beside what a row tells of it.
_KEPT = frozenset({"slug", "vancouver", "retraction_status", "retraction_checked_on"})


class ImportRefused(Exception):
    """A table that may not be carried out; the message says why. Nothing was written."""


def may_import(user: Any, kind: str) -> bool:
    """Contributors import into their own drafts; citations whoever may add one."""
    if kind == "citations":
        return bool(user.has_perm("literature.add_citation"))
    return permissions.may_contribute(user)


def plan_import(*, kind: str, content: bytes, name: str, by: Any, progress: Progress = silent) -> Plan:
    """What a file would change and what is wrong with it; nothing is written.

    Raises SheetFault where it is no table of this kind, ImportRefused where the person may not import.
    """
    if not may_import(by, kind):
        raise ImportRefused(f"You may not import {kind}.")
    return _PLANNERS[kind](read_sheet(content, name, TABLES[kind]), by, progress)


@transaction.atomic
def carry_out(
    *,
    kind: str,
    content: bytes,
    name: str,
    by: Any,
    reason: str,
    doubts_confirmed: bool = False,
    progress: Progress = silent,
) -> Plan:
    """Plan a file once more, as everything stands now, and write it; answers what was done.

    ``doubts_confirmed``: the person has looked at every doubt of the plan; the reason says how they are settled.

    Raises SheetFault and ImportRefused; on either, and on any fault, nothing is written.
    """
    plan = plan_import(kind=kind, content=content, name=name, by=by, progress=progress)
    if not plan.is_clean:
        raise ImportRefused("The table has faults, or what it refers to has changed since: look at it again.")
    if plan.doubts and not doubts_confirmed:
        raise ImportRefused(f"{len(plan.doubts)} doubts wait for a person to confirm them.")
    progress("written", 0, len(plan.work))
    with connection.cursor() as cursor:
        # Foreign keys are checked statement by statement: kept for the end, a hundred thousand of them slow down every
        # row-level trigger in between: ten thousand patients took 113 s to write instead of 39 s.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    try:
        with pghistory.context(reason=reason, **author(by)):
            for done, work in enumerate(plan.work, start=1):
                if isinstance(work, StudyWork):
                    enter_study(record=work.record, by=by, stored=work.study, reason=reason)
                else:
                    _write_citation(work)
                progress("written", done, len(plan.work))
    except (EntryRefused, IntegrityError, InvalidDataSet) as refusal:
        # Somebody changed the same evidence between plan and write.
        raise ImportRefused(f"Nothing was written: {refusal}") from refusal
    return plan


def _write_citation(work: CitationWork) -> None:
    if work.stored is None:
        save_citation(citation=work.wanted, checked=True)
        return
    names = differences(work.stored, work.wanted, _KEPT)
    for name in names:
        setattr(work.stored, name, getattr(work.wanted, name))
    if names:
        save_citation(citation=work.stored, checked=True)


def in_words(plan: Plan) -> str:
    """What a plan came to: "12 new, 3 changed, 1 the same"."""
    same = len(plan.rows) - plan.count(NEW) - plan.count(CHANGED)
    return f"{plan.count(NEW)} new, {plan.count(CHANGED)} changed, {same} the same"
