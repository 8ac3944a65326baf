"""Vocabulary, disease map and therapies to the database."""

from collections.abc import Sequence
from typing import Any

from evidence.dataset.schema_therapies import EdgeRecord, TargetRecord, TherapyRecord, VocabularyRecord
from evidence.dataset.shelf import CitationShelf
from evidence.dataset.sync import Changes, synchronise, update
from evidence.models import Analyte, Comorbidity, Organ, Outcome
from therapies.models import (
    Mechanism,
    MechanismCitation,
    PathwayEdge,
    RegulatoryStatus,
    SafetyNote,
    Target,
    Therapy,
    TherapyCode,
)


def _upsert(model: Any, wanted: Sequence[Any], changes: Changes) -> None:
    """Rows known by slug: created or updated, never deleted, since evidence may point to them."""
    stored = {row.slug: row for row in model.objects.filter(slug__in=[row.slug for row in wanted])}
    fresh = [row for row in wanted if row.slug not in stored]
    for row in wanted:
        if row.slug in stored:
            update(stored[row.slug], row, changes)
    model.objects.bulk_create(fresh)
    changes.created += len(fresh)


def write_vocabulary(vocabulary: VocabularyRecord, changes: Changes) -> None:
    """The open lists; the closed ones are in the code."""
    _upsert(
        Outcome,
        [
            Outcome(
                slug=row.slug,
                name=row.name,
                domain=row.domain,
                kind=row.kind,
                unit=row.unit or "",
                better=row.better,
                position=position,
            )
            for position, row in enumerate(vocabulary.outcomes)
        ],
        changes,
    )
    for model, rows in ((Organ, vocabulary.organs), (Comorbidity, vocabulary.comorbidities)):
        terms = [model(slug=row.slug, name=row.name, position=position) for position, row in enumerate(rows)]
        _upsert(model, terms, changes)
    _upsert(
        Analyte,
        [
            Analyte(
                slug=row.slug, name=row.name, unit=row.unit, upper_normal=row.upper_normal, position=position
            )
            for position, row in enumerate(vocabulary.analytes)
        ],
        changes,
    )


def write_pathway(
    targets: Sequence[TargetRecord], edges: Sequence[EdgeRecord], citations: CitationShelf, changes: Changes
) -> None:
    """Nodes and edges of the disease map."""
    nodes = [
        Target(
            slug=row.slug,
            name=row.name,
            kind=row.kind,
            layer=row.layer,
            symbol=row.symbol or "",
            hgnc=row.hgnc or "",
            uniprot=row.uniprot or "",
            read_at=row.read_at or "",
            position=position,
        )
        for position, row in enumerate(targets)
    ]
    _upsert(Target, nodes, changes)
    ids = dict(Target.objects.values_list("slug", "id"))
    wanted = [
        PathwayEdge(
            source_id=ids[row.source],
            relation=row.relation,
            target_id=ids[row.target],
            evidence=row.evidence,
            statement=row.statement,
            citation=citations.cited(row.citation),
            locator=row.locator or "",
            read_at=row.read_at or "",
            position=position,
        )
        for position, row in enumerate(edges)
    ]
    stored = PathwayEdge.objects.filter(source__slug__in=[row.slug for row in targets])
    synchronise(
        stored,
        wanted,
        lambda row: (row.source_id, row.relation, row.target_id, row.citation_id, row.evidence),
        changes,
    )


def write_therapies(records: Sequence[TherapyRecord], citations: CitationShelf, changes: Changes) -> None:
    """Therapies with their codes, mechanisms, regulatory rows and warnings."""
    wanted = [
        Therapy(
            slug=row.slug,
            name=row.name,
            drug_class=row.drug_class,
            place=row.place,
            synonyms=row.synonyms,
            routes=row.routes,
            summary=row.summary,
            read_at=row.read_at,
        )
        for row in records
    ]
    _upsert(Therapy, wanted, changes)
    stored = {row.slug: row for row in Therapy.objects.with_details()}
    targets = dict(Target.objects.values_list("slug", "id"))
    for record in records:
        therapy = stored[record.slug]
        codes = [
            TherapyCode(therapy=therapy, system=system, code=code) for system, code in record.codes.items()
        ]
        synchronise(therapy.codes.all(), codes, lambda row: row.system, changes)
        _write_mechanisms(therapy, record, targets, citations, changes)
        statuses = [
            RegulatoryStatus(
                therapy=therapy,
                agency=row.agency,
                indication=row.indication,
                status=row.status,
                date=row.date or "",
                read_at=row.read_at,
                position=position,
            )
            for position, row in enumerate(record.regulatory)
        ]
        synchronise(
            therapy.regulatory_statuses.all(), statuses, lambda row: (row.agency, row.indication), changes
        )
        notes = [
            SafetyNote(
                therapy=therapy,
                topic=row.topic,
                statement=row.statement,
                read_at=row.read_at,
                position=position,
            )
            for position, row in enumerate(record.safety)
        ]
        synchronise(therapy.safety_notes.all(), notes, lambda row: row.topic, changes)


def _write_mechanisms(
    therapy: Therapy,
    record: TherapyRecord,
    targets: dict[str, int],
    citations: CitationShelf,
    changes: Changes,
) -> None:
    wanted = [
        Mechanism(
            therapy=therapy,
            target_id=targets[row.target],
            action=row.action,
            statement=row.statement or "",
            position=position,
        )
        for position, row in enumerate(record.mechanisms)
    ]
    mechanisms = synchronise(
        therapy.mechanisms.all(), wanted, lambda row: (row.target_id, row.action), changes
    )
    for mechanism, row in zip(mechanisms, record.mechanisms, strict=True):
        links = [
            MechanismCitation(mechanism=mechanism, citation=citations.cited(identifier), position=position)
            for position, identifier in enumerate(row.citations)
        ]
        synchronise(mechanism.mechanism_citations.all(), links, lambda link: link.citation_id, changes)
