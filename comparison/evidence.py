"""Question to evidence: the only place of the comparison that reads the database.

One number per arm (timing.py), rows counted from single patients where a series gives none (derived.py), with all that
must stand beside them: findings in words, published syntheses, contrasts as reported, overlaps. A constant number of
queries, whatever is asked.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from comparison import labels
from comparison.derived import COUNTED
from comparison.question import Question
from comparison.result import FindingRow, ReportedContrast, Row, SynthesisRow
from comparison.timing import Candidate, choose
from comparison.vocabulary import OutcomeTerm, TherapyTerm, Vocabulary
from evidence.choices import Basis, DesignClass
from evidence.models import (
    Case,
    Certainty,
    Comorbidity,
    Contrast,
    Finding,
    Organ,
    Outcome,
    Overlap,
    PublishedSynthesis,
    Result,
    Study,
    StudyOrgan,
)
from evidence.querysets import STUDY_PROSE
from literature.models import Citation
from therapies.models import Therapy

_PROSE_OF_STUDY = tuple(f"study__{name}" for name in STUDY_PROSE)

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


def gather(question: Question, vocabulary: Vocabulary) -> Evidence:
    """All evidence on a question, in a constant number of queries."""
    arms = _arm_rows(_results(question), question, vocabulary.outcomes[question.outcome])
    # Of the figures that the filters let in: where they keep an arm's figure out, its patients may still answer.
    told = {(row.study, row.therapy) for row in arms}
    asked = tuple(row for row in arms if row.therapy in question.therapies)
    return Evidence(
        rows=(*asked, *_case_rows(question, told)),
        comparators=tuple(row for row in arms if row.therapy not in question.therapies),
        findings=_findings(question),
        syntheses=_syntheses(question),
        contrasts=_contrasts(question),
        overlaps={
            frozenset({a, b}): certain
            for a, b, certain in Overlap.objects.published().values_list(
                "study_a__slug", "study_b__slug", "certain"
            )
        },
    )


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


def _results(question: Question) -> list[Result]:
    """All arms' figures for the outcome, of studies with an arm of a therapy asked about."""
    studies = Study.objects.published().filter(arms__regimen__therapy__slug__in=question.therapies)
    return list(
        Result.objects.published()
        .for_list()
        .filter(outcome__slug=question.outcome, arm__study__in=studies)
        .defer(*(f"arm__study__{name}" for name in STUDY_PROSE))
        .prefetch_related(
            Prefetch("arm__study__study_organs", queryset=StudyOrgan.objects.select_related("organ"))
        )
        .order_by("arm__study__slug", "position", "id")
    )


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


def _arm_rows(results: Iterable[Result], question: Question, outcome: OutcomeTerm) -> list[Row]:
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


def _case_rows(question: Question, told: set[tuple[str, str]]) -> list[Row]:
    """One row a series or report whose arms give no figure of the outcome, counted from its patients."""
    if question.outcome not in COUNTED or question.glucocorticoid is not None:
        return []
    cases = Case.objects.published().for_counting().filter(index_therapy__slug__in=question.therapies)
    if question.organs:
        cases = cases.filter(organs__slug__in=question.organs).distinct()
    if question.comorbidities:
        cases = cases.filter(comorbidities__slug__in=question.comorbidities).distinct()
    grouped: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases.order_by("study__slug", "position", "slug"):
        study = case.study
        is_series = study.design_class == DesignClass.CASE
        key = (study.slug, case.index_therapy.slug)
        if is_series and key not in told and _admits(question, study, case.basis):
            grouped[key].append(case)
    rows = (labels.case_row(question.outcome, therapy, group) for (_, therapy), group in grouped.items())
    return [row for row in rows if row is not None]


def _on_question(question: Question) -> Q:
    return Q(outcome__slug=question.outcome, therapy__slug__in=question.therapies)


def _findings(question: Question) -> tuple[FindingRow, ...]:
    rows = Finding.objects.published().for_list().defer(*_PROSE_OF_STUDY).filter(_on_question(question))
    ordered = rows.order_by("study__slug", "position", "id")
    return tuple(labels.finding_row(row) for row in ordered if _admits(question, row.study, row.basis))


def _syntheses(question: Question) -> tuple[SynthesisRow, ...]:
    rows = (
        PublishedSynthesis.objects.published()
        .for_list()
        .defer(*_PROSE_OF_STUDY)
        .filter(_on_question(question))
    )
    ordered = rows.order_by("study__slug", "position", "id")
    return tuple(labels.synthesis_row(row) for row in ordered if _admits(question, row.study, row.basis))


def _contrasts(question: Question) -> tuple[ReportedContrast, ...]:
    """Contrasts with an arm of a therapy asked about on either side."""
    rows = (
        Contrast.objects.published().for_list().defer(*_PROSE_OF_STUDY).filter(outcome__slug=question.outcome)
    )
    told = (
        labels.contrast_row(row)
        for row in rows.order_by("study__slug", "position", "id")
        if _admits(question, row.study, row.basis)
    )
    asked = set(question.therapies)
    return tuple(row for row in told if asked & {*row.therapies, *row.versus_therapies})


@dataclass(frozen=True)
class Sources:
    """What stands behind the rows of an answer."""

    citations: tuple[Citation, ...]
    designs: dict[str, str]


def load_sources(slugs: Iterable[str]) -> Sources:
    """Primary citations of studies, by label, and the designs of the studies."""
    studies = list(
        Study.objects.published().filter(slug__in=set(slugs)).with_citations().order_by("label", "slug")
    )
    citations = [study.primary_citation for study in studies]
    return Sources(
        tuple(citation for citation in citations if citation is not None),
        {row.slug: row.design for row in studies},
    )


def load_certainties(question: Question) -> dict[str, tuple[str, str]]:
    """GRADE level and reasons by therapy, where somebody has rated the outcome."""
    rated = Certainty.objects.filter(outcome__slug=question.outcome, therapy__slug__in=question.therapies)
    return {row.therapy.slug: (row.level, row.reasons) for row in rated.select_related("therapy")}
