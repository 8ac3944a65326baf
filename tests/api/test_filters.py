"""Each filter, by what it lets through; and a test that finds a filter without one."""

from collections.abc import Callable
from typing import Any

import pytest

from evidence.choices import Basis, Design, Direction, Domain, Response, Sex, SteroidEffect
from foundation.filters import EvidenceFilterSet
from literature.choices import CitationType
from tests import factories
from tests.api.conftest import Get
from tests.api.endpoints import BY_NAME, ENDPOINTS
from therapies.choices import DrugClass, EdgeEvidence, Layer, Place, Relation, TargetKind

pytestmark = pytest.mark.django_db

Made = tuple[Any, str]
# List, parameter, and how the one row that it lets through is made, with the value; another row is always there.
Row = tuple[str, str, Callable[[], Made]]


def therapy_acting_on() -> Made:
    mechanism = factories.MechanismFactory()
    return mechanism.therapy, mechanism.target.slug


def cited_study(**fields: Any) -> Any:
    return factories.StudyFactory(**{f"cited__{name}": value for name, value in fields.items()})


def study_with_organ(kind: str) -> Made:
    organ = factories.OrganFactory()
    if kind == "study":
        return factories.StudyOrganFactory(organ=organ).study, organ.slug
    if kind == "result":
        return factories.ResultFactory(organ=organ).arm.study, organ.slug
    return factories.CaseOrganFactory(organ=organ).case.study, organ.slug


def of_therapy(factory: Any, study: Callable[[Any], Any]) -> Callable[[], Made]:
    def make() -> Made:
        therapy = factories.TherapyFactory()
        return study(factory(therapy)), therapy.slug

    return make


def case_of(factory: Any, name: str) -> Made:
    link = factory()
    return link.case, getattr(link, name).slug


def made(record: Any, value: Any) -> Made:
    return record, str(value)


F = factories
ROWS: list[Row] = [
    ("therapies", "q", lambda: made(F.TherapyFactory(synonyms=["Dupixent"]), "dupix")),
    ("therapies", "drug_class", lambda: made(F.TherapyFactory(drug_class=DrugClass.PROCEDURE), "procedure")),
    ("therapies", "place", lambda: made(F.TherapyFactory(place=Place.FIRST_LINE), "first_line")),
    ("therapies", "target", therapy_acting_on),
    ("targets", "kind", lambda: made(F.TargetFactory(kind=TargetKind.CELL), "cell")),
    ("targets", "layer", lambda: made(F.TargetFactory(layer=Layer.STROMA), "stroma")),
    ("pathway", "source", lambda: made(edge := F.PathwayEdgeFactory(), edge.source.slug)),
    ("pathway", "target", lambda: made(edge := F.PathwayEdgeFactory(), edge.target.slug)),
    ("pathway", "relation", lambda: made(F.PathwayEdgeFactory(relation=Relation.BINDS), "binds")),
    ("pathway", "evidence", lambda: made(F.PathwayEdgeFactory(evidence=EdgeEvidence.ANIMAL), "animal")),
    ("outcomes", "domain", lambda: made(F.OutcomeFactory(domain=Domain.SAFETY), "safety")),
    ("outcomes", "kind", lambda: made(F.OutcomeFactory(quantity=True), "quantity")),
    ("citations", "q", lambda: made(cited_study(title="Obexelimab in all").primary_citation, "OBEXELIMAB")),
    ("citations", "q", lambda: made(cited_study(authors=["Zen Y"]).primary_citation, "zen")),
    ("citations", "q", lambda: made(cited_study(doi="10.1000/xyz").primary_citation, "10.1000/XYZ")),
    ("citations", "type", lambda: made(cited_study(csl_type=CitationType.BOOK).primary_citation, "book")),
    ("citations", "year", lambda: made(cited_study(year=1999).primary_citation, 1999)),
    ("citations", "from", lambda: made(cited_study(year=2031).primary_citation, 2031)),
    ("citations", "to", lambda: made(cited_study(year=1999).primary_citation, 1999)),
    ("citations", "study", lambda: made((study := F.StudyFactory()).primary_citation, study.slug)),
    ("studies", "q", lambda: made(F.StudyFactory(summary="Storiform fibrosis"), "storiform")),
    ("studies", "q", lambda: made(cited_study(title="Storiform fibrosis"), "storiform")),
    ("studies", "therapy", of_therapy(lambda it: F.ArmFactory(therapy=it), lambda row: row.study)),
    ("studies", "therapy", of_therapy(lambda it: F.CaseFactory(index_therapy=it), lambda row: row.study)),
    ("studies", "therapy", of_therapy(lambda it: F.FindingFactory(therapy=it), lambda row: row.study)),
    (
        "studies",
        "therapy",
        of_therapy(lambda it: F.PublishedSynthesisFactory(therapy=it), lambda row: row.study),
    ),
    ("studies", "outcome", lambda: made((row := F.ResultFactory()).arm.study, row.outcome.slug)),
    ("studies", "outcome", lambda: made((row := F.ContrastFactory()).study, row.outcome.slug)),
    ("studies", "outcome", lambda: made((row := F.FindingFactory()).study, row.outcome.slug)),
    ("studies", "outcome", lambda: made((row := F.PublishedSynthesisFactory()).study, row.outcome.slug)),
    ("studies", "design", lambda: made(F.StudyFactory(design=Design.CASE_SERIES), "case_series")),
    ("studies", "design_class", lambda: made(F.StudyFactory(design=Design.CASE_SERIES), "case")),
    ("studies", "organ", lambda: study_with_organ("study")),
    ("studies", "organ", lambda: study_with_organ("result")),
    ("studies", "organ", lambda: study_with_organ("case")),
    ("studies", "country", lambda: made(F.StudyFactory(countries=["JP", "CN"]), "JP")),
    ("studies", "basis", lambda: made(F.StudyFactory(basis=Basis.PRESS), "press")),
    ("studies", "registration", lambda: made(F.StudyFactory(registration="NCT01584388"), "nct01584388")),
    ("studies", "from", lambda: made(cited_study(year=2031), 2031)),
    ("studies", "to", lambda: made(cited_study(year=1999), 1999)),
    ("results", "study", lambda: made(row := F.ResultFactory(), row.arm.study.slug)),
    ("results", "arm", lambda: made(row := F.ResultFactory(), row.arm.slug)),
    ("results", "therapy", lambda: made(row := F.ResultFactory(), row.arm.regimen.first().therapy.slug)),
    ("results", "outcome", lambda: made(row := F.ResultFactory(), row.outcome.slug)),
    ("results", "domain", lambda: made(F.ResultFactory(outcome__domain=Domain.SAFETY), "safety")),
    ("results", "kind", lambda: made(F.ResultFactory(quantity=True), "quantity")),
    (
        "results",
        "design",
        lambda: made(F.ResultFactory(arm__study__design=Design.CASE_SERIES), "case_series"),
    ),
    ("results", "design_class", lambda: made(F.ResultFactory(arm__study__design=Design.CASE_SERIES), "case")),
    ("results", "week_from", lambda: made(F.ResultFactory(week=104), 104)),
    ("results", "week_to", lambda: made(F.ResultFactory(week=4), 4)),
    ("results", "organ", lambda: made(row := F.ResultFactory(organ=F.OrganFactory()), row.organ.slug)),
    ("results", "basis", lambda: made(F.ResultFactory(basis=Basis.PRESS), "press")),
    ("results", "basis", lambda: made(F.ResultFactory(arm__study__basis=Basis.PRESS), "press")),
    ("results", "from", lambda: made(F.ResultFactory(arm__study=cited_study(year=2031)), 2031)),
    ("results", "to", lambda: made(F.ResultFactory(arm__study=cited_study(year=1999)), 1999)),
    ("contrasts", "study", lambda: made(row := F.ContrastFactory(), row.study.slug)),
    ("contrasts", "therapy", lambda: made(row := F.ContrastFactory(), row.arm.regimen.first().therapy.slug)),
    (
        "contrasts",
        "versus",
        lambda: made(row := F.ContrastFactory(), row.versus.regimen.first().therapy.slug),
    ),
    ("contrasts", "outcome", lambda: made(row := F.ContrastFactory(), row.outcome.slug)),
    ("contrasts", "domain", lambda: made(F.ContrastFactory(outcome__domain=Domain.SAFETY), "safety")),
    ("contrasts", "measure", lambda: made(F.ContrastFactory(measure="risk_ratio"), "risk_ratio")),
    ("contrasts", "design", lambda: made(F.ContrastFactory(study__design=Design.CASE_SERIES), "case_series")),
    ("contrasts", "design_class", lambda: made(F.ContrastFactory(study__design=Design.CASE_SERIES), "case")),
    ("contrasts", "basis", lambda: made(F.ContrastFactory(basis=Basis.PRESS), "press")),
    ("findings", "study", lambda: made(row := F.FindingFactory(), row.study.slug)),
    ("findings", "therapy", lambda: made(row := F.FindingFactory(), row.therapy.slug)),
    ("findings", "outcome", lambda: made(row := F.FindingFactory(), row.outcome.slug)),
    ("findings", "domain", lambda: made(F.FindingFactory(outcome__domain=Domain.SAFETY), "safety")),
    ("findings", "direction", lambda: made(F.FindingFactory(direction=Direction.MIXED), "mixed")),
    ("findings", "design", lambda: made(F.FindingFactory(study__design=Design.CASE_SERIES), "case_series")),
    ("findings", "design_class", lambda: made(F.FindingFactory(study__design=Design.CASE_SERIES), "case")),
    ("findings", "basis", lambda: made(F.FindingFactory(basis=Basis.PRESS), "press")),
    ("syntheses", "study", lambda: made(row := F.PublishedSynthesisFactory(), row.study.slug)),
    ("syntheses", "therapy", lambda: made(row := F.PublishedSynthesisFactory(), row.therapy.slug)),
    (
        "syntheses",
        "versus",
        lambda: made(row := F.PublishedSynthesisFactory(versus=F.TherapyFactory()), row.versus.slug),
    ),
    ("syntheses", "outcome", lambda: made(row := F.PublishedSynthesisFactory(), row.outcome.slug)),
    (
        "syntheses",
        "domain",
        lambda: made(F.PublishedSynthesisFactory(outcome__domain=Domain.SAFETY), "safety"),
    ),
    ("syntheses", "measure", lambda: made(F.PublishedSynthesisFactory(measure="odds_ratio"), "odds_ratio")),
    ("overlaps", "study", lambda: made(row := F.OverlapFactory(), row.study_b.slug)),
    ("overlaps", "certain", lambda: made(F.OverlapFactory(certain=True), "true")),
    ("appraisals", "study", lambda: made(row := F.AppraisalFactory(), row.study.slug)),
    ("appraisals", "tool", lambda: made(F.AppraisalFactory(tool="robins_i"), "robins_i")),
    ("appraisals", "overall", lambda: made(F.AppraisalFactory(overall="critical"), "critical")),
    (
        "appraisals",
        "design",
        lambda: made(F.AppraisalFactory(study__design=Design.CASE_SERIES), "case_series"),
    ),
    ("certainties", "therapy", lambda: made(row := F.CertaintyFactory(), row.therapy.slug)),
    ("certainties", "outcome", lambda: made(row := F.CertaintyFactory(), row.outcome.slug)),
    ("certainties", "level", lambda: made(F.CertaintyFactory(level="high"), "high")),
    ("cases", "therapy", lambda: made(row := F.CaseFactory(), row.index_therapy.slug)),
    ("cases", "any_therapy", lambda: made(row := F.CaseFactory(), row.index_therapy.slug)),
    ("cases", "any_therapy", lambda: case_of(F.CourseFactory, "therapy")),
    ("cases", "any_therapy", lambda: case_of(F.CasePriorTherapyFactory, "therapy")),
    ("cases", "organ", lambda: case_of(F.CaseOrganFactory, "organ")),
    ("cases", "comorbidity", lambda: case_of(F.CaseComorbidityFactory, "comorbidity")),
    ("cases", "prior_therapy", lambda: case_of(F.CasePriorTherapyFactory, "therapy")),
    ("cases", "year", lambda: made(F.CaseFactory(study=cited_study(year=2031)), 2031)),
    ("cases", "response", lambda: made(F.CaseFactory(response=Response.WORSENING), "worsening")),
    (
        "cases",
        "steroid_effect",
        lambda: made(F.CaseFactory(steroid_effect=SteroidEffect.INCREASED), "increased"),
    ),
    ("cases", "relapse", lambda: made(F.CaseFactory(relapse=True), "true")),
    ("cases", "relapse", lambda: made(F.CaseFactory(relapse=None), "not_reported")),
    ("cases", "sex", lambda: made(F.CaseFactory(sex=Sex.FEMALE), "female")),
    ("cases", "country", lambda: made(F.CaseFactory(study__countries=["JP"]), "JP")),
    ("cases", "study", lambda: made(row := F.CaseFactory(), row.study.slug)),
    ("cases", "design", lambda: made(F.CaseFactory(study__design=Design.CASE_SERIES), "case_series")),
    ("cases", "basis", lambda: made(F.CaseFactory(basis=Basis.PRESS), "press")),
    ("cases", "from", lambda: made(F.CaseFactory(study=cited_study(year=2031)), 2031)),
    ("cases", "to", lambda: made(F.CaseFactory(study=cited_study(year=1999)), 1999)),
]


def filter_sets() -> dict[str, type[EvidenceFilterSet]]:
    from config.api import router

    return {prefix: view.filterset_class for prefix, view, _ in router.registry if view.filterset_class}


def test_no_filter_is_without_its_test() -> None:
    every = {(name, parameter) for name, each in filter_sets().items() for parameter in each.parameters()}
    assert every - {(name, parameter) for name, parameter, _ in ROWS} == set()


@pytest.mark.parametrize(("name", "parameter", "make"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_a_filter_lets_through_what_it_says(
    get: Get, name: str, parameter: str, make: Callable[[], Made]
) -> None:
    endpoint = BY_NAME[name]
    other = endpoint.make()
    wanted, value = make()
    answer = get(f"{name}/", **{parameter: value})
    keys = [str(row.get("slug") or row["id"]) for row in answer["results"]]
    assert keys == [endpoint.key(wanted)]
    assert answer["count"] == 1
    assert endpoint.key(other) not in keys


@pytest.mark.parametrize("name", filter_sets())
def test_every_filter_has_a_label_for_its_form(name: str) -> None:
    for parameter, each in filter_sets()[name].base_filters.items():
        assert each.label, parameter


def test_values_of_one_parameter_are_joined_by_or_and_parameters_by_and(get: Get) -> None:
    first, second, third = (factories.ResultFactory(week=week) for week in (4, 26, 52))
    both = [first.outcome.slug, second.outcome.slug]
    assert get("results/", outcome=both)["count"] == 2
    assert get("results/", outcome=both, week_from=20)["count"] == 1
    assert get("results/", outcome=[*both, third.outcome.slug], week_from=20, week_to=52)["count"] == 2


def test_a_row_that_several_values_match_is_told_once(get: Get) -> None:
    case = factories.CaseFactory()
    organs = [factories.CaseOrganFactory(case=case).organ.slug for _ in range(3)]
    assert get("cases/", organ=organs)["count"] == 1


def test_a_result_without_week_is_in_no_span_of_weeks(get: Get) -> None:
    factories.ResultFactory(week=None)
    assert get("results/", week_from=0)["count"] == 0
    assert get("results/", week_to=2600)["count"] == 0


def test_a_study_without_year_is_in_no_span_of_years(get: Get) -> None:
    factories.StudyFactory(cited__year=None)
    assert get("studies/", **{"from": 1800})["count"] == 0
    assert get("studies/", to=2100)["count"] == 0


def test_a_filter_does_not_name_a_draft(ask: Any) -> None:
    draft = factories.StudyFactory(draft=True)
    told = ask("results/", study=draft.slug)
    assert told.status_code == 400
    assert "allowed" not in told.json()["errors"][0] or draft.slug not in told.json()["errors"][0]["allowed"]


def test_the_table_of_endpoints_covers_the_filters() -> None:
    assert set(filter_sets()) <= {endpoint.name for endpoint in ENDPOINTS}
