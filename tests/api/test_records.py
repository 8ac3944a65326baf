"""What single records tell: figures as they are, sources always, null for what is not reported."""

import pytest
from django.test import Client

from evidence.choices import Basis, CitationRole, Design
from foundation.models import RetiredSlug
from foundation.retirement import successor
from tests import factories
from tests.api.conftest import Get
from tests.api.endpoints import full_study
from tests.api.problems import assert_problem
from therapies.models import Therapy

pytestmark = pytest.mark.django_db


def test_a_proportion_is_events_of_total_with_its_source(get: Get) -> None:
    study = factories.StudyFactory(slug="carruthers-2015", basis=Basis.ABSTRACT)
    rituximab = factories.TherapyFactory(slug="rituximab")
    arm = factories.ArmFactory(study=study, slug="rituximab", therapy=rituximab)
    outcome = factories.OutcomeFactory(slug="complete_remission")
    result = factories.ResultFactory(arm=arm, outcome=outcome, events=14, total=30, week=26, definition="")
    citation = study.primary_citation
    told = get(f"results/{result.pk}/")
    told.pop("meta")
    assert told == {
        "id": result.pk,
        "study": "carruthers-2015",
        "design": "single_arm_trial",
        "design_class": "single_arm",
        "arm": "rituximab",
        "therapies": ["rituximab"],
        "therapies_tested": ["rituximab"],
        "outcome": "complete_remission",
        "kind": "proportion",
        "week": 26,
        "events": 14,
        "total": 30,
        "value": None,
        "unit": None,
        "statistic": None,
        "spread": None,
        "low": None,
        "high": None,
        "sd": None,
        "n": None,
        "organ": None,
        "as_reported": None,
        "definition": None,
        "basis": "abstract",
        "read_at": factories.therapies.READ_AT,
        "locator": "Abstract, results",
        "derived": None,
        "note": None,
        "citation": {
            "slug": citation.slug,
            "label": citation.label,
            "doi": citation.doi,
            "pmid": citation.pmid,
        },
    }


def test_a_quantity_has_its_unit_statistic_and_spread(get: Get) -> None:
    told = get(f"results/{factories.ResultFactory(quantity=True).pk}/")
    assert (told["value"], told["unit"], told["statistic"], told["spread"]) == (150, "mg/dL", "median", "iqr")
    assert (told["low"], told["high"], told["n"], told["events"], told["total"]) == (60, 320, 30, None, None)


def test_zero_is_zero_and_not_null(get: Get) -> None:
    told = get(f"results/{factories.ResultFactory(events=0, week=0).pk}/")
    assert told["events"] == 0
    assert told["week"] == 0
    contrast = get(f"contrasts/{factories.ContrastFactory(estimate=0, low=0, high=0).pk}/")
    assert (contrast["estimate"], contrast["low"], contrast["high"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "factory"),
    [
        ("results", factories.ResultFactory),
        ("contrasts", factories.ContrastFactory),
        ("findings", factories.FindingFactory),
        ("syntheses", factories.PublishedSynthesisFactory),
        ("cases", factories.CaseFactory),
    ],
)
def test_a_row_read_elsewhere_says_so(get: Get, name: str, factory: type) -> None:
    row = factory(basis=Basis.PRESS, read_at="https://example.org/press")
    told = get(f"{name}/{getattr(row, 'slug', row.pk)}/")
    assert (told["basis"], told["read_at"]) == ("press", "https://example.org/press")
    plain = factory()
    told = get(f"{name}/{getattr(plain, 'slug', plain.pk)}/")
    assert (told["basis"], told["read_at"]) == ("abstract", factories.therapies.READ_AT)


def test_a_study_without_citation_has_none(get: Get) -> None:
    result = factories.ResultFactory(arm__study__cited=False)
    assert get(f"results/{result.pk}/")["citation"] is None
    assert get(f"studies/{result.arm.study.slug}/")["year"] is None


def test_what_a_case_report_does_not_say_is_null_and_not_an_empty_list(get: Get) -> None:
    silent = factories.CaseFactory(age_years=None, relapse=None, follow_up_weeks=None)
    told = get(f"cases/{silent.slug}/")
    for field in (
        "comorbidities",
        "prior_therapies",
        "adverse_events",
        "age_years",
        "age_over_89",
        "relapse",
    ):
        assert told[field] is None, field
    stated = factories.CaseFactory(
        comorbidities_stated=True, prior_therapies_stated=True, adverse_events_stated=True, relapse=False
    )
    told = get(f"cases/{stated.slug}/")
    assert (told["comorbidities"], told["prior_therapies"], told["adverse_events"]) == ([], [], [])
    assert told["relapse"] is False


def test_great_age_is_told_as_over_89(get: Get) -> None:
    assert get(f"cases/{factories.CaseFactory(age_years=90).slug}/")["age_over_89"] is True
    assert get(f"cases/{factories.CaseFactory(age_years=89).slug}/")["age_over_89"] is False


def test_a_study_tells_everything_in_it(get: Get) -> None:
    study = full_study()
    told = get(f"studies/{study.slug}/")
    assert [citation["role"] for citation in told["citations"]] == [
        CitationRole.PRIMARY,
        CitationRole.SECONDARY,
    ]
    assert told["citations"][0]["doi"] == study.primary_citation.doi
    assert len(told["arms"]) == study.arms.count() == 6
    assert sum(len(arm["results"]) for arm in told["arms"]) == 4
    assert told["arms"][0]["baseline"] == {"age_years": 61}
    assert told["arms"][0]["regimen"][0]["dose"] == 1000
    assert (
        len(told["contrasts"]) == len(told["findings"]) == len(told["syntheses"]) == len(told["cases"]) == 2
    )
    assert len(told["overlaps"]) == 4
    assert study.slug not in {overlap["study"] for overlap in told["overlaps"]}
    assert told["appraisals"][0]["tool"] == "rob2"
    assert len(told["organs"]) == 2
    therapies = {arm["regimen"][0]["therapy"] for arm in told["arms"]}
    assert therapies | {case["index_therapy"] for case in told["cases"]} <= set(told["therapies"])
    # A result inside its study is told as the list of results tells it.
    inside = told["arms"][0]["results"][0]
    alone = get(f"results/{inside['id']}/")
    alone.pop("meta")
    assert alone == inside


def test_a_rater_is_not_named(get: Get) -> None:
    appraisal = factories.AppraisalFactory()
    told = get(f"studies/{appraisal.study.slug}/")["appraisals"][0]
    assert set(told) == {"tool", "overall", "rated_on", "comment", "answers"}


def test_reviews_have_no_design_class(get: Get) -> None:
    review = factories.StudyFactory(design=Design.META_ANALYSIS)
    told = get(f"studies/{review.slug}/")
    assert (told["design_class"], told["ocebm_level"]) == (None, None)


def test_nothing_of_the_review_process_is_told(get: Get) -> None:
    told = get(f"studies/{factories.StudyFactory(reviewer=factories.UserFactory()).slug}/")
    assert not {"state", "contributor", "reviewer", "history"} & set(told)


def test_a_retired_slug_leads_to_the_new_address_with_its_query(client: Client) -> None:
    study = factories.StudyFactory(slug="new-name")
    RetiredSlug.objects.create(kind="evidence.study", old="old-name", new="middle-name")
    RetiredSlug.objects.create(kind="evidence.study", old="middle-name", new=study.slug)
    response = client.get("/api/v1/studies/old-name/?format=json")
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/studies/new-name/?format=json"


def test_a_retired_slug_does_not_lead_to_a_draft(client: Client) -> None:
    factories.StudyFactory(slug="secret", draft=True)
    RetiredSlug.objects.create(kind="evidence.study", old="old-name", new="secret")
    assert_problem(client.get("/api/v1/studies/old-name/"), 404)


def test_a_slug_retired_for_another_kind_leads_nowhere(client: Client) -> None:
    factories.StudyFactory(slug="new-name")
    RetiredSlug.objects.create(kind="evidence.case", old="old-name", new="new-name")
    assert_problem(client.get("/api/v1/studies/old-name/"), 404)


def test_slugs_that_were_renamed_in_a_circle_lead_nowhere() -> None:
    RetiredSlug.objects.create(kind="therapies.therapy", old="a", new="b")
    RetiredSlug.objects.create(kind="therapies.therapy", old="b", new="a")
    assert successor(Therapy, "a") is None
    assert successor(Therapy, "never") is None


def test_the_address_without_its_last_slash_leads_to_the_one_with_it(client: Client) -> None:
    response = client.get("/api/v1/studies?page_size=5")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/studies/?page_size=5")
