"""A service that leads astray, floods, drips, rests or breaks off is survived, and told in words."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from literature import asking
from literature.asking import LookupFailed, ask, retry_after
from literature.lookup import CSL_MEDIA_TYPE, look_up
from tests.literature.test_lookup import BY_DOI, DOI, OF_CROSSREF, answer

# ── Redirects ────────────────────────────────────────────────────────────────────────────────────────────────────


def redirect(location: str, status: int = 302) -> Response:
    return Response("", status=status, headers={"Location": location})


def test_redirects_are_followed_and_the_question_goes_along(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect("/one", 301))
    services.expect_request("/one").respond_with_response(redirect(services.url_for("/two"), 307))
    services.expect_request("/two").respond_with_response(answer(OF_CROSSREF))
    assert look_up(BY_DOI).year == 2015
    assert {request.headers["Accept"][: len(CSL_MEDIA_TYPE)] for request, _ in services.log} == {
        CSL_MEDIA_TYPE
    }


REDIRECTS = {
    "to itself": ("/doi/" + DOI, "The DOI resolver sends in a circle"),
    "to a file": ("file:///etc/passwd", r"sends to an address that is none of the web \(file:\)"),
    "to another scheme": ("ftp://example.org/x", r"none of the web \(ftp:\)"),
    "to a script": ("javascript:alert(1)", "an answer that cannot be read"),
    "to nowhere": ("", "sends elsewhere, but does not say where"),
    "to a name without address": (
        "http://nowhere.invalid/x",
        "sends to nowhere.invalid, which has no address",
    ),
    "behind this server": ("http://127.0.0.2/admin", "sends to 127.0.0.2, which is no public address"),
    "to the cloud's own data": (
        "http://169.254.169.254/latest",
        "169.254.169.254, which is no public address",
    ),
    "to the inside by IPv6": ("http://[::1]:5432/", "sends to ::1, which is no public address"),
}


@pytest.mark.parametrize(("location", "message"), REDIRECTS.values(), ids=REDIRECTS.keys())
def test_a_redirect_that_leads_astray_is_refused(services: HTTPServer, location: str, message: str) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect(location))
    with pytest.raises(LookupFailed, match=message):
        look_up(BY_DOI)
    assert len(services.log) == 1


def test_redirects_end(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect("/hop/0"))
    for number in range(10):
        services.expect_request(f"/hop/{number}").respond_with_response(redirect(f"/hop/{number + 1}"))
    with pytest.raises(LookupFailed, match="sends on more than 5 times"):
        look_up(BY_DOI)
    assert len(services.log) == 6


def test_a_circle_of_two_ends(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(redirect("/there"))
    services.expect_request("/there").respond_with_response(redirect(f"/doi/{DOI}"))
    with pytest.raises(LookupFailed, match="sends in a circle"):
        look_up(BY_DOI)


def test_a_huge_answer_is_not_read_to_its_end(services: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = 0

    def flood(request: Request) -> Response:
        def chunks() -> Iterator[bytes]:
            nonlocal sent
            for _ in range(64):
                sent += 1
                yield b" " * 1024 * 1024

        return Response(chunks(), content_type=CSL_MEDIA_TYPE)

    services.expect_request(f"/doi/{DOI}").respond_with_handler(flood)
    with pytest.raises(LookupFailed, match="more than 4 MB, which is no record of a paper"):
        look_up(BY_DOI)
    assert sent < 64


# ── Slowness and haste ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_service_that_does_not_answer_in_time_is_left(services: HTTPServer, settings: Any) -> None:
    settings.LITERATURE_LOOKUP_SECONDS = 0.3
    services.expect_request(f"/doi/{DOI}").respond_with_handler(lambda request: sleep_and_answer(1.0))
    started = time.monotonic()
    with pytest.raises(LookupFailed, match=r"took longer than 0.3 seconds\. Try again in a few minutes"):
        look_up(BY_DOI)
    assert time.monotonic() - started < 0.9


def sleep_and_answer(seconds: float) -> Response:
    # Not time.sleep, which the fixture has taken away.
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pass
    return answer(OF_CROSSREF)


def test_an_answer_that_drips_is_left(services: HTTPServer, settings: Any) -> None:
    settings.LITERATURE_LOOKUP_SECONDS = 0.3

    def drip(request: Request) -> Response:
        def drops() -> Iterator[bytes]:
            for _ in range(20):
                sleep_and_answer(0.1)
                yield b" "

        return Response(drops(), content_type=CSL_MEDIA_TYPE)

    services.expect_request(f"/doi/{DOI}").respond_with_handler(drip)
    started = time.monotonic()
    with pytest.raises(LookupFailed, match="took longer than"):
        look_up(BY_DOI)
    assert time.monotonic() - started < 1.0


def test_a_busy_service_is_asked_again_when_it_wants(services: HTTPServer, pauses: list[float]) -> None:
    services.expect_ordered_request(f"/doi/{DOI}").respond_with_response(
        answer("", status=429, headers={"Retry-After": "2"})
    )
    services.expect_ordered_request(f"/doi/{DOI}").respond_with_response(answer("", status=503))
    services.expect_ordered_request(f"/doi/{DOI}").respond_with_response(answer(OF_CROSSREF))
    assert look_up(BY_DOI).year == 2015
    # Its own wish first, then twice as long.
    assert pauses == [2.0, 4.0]


BUSY = {
    "no wish": (429, {}, "The DOI resolver is asked too often from here. Try again", 3),
    "a wish beyond our patience": (
        429,
        {"Retry-After": "3600"},
        "asked too often from here. It wants 60 minutes of rest. Wait that long, then try again",
        1,
    ),
    "a wish as a date": (
        503,
        {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)},
        r"is busy or being mended \(503\). It wants 14\d\d minutes of rest",
        1,
    ),
    "a wish that is none": (503, {"Retry-After": "soon"}, r"busy or being mended \(503\). Try again", 3),
    "no gate": (504, {}, r"busy or being mended \(504\)", 3),
}


@pytest.mark.parametrize(("status", "headers", "message", "asked"), BUSY.values(), ids=BUSY.keys())
def test_a_service_that_stays_busy_is_left(
    services: HTTPServer, status: int, headers: dict[str, str], message: str, asked: int
) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_response(answer("", status=status, headers=headers))
    with pytest.raises(LookupFailed, match=message):
        look_up(BY_DOI)
    assert len(services.log) == asked


def test_a_machine_that_is_not_there(services: HTTPServer, settings: Any, pauses: list[float]) -> None:
    settings.DOI_RESOLVER_URL = "http://127.0.0.1:9"
    with pytest.raises(LookupFailed, match=r"cannot be reached from here .* access to the network"):
        look_up(BY_DOI)
    assert pauses == [0.5, 1.0]


def test_an_answer_that_breaks_off_is_asked_for_again(services: HTTPServer) -> None:
    services.expect_request(f"/doi/{DOI}").respond_with_handler(
        lambda request: Response(
            iter(['{"title": "A tri']), content_type=CSL_MEDIA_TYPE, headers={"Content-Length": "4000"}
        )
    )
    with pytest.raises(LookupFailed, match="The DOI resolver broke off in the middle of its answer"):
        look_up(BY_DOI)
    assert len(services.log) == 3


RETRY_AFTER = [("120", 120.0), (" 0 ", 0.0), ("", None), ("soon", None), ("-5", None)]


@pytest.mark.parametrize(("value", "seconds"), RETRY_AFTER)
def test_retry_after_is_a_number_or_nothing(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_is_a_date_and_never_in_the_past() -> None:
    in_a_minute = datetime.now(UTC) + timedelta(seconds=60)
    assert retry_after(format_datetime(in_a_minute, usegmt=True)) == pytest.approx(60, abs=2)
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


def test_one_host_is_asked_no_more_than_three_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "GAP", 0.05)
    started = time.monotonic()
    for _ in range(4):
        asking._keep_pace("one.example.org")
    assert time.monotonic() - started >= 0.15
    started = time.monotonic()
    asking._keep_pace("other.example.org")
    assert time.monotonic() - started < 0.05


def test_where_nobody_waits_a_long_rest_is_granted(services: HTTPServer, pauses: list[float]) -> None:
    services.expect_ordered_request("/crossref/x").respond_with_response(
        answer("", status=429, headers={"Retry-After": "60"})
    )
    services.expect_ordered_request("/crossref/x").respond_with_response(answer({}, "application/json"))
    address = services.url_for("/crossref/x")
    assert ask(address, service="Crossref", accept="application/json", patience=90).status_code == 200
    assert pauses == [60.0]
