"""A case from its contributor to the public in a real browser: returned, mended, published, counted once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from evidence.choices import State
from evidence.models import Study
from tests import factories as make
from tests.browser.test_case_form import (
    PASSWORD,
    contributor,
    fill_first_half,
    fill_second_half,
    saved,
    start,
    the_role,
)

__all__ = ["contributor"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reviewer() -> Any:
    """Somebody else, who reviews."""
    user = make.UserFactory(username="ravi", is_staff=True)
    user.groups.add(the_role("reviewer"))
    return user


@pytest.fixture
def published(contributor: Any) -> Any:
    """One published patient on dupilumab, so that there is a count to raise."""
    make.OutcomeFactory(slug="overall_response", name="Overall response", kind="proportion", unit="")
    dupilumab = Study._meta.apps.get_model("therapies", "Therapy").objects.get(slug="dupilumab")
    study = make.StudyFactory(slug="early-2019", label="Early 2019", design="case_report", enrolled=1)
    return make.CaseFactory(
        study=study, slug="early-2019-p1", index_therapy=dupilumab, response="no_response", follow_up_weeks=20
    )


def signed_in(browser: Browser, server: Any, name: str, address: str) -> Page:
    page = browser.new_context(locale="en-GB", reduced_motion="reduce").new_page()
    page.goto(f"{server.url}/admin/login/?next={address}")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def counted(page: Page, server: Any) -> tuple[int, int, int]:
    """What the public reads: lanes of the swimmer plot, and x of n in the comparison."""
    page.goto(f"{server.url}/cases/?therapy=dupilumab")
    lanes = page.locator("#swimmer table tbody tr").count()
    asked = page.request.get(
        f"{server.url}/api/v1/comparisons/?therapy=dupilumab&therapy=rituximab&outcome=overall_response"
    )
    (stratum,) = asked.json()["strata"]
    return lanes, stratum["estimate"]["events"], stratum["estimate"]["patients"]


def test_a_returned_case_is_mended_published_and_counted_once(
    live_server: Any, browser: Browser, page: Page, contributor: Any, reviewer: Any, published: Any
) -> None:
    visitor = browser.new_context(locale="en-GB").new_page()
    lanes, events, patients = counted(visitor, live_server)
    assert (lanes, events, patients) == (1, 0, 1)
    start(page, live_server)
    fill_first_half(page)
    fill_second_half(page)
    saved(page)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist")).to_contain_text("is handed in for review")
    study = Study.objects.get(slug="simpson-2020")
    step = f"/admin/evidence/study/{study.pk}"
    assert counted(visitor, live_server) == (lanes, events, patients)

    judge = signed_in(browser, live_server, "ravi", f"{step}/return-study/")
    judge.get_by_label("Reason").fill("Which week did the kidney stand still?")
    judge.get_by_label("I have no conflict of interest with this work.").check()
    judge.get_by_role("button", name="Return to contributor").click()
    expect(judge.locator(".messagelist")).to_contain_text("Simpson 2020 is returned.")

    page.goto(f"{live_server.url}/admin/")
    expect(page.locator(".atlas-tasks")).to_contain_text("Which week did the kidney stand still?")
    page.goto(f"{live_server.url}/admin/evidence/case/{study.cases.get().pk}/change/")
    page.get_by_role("button", name="Open in the guided form").click()
    expect(page.locator("#case-form[data-ready]")).to_be_visible()
    expect(page.locator(".atlas-returned")).to_contain_text("Which week did the kidney stand still?")
    page.locator('[name="organ_responses-3-week"]').fill("26")
    saved(page)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist")).to_contain_text("is handed in for review")
    assert counted(visitor, live_server) == (lanes, events, patients)
    # The contributor has no way to publish: the step is not offered, and its address refuses.
    refused = page.goto(f"{live_server.url}{step}/publish-study/")
    assert refused is not None and refused.status == 403

    judge.goto(f"{live_server.url}{step}/publish-study/")
    judge.get_by_label("I have no conflict of interest with this work.").check()
    judge.get_by_role("button", name="Publish").click()
    expect(judge.locator(".messagelist")).to_contain_text("is published")
    study.refresh_from_db()
    assert study.state == State.PUBLISHED
    assert study.cases.get().organ_responses.get(organ__slug="kidney").week == 26
    # One lane more, one patient more, one response more: exactly.
    assert counted(visitor, live_server) == (lanes + 1, events + 1, patients + 1)
