"""A comparison to the lines of its forest plot and the table that says the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from comparison.charts.forest import ForestAxis, ForestLine, build_forest, forest_height
from comparison.presenters.appraisal import NOT_RATED, StudyLight
from comparison.presenters.sentences import estimate_sentence, method_words, row_sentence, studies_of
from comparison.question import Question
from comparison.result import Comparison, Estimate, Row, Stratum, SynthesisRow
from comparison.vocabulary import OutcomeTerm, Vocabulary
from evidence.choices import DesignClass
from foundation.formatting import (
    interval_text,
    percent,
    place_text,
    plural,
    proportion_percent,
    quantity_text,
    week_text,
)
from foundation.pieces import Chart, Column, Download, Link, Table

# Study slug -> its light, for those that are rated.
Lights = Mapping[str, StudyLight]

# A stratum with more lines draws its largest ones; all of them stand in the table.
MOST_LINES = 12

CLASS_NAMES = {
    **{value: DesignClass(value).label for value in DesignClass.values},
    "all": "All designs together",
}
UNPOOLED_CLASS = "Reviews and opinions"


def class_name(stratum: Stratum) -> str:
    """A stratum's design class in words."""
    return CLASS_NAMES[stratum.design_class] if stratum.design_class is not None else UNPOOLED_CLASS


def forest_chart(
    comparison: Comparison,
    question: Question,
    vocabulary: Vocabulary,
    downloads: tuple[Download, ...],
    lights: Lights | None = None,
) -> Chart:
    """The forest plot of a comparison with its table twin; `lights` has the risk of bias of studies, where rated."""
    outcome = vocabulary.outcomes[question.outcome]
    lights = lights or {}
    lines = [_lit(line, lights) for line in forest_lines(comparison, question, vocabulary)]
    has_rows = any(line.kind in ("row", "synthesis") for line in lines)
    title = outcome.name if outcome.is_proportion else f"{outcome.name} ({outcome.unit})"
    axis = ForestAxis("Patients with the outcome" if outcome.is_proportion else title, outcome.is_proportion)
    return Chart(
        id="forest",
        title=title,
        figure=build_forest(lines, axis).to_plotly_json() if has_rows else None,
        height=forest_height(lines),
        caption=f"{caption(outcome)} {bias_caption(lines)}" if has_rows else caption(outcome),
        table=forest_table(comparison, question, vocabulary, lights) if has_rows else None,
        downloads=downloads,
        empty="No study in the evidence set reports a figure for this outcome under these filters.",
    )


def _lit(line: ForestLine, lights: Lights) -> ForestLine:
    found = lights.get(line.study)
    if found is None or line.kind != "row":
        return line
    words = f"{line.hover}<br>Risk of bias: {found.words}" if line.hover else ""
    return replace(line, bias_symbol=found.light.symbol, bias_tone=found.light.tone, hover=words)


def bias_caption(lines: Sequence[ForestLine]) -> str:
    """What the lights at the right mean, or that nobody has rated these studies."""
    rows = [line for line in lines if line.kind == "row"]
    rated = [line for line in rows if line.bias_symbol]
    if not rated:
        return "Risk of bias: not yet rated."
    words = "At the right, risk of bias as rated"
    return f"{words}; without a mark: not yet rated." if len(rated) < len(rows) else f"{words}."


def caption(outcome: OutcomeTerm) -> str:
    """How to read the plot."""
    if not outcome.is_proportion:
        return "Means and medians as reported, lines their spread; they are not pooled. A click leads to the study."
    return (
        "Markers: proportion in each study, area by patients, lines 95% exact intervals; hollow: not in the pool. "
        "Diamonds: pooled estimates; dotted: where a new study's proportion would be expected; "
        "shaded, hollow diamonds: figures of published reviews, largely of the same studies. "
        "Click a marker to leave the study out or take it back."
    )


def forest_lines(comparison: Comparison, question: Question, vocabulary: Vocabulary) -> list[ForestLine]:
    """The lines from top to bottom: therapy, design class, studies, what they come to."""
    lines: list[ForestLine] = []
    outcome = vocabulary.outcomes[question.outcome]
    for slug in question.therapies:
        strata = comparison.of_therapy(slug)
        name = vocabulary.therapies[slug].name
        lines.append(ForestLine("therapy", name, "" if strata else "no figure reported", slug))
        for stratum in strata:
            lines += _stratum_lines(stratum, question, outcome, vocabulary)
        lines += _synthesis_lines(comparison.syntheses, slug)
    return lines


def _synthesis_lines(syntheses: Sequence[SynthesisRow], therapy: str) -> Iterator[ForestLine]:
    """The band of reviews: proportions that they pooled themselves, shown and never pooled again."""
    pooled = [row for row in syntheses if row.therapy == therapy and row.measure == "proportion"]
    if pooled:
        yield ForestLine("stratum", "Pooled by published reviews", therapy=therapy)
    for row in pooled:
        share = proportion_percent(row.estimate, row.patients)
        bounds = interval_text(row.low, row.high, row.patients, level="").strip()
        sources = f", {plural(row.studies, 'study', 'studies')}" if row.studies is not None else ""
        words = f"{row.study_label}{sources}: {row.definition or 'definition not reported'} ({row.locator})"
        yield ForestLine(
            kind="synthesis",
            label=f"{_cut(row.study_label)}{sources}",
            figure=f"{share} ({bounds})" if bounds else share,
            therapy=therapy,
            value=row.estimate,
            low=row.low,
            high=row.high,
            patients=row.patients or 0,
            hover=_hover(words, None),
            url=f"/studies/{row.study}/#synthesis-{row.id}",
            label_url=f"/studies/{row.study}/#synthesis-{row.id}",
        )


def _stratum_lines(
    stratum: Stratum, question: Question, outcome: OutcomeTerm, vocabulary: Vocabulary
) -> Iterator[ForestLine]:
    yield ForestLine("stratum", class_name(stratum), therapy=stratum.therapy)
    drawn = _drawn(stratum.rows)
    for row in drawn:
        yield _row_line(row, question, outcome, vocabulary)
    if len(drawn) < len(stratum.rows):
        left = [row for row in stratum.rows if row not in drawn]
        yield ForestLine(
            "note", f"and {len(left)} smaller, in the table", _sum(left), stratum.therapy, pooled=False
        )
    if stratum.estimate is not None and stratum.estimate.arms > 1:
        yield _estimate_line(stratum, stratum.estimate, vocabulary)


def _drawn(rows: Sequence[Row]) -> list[Row]:
    """The rows that the plot shows: all, or the largest of many in the order of their years."""
    if len(rows) <= MOST_LINES:
        return list(rows)
    largest = {row.key for row in sorted(rows, key=lambda row: (-row.size, row.study))[: MOST_LINES - 2]}
    return [row for row in rows if row.key in largest]


def _sum(rows: Sequence[Row]) -> str:
    counted = [row for row in rows if row.events is not None and row.total is not None]
    if not counted:
        return ""
    return f"{sum(row.events or 0 for row in counted)} of {sum(row.total or 0 for row in counted)}"


def row_label(row: Row) -> str:
    """A study, its arm where it matters, and the time."""
    return f"{_cut(row.study_label)}{f', week {row.week}' if row.week is not None else ''}"


def _cut(label: str, longest: int = 24) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def row_figure(row: Row) -> str:
    """A row's figure as it stands beside its marker."""
    if row.events is not None and row.total is not None:
        return f"{row.events} of {row.total} ({percent(row.events, row.total)})"
    return quantity_text(row.value, row.statistic, None, None, None, None, row.n, "")


def _row_line(row: Row, question: Question, outcome: OutcomeTerm, vocabulary: Vocabulary) -> ForestLine:
    return ForestLine(
        kind="row",
        study=row.study,
        label=row_label(row),
        figure=row_figure(row),
        therapy=row.therapy,
        value=row.proportion if outcome.is_proportion else row.value,
        low=row.low if outcome.is_proportion else _value_low(row),
        high=row.high if outcome.is_proportion else _value_high(row),
        patients=row.size,
        pooled=row.pooled or not outcome.is_proportion,
        hover=_hover(
            row_sentence(row, outcome, vocabulary), row.why_not_pooled if outcome.is_proportion else None
        ),
        url=toggle_url(row.study, question) if outcome.is_proportion else source_url(row),
        label_url=source_url(row),
    )


def source_url(row: Row) -> str:
    """Where the figure stands on its study's page; a row counted from single patients leads to them."""
    anchor = f"result-{row.result}" if row.result is not None else "cases"
    return f"/studies/{row.study}/#{anchor}"


def toggle_url(study: str, question: Question) -> str:
    """The same question with a study left out, or taken back in."""
    return f"/compare/?{question.toggled(study).to_query()}"


def _value_low(row: Row) -> float | None:
    if row.value_low is not None or row.sd is None or row.value is None:
        return row.value_low
    return row.value - row.sd


def _value_high(row: Row) -> float | None:
    if row.value_high is not None or row.sd is None or row.value is None:
        return row.value_high
    return row.value + row.sd


def _hover(sentence: str, why_not_pooled: str | None, width: int = 64) -> str:
    """A sentence in lines of a readable width; Plotly does not wrap."""
    words = sentence.replace("&", "&amp;").replace("<", "&lt;")
    if why_not_pooled is not None:
        words += f" Not pooled: {why_not_pooled}."
    lines, line = [], ""
    for word in words.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join([*lines, line])


def _estimate_line(stratum: Stratum, estimate: Estimate, vocabulary: Vocabulary) -> ForestLine:
    share = proportion_percent(estimate.proportion, estimate.patients)
    bounds = interval_text(estimate.low, estimate.high, estimate.patients, level="")
    return ForestLine(
        kind="estimate",
        label=f"Pooled, {studies_of(estimate)}",
        figure=f"{share} ({bounds.strip()})",
        therapy=stratum.therapy,
        value=estimate.proportion,
        low=estimate.low,
        high=estimate.high,
        prediction_low=estimate.prediction_low,
        prediction_high=estimate.prediction_high,
        patients=estimate.patients,
        hover=_hover(estimate_sentence(stratum, estimate, vocabulary), None),
    )


def forest_table(
    comparison: Comparison, question: Question, vocabulary: Vocabulary, lights: Lights | None = None
) -> Table:
    """Every row of every stratum, drawn or not, with the pooled estimates between them."""
    outcome = vocabulary.outcomes[question.outcome]
    columns = (
        Column("Therapy"),
        Column("Design"),
        Column("Study"),
        Column("Time"),
        Column("Figure", is_number=True),
        Column("95% CI" if outcome.is_proportion else "Spread", is_number=True),
        Column("Definition"),
        Column("Source"),
        Column("Risk of bias"),
        Column("In the pool"),
        Column("Change"),
    )
    rows: list[tuple[str | Link, ...]] = []
    for stratum in comparison.strata:
        therapy, design = vocabulary.therapies[stratum.therapy].name, class_name(stratum)
        rows += [(therapy, design, *_cells(row, question, outcome, lights or {})) for row in stratum.rows]
        if stratum.estimate is not None and stratum.estimate.arms > 1:
            rows.append((therapy, design, *_estimate_cells(stratum.estimate)))
    return Table(f"{outcome.name}: every figure behind the plot", columns, tuple(rows))


def _cells(row: Row, question: Question, outcome: OutcomeTerm, lights: Lights) -> tuple[str | Link, ...]:
    time = f"{week_text(row.week)}{' (follow-up)' if row.week_is_follow_up else ''}"
    bounds = interval_text(row.low, row.high, row.total, level="") if outcome.is_proportion else _spread(row)
    words = "take back" if row.study in question.exclude else "leave out"
    light = lights.get(row.study)
    return (
        row.study_label if row.arm_label is None else f"{row.study_label}: {row.arm_label}",
        time,
        row_figure(row),
        bounds.strip(),
        row.definition or "not reported",
        Link(place_text(row.basis, row.locator), source_url(row)),
        f"{light.light.symbol} {light.words}" if light is not None else NOT_RATED,
        "yes" if row.pooled else f"no: {row.why_not_pooled}",
        Link(words, toggle_url(row.study, question)),
    )


def _spread(row: Row) -> str:
    return quantity_text(row.value, None, row.spread, row.value_low, row.value_high, row.sd, None, "")


def _estimate_cells(estimate: Estimate) -> tuple[str, ...]:
    return (
        f"Pooled: {studies_of(estimate)}",
        "",
        f"{proportion_percent(estimate.proportion, estimate.patients)} ({estimate.events} of {estimate.patients})",
        interval_text(estimate.low, estimate.high, estimate.patients, level="").strip(),
        "",
        f"{method_words(estimate.method)}: {estimate.reason}",
        "",
        "",
        "",
    )
