"""The number of queries of each page of the desk does not grow with its rows."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence import models as evidence
from evidence.choices import State
from foundation.models import RetiredSlug
from literature.models import Citation
from tests import factories as make
from tests.admin.conftest import WORKING_STATE, log_in, make_person, make_study
from therapies import models as therapies

pytestmark = pytest.mark.django_db

MANY = 30

LISTS: dict[type[models.Model], Callable] = {
    evidence.Study: make.StudyFactory,
    evidence.Arm: make.ArmFactory,
    evidence.Result: make.ResultFactory,
    evidence.Contrast: make.ContrastFactory,
    evidence.Finding: make.FindingFactory,
    evidence.PublishedSynthesis: make.PublishedSynthesisFactory,
    evidence.Case: make.CaseFactory,
    evidence.Overlap: make.OverlapFactory,
    evidence.DistinctPair: make.DistinctPairFactory,
    evidence.Appraisal: make.AppraisalFactory,
    evidence.Certainty: make.CertaintyFactory,
    evidence.Outcome: make.OutcomeFactory,
    evidence.Organ: make.OrganFactory,
    evidence.Comorbidity: make.ComorbidityFactory,
    evidence.Analyte: make.AnalyteFactory,
    Citation: make.CitationFactory,
    RetiredSlug: make.RetiredSlugFactory,
    therapies.Therapy: make.TherapyFactory,
    therapies.Target: make.TargetFactory,
    therapies.Mechanism: make.MechanismFactory,
    therapies.PathwayEdge: make.PathwayEdgeFactory,
}


def test_every_list_is_counted() -> None:
    own = {
        model
        for model in admin.site._registry
        if model._meta.app_label in {"foundation", "literature", "therapies", "evidence"}
        and model._meta.label_lower not in WORKING_STATE
    }
    assert own == set(LISTS)


def queries(client: Client, address: str) -> int:
    """How many queries a page takes, once what lives as long as the process is known."""
    assert client.get(address).status_code == 200
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


BY_ROLE = [(model, "superuser") for model in LISTS] + [
    (model, "contributor and reviewer") for model in (evidence.Study, evidence.Result, evidence.Overlap)
]


@pytest.mark.parametrize(("model", "kind"), BY_ROLE, ids=lambda value: getattr(value, "__name__", value))
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    model: type[models.Model], kind: str
) -> None:
    client = log_in(make_person(kind))
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    LISTS[model]()
    one = queries(client, address)
    for _ in range(MANY - 1):
        LISTS[model]()
    assert model.objects.count() >= MANY
    assert queries(client, address) == one
    # Session, account, roles; count, rows; the choices of each filter.
    assert one <= 20


def fill_study(study: evidence.Study, times: int) -> None:
    """More of every part that a study's page shows."""
    for _ in range(times):
        first, second = make.ArmFactory(study=study), make.ArmFactory(study=study)
        make.StudyCitationFactory(study=study)
        make.StudyOrganFactory(study=study)
        make.ContrastFactory(study=study, arm=first, versus=second)
        make.FindingFactory(study=study)
        make.PublishedSynthesisFactory(study=study, versus=make.TherapyFactory())
        make.CaseFactory(study=study)


def fill_arm(arm: evidence.Arm, times: int) -> None:
    """More of every part that an arm's page shows."""
    for number in range(times):
        make.RegimenPartFactory(arm=arm)
        make.ArmBaselineFactory(arm=arm, name=f"figure_{number}_{arm.baseline.count()}")
        make.ResultFactory(arm=arm, organ=make.OrganFactory())


def fill_case(case: evidence.Case, times: int) -> None:
    """More of every part that a case's page shows."""
    for _ in range(times):
        make.CaseOrganFactory(case=case)
        make.CaseComorbidityFactory(case=case)
        make.CasePriorTherapyFactory(case=case)
        make.CourseFactory(case=case)
        make.MeasurementFactory(case=case)
        make.OrganResponseFactory(case=case)
        make.ResponderIndexScoreFactory(case=case)
        make.CaseAdverseEventFactory(case=case)


def fill_therapy(therapy: therapies.Therapy, times: int) -> None:
    """More of every part that a therapy's page shows; it has one code a system."""
    for _ in range(times):
        make.MechanismFactory(therapy=therapy)
        make.RegulatoryStatusFactory(therapy=therapy)
        make.SafetyNoteFactory(therapy=therapy)


def fill_mechanism(mechanism: therapies.Mechanism, times: int) -> None:
    """More citations."""
    for _ in range(times):
        make.MechanismCitationFactory(mechanism=mechanism)


def fill_appraisal(appraisal: evidence.Appraisal, times: int) -> None:
    """More answers."""
    for _ in range(times):
        make.AppraisalAnswerFactory(appraisal=appraisal)


PAGES: dict[type[models.Model], Callable] = {
    evidence.Study: fill_study,
    evidence.Arm: fill_arm,
    evidence.Case: fill_case,
    evidence.Appraisal: fill_appraisal,
    therapies.Therapy: fill_therapy,
    therapies.Mechanism: fill_mechanism,
}


@pytest.mark.parametrize("page", ["change", "history"])
@pytest.mark.parametrize("kind", ["superuser", "editor"])
@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_a_page_takes_as_many_queries_for_ten_rows_of_each_kind_as_for_one(
    model: type[models.Model], kind: str, page: str
) -> None:
    client = log_in(make_person(kind))
    row = LISTS[model]()
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[row.pk])
    PAGES[model](row, 1)
    one = queries(client, address)
    PAGES[model](row, 9)
    assert queries(client, address) == one
    # The study's page: one for the study, one a kind of row, and those of account, history and arms to choose from.
    assert one <= 45


def test_the_front_page_takes_as_many_queries_for_many_tasks_as_for_one() -> None:
    person, another = make_person("contributor and reviewer"), make_person("contributor")

    def add_tasks() -> None:
        make_study(State.DRAFT, person)
        make_study(State.RETURNED, person)
        make_study(State.IN_REVIEW, another)

    add_tasks()
    client = log_in(person)
    one = queries(client, reverse("admin:index"))
    for _ in range(8):
        add_tasks()
    assert queries(client, reverse("admin:index")) == one


@pytest.mark.parametrize("model", [evidence.Study, evidence.Case, Citation], ids=lambda model: model.__name__)
@pytest.mark.parametrize("file_format", ["0", "1"], ids=["csv", "xlsx"])
def test_an_export_takes_as_many_queries_for_thirty_rows_as_for_one(
    model: type[models.Model], file_format: str
) -> None:
    client = log_in(make_person("superuser"))
    name = model._meta.model_name
    address = reverse(f"admin:{model._meta.app_label}_{name}_export")
    chosen = {"format": file_format, "resource": "0"}
    page = client.get(address)
    fields = [field for field in page.context["form"].fields if field.startswith(f"{name}resource_")]
    chosen.update(dict.fromkeys(fields, "on"))

    def export() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.post(address, chosen)
        assert response.status_code == 200
        assert "attachment" in response["Content-Disposition"]
        return len(captured)

    LISTS[model]()
    export()
    one = export()
    for _ in range(MANY - 1):
        LISTS[model]()
    assert export() == one
