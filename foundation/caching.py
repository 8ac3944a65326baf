"""Public answers, computed once for each state of the evidence and then served from the cache.

``@kept_for_revision()`` on a view (or around ``View.as_view()``) makes of every public GET answer:

- one that is kept: the key is a digest of release, evidence revision, host, path, canonical query and variant, so
  that a changed figure, a new release or another format never meets an old answer. The check costs one tiny query.
- one that can be asked for again cheaply: a strong ETag and 304 without computing anything.
- one that is compressed once (Brotli, else gzip) and not at each request.

Only a 200 that is the same for every visitor is kept: reading the session, setting a cookie, a CSRF token or a CSP
nonce rules it out (and is logged, since a public page should do none of them). What a view reads while it computes
comes from one snapshot of the database, whose revision is ``request.evidence_revision``.

RESPONSE_CACHE_SECONDS = 0 in the settings switches keeping off; inside an open transaction, as in most tests,
nothing is kept either, since there the revision is not final.
"""

import gzip
import hashlib
import http
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import brotli
from django.conf import settings
from django.core.cache import caches
from django.db import connections, router, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from foundation.encodings import IDENTITY, accepted_encodings
from foundation.models import Revision
from foundation.release import release_tag

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
Variant = Callable[[HttpRequest], str]

DAY = 86_400
CACHE_CONTROL = "public, max-age=0, must-revalidate"
# Shorter bodies gain nothing. As in Django's own gzip middleware, which then leaves our answers alone.
COMPRESS_FROM = 200
BROTLI_QUALITY = 6
GZIP_LEVEL = 6
# Of a kept answer; the rest is written anew each time.
DROPPED_HEADERS = {"content-length", "content-encoding", "etag", "cache-control", "vary", "date"}


def htmx_variant(request: HttpRequest) -> str:
    """A page that htmx asks for may be a part of the page."""
    return (
        "htmx:" + request.headers.get("HX-Target", "")
        if request.headers.get("HX-Request") == "true"
        else "page"
    )


def kept_for_revision(
    *, variant: Variant = htmx_variant, vary: tuple[str, ...] = ("HX-Request", "HX-Target")
) -> Callable[[View], View]:
    """Decorator: keep a public view's answers for as long as the evidence stands.

    ``variant`` names what the answer depends on beside path and query, ``vary`` the request headers that decide it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            return _Keeper(request, variant(request), vary).answer(lambda: view(request, *args, **kwargs))

        return answer

    return decorate


def canonical_query(query: QueryDict) -> str:
    """A query string in one spelling: by parameter, values of one parameter in the order given."""
    pairs = [(name, value) for name in sorted(query) for value in query.getlist(name)]
    return urlencode(pairs)


@contextmanager
def evidence_snapshot() -> Iterator[Revision]:
    """One state of the database for all reads inside, and its revision; read-only.

    Within a transaction already open its isolation stands, and no snapshot is taken.
    """
    connection = connections[router.db_for_read(Revision)]
    if connection.in_atomic_block:
        yield Revision.current()
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Revision.current()


@dataclass(frozen=True)
class _Kept:
    """A body as it goes over the wire, and its headers."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    encoding: str


class _Keeper:
    """One request and what is kept for it."""

    def __init__(self, request: HttpRequest, variant: str, vary: tuple[str, ...]) -> None:
        self.request = request
        self.variant = variant
        self.vary = ("Accept-Encoding", *vary)
        self.encodings = accepted_encodings(request.headers.get("Accept-Encoding", ""))
        self.cache = caches["default"]
        self.digests: dict[tuple[int, str], str] = {}

    def answer(self, compute: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """From the client's own copy, from the cache, or computed."""
        revision = Revision.current()
        if (unchanged := self._unchanged(revision)) is not None:
            return unchanged
        keeping = keeping_seconds()
        if keeping:
            kept = self.cache.get(self._key(revision))
            if kept is not None:
                return self._deliver(_Kept(*kept), revision)
        with evidence_snapshot() as revision:
            self.request.evidence_revision = revision  # type: ignore[attr-defined]
            response = compute()
            if not getattr(response, "is_rendered", True):
                response.render()  # type: ignore[attr-defined]
        if response.status_code != http.HTTPStatus.OK:
            return response
        if (reason := why_not_kept(self.request, response)) is not None:
            logger.warning("An answer was not kept: %s", reason, extra={"path": self.request.path})
            return response
        made = self._made(response)
        if keeping:
            # A tuple, so that a cache outside this process needs no class of ours to read it.
            self.cache.set(self._key(revision), (made.headers, made.body, made.encoding), keeping)
        return self._deliver(made, revision)

    def _digest(self, revision: Revision) -> str:
        """What the answer depends on, in few letters; whatever the visitor wrote enters as a digest alone."""
        known = (revision.number, revision.changed_in)
        if known not in self.digests:
            self.digests[known] = self._digest_of(revision)
        return self.digests[known]

    def _digest_of(self, revision: Revision) -> str:
        request = self.request
        parts = (
            release_tag(),
            str(revision.number),
            revision.changed_in,
            f"{request.scheme}://{request.get_host()}",
            request.path,
            canonical_query(request.GET),
            self.variant,
        )
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogateescape")).hexdigest()

    def _key(self, revision: Revision) -> str:
        return f"kept:{self._digest(revision)}:{self.encodings[0]}"

    def _etag(self, revision: Revision, encoding: str) -> str:
        """A strong validator: each encoding is other bytes and has its own."""
        suffix = "" if encoding == IDENTITY else f"-{encoding}"
        return f'"r{revision.number}-{self._digest(revision)[:24]}{suffix}"'

    def _unchanged(self, revision: Revision) -> HttpResponse | None:
        """304 where the client holds this answer in an encoding it accepts."""
        if not self.request.headers.get("If-None-Match", "").strip(" *"):
            # Absent, or a star, which asks for any answer at all: whether there is one is not known yet.
            return None
        for encoding in dict.fromkeys((*self.encodings, IDENTITY)):
            etag = self._etag(revision, encoding)
            response = get_conditional_response(self.request, etag=etag)
            if response is not None and response.status_code == http.HTTPStatus.NOT_MODIFIED:
                response["ETag"] = etag
                response["Cache-Control"] = CACHE_CONTROL
                patch_vary_headers(response, self.vary)
                return response
        return None

    def _made(self, response: HttpResponseBase) -> _Kept:
        """The answer as it is kept, compressed for this client and its like."""
        headers = tuple(
            (name, value) for name, value in response.items() if name.lower() not in DROPPED_HEADERS
        )
        body = response.content  # type: ignore[attr-defined]
        encoding = self.encodings[0] if len(body) >= COMPRESS_FROM else IDENTITY
        if encoding == "br":
            body = brotli.compress(body, quality=BROTLI_QUALITY)
        elif encoding == "gzip":
            # No time stamp: the same answer is the same bytes in every process.
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
        return _Kept(headers, body, encoding)

    def _deliver(self, kept: _Kept, revision: Revision) -> HttpResponse:
        response = HttpResponse(kept.body, headers=dict(kept.headers))
        response["ETag"] = self._etag(revision, kept.encoding)
        response["Cache-Control"] = CACHE_CONTROL
        response["Content-Length"] = str(len(kept.body))
        if kept.encoding != IDENTITY:
            response["Content-Encoding"] = kept.encoding
        patch_vary_headers(response, self.vary)
        if self.request.method == "HEAD":
            response.content = b""
            response["Content-Length"] = str(len(kept.body))
        return response


def keeping_seconds() -> int:
    """For how long answers are kept; 0 where they are not."""
    if inside_transaction():
        return 0
    return int(getattr(settings, "RESPONSE_CACHE_SECONDS", DAY))


def inside_transaction() -> bool:
    """Whether a transaction is open, which may itself change evidence before its end."""
    return connections[router.db_for_read(Revision)].in_atomic_block


def why_not_kept(request: HttpRequest, response: HttpResponseBase) -> str | None:
    """What makes an answer this visitor's own; None where anyone may have it."""
    if getattr(response, "streaming", False):
        return "it is streamed"
    if response.cookies:
        return "it sets a cookie"
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return "it holds a CSRF token"
    if getattr(getattr(request, "session", None), "accessed", False):
        return "the session was read for it (request.user, messages)"
    if getattr(request, "_csp_nonce", None) is not None:
        return "it holds a CSP nonce"
    if "cookie" in response.get("Vary", "").lower():
        return "it varies on cookies"
    return None
