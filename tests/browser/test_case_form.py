"""The case form in a real browser: a pasted paper to a submitted case, by keyboard, killed half-way, signed out."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, Permission
from playwright.sync_api import Browser, Page, expect

from evidence.choices import State
from evidence.models import Case, CaseDraft, Study
from tests import factories as make
from tests.evidence.desk.test_pasting import NBIB

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery staple"
PHONE = {"width": 360, "height": 740}
TEN_MINUTES = 600  # seconds
BLOCK = (
    "0\tIgG4\t17.7\tg/L\n13\tIgG4\t620\tmg/dL\n26\tIgG4\t210\tmg/dL\n0\tIgE\t850\tIU/mL\n26\tIgE\t300\tIU/mL"
)


@pytest.fixture
def contributor() -> Any:
    """Somebody who never saw the form, and the words that it knows."""
    for slug in ("dupilumab", "glucocorticoid", "rituximab"):
        make.TherapyFactory(slug=slug, name=slug.capitalize())
    for slug, name in (("pancreas", "Pancreas"), ("bile_duct", "Bile ducts"), ("kidney", "Kidney")):
        make.OrganFactory(slug=slug, name=name)
    make.ComorbidityFactory(slug="asthma", name="Asthma")
    for slug, name, unit in (
        ("serum_igg4", "Serum IgG4", "mg/dL"),
        ("serum_ige", "Serum IgE", "IU/mL"),
        ("glucocorticoid_dose", "Glucocorticoid dose", "mg/day"),
    ):
        make.AnalyteFactory(slug=slug, name=name, unit=unit)
    user = make.UserFactory(username="mara", is_staff=True)
    user.groups.add(the_role())
    return user


def the_role(name: str = "contributor") -> Group:
    """The group of a role: a test before this one emptied the tables that migrations filled."""
    role, _ = Group.objects.get_or_create(name=name)
    for actions, names in import_module("evidence.migrations.0002_roles").ROLES[name]:
        for label in names:
            app, model = label.split(".")
            codes = [f"{action}_{model}" for action in actions]
            role.permissions.add(*Permission.objects.filter(content_type__app_label=app, codename__in=codes))
    return role


def sign_in(page: Page, server: Any, address: str = "/admin/") -> None:
    page.goto(f"{server.url}/admin/login/?next={address}")
    page.get_by_label("Username").fill("mara")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def start(page: Page, server: Any, scripts: bool = True) -> str:
    """A new case; answers its address."""
    sign_in(page, server)
    page.get_by_role("link", name="Enter a case").click()
    page.get_by_role("button", name="Start a case").click()
    # Scripts are on: without them there is no such mark.
    expect(page.locator("#case-form[data-ready]" if scripts else "#case-form")).to_be_visible()
    return page.url


def saved(page: Page) -> None:
    """Wait until all that is typed is in the database."""
    expect(page.locator("#case-form[data-unsaved]")).to_have_count(0, timeout=20_000)
    expect(page.locator("#case-saved")).to_contain_text("Saved")


def type_on(page: Page, *keys: str) -> None:
    """Typing as a person does: text, and keys in angle brackets."""
    for key in keys:
        if key.startswith("<"):
            page.keyboard.press(key[1:-1])
        else:
            page.keyboard.type(key)


def fill_first_half(page: Page) -> None:
    page.locator("#id_paste-citation").fill(NBIB)
    page.locator("#source").get_by_role("button", name="Take it").click()
    expect(page.locator("#source .cf-pasted")).to_contain_text("Taken: Simpson RS, Lau SKC.")
    page.get_by_label("Full text").check()
    page.locator("#id_case-locator").fill("Case report")
    page.locator("#id_study-countries").fill("ca")
    page.locator("#id_case-age_years").click()
    type_on(page, "67", "<Tab>")
    page.locator("#patient").get_by_label("Male", exact=True).check()
    page.locator("#id_case-comorbidities").click()
    type_on(page, "asth", "<Enter>")
    page.locator("#id_study-criteria").fill("Biopsy")
    page.locator("#id_case-organs").click()
    type_on(page, "panc", "<Enter>", "bile", "<Enter>", "kid", "<Enter>")
    page.locator("#prior-therapy").get_by_label("None", exact=True).check()
    page.locator("#id_case-index_therapy").click()
    type_on(page, "dup", "<Enter>")
    page.locator("#id_courses-1-therapy").click()
    type_on(
        page,
        "dup",
        "<Enter>",
        "<Enter>",
        "<Enter>",
        "300",
        "<Enter>",
        "mg",
        "<Enter>",
        "subcutaneous",
        "<Enter>",
    )
    type_on(page, "every 2 weeks", "<Enter>", "<Enter>", "0", "<Enter>", "52", "<Enter>")
    type_on(
        page, "gluc", "<Enter>", "<Enter>", "prednisone", "<Enter>", "40", "<Enter>", "mg", "<Enter>", "oral"
    )
    type_on(page, "<Enter>", "daily", "<Enter>", "<Enter>", "0", "<Enter>", "9", "<Tab>")


def fill_second_half(page: Page) -> None:
    page.get_by_text("Paste a block from a spreadsheet").click()
    page.locator("#id_paste-measurements").fill(BLOCK)
    page.locator("#measurements").get_by_role("button", name="Take it").click()
    expect(page.locator("#measurements .cf-pasted")).to_contain_text("Taken: 5 measurements.")
    page.locator('[name="measurements-6-week"]').click()
    for week, dose in (("0", "40"), ("4", "20"), ("9", "0")):
        type_on(
            page,
            week,
            "<Enter>",
            "gluco",
            "<Enter>",
            "<Enter>",
            dose,
            "<Enter>",
            "mg/day",
            "<Enter>",
            "<Enter>",
        )
    page.locator("#outcome").get_by_label("Partial remission").check()
    page.locator("#outcome").get_by_label("Stopped").check()
    page.locator("#id_organ_responses-1-organ").click()
    for organ, change in (("panc", "i"), ("bile", "r"), ("kid", "n")):
        type_on(page, organ, "<Enter>", "<Enter>", change, "<Tab>", "52", "<Enter>")
    page.locator("#harms").get_by_label("None", exact=True).check()
    page.locator("#id_case-follow_up_weeks").fill("12 months")
    page.locator('[name="case-relapse"][value="no"]').check()
    page.locator("#id_case-summary").fill(
        "A man of 67 with pancreatitis, cholangitis and nephritis got dupilumab beside prednisone, which was stopped "
        "after nine weeks; all organs but the kidney were better after a year."
    )


def test_a_case_goes_from_a_pasted_paper_to_review_and_survives_being_killed_half_way(
    live_server: Any, browser: Browser, page: Page, complaints: list[str], contributor: Any
) -> None:
    begun = time.monotonic()
    address = start(page, live_server)
    fill_first_half(page)
    saved(page)
    # The browser is killed; another one, on another machine, signs in.
    page.context.close()
    other = browser.new_context(locale="en-GB", reduced_motion="reduce").new_page()
    other.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    other.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(other, live_server, "/admin/evidence/case/enter/")
    other.get_by_role("link", name="Dupilumab as a novel").first.click()
    assert other.url == address
    expect(other.locator("#case-form[data-ready]")).to_be_visible()
    expect(other.locator('[name="courses-2-agent"]')).to_have_value("prednisone")
    fill_second_half(other)
    saved(other)
    expect(other.locator("#case-told")).to_contain_text("Nothing stands against entering it.")
    other.get_by_role("button", name="Submit for review").click()
    expect(other.locator(".messagelist")).to_contain_text("Simpson 2020 is handed in for review.")
    seconds = time.monotonic() - begun
    print(f"\nFrom the front page to a submitted case: {seconds:.1f} seconds.")
    assert seconds < TEN_MINUTES
    study = Study.objects.get()
    case = study.cases.get()
    assert (study.state, study.contributor, study.slug) == (State.IN_REVIEW, contributor, "simpson-2020")
    assert [(row.therapy.slug, row.dose, row.start_week, row.stop_week) for row in case.courses.all()] == [
        ("dupilumab", 300, 0, 52),
        ("glucocorticoid", 40, 0, 9),
    ]
    figures = [(row.analyte.slug, row.week, row.value, row.as_reported) for row in case.measurements.all()]
    assert figures == [
        ("serum_igg4", 0, 1770, "17.7 g/L"),
        ("serum_igg4", 13, 620, ""),
        ("serum_igg4", 26, 210, ""),
        ("serum_ige", 0, 850, ""),
        ("serum_ige", 26, 300, ""),
        ("glucocorticoid_dose", 0, 40, ""),
        ("glucocorticoid_dose", 4, 20, ""),
        ("glucocorticoid_dose", 9, 0, ""),
    ]
    changes = [(row.organ.slug, row.response, row.week) for row in case.organ_responses.all()]
    assert changes == [
        ("pancreas", "improved", 52),
        ("bile_duct", "resolved", 52),
        ("kidney", "no_change", 52),
    ]
    assert (case.relapse, case.adverse_events_stated, case.follow_up_weeks) == (False, True, 52)
    assert not CaseDraft.objects.exists()
    assert complaints == []
    other.context.close()


def test_rows_are_added_moved_in_and_removed_by_keyboard(
    live_server: Any, page: Page, complaints: list[str], contributor: Any
) -> None:
    start(page, live_server)
    page.locator("#id_measurements-1-week").click()
    for week in ("0", "4", "8"):
        type_on(
            page,
            week,
            "<Enter>",
            "igg4",
            "<Enter>",
            "<Enter>",
            "9",
            "<Enter>",
            "<ArrowDown>",
            "<Enter>",
            "<Enter>",
            "<Enter>",
        )
    rows = page.locator("#rows-measurements tbody tr")
    expect(rows).to_have_count(4)
    expect(page.locator('[name="measurements-4-week"]')).to_be_focused()
    type_on(page, "<ArrowUp>", "<ArrowUp>")
    expect(page.locator('[name="measurements-2-week"]')).to_be_focused()
    page.keyboard.press("Control+Backspace")
    expect(rows).to_have_count(3)
    expect(page.locator('[name="measurements-1-week"]')).to_be_focused()
    saved(page)
    payload = CaseDraft.objects.get().payload
    assert [row["week"] for row in payload["measurements"]] == ["0", "8"]
    page.get_by_role("button", name="Bring it back").click()
    saved(page)
    payload = CaseDraft.objects.get().payload
    assert [(row["week"], row["unit"]) for row in payload["measurements"]] == [
        ("0", "mg/dL"),
        ("4", "mg/dL"),
        ("8", "mg/dL"),
    ]
    assert complaints == []


def test_a_fault_is_told_at_its_field_once_it_is_left(live_server: Any, page: Page, contributor: Any) -> None:
    start(page, live_server)
    page.locator("#id_case-age_years").click()
    type_on(page, "about sixty")
    page.wait_for_timeout(1500)
    note = page.locator("#id_case-age_years-note")
    expect(note).to_have_text("")
    type_on(page, "<Tab>")
    expect(note).to_contain_text("is not a number")
    expect(page.locator("#id_case-age_years")).to_have_attribute("aria-invalid", "true")
    page.locator("#id_case-age_years").fill("92")
    type_on(page, "<Tab>")
    expect(note).to_contain_text("kept as 90")
    expect(page.locator("#id_case-age_years")).not_to_have_attribute("aria-invalid", "true")


def test_what_could_identify_must_be_mended_or_answered(
    live_server: Any, page: Page, contributor: Any
) -> None:
    start(page, live_server)
    fill_first_half(page)
    fill_second_half(page)
    page.locator("#id_case-summary").fill("He was seen in March 2019 and got better.")
    saved(page)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist")).to_contain_text("Not entered yet")
    assert not Study.objects.exists()
    page.locator("#case-doubts").get_by_label("It is right, because").first.fill("The journal's own words")
    saved(page)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".messagelist")).to_contain_text("is handed in for review")
    (doubt,) = Case.objects.get().confirmed_doubts.filter(code="identifying_month")
    assert (doubt.place, doubt.reason, doubt.confirmed_by) == (
        "summary",
        "The journal's own words",
        contributor,
    )


@pytest.mark.parametrize("lost", [{"name": "sessionid"}, {}], ids=["session", "all cookies"])
def test_an_expired_session_loses_nothing_and_the_page_goes_on(
    live_server: Any, page: Page, contributor: Any, lost: dict[str, str]
) -> None:
    start(page, live_server)
    page.locator("#id_case-age_years").fill("67")
    type_on(page, "<Tab>")
    saved(page)
    page.context.clear_cookies(**lost)  # type: ignore[arg-type]
    page.locator("#id_case-locator").fill("Table 1")
    type_on(page, "<Tab>")
    expect(page.locator("#case-alert")).to_contain_text("You are signed out.")
    expect(page.locator("#case-alert")).to_contain_text("nothing you typed is lost")
    expect(page.locator("#id_case-locator")).to_have_value("Table 1")
    assert CaseDraft.objects.get().payload["case"]["locator"] == ""
    # Signed in again in another tab: a new session, and a new token against forgery.
    tab = page.context.new_page()
    sign_in(tab, live_server)
    expect(tab.locator("#user-tools")).to_contain_text("mara")
    # Back to the form, whose tab lay behind: Chromium holds a hidden one still, and would do so for good.
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#case-alert")).to_contain_text("You are signed in again. All is saved.")
    saved(page)
    assert CaseDraft.objects.get().payload["case"]["locator"] == "Table 1"
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")


def test_two_tabs_are_told_of_one_another(live_server: Any, page: Page, contributor: Any) -> None:
    address = start(page, live_server)
    tab = page.context.new_page()
    tab.goto(address)
    tab.locator("#id_case-age_years").fill("76")
    type_on(tab, "<Tab>")
    saved(tab)
    page.locator("#id_case-age_years").fill("67")
    type_on(page, "<Tab>")
    expect(page.locator("#case-alert")).to_contain_text("Nothing was overwritten, here or there.")
    assert CaseDraft.objects.get().payload["case"]["age_years"] == "76"
    page.get_by_role("button", name="Keep what is on this page").click()
    saved(page)
    assert CaseDraft.objects.get().payload["case"]["age_years"] == "67"


def test_a_case_is_entered_without_scripts(live_server: Any, browser: Browser, contributor: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    start(page, live_server, scripts=False)
    page.locator("#id_paste-citation").fill(NBIB)
    page.locator("#source").get_by_role("button", name="Take it").click()
    expect(page.locator("#source .cf-pasted")).to_contain_text("Taken: Simpson RS")
    page.get_by_label("Full text").check()
    page.locator("#id_case-locator").fill("Case report")
    page.locator("#patient").get_by_label("Male", exact=True).check()
    page.locator("#id_case-organs").fill("pancreas; Bile ducts")
    page.locator("#id_case-index_therapy").fill("dupilumab")
    page.locator("#id_courses-1-therapy").fill("Dupilumab")
    page.locator("#id_courses-1-start_week").fill("0")
    page.get_by_role("button", name="Add a course").click()
    page.locator("#id_courses-2-therapy").fill("glucocorticoid")
    page.locator("#outcome").get_by_label("Partial remission").check()
    page.locator("#outcome").get_by_label("Stopped").check()
    page.locator("#id_case-summary").fill("He got better.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    page.get_by_role("button", name="Keep as draft study").click()
    expect(page.locator(".messagelist")).to_contain_text("is kept as a draft study")
    assert [row.therapy.slug for row in Case.objects.get().courses.all()] == ["dupilumab", "glucocorticoid"]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_runs_out_of_the_page(
    live_server: Any, page: Page, contributor: Any, scheme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    start(page, live_server)
    page.locator("#id_case-age_years").fill("about sixty")
    page.locator("#id_case-summary").fill("Seen in March 2019.")
    page.locator("#id_measurements-1-week").fill("x")
    type_on(page, "<Tab>", "igg")
    expect(page.locator("#combobox-choices")).to_be_visible()
    saved(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
