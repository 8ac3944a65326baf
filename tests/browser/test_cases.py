"""The case explorer in a real browser: filtered, drawn, on a phone, in the dark, without scripts, and by axe."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from evidence.choices import OrganChange, Sex, SteroidEffect
from evidence.models import Analyte, Case
from tests import factories as make
from tests.browser.test_pages import PHONE, SHIFTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIKE_MINE = "/cases/like-mine/?organ=orbit&sex=male"


@pytest.fixture
def patients() -> list[Case]:
    """Twelve patients under two therapies, with something in every view, time to relapse included."""
    therapies = [make.TherapyFactory(slug=slug, name=slug.title()) for slug in ("rituximab", "dupilumab")]
    organ = make.OrganFactory(slug="orbit", name="Orbit")
    analytes = [
        make.AnalyteFactory(slug="serum_igg4", name="Serum IgG4", unit="mg/dL", upper_normal=135),
        make.AnalyteFactory(slug="glucocorticoid_dose", name="Glucocorticoid dose", unit="mg/day"),
    ]
    return [_patient(number, therapies[number == 11], organ, analytes) for number in range(12)]


def _patient(number: int, therapy: Any, organ: Any, analytes: list[Analyte]) -> Case:
    relapsed = number < 4
    case = make.CaseFactory(
        index_therapy=therapy,
        sex=Sex.FEMALE if number % 2 else Sex.MALE,
        relapse=relapsed,
        relapse_week=20 + number if relapsed else None,
        follow_up_weeks=40 + number,
        steroid_effect=SteroidEffect.STOPPED,
    )
    make.CaseOrganFactory(case=case, organ=organ)
    make.CourseFactory(case=case, therapy=therapy, stop_week=None if number % 3 else 26)
    make.OrganResponseFactory(case=case, organ=organ, response=OrganChange.IMPROVED)
    for analyte in analytes:
        for week in (0, 12):
            make.MeasurementFactory(case=case, analyte=analyte, week=week, value=300 - 10 * week + number)
    return case


def drawn(page: Page, count: int) -> None:
    """Wait until as many figures are drawn."""
    expect(page.locator("[data-chart][data-drawn]")).to_have_count(count, timeout=30_000)


def test_every_view_is_drawn_and_a_lane_opens_its_case(
    live_server: Any, page: Page, complaints: list[str], patients: list[Case]
) -> None:
    page.goto(f"{live_server.url}/cases/")
    drawn(page, 5)
    expect(page.locator("#swimmer .chart-plot")).to_contain_text("Rituximab, 11 patients")
    expect(page.locator("#serum-igg4 .chart-plot")).to_contain_text("upper limit of normal, 135 mg/dL")
    expect(page.locator("#organ-grid .chart-plot")).to_contain_text("● 11 of 11")
    expect(page.locator("#time-to-relapse .chart-plot")).to_contain_text("Number at risk")
    # By the mouse and not by the element, which Playwright does not see through Plotly's layers.
    label = page.locator("#swimmer .chart-plot text a[target='_self']").first
    label.scroll_into_view_if_needed()
    box = label.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).to_have_url(re.compile(r"/cases/author-\d+-p\d+/$"))
    drawn(page, 1)
    assert complaints == []


def test_a_filter_swaps_the_views_pushes_the_address_and_renews_the_counts(
    live_server: Any, page: Page, complaints: list[str], patients: list[Case]
) -> None:
    page.goto(f"{live_server.url}/cases/")
    drawn(page, 5)
    count = page.locator('[data-facet-count="therapy:rituximab"]')
    expect(count).to_have_text("11")
    page.locator("summary", has_text="Sex").click()
    page.locator("[name=sex][value=female]").check()
    expect(page.locator("[data-result-count]")).to_have_text("6 cases match")
    expect(page).to_have_url(re.compile(r"/cases/\?sex=female$"))
    expect(count).to_have_text("5")
    expect(page.locator('[data-facet-count="sex:male"]')).to_have_text("6")
    drawn(page, 4)
    expect(page.locator("#time-to-relapse")).to_contain_text("A curve needs 10 patients and 3 relapses")
    assert page.evaluate("document.activeElement.value") == "female"
    assert complaints == []


def test_the_explorer_and_patients_like_mine_work_without_scripts(
    live_server: Any, browser: Browser, patients: list[Case]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/cases/")
    page.locator("summary", has_text="Sex").click()
    page.locator("[name=sex][value=female]").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("[data-result-count]")).to_have_text("6 cases match")
    page.locator("#swimmer").get_by_text("The figures as a table").click()
    expect(page.locator("#swimmer table")).to_contain_text("stop not reported")
    page.goto(f"{live_server.url}/cases/like-mine/")
    page.get_by_label("Sex").select_option("male")
    page.get_by_role("button", name="Count").click()
    expect(page.locator("#strict")).to_have_text("All criteria met: 6 patients")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_desk_or_a_phone(
    live_server: Any, page: Page, patients: list[Case], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    figures = {"/cases/": 5, LIKE_MINE: 0, patients[0].get_absolute_url(): 1}
    for size in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for address, count in figures.items():
            page.goto(f"{live_server.url}{address}")
            drawn(page, count)
            found = Axe().run(page)
            assert found.violations_count == 0, (address, size, found.generate_report())


def test_a_phone_shows_each_page_whole_and_nothing_moves(
    live_server: Any, page: Page, patients: list[Case]
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.add_init_script(SHIFTS)
    figures = {"/cases/": 5, LIKE_MINE: 0, patients[0].get_absolute_url(): 1}
    for address, count in figures.items():
        page.goto(f"{live_server.url}{address}")
        drawn(page, count)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        assert page.evaluate("window.shifts") < 0.05, address
