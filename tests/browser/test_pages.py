"""The pages in a real browser: by keyboard, in the dark, on a phone, without scripts, and on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from comparison.summary import MAIN_OUTCOMES
from evidence.choices import Design, Direction
from evidence.models import Arm, Outcome
from tests import factories as make
from therapies.models import Therapy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
DARK_PAPER = "rgb(18, 21, 23)"
COMPARE = "/compare/?therapy=rituximab&therapy=abatacept&outcome=complete_remission"
PAGES = (
    *("/", "/therapies/", "/therapies/rituximab/", "/studies/", "/studies/carruthers-2015/"),
    *("/cases/", "/methods/", "/data/", "/nothing/"),
)
SHIFTS = """
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shifts += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def evidence() -> None:
    """The two studies of the worked comparison, a trial, a finding and a case."""
    outcome = make.OutcomeFactory(slug="complete_remission", name="Complete remission")
    for slug, label, events, total in (
        ("rituximab", "Carruthers 2015", 14, 30),
        ("abatacept", "Matza 2022", 3, 10),
    ):
        therapy = make.TherapyFactory(slug=slug, name=slug.title())
        study = make.StudyFactory(slug=label.lower().replace(" ", "-"), label=label)
        arm = make.ArmFactory(study=study, therapy=therapy, n=total)
        make.ResultFactory(arm=arm, outcome=outcome, events=events, total=total)
        make.FindingFactory(study=study, therapy=therapy, outcome=outcome, direction=Direction.IMPROVED)
        make.CaseFactory(index_therapy=therapy)
    make.StudyFactory(label="The trial", design=Design.RANDOMISED_TRIAL)


def go(page: Page, server: Any, address: str) -> None:
    page.goto(f"{server.url}{address}")


def drawn(page: Page) -> None:
    """Wait for the forest plot."""
    expect(page.locator("[data-chart][data-drawn]").first).to_be_visible(timeout=30_000)


def test_the_overview_answers_before_anything_is_clicked(
    live_server: Any, page: Page, complaints: list[str], evidence: None
) -> None:
    go(page, live_server, "/")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Rituximab", exact=True))
    expect(row).to_contain_text("14 of 30 (47%, 95% CI 28 to 66)")
    assert complaints == []


def test_the_forest_plot_is_drawn_and_its_table_stands_below(
    live_server: Any, page: Page, complaints: list[str], evidence: None
) -> None:
    go(page, live_server, COMPARE)
    drawn(page)
    expect(page.locator("#forest .chart-plot")).to_contain_text("Carruthers 2015")
    page.get_by_text("The figures as a table").click()
    table = page.locator(".chart-table table")
    expect(table).to_contain_text("Carruthers 2015")
    expect(table).to_contain_text("14 of 30")
    assert complaints == []


def test_a_chart_is_saved_as_svg_and_png(live_server: Any, page: Page, evidence: None) -> None:
    go(page, live_server, COMPARE)
    drawn(page)
    for kind in ("SVG", "PNG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {kind}").click()
        assert download.value.suggested_filename == f"forest.{kind.lower()}"


def test_a_filter_is_changed_by_keyboard_and_keeps_the_focus(
    live_server: Any, page: Page, complaints: list[str], evidence: None
) -> None:
    go(page, live_server, "/studies/")
    design = page.locator("summary", has_text="Design")
    design.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    for _ in range(list(Design.values).index(Design.RANDOMISED_TRIAL)):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[data-result-count]")).to_have_text("1 study matches")
    expect(page).to_have_url(re.compile(r"/studies/\?design=randomised_trial$"))
    expect(page.locator("[data-announce]")).to_have_text("1 study matches")
    assert page.evaluate("document.activeElement.value") == "randomised_trial"
    page.go_back()
    expect(page.locator("[data-result-count]")).to_have_text("5 studies")
    assert complaints == []


def test_a_study_is_left_out_by_a_click_and_taken_back_by_going_back(
    live_server: Any, page: Page, complaints: list[str], evidence: None
) -> None:
    go(page, live_server, COMPARE)
    drawn(page)
    page.locator("#forest .points path").first.click(force=True)
    expect(page).to_have_url(re.compile(r"exclude=[a-z0-9-]+$"))
    expect(page.locator("main")).to_contain_text("Left out by you")
    page.go_back()
    expect(page).to_have_url(re.compile(r"outcome=complete_remission$"))
    expect(page.locator("main")).not_to_contain_text("Left out by you")
    assert complaints == []


def test_the_question_in_words_follows_the_time_machine_and_the_picker(
    live_server: Any, page: Page, complaints: list[str], evidence: None
) -> None:
    """Words of the last question above an answer to this one would be worse than none."""
    early = make.ArmFactory(
        study=make.StudyFactory(cited__year=1995), therapy=Therapy.objects.get(slug="rituximab"), n=4
    )
    make.ResultFactory(arm=early, outcome=Outcome.objects.get(slug="complete_remission"), events=1, total=4)
    go(page, live_server, COMPARE)
    question = page.locator(".question")
    expect(question).to_contain_text("all designs.")
    slider = page.locator("#time-machine")
    first = slider.get_attribute("min") or ""
    slider.fill(first)
    slider.dispatch_event("change")
    expect(question).to_contain_text(f"studies to {first}")
    expect(page.locator("#question_to")).to_have_value(first)
    # The answer is in the page before its form listens: on a busy machine a quick hand would be missed.
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.select_option("#question_pool", "together")
    expect(question).to_contain_text("all designs pooled together")
    expect(page).to_have_url(re.compile(rf"to={first}&pool=together$"))
    assert complaints == []


def test_the_skip_link_comes_first_and_leads_to_the_content(
    live_server: Any, page: Page, evidence: None
) -> None:
    go(page, live_server, "/therapies/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_dark_is_chosen_kept_and_left_again(live_server: Any, page: Page, evidence: None) -> None:
    go(page, live_server, "/studies/")
    toggle = page.get_by_role("button", name="Dark")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(page.locator("body")).to_have_css("background-color", DARK_PAPER)
    go(page, live_server, COMPARE)
    expect(page.locator("body")).to_have_css("background-color", DARK_PAPER)
    drawn(page)
    expect(page.locator("#forest .xtick text").first).to_have_css("fill", "rgb(165, 174, 181)")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_system_may_ask_for_dark(live_server: Any, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    go(page, live_server, "/")
    expect(page.locator("body")).to_have_css("background-color", DARK_PAPER)
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_a_phone_shows_each_page_whole_and_nothing_moves(
    live_server: Any, page: Page, evidence: None
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.add_init_script(SHIFTS)
    for address in ("/", COMPARE, "/therapies/rituximab/", "/studies/", "/cases/", "/methods/"):
        go(page, live_server, address)
        if address == COMPARE:
            drawn(page)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        assert page.evaluate("window.shifts") < 0.05, address


def test_filters_fold_on_a_phone_and_stand_open_on_a_desk(
    live_server: Any, page: Page, evidence: None
) -> None:
    go(page, live_server, "/studies/")
    expect(page.get_by_label("Words")).to_be_visible()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(page.get_by_label("Words")).to_be_hidden()
    page.locator("summary", has_text="Filters").click()
    expect(page.get_by_label("Words")).to_be_visible()


def test_a_list_is_filtered_without_scripts(live_server: Any, browser: Browser, evidence: None) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    go(page, live_server, "/studies/")
    page.locator("summary", has_text="Design").click()
    page.get_by_label("Randomised controlled trial", exact=True).check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("[data-result-count]")).to_have_text("1 study matches")
    expect(page.get_by_role("button", name="Dark")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(live_server: Any, page: Page, evidence: None, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for address in (*PAGES, COMPARE):
        go(page, live_server, address)
        if address == COMPARE:
            drawn(page)
        found = Axe().run(page)
        assert found.violations_count == 0, (address, found.generate_report())


def test_on_paper_there_is_the_answer_and_no_chrome(live_server: Any, page: Page, evidence: None) -> None:
    go(page, live_server, COMPARE)
    drawn(page)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    for chrome in (".site-nav", ".theme-toggle", ".filters", ".chart-buttons"):
        expect(page.locator(chrome).first).to_be_hidden()
    expect(page.get_by_text("not advice for a patient")).to_be_visible()
    expect(page.locator("main")).to_contain_text("14 of 30")


def test_a_comparison_fits_one_sheet(live_server: Any, page: Page, evidence: None) -> None:
    """Two therapies with a dozen reports, all harms and the other main outcomes, as on the real set."""
    rituximab = Therapy.objects.get(slug="rituximab")
    remission = Outcome.objects.get(slug="complete_remission")
    for number in range(14):
        arm = make.ArmFactory(study__label=f"Report {number}", therapy=rituximab, n=1)
        make.ResultFactory(arm=arm, outcome=remission, events=number % 2, total=1)
    arm = Arm.objects.get(study__slug="carruthers-2015")
    for slug in (*MAIN_OUTCOMES, "adverse_event", "infection", "infusion_reaction", "death"):
        if slug != remission.slug:
            make.ResultFactory(arm=arm, outcome=make.OutcomeFactory(slug=slug), events=2, total=30)
    go(page, live_server, COMPARE)
    drawn(page)
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
