"""Time to relapse by therapy, where there are patients enough for a curve that would not mislead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.charts.survival import NamedCurve, build_survival, survival_height
from comparison.statistics.refusals import TooFewPatients
from comparison.statistics.survival import FEWEST_EVENTS, FEWEST_PATIENTS, SurvivalCurve, kaplan_meier
from evidence.models import Case
from foundation.formatting import number, plural, proportion_percent
from foundation.pieces import Chart, Column, Table


@dataclass(frozen=True)
class Timed:
    """Patients of one therapy whose time to relapse, or without it, is known; and those of whom it is not."""

    slug: str
    name: str
    weeks: tuple[int, ...]
    relapsed: tuple[bool, ...]
    # Relapsed at a week that is not reported, or not told whether, or not told for how long without.
    untimed: int

    @property
    def events(self) -> int:
        """Relapses at a known week."""
        return sum(self.relapsed)


@dataclass(frozen=True)
class RelapseCurve:
    """The figure, and the therapies that have a curve in it."""

    chart: Chart
    # Slug and name.
    therapies: tuple[tuple[str, str], ...]


def relapse_curve(patients: Sequence[Case]) -> RelapseCurve:
    """A curve for each therapy that has enough; for the others, how many there are."""
    timed = [_timed(slug, name, patients) for slug, name in _therapies(patients)]
    drawn: list[tuple[Timed, NamedCurve]] = []
    refused: list[Timed] = []
    for one in timed:
        curve = _curve(one)
        if curve is not None:
            drawn.append((one, NamedCurve(one.slug, one.name, curve)))
        else:
            refused.append(one)
    curves = [curve for _, curve in drawn]
    chart = Chart(
        id="time-to-relapse",
        title="Share of patients without relapse, by week",
        figure=build_survival(curves, "Weeks from the start of the therapy").to_plotly_json()
        if curves
        else None,
        height=survival_height(curves) if curves else 0,
        caption=_caption([one for one, _ in drawn]),
        table=_table(curves, refused) if timed else None,
        empty=_refusal(timed) if patients else "No patient matches.",
    )
    return RelapseCurve(chart, tuple((one.therapy, one.name) for one in curves))


def _therapies(patients: Sequence[Case]) -> list[tuple[str, str]]:
    return sorted({(case.index_therapy.slug, case.index_therapy.name) for case in patients})


def _timed(slug: str, name: str, patients: Sequence[Case]) -> Timed:
    weeks: list[int] = []
    relapsed: list[bool] = []
    own = [case for case in patients if case.index_therapy.slug == slug]
    for case in own:
        week = case.relapse_week if case.relapse else case.follow_up_weeks
        # A relapse before the start is none of this therapy's; whether it relapsed must be told.
        if case.relapse is None or week is None or week < 0:
            continue
        weeks.append(week)
        relapsed.append(case.relapse)
    return Timed(slug, name, tuple(weeks), tuple(relapsed), len(own) - len(weeks))


def _curve(one: Timed) -> SurvivalCurve | None:
    """The curve; None where the patients are too few for one."""
    try:
        return kaplan_meier(one.weeks, one.relapsed) if one.weeks else None
    except TooFewPatients:
        return None


def _refusal(timed: Sequence[Timed]) -> str:
    """Why no curve is drawn, with how many there are of the therapy that has most."""
    patients, events = sum(len(one.weeks) for one in timed), sum(one.events for one in timed)
    most = max(timed, key=lambda one: (len(one.weeks), one.events))
    return (
        f"A curve needs {FEWEST_PATIENTS} patients and {FEWEST_EVENTS} relapses at a known week under one therapy. "
        f"{most.name} has most: {plural(len(most.weeks), 'patient')} and {plural(most.events, 'relapse')}. "
        f"All therapies together have {plural(patients, 'patient')} and {plural(events, 'relapse')}, "
        "and are not one group."
    )


def _caption(drawn: Sequence[Timed]) -> str:
    if not drawn:
        return ""
    of_whom = " ".join(
        f"{one.name}: {len(one.weeks)} of {plural(len(one.weeks) + one.untimed, 'patient')}; of the others it is not "
        "told whether or when they relapsed, or for how long they were followed."
        if one.untimed
        else f"{one.name}: {plural(len(one.weeks), 'patient')}."
        for one in drawn
    )
    return (
        "Kaplan-Meier with 95% log-log intervals; a stroke is a patient whose follow-up ended without relapse. "
        f"{of_whom} Published cases are no cohort: who is written up, and for how long, is not left to chance. Curves "
        "of different therapies are not compared."
    )


def _table(drawn: Sequence[NamedCurve], refused: Sequence[Timed]) -> Table:
    rows = [
        (
            one.name,
            number(step.time),
            str(step.at_risk),
            str(step.events),
            str(step.censored),
            proportion_percent(step.survival),
            ""
            if step.low is None or step.high is None
            else f"{proportion_percent(step.low)} to {proportion_percent(step.high)}",
        )
        for one in drawn
        for step in one.curve.steps
        if step.events or step.censored
    ]
    rows += [
        (
            one.name,
            "",
            str(len(one.weeks)),
            str(one.events),
            str(len(one.weeks) - one.events),
            "no curve, too few",
            "",
        )
        for one in refused
    ]
    columns = (
        *(Column("Therapy"), Column("Week", is_number=True), Column("At risk", is_number=True)),
        *(Column("Relapsed", is_number=True), Column("Left", is_number=True)),
        *(Column("Without relapse", is_number=True), Column("95% CI", is_number=True)),
    )
    return Table("Time to relapse; where no curve is drawn, how many there are", columns, tuple(rows))
