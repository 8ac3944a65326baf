"""The answer to a question: one tree of frozen dataclasses, from rows to cautions, that turns into JSON as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, Literal

# (therapy, outcome) -> GRADE level and reasons.
Certainties = Mapping[tuple[str, str], tuple[str, str]]

# Proportions travel with this many decimals: finer than any study, and the same on every machine.
DECIMALS = 6


@dataclass(frozen=True)
class CitationLabel:
    """How a row names the paper that it was read in."""

    label: str
    doi: str | None = None
    pmid: str | None = None
    retracted: bool = False


@dataclass(frozen=True)
class PassedOver:
    """Another figure of the same arm and outcome that was not chosen, and why."""

    week: int | None
    figure: str
    definition: str | None
    why: str


@dataclass(frozen=True)
class Row:
    """One arm's one number for the outcome, with its source, and whether it entered the pool."""

    therapy: str
    study: str
    study_label: str
    # None: a row counted from single patients.
    arm: str | None
    arm_label: str | None
    # All therapies of the arm's regimen, the one asked about among them.
    regimen: tuple[str, ...]
    background_glucocorticoid: str | None
    design: str
    # None: a review or an opinion, which is never pooled.
    design_class: str | None
    year: int | None
    week: int | None
    # True: the study gives no week for the figure, and its follow-up stands in.
    week_is_follow_up: bool
    definition: str | None
    organ: str | None
    basis: str
    locator: str
    read_at: str
    derived: str | None
    note: str | None
    citation: CitationLabel
    # What the definition names as its measure, as "IgG4-RD Responder Index".
    instruments: tuple[str, ...] = ()
    # The result's number under /api/v1/results/; None where counted from single patients.
    result: int | None = None
    events: int | None = None
    total: int | None = None
    proportion: float | None = None
    low: float | None = None
    high: float | None = None
    value: float | None = None
    statistic: str | None = None
    spread: str | None = None
    value_low: float | None = None
    value_high: float | None = None
    sd: float | None = None
    n: int | None = None
    as_reported: str | None = None
    cases: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    pooled: bool = False
    why_not_pooled: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells rows of a therapy apart: study and arm."""
        return (self.study, self.arm or "")

    @property
    def has_count(self) -> bool:
        """Whether the figure is x of n, which alone is pooled."""
        return self.events is not None and self.total is not None

    @property
    def size(self) -> int:
        """Patients behind the figure."""
        return self.total if self.total is not None else self.n if self.n is not None else 0


@dataclass(frozen=True)
class Estimate:
    """One pooled proportion with its interval, method and the reason for the method.

    A study that gave a therapy in several arms has a row for each; ``arms`` counts rows, ``studies`` their studies.
    """

    studies: int
    arms: int
    patients: int
    events: int
    proportion: float
    low: float
    high: float
    prediction_low: float | None
    prediction_high: float | None
    tau2: float | None
    method: str
    reason: str


@dataclass(frozen=True)
class Stratum:
    """A therapy's rows of one design class, and what they come to."""

    therapy: str
    # None: reviews and opinions; "all": every class together, which the reader asked for.
    design_class: str | None
    rows: tuple[Row, ...]
    # None: nothing to pool.
    estimate: Estimate | None


@dataclass(frozen=True)
class FindingRow:
    """What a study tells in words on a therapy and the outcome."""

    # Its number under /api/v1/findings/
    id: int
    therapy: str
    outcome: str
    direction: str
    patients: int | None
    statement: str
    study: str
    study_label: str
    design: str
    year: int | None
    basis: str
    locator: str
    citation: CitationLabel


@dataclass(frozen=True)
class SynthesisRow:
    """A review's own pooled figure; never pooled again."""

    # Its number under /api/v1/syntheses/
    id: int
    therapy: str
    versus: str | None
    outcome: str
    measure: str
    estimate: float
    low: float | None
    high: float | None
    studies: int | None
    patients: int | None
    definition: str | None
    study: str
    study_label: str
    year: int | None
    basis: str
    locator: str
    citation: CitationLabel


@dataclass(frozen=True)
class ReportedContrast:
    """A difference between two arms as its study reported it."""

    # Its number under /api/v1/contrasts/
    id: int
    study: str
    study_label: str
    arm: str
    versus: str
    arm_label: str
    versus_label: str
    therapies: tuple[str, ...]
    versus_therapies: tuple[str, ...]
    # Everything that each arm was given.
    regimen: tuple[str, ...]
    versus_regimen: tuple[str, ...]
    design_class: str | None
    week: int | None
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    p: str | None
    definition: str | None
    derived: str | None
    basis: str
    locator: str
    citation: CitationLabel


@dataclass(frozen=True)
class ArmRisk:
    """One arm of a study in a contrast: its events and its therapies."""

    therapy: str
    arm_label: str
    events: int
    total: int
    low: float
    high: float


@dataclass(frozen=True)
class StudyContrast:
    """What one study adds to a contrast; the ratio is null where its arms yield none, with the reason."""

    study: str
    study_label: str
    design_class: str
    week: int | None
    against: str
    first: ArmRisk | None
    second: ArmRisk | None
    estimate: float | None
    low: float | None
    high: float | None
    risk_difference: float | None = None
    risk_difference_low: float | None = None
    risk_difference_high: float | None = None
    why_not_pooled: str | None = None


@dataclass(frozen=True)
class Contrast:
    """The guard's verdict on a pair of therapies, and the ratio of a to b where it allows one."""

    a: str
    b: str
    kind: Literal["direct", "anchored", "naive"]
    # risk_ratio, hazard_ratio or mean_difference; None for a naive pair, and where a direct one has none.
    measure: str | None
    estimate: float | None
    low: float | None
    high: float | None
    # The common comparator of an anchored pair.
    via: str | None
    reasons: tuple[str, ...]
    studies: tuple[str, ...]
    parts: tuple[StudyContrast, ...] = ()
    # What trial would answer the question; None where one has.
    needed: str | None = None


CautionCode = Literal[
    "naive_comparison",
    "anchored_comparison",
    "no_evidence",
    "words_only",
    "case_reports_only",
    "one_study",
    "press_figures",
    "secondary_figures",
    "retracted",
    "baseline_figures",
    "overlaps_left_out",
    "mixed_definitions",
    "mixed_times",
    "one_definition",
    "organ_filter",
    "comorbidity_filter",
    "glucocorticoid_filter",
]


@dataclass(frozen=True)
class Caution:
    """One sentence that the reader must not miss."""

    code: CautionCode
    text: str
    therapy: str | None = None


@dataclass(frozen=True)
class Comparison:
    """All that is answered to a question."""

    strata: tuple[Stratum, ...]
    contrasts: tuple[Contrast, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    syntheses: tuple[SynthesisRow, ...] = ()
    reported_contrasts: tuple[ReportedContrast, ...] = ()
    cautions: tuple[Caution, ...] = field(default_factory=tuple)

    def of_therapy(self, slug: str) -> list[Stratum]:
        """A therapy's strata, strongest design first."""
        return [stratum for stratum in self.strata if stratum.therapy == slug]

    @property
    def rows(self) -> list[Row]:
        """Every row of every stratum."""
        return [row for stratum in self.strata for row in stratum.rows]


def as_json(value: Any) -> Any:
    """The tree as plain dicts and lists; floats rounded to DECIMALS."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    names = _field_names(value.__class__)
    return {name: as_json(getattr(value, name)) for name in names} if names else value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass, looked up once; none of a plain value."""
    return tuple(part.name for part in fields(kind)) if is_dataclass(kind) else ()
