"""Answers are kept for exactly as long as the evidence stands, and are then the same bytes for everyone."""

import gzip
import logging
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import brotli
import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from evidence.choices import State
from evidence.models import Study
from foundation import caching
from foundation.caching import canonical_query, kept_for_revision
from foundation.models import Revision
from tests import factories

pytestmark = pytest.mark.django_db
# Slow, since all tables are emptied after it: for what only commits can show.
committed = pytest.mark.django_db(transaction=True)
STUDIES = "/api/v1/studies/"


@pytest.fixture(autouse=True)
def keeping(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty cache, used even inside the transaction that a plain test is."""
    cache.clear()
    marker = request.node.get_closest_marker("django_db")
    if not marker.kwargs.get("transaction"):
        monkeypatch.setattr(caching, "inside_transaction", lambda: False)
        monkeypatch.setattr(caching, "evidence_snapshot", lambda: nullcontext(Revision.current()))
    yield
    cache.clear()


class Counted:
    """A view that counts how often it was computed."""

    def __init__(self, **headers: str) -> None:
        self.times = 0
        self.headers = headers

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.times += 1
        text = f"revision {request.evidence_revision.number} " * 40  # type: ignore[attr-defined]
        return HttpResponse(text, headers=self.headers)


@pytest.fixture
def view() -> Counted:
    return Counted()


def kept(view: Callable[..., HttpResponse], **options: Any) -> Callable[[HttpRequest], HttpResponse]:
    return kept_for_revision(**options)(_named(view))  # type: ignore[return-value]


def _named(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        return view(request)

    return page


def get(path: str = "/page/", **headers: str) -> HttpRequest:
    return RequestFactory().get(path, headers=headers)


def test_an_answer_is_computed_once(view: Counted) -> None:
    page = kept(view)
    first, second = page(get()), page(get())
    assert view.times == 1
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"


@committed
def test_asking_again_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.StudyFactory()
    client.get(STUDIES)
    with django_assert_num_queries(1):  # the revision
        assert client.get(STUDIES).json()["count"] == 1


@pytest.mark.parametrize(
    "path", ["/page/?a=1", "/page/?a=2", "/page/?b=1", "/other/", "/page/?a=1&a=2", "/page/?a=2&a=1"]
)
def test_another_question_has_another_answer(view: Counted, path: str) -> None:
    page = kept(view)
    plain, other = page(get()), page(get(path))
    assert view.times == 2
    assert plain["ETag"] != other["ETag"]


def test_the_order_of_parameters_does_not_matter(view: Counted) -> None:
    page = kept(view)
    assert page(get("/page/?a=1&b=2"))["ETag"] == page(get("/page/?b=2&a=1"))["ETag"]
    assert view.times == 1


def test_the_canonical_query_keeps_the_order_of_values() -> None:
    assert canonical_query(get("/?b=1&a=2&a=1&c=%26").GET) == "a=2&a=1&b=1&c=%26"


def test_each_variant_is_kept_apart(view: Counted) -> None:
    page = kept(view)
    whole, part, other = (
        page(get()),
        page(get(HX_Request="true")),
        page(get(HX_Request="true", HX_Target="rows")),
    )
    assert view.times == 3
    assert len({whole["ETag"], part["ETag"], other["ETag"]}) == 3
    assert {"HX-Request", "HX-Target", "Accept-Encoding"} <= set(whole["Vary"].split(", "))


@committed
def test_a_change_of_published_evidence_is_seen_at_once(client: Client) -> None:
    study = factories.StudyFactory(label="Before")
    before = client.get(STUDIES)
    assert before.json()["results"][0]["label"] == "Before"
    Study.objects.filter(pk=study.pk).update(label="After")
    after = client.get(STUDIES, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["results"][0]["label"] == "After"
    assert after["ETag"] != before["ETag"]
    assert after.json()["meta"]["revision"] == before.json()["meta"]["revision"] + 1


@committed
def test_publishing_and_withdrawing_are_seen_at_once(client: Client) -> None:
    study = factories.StudyFactory(draft=True)
    assert client.get(STUDIES).json()["count"] == 0
    Study.objects.filter(pk=study.pk).update(state=State.PUBLISHED, published_at=timezone.now())
    assert client.get(STUDIES).json()["count"] == 1
    Study.objects.filter(pk=study.pk).update(state=State.WITHDRAWN)
    assert client.get(STUDIES).json()["count"] == 0


@committed
def test_a_draft_changes_nothing(client: Client) -> None:
    factories.StudyFactory()
    before = client.get(STUDIES)
    draft = factories.StudyFactory(draft=True, cited=False)
    Study.objects.filter(pk=draft.pk).update(label="Changed")
    after = client.get(STUDIES, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 304


def test_a_copy_that_is_current_is_not_sent_again(view: Counted) -> None:
    page = kept(view)
    first = page(get())
    again = page(get(If_None_Match=first["ETag"]))
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    assert again["Vary"] == first["Vary"]


def test_a_304_computes_nothing(view: Counted) -> None:
    page = kept(view)
    etag = page(get())["ETag"]
    cache.clear()
    assert page(get(If_None_Match=f'"else", W/{etag}')).status_code == 304
    assert view.times == 1


@pytest.mark.parametrize("etag", ['"else"', "*", "", "nonsense"])
def test_any_other_copy_is_replaced(view: Counted, etag: str) -> None:
    assert kept(view)(get(If_None_Match=etag)).status_code == 200


def test_the_etag_is_strong_and_each_encoding_has_its_own(view: Counted) -> None:
    page = kept(view)
    etags = {page(get(Accept_Encoding=encoding))["ETag"] for encoding in ("br", "gzip", "identity")}
    assert len(etags) == 3
    assert all(etag.startswith('"r0-') and etag.endswith('"') for etag in etags)


def test_a_copy_in_another_acceptable_encoding_is_current_too(view: Counted) -> None:
    page = kept(view)
    etag = page(get(Accept_Encoding="gzip"))["ETag"]
    assert page(get(Accept_Encoding="br, gzip", If_None_Match=etag)).status_code == 304
    assert page(get(Accept_Encoding="br", If_None_Match=etag)).status_code == 200


@pytest.mark.parametrize(("encoding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_compressed_answer_is_the_plain_one_in_fewer_bytes(
    view: Counted, encoding: str, decode: Callable[[bytes], bytes]
) -> None:
    page = kept(view)
    plain, packed = page(get()), page(get(Accept_Encoding=encoding))
    assert packed["Content-Encoding"] == encoding
    assert "Content-Encoding" not in plain
    assert decode(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)
    assert int(packed["Content-Length"]) == len(packed.content)
    assert page(get(Accept_Encoding=encoding)).content == packed.content


def test_a_short_answer_is_not_compressed() -> None:
    page = kept(lambda request: HttpResponse("short"))
    first = page(get(Accept_Encoding="br"))
    assert "Content-Encoding" not in first
    assert page(get(Accept_Encoding="br", If_None_Match=first["ETag"])).status_code == 304


def test_no_middleware_compresses_it_a_second_time(client: Client) -> None:
    factories.StudyFactory()
    response = client.get(STUDIES, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert response["Content-Encoding"] == "br"
    assert response["ETag"].startswith('"')
    assert b'"count":1' in brotli.decompress(response.content)


def test_head_has_the_headers_of_get_and_no_body(view: Counted) -> None:
    page = kept(view)
    whole = page(get())
    head = page(RequestFactory().head("/page/"))
    assert view.times == 1
    assert head.content == b""
    assert head["Content-Length"] == whole["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


@pytest.mark.parametrize("status", [201, 204, 302, 400, 404, 500])
def test_only_a_200_is_kept(status: int) -> None:
    times = []

    def answer(request: HttpRequest) -> HttpResponse:
        times.append(1)
        return HttpResponse("…", status=status)

    page = kept(answer)
    assert "ETag" not in page(get())
    page(get())
    assert len(times) == 2


def test_a_post_goes_straight_through(view: Counted) -> None:
    request = RequestFactory().post("/page/")
    request.evidence_revision = Revision.current()  # type: ignore[attr-defined]
    page = kept(view)
    page(request)
    page(request)
    assert view.times == 2


def cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("yours")
    response.set_cookie("who", "you")
    return response


def csrf_token(request: HttpRequest) -> HttpResponse:
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return HttpResponse("yours")


def nonce(request: HttpRequest) -> HttpResponse:
    request._csp_nonce = "abc"  # type: ignore[attr-defined]
    return HttpResponse("yours")


def session(request: HttpRequest) -> HttpResponse:
    request.session = type("Session", (), {"accessed": True})()  # type: ignore[assignment]
    return HttpResponse("yours")


def varying(request: HttpRequest) -> HttpResponse:
    return HttpResponse("yours", headers={"Vary": "Cookie"})


@pytest.mark.parametrize(
    "answer", [cookie, csrf_token, nonce, session, varying], ids=lambda each: each.__name__
)
def test_what_is_one_visitors_own_is_never_kept(
    answer: Callable[[HttpRequest], HttpResponse], caplog: pytest.LogCaptureFixture
) -> None:
    times = []

    def counted(request: HttpRequest) -> HttpResponse:
        times.append(1)
        return answer(request)

    page = kept(counted)
    with caplog.at_level(logging.WARNING, "foundation.caching"):
        first = page(get())
        page(get())
    assert len(times) == 2
    assert "ETag" not in first
    assert "An answer was not kept" in caplog.text


def test_the_setting_switches_keeping_off(view: Counted, settings: Settings) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0
    page = kept(view)
    assert page(get())["ETag"] == page(get())["ETag"]
    assert view.times == 2


def test_another_host_has_answers_of_its_own(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    factories.StudyFactory()
    factories.StudyFactory()
    for host in settings.ALLOWED_HOSTS:
        page = client.get(STUDIES, {"page_size": 1}, headers={"Host": host}).json()
        assert page["next"].startswith(f"http://{host}/")


def test_a_key_holds_nothing_that_a_visitor_wrote(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    keys: list[str] = []
    kept_set = type(cache._connections["default"]).set  # type: ignore[attr-defined]

    def spy(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:
        keys.append(key)
        return kept_set(self, key, *args, **kwargs)

    monkeypatch.setattr(type(cache._connections["default"]), "set", spy)  # type: ignore[attr-defined]
    client.get(STUDIES, {"q": "injected\r\nkey " + "x" * 150})
    assert keys
    for key in keys:
        assert key.isascii()
        assert len(key) < 100
        assert "injected" not in key
        assert not any(letter.isspace() for letter in key)


@committed
def test_an_answer_is_kept_under_the_revision_that_it_was_computed_at() -> None:
    """A change between the first look and the snapshot: the newer evidence is not told as the older."""
    factories.StudyFactory()
    stale = Revision.current()
    factories.StudyFactory()
    page = kept(lambda request: HttpResponse(str(request.evidence_revision.number)))  # type: ignore[attr-defined]
    fresh = Revision.current()
    with pytest.MonkeyPatch.context() as patch:
        looks = iter([stale, fresh])
        patch.setattr(Revision, "current", classmethod(lambda cls: next(looks)))
        answer = page(get())
    assert answer.content == str(fresh.number).encode()
    assert answer["ETag"].startswith(f'"r{fresh.number}-')
    assert fresh.number > stale.number
    assert page(get())["ETag"] == answer["ETag"]


def test_inside_a_transaction_nothing_is_kept(view: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "inside_transaction", lambda: True)
    page = kept(view)
    page(get())
    page(get())
    assert view.times == 2


@committed
def test_what_is_computed_cannot_write() -> None:
    def writing(request: HttpRequest) -> HttpResponse:
        factories.StudyFactory()
        return HttpResponse("written")

    with pytest.raises(Exception, match="read-only transaction"):
        kept(writing)(get())
    assert not Study.objects.exists()
