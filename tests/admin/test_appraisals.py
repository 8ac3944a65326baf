"""An appraisal at the desk: study, tool, questions, and refusals that say what would be right."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence.appraisal.rules import Given
from evidence.appraisal.services import AppraisalRefused, has_randomised, record_appraisal
from evidence.appraisal.tools import tools
from evidence.choices import Design, State
from evidence.models import Appraisal, Study
from tests import factories as make
from tests.admin.conftest import change_of, log_in, make_person, make_study

pytestmark = pytest.mark.django_db
ADD = "/admin/evidence/appraisal/add/"


@pytest.fixture
def trial() -> Study:
    return make.StudyFactory(design=Design.RANDOMISED_TRIAL, slug="trial", label="The trial")


def answers(slug: str = "rob2", **given: str) -> dict[str, str]:
    """A posted form: the best answer everywhere but for those given as item=answer."""
    tool = tools()[slug]
    posted = {"overall": tool.overall[0].slug, "rated_on": "2026-11-20", "comment": ""}
    for item in tool.items:
        posted[f"answer-{item.slug}"] = given.pop(item.slug, tool.answers[0].slug)
        posted[f"reason-{item.slug}"] = given.pop(f"{item.slug}_reason", "")
    return posted | given


def words(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_one_fitting_tool_opens_at_once(trial: Study) -> None:
    page = words(log_in(make_person("reviewer")), f"{ADD}?study=trial")
    assert "D1. Bias from the randomisation process" in page
    assert page.count("<select") == 6
    assert "doi.org/10.1136/bmj.l4898" in page


def test_of_several_tools_one_is_chosen() -> None:
    make.StudyFactory(design=Design.CASE_REPORT, slug="report")
    client = log_in(make_person("reviewer"))
    page = words(client, f"{ADD}?study=report")
    assert 'value="jbi_case_report" checked' in page and 'value="murad"' in page and "rob2" not in page
    assert "Q5. Causality" in words(client, f"{ADD}?study=report&tool=murad")
    # A tool of another design is not opened by its address.
    assert 'name="tool"' in words(client, f"{ADD}?study=report&tool=rob2")


def test_a_study_that_is_not_there_is_said_to_be(trial: Study) -> None:
    client = log_in(make_person("reviewer"))
    assert "No study is known by “nobody”" in words(client, f"{ADD}?study=nobody")
    make.StudyFactory(design=Design.META_ANALYSIS, slug="review")
    assert "no tool here is made for it" in words(client, f"{ADD}?study=review")
    assert 'value="trial"' in words(client, ADD) and 'value="review"' not in words(client, ADD)


def test_an_appraisal_is_kept_whole_and_signed(trial: Study) -> None:
    reviewer = make_person("reviewer")
    posted = answers(
        deviations="some_concerns", deviations_reason="Open label (methods)", overall="some_concerns"
    )
    response = log_in(reviewer).post(f"{ADD}?study=trial", posted)
    assert response.status_code == 302
    (appraisal,) = trial.appraisals.all()
    assert (appraisal.rater, appraisal.overall) == (reviewer, "some_concerns")
    assert appraisal.rated_on == datetime.date(2026, 11, 20)
    assert [answer.domain for answer in appraisal.answers.all()] == list(tools()["rob2"].item_by_slug)
    assert appraisal.answers.get(domain="deviations").reason == "Open label (methods)"
    assert appraisal.history.first().pgh_context.metadata["username"] == reviewer.username


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        (answers(measurement="high"), "D4: say why the answer is “High”."),
        (answers(measurement="high", measurement_reason="Unblinded"), "RoB 2 allows High at the least."),
        (answers(measurement=""), "This field is required."),
        (answers(measurement="middling"), "Select a valid choice."),
        (answers(rated_on="2030-01-01"), "2030-01-01 lies in the future"),
        (answers(overall="include"), "Select a valid choice."),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    trial: Study, posted: dict[str, str], message: str
) -> None:
    response = log_in(make_person("reviewer")).post(f"{ADD}?study=trial", posted | {"comment": "Kept words"})
    page = response.content.decode().replace("&#x27;", "'")
    assert response.status_code == 200
    assert message in page and "nothing was kept yet" in page and "Kept words" in page
    assert not Appraisal.objects.exists()


def test_a_second_appraisal_by_one_rater_is_refused_and_by_another_kept(trial: Study) -> None:
    first, second = make_person("reviewer"), make_person("reviewer")
    assert log_in(first).post(f"{ADD}?study=trial", answers()).status_code == 302
    page = log_in(first).post(f"{ADD}?study=trial", answers())
    assert "You have appraised this study with this tool already" in page.content.decode()
    assert log_in(second).post(f"{ADD}?study=trial", answers()).status_code == 302
    assert trial.appraisals.count() == 2


@pytest.mark.parametrize("kind", ["contributor", "editor"])
def test_only_reviewers_appraise(trial: Study, kind: str) -> None:
    assert log_in(make_person(kind)).post(f"{ADD}?study=trial", answers()).status_code == 403
    with pytest.raises(AppraisalRefused, match="may not rate"):
        record_appraisal(study=trial, tool="rob2", overall="low", answers=[], by=make_person(kind))


def test_a_draft_of_another_cannot_be_appraised_nor_be_seen_to_exist() -> None:
    draft = make_study(State.DRAFT, make_person("contributor"), design=Design.RANDOMISED_TRIAL)
    reviewer = make_person("reviewer")
    page = words(log_in(reviewer), f"{ADD}?study={draft.slug}")
    assert "No study is known by" in page and draft.label not in page
    with pytest.raises(AppraisalRefused, match="not yours to see"):
        record_appraisal(study=draft, tool="rob2", overall="low", answers=[], by=reviewer)


def test_the_service_tells_all_faults_at_once(trial: Study) -> None:
    with pytest.raises(AppraisalRefused) as refused:
        record_appraisal(
            study=trial,
            tool="rob2",
            overall="low",
            answers=[Given("randomisation", "high"), Given("luck", "low")],
            by=make_person("reviewer"),
        )
    assert [fault.field for fault in refused.value.faults] == ["answers", "answers", "answers", "overall"]
    with pytest.raises(AppraisalRefused, match="There is no tool 'dice'"):
        record_appraisal(study=trial, tool="dice", overall="low", answers=[], by=make_person("reviewer"))


def test_a_change_is_held_to_the_same_rules(trial: Study, open_form: Callable[..., Any]) -> None:
    reviewer = make_person("reviewer")
    client = log_in(reviewer)
    client.post(f"{ADD}?study=trial", answers())
    (appraisal,) = trial.appraisals.all()
    page = open_form(client, change_of(appraisal))
    page.fill(**{"answers-1-judgement": "high", "reason": "Read again"})
    told = page.send()
    assert told.status_code == 200
    assert "D2: say why the answer is “High”." in told.content.decode()
    page.fill(**{"answers-1-reason": "Open label", "overall": "high"})
    assert page.send().status_code == 302
    appraisal.refresh_from_db()
    assert appraisal.overall == "high"
    assert appraisal.answers.get(domain="deviations").judgement == "high"


def test_grade_starts_by_whether_a_randomised_trial_is_published(trial: Study) -> None:
    therapy, outcome = make.TherapyFactory(), make.OutcomeFactory()
    series = make.StudyFactory(design=Design.CASE_SERIES)
    make.ResultFactory(arm=make.ArmFactory(study=series, therapy=therapy), outcome=outcome)
    assert not has_randomised(therapy, outcome)
    make.ResultFactory(arm=make.ArmFactory(study=trial, therapy=therapy), outcome=outcome)
    assert has_randomised(therapy, outcome)


def test_a_rating_against_grade_is_refused_at_its_field(open_form: Callable[..., Any]) -> None:
    page = open_form(log_in(make_person("reviewer")), reverse("admin:evidence_certainty_add"))
    concerns = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
    page.fill(
        therapy=make.TherapyFactory().pk,
        outcome=make.OutcomeFactory().pk,
        level="very_low",
        reasons="",
        rated_on="2026-01-31",
        **dict.fromkeys(concerns, "not_serious"),
    )
    told = page.send()
    assert told.status_code == 200
    assert "Very low is lower than the concerns explain" in told.content.decode()
