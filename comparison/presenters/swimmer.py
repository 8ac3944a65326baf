"""The swimmer plot of the patients that match: who is drawn, in which order, and what stands in words beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comparison.charts.lanes import Event, Stretch
from comparison.charts.swimmer import LATEST, SwimmerLane, build_swimmer, swimmer_height
from comparison.presenters.figures import part_text
from evidence.choices import Response, SteroidEffect
from evidence.models import Case, Course
from foundation.formatting import NOT_REPORTED, plural, week_text
from foundation.pieces import Chart, Column, Link, Table

MOST_LANES = 40
# Past these the page would be heavier than a phone can bear; the API tells of all.
MOST_ROWS = 300
# Courses of years before the therapy of the report are cut off here.
FIRST_WEEK = -52
# Where the axis may end, in weeks: half a year, and whole years.
ROUND_WEEKS = (26, 52, 104, 156, 208, 260, 520)
GLUCOCORTICOID = "glucocorticoid"
RESPONSE_SIGNS = {
    Response.COMPLETE_REMISSION: "● complete remission",
    Response.PARTIAL_REMISSION: "◐ partial remission",
    Response.RESPONDED: "◔ responded",
    Response.NO_RESPONSE: "○ no response",
    Response.WORSENING: "▼ worsening",
    Response.NOT_REPORTED: "response not reported",
}
Courses = Mapping[int, Sequence[Course]]


@dataclass(frozen=True)
class Swimmer:
    """The plot, and the therapies whose bars and markers stand in it."""

    chart: Chart
    # Slug and name.
    therapies: tuple[tuple[str, str], ...]


def swimmer(patients: Sequence[Case], courses: Courses) -> Swimmer:
    """At most forty patients, those with most of their course in time; the table tells of all."""
    ordered = _most_dated_first(patients, courses)
    drawn = ordered[:MOST_LANES]
    told = list(patients) if len(patients) <= MOST_ROWS else ordered[:MOST_ROWS]
    end = axis_end([_last_week(case, courses.get(case.pk, ())) for case in drawn])
    lanes = list(_lanes(drawn, courses, end))
    names = {row.therapy.slug: row.therapy.name for case in drawn for row in courses.get(case.pk, ())}
    chart = Chart(
        id="swimmer",
        title="Each patient's course",
        figure=build_swimmer(
            lanes, first_week=FIRST_WEEK, last_week=LATEST if end is None else end
        ).to_plotly_json()
        if drawn
        else None,
        height=swimmer_height(lanes),
        caption=_caption(len(drawn), len(patients), end),
        table=_table(told, courses) if told else None,
        empty="No patient matches.",
    )
    dated = {
        row.therapy.slug for case in drawn for row in courses.get(case.pk, ()) if row.start_week is not None
    }
    return Swimmer(chart, tuple((slug, name) for slug, name in sorted(names.items()) if slug in dated))


def _most_dated_first(patients: Sequence[Case], courses: Courses) -> list[Case]:
    """The patients whose course can be seen best before others: those followed, or told of, for longest."""

    def weight(case: Case) -> tuple[bool, int, str]:
        last = _last_week(case, courses.get(case.pk, ()))
        return (case.follow_up_weeks is None, -last, case.slug)

    return sorted(patients, key=weight)


def _last_week(case: Case, own: Iterable[Course]) -> int:
    """The latest week of which anything is told; 0 where nothing is."""
    weeks = [case.follow_up_weeks, case.relapse_week]
    weeks += [week for course in own for week in (course.start_week, course.stop_week)]
    return max([0, *(week for week in weeks if week is not None)])


def axis_end(last_weeks: Sequence[int]) -> int | None:
    """Where the axis ends, for a few patients followed for many years not to press all others against week 0.

    None: it holds everything. Else the first round week that holds three of four patients.
    """
    if not last_weeks:
        return None
    ordered = sorted(last_weeks)
    most = ordered[-(-len(ordered) * 3 // 4) - 1]
    end = next((week for week in ROUND_WEEKS if week >= most), None)
    return end if end is not None and ordered[-1] > 2 * end else None


def _caption(drawn: int, total: int, end: int | None) -> str:
    said = [
        "A lane a patient, under the therapy of the report. A bar runs from a reported start to a reported stop; a "
        "dotted end with a question mark is a stop that is not reported. The grey line is the time followed.",
    ]
    if end is not None:
        said.append(
            f"The axis ends at week {end}; what came later stands in words at the right, as does ◀, treatment "
            f"more than {-FIRST_WEEK} weeks before."
        )
    if drawn < total:
        said.append(
            f"Drawn are {drawn} of {plural(total, 'patient')}, those followed longest; the table has "
            f"{'all' if total <= MOST_ROWS else f'{MOST_ROWS}, the API all'}. Filter to see others."
        )
    return " ".join(said)


def _lanes(drawn: Sequence[Case], courses: Courses, end: int | None) -> Iterable[SwimmerLane]:
    """Patients under their therapies, the therapy of most first; within it the longest followed first."""
    amounts = Counter(case.index_therapy.slug for case in drawn)
    names = {case.index_therapy.slug: case.index_therapy.name for case in drawn}
    per_study = Counter(case.study_id for case in drawn)
    for slug in sorted(amounts, key=lambda slug: (-amounts[slug], slug)):
        yield SwimmerLane(f"{names[slug]}, {plural(amounts[slug], 'patient')}")
        own = [case for case in drawn if case.index_therapy.slug == slug]
        for case in sorted(own, key=lambda case: (-_last_week(case, courses.get(case.pk, ())), case.slug)):
            yield _lane(case, courses.get(case.pk, ()), end, alone=per_study[case.study_id] == 1)


def patient_label(case: Case, *, alone: bool) -> str:
    """How a patient is called in a plot: by the study, and by the number in it where several are shown."""
    if alone:
        return case.study.label
    return f"{case.study.label} ({case.slug.removeprefix(case.study.slug).strip('-') or case.slug})"


def _lane(case: Case, own: Sequence[Course], end: int | None, *, alone: bool) -> SwimmerLane:
    label = patient_label(case, alone=alone)
    url = case.get_absolute_url()
    return SwimmerLane(
        label=label,
        url=url,
        stretches=tuple(
            Stretch(
                row.therapy.slug,
                row.start_week,
                row.stop_week,
                f"{label}<br>{part_text(row)}<br>{_span(row)}",
                url,
            )
            for row in own
            if row.start_week is not None
        ),
        events=tuple(_events(case, own, label)),
        words=_words(case, own, end),
        watched_to=case.follow_up_weeks,
    )


def stop_weeks(case: Case, own: Iterable[Course]) -> list[int]:
    """Weeks at which a course of glucocorticoid ended, of a patient who came off it."""
    if case.steroid_effect != SteroidEffect.STOPPED:
        return []
    return [row.stop_week for row in own if row.therapy.slug == GLUCOCORTICOID and row.stop_week is not None]


def _events(case: Case, own: Sequence[Course], label: str) -> Iterable[Event]:
    url = case.get_absolute_url()
    for week in sorted(stop_weeks(case, own))[-1:]:
        yield Event(
            "glucocorticoid_stopped", week, f"{label}<br>Glucocorticoid stopped, {week_text(week)}", url
        )
    if case.relapse_week is not None:
        yield Event("relapse", case.relapse_week, f"{label}<br>Relapse, {week_text(case.relapse_week)}", url)
    if case.follow_up_weeks is not None:
        week = case.follow_up_weeks
        yield Event("follow_up", week, f"{label}<br>Last follow-up, {week_text(week)}", url)


def _span(row: Course) -> str:
    start = f"start {NOT_REPORTED}" if row.start_week is None else week_text(row.start_week)
    stop = f"stop {NOT_REPORTED}" if row.stop_week is None else week_text(row.stop_week)
    return f"{start} to {stop}" if row.stop_week is not None else f"{start}, {stop}"


def _words(case: Case, own: Sequence[Course], end: int | None) -> str:
    """The response, which has no week of its own, whatever else has none, and what lies past the end of the axis."""
    said = [RESPONSE_SIGNS[Response(case.response)]]
    if case.relapse and case.relapse_week is None:
        said.append("relapsed")
    if case.relapse is False:
        said.append("no relapse")
    if case.steroid_effect == SteroidEffect.STOPPED and not stop_weeks(case, own):
        said.append("off glucocorticoid")
    if end is not None and case.relapse_week is not None and case.relapse_week > end:
        said.append(f"relapse, {week_text(case.relapse_week)}")
    elif end is not None and case.follow_up_weeks is not None and case.follow_up_weeks > end:
        said.append(f"to week {case.follow_up_weeks} ▶")
    if any(row.start_week is not None and row.start_week < FIRST_WEEK for row in own):
        said.append("◀ treated earlier")
    return ", ".join(said)


def _table(patients: Sequence[Case], courses: Courses) -> Table:
    columns = (
        *(Column("Patient"), Column("Therapy of the report"), Column("Courses"), Column("Response")),
        *(Column("Relapse"), Column("Glucocorticoid"), Column("Followed for")),
    )
    per_study = Counter(case.study_id for case in patients)
    rows = tuple(
        (
            Link(patient_label(case, alone=per_study[case.study_id] == 1), case.get_absolute_url()),
            case.index_therapy.name,
            "; ".join(f"{part_text(row)}: {_span(row)}" for row in courses.get(case.pk, ())) or NOT_REPORTED,
            case.get_response_display().lower(),
            _relapse(case),
            case.get_steroid_effect_display().lower(),
            NOT_REPORTED if case.follow_up_weeks is None else plural(case.follow_up_weeks, "week"),
        )
        for case in patients
    )
    return Table("Every patient's course", columns, rows)


def _relapse(case: Case) -> str:
    if case.relapse is None:
        return NOT_REPORTED
    return f"yes, {week_text(case.relapse_week)}" if case.relapse else "no"
