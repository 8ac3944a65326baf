"""How a comparison moves, as the page shows it: curves with their tables, and sentences on unpublished failures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from comparison.charts.cumulative import (
    CumulativePanel,
    CumulativePoint,
    build_cumulative,
    cumulative_height,
)
from comparison.charts.multiverse import ChoiceLine, UniversePoint, build_multiverse, multiverse_height
from comparison.presenters.forest import CLASS_NAMES
from comparison.presenters.sentences import METHOD_WORDS
from comparison.question import Question, lower_first
from comparison.result import Estimate
from comparison.sensitivity import (
    WITHOUT_CASES,
    StratumSensitivity,
    TherapySensitivity,
    TippingPoint,
    Universe,
)
from comparison.vocabulary import Vocabulary
from foundation.formatting import interval_text, joined, plural, proportion_percent
from foundation.pieces import Chart, Column, Download, Link, Table

DESIGN_WORDS = {**CLASS_NAMES, WITHOUT_CASES: "All but case reports"}
OVERLAP_WORDS = {"probable": "Certain and probable heeded", "certain": "Certain heeded", "ignore": "Ignored"}
BASIS_WORDS = {"any": "Any", "abstract": "No press or secondary", "full_text": "Full texts only"}
ASKED_METHODS = {
    "auto": "By the ladder",
    **{name: words.capitalize() for name, words in METHOD_WORDS.items()},
}
ASKED_METHODS |= {
    "glmm": "Logistic regression",
    "bayes": "Bayesian",
    "exact_total": "Exact, of the sums",
    "logit_iv": "Inverse variance",
}
AXES = (
    ("designs", "Designs", DESIGN_WORDS),
    ("overlaps", "Shared patients", OVERLAP_WORDS),
    ("basis", "Sources", BASIS_WORDS),
    ("methods", "Method", ASKED_METHODS),
)


@dataclass(frozen=True)
class TherapyPanel:
    """What the page shows of one therapy."""

    slug: str
    therapy: str
    multiverse: Chart
    # The span of the estimates: "from 76% to 93% in 41 universes".
    span: str
    left_out: Table
    tipping_point: str


def cumulative_chart(
    answers: Sequence[TherapySensitivity],
    question: Question,
    vocabulary: Vocabulary,
    downloads: tuple[Download, ...],
) -> Chart:
    """The evidence as it stood, of every stratum that grew; all steps stand in the table."""
    outcome = vocabulary.outcomes[question.outcome]
    strata = [stratum for answer in answers for stratum in answer.strata]
    panels = [_panel(stratum, question, vocabulary) for stratum in strata]
    drawn = [panel for panel in panels if len(panel.points) > 1]
    return Chart(
        id="cumulative",
        title=f"{outcome.name}: the evidence as it stood",
        figure=build_cumulative(drawn).to_plotly_json() if drawn else None,
        height=cumulative_height(drawn),
        caption=(
            "Each marker: the estimate from all studies published by the end of that year, shaded its 95% interval. "
            "Click a year to compare the evidence as it stood then."
        ),
        table=_cumulative_table(strata, question, vocabulary) if strata else None,
        downloads=downloads,
        empty="No stratum has studies of more than one year.",
    )


def _panel(stratum: StratumSensitivity, question: Question, vocabulary: Vocabulary) -> CumulativePanel:
    points = tuple(
        CumulativePoint(
            year=step.year,
            proportion=step.estimate.proportion,
            low=step.estimate.low,
            high=step.estimate.high,
            hover=f"To {step.year}: {_figure(step.estimate)}<br>{plural(len(step.added), 'study', 'studies')} added",
            url=_as_of(question, step.year),
        )
        for step in stratum.cumulative
        if step.year is not None and step.estimate is not None
    )
    return CumulativePanel(_stratum_name(stratum, vocabulary), stratum.therapy, points)


def _stratum_name(stratum: StratumSensitivity, vocabulary: Vocabulary) -> str:
    return f"{vocabulary.therapies[stratum.therapy].name}, {lower_first(CLASS_NAMES[stratum.design_class])}"


def _as_of(question: Question, year: int) -> str:
    """The comparison with the evidence to the end of a year."""
    first = question.first_year if question.first_year is None or question.first_year <= year else None
    return f"/compare/?{question.with_changes(last_year=year, first_year=first).to_query()}"


def _figure(estimate: Estimate) -> str:
    share = proportion_percent(estimate.proportion, estimate.patients)
    bounds = interval_text(estimate.low, estimate.high, estimate.patients)
    return f"{share} ({bounds}), {estimate.events} of {estimate.patients}"


def _cells(estimate: Estimate | None, why_not: str | None = None) -> tuple[str, str, str, str]:
    """Share, interval, count and method of an estimate, or why there is none."""
    if estimate is None:
        return ("", "", "", why_not or "no evidence")
    share = proportion_percent(estimate.proportion, estimate.patients)
    bounds = interval_text(estimate.low, estimate.high, estimate.patients, level="").strip()
    return (share, bounds, f"{estimate.events} of {estimate.patients}", METHOD_WORDS[estimate.method])


_FIGURE_COLUMNS = (
    Column("Estimate", is_number=True),
    Column("95% CI", is_number=True),
    Column("Patients", is_number=True),
    Column("Method"),
)


def _cumulative_table(
    strata: Iterable[StratumSensitivity], question: Question, vocabulary: Vocabulary
) -> Table:
    rows: list[tuple[str | Link, ...]] = []
    for stratum in strata:
        for step in stratum.cumulative:
            year = Link(str(step.year), _as_of(question, step.year)) if step.year is not None else "not known"
            added = joined([vocabulary.studies[slug] for slug in step.added])
            rows.append((_stratum_name(stratum, vocabulary), year, added, *_cells(step.estimate)))
    columns = (Column("Stratum"), Column("To the end of"), Column("Added"), *_FIGURE_COLUMNS)
    return Table("The evidence as it stood at the end of each year", columns, tuple(rows))


def therapy_panels(
    answers: Iterable[TherapySensitivity], question: Question, vocabulary: Vocabulary
) -> list[TherapyPanel]:
    """Each therapy's multiverse, single studies left out, and tipping point."""
    return [_therapy_panel(answer, question, vocabulary) for answer in answers]


def _therapy_panel(answer: TherapySensitivity, question: Question, vocabulary: Vocabulary) -> TherapyPanel:
    name = vocabulary.therapies[answer.therapy].name
    return TherapyPanel(
        slug=answer.therapy,
        therapy=name,
        multiverse=_multiverse_chart(answer, vocabulary),
        span=_span(answer.multiverse),
        left_out=_left_out_table(answer, question, vocabulary),
        tipping_point=_tipping_sentence(name, answer.tipping_point) if answer.tipping_point else "",
    )


def _multiverse_chart(answer: TherapySensitivity, vocabulary: Vocabulary) -> Chart:
    pooled = [universe for universe in answer.multiverse if universe.left_out is None]
    lines = list(_choice_lines(pooled))
    points = [point for universe in pooled if (point := _point(universe)) is not None]
    name = vocabulary.therapies[answer.therapy].name
    return Chart(
        id=f"multiverse-{answer.therapy}",
        title=f"{name}: every estimate that other choices come to",
        figure=build_multiverse(points, lines, answer.therapy).to_plotly_json() if points else None,
        height=multiverse_height(lines),
        caption=(
            "Estimates from low to high with their 95% intervals; below each the choices that lead to it. "
            "Full and in ink: what the comparison shows first."
        ),
        table=_multiverse_table(pooled, vocabulary),
        empty="No combination of choices has an estimate.",
    )


def _point(universe: Universe) -> UniversePoint | None:
    estimate = universe.estimate
    if estimate is None:
        return None
    chosen = frozenset((axis, choice) for axis, _, _ in AXES for choice in getattr(universe, axis))
    words = "<br>".join([_figure(estimate), *_choice_words(universe)])
    return UniversePoint(estimate.proportion, estimate.low, estimate.high, chosen, universe.is_default, words)


def _choice_words(universe: Universe) -> list[str]:
    """Each axis with the choices that lead here."""
    return [
        f"{title}: {joined([words[choice] for choice in getattr(universe, axis)], 'or')}"
        for axis, title, words in AXES
    ]


def _choice_lines(universes: Sequence[Universe]) -> Iterator[ChoiceLine]:
    """The lines of dots, axis by axis, of choices that anything comes of."""
    for axis, title, words in AXES:
        made = {choice for universe in universes if universe.estimate for choice in getattr(universe, axis)}
        yield ChoiceLine(axis, "", title)
        for choice, label in words.items():
            if choice in made:
                yield ChoiceLine(axis, choice, label)


def _multiverse_table(universes: Iterable[Universe], vocabulary: Vocabulary) -> Table:
    rows = tuple(
        (
            *(joined([words[choice] for choice in getattr(universe, axis)], "or") for axis, _, words in AXES),
            *_cells(universe.estimate, universe.why_not),
            plural(len(universe.studies), "study", "studies"),
        )
        for universe in universes
    )
    columns = (*(Column(title) for _, title, _ in AXES), *_FIGURE_COLUMNS, Column("Studies"))
    return Table("Every combination of choices, and what it comes to", columns, rows)


def _span(universes: Sequence[Universe]) -> str:
    """From where to where the estimates reach."""
    told = [universe.estimate for universe in universes if universe.estimate is not None]
    if not told:
        return ""
    low = min(told, key=lambda estimate: estimate.proportion)
    high = max(told, key=lambda estimate: estimate.proportion)
    ends = [proportion_percent(one.proportion, one.patients) for one in (low, high)]
    combinations = sum(universe.combinations for universe in universes)
    return (
        f"Estimates from {ends[0]} to {ends[1]}, in {plural(combinations, 'combination')} of choices that come to "
        f"{plural(len(told), 'different estimate')}, single studies left out in turn among them."
    )


def _left_out_table(answer: TherapySensitivity, question: Question, vocabulary: Vocabulary) -> Table:
    rows: list[tuple[str | Link, ...]] = []
    for stratum in answer.strata:
        for left in stratum.leave_one_out:
            changed = question if left.study in question.exclude else question.toggled(left.study)
            study = Link(vocabulary.studies[left.study], f"/compare/?{changed.to_query()}")
            design = CLASS_NAMES[stratum.design_class]
            rows.append((design, study, *_cells(left.estimate, left.why_not)))
    columns = (Column("Design"), Column("Without"), *_FIGURE_COLUMNS)
    return Table("The estimate without each study", columns, tuple(rows))


def _tipping_sentence(name: str, tipping: TippingPoint) -> str:
    """How many unpublished failures would turn the figure of case reports."""
    reported = plural(tipping.failures_reported, "failure") if tipping.failures_reported else "no failure"
    start = (
        f"{name}, case reports and series: {tipping.events} of {tipping.total} with the outcome, "
        f"{reported} reported"
    )
    if tipping.failures_needed == 0:
        return f"{start}; under one half already."
    ones = "failure" if tipping.failures_needed == 1 else "failures"
    return (
        f"{start}. {tipping.failures_needed} unpublished {ones} would bring the proportion under one half; "
        f"nobody knows how many there are."
    )
