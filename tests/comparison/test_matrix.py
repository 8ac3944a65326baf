"""The evidence matrix: the strongest figure leads, words stand where there is none, nothing is made up."""

from __future__ import annotations

import pytest

from comparison import matrix
from comparison.assembly import assemble
from evidence.choices import Design, Direction, Domain, Response
from evidence.models import Outcome
from tests import factories as make
from therapies.choices import DrugClass
from therapies.models import Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def response() -> Outcome:
    return make.OutcomeFactory(slug="overall_response", name="Overall response", position=3)


@pytest.fixture
def therapy() -> Therapy:
    return make.TherapyFactory(slug="dupilumab", name="Dupilumab")


def result(
    therapy: Therapy, outcome: Outcome, design: str, events: int, total: int, **fields: object
) -> None:
    """A figure of an arm of one study of that design."""
    study = make.StudyFactory(design=design)
    make.ResultFactory(
        arm=make.ArmFactory(study=study, therapy=therapy, n=total),
        outcome=outcome,
        events=events,
        total=total,
        **fields,
    )


def cell(therapy: Therapy, domain: str = Domain.EFFICACY) -> matrix.Cell:
    row = next(row for row in matrix.build(assemble()) if row.slug == therapy.slug)
    return next(cell for cell in row.cells if cell.domain == domain)


def test_the_stronger_design_leads_though_it_is_smaller(therapy: Therapy, response: Outcome) -> None:
    result(therapy, response, Design.RETROSPECTIVE_COHORT, 90, 100)
    result(therapy, response, Design.RANDOMISED_TRIAL, 5, 10)
    share = cell(therapy).share
    assert share is not None
    assert share.text == "5 of 10 (50%, 95% CI 19 to 81)"


def test_of_one_design_the_larger_study_leads(therapy: Therapy, response: Outcome) -> None:
    result(therapy, response, Design.SINGLE_ARM_TRIAL, 9, 10)
    result(therapy, response, Design.SINGLE_ARM_TRIAL, 14, 30)
    share = cell(therapy).share
    assert share is not None
    assert share.count == "14 of 30"


def test_a_figure_at_baseline_never_leads(therapy: Therapy, response: Outcome) -> None:
    result(therapy, response, Design.SINGLE_ARM_TRIAL, 9, 10, week=0)
    assert cell(therapy).is_empty


def test_glucocorticoid_beside_another_therapy_is_no_evidence_on_glucocorticoid(response: Outcome) -> None:
    steroid = make.TherapyFactory(slug="glucocorticoid", name="Glucocorticoid")
    other = make.TherapyFactory(slug="mycophenolate", name="Mycophenolate")
    arm = make.ArmFactory(therapy=steroid)
    make.RegimenPartFactory(arm=arm, therapy=other)
    make.ResultFactory(arm=arm, outcome=response)
    assert cell(steroid).is_empty
    assert not cell(other).is_empty


def test_words_stand_where_there_is_no_figure(therapy: Therapy, response: Outcome) -> None:
    make.FindingFactory(therapy=therapy, outcome=response, direction=Direction.NO_CHANGE)
    told = cell(therapy)
    assert told.share is None
    assert not told.is_empty
    assert [(word.outcome, word.direction) for word in told.words] == [("Overall response", "no_change")]


def test_cases_are_counted_where_nothing_stronger_exists(therapy: Therapy, response: Outcome) -> None:
    make.CaseFactory(index_therapy=therapy, response=Response.RESPONDED)
    make.CaseFactory(index_therapy=therapy, response=Response.NO_RESPONSE)
    told = cell(therapy)
    assert told.share is not None
    assert told.share.count == "1 of 2"
    assert told.cases == 2


def test_a_domain_without_evidence_is_empty(therapy: Therapy, response: Outcome) -> None:
    result(therapy, response, Design.SINGLE_ARM_TRIAL, 9, 10)
    assert cell(therapy, Domain.SAFETY).is_empty
    assert cell(therapy, Domain.SAFETY).url == ""


def test_drafts_are_in_no_cell(therapy: Therapy, response: Outcome) -> None:
    draft = make.StudyFactory(draft=True)
    make.ResultFactory(arm=make.ArmFactory(study=draft, therapy=therapy), outcome=response)
    make.FindingFactory(study=draft, therapy=therapy, outcome=response)
    make.CaseFactory(study=draft, index_therapy=therapy)
    assert cell(therapy).is_empty


def test_the_letters_five_come_first_and_controls_are_left_out(response: Outcome) -> None:
    for slug in ("abatacept", "glucocorticoid", "rituximab", "dupilumab", "mepolizumab", "azathioprine"):
        make.TherapyFactory(slug=slug, name=slug.title())
    placebo = make.TherapyFactory(slug="placebo", name="Placebo", drug_class=DrugClass.CONTROL)
    result(placebo, response, Design.RANDOMISED_TRIAL, 1, 10)
    result(Therapy.objects.get(slug="azathioprine"), response, Design.CASE_SERIES, 1, 3)
    slugs = [row.slug for row in matrix.build(assemble())]
    assert slugs == ["glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept", "azathioprine"]
