"""Records against one another: names that must exist, pairs that must be single, lists that the code knows too."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices

from evidence.choices import OCEBM_LEVELS, CitationRole, Design, Domain, OutcomeKind
from evidence.dataset.faults import Faults
from evidence.dataset.schema import CaseRecord, StudyRecord
from evidence.dataset.schema_therapies import DataSet, TherapyRecord, VocabularyRecord
from evidence.reporting_rules import broken_rules
from therapies.choices import Action, Agency, DrugClass, Place


@dataclass(frozen=True)
class Known:
    """The names that a row may use: those of a set, or those that the database holds."""

    outcomes: Mapping[str, str]  # slug to kind
    organs: frozenset[str]
    comorbidities: frozenset[str]
    analytes: frozenset[str]
    therapies: frozenset[str]
    targets: frozenset[str] = frozenset()
    studies: frozenset[str] = frozenset()
    # PMID to DOI, where a study names both.
    publications: Mapping[str, str] = field(default_factory=dict)


def known_in(data_set: DataSet, unread_studies: frozenset[str], unread_therapies: frozenset[str]) -> Known:
    """The names that a set defines."""
    vocabulary = data_set.vocabulary
    return Known(
        outcomes={row.slug: row.kind for row in vocabulary.outcomes},
        organs=frozenset(row.slug for row in vocabulary.organs),
        comorbidities=frozenset(row.slug for row in vocabulary.comorbidities),
        analytes=frozenset(row.slug for row in vocabulary.analytes),
        therapies=frozenset(row.slug for row in data_set.therapies) | unread_therapies,
        targets=frozenset(row.slug for row in data_set.targets),
        studies=frozenset(row.slug for row in data_set.studies) | unread_studies,
        publications=publications(data_set.studies),
    )


def check(
    data_set: DataSet,
    faults: Faults,
    unread_studies: frozenset[str] = frozenset(),
    unread_therapies: frozenset[str] = frozenset(),
) -> None:
    """Note every fault that one record alone cannot show.

    Names of files that are there but could not be read count as known: their own fault is told already.
    """
    known = known_in(data_set, unread_studies, unread_therapies)
    _check_vocabulary(data_set.vocabulary, faults)
    _check_pathway(data_set, known, faults)
    for therapy in data_set.therapies:
        _check_therapy(therapy, known, faults)
    for study in data_set.studies:
        check_study(study, known, faults)
    check_citations(data_set.studies, faults)
    _check_overlaps(data_set, known, faults)
    _check_names_across_files(data_set, faults)


def _unique(file: str, path: str, values: Iterable[Hashable], faults: Faults) -> None:
    """Each value of a list stands once."""
    first: dict[Hashable, int] = {}
    for index, value in enumerate(values):
        if value in first:
            faults.add(file, f"{path}[{index}]", f"{_in_words(value)} stands at [{first[value]}] already")
        first.setdefault(value, index)


def _unique_across(path: str, named: Iterable[tuple[str, Hashable]], faults: Faults) -> None:
    """Each value stands in one file; ``named`` gives the file with each."""
    first: dict[Hashable, str] = {}
    for file, value in named:
        if value in first:
            faults.add(file, path, f"{_in_words(value)} stands in {first[value]} already")
        first.setdefault(value, file)


def _in_words(value: Hashable) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value if part is not None)
    return repr(value)


def _among(
    file: str, path: str, slug: str | None, known: Iterable[str], list_name: str, faults: Faults
) -> None:
    if slug is not None and slug not in known:
        faults.add(file, path, f"{slug!r} is not in {list_name}")


def _check_vocabulary(vocabulary: VocabularyRecord, faults: Faults) -> None:
    """Open lists hold a name once; closed lists are the ones in the code."""
    file = "vocabulary.yaml"
    for name in ("outcomes", "organs", "comorbidities", "analytes"):
        rows = getattr(vocabulary, name)
        _unique(file, name, (row.slug for row in rows), faults)
        _unique(file, name, (row.name for row in rows), faults)
    for index, outcome in enumerate(vocabulary.outcomes):
        if (outcome.kind == OutcomeKind.QUANTITY) != (outcome.unit is not None):
            faults.add(file, f"outcomes[{index}].unit", "a quantity has a unit, a proportion has none")
    closed: list[tuple[str, type[TextChoices]]] = [
        ("designs", Design),
        ("domains", Domain),
        ("drug_classes", DrugClass),
        ("places", Place),
    ]
    for name, choices in closed:
        if [row.slug for row in getattr(vocabulary, name)] != choices.values:
            faults.add(
                file, name, f"differs from {choices.__name__} in the code: a closed list changes in both"
            )
    for row in vocabulary.designs:
        if row.slug in OCEBM_LEVELS and row.level != OCEBM_LEVELS[row.slug]:
            faults.add(file, f"designs.{row.slug}.level", "differs from OCEBM_LEVELS in the code")
    for name, choices in (("actions", Action), ("agencies", Agency)):
        if list(getattr(vocabulary, name)) != choices.values:
            faults.add(
                file, name, f"differs from {choices.__name__} in the code: a closed list changes in both"
            )


def _check_names_across_files(data_set: DataSet, faults: Faults) -> None:
    """Cases, therapies' names and their codes are known by one name throughout the set."""
    studies = [(f"studies/{study.slug}.yaml", study) for study in data_set.studies]
    therapies = [(f"therapies/{therapy.slug}.yaml", therapy) for therapy in data_set.therapies]
    _unique_across("cases", ((file, case.slug) for file, study in studies for case in study.cases), faults)
    _unique_across("name", ((file, therapy.name) for file, therapy in therapies), faults)
    codes = ((file, code) for file, therapy in therapies for code in therapy.codes.items())
    _unique_across("codes", codes, faults)


def publications(studies: Iterable[StudyRecord]) -> dict[str, str]:
    """PMID to DOI of every publication of which the studies name both."""
    return {
        row.pmid: row.doi
        for study in studies
        for row in study.citations
        if row.pmid is not None and row.doi is not None
    }


def _check_pathway(data_set: DataSet, known: Known, faults: Faults) -> None:
    _unique("pathway/targets.yaml", "", (row.slug for row in data_set.targets), faults)
    keys = []
    for index, edge in enumerate(data_set.edges):
        for end in ("source", "target"):
            _among(
                "pathway/edges.yaml", f"[{index}].{end}", getattr(edge, end), known.targets, "targets", faults
            )
        if edge.source == edge.target:
            faults.add("pathway/edges.yaml", f"[{index}]", "an edge joins two different nodes")
        citation = known.publications.get(edge.citation, edge.citation)
        keys.append((edge.source, edge.relation, edge.target, citation, edge.evidence))
    _unique("pathway/edges.yaml", "", keys, faults)


def _check_therapy(therapy: TherapyRecord, known: Known, faults: Faults) -> None:
    file = f"therapies/{therapy.slug}.yaml"
    for index, row in enumerate(therapy.mechanisms):
        _among(file, f"mechanisms[{index}].target", row.target, known.targets, "pathway/targets.yaml", faults)
        cited = (known.publications.get(identifier, identifier) for identifier in row.citations)
        _unique(file, f"mechanisms[{index}].citations", cited, faults)
    _unique(file, "mechanisms", ((row.target, row.action) for row in therapy.mechanisms), faults)


def check_study(study: StudyRecord, known: Known, faults: Faults) -> None:
    """Note what one study gets wrong among its own rows, the known names and the rules of its design."""
    file = f"studies/{study.slug}.yaml"
    arms = {arm.slug for arm in study.arms}
    _unique(file, "arms", (arm.slug for arm in study.arms), faults)
    _unique(file, "organs", study.organs, faults)
    for index, organ in enumerate(study.organs):
        _among(file, f"organs[{index}]", organ, known.organs, "the organs", faults)
    for index, arm in enumerate(study.arms):
        for part, regimen in enumerate(arm.regimen):
            _among(
                file,
                f"arms[{index}].regimen[{part}].therapy",
                regimen.therapy,
                known.therapies,
                "therapies/",
                faults,
            )
    _check_results(study, arms, known, faults)
    for index, row in enumerate(study.contrasts):
        _among(file, f"contrasts[{index}].outcome", row.outcome, known.outcomes, "the outcomes", faults)
        _among(file, f"contrasts[{index}].arm", row.arm, arms, "this study's arms", faults)
        _among(file, f"contrasts[{index}].versus", row.versus, arms, "this study's arms", faults)
    for name in ("findings", "syntheses"):
        for index, row in enumerate(getattr(study, name)):
            _among(file, f"{name}[{index}].outcome", row.outcome, known.outcomes, "the outcomes", faults)
            _among(file, f"{name}[{index}].therapy", row.therapy, known.therapies, "therapies/", faults)
    for index, row in enumerate(study.syntheses):
        _among(file, f"syntheses[{index}].versus", row.versus, known.therapies, "therapies/", faults)
    for index, case in enumerate(study.cases):
        check_case(file, f"cases[{index}]", case, known, faults)
    if not any((study.results, study.contrasts, study.findings, study.syntheses, study.cases)):
        faults.add(file, "", "holds no result, contrast, finding, synthesis or case")
    for broken in broken_rules(study):
        faults.add(file, broken.path, broken.message, broken.rule)


def _check_results(study: StudyRecord, arms: set[str], known: Known, faults: Faults) -> None:
    file = f"studies/{study.slug}.yaml"
    keys = []
    for index, row in enumerate(study.results):
        _among(file, f"results[{index}].arm", row.arm, arms, "this study's arms", faults)
        _among(file, f"results[{index}].outcome", row.outcome, known.outcomes, "the outcomes", faults)
        _among(file, f"results[{index}].organ", row.organ, known.organs, "the organs", faults)
        kind = known.outcomes.get(row.outcome)
        if kind is not None and row.is_proportion != (kind == OutcomeKind.PROPORTION):
            need = "events and total" if kind == OutcomeKind.PROPORTION else "value, statistic and n"
            faults.add(file, f"results[{index}]", f"{row.outcome} is a {kind} and needs {need}")
        keys.append((row.arm, row.outcome, row.week, row.organ, row.definition))
    _unique(file, "results", keys, faults)


def check_case(file: str, path: str, case: CaseRecord, known: Known, faults: Faults) -> None:
    """Note what one patient gets wrong among the known names; ``path`` leads to the patient."""
    _among(file, f"{path}.index_therapy", case.index_therapy, known.therapies, "therapies/", faults)
    lists = [
        ("organs", case.organs, known.organs, "the organs"),
        ("comorbidities", case.comorbidities or [], known.comorbidities, "the comorbidities"),
        ("prior_therapies", case.prior_therapies or [], known.therapies, "therapies/"),
    ]
    for name, slugs, allowed, list_name in lists:
        for slug in slugs:
            _among(file, f"{path}.{name}", slug, allowed, list_name, faults)
        _unique(file, f"{path}.{name}", slugs, faults)
    for index, course in enumerate(case.courses):
        _among(
            file, f"{path}.courses[{index}].therapy", course.therapy, known.therapies, "therapies/", faults
        )
    for index, row in enumerate(case.measurements):
        _among(
            file, f"{path}.measurements[{index}].analyte", row.analyte, known.analytes, "the analytes", faults
        )
    for index, response in enumerate(case.organ_responses):
        _among(
            file, f"{path}.organ_responses[{index}].organ", response.organ, known.organs, "the organs", faults
        )
    for index, score in enumerate(case.responder_index):
        _among(
            file, f"{path}.responder_index[{index}].organ", score.organ, known.organs, "the organs", faults
        )
    scored = [
        ("total" if row.organ is None else row.organ, f"week {row.week}", row.version)
        for row in case.responder_index
    ]
    _unique(file, f"{path}.responder_index", scored, faults)


def check_citations(studies: list[StudyRecord], faults: Faults) -> None:
    """One primary report a study; a publication stands once, with one study, by DOI, PMID or title."""
    first: dict[tuple[str, str], str] = {}
    for study in studies:
        file = f"studies/{study.slug}.yaml"
        primary = sum(row.role == CitationRole.PRIMARY for row in study.citations)
        if primary != 1:
            faults.add(file, "citations", f"needs exactly one primary citation, has {primary}")
        for index, row in enumerate(study.citations):
            for name in ("doi", "pmid"):
                identifier = getattr(row, name)
                if identifier is None:
                    continue
                place = f"{file}: citations[{index}]"
                if (name, identifier) in first:
                    stands = f"{identifier} stands in {first[name, identifier]} already"
                    faults.add(file, f"citations[{index}].{name}", stands)
                first.setdefault((name, identifier), place)
        unidentified = (
            (row.title, row.year, row.type) if row.doi is None and row.pmid is None else index
            for index, row in enumerate(study.citations)
        )
        _unique(file, "citations", unidentified, faults)


def _check_overlaps(data_set: DataSet, known: Known, faults: Faults) -> None:
    for index, row in enumerate(data_set.overlaps):
        for end in ("a", "b"):
            if getattr(row, end) not in known.studies:
                faults.add("overlaps.yaml", f"[{index}].{end}", f"{getattr(row, end)!r} is no study here")
    _unique("overlaps.yaml", "", ((row.a, row.b) for row in data_set.overlaps), faults)
