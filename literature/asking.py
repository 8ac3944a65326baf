"""Asking a public service politely, and believing no more of its answer than was checked.

Each failure is a LookupFailed with its reason and what to do about it. Nothing here knows what is asked for.
"""

import ipaddress
import logging
import socket
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings

logger = logging.getLogger(__name__)

PROJECT = "IgG4-RD-Therapy-Atlas"
PROJECT_VERSION = "1.0"
REDIRECTS = 5
ATTEMPTS = 3
FIRST_PAUSE = 0.5  # seconds, doubled after each attempt
# One record of CSL-JSON is a few kilobytes; Crossref sends the list of references along.
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes
# NCBI allows three questions a second from one address; Crossref more, but nobody here is in such a hurry.
GAP = 0.34  # seconds between two questions to one host
_BUSY = frozenset({429, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})

BY_HAND = "Fill in the fields from the paper, or paste its record as RIS, BibTeX, NBIB or CSL-JSON."
LATER = f"Try again in a few minutes. Or: {BY_HAND[0].lower()}{BY_HAND[1:]}"


class LookupFailed(Exception):
    """A look-up that gave nothing: `reason` says what happened, `advice` what to do."""

    def __init__(self, reason: str, advice: str = LATER) -> None:
        super().__init__(f"{reason} {advice}")
        self.reason = reason
        self.advice = advice


class NotFound(LookupFailed):
    """The service answered, and does not know what was asked for."""


class LookupIsOff(LookupFailed):
    """This Atlas asks nobody, by its settings."""

    def __init__(self) -> None:
        super().__init__("Looking up is switched off here (LITERATURE_LOOKUP).", BY_HAND)


_asked: dict[str, float] = {}
_asking = Lock()


@dataclass
class Deadline:
    """How long is left of a look-up, with all its attempts and redirects."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds, never below zero."""
        return max(0.0, self.seconds - (time.monotonic() - self.started))


def ask(
    address: str,
    *,
    service: str,
    accept: str,
    params: Mapping[str, str] | None = None,
    deadline: Deadline | None = None,
    patience: float = 0.0,
) -> httpx.Response:
    """The service's answer to a GET, read whole, with status 200.

    `service` names it in messages. `accept` lists the media types wanted, the best first; another one is refused.
    `patience`: seconds of rest that a busy service may ask for beyond the deadline, where nobody waits for the answer.
    Raises LookupFailed.
    """
    if not settings.LITERATURE_LOOKUP:
        raise LookupIsOff
    deadline = deadline or Deadline(settings.LITERATURE_LOOKUP_SECONDS)
    headers = {"Accept": accept, "User-Agent": user_agent()}
    with httpx.Client(headers=headers, follow_redirects=False, trust_env=True) as client:
        request = client.build_request("GET", address, params=dict(params or {}) or None)
        return _attempts(client, str(request.url), service, accept, deadline, patience)


def user_agent() -> str:
    """The project, its version and, where the environment names one, whom to write to."""
    contact = f" (mailto:{settings.LITERATURE_CONTACT})" if settings.LITERATURE_CONTACT else ""
    return f"{PROJECT}/{PROJECT_VERSION}{contact}"


def _attempts(
    client: httpx.Client, address: str, service: str, accept: str, deadline: Deadline, patience: float
) -> httpx.Response:
    pause = FIRST_PAUSE
    for attempt in range(1, ATTEMPTS + 1):
        last = attempt == ATTEMPTS
        try:
            response = _follow(client, address, service, deadline)
        except httpx.TimeoutException as error:
            raise _too_slow(service) from error
        except (httpx.DecodingError, httpx.InvalidURL, ValueError) as error:
            raise LookupFailed(f"{service} gave an answer that cannot be read ({error}).", BY_HAND) from error
        except httpx.TransportError as error:
            logger.warning("Asking %s failed: %s", service, error)
            if last or deadline.left() <= pause:
                raise _cut_off(error, service) from error
        else:
            if response.status_code not in _BUSY:
                return _checked(response, service, accept)
            wanted = retry_after(response.headers.get("Retry-After", ""))
            pause = max(pause, wanted or 0.0)
            if last or max(patience, deadline.left()) <= pause:
                raise _busy(response.status_code, service, wanted)
        if patience:
            deadline.seconds += pause
        time.sleep(pause)
        pause *= 2
    raise AssertionError("the last attempt returns or raises")


def _follow(client: httpx.Client, address: str, service: str, deadline: Deadline) -> httpx.Response:
    """One attempt: the answer at the end of the redirects."""
    home = urlsplit(address).hostname or ""
    seen = {address}
    for _ in range(REDIRECTS + 1):
        response = _read(client, address, service, deadline)
        if response.status_code not in _MOVED:
            return response
        target = response.headers.get("Location", "")
        address = urljoin(address, target)
        if not target:
            raise LookupFailed(f"{service} sends elsewhere, but does not say where.")
        if address in seen:
            raise LookupFailed(f"{service} sends in a circle.")
        seen.add(address)
        _refuse_inner_address(address, home, service)
    raise LookupFailed(f"{service} sends on more than {REDIRECTS} times.")


def _read(client: httpx.Client, address: str, service: str, deadline: Deadline) -> httpx.Response:
    """One answer, read while it is short enough and time is left."""
    _keep_pace(urlsplit(address).hostname or "")
    left = deadline.left()
    if left <= 0:
        raise _too_slow(service)
    with client.stream("GET", address, timeout=httpx.Timeout(left)) as response:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise LookupFailed(
                    f"{service} answered with more than {LARGEST_ANSWER // 1024**2} MB, which is no record of a paper.",
                    BY_HAND,
                )
            # A time limit for each read would let an answer drip for ever.
            if deadline.left() <= 0:
                raise _too_slow(service)
        headers = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name not in ("content-encoding", "content-length", "transfer-encoding")
        ]
        return httpx.Response(
            response.status_code, headers=headers, content=bytes(body), request=response.request
        )


def _keep_pace(host: str) -> None:
    """Wait until this process may ask the host again."""
    with _asking:
        turn = max(time.monotonic(), _asked.get(host, 0.0) + GAP)
        _asked[host] = turn
    time.sleep(max(0.0, turn - time.monotonic()))


def _refuse_inner_address(address: str, home: str, service: str) -> None:
    """A redirect may lead to the web, not to a file, another scheme, or the network behind this server."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LookupFailed(
            f"{service} sends to an address that is none of the web ({parts.scheme}:).", BY_HAND
        )
    if parts.hostname == home:
        return
    try:
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, None)}
    except (OSError, UnicodeError) as error:
        if urllib.request.getproxies():
            # Behind a proxy only the proxy may know names, and it guards what lies behind it.
            return
        raise LookupFailed(f"{service} sends to {parts.hostname}, which has no address.") from error
    if not all(ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found):
        raise LookupFailed(f"{service} sends to {parts.hostname}, which is no public address.", BY_HAND)


def _checked(response: httpx.Response, service: str, accept: str) -> httpx.Response:
    """The answer, if it has what was asked for and says so."""
    status = response.status_code
    if status in (400, 404, 410):
        raise NotFound(f"{service} does not know it.", f"Check it for a slip, digit by digit. Or: {BY_HAND}")
    if status == 406:
        raise LookupFailed(f"{service} has it, but not as a record that can be read.", BY_HAND)
    if status in (401, 403, 451):
        raise LookupFailed(f"{service} does not let this server in ({status}).", BY_HAND)
    if status >= 500:
        raise LookupFailed(f"{service} has a fault of its own ({status}).")
    if status != 200:
        raise LookupFailed(f"{service} answered in a way that was not expected ({status}).")
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not _is_wanted(media_type, accept):
        kind = "a web page" if "html" in media_type else media_type or "something without a type"
        raise LookupFailed(f"{service} answered with {kind} instead of a record.", BY_HAND)
    if not response.content.strip():
        raise LookupFailed(f"{service} gave an empty answer.")
    return response


def _is_wanted(media_type: str, accept: str) -> bool:
    wanted = {one.partition(";")[0].strip() for one in accept.split(",")}
    wants_json = any(one.endswith("json") for one in wanted)
    return media_type in wanted or (wants_json and (media_type.endswith(("+json", "/json"))))


def decoded(response: httpx.Response, service: str) -> str:
    """The answer as text in the charset that it names, UTF-8 where it names none; never with characters replaced."""
    charset = response.charset_encoding or "utf-8"
    try:
        return response.content.decode("utf-8-sig" if charset.lower() in ("utf-8", "utf8") else charset)
    except (UnicodeDecodeError, LookupError) as error:
        raise LookupFailed(
            f"{service} answered in characters that cannot be read (it says {charset}).", BY_HAND
        ) from error


def retry_after(value: str) -> float | None:
    """Seconds to wait, of a number or a date (RFC 9110, 10.2.3); None where it says neither."""
    value = value.strip()
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _busy(status: int, service: str, wanted: float | None) -> LookupFailed:
    if status == 429:
        reason = f"{service} is asked too often from here."
    else:
        reason = f"{service} is busy or being mended ({status})."
    if wanted is None:
        return LookupFailed(reason)
    return LookupFailed(
        f"{reason} It wants {_duration(wanted)} of rest.", f"Wait that long, then try again. Or: {BY_HAND}"
    )


def _duration(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} second{'s' if whole != 1 else ''}" if whole < 120 else f"{round(whole / 60)} minutes"


def _cut_off(error: httpx.TransportError, service: str) -> LookupFailed:
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return LookupFailed(
            f"{service} cannot be reached from here ({_in_words(error)}).",
            f"Does this server have access to the network? {LATER}",
        )
    return LookupFailed(f"{service} broke off in the middle of its answer.")


def _too_slow(service: str) -> LookupFailed:
    return LookupFailed(f"{service} took longer than {settings.LITERATURE_LOOKUP_SECONDS} seconds.")


def _in_words(error: httpx.TransportError) -> str:
    return str(error).strip() or type(error).__name__
