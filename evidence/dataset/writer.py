"""Records to the database: one transaction, only what differs."""

from collections.abc import Callable, Sequence

import pghistory
from django.db import transaction

from evidence.choices import State
from evidence.dataset.faults import Faults, InvalidDataSet
from evidence.dataset.schema import OverlapRecord, StudyRecord
from evidence.dataset.schema_therapies import DataSet
from evidence.dataset.shelf import CitationShelf
from evidence.dataset.snapshot import study_record
from evidence.dataset.sync import Changes, synchronise
from evidence.dataset.write_study import StudyWriter
from evidence.dataset.write_therapies import write_pathway, write_therapies, write_vocabulary
from evidence.models import Overlap, Study

Progress = Callable[[str, int, int], None]


def _silent(step: str, done: int, total: int) -> None:
    """Progress for nobody."""


class _DryRun(Exception):
    """Ends a dry run's transaction."""


def write_data_set(
    *, data_set: DataSet, reason: str, dry_run: bool = False, progress: Progress = _silent
) -> Changes:
    """Make the database hold the set; answers how many rows that took. Studies become published.

    Rows that the set does not name are left as they are: researchers add evidence by the admin too.
    Raises InvalidDataSet, and writes nothing, where the set would overwrite a study that is not public.
    """
    changes = Changes()
    try:
        with transaction.atomic(), pghistory.context(reason=reason):
            _refuse_overwriting_drafts(data_set.studies)
            citations = CitationShelf(changes)
            write_vocabulary(data_set.vocabulary, changes)
            progress("vocabulary", 1, 1)
            write_pathway(data_set.targets, data_set.edges, citations, changes)
            progress("pathway", 1, 1)
            write_therapies(data_set.therapies, citations, changes)
            progress("therapies", len(data_set.therapies), len(data_set.therapies))
            _write_studies(data_set.studies, StudyWriter(citations, changes), progress)
            _write_overlaps(data_set.overlaps, changes)
            progress("overlaps", len(data_set.overlaps), len(data_set.overlaps))
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return changes


def _refuse_overwriting_drafts(records: Sequence[StudyRecord]) -> None:
    slugs = [record.slug for record in records]
    faults = Faults()
    for study in Study.objects.filter(slug__in=slugs).exclude(state=State.PUBLISHED):
        faults.add(
            f"studies/{study.slug}.yaml",
            "slug",
            f"the database holds this study as {study.get_state_display()}",
        )
    if faults:
        raise InvalidDataSet(faults.found)


def _write_studies(records: Sequence[StudyRecord], writer: StudyWriter, progress: Progress) -> None:
    stored = {study.slug: study for study in Study.objects.published().with_everything()}
    for done, record in enumerate(records, start=1):
        study = stored.get(record.slug)
        if study is None or study_record(study) != record:
            writer.write(study, record)
        progress("studies", done, len(records))


def _write_overlaps(records: Sequence[OverlapRecord], changes: Changes) -> None:
    """The pairs between studies of the set; pairs with another study are left alone."""
    slugs = {slug for row in records for slug in (row.a, row.b)}
    ids = dict(Study.objects.filter(slug__in=slugs).values_list("slug", "id"))
    stored = Overlap.objects.filter(study_a__slug__in=slugs, study_b__slug__in=slugs)
    wanted = [
        Overlap(study_a_id=ids[row.a], study_b_id=ids[row.b], certain=row.certain, why=row.why)
        for row in records
    ]
    synchronise(stored, wanted, lambda row: (row.study_a_id, row.study_b_id), changes)
