"""One patient's course as a figure with its table: of a published case, or of one that is not saved yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comparison.charts.lanes import Event, Stretch
from comparison.charts.timeline import (
    TimelineLane,
    TimelinePanel,
    TimelinePoint,
    build_timeline,
    timeline_height,
)
from comparison.presenters.figures import part_text
from comparison.question import lower_first
from evidence.choices import OrganChange, Response, SteroidEffect
from evidence.models import Case
from foundation.formatting import NOT_REPORTED, plural, week_text, with_unit
from foundation.pieces import Chart, Column, Table

GLUCOCORTICOID = "glucocorticoid"
LARGEST_NUMBER = 1e12  # as the data set takes them; infinity and what is no number fall out too
# Analytes that are drawn first; others follow in the order of the vocabulary.
FIRST_PANELS = ("serum_igg4", "eosinophils", "glucocorticoid_dose")


@dataclass(frozen=True)
class CourseRow:
    """A course as reported; None is a week that is not."""

    therapy: str
    name: str
    given: str
    start: int | None
    stop: int | None


@dataclass(frozen=True)
class FigureRow:
    """A figure with its analyte."""

    analyte: str
    name: str
    unit: str
    upper_normal: float | None
    week: int
    value: float
    as_reported: str


@dataclass(frozen=True)
class OrganRow:
    """How an organ fared."""

    organ: str
    change: str
    week: int | None


@dataclass(frozen=True)
class Timeline:
    """All of a case that lies in time, as plain rows."""

    index_name: str = ""
    courses: tuple[CourseRow, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    organs: tuple[OrganRow, ...] = ()
    response: str = Response.NOT_REPORTED
    steroid_effect: str = SteroidEffect.NOT_REPORTED
    relapse: bool | None = None
    relapse_week: int | None = None
    follow_up_weeks: int | None = None


def timeline_of(
    case: Case,
    *,
    courses: Iterable[Any] | None = None,
    measurements: Iterable[Any] | None = None,
    organ_responses: Iterable[Any] | None = None,
) -> Timeline:
    """The rows of a case. Wants Case.objects.with_everything(), or, for a case not saved, its lists as instances."""
    own_courses = case.courses.all() if courses is None else courses
    own_figures = case.measurements.all() if measurements is None else measurements
    own_organs = case.organ_responses.all() if organ_responses is None else organ_responses
    return Timeline(
        index_name=case.index_therapy.name if case.index_therapy_id is not None else "",
        courses=tuple(
            CourseRow(row.therapy.slug, row.therapy.name, part_text(row), row.start_week, row.stop_week)
            for row in own_courses
        ),
        figures=tuple(
            FigureRow(
                row.analyte.slug,
                row.analyte.name,
                row.analyte.unit,
                row.analyte.upper_normal,
                row.week,
                row.value,
                row.as_reported,
            )
            for row in sorted(own_figures, key=lambda row: (row.analyte.position, row.week, row.position))
        ),
        organs=tuple(OrganRow(row.organ.name, row.response, row.week) for row in own_organs),
        response=case.response or Response.NOT_REPORTED,
        steroid_effect=case.steroid_effect or SteroidEffect.NOT_REPORTED,
        relapse=case.relapse,
        relapse_week=case.relapse_week,
        follow_up_weeks=case.follow_up_weeks,
    )


@dataclass(frozen=True)
class Names:
    """What the slugs of a case in the data set's form are called."""

    therapies: Mapping[str, str] = field(default_factory=dict)
    organs: Mapping[str, str] = field(default_factory=dict)
    # Name, unit and upper limit of normal.
    analytes: Mapping[str, tuple[str, str, float | None]] = field(default_factory=dict)


def timeline_of_values(values: Mapping[str, Any], names: Names) -> Timeline:
    """The rows of a case in the data set's form (evidence/SCHEMA), however much of it is still missing.

    A draft half filled is drawn as far as it goes: rows without a known therapy, organ, analyte, week or value wait.
    """
    therapies, organs, analytes = names.therapies, names.organs, names.analytes
    return Timeline(
        index_name=therapies.get(_word(values, "index_therapy"), ""),
        courses=tuple(
            CourseRow(
                slug,
                therapies[slug],
                _given(row, slug, therapies),
                _week(row, "start_week"),
                _week(row, "stop_week"),
            )
            for row in _rows(values, "courses")
            if (slug := _word(row, "therapy")) in therapies
        ),
        figures=tuple(
            FigureRow(slug, *analytes[slug], week, value, _word(row, "as_reported"))
            for row in _rows(values, "measurements")
            if (slug := _word(row, "analyte")) in analytes
            and (week := _week(row, "week")) is not None
            and (value := _number(row.get("value"))) is not None
        ),
        organs=tuple(
            OrganRow(organs[slug], _word(row, "response"), _week(row, "week"))
            for row in _rows(values, "organ_responses")
            if (slug := _word(row, "organ")) in organs and _word(row, "response") in OrganChange.values
        ),
        response=_choice(values, "response", Response.values),
        steroid_effect=_choice(values, "steroid_effect", SteroidEffect.values),
        relapse=values["relapse"] if isinstance(values.get("relapse"), bool) else None,
        relapse_week=_week(values, "relapse_week"),
        follow_up_weeks=_week(values, "follow_up_weeks"),
    )


def _word(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _choice(values: Mapping[str, Any], name: str, known: Sequence[str]) -> str:
    word = _word(values, name)
    return word if word in known else "not_reported"


def _rows(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = values.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list | tuple) else []


def _week(values: Mapping[str, Any], name: str) -> int | None:
    """A week, from a whole number or the text of one; None where it is neither."""
    number = _number(values.get(name))
    return int(number) if number is not None and number == int(number) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < LARGEST_NUMBER else None


def _given(row: Mapping[str, Any], slug: str, therapies: Mapping[str, str]) -> str:
    dose, unit = _number(row.get("dose")), _word(row, "unit")
    amount = with_unit(dose, unit) if dose is not None else ""
    parts = (_word(row, "agent") or therapies[slug], amount, _word(row, "route"))
    return ", ".join(part for part in (" ".join(filter(None, parts)), _word(row, "schedule")) if part)


def timeline_chart(timeline: Timeline, chart_id: str = "timeline") -> Chart:
    """The course as a figure, its words and its table."""
    lanes, panels = [*_lanes(timeline)], _panels(timeline)
    is_drawn = any(lane.stretch or lane.events for lane in lanes) or bool(panels)
    of_what = lower_first(timeline.index_name) or "the therapy that the report is about"
    return Chart(
        id=chart_id,
        title="The course by week",
        figure=build_timeline(lanes, panels, f"Weeks from the start of {of_what}").to_plotly_json()
        if is_drawn
        else None,
        height=timeline_height(lanes, panels),
        caption=_caption(timeline),
        table=_table(timeline),
        empty="The report gives no week of anything.",
    )


def _caption(timeline: Timeline) -> str:
    said = [
        "Week 0 is the start of the therapy that the report is about.",
        "A bar stands where start and stop are both reported; a dotted end with a question mark is a stop that is not.",
    ]
    if timeline.figures:
        said.append("Dashed lines join figures and say nothing of the time between them.")
        limits = {
            f"{row.name.split(' (')[0]} {with_unit(row.upper_normal, row.unit)}": None
            for row in timeline.figures
            if row.upper_normal is not None
        }
        if limits:
            said.append(f"Dotted line: upper limit of normal ({', '.join(limits)}).")
    return " ".join(said)


def _lanes(timeline: Timeline) -> Iterable[TimelineLane]:
    courses = sorted(
        timeline.courses, key=lambda row: (row.start is None, row.start or 0, row.stop is None, row.stop or 0)
    )
    for row in courses:
        stretch = Stretch(row.therapy, row.start, row.stop, f"{row.given}<br>{_span(row)}")
        yield TimelineLane(row.name, stretch if row.start is not None else None, words=_course_words(row))
    if timeline.steroid_effect == SteroidEffect.STOPPED and not _stops(timeline):
        yield TimelineLane("Glucocorticoid", words="stopped, week not reported")
    for organ in dict.fromkeys(row.organ for row in timeline.organs):
        yield _organ_lane(organ, [row for row in timeline.organs if row.organ == organ])
    if timeline.relapse is not None:
        yield _relapse_lane(timeline)
    if timeline.follow_up_weeks is not None:
        week = timeline.follow_up_weeks
        yield TimelineLane(
            "Last follow-up",
            events=(Event("follow_up", week, f"Last follow-up, {week_text(week)}"),),
            words=f"week {week}",
        )


def _stops(timeline: Timeline) -> list[int]:
    """Weeks at which a course of glucocorticoid ended, where the patient came off it in the end."""
    if timeline.steroid_effect != SteroidEffect.STOPPED:
        return []
    return [row.stop for row in timeline.courses if row.therapy == GLUCOCORTICOID and row.stop is not None]


def _span(row: CourseRow) -> str:
    start = f"start {NOT_REPORTED}" if row.start is None else f"from {_at(row.start)}"
    stop = f"stop {NOT_REPORTED}" if row.stop is None else f"to {_at(row.stop)}"
    return f"{start}, {stop}"


def _at(week: int) -> str:
    return week_text(week) if week >= 0 else f"{plural(-week, 'week')} before"


def _course_words(row: CourseRow) -> str:
    if row.start is None and row.stop is None:
        return f"time {NOT_REPORTED}"
    if row.start is None:
        return f"start {NOT_REPORTED}, to {_at(row.stop or 0)}"
    return f"stop {NOT_REPORTED}" if row.stop is None else ""


def _organ_lane(organ: str, rows: Sequence[OrganRow]) -> TimelineLane:
    dated = [row for row in rows if row.week is not None]
    events = tuple(
        Event(row.change, row.week, f"{organ}: {_change(row)}, {week_text(row.week)}")  # type: ignore[arg-type]
        for row in dated
        if row.week is not None
    )
    said = [_change(row) if row.week is not None else f"{_change(row)}, time {NOT_REPORTED}" for row in rows]
    return TimelineLane(organ, events=events, words="; ".join(dict.fromkeys(said)))


def _change(row: OrganRow) -> str:
    return str(OrganChange(row.change).label).lower()


def _relapse_lane(timeline: Timeline) -> TimelineLane:
    if not timeline.relapse:
        return TimelineLane("Relapse", words="no")
    week = timeline.relapse_week
    if week is None:
        return TimelineLane("Relapse", words=f"yes, week {NOT_REPORTED}")
    return TimelineLane(
        "Relapse",
        events=(Event("relapse", week, f"Relapse, {week_text(week)}"),),
        words=f"yes, {week_text(week)}",
    )


def _panels(timeline: Timeline) -> list[TimelinePanel]:
    slugs = list(dict.fromkeys(row.analyte for row in timeline.figures))
    ordered = sorted(
        slugs, key=lambda slug: FIRST_PANELS.index(slug) if slug in FIRST_PANELS else len(FIRST_PANELS)
    )
    return [_panel([row for row in timeline.figures if row.analyte == slug]) for slug in ordered]


def _panel(rows: Sequence[FigureRow]) -> TimelinePanel:
    first = rows[0]
    return TimelinePanel(
        title=f"{first.name}, {first.unit}",
        therapy=GLUCOCORTICOID if first.analyte == "glucocorticoid_dose" else "",
        points=tuple(
            TimelinePoint(row.week, row.value, f"{row.name}: {_figure(row)}, {week_text(row.week)}")
            for row in sorted(rows, key=lambda row: row.week)
        ),
        limit=first.upper_normal,
    )


def _figure(row: FigureRow) -> str:
    printed = f" (printed as {row.as_reported})" if row.as_reported else ""
    return f"{with_unit(row.value, row.unit)}{printed}"


def _table(timeline: Timeline) -> Table | None:
    """All of it by week; what is told without a week comes last, then how it went as a whole."""
    dated = [
        *((row.start, f"{row.name} started", f"{row.given}; {_span(row)}") for row in timeline.courses),
        *((row.week, row.name, _figure(row)) for row in timeline.figures),
        *((row.week, row.organ, _change(row)) for row in timeline.organs),
    ]
    if timeline.relapse:
        dated.append((timeline.relapse_week, "Relapse", "yes"))
    if timeline.follow_up_weeks is not None:
        dated.append((timeline.follow_up_weeks, "Last follow-up", plural(timeline.follow_up_weeks, "week")))
    dated.sort(key=lambda row: (row[0] is None, row[0] or 0))
    rows = [(week_text(week), what, how) for week, what, how in dated]
    rows += [("whole course", what, how) for what, how in _as_a_whole(timeline)]
    if not rows:
        return None
    return Table("The course by week", (Column("Time"), Column("What"), Column("How")), tuple(rows))


def _as_a_whole(timeline: Timeline) -> Iterable[tuple[str, str]]:
    if timeline.response != Response.NOT_REPORTED:
        yield "Response", str(Response(timeline.response).label).lower()
    if timeline.steroid_effect != SteroidEffect.NOT_REPORTED:
        yield "Glucocorticoid", str(SteroidEffect(timeline.steroid_effect).label).lower()
    if timeline.relapse is False:
        yield "Relapse", "no"
