"""The database to records: published evidence as the set would hold it, in a constant number of queries."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Model
from pydantic import ValidationError

from evidence.choices import OCEBM_LEVELS, Design, Domain
from evidence.dataset.faults import Faults, InvalidDataSet
from evidence.dataset.schema import (
    ArmRecord,
    CaseRecord,
    CitationRecord,
    ContrastRecord,
    CourseRecord,
    FindingRecord,
    MeasurementRecord,
    OrganResponseRecord,
    OverlapRecord,
    RegimenRecord,
    ResponderIndexRecord,
    ResultRecord,
    StudyRecord,
    SynthesisRecord,
)
from evidence.dataset.schema_therapies import (
    AnalyteRecord,
    ClosedTermRecord,
    DataSet,
    DesignTermRecord,
    EdgeRecord,
    MechanismRecord,
    OutcomeRecord,
    RegulatoryRecord,
    SafetyRecord,
    TargetRecord,
    TermRecord,
    TherapyRecord,
    VocabularyRecord,
)
from evidence.models import (
    Analyte,
    Arm,
    Case,
    Comorbidity,
    Organ,
    Outcome,
    Overlap,
    Result,
    Study,
    StudyCitation,
)
from evidence.slugs import public_slug
from literature.models import Citation
from therapies.choices import Action, Agency, DrugClass, Place
from therapies.models import PathwayEdge, Target, Therapy

Row = TypeVar("Row", bound=Model)
Made = TypeVar("Made")


def snapshot() -> DataSet:
    """All published evidence with its vocabulary, therapies and map.

    Raises InvalidDataSet with every row that a file could not hold, such as a study without citations.
    """
    faults = Faults()

    def records(rows: Iterable[Row], make: Callable[[Row], Made]) -> list[Made]:
        """What can be made of the rows; the others are noted as faults."""
        made = []
        for row in rows:
            try:
                made.append(make(row))
            except ValidationError as refusal:
                kind = str(row._meta.verbose_name)
                faults.add_refusal(f"{kind} {getattr(row, 'slug', row.pk)} in the database", "", refusal)
        return made

    parts = {
        "targets": records(Target.objects.all(), target_record),
        "edges": records(PathwayEdge.objects.with_ends(), edge_record),
        "therapies": records(Therapy.objects.with_details(), therapy_record),
        "studies": records(Study.objects.published().with_everything(), study_record),
        "overlaps": records(Overlap.objects.published().select_related("study_a", "study_b"), overlap_record),
    }
    if faults:
        raise InvalidDataSet(faults.found)
    # Sorted here as the reader sorts: databases differ in how they order hyphens.
    parts["therapies"].sort(key=lambda row: row.slug)
    parts["studies"].sort(key=lambda row: row.slug)
    parts["overlaps"].sort(key=lambda row: (row.a, row.b))
    return DataSet(vocabulary=vocabulary_record(), **parts)


def _plain(row: Any, *names: str) -> dict[str, Any]:
    """The named attributes of a row, where empty text means nothing was reported."""
    return {name: _tidy(getattr(row, name)) for name in names}


def _tidy(value: Any) -> Any:
    """Text as a file holds it: browsers send lines that end in CR LF, and spaces around text say nothing."""
    if isinstance(value, list):
        return [_tidy(part) for part in value]
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    return value


def vocabulary_record() -> VocabularyRecord:
    """Open lists from the tables, closed ones from the code."""

    def terms(model: Any) -> list[TermRecord]:
        return [TermRecord(slug=row.slug, name=row.name) for row in model.objects.all()]

    def closed(choices: Any) -> list[ClosedTermRecord]:
        return [ClosedTermRecord(slug=value) for value in choices.values]

    return VocabularyRecord(
        designs=[DesignTermRecord(slug=value, level=OCEBM_LEVELS[value]) for value in Design.values],
        outcomes=[
            OutcomeRecord(**_plain(row, "slug", "name", "domain", "kind", "unit", "better"))
            for row in Outcome.objects.all()
        ],
        domains=closed(Domain),
        organs=terms(Organ),
        comorbidities=terms(Comorbidity),
        analytes=[
            AnalyteRecord(**_plain(row, "slug", "name", "unit", "upper_normal"))
            for row in Analyte.objects.all()
        ],
        drug_classes=closed(DrugClass),
        places=closed(Place),
        actions=list(Action.values),
        agencies=list(Agency.values),
    )


def target_record(row: Target) -> TargetRecord:
    """A node of the disease map."""
    return TargetRecord(
        **_plain(row, "slug", "name", "kind", "layer", "symbol", "hgnc", "uniprot", "read_at")
    )


def edge_record(row: PathwayEdge) -> EdgeRecord:
    """An edge of the disease map."""
    return EdgeRecord(
        source=row.source.slug,
        target=row.target.slug,
        citation=row.citation.doi or row.citation.pmid,
        **_plain(row, "relation", "evidence", "statement", "locator", "read_at"),
    )


def therapy_record(row: Therapy) -> TherapyRecord:
    """A therapy; wants Therapy.objects.with_details()."""
    return TherapyRecord(
        codes={code.system: code.code for code in row.codes.all()},
        mechanisms=[
            MechanismRecord(
                target=mechanism.target.slug,
                citations=[
                    link.citation.doi or link.citation.pmid for link in mechanism.mechanism_citations.all()
                ],
                **_plain(mechanism, "action", "statement"),
            )
            for mechanism in row.mechanisms.all()
        ],
        regulatory=[
            RegulatoryRecord(**_plain(status, "agency", "indication", "status", "date", "read_at"))
            for status in row.regulatory_statuses.all()
        ],
        safety=[
            SafetyRecord(**_plain(note, "topic", "statement", "read_at")) for note in row.safety_notes.all()
        ],
        **_plain(row, "slug", "name", "drug_class", "place", "synonyms", "routes", "summary", "read_at"),
    )


_REGIMEN = ("agent", "dose", "unit", "route", "schedule")
_SOURCED = ("definition", "locator", "derived", "basis", "read_at", "note")


def study_record(row: Study) -> StudyRecord:
    """A study with all that it reported; wants Study.objects.with_everything().

    A revision is told as what it revises would be: its slugs without their mark.
    """
    arms = list(row.arms.all())
    return StudyRecord(
        slug=public_slug(row.slug),
        organs=[link.organ.slug for link in row.study_organs.all()],
        citations=[citation_record(link) for link in row.study_citations.all()],
        arms=[arm_record(arm) for arm in arms],
        results=_results(arms),
        contrasts=[
            ContrastRecord(
                outcome=contrast.outcome.slug,
                arm=contrast.arm.slug,
                versus=contrast.versus.slug,
                **_plain(contrast, "week", "measure", "estimate", "low", "high", "p", *_SOURCED),
            )
            for contrast in row.contrasts.all()
        ],
        findings=[
            FindingRecord(
                therapy=finding.therapy.slug,
                outcome=finding.outcome.slug,
                **_plain(finding, "direction", "patients", "statement", *_SOURCED),
            )
            for finding in row.findings.all()
        ],
        syntheses=[
            SynthesisRecord(
                therapy=synthesis.therapy.slug,
                versus=synthesis.versus.slug if synthesis.versus else None,
                outcome=synthesis.outcome.slug,
                **_plain(synthesis, "measure", "estimate", "low", "high", "studies", "patients", *_SOURCED),
            )
            for synthesis in row.syntheses.all()
        ],
        cases=[
            case_record(case) for case in sorted(row.cases.all(), key=lambda case: (case.position, case.slug))
        ],
        **_plain(
            row,
            *("label", "design", "phase", "registration", "countries", "centres", "enrolled"),
            *("follow_up_weeks", "criteria", "population", "summary", "basis", "read_at", "funding", "notes"),
        ),
    )


def citation_record(link: StudyCitation) -> CitationRecord:
    """A publication and what it is to its study."""
    citation: Citation = link.citation
    return CitationRecord(
        role=link.role,
        type=citation.csl_type,
        **_plain(
            citation,
            *("title", "authors", "authors_complete", "journal", "year", "year_inferred"),
            *("volume", "issue", "pages", "doi", "pmid", "pmcid", "url"),
        ),
    )


def arm_record(arm: Arm) -> ArmRecord:
    """An arm with its regimen and baseline."""
    return ArmRecord(
        regimen=[
            RegimenRecord(therapy=part.therapy.slug, **_plain(part, *_REGIMEN)) for part in arm.regimen.all()
        ],
        baseline={figure.name: figure.value for figure in arm.baseline.all()},
        **_plain(arm, "slug", "label", "role", "n", "background_glucocorticoid"),
    )


def _results(arms: list[Arm]) -> list[ResultRecord]:
    """The results of all arms in the order of the file: positions run through the study."""
    rows = sorted(
        ((result, arm) for arm in arms for result in arm.results.all()),
        key=lambda pair: (pair[0].position, pair[0].pk),
    )
    return [result_record(result, arm) for result, arm in rows]


def result_record(result: Result, arm: Arm) -> ResultRecord:
    """One arm, one outcome, one time."""
    figures = (
        "week",
        "events",
        "total",
        "value",
        "statistic",
        "spread",
        "low",
        "high",
        "sd",
        "n",
        "as_reported",
    )
    return ResultRecord(
        arm=arm.slug,
        outcome=result.outcome.slug,
        organ=result.organ.slug if result.organ else None,
        **_plain(result, *figures, *_SOURCED),
    )


def case_record(case: Case) -> CaseRecord:
    """One patient; a list that was not stated is None."""
    comorbidities = [link.comorbidity.slug for link in case.case_comorbidities.all()]
    prior_therapies = [link.therapy.slug for link in case.case_prior_therapies.all()]
    adverse_events = [_tidy(event.description) for event in case.adverse_events.all()]
    return CaseRecord(
        slug=public_slug(case.slug),
        index_therapy=case.index_therapy.slug,
        organs=[link.organ.slug for link in case.case_organs.all()],
        comorbidities=comorbidities if case.comorbidities_stated else None,
        prior_therapies=prior_therapies if case.prior_therapies_stated else None,
        adverse_events=adverse_events if case.adverse_events_stated else None,
        courses=[
            CourseRecord(therapy=course.therapy.slug, **_plain(course, *_REGIMEN, "start_week", "stop_week"))
            for course in case.courses.all()
        ],
        measurements=[
            MeasurementRecord(analyte=row.analyte.slug, **_plain(row, "week", "value", "as_reported"))
            for row in case.measurements.all()
        ],
        organ_responses=[
            OrganResponseRecord(organ=row.organ.slug, **_plain(row, "response", "week"))
            for row in case.organ_responses.all()
        ],
        responder_index=[
            ResponderIndexRecord(
                organ=row.organ.slug if row.organ else None,
                **_plain(row, "week", "version", "score", "symptomatic", "urgent", "damage", "as_reported"),
            )
            for row in case.responder_index.all()
        ],
        care=case.care,
        **_plain(
            case,
            *("age_years", "sex", "response", "steroid_effect", "relapse", "relapse_week"),
            *("follow_up_weeks", "acr_eular_2019", "acr_eular_2019_score"),
            *("summary", "locator", "basis", "read_at"),
        ),
    )


def overlap_record(row: Overlap) -> OverlapRecord:
    """A pair of studies in the order of the alphabet."""
    a, b = sorted((row.study_a.slug, row.study_b.slug))
    return OverlapRecord(a=a, b=b, certain=row.certain, why=_tidy(row.why))
