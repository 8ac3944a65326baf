"""The database itself refuses what a row may not say, whoever writes it, and names the rule."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from tests import factories as made
from tests.evidence.models.breach import Breach
from tests.evidence.models.breaches import BREACHES, unique_columns
from tests.test_factories import FACTORIES

pytestmark = pytest.mark.django_db

APPS = ("foundation", "literature", "therapies", "evidence")
UNIQUE = [
    (factory, column)
    for factory in FACTORIES
    for column in unique_columns(factory._meta.model)
]  # fmt: skip


def project_models() -> list[type[models.Model]]:
    """The models of the project, their history apart."""
    found = (model for app in APPS for model in apps.get_app_config(app).get_models())
    return [model for model in found if not hasattr(model, "pgh_tracked_model")]


def refused(insert: object) -> str:
    """The constraint by which the database refuses an insert."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        insert()  # type: ignore[operator]
    return refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr]


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.constraint)
def test_the_database_refuses_a_row_that_breaks_a_rule(breach: Breach) -> None:
    assert refused(breach.insert) == breach.constraint


@pytest.mark.parametrize(
    ("factory", "column"),
    UNIQUE,
    ids=[f"{factory._meta.model.__name__}.{column}" for factory, column in UNIQUE],
)
def test_the_database_refuses_a_second_row_of_one_name(factory: type, column: str) -> None:
    first = factory()
    name = refused(lambda: factory(**{column: getattr(first, column)}))
    assert column in name


def test_every_named_constraint_has_a_row_that_breaks_it() -> None:
    named = {constraint.name for model in project_models() for constraint in model._meta.constraints}
    assert {breach.constraint for breach in BREACHES} == named


def test_every_named_constraint_is_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'"
        )
        present = {name for (name,) in cursor.fetchall()}
    assert {breach.constraint for breach in BREACHES} - present == set()


def test_a_row_inserted_by_sql_with_events_above_total_is_refused() -> None:
    arm, outcome = made.ArmFactory(), made.OutcomeFactory()
    columns = (
        "arm_id, outcome_id, events, total, locator, definition, derived, basis, read_at, note, statistic"
    )
    values = "%s, %s, %s, %s, 'Table 2', '', '', '', '', '', ''"
    statement = (
        f"INSERT INTO evidence_result ({columns}, spread, as_reported, position) VALUES ({values}, '', '', 0)"
    )

    def insert(events: int, total: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [arm.pk, outcome.pk, events, total])

    insert(30, 30)
    assert refused(lambda: insert(31, 30)) == "result_events_within_total"
    arm.results.all().delete()
    assert refused(lambda: insert(-1, 30)).startswith("evidence_result_events")


def test_a_row_updated_by_sql_past_its_total_is_refused() -> None:
    result = made.ResultFactory(events=14, total=30)

    def update() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE evidence_result SET total = 13 WHERE id = %s", [result.pk])

    assert refused(update) == "result_events_within_total"


@pytest.mark.parametrize(
    ("factory", "field"),
    [
        (made.ResultFactory, "outcome"),
        (made.RegimenPartFactory, "therapy"),
        (made.CaseFactory, "index_therapy"),
        (made.CaseOrganFactory, "organ"),
        (made.CaseComorbidityFactory, "comorbidity"),
        (made.CasePriorTherapyFactory, "therapy"),
        (made.CourseFactory, "therapy"),
        (made.MeasurementFactory, "analyte"),
        (made.OrganResponseFactory, "organ"),
        (made.ResponderIndexScoreFactory, "organ"),
        (made.FindingFactory, "therapy"),
        (made.PublishedSynthesisFactory, "therapy"),
        (made.StudyCitationFactory, "citation"),
        (made.MechanismFactory, "target"),
        (made.MechanismCitationFactory, "citation"),
        (made.PathwayEdgeFactory, "source"),
        (made.PathwayEdgeFactory, "citation"),
        (made.CertaintyFactory, "outcome"),
        (made.AppraisalFactory, "rater"),
    ],
    ids=lambda value: value if isinstance(value, str) else value._meta.model.__name__,
)
def test_what_evidence_points_to_cannot_be_deleted(factory: type, field: str) -> None:
    with pytest.raises(ProtectedError):
        getattr(factory(), field).delete()


def test_a_contributor_with_studies_cannot_be_deleted() -> None:
    study = made.StudyFactory(contributor=made.UserFactory())
    with pytest.raises(ProtectedError):
        study.contributor.delete()


def test_missing_is_neither_zero_nor_no() -> None:
    """None goes in and None comes out."""
    study = made.StudyFactory(enrolled=None, centres=None, phase=None, follow_up_weeks=None)
    arm = made.ArmFactory(study=study, n=None)
    result = made.ResultFactory(arm=arm, week=None, organ=None)
    case = made.CaseFactory(study=study, age_years=None, relapse=None, follow_up_weeks=None)
    for row in (study, arm, result, case):
        row.refresh_from_db()
    assert (study.enrolled, study.centres, study.phase, study.follow_up_weeks) == (None,) * 4
    assert (arm.n, result.week, result.organ) == (None,) * 3
    assert (case.age_years, case.relapse, case.follow_up_weeks) == (None,) * 3
