"""What the page tests share: a page as a reader reads it, and as the database is asked for it."""

from __future__ import annotations

import html as entities
import itertools
import re
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def words(html: str) -> str:
    """The text of a page, white space folded."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def read(client: Client, address: str, status: int = 200) -> str:
    """The HTML of a page."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def queries(client: Client, address: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def assert_constant_queries(
    client: Client, address: str, add_rows: Callable[[], object], most: int = 40
) -> None:
    """A page takes as many queries with many rows as with few, and not many."""
    add_rows()
    client.get(address)
    few = queries(client, address)
    for _ in range(4):
        add_rows()
    assert queries(client, address) == few
    assert few <= most


def assert_sound(html: str) -> None:
    """What holds for every page: one h1, headings in order, ids once, labels, no inline code, the disclaimer."""
    assert html.count("<h1") == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])[\s>]", html)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", html):
        if 'type="hidden"' not in control:
            identifier = re.search(r'\sid="([^"]+)"', control)
            assert identifier is not None, control
            assert f'for="{identifier[1]}"' in html, control
    assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", html)
    assert "not advice for a patient" in html
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert anchor in ids, anchor
