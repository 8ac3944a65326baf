"""Which state of the code is running: answers computed by another one are not this one's."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

CODE = ("foundation", "literature", "therapies", "evidence", "comparison", "config", "templates", "static")
# What decides the bytes of a page: programs, templates, and the static files whose hashed names stand in it.
SUFFIXES = {".py", ".html", ".css", ".js", ".svg", ".json", ".txt", ".yaml"}
EDITED_WHILE_RUNNING = {".html", ".css", ".js", ".svg"}
# Looking at some hundred files takes as long as the answer itself.
SECONDS_BETWEEN_LOOKS = 2


def release_tag() -> str:
    """A digest of the code; in development also of when templates and styles were last saved."""
    return f"{_digest_of_code()}:{_last_saved()}" if settings.DEBUG else _digest_of_code()


@cache
def _digest_of_code() -> str:
    """Of contents, not of times: every machine that runs this release agrees on it."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    for path in (*_files(root, SUFFIXES), root / "requirements.txt"):
        if path.is_file():
            digest.update(f"{path.relative_to(root)}\x00".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _last_saved() -> int:
    """Nanoseconds; a saved template shows although the server was not restarted."""
    return _last_saved_as_seen(int(time.monotonic() / SECONDS_BETWEEN_LOOKS))


@lru_cache(maxsize=1)
def _last_saved_as_seen(_look: int) -> int:
    root = Path(settings.BASE_DIR)
    return max((path.stat().st_mtime_ns for path in _files(root, EDITED_WHILE_RUNNING)), default=0)


def _files(root: Path, suffixes: Iterable[str]) -> Iterator[Path]:
    wanted = set(suffixes)
    for folder in CODE:
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in wanted)
