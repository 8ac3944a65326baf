"""The guide for contributors as the desk shows it: docs/contributing-cases.md, rendered once a process."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TEXT = Path(settings.BASE_DIR) / "docs" / "contributing-cases.md"


@cache
def guide() -> tuple[str, SafeString]:
    """Title and body."""
    title, _, body = TEXT.read_text(encoding="utf-8").partition("\n")
    # Other documents of the repository have no address on the desk.
    body = body.replace(" ([roles](roles.md))", "")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    return title.removeprefix("# "), mark_safe(html)  # noqa: S308 - our own text, rendered without raw HTML
