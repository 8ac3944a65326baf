"""An earlier version brought back, as a new change: nothing of what came between is lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from evidence import permissions
from evidence.aggregate import study_path
from evidence.comparing import Change, changes_between
from evidence.dataset.entry import enter_study
from evidence.dataset.schema import StudyRecord
from evidence.models import Study
from evidence.past import record_as_at
from evidence.permissions import study_of
from evidence.published_versions import document_of, names_in_use
from evidence.revisions import record_or_refusal, start_revision
from evidence.slugs import public_slug


class RevertRefused(Exception):
    """An earlier version that may not be brought back; the message says why."""


@dataclass(frozen=True)
class Revert:
    """What bringing back a version would do."""

    study: Study
    record: StudyRecord
    changes: tuple[Change, ...]
    # The study is public: a revision is begun for it.
    by_revision: bool


def plan_revert(*, row: Model, when: datetime) -> Revert:
    """What stood in a study, or in one part of it, at a time, against what stands now.

    Raises PastUnavailable, RevisionRefused.
    """
    study = study_of(row)
    part = None if isinstance(row, Study) else (type(row), row.pk)
    if part is not None and not study_path(type(row)):
        raise RevertRefused("Only a study and what it reports is brought back.")
    record = record_as_at(study_id=study.pk, when=when, of=part)
    # A slug is a public id: it stays whatever else goes back.
    record = record.model_copy(update={"slug": public_slug(study.slug)})
    now = document_of(record_or_refusal(study))
    changes = changes_between(now, document_of(record), names_in_use())
    return Revert(study, record, changes, study.is_public)


@transaction.atomic
def bring_back(*, row: Model, when: datetime, by: Any, reason: str) -> Study:
    """Write the version as a new change, to the study or, where it is public, to a new revision of it.

    Raises RevertRefused, PastUnavailable, RevisionRefused, EntryRefused, InvalidDataSet.
    """
    study = Study.objects.select_for_update().get(pk=study_of(row).pk)
    if not reason.strip():
        raise RevertRefused("Say why the earlier version comes back.")
    if not permissions.may_edit(by, study) and not permissions.may_revise(by, study):
        raise RevertRefused("Only who may edit or revise a study brings back a version of it.")
    plan = plan_revert(row=row, when=when)
    if not plan.changes:
        raise RevertRefused("Nothing would change: the version is what stands there now.")
    why = f"Brought back the version of {when:%d %B %Y, %H:%M} UTC: {reason.strip()}"
    target = start_revision(study=study, by=by, reason=why) if plan.by_revision else study
    return enter_study(record=plan.record, by=by, stored=target, reason=why)
