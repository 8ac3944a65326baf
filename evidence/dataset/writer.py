"""Records to the database: one transaction, only what differs."""

from collections.abc import Sequence

import pghistory
from django.db import connection, transaction
from pydantic import ValidationError

from evidence.choices import CitationRole, State
from evidence.dataset.faults import Faults, InvalidDataSet
from evidence.dataset.rules import publications
from evidence.dataset.schema import StudyRecord
from evidence.dataset.schema_therapies import DataSet
from evidence.dataset.shelf import CitationShelf
from evidence.dataset.snapshot import study_record
from evidence.dataset.sync import Changes, synchronise
from evidence.dataset.write_study import StudyWriter
from evidence.dataset.write_therapies import write_pathway, write_therapies, write_vocabulary
from evidence.models import Case, Overlap, Study, StudyCitation
from evidence.published_versions import keep_loaded
from foundation.progress import Progress, silent

# Any number that no other lock of this database uses.
_LOAD_LOCK = 20_190_419


class _DryRun(Exception):
    """Ends a dry run's transaction."""


def write_data_set(
    *, data_set: DataSet, reason: str, dry_run: bool = False, progress: Progress = silent
) -> Changes:
    """Make the database hold the set; answers how many rows that took. Studies become published.

    Rows that the set does not name are left as they are: researchers add evidence by the admin too.
    Raises InvalidDataSet, and writes nothing, where the set would overwrite a study that is not public, or take
    from a study that it does not name.
    """
    changes = Changes()
    try:
        with transaction.atomic(), pghistory.context(reason=reason):
            _wait_for_other_loads()
            _refuse_overwriting_drafts(data_set.studies)
            _let_go_of_what_moves(data_set.studies, changes)
            citations = CitationShelf(changes, publications(data_set.studies))
            write_vocabulary(data_set.vocabulary, changes)
            progress("vocabulary", 1, 1)
            write_pathway(data_set.targets, data_set.edges, citations, changes)
            progress("pathway", 1, 1)
            write_therapies(data_set.therapies, citations, changes)
            progress("therapies", len(data_set.therapies), len(data_set.therapies))
            _write_studies(data_set.studies, StudyWriter(citations, changes), progress)
            _write_overlaps(data_set, changes)
            progress("overlaps", len(data_set.overlaps), len(data_set.overlaps))
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return changes


def _wait_for_other_loads() -> None:
    """One load at a time: a second one finds what the first has written and has nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOAD_LOCK])


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


def _let_go_of_what_moves(records: Sequence[StudyRecord], changes: Changes) -> None:
    """Delete from its old study what the set gives to another: a case or a primary report belongs to one study.

    Raises InvalidDataSet where the old study is not in the set, as after its slug was changed in the files.
    """
    studies = {record.slug for record in records}
    cases = {case.slug: record.slug for record in records for case in record.cases}
    reports = {
        identifier: record.slug
        for record in records
        for row in record.citations
        for identifier in (row.doi, row.pmid)
        if identifier is not None
    }
    faults = Faults()
    held: list[tuple[Case | StudyCitation, str, str]] = [
        (case, cases[case.slug], f"case {case.slug}")
        for case in Case.objects.filter(slug__in=cases).select_related("study")
    ]
    primary = StudyCitation.objects.filter(role=CitationRole.PRIMARY, of_revision=False).select_related(
        "study", "citation"
    )
    for link in primary:
        identifier = link.citation.doi if link.citation.doi in reports else link.citation.pmid
        if identifier in reports:
            held.append((link, reports[identifier], f"the primary report {identifier}"))
    for row, home, what in held:
        if row.study.slug == home:
            continue
        if row.study.slug in studies:
            row.delete()
            changes.deleted += 1
        else:
            faults.add(
                f"studies/{home}.yaml",
                "",
                f"{what} belongs to {row.study.slug} in the database, a study that this set does not hold",
            )
    if faults:
        raise InvalidDataSet(sorted(faults.found))


def _write_studies(records: Sequence[StudyRecord], writer: StudyWriter, progress: Progress) -> None:
    stored = {study.slug: study for study in Study.objects.published().with_everything()}
    written, untouched = [], []
    for done, record in enumerate(records, start=1):
        study = stored.get(record.slug)
        if study is None or not _holds(study, record):
            written.append((writer.write(study, record), record))
        else:
            untouched.append((study, record))
        progress("studies", done, len(records))
    keep_loaded(written=written, untouched=untouched)


def _holds(study: Study, record: StudyRecord) -> bool:
    """Whether the stored study is what the record says."""
    try:
        return study_record(study) == record
    except ValidationError:
        # Stored by another way in, with what a file may not say.
        return False


def _write_overlaps(data_set: DataSet, changes: Changes) -> None:
    """The pairs between studies of the set; pairs with another study are left alone."""
    slugs = {record.slug for record in data_set.studies}
    ids = dict(Study.objects.filter(slug__in=slugs).values_list("slug", "id"))
    stored = Overlap.objects.filter(study_a__slug__in=slugs, study_b__slug__in=slugs)
    wanted = [
        Overlap(study_a_id=ids[row.a], study_b_id=ids[row.b], certain=row.certain, why=row.why)
        for row in data_set.overlaps
    ]
    synchronise(stored, wanted, lambda row: (row.study_a_id, row.study_b_id), changes)
