"""What the reader must not miss: one sentence each, drawn from the rows."""

from collections.abc import Sequence

from comparison.question import Question, lower_first
from comparison.result import Caution, CautionCode, Contrast, FindingRow, Row, Stratum
from comparison.vocabulary import Vocabulary
from evidence.choices import Basis, DesignClass
from foundation.formatting import joined, plural


def cautions_on(
    question: Question,
    vocabulary: Vocabulary,
    strata: Sequence[Stratum],
    contrasts: Sequence[Contrast],
    findings: Sequence[FindingRow],
) -> tuple[Caution, ...]:
    """Cautions in the order of their weight."""
    rows = [row for stratum in strata for row in stratum.rows]
    return (
        *_not_compared(vocabulary, contrasts, rows),
        *_by_therapy(question, vocabulary, strata, findings),
        *_sources(rows),
        *_baseline(question, rows),
        *_overlaps(rows),
        *_definitions_and_times(vocabulary, strata),
        *_filters(question, vocabulary, rows),
    )


_NOT_DIRECT: tuple[tuple[str, CautionCode, str], ...] = (
    (
        "naive",
        "naive_comparison",
        "their patients, times and definitions differ too, and the difference between their figures "
        "is not the effect of a therapy",
    ),
    (
        "anchored",
        "anchored_comparison",
        "their difference is indirect, through the comparator that both were tried against",
    ),
)
_WEAK_SOURCES: tuple[tuple[CautionCode, Basis, str], ...] = (
    ("press_figures", Basis.PRESS, "a press report"),
    ("secondary_figures", Basis.SECONDARY, "another paper than its own"),
)


def _not_compared(
    vocabulary: Vocabulary, contrasts: Sequence[Contrast], rows: Sequence[Row]
) -> list[Caution]:
    """Pairs that stand side by side and were never compared within a trial."""
    told = {row.therapy for row in rows}
    cautions = []
    for kind, code, words in _NOT_DIRECT:
        pairs = [one for one in contrasts if one.kind == kind and {one.a, one.b} <= told]
        if not pairs:
            continue
        names = [
            f"{lower_first(vocabulary.therapies[one.a].name)} with {lower_first(vocabulary.therapies[one.b].name)}"
            for one in pairs
        ]
        which = joined(names, "or") if len(names) <= 3 else f"{len(names)} of the pairs shown"
        text = f"No trial compared {which} directly: {words}."
        cautions.append(Caution(code, text))
    return cautions


def _by_therapy(
    question: Question, vocabulary: Vocabulary, strata: Sequence[Stratum], findings: Sequence[FindingRow]
) -> list[Caution]:
    """Therapies without a figure, or with case reports alone, or with one study."""
    cautions = []
    for slug in question.therapies:
        name = vocabulary.therapies[slug].name
        rows = [row for stratum in strata if stratum.therapy == slug for row in stratum.rows]
        in_words = any(finding.therapy == slug for finding in findings)
        if not rows:
            text = f"{name}: no study in the evidence set reports a figure for this outcome"
            text += "; what is told in words stands under findings." if in_words else "."
            cautions.append(Caution("words_only" if in_words else "no_evidence", text, slug))
        elif all(row.design_class == DesignClass.CASE for row in rows):
            text = f"{name}: case reports and series only, and failures are seldom published as cases."
            cautions.append(Caution("case_reports_only", text, slug))
        elif len({row.study for row in rows}) == 1:
            cautions.append(Caution("one_study", f"{name}: one study only ({rows[0].study_label}).", slug))
    return cautions


def _sources(rows: Sequence[Row]) -> list[Caution]:
    cautions = []
    for code, basis, words in _WEAK_SOURCES:
        labels = sorted({row.study_label for row in rows if row.basis == basis})
        if labels:
            cautions.append(Caution(code, f"Read in {words}: {joined(labels)}."))
    retracted = sorted({row.study_label for row in rows if row.citation.retracted})
    if retracted:
        cautions.append(Caution("retracted", f"Retracted, shown and not pooled: {joined(retracted)}."))
    return cautions


def _baseline(question: Question, rows: Sequence[Row]) -> list[Caution]:
    """Figures of the start that stand where a later one was asked for and none is told."""
    labels = sorted({row.study_label for row in rows if row.week == 0})
    if not labels or question.at == 0:
        return []
    text = f"Told at the start of treatment only (week 0), which shows no effect: {joined(labels)}."
    return [Caution("baseline_figures", text)]


def _overlaps(rows: Sequence[Row]) -> list[Caution]:
    aside = {row.study for row in rows if row.why_not_pooled and " patients with " in row.why_not_pooled}
    if not aside:
        return []
    studies = plural(len(aside), "study", "studies")
    text = f"{studies} left out of the pools because of shared patients: drawn hollow, with the reason."
    return [Caution("overlaps_left_out", text)]


def _definitions_and_times(vocabulary: Vocabulary, strata: Sequence[Stratum]) -> list[Caution]:
    """Pools over unlike definitions or times."""
    cautions = []
    mixed = [stratum for stratum in strata if len({row.definition for row in stratum.rows if row.pooled}) > 1]
    if mixed:
        names = joined(list(dict.fromkeys(vocabulary.therapies[stratum.therapy].name for stratum in mixed)))
        cautions.append(
            Caution("mixed_definitions", f"The studies define the outcome in different ways: {names}.")
        )
    apart = []
    for stratum in strata:
        weeks = [row.week for row in stratum.rows if row.pooled and row.week is not None]
        if weeks and max(weeks) - min(weeks) > 26:
            name = vocabulary.therapies[stratum.therapy].name
            apart.append(f"{name}, {_design_words(stratum)} (weeks {min(weeks)} to {max(weeks)})")
    if apart:
        cautions.append(
            Caution(
                "mixed_times",
                f"The times lie more than half a year apart: {'; '.join(apart)}.",
            )
        )
    return cautions


def _design_words(stratum: Stratum) -> str:
    """The design class within a sentence; DesignClass has no place for all of them together."""
    labels: dict[str | None, str] = {value.value: value.label.lower() for value in DesignClass}
    return labels.get(stratum.design_class, "all designs")


def _filters(question: Question, vocabulary: Vocabulary, rows: Sequence[Row]) -> list[Caution]:
    cautions = []
    if question.alike is not None:
        label = vocabulary.studies[question.alike]
        text = f"Only figures that define the outcome in the words of {label} are kept"
        text += "." if rows else "; it states no definition of it, so that none is left."
        cautions.append(Caution("one_definition", text))
    if question.organs:
        text = (
            "Only studies confined to the chosen organs, and single patients with disease there, are counted."
        )
        cautions.append(Caution("organ_filter", text))
    if question.comorbidities:
        text = "Comorbidities are known of single patients only: results of whole arms are left out."
        cautions.append(Caution("comorbidity_filter", text))
    if question.glucocorticoid is not None:
        text = "Background glucocorticoid is told of whole arms: figures counted from single patients are left out."
        cautions.append(Caution("glucocorticoid_filter", text))
    return cautions
