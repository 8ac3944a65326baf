"""docs/methods.md as HTML: the text that explains the numbers is the text whose examples are tested.

A fenced block of kind `atlas` names a part that is made anew for each evidence revision (a table, an example); the
rest is rendered once a process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TEXT = Path(settings.BASE_DIR) / "docs" / "methods.md"
LIVE = "atlas"
SLOT = "<!-- atlas {} -->"
NO_SLUG = re.compile(r"[^a-z0-9]+")
NUMBER = re.compile(r"^\d+\. ")


@dataclass(frozen=True)
class Section:
    """A heading of the text: where it is, and what it says."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Document:
    """The text as HTML with slots for its live parts, and its sections."""

    title: str
    html: str
    sections: tuple[Section, ...]

    def filled(self, parts: Mapping[str, str]) -> SafeString:
        """The text with its live parts. Raises KeyError for a slot that nobody fills."""
        html = re.sub(SLOT.format(r"(\w+)"), lambda slot: parts[slot[1]], self.html)
        return mark_safe(html)  # noqa: S308 - our own text, rendered without raw HTML, and our own templates


@cache
def methods_document() -> Document:
    """The text of docs/methods.md, rendered once a process."""
    return render(TEXT.read_text(encoding="utf-8"))


def render(text: str) -> Document:
    """Markdown to HTML: raw HTML is shown as text, tables and examples scroll within the page."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("table_open", lambda *_: f'<div {_scrolling("Table")}><table class="data">')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    tokens = parser.parse(text)
    title, body = _without_title(tokens)
    sections = tuple(_sections(body))
    return Document(title, parser.renderer.render(body, parser.options, {}), sections)


def _without_title(tokens: list[Token]) -> tuple[str, list[Token]]:
    """The first heading, which the page prints itself, and the rest."""
    if tokens and tokens[0].tag == "h1":
        return tokens[1].content, tokens[3:]
    return "", tokens


def _sections(tokens: list[Token]) -> list[Section]:
    """The sections, each heading given the id that a link needs."""
    found = []
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open":
            title = NUMBER.sub("", words.content)
            anchor = NO_SLUG.sub("-", title.lower()).strip("-")
            heading.attrSet("id", anchor)
            if heading.tag == "h2":
                found.append(Section(anchor, title))
    return found


def _scrolling(label: str) -> SafeString:
    return format_html('class="scroll-box" role="region" tabindex="0" aria-label="{}"', label)


def _fence(_renderer: object, tokens: list[Token], index: int, *_: object) -> str:
    """A live part's slot, or an example in a box of its own."""
    token = tokens[index]
    kind = token.info.strip()
    if kind == LIVE:
        return SLOT.format(token.content.strip())
    css = "example" if kind == "python" else "formula"
    # A landmark is told apart by its name: the how manyth of its kind it is.
    place = sum(other.type == "fence" and other.info == token.info for other in tokens[: index + 1])
    label = f"Worked example {place}" if kind == "python" else f"Formula {place}"
    return format_html(
        '<pre class="{}" role="region" tabindex="0" aria-label="{}"><code>{}</code></pre>\n',
        css,
        label,
        token.content.strip(),
    )
