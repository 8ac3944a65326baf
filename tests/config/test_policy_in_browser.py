"""The content security policy lets what we use through a real browser, and nothing else."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_api_page_draws_without_a_complaint(live_server: Any, page: Page, complaints: list[str]) -> None:
    page.goto(f"{live_server.url}/api/docs/")
    expect(page.locator(".swagger-ui .info .title")).to_contain_text("IgG4-RD Therapy Atlas", timeout=30_000)
    expect(page.locator(".opblock").first).to_be_visible()
    assert complaints == []


def test_the_admin_works_without_a_complaint(live_server: Any, page: Page, complaints: list[str]) -> None:
    User.objects.create_superuser("editor", password="a password of some length")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a password of some length")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#user-tools")).to_contain_text("editor")
    # The form of a user has the admin's own scripts at work: two lists to move groups between.
    page.goto(f"{live_server.url}/admin/auth/user/add/")
    page.get_by_label("Username").fill("reviewer")
    page.goto(f"{live_server.url}/admin/auth/user/{User.objects.get().pk}/change/")
    expect(page.locator(".selector").first).to_be_visible()
    assert complaints == []


def test_a_script_in_the_page_is_refused(live_server: Any, page: Page, complaints: list[str]) -> None:
    page.goto(f"{live_server.url}/admin/login/")
    ran = page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.smuggled = true";
            document.head.append(script);
            return window.smuggled === true;
        }"""
    )
    assert ran is False
    assert any("Content Security Policy" in complaint for complaint in complaints)


def test_plotly_draws_under_the_policy(live_server: Any, page: Page, complaints: list[str]) -> None:
    page.goto(f"{live_server.url}/admin/login/")
    page.evaluate(
        """async (address) => {
            const style = document.createElement("style");
            style.id = "plotly.js-style-global";
            document.head.append(style);
            await new Promise((done, fail) => {
                const script = document.createElement("script");
                [script.src, script.onload, script.onerror] = [address, done, fail];
                document.head.append(script);
            });
            const place = document.createElement("div");
            place.id = "chart";
            document.body.append(place);
            await Plotly.newPlot(place, [{x: [1, 2], y: [3, 4], mode: "markers"}], {width: 300, height: 200});
        }""",
        f"{live_server.url}/static/vendor/plotly/plotly.min.js",
    )
    expect(page.locator("#chart .scatterlayer .point")).to_have_count(2)
    # Plotly's rules reach its style element through the CSSOM.
    rules = page.evaluate("document.getElementById('plotly.js-style-global').sheet.cssRules.length")
    assert rules > 10
    assert [
        complaint
        for complaint in complaints
        if "script" in complaint.lower() and "refused" in complaint.lower()
    ] == []
