"""Records of studies and overlaps, field for field as data/ holds them.

Every field of docs/data-dictionary.md is here; the order is the order in which files are written.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from evidence.care import READER_ITEMS
from evidence.choices import (
    RATIOS,
    ArmRole,
    BackgroundGlucocorticoid,
    Basis,
    CitationRole,
    ClassificationStatus,
    Design,
    Direction,
    Measure,
    OrganChange,
    ResponderIndexVersion,
    Response,
    Sex,
    Spread,
    Statistic,
    SteroidEffect,
    SynthesisMeasure,
)
from evidence.dataset.terms import (
    Address,
    Count,
    Country,
    Doi,
    Figure,
    Label,
    LongLabel,
    LongSlug,
    Pmcid,
    Pmid,
    Positive,
    Record,
    RelativeWeek,
    Slug,
    Text,
    Week,
    Word,
    among,
    bounds_fault,
)
from evidence.models.cases import (
    ACR_EULAR_HIGHEST,
    RESPONDER_INDEX_HIGHEST,
    RESPONDER_INDEX_HIGHEST_2018,
    RESPONDER_INDEX_HIGHEST_TOTAL,
)
from evidence.privacy import AGE_OVER_89
from literature.choices import CitationType


class CitationRecord(Record):
    """A publication on a study."""

    role: among(CitationRole)
    type: among(CitationType) = CitationType.ARTICLE_JOURNAL.value
    title: Text
    authors: list[Text]
    authors_complete: bool = True
    journal: Text | None = None
    year: Annotated[int, Field(ge=1800, le=2100)] | None
    year_inferred: bool = False
    volume: Annotated[Text, Field(max_length=30)] | None = None
    issue: Annotated[Text, Field(max_length=30)] | None = None
    pages: Word | None = None
    doi: Doi | None = None
    pmid: Pmid | None = None
    pmcid: Pmcid | None = None
    url: Address | None = None

    @model_validator(mode="after")
    def _inferred_year_is_given(self) -> "CitationRecord":
        if self.year_inferred and self.year is None:
            raise ValueError("year_inferred needs a year")
        return self


class RegimenRecord(Record):
    """One therapy among those that an arm was given."""

    therapy: Slug
    agent: Annotated[Text, Field(max_length=80)] | None = None
    dose: Annotated[float, Field(gt=0, lt=1e9)] | None = None
    unit: Annotated[Text, Field(max_length=30)] | None = None
    route: Annotated[Text, Field(max_length=60)] | None = None
    schedule: Text | None = None

    @model_validator(mode="after")
    def _dose_has_unit(self) -> "RegimenRecord":
        if self.dose is not None and self.unit is None:
            raise ValueError("a dose needs a unit")
        return self


class ArmRecord(Record):
    """A group of patients treated alike."""

    slug: Slug
    label: LongLabel
    role: among(ArmRole)
    n: Positive | None
    regimen: Annotated[list[RegimenRecord], Field(min_length=1)]
    background_glucocorticoid: among(BackgroundGlucocorticoid) = BackgroundGlucocorticoid.NOT_REPORTED.value
    baseline: dict[Slug, Figure] = {}


class Sourced(Record):
    """Where a row was read, when not where its study was, and how it was computed, when it was."""

    definition: Text | None = None
    locator: Text
    derived: Text | None = None
    basis: among(Basis) | None = None
    read_at: Address | None = None
    note: Text | None = None


class ResultRecord(Sourced):
    """One arm, one outcome, one time."""

    arm: Slug
    outcome: Slug
    week: Week | None = None
    organ: Slug | None = None
    events: Count | None = None
    total: Positive | None = None
    value: Figure | None = None
    statistic: among(Statistic) | None = None
    spread: among(Spread) | None = None
    low: Figure | None = None
    high: Figure | None = None
    sd: Annotated[float, Field(ge=0, lt=1e12)] | None = None
    n: Positive | None = None
    as_reported: Text | None = None

    @model_validator(mode="after")
    def _is_proportion_or_quantity(self) -> "ResultRecord":
        counted = (self.events, self.total)
        measured = (self.value, self.statistic, self.n)
        beside = (self.spread, self.low, self.high, self.sd)
        if all(part is not None for part in counted) and all(part is None for part in measured + beside):
            if self.events > self.total:
                raise ValueError(f"events ({self.events}) exceed total ({self.total})")
        elif all(part is not None for part in measured) and all(part is None for part in counted):
            if fault := bounds_fault(self.low, self.high, self.value, "value"):
                raise ValueError(fault)
            if self.low is not None and self.spread is None:
                raise ValueError("low and high need spread: what are they?")
        else:
            raise ValueError("give events and total, or value with statistic and n; not both")
        return self

    @property
    def is_proportion(self) -> bool:
        """Whether it is told as x of n."""
        return self.events is not None


class ContrastRecord(Sourced):
    """A difference between two arms, as the study reported it."""

    outcome: Slug
    arm: Slug
    versus: Slug
    week: Week | None = None
    measure: among(Measure)
    estimate: Figure | None = None
    low: Figure | None = None
    high: Figure | None = None
    p: Annotated[Text, Field(max_length=20)] | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "ContrastRecord":
        if self.arm == self.versus:
            raise ValueError("arm and versus are the same")
        if fault := bounds_fault(self.low, self.high, self.estimate, "estimate"):
            raise ValueError(fault)
        if self.measure in RATIOS and any(
            part is not None and part < 0 for part in (self.estimate, self.low)
        ):
            raise ValueError("a ratio is not negative")
        return self


class FindingRecord(Sourced):
    """What is told in words."""

    therapy: Slug
    outcome: Slug
    direction: among(Direction)
    patients: Positive | None = None
    statement: Text


class SynthesisRecord(Sourced):
    """A review's own pooled figure."""

    therapy: Slug
    versus: Slug | None = None
    outcome: Slug
    measure: among(SynthesisMeasure)
    estimate: Figure
    low: Figure | None = None
    high: Figure | None = None
    studies: Positive | None = None
    patients: Positive | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "SynthesisRecord":
        if fault := bounds_fault(self.low, self.high, self.estimate, "estimate"):
            raise ValueError(fault)
        figures = [part for part in (self.estimate, self.low, self.high) if part is not None]
        if self.measure == SynthesisMeasure.PROPORTION and not all(0 <= part <= 1 for part in figures):
            raise ValueError("a proportion lies between 0 and 1")
        return self


class CourseRecord(RegimenRecord):
    """A stretch of one patient's treatment."""

    start_week: RelativeWeek | None = None
    stop_week: RelativeWeek | None = None

    @model_validator(mode="after")
    def _starts_before_it_stops(self) -> "CourseRecord":
        if self.start_week is not None and self.stop_week is not None and self.start_week > self.stop_week:
            raise ValueError(f"stops (week {self.stop_week}) before it starts (week {self.start_week})")
        return self


class MeasurementRecord(Record):
    """A figure of one patient at one week."""

    analyte: Slug
    week: RelativeWeek
    value: Annotated[float, Field(ge=0, lt=1e12)]
    as_reported: Text | None = None


class OrganResponseRecord(Record):
    """How one organ fared."""

    organ: Slug
    response: among(OrganChange)
    week: RelativeWeek | None = None


class ResponderIndexRecord(Record):
    """A score of the IgG4-RD Responder Index at one week; without organ the total.

    An organ's score is that before an urgent one is doubled.
    """

    week: RelativeWeek
    organ: Slug | None = None
    version: among(ResponderIndexVersion)
    score: Annotated[int, Field(ge=0, le=RESPONDER_INDEX_HIGHEST_TOTAL)]
    symptomatic: bool | None = None
    urgent: bool | None = None
    damage: bool | None = None
    as_reported: Text | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "ResponderIndexRecord":
        if self.organ is None:
            if any(flag is not None for flag in (self.symptomatic, self.urgent, self.damage)):
                raise ValueError("symptomatic, urgent and damage are said of an organ, not of the total")
            return self
        validated = self.version == ResponderIndexVersion.RI_2018
        highest = RESPONDER_INDEX_HIGHEST_2018 if validated else RESPONDER_INDEX_HIGHEST
        if self.score > highest:
            raise ValueError(
                f"an organ scores 0 to {highest} in this version, before an urgent one is doubled"
            )
        return self


def _reader_item(value: str) -> str:
    if value not in READER_ITEMS:
        raise ValueError(f"{value!r} is not one of {', '.join(READER_ITEMS)}")
    return value


CareItem = Annotated[str, AfterValidator(_reader_item)]


class CaseRecord(Record):
    """One patient. A list that is None was not stated; an empty one was stated to be empty."""

    slug: LongSlug
    index_therapy: Slug
    age_years: Annotated[float, Field(ge=0, le=AGE_OVER_89)] | None = None
    sex: among(Sex)
    organs: list[Slug] = []
    comorbidities: list[Slug] | None = None
    prior_therapies: list[Slug] | None = None
    courses: list[CourseRecord] = []
    measurements: list[MeasurementRecord] = []
    organ_responses: list[OrganResponseRecord] = []
    responder_index: list[ResponderIndexRecord] = []
    response: among(Response)
    steroid_effect: among(SteroidEffect) = SteroidEffect.NOT_REPORTED.value
    relapse: bool | None = None
    relapse_week: RelativeWeek | None = None
    follow_up_weeks: Count | None = None
    adverse_events: list[Text] | None = None
    acr_eular_2019: among(ClassificationStatus) | None = None
    acr_eular_2019_score: Annotated[int, Field(ge=0, le=ACR_EULAR_HIGHEST)] | None = None
    # Items of CARE that only a reader can judge; one that nobody looked at is left out.
    care: dict[CareItem, bool] = {}
    summary: Text
    locator: Text
    basis: among(Basis) | None = None
    read_at: Address | None = None

    @model_validator(mode="after")
    def _relapse_week_needs_relapse(self) -> "CaseRecord":
        if self.relapse_week is not None and self.relapse is not True:
            raise ValueError("relapse_week needs relapse: true")
        return self


class StudyRecord(Record):
    """A study with all that it reported."""

    slug: Slug
    label: Label
    design: among(Design)
    phase: Annotated[int, Field(ge=1, le=4)] | None = None
    registration: Word | None = None
    countries: list[Country] = []
    centres: Positive | None = None
    enrolled: Positive | None
    organs: list[Slug] = []
    follow_up_weeks: Count | None = None
    criteria: Text | None = None
    population: Text | None = None
    summary: Text
    basis: among(Basis)
    read_at: Address
    funding: Text | None = None
    citations: Annotated[list[CitationRecord], Field(min_length=1)]
    arms: list[ArmRecord] = []
    results: list[ResultRecord] = []
    contrasts: list[ContrastRecord] = []
    findings: list[FindingRecord] = []
    syntheses: list[SynthesisRecord] = []
    cases: list[CaseRecord] = []
    notes: Text | None = None


class OverlapRecord(Record):
    """Two studies that share patients, or may; a comes before b in the alphabet."""

    a: Slug
    b: Slug
    certain: bool
    why: Text

    @model_validator(mode="after")
    def _in_order(self) -> "OverlapRecord":
        if not self.a < self.b:
            raise ValueError("a comes before b in the alphabet")
        return self
