"""Question to evidence: the only place of the comparison that reads the database.

One number per arm (timing.py), rows counted from single patients where a series gives none (derived.py), with all that
must stand beside them: findings in words, published syntheses, contrasts as reported, overlaps. A constant number of
queries, whatever is asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Q

from comparison import labels
from comparison.assembly import assemble, primary_reports
from comparison.definitions import definition_key
from comparison.derived import COUNTED, DEFINITIONS
from comparison.question import Question
from comparison.result import Certainties, FindingRow, ReportedContrast, Row, SynthesisRow
from comparison.timing import Candidate, choose
from comparison.vocabulary import OutcomeTerm, TherapyTerm, Vocabulary
from evidence.choices import Basis, DesignClass
from evidence.models import (
    Appraisal,
    Case,
    CaseComorbidity,
    CaseOrgan,
    Certainty,
    Comorbidity,
    Contrast,
    Finding,
    Organ,
    Outcome,
    PublishedSynthesis,
    Result,
    Study,
)
from literature.models import Citation
from therapies.models import Therapy

OfStudy = TypeVar("OfStudy", Finding, PublishedSynthesis, Contrast)
AnyRow = TypeVar("AnyRow", Result, Finding, PublishedSynthesis, Contrast)

# What a minimum basis lets in; press and secondary sources are the weakest.
BASES_AT_LEAST: dict[str, frozenset[str]] = {
    "full_text": frozenset({Basis.FULL_TEXT}),
    "abstract": frozenset(Basis.values) - {Basis.PRESS, Basis.SECONDARY},
    "any": frozenset(Basis.values),
}


@dataclass(frozen=True)
class Evidence:
    """All that the database holds on a question, nothing yet pooled."""

    rows: tuple[Row, ...]
    findings: tuple[FindingRow, ...]
    syntheses: tuple[SynthesisRow, ...]
    contrasts: tuple[ReportedContrast, ...]
    # Arms of the same studies that were given something else: comparators of the guard.
    comparators: tuple[Row, ...] = ()
    overlaps: dict[frozenset[str], bool] = field(default_factory=dict)


def load_vocabulary() -> Vocabulary:
    """All that a question may name, in five queries."""
    return Vocabulary(
        therapies={
            row.slug: TherapyTerm(row.slug, row.name, row.is_control)
            for row in Therapy.objects.letter_first()
        },
        outcomes={
            row.slug: OutcomeTerm(row.slug, row.name, row.domain, row.is_proportion, row.unit, row.better)
            for row in Outcome.objects.all()
        },
        organs=dict(Organ.objects.values_list("slug", "name")),
        comorbidities=dict(Comorbidity.objects.values_list("slug", "name")),
        studies=dict(Study.objects.published().order_by("slug").values_list("slug", "label")),
    )


@dataclass(frozen=True)
class Shelf:
    """What is published on some therapies and outcomes, read once: each outcome's evidence is taken from it."""

    results: dict[str, list[Result]]
    cases: tuple[Case, ...]
    findings: dict[str, list[Finding]]
    syntheses: dict[str, list[PublishedSynthesis]]
    contrasts: dict[str, list[Contrast]]
    overlaps: dict[frozenset[str], bool]

    def years(self, outcome: str) -> tuple[int, ...]:
        """The years of publication of the studies that may tell of an outcome, whatever a question's span."""
        studies = [row.arm.study for row in self.results.get(outcome, ())]
        if outcome in COUNTED:
            studies += [case.study for case in self.cases]
        return tuple(sorted({year for study in studies if (year := labels.year_of(study)) is not None}))


def read_shelf(question: Question, outcomes: Collection[str]) -> Shelf:
    """All that is published on a question's therapies and some outcomes, in a constant number of queries."""
    assembly = assemble(of=question.therapies, with_organs=bool(question.organs))
    wanted = Q(outcome__in=[key for key, term in assembly.outcomes.items() if term.slug in outcomes])
    therapies = [key for key, therapy in assembly.therapies.items() if therapy.slug in question.therapies]
    of_therapies = Q(therapy__in=therapies)
    counted = bool(COUNTED.keys() & set(outcomes)) and question.glucocorticoid is None
    return Shelf(
        results=_by_outcome(assembly.results(wanted)),
        cases=tuple(assembly.cases(_of_patients(question) & Q(index_therapy__in=therapies)))
        if counted
        else (),
        findings=_by_outcome(assembly.findings(wanted & of_therapies)),
        syntheses=_by_outcome(assembly.syntheses(wanted & of_therapies)),
        contrasts=_by_outcome(assembly.contrasts(wanted)),
        overlaps={
            frozenset({row.study_a.slug, row.study_b.slug}): row.certain for row in assembly.overlaps()
        },
    )


def _by_outcome(rows: Iterable[AnyRow]) -> dict[str, list[AnyRow]]:
    """Rows under the slug of their outcome, in the order in which they come."""
    grouped: dict[str, list[AnyRow]] = defaultdict(list)
    for row in rows:
        grouped[row.outcome.slug].append(row)
    return dict(grouped)


def _of_patients(question: Question) -> Q:
    """The patients that the question's organs and comorbidities let in."""
    wanted = Q()
    if question.organs:
        wanted &= Q(pk__in=CaseOrgan.objects.filter(organ__slug__in=question.organs).values("case"))
    if question.comorbidities:
        having = CaseComorbidity.objects.filter(comorbidity__slug__in=question.comorbidities)
        wanted &= Q(pk__in=having.values("case"))
    return wanted


def gather(question: Question, vocabulary: Vocabulary) -> Evidence:
    """All evidence on a question, in a constant number of queries."""
    return evidence_on(question, vocabulary, read_shelf(question, [question.outcome]))


def evidence_on(question: Question, vocabulary: Vocabulary, shelf: Shelf) -> Evidence:
    """All evidence on a question, from a shelf that was read for its therapies, filters and outcome."""
    outcome, asked_for = vocabulary.outcomes[question.outcome], set(question.therapies)
    definitions = _definitions_kept(question, shelf)
    arms = _arm_rows(_defined(shelf.results.get(outcome.slug, []), definitions), question, outcome)
    # Of the figures that the filters let in: where they keep an arm's figure out, its patients may still answer.
    told = {(row.study, row.therapy) for row in arms}
    asked = tuple(row for row in arms if row.therapy in asked_for)
    findings = _admitted(question, shelf.findings.get(outcome.slug, ()))
    syntheses = _admitted(question, shelf.syntheses.get(outcome.slug, ()))
    contrasts = [
        labels.contrast_row(row) for row in _admitted(question, shelf.contrasts.get(outcome.slug, ()))
    ]
    return Evidence(
        rows=(*asked, *_case_rows(shelf.cases, question, told, definitions)),
        comparators=tuple(row for row in arms if row.therapy not in asked_for),
        findings=tuple(labels.finding_row(row) for row in findings),
        syntheses=tuple(labels.synthesis_row(row) for row in syntheses),
        contrasts=tuple(row for row in contrasts if asked_for & {*row.therapies, *row.versus_therapies}),
        overlaps=shelf.overlaps,
    )


def _definitions_kept(question: Question, shelf: Shelf) -> frozenset[str | None] | None:
    """How the study that others must be like defines the outcome; None where none is asked for."""
    if question.alike is None:
        return None
    figures = shelf.results.get(question.outcome, ())
    stated = {definition_key(row.definition) for row in figures if row.arm.study.slug == question.alike}
    if any(case.study.slug == question.alike for case in shelf.cases):
        stated.add(definition_key(DEFINITIONS.get(question.outcome)))
    return frozenset(stated - {None})


def _defined(results: Collection[Result], definitions: Collection[str | None] | None) -> Collection[Result]:
    """Those by one of the definitions; all where it does not matter."""
    if definitions is None:
        return results
    return [row for row in results if definition_key(row.definition) in definitions]


def _admitted(question: Question, rows: Iterable[OfStudy]) -> list[OfStudy]:
    """Those of a study and basis that the question admits, in the order of their studies."""
    admitted = [row for row in rows if _admits(question, row.study, row.basis)]
    return sorted(admitted, key=lambda row: (row.study.slug, row.position, row.pk))


def _admits(question: Question, study: Study, basis: str) -> bool:
    """Whether a study and what was read of it meet the question's designs, years and basis."""
    if question.designs and study.design_class not in question.designs:
        return False
    year = labels.year_of(study)
    if question.first_year is not None and (year is None or year < question.first_year):
        return False
    if question.last_year is not None and (year is None or year > question.last_year):
        return False
    return (basis or study.basis) in BASES_AT_LEAST[question.basis]


def _fits_arm(question: Question, result: Result) -> bool:
    """Whether an arm's figure meets every filter of the question."""
    study = result.arm.study
    if not _admits(question, study, result.basis):
        return False
    # Comorbidities are known of single patients only; an arm cannot meet such a filter.
    if question.comorbidities:
        return False
    if question.glucocorticoid not in (None, result.arm.background_glucocorticoid):
        return False
    if not question.organs:
        return True
    organs = {result.organ.slug} if result.organ else {link.organ.slug for link in study.study_organs.all()}
    return bool(organs) and organs <= set(question.organs)


def _arm_rows(results: Collection[Result], question: Question, outcome: OutcomeTerm) -> list[Row]:
    """One row an arm and therapy, from the figure closest to the time asked for."""
    by_arm: dict[int, list[Result]] = defaultdict(list)
    for result in results:
        if _fits_arm(question, result):
            by_arm[result.arm.pk].append(result)
    at = question.time(outcome)
    rows = []
    for figures in by_arm.values():
        taken, passed_over = choose([_candidate(figure) for figure in figures], at)
        others = tuple(labels.passed_over(figure, why) for figure, why in passed_over)
        rows += [labels.arm_row(taken, therapy.slug, others) for therapy in taken.arm.therapies_tested]
    return rows


def _candidate(result: Result) -> Candidate[Result]:
    """A result as a figure that might be taken. A missing week counts as the study's follow-up."""
    week = result.week if result.week is not None else result.arm.study.follow_up_weeks
    patients = result.total if result.total is not None else result.n or 0
    return Candidate(result, week, patients, result.organ is not None, result.position)


def _case_rows(
    cases: Iterable[Case],
    question: Question,
    told: set[tuple[str, str]],
    definitions: Collection[str | None] | None,
) -> list[Row]:
    """One row a series or report whose arms give no figure of the outcome, counted from its patients."""
    if question.outcome not in COUNTED:
        return []
    if definitions is not None and definition_key(DEFINITIONS[question.outcome]) not in definitions:
        return []
    grouped: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: (case.study.slug, case.position, case.slug)):
        study = case.study
        is_series = study.design_class == DesignClass.CASE
        key = (study.slug, case.index_therapy.slug)
        if is_series and key not in told and _admits(question, study, case.basis):
            grouped[key].append(case)
    rows = (labels.case_row(question.outcome, therapy, group) for (_, therapy), group in grouped.items())
    return [row for row in rows if row is not None]


@dataclass(frozen=True)
class Sources:
    """What stands behind the rows of an answer."""

    citations: tuple[Citation, ...]
    designs: dict[str, str]
    # Only of studies that somebody has rated.
    appraisals: dict[str, tuple[Appraisal, ...]]


def load_sources(slugs: Iterable[str]) -> Sources:
    """Primary citations of studies, by label, with the designs and appraisals of the studies."""
    published = Study.objects.published().filter(slug__in=set(slugs))
    studies = list(
        published.only("slug", "label", "design").prefetch_related("appraisals").order_by("label", "slug")
    )
    cited = {report.of_study: report for report in primary_reports([study.pk for study in studies])}
    return Sources(
        tuple(cited[study.pk] for study in studies if study.pk in cited),
        {row.slug: row.design for row in studies},
        {row.slug: rated for row in studies if (rated := tuple(row.appraisals.all()))},
    )


def load_certainties(therapies: Collection[str]) -> Certainties:
    """GRADE level and reasons by therapy and outcome, where somebody has rated them."""
    rated = Certainty.objects.filter(therapy__slug__in=therapies).select_related("therapy", "outcome")
    return {(row.therapy.slug, row.outcome.slug): (row.level, row.reasons) for row in rated}
