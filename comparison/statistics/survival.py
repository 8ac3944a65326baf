"""Time to an event over single patients."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .checks import checked_level, checked_list, checked_number
from .refusals import TooFewPatients

FEWEST_PATIENTS = 10
FEWEST_EVENTS = 3


@dataclass(frozen=True, slots=True)
class SurvivalStep:
    """The curve from `time` on, until the next step.

    `at_risk` were followed up to `time`; of them `events` had the event and `censored` left then. `low` and `high`
    are None before the first event, where there is no variance to build an interval from, and where the estimate
    is zero.
    """

    time: float
    at_risk: int
    events: int
    censored: int
    survival: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Kaplan-Meier's estimate; `median` is None where the curve stays above a half."""

    patients: int
    events: int
    median: float | None
    steps: tuple[SurvivalStep, ...]

    def at(self, time: float) -> SurvivalStep:
        """Return the step that holds at a time, the last one beyond the end of follow-up."""
        time = checked_number(time, "time")
        if time < 0:
            raise ValueError(f"time is {time}, below zero")
        return [step for step in self.steps if step.time <= time][-1]

    def at_risk(self, times: Sequence[float]) -> tuple[int, ...]:
        """Return how many patients were still followed just before each time, for the row under the figure."""
        return tuple(
            next((step.at_risk for step in self.steps if step.time >= checked_number(time, "time")), 0)
            for time in times
        )


def kaplan_meier(times: Sequence[float], events: Sequence[bool], level: float = 0.95) -> SurvivalCurve:
    """Return the share of patients still free of the event over time, with log-log intervals.

    `times` (n,) are weeks, or any unit, from start to event or last follow-up; `events` (n,) say whether it ended
    with the event (true) or was censored. A patient censored at the time of another's event counts as at risk then.
    Intervals are Greenwood's on the scale of log(-log S), which stay within 0 and 1.

    Source: Kaplan and Meier 1958, J Am Stat Assoc 53:457; Kalbfleisch and Prentice 1980; computed by lifelines.
    Raises TooFewPatients (a ValueError with a reason) below ten patients or three events, and ValueError that
    names the row for times that are negative or not finite and events that are not true or false.
    """
    level = checked_level(level)
    durations, observed = _checked_patients(times, events)
    patients, had_event = len(durations), sum(observed)
    if patients < FEWEST_PATIENTS:
        raise TooFewPatients(f"{patients} patients, and a curve needs {FEWEST_PATIENTS}")
    if had_event < FEWEST_EVENTS:
        raise TooFewPatients(f"{had_event} events, and a curve needs {FEWEST_EVENTS}")
    # Imported here because it takes seconds, with all of pandas and a plotting library.
    from lifelines import KaplanMeierFitter  # type: ignore[import-untyped, unused-ignore]

    fitter = KaplanMeierFitter(alpha=1 - level).fit(durations, event_observed=observed)
    table, survival = fitter.event_table, fitter.survival_function_.iloc[:, 0]
    lower, upper = (fitter.confidence_interval_.iloc[:, column] for column in (0, 1))
    seen, steps = False, []
    for time in table.index:
        estimate = float(survival.loc[time])
        seen = seen or int(table.at[time, "observed"]) > 0
        bounded = seen and estimate > 0
        steps.append(
            SurvivalStep(
                time=float(time),
                at_risk=int(table.at[time, "at_risk"]),
                events=int(table.at[time, "observed"]),
                censored=int(table.at[time, "censored"]),
                survival=estimate,
                low=float(lower.loc[time]) if bounded else None,
                high=float(upper.loc[time]) if bounded else None,
            )
        )
    median = float(fitter.median_survival_time_)
    return SurvivalCurve(patients, had_event, median if math.isfinite(median) else None, tuple(steps))


def _checked_patients(times: Sequence[object], events: Sequence[object]) -> tuple[list[float], list[bool]]:
    times, events = checked_list(times, "times"), checked_list(events, "events")
    if len(times) != len(events):
        raise ValueError(f"times has {len(times)} rows but events has {len(events)}")
    if not times:
        raise ValueError("no evidence: times and events are empty")
    durations, observed = [], []
    for number, (time, event) in enumerate(zip(times, events, strict=True), start=1):
        duration = checked_number(time, "time", f"row {number}")
        if duration < 0:
            raise ValueError(f"row {number}: time is {duration}, below zero")
        # 0 and 1 are how registries write it; anything else, None first of all, is not a yes or a no.
        if event not in (False, True):
            raise ValueError(f"row {number}: event is {event!r}, not true or false")
        durations.append(duration)
        observed.append(bool(event))
    return durations, observed
