"""A study that a person enters: checked by the rules of the files, written by the writer of the files, as a draft."""

from typing import Any

import pghistory
from django.db import transaction
from pydantic import ValidationError

from evidence import permissions
from evidence.choices import CitationRole
from evidence.dataset.faults import Fault, Faults, InvalidDataSet
from evidence.dataset.rules import Known, check_citations, check_study
from evidence.dataset.schema import StudyRecord
from evidence.dataset.shelf import CitationShelf
from evidence.dataset.snapshot import study_record
from evidence.dataset.sync import Changes
from evidence.dataset.write_study import StudyWriter
from evidence.models import Analyte, Case, Comorbidity, Organ, Outcome, Study, StudyCitation
from evidence.querysets import StudyQuerySet
from evidence.reporting_rules import broken_rules, cautions_of
from evidence.slugs import public_slug
from foundation.history import author
from therapies.models import Therapy


class EntryRefused(Exception):
    """A person may not write this study; the message says why."""


def known_stored() -> Known:
    """The names that the database holds."""
    return Known(
        outcomes=dict(Outcome.objects.values_list("slug", "kind")),
        **{
            name: frozenset(model.objects.values_list("slug", flat=True))
            for name, model in (
                ("organs", Organ),
                ("comorbidities", Comorbidity),
                ("analytes", Analyte),
                ("therapies", Therapy),
            )
        },
    )


def faults_of_stored(study: Study) -> list[Fault]:
    """What stands against publishing a study as it is stored: what no file could hold, and broken rules of its design.

    Ask it with ``cautions_of(study_record(study))`` of evidence.reporting_rules for what a reviewer should look at.
    """
    faults = Faults()
    file = f"studies/{study.slug}.yaml"
    try:
        record = study_record(Study.objects.with_everything().get(pk=study.pk))
    except ValidationError as refusal:
        faults.add_refusal(file, "", refusal)
    else:
        for broken in broken_rules(record):
            faults.add(file, broken.path, broken.message, broken.rule)
    return sorted(faults.found)


def cautions_of_stored(study: Study) -> list[str]:
    """What whoever submits or publishes a study should look at again, each with its place; none where it has faults."""
    try:
        record = study_record(Study.objects.with_everything().get(pk=study.pk))
    except ValidationError:
        return []
    return [
        f"{broken.path}: {broken.message}" if broken.path else broken.message
        for broken in cautions_of(record)
    ]


def public_faults_of(record: StudyRecord) -> list[Fault]:
    """What stands against a record as far as the public may know: drafts of others are not looked at.

    A record under the slug of a published study is taken for its next version.
    """
    published = Study.objects.published()
    faults = Faults()
    check_study(record, known_stored(), faults)
    check_citations([record], faults)
    _check_taken_names(record, published.filter(slug=record.slug).first(), faults, among=published)
    return sorted(faults.found)


def faults_of(record: StudyRecord, stored: Study | None = None, known: Known | None = None) -> list[Fault]:
    """What stands against writing a record, over a study that is there already or as a new one; empty where nothing.

    ``known`` spares the look into the vocabulary where many records are checked.
    """
    faults = Faults()
    check_study(record, known if known is not None else known_stored(), faults)
    check_citations([record], faults)
    _check_taken_names(record, stored, faults, among=Study.objects.all())
    return sorted(faults.found)


def _check_taken_names(
    record: StudyRecord, stored: Study | None, faults: Faults, *, among: StudyQuerySet
) -> None:
    """A slug, a patient and a primary report belong to one study, of those that are looked at."""
    file = f"studies/{record.slug}.yaml"
    # A revision bears the names of what it revises.
    own = [key for key in (stored.pk, stored.revises_id) if key is not None] if stored is not None else []
    named_publicly = stored is not None and (stored.is_revision or stored.published_at is not None)
    if stored is not None and named_publicly and record.slug != public_slug(stored.slug):
        faults.add(file, "slug", f"{public_slug(stored.slug)!r} is a public id and stays")
    others = among.exclude(pk__in=own)
    if others.filter(slug=record.slug).exists():
        faults.add(file, "slug", f"{record.slug!r} is another study's")
    cases = {case.slug: index for index, case in enumerate(record.cases)}
    taken = Case.objects.filter(slug__in=cases, study__in=others).values_list("slug", flat=True)
    for slug in taken:
        faults.add(file, f"cases[{cases[slug]}].slug", f"{slug!r} is a patient of another study")
    reports = [(index, row) for index, row in enumerate(record.citations) if row.role == CitationRole.PRIMARY]
    for name in ("doi", "pmid"):
        column = f"citation__{name}"
        wanted = {getattr(row, name) for _, row in reports} - {None}
        links = StudyCitation.objects.filter(
            role=CitationRole.PRIMARY, of_revision=False, study__in=others, **{f"{column}__in": wanted}
        )
        taken_identifiers = set(links.values_list(column, flat=True))
        for index, row in reports:
            identifier = getattr(row, name)
            if identifier in taken_identifiers:
                # Whose it is stays unsaid: it may be a draft of somebody else.
                faults.add(
                    file,
                    f"citations[{index}].{name}",
                    f"{identifier} is the primary report of another study already",
                )


@transaction.atomic
def enter_study(*, record: StudyRecord, by: Any, stored: Study | None = None, reason: str = "") -> Study:
    """Write a record as a new draft of a contributor, or bring a study that they may edit to it.

    Citations that are known already stay as they are. Raises InvalidDataSet with every fault, and EntryRefused where
    the person may not write it.
    """
    if stored is None and not permissions.may_contribute(by):
        raise EntryRefused("Only a contributor enters studies.")
    if stored is not None:
        stored = Study.objects.select_for_update().get(pk=stored.pk)
        if not permissions.may_edit(by, stored):
            raise EntryRefused("Only its contributor changes a draft or returned study.")
    faults = faults_of(record, stored)
    if faults:
        raise InvalidDataSet(faults)
    changes = Changes()
    citations = CitationShelf(changes, {}, corrects=False)
    with pghistory.context(**author(by), **({"reason": reason} if reason else {})):
        return StudyWriter(citations, changes, contributor=by).write(stored, record)
