"""Random small data sets that hold together."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy, composite

from evidence import choices
from evidence.choices import DESIGN_CLASSES, Design
from evidence.dataset import schema, schema_therapies
from evidence.dataset.schema import StudyRecord
from evidence.dataset.schema_therapies import DataSet
from evidence.reporting_rules import TRIALS, broken_rules
from literature.choices import CitationType
from tests.evidence.dataset.random_cases import cases
from tests.evidence.dataset.strategies import (
    Names,
    addresses,
    arms,
    figures,
    interval,
    label,
    maybe,
    of,
    positive,
    record,
    rows,
    slugs,
    some,
    sourced,
    text,
    texts,
    vocabularies,
    weeks,
    word,
)
from therapies import choices as of_therapies


@composite
def results(draw: DrawFn, names: Names, of_arms: list[Any]) -> Any:
    arm = draw(st.sampled_from(of_arms))
    patients = st.integers(1, arm.n) if arm.n is not None else positive
    where = {
        "arm": st.just(arm.slug),
        "week": maybe(weeks),
        "organ": maybe(st.sampled_from(names.organs)),
        "as_reported": maybe(text),
        **sourced(),
    }
    if draw(st.booleans()):
        total = draw(patients)
        events = draw(st.integers(0, total) | st.sampled_from([0, total]))
        outcome = st.sampled_from(names.proportions)
        return draw(
            record(
                schema.ResultRecord, outcome=outcome, events=st.just(events), total=st.just(total), **where
            )
        )
    around = draw(interval())
    spread = of(choices.Spread) if around["low"] is not None else maybe(of(choices.Spread))
    return draw(
        record(
            schema.ResultRecord,
            outcome=st.sampled_from(names.quantities),
            statistic=of(choices.Statistic),
            spread=spread,
            sd=maybe(st.floats(0, 1e11)),
            n=patients,
            **{name: st.just(figure) for name, figure in around.items()},
            **where,
        )
    )


@composite
def contrasts(draw: DrawFn, names: Names, arm_slugs: list[str]) -> Any:
    measure = draw(of(choices.Measure))
    around = draw(interval(st.floats(0, 1e11) if measure in choices.RATIOS else figures))
    arm, versus = draw(st.permutations(arm_slugs))[:2]
    figure_given = around["low"] is not None or draw(st.booleans())
    return draw(
        record(
            schema.ContrastRecord,
            outcome=st.sampled_from(names.outcomes),
            arm=st.just(arm),
            versus=st.just(versus),
            week=maybe(weeks),
            measure=st.just(measure),
            estimate=st.just(around["value"] if figure_given else None),
            low=st.just(around["low"]),
            high=st.just(around["high"]),
            p=maybe(texts(20)),
            **sourced(),
        )
    )


def findings(names: Names) -> SearchStrategy[Any]:
    return record(
        schema.FindingRecord,
        therapy=st.sampled_from(names.therapies),
        outcome=st.sampled_from(names.outcomes),
        direction=of(choices.Direction),
        patients=maybe(positive),
        statement=text,
        **sourced(),
    )


@composite
def syntheses(draw: DrawFn, names: Names) -> Any:
    measure = draw(of(choices.SynthesisMeasure))
    around = draw(interval(st.floats(0, 1) if measure == choices.SynthesisMeasure.PROPORTION else figures))
    return draw(
        record(
            schema.SynthesisRecord,
            therapy=st.sampled_from(names.therapies),
            versus=maybe(st.sampled_from(names.therapies)),
            outcome=st.sampled_from(names.outcomes),
            measure=st.just(measure),
            estimate=st.just(around["value"]),
            low=st.just(around["low"]),
            high=st.just(around["high"]),
            studies=maybe(positive),
            patients=maybe(positive),
            **sourced(),
        )
    )


@composite
def citations(draw: DrawFn, papers: list[tuple[str | None, str | None]]) -> list[Any]:
    """One primary report, and others, of these publications."""
    found = []
    for index, (doi, pmid) in enumerate(papers):
        year = draw(maybe(st.integers(1800, 2100)))
        found.append(
            draw(
                record(
                    schema.CitationRecord,
                    role=st.just("primary")
                    if index == 0
                    else st.sampled_from(["secondary", "registry", "comment"]),
                    type=of(CitationType),
                    # Without an identifier a paper is known by its title.
                    title=text if doi or pmid else st.just(f"Paper {index}"),
                    authors=rows(text),
                    authors_complete=st.booleans(),
                    journal=maybe(text),
                    year=st.just(year),
                    year_inferred=st.just(False) if year is None else st.booleans(),
                    volume=maybe(texts(30)),
                    issue=maybe(texts(30)),
                    pages=maybe(word),
                    doi=st.just(doi),
                    pmid=st.just(pmid),
                    pmcid=maybe(st.integers(1, 10**9).map(lambda number: f"PMC{number}")),
                    url=maybe(addresses),
                )
            )
        )
    return found


@composite
def enrolments(draw: DrawFn, of_arms: list[Any], patients: list[Any]) -> int | None:
    """Unknown, or no fewer than any arm holds and than are told one by one."""
    return draw(maybe(st.integers(max([1, len(patients), *(arm.n or 0 for arm in of_arms)]), 2_000_000_000)))


@composite
def studies(draw: DrawFn, names: Names, slug: str, papers: list[Any], case_slugs: list[str]) -> StudyRecord:
    """A study of a design that its parts fit; every design is drawn."""
    design = draw(of(Design))
    of_patients = design in DESIGN_CLASSES
    of_arms = draw(arms(names)) if of_patients and design != Design.CASE_REPORT else []
    arm_slugs = [arm.slug for arm in of_arms]
    found = draw(rows(results(names, of_arms), 4)) if of_arms else []
    of_results = list({(r.arm, r.outcome, r.week, r.organ, r.definition): r for r in found}.values())
    patients = [draw(cases(names, case)) for case in case_slugs] if of_patients else []
    enrolled = draw(enrolments(of_arms, patients))
    content = draw(
        record(
            dict,
            slug=st.just(slug),
            label=label,
            phase=maybe(st.integers(1, 4)) if design in TRIALS else st.none(),
            registration=maybe(word),
            countries=st.lists(st.sampled_from(["NO", "US", "JP", "CN", "ON"]), max_size=3),
            centres=maybe(positive),
            organs=some(names.organs),
            follow_up_weeks=maybe(st.integers(0, 5000)),
            criteria=maybe(text),
            population=maybe(text),
            summary=text,
            basis=of(choices.Basis),
            read_at=addresses,
            funding=maybe(text),
            citations=citations(papers),
            arms=st.just(of_arms),
            results=st.just(of_results),
            contrasts=rows(contrasts(names, arm_slugs), 2) if len(arm_slugs) > 1 else st.just([]),
            findings=st.lists(findings(names), min_size=1, max_size=3),
            syntheses=rows(syntheses(names), 2) if design == Design.META_ANALYSIS else st.just([]),
            cases=st.just(patients),
            notes=maybe(text),
        )
    )
    counted = {Design.CASE_REPORT: len(patients) or None, Design.EXPERT_OPINION: None}
    wanted = StudyRecord(design=design, enrolled=counted.get(design, enrolled), **content)
    if not broken_rules(wanted):
        return wanted
    return StudyRecord(design=Design.RETROSPECTIVE_COHORT, enrolled=enrolled, **{**content, "phase": None})


@composite
def therapy_records(draw: DrawFn, slug: str, number: int, targets: list[str], names: Names) -> Any:
    acts = draw(
        st.lists(st.tuples(st.sampled_from(targets), of(of_therapies.Action)), max_size=2, unique=True)
    )
    cited = names.identifiers or ["10.1000/elsewhere"]
    mechanisms = [
        draw(
            record(
                schema_therapies.MechanismRecord,
                target=st.just(target),
                action=st.just(action),
                statement=maybe(text),
                citations=some(cited, least=1),
            )
        )
        for target, action in acts
    ]
    systems = draw(some(list(of_therapies.CodeSystem.values)))
    return draw(
        record(
            schema_therapies.TherapyRecord,
            slug=st.just(slug),
            name=st.just(f"Therapy {number}")
            if draw(st.booleans())
            else texts(110).map(lambda name: f"{number} {name}"),
            drug_class=of(of_therapies.DrugClass),
            place=of(of_therapies.Place),
            synonyms=rows(label),
            routes=rows(texts(60)),
            summary=text,
            codes=st.just({system: f"{number}-00{len(systems)}" for system in systems}),
            mechanisms=st.just(mechanisms),
            regulatory=rows(
                record(
                    schema_therapies.RegulatoryRecord,
                    agency=of(of_therapies.Agency),
                    indication=text,
                    status=label,
                    date=maybe(st.sampled_from(["2025", "2025-04", "2025-04-03", "2024-02-29"])),
                    read_at=addresses,
                )
            ),
            safety=rows(
                record(schema_therapies.SafetyRecord, topic=label, statement=text, read_at=addresses), 2
            ),
            read_at=rows(addresses, 2),
        )
    )


@composite
def skeletons(draw: DrawFn) -> dict[str, Any]:
    """What two versions of a set have in common: its vocabulary, and who is who."""
    therapy_slugs = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    study_slugs = draw(st.lists(slugs, min_size=1, max_size=4, unique=True))
    papers: list[tuple[str | None, str | None]] = []
    for number in range(1, 2 + draw(st.integers(len(study_slugs), len(study_slugs) + 3))):
        doi = f"10.1000/{draw(slugs)}.{number}"
        papers.append(draw(st.sampled_from([(doi, str(number)), (doi, None), (None, str(number))])))
    return {
        "vocabulary": draw(vocabularies()),
        "targets": draw(st.lists(slugs, min_size=2, max_size=3, unique=True)),
        "therapies": therapy_slugs,
        "studies": study_slugs,
        "papers": papers,
        "cases": [f"case-{number}" for number in range(draw(st.integers(0, 3)))],
    }


@composite
def data_sets(draw: DrawFn, skeleton: SearchStrategy[dict[str, Any]] | None = None) -> DataSet:
    """A set that the rules pass. Papers and cases are dealt out among the studies anew each time."""
    base = draw(skeletons() if skeleton is None else skeleton)
    names = Names(base["vocabulary"], base["therapies"], base["papers"])
    hands: dict[str, tuple[list[Any], list[str]]] = {}
    papers, patients = draw(st.permutations(base["papers"])), draw(st.permutations(base["cases"]))
    slugs_of_studies = sorted(base["studies"])
    for index, slug in enumerate(slugs_of_studies):
        # Everyone has a first paper; the rest go round.
        step = len(slugs_of_studies)
        hands[slug] = (papers[index::step], patients[index::step])
    edges = [
        draw(
            record(
                schema_therapies.EdgeRecord,
                source=st.just(source),
                relation=of(of_therapies.Relation),
                target=st.just(target),
                evidence=of(of_therapies.EdgeEvidence),
                statement=text,
                citation=st.sampled_from(names.identifiers),
                locator=maybe(text),
                read_at=maybe(addresses),
            )
        )
        for source, target in draw(
            rows(st.permutations(base["targets"]).map(lambda ends: tuple(ends[:2])), 2)
        )
    ]
    pairs = [(a, b) for a in slugs_of_studies for b in slugs_of_studies if a < b]
    return DataSet(
        vocabulary=base["vocabulary"],
        targets=[
            draw(
                record(
                    schema_therapies.TargetRecord,
                    slug=st.just(slug),
                    name=label,
                    kind=of(of_therapies.TargetKind),
                    layer=of(of_therapies.Layer),
                    symbol=maybe(texts(20)),
                    hgnc=maybe(st.just("HGNC:6014")),
                    uniprot=maybe(st.just("P05112")),
                    read_at=maybe(addresses),
                )
            )
            for slug in base["targets"]
        ],
        edges=list({(e.source, e.relation, e.target, e.citation, e.evidence): e for e in edges}.values()),
        therapies=[
            draw(therapy_records(slug, number, base["targets"], names))
            for number, slug in enumerate(sorted(base["therapies"]))
        ],
        studies=[draw(studies(names, slug, *hands[slug])) for slug in slugs_of_studies],
        overlaps=[
            schema.OverlapRecord(a=a, b=b, certain=draw(st.booleans()), why=draw(text))
            for a, b in sorted(draw(some_pairs(pairs)))
        ],
    )


def some_pairs(pairs: list[tuple[str, str]]) -> SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.sampled_from(pairs), max_size=3, unique=True) if pairs else st.just([])
