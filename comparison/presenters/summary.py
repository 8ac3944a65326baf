"""The summary of findings: the asked outcome by design, then the other main outcomes, one line a therapy."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from comparison.presenters.forest import CLASS_NAMES, class_name
from comparison.presenters.sentences import method_words, summary_sentence
from comparison.question import Question
from comparison.result import Certainties, Comparison, Estimate, Row, Stratum
from comparison.statistics.sensitivity import tipping_point
from comparison.summary import SummaryRow
from comparison.vocabulary import OutcomeTerm, Vocabulary
from evidence.choices import DesignClass, Domain
from foundation.formatting import joined, per_hundred, plural, quantity_text
from foundation.pieces import Share

MOST_FIGURES = 3
# Of fewer patients than this, "of 100" promises more than is known.
FEWEST_FOR_PER_HUNDRED = 10


@dataclass(frozen=True)
class SummaryLine:
    """A therapy's stratum in the summary of findings."""

    slug: str
    therapy: str
    url: str
    design_class: str
    design_name: str
    share: Share | None
    # Means and medians as reported, where the outcome is a quantity.
    figures: tuple[str, ...]
    per_hundred: str
    studies: str
    # Studies shown but not in the pool.
    aside: int
    sentence: str
    # Weaker classes that report it too, where only the strongest is shown.
    weaker: str = ""
    # Failures told, and how many untold ones would turn the figure; of case reports alone.
    failures: str = ""
    certainty: str | None = None
    certainty_reasons: str = ""


@dataclass(frozen=True)
class Silence:
    """A therapy asked about that has no figure, with what is told of it in words."""

    slug: str
    therapy: str
    url: str
    findings: int


@dataclass(frozen=True)
class SummaryGroup:
    """An outcome of the summary of findings, its therapies below it."""

    outcome: str
    # Where the outcome is compared; empty for the one that is being compared.
    url: str
    time: str
    is_proportion: bool
    lines: tuple[SummaryLine, ...]
    silences: tuple[Silence, ...]
    # On paper the table of harms tells these, and once is enough.
    is_harm: bool = False


def summary_groups(
    comparison: Comparison,
    summary: Sequence[SummaryRow],
    question: Question,
    vocabulary: Vocabulary,
    certainties: Certainties,
) -> list[SummaryGroup]:
    """The asked outcome with every class of design, then the other main ones with the strongest of each therapy.

    An outcome on which nothing at all is told is left out.
    """
    groups = [_asked_group(comparison, question, vocabulary, certainties)]
    for slug in dict.fromkeys(row.outcome for row in summary if row.outcome != question.outcome):
        rows = [row for row in summary if row.outcome == slug]
        if any(row.stratum is not None or row.findings for row in rows):
            groups.append(_other_group(slug, rows, question, vocabulary, certainties))
    return groups


def _asked_group(
    comparison: Comparison, question: Question, vocabulary: Vocabulary, certainties: Certainties
) -> SummaryGroup:
    outcome = vocabulary.outcomes[question.outcome]
    lines = [
        _summary_line(stratum, outcome, vocabulary, certainties.get((stratum.therapy, outcome.slug)))
        for stratum in comparison.strata
    ]
    told = {stratum.therapy for stratum in comparison.strata}
    findings = Counter(finding.therapy for finding in comparison.findings)
    silent = [_silence(slug, vocabulary, findings[slug]) for slug in question.therapies if slug not in told]
    time = time_words(question.time(outcome))
    return SummaryGroup(outcome.name, "", time, outcome.is_proportion, tuple(lines), tuple(silent))


def _other_group(
    slug: str,
    rows: Sequence[SummaryRow],
    question: Question,
    vocabulary: Vocabulary,
    certainties: Certainties,
) -> SummaryGroup:
    outcome = vocabulary.outcomes[slug]
    lines = []
    for row in rows:
        if row.stratum is not None:
            line = _summary_line(row.stratum, outcome, vocabulary, certainties.get((row.therapy, slug)))
            lines.append(replace(line, weaker=_weaker_words(row)))
    silent = [_silence(row.therapy, vocabulary, row.findings) for row in rows if row.stratum is None]
    url = f"/compare/?{question.with_changes(outcome=slug, at=None, alike=None).to_query()}"
    return SummaryGroup(
        outcome.name,
        url,
        time_words(outcome.usual_time),
        outcome.is_proportion,
        tuple(lines),
        tuple(silent),
        is_harm=outcome.domain == Domain.SAFETY,
    )


def time_words(time: int | str) -> str:
    """The time asked for, in words."""
    return f"closest to week {time}" if isinstance(time, int) else f"at the {time} time reported"


def _weaker_words(row: SummaryRow) -> str:
    """Which weaker classes report the outcome too."""
    names = [CLASS_NAMES[name].lower() for name in row.weaker]
    return f"also {joined(names)}" if names else ""


def _silence(slug: str, vocabulary: Vocabulary, findings: int) -> Silence:
    return Silence(slug, vocabulary.therapies[slug].name, f"/therapies/{slug}/", findings)


def _summary_line(
    stratum: Stratum, outcome: OutcomeTerm, vocabulary: Vocabulary, certainty: tuple[str, str] | None
) -> SummaryLine:
    estimate, rows = stratum.estimate, stratum.rows
    aside = sum(not row.pooled for row in rows) if outcome.is_proportion else 0
    studies = len({row.study for row in rows})
    return SummaryLine(
        slug=stratum.therapy,
        therapy=vocabulary.therapies[stratum.therapy].name,
        url=f"/therapies/{stratum.therapy}/",
        design_class=stratum.design_class or "systematic_review",
        design_name=class_name(stratum),
        share=share_of_stratum(stratum, outcome),
        figures=() if outcome.is_proportion else _figures(rows, outcome),
        per_hundred=_expected(estimate),
        studies=plural(studies, "study", "studies"),
        aside=aside,
        sentence=summary_sentence(stratum, outcome, vocabulary),
        failures=_failures(stratum, outcome),
        certainty=certainty[0] if certainty else None,
        certainty_reasons=certainty[1] if certainty else "",
    )


def _expected(estimate: Estimate | None) -> str:
    """How many of 100, where enough patients stand behind it to say so."""
    if estimate is None:
        return ""
    return (
        per_hundred(estimate.proportion) if estimate.patients >= FEWEST_FOR_PER_HUNDRED else "too few to say"
    )


def share_of_stratum(stratum: Stratum, outcome: OutcomeTerm) -> Share | None:
    """The pooled figure; its events and total are sums, its proportion the model's."""
    estimate = stratum.estimate
    if estimate is None:
        return None
    pooled = [row for row in stratum.rows if row.pooled]
    weeks = {row.week for row in pooled}
    times = _times(weeks) if len(weeks) > 1 else ""
    definitions = list(dict.fromkeys(row.definition for row in pooled if row.definition))
    return Share(
        estimate.events,
        estimate.patients,
        estimate.low,
        estimate.high,
        proportion=estimate.proportion if estimate.arms > 1 else None,
        outcome=outcome.name,
        week=weeks.pop() if len(weeks) == 1 else None,
        definition="; ".join(definitions[:MOST_FIGURES]) + (" …" if len(definitions) > MOST_FIGURES else ""),
        method=f"{method_words(estimate.method)}: {estimate.reason}",
        times=times,
    )


def _times(weeks: Collection[int | None]) -> str:
    """The span of several times: "weeks 12 to 52, for some not reported"."""
    known = sorted(week for week in weeks if week is not None)
    span = f"week {known[0]}" if len(known) == 1 else f"weeks {known[0]} to {known[-1]}"
    return f"{span}, for some not reported" if None in weeks else span


def _figures(rows: Sequence[Row], outcome: OutcomeTerm) -> tuple[str, ...]:
    """Means and medians of the largest studies, each with its study."""
    largest = sorted(rows, key=lambda row: (-row.size, row.study))[:MOST_FIGURES]
    return tuple(f"{_quantity(row, outcome)} ({row.study_label})" for row in largest)


def _quantity(row: Row, outcome: OutcomeTerm) -> str:
    return quantity_text(
        row.value, row.statistic, row.spread, row.value_low, row.value_high, row.sd, row.n, outcome.unit
    )


def _failures(stratum: Stratum, outcome: OutcomeTerm) -> str:
    """What case reports cannot show: failures, which are seldom published."""
    estimate = stratum.estimate
    if stratum.design_class != DesignClass.CASE or estimate is None or outcome.better != "higher":
        return ""
    told = estimate.patients - estimate.events
    failures = f"{plural(told, 'failure')} reported" if told else "no failure reported"
    untold = tipping_point(estimate.events, estimate.patients)
    if untold == 0:
        return f"{failures}."
    ones = "one" if untold == 1 else "ones"
    return f"{failures}; {untold} unpublished {ones} would bring it under one half."
