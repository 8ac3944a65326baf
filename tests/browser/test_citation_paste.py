"""A citation in one paste, in a real browser: from a PMID to a saved citation, on a phone and without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_httpserver import HTTPServer

from literature.models import Citation
from tests.admin.conftest import make_person
from tests.browser.test_pages import PHONE
from tests.literature.test_lookup import OF_PUBMED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1280, "height": 900}
ADD = "/admin/literature/citation/add/"
VIEWS = [("light", WIDE), ("dark", PHONE)]


@pytest.fixture
def pubmed(httpserver: HTTPServer, settings: Any) -> HTTPServer:
    """PubMed on this machine, which knows one paper."""
    settings.LITERATURE_LOOKUP = True
    settings.PUBMED_CITATION_URL = httpserver.url_for("/ctxp")
    httpserver.expect_request("/ctxp/pubmed/", query_string=None).respond_with_data(
        json.dumps(OF_PUBMED), content_type="application/json"
    )
    return httpserver


@pytest.fixture
def editor() -> str:
    """Somebody who may add citations; the roles are gone once a test has emptied the database."""
    person = make_person("superuser")
    assert person is not None
    person.set_password("a-long-password-1")
    person.save()
    return str(person.get_username())


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    yield context.new_page()
    context.close()


def log_in(page: Page, server: Any, name: str) -> None:
    page.goto(f"{server.url}/admin/login/?next={ADD}")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("a-long-password-1")
    page.get_by_role("button", name="Log in").click()


def test_a_pmid_becomes_a_saved_citation(
    page: Page, live_server: Any, editor: str, pubmed: HTTPServer, complaints: list[str]
) -> None:
    log_in(page, live_server, editor)
    box = page.get_by_label("Paste a DOI, PMID, PMCID, address or record")
    expect(box).to_be_focused()
    page.keyboard.type("PMID: 25667206")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Title:")).to_have_value(OF_PUBMED["title"])
    expect(page.get_by_label("Authors:")).to_have_value("Carruthers MN,Topazian MD")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_contain_text("was added successfully")
    assert Citation.objects.get().pmid == "25667206"
    page.goto(f"{live_server.url}{ADD}")
    box.fill("https://pubmed.ncbi.nlm.nih.gov/25667206/")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".messagelist")).to_contain_text(
        "The Atlas has this citation already: Carruthers 2015"
    )
    assert [one for one in complaints if "favicon" not in one and "404" not in one] == []


def test_the_whole_way_works_without_scripts(
    without_scripts: Page, live_server: Any, editor: str, pubmed: HTTPServer
) -> None:
    page = without_scripts
    log_in(page, live_server, editor)
    page.locator("#paste textarea").fill("PMID: 25667206")
    page.locator("#paste input[type=submit]").click()
    page.locator("input[name=_save]").first.click()
    assert Citation.objects.get().authors == ["Carruthers MN", "Topazian MD"]


@pytest.mark.parametrize(("scheme", "viewport"), VIEWS, ids=["wide and light", "phone and dark"])
def test_the_pages_pass_axe_and_fit(
    page: Page, live_server: Any, editor: str, scheme: Any, viewport: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(viewport)
    log_in(page, live_server, editor)
    steps = [
        ("", "#citation_form"),
        ("no identifier", "#paste-faults"),
        ("10.1000/one\n10.1000/two", ".atlas-pasted"),
    ]
    for text, shown in steps:
        if text:
            page.locator("#paste textarea").fill(text)
            page.locator("#paste input[type=submit]").click()
        expect(page.locator(shown)).to_be_visible()
        found = Axe().run(page, context="#content")
        assert found.violations_count == 0, f"{text!r}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
