"""One reported row to its figure and its source; every page that shows a number goes through here."""

from __future__ import annotations

from comparison.labels import interval
from evidence.choices import DESIGN_CLASSES, Design, DesignClass
from evidence.models import Case, Contrast, Course, Finding, PublishedSynthesis, RegimenPart, Result, Study
from evidence.models.results import Reported
from foundation import formatting
from foundation.pieces import Quantity, Share, Source
from literature.models import Citation

DESIGN_ORDER = {design: place for place, design in enumerate(Design.values)}
CLASS_ORDER = {design_class: place for place, design_class in enumerate(DesignClass.values)}


def share(events: int | None, total: int | None, outcome: str, week: int | None, definition: str) -> Share:
    """x of n with its exact interval."""
    bounds = interval(events, total) if events is not None and total else None
    low, high = (bounds.low, bounds.high) if bounds is not None else (None, None)
    return Share(events, total, low, high, outcome=outcome, week=week, definition=definition)


def share_of(result: Result) -> Share | None:
    """A result's x of n; None where the result is a quantity."""
    if result.events is None:
        return None
    return share(result.events, result.total, result.outcome.name, result.week, result.definition)


def quantity_of(result: Result) -> Quantity | None:
    """A result's mean or median; None where the result is x of n."""
    if result.value is None:
        return None
    return Quantity(
        result.value,
        result.get_statistic_display().lower(),
        result.spread,
        result.low,
        result.high,
        result.sd,
        result.n,
        result.outcome.unit,
        result.as_reported,
        result.outcome.name,
        result.week,
        result.definition,
    )


def anchor_of(row: Reported | Case) -> str:
    """The id of a row on its study's page."""
    kinds = {Result: "result", Contrast: "contrast", Finding: "finding", PublishedSynthesis: "synthesis"}
    return f"{kinds.get(type(row), 'row')}-{row.pk}"


def source_of(row: Reported, study: Study) -> Source:
    """Where a reported row was read; basis and address are its own, else its study's."""
    return _source(study, row.basis, row.locator, row.read_at, row.derived, f"#{anchor_of(row)}")


def source_of_case(case: Case) -> Source:
    """Where a case was read."""
    return _source(case.study, case.basis, case.locator, case.read_at, "", "#cases")


def source_of_study(study: Study) -> Source:
    """A study as a whole."""
    return _source(study, "", "", "", "", "")


def _source(study: Study, basis: str, locator: str, read_at: str, derived: str, anchor: str) -> Source:
    primary: Citation | None = study.primary_citation
    return Source(
        label=study.label,
        url=f"{study.get_absolute_url()}{anchor}",
        basis=basis or study.basis,
        locator=locator,
        doi=primary.doi if primary else "",
        pmid=primary.pmid if primary else "",
        read_at=read_at or study.read_at,
        derived=derived,
        retracted=primary.is_retracted if primary else False,
    )


def part_text(part: RegimenPart | Course) -> str:
    """One therapy as it was given; what was not reported is left out."""
    name = part.agent or part.therapy.name
    dose = formatting.with_unit(part.dose, part.unit) if part.dose is not None else ""
    start = " ".join(word for word in (name, dose, part.route) if word)
    return f"{start}, {part.schedule}" if part.schedule else start


def design_class_of(study: Study) -> str:
    """The stratum that a study is pooled in, or its design where it is never pooled."""
    return DESIGN_CLASSES.get(study.design, study.design)


def effect_of(row: Contrast | PublishedSynthesis) -> str:
    """A reported effect in words: "hazard ratio 0.13 (95% CI 0.06 to 0.28)"."""
    if row.measure == "proportion":
        figure = formatting.proportion_percent(row.estimate, row.patients)  # type: ignore[union-attr,arg-type]
        ends = formatting.interval_text(row.low, row.high, row.patients)  # type: ignore[union-attr]
        return f"{figure} ({ends})" if ends else figure
    return formatting.effect_text(row.measure, row.estimate, row.low, row.high)
