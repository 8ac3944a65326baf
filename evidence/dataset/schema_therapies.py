"""Records of therapies, of the disease map and of the vocabulary, and the set as a whole."""

from typing import Annotated

from pydantic import ConfigDict, Field

from evidence.choices import Better, Domain, OutcomeKind
from evidence.dataset.schema import OverlapRecord, StudyRecord
from evidence.dataset.terms import Address, DoiOrPmid, Label, PartialDate, Record, Slug, Text, among
from therapies.choices import (
    Action,
    Agency,
    CodeSystem,
    DrugClass,
    EdgeEvidence,
    Layer,
    Place,
    Relation,
    TargetKind,
)


class MechanismRecord(Record):
    """What a therapy does to a target."""

    target: Slug
    action: among(Action)
    statement: Text | None = None
    citations: Annotated[list[DoiOrPmid], Field(min_length=1)]


class RegulatoryRecord(Record):
    """What an agency decided."""

    agency: among(Agency)
    indication: Text
    status: Label
    date: PartialDate | None = None
    read_at: Address


class SafetyRecord(Record):
    """A labelled warning."""

    topic: Label
    statement: Text
    read_at: Address


class TherapyRecord(Record):
    """A therapy with codes, mechanisms, regulatory rows and warnings."""

    slug: Slug
    name: Label
    drug_class: among(DrugClass)
    place: among(Place)
    synonyms: list[Label] = []
    routes: list[Annotated[Text, Field(max_length=60)]] = []
    summary: Text
    codes: dict[among(CodeSystem), Annotated[Text, Field(max_length=40)]] = {}
    mechanisms: list[MechanismRecord] = []
    regulatory: list[RegulatoryRecord] = []
    safety: list[SafetyRecord] = []
    read_at: list[Address] = []


class TargetRecord(Record):
    """A node of the disease map."""

    slug: Slug
    name: Label
    kind: among(TargetKind)
    layer: among(Layer)
    symbol: Annotated[Text, Field(max_length=20)] | None = None
    hgnc: Annotated[str, Field(pattern=r"^HGNC:[0-9]+$")] | None = None
    uniprot: Annotated[str, Field(pattern=r"^[A-Z0-9]{6,10}$")] | None = None
    read_at: Address | None = None


class EdgeRecord(Record):
    """How one node drives another."""

    source: Slug
    relation: among(Relation)
    target: Slug
    evidence: among(EdgeEvidence)
    statement: Text
    citation: DoiOrPmid
    locator: Text | None = None
    read_at: Address | None = None


class TermRecord(Record):
    """A word of the vocabulary."""

    slug: Slug
    name: Label


class ClosedTermRecord(Record):
    """A word of a closed list. The code owns these lists and their names; the file is held to the slugs alone."""

    model_config = ConfigDict(extra="ignore")

    slug: Slug


class DesignTermRecord(ClosedTermRecord):
    """A study design with its OCEBM level."""

    level: Annotated[int, Field(ge=1, le=5)] | None


class OutcomeRecord(TermRecord):
    """An outcome."""

    domain: among(Domain)
    kind: among(OutcomeKind)
    unit: Annotated[Text, Field(max_length=30)] | None = None
    better: among(Better)


class AnalyteRecord(TermRecord):
    """What a measurement measures."""

    unit: Annotated[Text, Field(max_length=30)]
    upper_normal: Annotated[float, Field(gt=0)] | None = None


class VocabularyRecord(Record):
    """The closed lists, which the code knows too, and the open ones, which are tables."""

    designs: list[DesignTermRecord]
    outcomes: list[OutcomeRecord]
    domains: list[ClosedTermRecord]
    organs: list[TermRecord]
    comorbidities: list[TermRecord]
    analytes: list[AnalyteRecord]
    drug_classes: list[ClosedTermRecord]
    places: list[ClosedTermRecord]
    actions: list[Text]
    agencies: list[Text]


class DataSet(Record):
    """The whole set."""

    vocabulary: VocabularyRecord
    targets: list[TargetRecord]
    edges: list[EdgeRecord]
    therapies: list[TherapyRecord]
    studies: list[StudyRecord]
    overlaps: list[OverlapRecord]
