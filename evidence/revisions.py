"""Published evidence is changed by a revision: a draft copy that is edited, reviewed and written onto the original.

The public reads the original until then. A copy is never published itself (`study_revision_is_never_public`), there is
one open copy a study (`study_has_one_open_revision`), and it is closed by the publication of its record.
"""

from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from evidence import permissions
from evidence.comparing import Change, changes_between
from evidence.dataset.entry import enter_study, faults_of
from evidence.dataset.schema import StudyRecord
from evidence.dataset.shelf import CitationShelf
from evidence.dataset.sync import Changes
from evidence.dataset.write_study import StudyWriter
from evidence.merging import Merged, merge
from evidence.models import PublishedVersion, Study
from evidence.published_versions import (
    current_version,
    document_of,
    essence,
    keep_version,
    names_in_use,
    record_from,
    record_of,
)
from evidence.revision_doubts import copy_doubts, return_doubts
from foundation.history import author


class RevisionRefused(Exception):
    """A revision that may not be begun, published or brought up to date; the message says why and what would help."""


@transaction.atomic
def start_revision(*, study: Study, by: Any, reason: str) -> Study:
    """Make the draft copy in which a contributor changes a published study."""
    locked = Study.objects.select_for_update().get(pk=study.pk)
    if not locked.is_public:
        raise RevisionRefused("Only a published study is revised; this one can be edited as it is.")
    if not permissions.may_revise(by, locked):
        raise RevisionRefused("Only a contributor revises a published study.")
    if not reason.strip():
        raise RevisionRefused("Say why published evidence should change.")
    if locked.revisions.exists():
        raise RevisionRefused(
            "This study has an open revision already: one is published or deleted before the next."
        )
    try:
        version = current_version(locked)
    except ValidationError as refusal:
        raise RevisionRefused(f"The study cannot be copied: {told(refusal)}.") from None
    writer = StudyWriter(
        CitationShelf(Changes(), {}, corrects=False),
        Changes(),
        contributor=by,
        revises=locked,
        based_on=version.number,
        why_revised=reason.strip(),
    )
    with pghistory.context(reason=reason.strip(), **author(by)):
        try:
            with transaction.atomic():
                revision = writer.write(None, record_from(version.record))
                copy_doubts(locked, revision)
                return revision
        except IntegrityError:
            raise RevisionRefused("This study has an open revision already.") from None


def base_of(revision: Study) -> PublishedVersion:
    """The published version that a revision was copied from, or brought up to."""
    # A constraint: a revision has both.
    assert revision.revises_id is not None and revision.based_on is not None
    return PublishedVersion.objects.get(study=revision.revises_id, number=revision.based_on)


def changed_meanwhile(revision: Study) -> tuple[Change, ...]:
    """What changed in the published study since the revision was copied; nothing where it may be published."""
    original = revision.revises
    assert original is not None
    now, base = document_of(record_of(original)), base_of(revision).record
    if essence(now) == essence(base):
        return ()
    return changes_between(base, now, names_in_use())


def up_to_date(revision: Study) -> Merged:
    """The revision's document with what changed in the published study meanwhile, and the places changed in both."""
    original = revision.revises
    assert original is not None
    ours, theirs = document_of(record_of(revision)), document_of(record_of(original))
    return merge(base_of(revision).record, ours, theirs)


@transaction.atomic
def bring_up_to_date(*, revision: Study, by: Any) -> Study:
    """Take what changed in the published study meanwhile into the revision, which keeps its own changes."""
    locked = Study.objects.select_for_update().get(pk=revision.pk)
    if locked.revises is None:
        raise RevisionRefused("Only a revision is brought up to date.")
    if locked.state not in permissions.OPEN_STATES or not permissions.may_edit(by, locked):
        raise RevisionRefused("Only its contributor brings a draft or returned revision up to date.")
    original = Study.objects.select_for_update().get(pk=locked.revises.pk)
    merged = up_to_date(locked)
    try:
        record = record_from(merged.document)
    except ValidationError as refusal:
        raise RevisionRefused(
            f"The two do not fit together, enter the changes by hand: {told(refusal)}."
        ) from None
    enter_study(record=record, by=by, stored=locked, reason="Brought up to date with the published study")
    locked.refresh_from_db()
    locked.based_on = current_version(original).number
    with pghistory.context(**author(by)):
        locked.save(update_fields=["based_on"])
    return locked


def put_into_force(*, revision: Study, by: Any) -> Study:
    """Write the revision's record onto the original, keep the version, and close the copy; within publish_study().

    Slug, keys, history and address of the original stay, and only what differs is written.
    """
    assert revision.revises is not None
    original = Study.objects.select_for_update().get(pk=revision.revises.pk)
    _demand_in_force(original, revision)
    record = record_of(revision)
    faults = faults_of(record, original)
    if faults:
        raise RevisionRefused(f"It cannot be published: {'; '.join(str(fault) for fault in faults[:5])}.")
    number = revision.based_on + 1 if revision.based_on is not None else 1
    context = {
        "reason": f"Version {number}: {revision.why_revised}",
        "publishes": f"revision by {revision.contributor}",
        **author(by),
    }
    with pghistory.context(**context):
        StudyWriter(CitationShelf(Changes(), {}, corrects=False), Changes()).write(original, record)
        original.refresh_from_db()
        original.reviewer = by
        original.save(update_fields=["reviewer"])
        keep_version(
            study=original,
            record=record,
            contributor=revision.contributor,
            reviewer=by,
            reason=revision.why_revised,
        )
        _close(revision, original)
    return original


def _demand_in_force(original: Study, revision: Study) -> None:
    """What is revised is public, and is what the revision was copied from."""
    if not original.is_public:
        raise RevisionRefused(
            f"The study that it revises is {original.get_state_display().lower()}: return this revision, or publish "
            "the study again first."
        )
    changes = changed_meanwhile(revision)
    if changes:
        first = "; ".join(str(change) for change in changes[:3])
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        raise RevisionRefused(
            f"The published study has changed since this revision was begun ({first}{more}). Return it to its "
            "contributor, who brings it up to date with one button and submits it again."
        )


def _close(revision: Study, original: Study) -> None:
    """The copy goes; what was said and declared stays, with the study that it was about."""
    return_doubts(revision, original)
    revision.review_comments.update(study=original)
    revision.conflict_statements.update(study=original)
    revision.delete()


def told(refusal: ValidationError) -> str:
    """The first faults of a record, in words."""
    faults = refusal.errors(include_url=False)[:3]
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'record'}: {fault['msg']}" for fault in faults
    )


def record_or_refusal(study: Study) -> StudyRecord:
    """The study as a record; RevisionRefused where no file could hold it."""
    try:
        return record_of(study)
    except ValidationError as refusal:
        raise RevisionRefused(f"It cannot be kept as a record: {told(refusal)}.") from None
