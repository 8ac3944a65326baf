"""The versions of a study that the public could read: kept at each publication, and compared with what stands now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from evidence.comparing import Change, changes_between
from evidence.dataset.schema import StudyRecord
from evidence.dataset.snapshot import study_record
from evidence.models import Analyte, Comorbidity, Organ, Outcome, PublishedVersion, Study
from therapies.models import Therapy

CHANGED_OUTSIDE = "Changed outside the review, as by a load of the data set"


def record_of(study: Study) -> StudyRecord:
    """The study as it stands in the database now; raises pydantic's ValidationError where no file could hold it."""
    return study_record(Study.objects.with_everything().get(pk=study.pk))


def document_of(record: StudyRecord) -> dict[str, Any]:
    """A record as it is kept and compared."""
    document: dict[str, Any] = record.model_dump(mode="json", exclude_defaults=True)
    return document


def record_from(document: Mapping[str, Any]) -> StudyRecord:
    """The record of a kept document."""
    return StudyRecord.model_validate(dict(document))


def names_in_use() -> dict[str, str]:
    """The names of the open vocabulary by slug, for telling changes."""
    names: dict[str, str] = {}
    for model in (Therapy, Comorbidity, Organ, Analyte, Outcome):
        names.update(model._default_manager.values_list("slug", "name"))
    return names


def last_version(study: Study) -> PublishedVersion | None:
    """The newest version that was published; None where none is kept yet."""
    return PublishedVersion.objects.filter(study=study).order_by("-number").first()


def changes_since_published(study: Study) -> tuple[Change, ...] | None:
    """What a study, or a revision, would change of what was published last; None where nothing was.

    Raises pydantic's ValidationError where the study cannot be told as a record.
    """
    version = last_version(study.revises if study.revises is not None else study)
    if version is None:
        return None
    return changes_between(version.record, document_of(record_of(study)), names_in_use())


def essence(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without what editors keep beside it: a citation's details are shared by all that cite it."""
    citations = [
        {"role": row.get("role"), "name": row.get("doi") or row.get("pmid") or row.get("title")}
        for row in document.get("citations", [])
    ]
    return {**document, "citations": citations}


@transaction.atomic
def keep_version(
    *,
    study: Study,
    record: StudyRecord,
    contributor: Any = None,
    reviewer: Any = None,
    reason: str = "",
    published_at: datetime | None = None,
) -> PublishedVersion:
    """Keep what the public reads from now on, numbered after the last, with what changed since."""
    before = last_version(study)
    document = document_of(record)
    changes = changes_between(before.record, document, names_in_use()) if before is not None else ()
    return PublishedVersion.objects.create(
        study=study,
        number=before.number + 1 if before is not None else 1,
        record=document,
        changes=[change.as_json() for change in changes],
        reason=reason,
        published_at=published_at if published_at is not None else timezone.now(),
        contributor=contributor,
        reviewer=reviewer,
    )


def current_version(study: Study) -> PublishedVersion:
    """The version that the public reads now; kept first where it is not yet, as for a study from before versions."""
    version = last_version(study)
    record = record_of(study)
    if version is None:
        return keep_version(
            study=study,
            record=record,
            contributor=study.contributor,
            reviewer=study.reviewer,
            published_at=study.published_at,
        )
    if essence(version.record) != essence(document_of(record)):
        return keep_version(study=study, record=record, reason=CHANGED_OUTSIDE)
    return version


def keep_loaded(
    *, written: Sequence[tuple[Study, StudyRecord]], untouched: Sequence[tuple[Study, StudyRecord]]
) -> None:
    """Keep versions for a load: of all that it wrote, and of what has none yet."""
    numbers = dict(PublishedVersion.objects.values_list("study").annotate(Max("number")).order_by())
    fresh = [
        PublishedVersion(
            study=study,
            number=1,
            record=document_of(record),
            published_at=study.published_at if study.published_at is not None else timezone.now(),
            contributor_id=study.contributor_id,
            reviewer_id=study.reviewer_id,
        )
        for study, record in (*written, *untouched)
        if study.pk not in numbers
    ]
    PublishedVersion.objects.bulk_create(fresh)
    for study, record in written:
        if study.pk in numbers:
            keep_version(study=study, record=record, reason="Changed with the curated data set")
