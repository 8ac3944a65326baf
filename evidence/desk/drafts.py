"""The one way in for drafts of cases: started, saved, discarded, entered."""

from collections.abc import Mapping
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from evidence import permissions, workflow
from evidence.dataset.entry import EntryRefused, enter_study, faults_of
from evidence.dataset.faults import InvalidDataSet
from evidence.dataset.snapshot import study_record
from evidence.desk.doubts import Doubt, doubts_of
from evidence.desk.payload import Opened, Payload, read_payload
from evidence.desk.reading import Reading
from evidence.desk.terms import Vocabulary
from evidence.desk.vocabulary import known_names, stored_vocabulary
from evidence.desk.written import empty_payload, payload_of
from evidence.duplicate_search import duplicates_of
from evidence.models import Case, CaseDraft, ConfirmedDoubt, Study
from evidence.slugs import public_slug, stored_slug
from foundation.history import author


class DraftConflict(Exception):
    """The draft was saved elsewhere since; `stored` is how it stands."""

    def __init__(self, stored: CaseDraft) -> None:
        self.stored = stored
        super().__init__(
            "This case was changed in another tab or on another machine since it was opened here."
        )


class DraftNotReady(Exception):
    """Something stands against entering the case; `reading` and `doubts` say what."""

    def __init__(self, reading: Reading, doubts: list[Doubt]) -> None:
        self.reading = reading
        self.doubts = doubts
        super().__init__("The case is not ready yet.")


@transaction.atomic
def start_draft(*, by: Any, study: Study | None = None, case: Case | None = None) -> CaseDraft:
    """Open the form: for a report of its own, for a further patient of a study, or for a patient that is there.

    A patient whom the person has open already is opened where it stands.
    """
    if not permissions.may_contribute(by):
        raise EntryRefused("Only a contributor enters cases.")
    study = case.study if case is not None else study
    if study is None:
        return CaseDraft.objects.create(owner=by, payload=empty_payload())
    _demand_open(by, study)
    if case is not None and (open_already := CaseDraft.objects.filter(owner=by, case=case).first()):
        return open_already
    record = _record_of(study)
    shown = payload_of(record, public_slug(case.slug) if case is not None else "", stored_vocabulary())
    payload = shown
    if case is None and record.enrolled == len(record.cases):
        # All patients were entered one by one, and here is one more.
        payload = {**shown, "study": {**shown["study"], "enrolled": str(record.enrolled + 1)}}
    return CaseDraft.objects.create(owner=by, study=study, case=case, payload=payload, opened=shown)


@transaction.atomic
def save_draft(*, draft: CaseDraft, payload: Payload, version: int, by: Any) -> CaseDraft:
    """Keep what is typed, whatever it is; raises DraftConflict where another tab has saved since `version`.

    The same text again is no conflict: it may be the answer to the first attempt that got lost.
    """
    stored = _locked(draft, by)
    kept = dict(payload)
    if stored.payload == kept:
        return stored
    if stored.version != version:
        raise DraftConflict(stored)
    stored.payload, stored.version, stored.saved_at = kept, stored.version + 1, timezone.now()
    stored.save(update_fields=["payload", "version", "saved_at"])
    return stored


@transaction.atomic
def discard_draft(*, draft: CaseDraft, by: Any) -> None:
    """Throw a draft away; a stored study or patient stays as it is."""
    if not CaseDraft.objects.seen_by(by).filter(pk=draft.pk).exists():
        raise EntryRefused("Only its owner discards a draft.")
    draft.delete()


@transaction.atomic
def enter_draft(*, draft: CaseDraft, by: Any, submit: bool = False) -> Study:
    """Write the case as evidence and close the draft; with `submit`, hand its study in for review.

    Raises DraftNotReady with everything that stands against it, EntryRefused, or workflow.TransitionRefused.
    """
    stored = _locked(draft, by)
    if stored.study is not None:
        _demand_open(by, stored.study)
    reading, doubts = read_draft(stored)
    if reading.study is None or any(not doubt.reason for doubt in doubts if doubt.must_be_answered):
        raise DraftNotReady(reading, doubts)
    try:
        study = enter_study(record=reading.study, by=by, stored=stored.study)
    except InvalidDataSet as refusal:  # somebody took a name in between
        reading.add_faults(refusal.faults)
        raise DraftNotReady(reading, doubts) from refusal
    slug = stored_slug(reading.study.cases[reading.case_index].slug, of_revision=study.is_revision)
    _keep_confirmed(study.cases.get(slug=slug), doubts, reading, by)
    stored.delete()
    if submit:
        workflow.submit_study(study=study, by=by)
    return study


def read_draft(draft: CaseDraft, vocabulary: Vocabulary | None = None) -> tuple[Reading, list[Doubt]]:
    """What a draft says, with every fault by its field and every doubt; a constant number of queries."""
    vocabulary = vocabulary if vocabulary is not None else stored_vocabulary()
    opened = opened_of(draft)
    reading = read_payload(draft.payload, vocabulary, opened, free_slug)
    if reading.study is not None:
        reading.add_faults(faults_of(reading.study, draft.study, known_names(vocabulary)))
        if reading.complaints:
            reading.study = None
    alike = duplicates_of(reading.half_filled(), draft.owner, draft.study)
    return reading, doubts_of(reading, draft.payload, alike)


def opened_of(draft: CaseDraft) -> Opened | None:
    """The study in which the draft's patient stands, as it is now."""
    if draft.study_id is None:
        return None
    record = _record_of(draft.study)
    return Opened(record, draft.opened, public_slug(draft.case.slug) if draft.case is not None else "")


def free_slug(slug: str) -> str:
    """A study's slug that nobody has: -b, -c and so on behind one that is taken."""
    taken = set(Study.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    if slug not in taken:
        return slug
    letters = (f"{slug}-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
    return next((name for name in letters if name not in taken), slug)


def _record_of(study: Any) -> Any:
    return study_record(Study.objects.with_everything().get(pk=study.pk))


def _locked(draft: CaseDraft, by: Any) -> CaseDraft:
    """The draft as it stands now, held until the step is done."""
    stored = CaseDraft.objects.select_for_update().filter(pk=draft.pk, owner=by.pk).first()
    if stored is None:
        raise EntryRefused("Only its owner changes a draft.")
    return stored


def _demand_open(by: Any, study: Study) -> None:
    # As it stands now: it may have been handed in since the caller read it.
    if not permissions.may_edit(by, Study.objects.get(pk=study.pk)):
        raise EntryRefused("Only its contributor changes a draft or returned study.")


def _keep_confirmed(case: Case, doubts: list[Doubt], reading: Reading, by: Any) -> None:
    """The confirmed doubts beside the case, in place of those of an earlier version of it."""
    with pghistory.context(**author(by)):
        wanted: Mapping[tuple[str, str], Doubt] = {
            (doubt.code, reading.path_of(doubt.field)): doubt for doubt in doubts if doubt.reason
        }
        for row in case.confirmed_doubts.all():
            if (row.code, row.place) not in wanted:
                row.delete()
        for (code, place), doubt in wanted.items():
            row = case.confirmed_doubts.filter(code=code, place=place).first() or ConfirmedDoubt(
                case=case, code=code, place=place
            )
            if (row.doubt, row.reason) != (doubt.words, doubt.reason):
                row.doubt, row.reason, row.confirmed_by, row.confirmed_at = (
                    doubt.words,
                    doubt.reason,
                    by,
                    timezone.now(),
                )
                row.save()
