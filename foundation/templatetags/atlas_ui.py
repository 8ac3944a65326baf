"""The components of the design system as template tags: `{% load atlas_ui %}`.

A tag takes values (see foundation/pieces.py), decides words, symbols and places, and leaves the drawing to its template
in templates/components/. What needs no deciding is a plain include; templates/components/_index.html lists both kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foundation import formatting, palette
from foundation.models import Revision
from foundation.pieces import Chart, Column, Quantity, Share, Source, Table

register = template.Library()

for _name, _function in {
    "reported": formatting.reported,
    "number": formatting.number,
    "whole": formatting.whole,
    "week": formatting.week_text,
    "age": formatting.age_text,
    "long_date": formatting.date_text,
    "sentence": formatting.sentence,
    "joined": formatting.joined,
    "per_hundred": formatting.per_hundred,
}.items():
    register.filter(_name, _function)

# Label, name of the route, path prefix that marks the page as current. A route that is not there is not linked.
NAVIGATION = (
    ("Overview", "overview", "/"),
    ("Compare", "compare", "/compare/"),
    ("Therapies", "therapy-list", "/therapies/"),
    ("Mechanisms", "mechanisms", "/mechanisms/"),
    ("Studies", "study-list", "/studies/"),
    ("Cases", "case-list", "/cases/"),
    ("Methods", "methods", "/methods/"),
    ("Data", "data", "/data/"),
    ("Contribute", "contribute", "/contribute/"),
    ("API", "api-docs", "/api/"),
)

# Design: symbol and word. The filled part of the symbol falls with the design's strength; the word says it anyway.
DESIGNS = {
    "meta_analysis": ("◆", "Meta-analysis"),
    "systematic_review": ("◇", "Systematic review"),
    "randomised_trial": ("●", "RCT"),
    "non_randomised_trial": ("◕", "Controlled"),
    "single_arm_trial": ("◑", "Single arm"),
    "prospective_cohort": ("◑", "Prospective cohort"),
    "retrospective_cohort": ("◔", "Retrospective cohort"),
    "case_series": ("○", "Case series"),
    "case_report": ("○", "Case report"),
    "expert_opinion": ("–", "Expert opinion"),
    # design classes, as pooled
    "randomised": ("●", "RCT"),
    "controlled": ("◕", "Controlled"),
    "single_arm": ("◑", "Single arm"),
    "cohort": ("◔", "Cohort"),
    "case": ("○", "Cases"),
}
DIRECTIONS = {
    "improved": ("▲", "Improved"),
    "no_change": ("=", "No change"),
    "worsened": ("▼", "Worsened"),
    "mixed": ("◆", "Mixed"),
    "not_assessed": ("○", "Not assessed"),
}
CERTAINTIES = {
    "high": ("⊕⊕⊕⊕", "High certainty"),
    "moderate": ("⊕⊕⊕⊝", "Moderate certainty"),
    "low": ("⊕⊕⊝⊝", "Low certainty"),
    "very_low": ("⊕⊝⊝⊝", "Very low certainty"),
}
GRAVE_CAUTIONS = {"retracted", "press", "press_figures", "naive_comparison", "case_reports_only"}


@register.inclusion_tag("components/site_nav.html", takes_context=True)
def site_nav(context: Context) -> dict[str, Any]:
    """Draw the navigation, with the current page marked."""
    request = context.get("request")
    path = request.path if request is not None else ""
    entries = []
    for label, route, prefix in NAVIGATION:
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        here = path == prefix if prefix == "/" else path.startswith(prefix)
        entries.append(
            {"label": label, "url": url, "current": ("page" if path == url else "true") if here else ""}
        )
    return {"entries": entries}


@register.simple_tag
def route(name: str) -> str:
    """Return a route's address, or empty where the route is not there, so that a page can leave the link out."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/site_footer.html", takes_context=True)
def site_footer(context: Context) -> dict[str, Any]:
    """Draw the disclaimer, the licence and the revision: the one the page was computed at, else the current."""
    request = context.get("request")
    revision = context.get("revision") or getattr(request, "evidence_revision", None)
    return {
        "revision": Revision.current() if revision is None else revision,
        "version": getattr(settings, "SPECTACULAR_SETTINGS", {}).get("VERSION", ""),
        "methods_url": route("methods"),
        "data_url": route("data"),
    }


@register.inclusion_tag("components/x_of_n.html")
def x_of_n(share: Share | None, details: bool = True) -> dict[str, Any]:
    """Draw x of n with its interval; with `details`, what it is of (outcome, time, definition) opens below."""
    return {"share": share, "details": details}


@register.inclusion_tag("components/quantity.html")
def quantity(figure: Quantity | None, details: bool = True) -> dict[str, Any]:
    """Draw a mean or median with spread, patients and, where converted, the figure as it was printed."""
    return {"quantity": figure, "details": details}


@register.inclusion_tag("components/source_chip.html")
def source_chip(source: Source | None, compact: bool = False) -> dict[str, Any]:
    """Draw a figure's source; `compact` leaves out the ways to the paper, one click away on the study's page."""
    return {"source": source, "compact": compact}


def kept_tag(template_name: str) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., SafeString]]:
    """Register a component of a few plain values, drawn by its template once for each of them and then kept.

    A page draws some hundred badges of a dozen kinds. Text marked safe is kept apart from the same text unmarked; while
    templates are being written nothing is kept.
    """

    def decorate(context_of: Callable[..., dict[str, Any]]) -> Callable[..., SafeString]:
        @wraps(context_of)
        def drawn(*args: Any, **kwargs: Any) -> SafeString:
            return render_to_string(template_name, context_of(*args, **kwargs))

        kept = lru_cache(maxsize=1024, typed=True)(drawn)

        @register.simple_tag(name=context_of.__name__)
        @wraps(context_of)
        def tag(*args: Any, **kwargs: Any) -> SafeString:
            return drawn(*args, **kwargs) if settings.DEBUG else kept(*args, **kwargs)

        return tag

    return decorate


@kept_tag("components/design_badge.html")
def design_badge(design: str, level: int | None = None, name: str = "") -> dict[str, Any]:
    """Draw a design's symbol and word, with its Oxford CEBM level where it has one; `name` is the long form."""
    symbol, word = DESIGNS.get(design, ("○", name or design.replace("_", " ")))
    return {"symbol": symbol, "word": word, "level": level, "name": name or word}


@kept_tag("components/therapy_tag.html")
def therapy_tag(slug: str, name: str, url: str = "") -> dict[str, Any]:
    """Draw a therapy's marker in its colour, and its name."""
    return {"style": palette.therapy_style(slug), "name": name, "url": url}


@register.inclusion_tag("components/certainty.html")
def certainty(level: str | None = None, reasons: str = "") -> dict[str, Any]:
    """Draw a GRADE rating in symbols and words, or say that nobody has rated yet."""
    symbols, word = CERTAINTIES.get(level or "", ("", "Certainty not yet rated"))
    return {"symbols": symbols, "word": word, "reasons": reasons}


@kept_tag("components/direction.html")
def direction(code: str) -> dict[str, Any]:
    """Draw which way a finding in words points."""
    symbol, word = DIRECTIONS.get(code, ("○", code.replace("_", " ")))
    return {"symbol": symbol, "word": word, "code": code}


@register.inclusion_tag("components/caution.html")
def caution(code: str, text: str) -> dict[str, Any]:
    """Draw one caution; the grave ones look graver."""
    return {"text": text, "code": code, "is_grave": code in GRAVE_CAUTIONS}


@register.inclusion_tag("components/question.html")
def question_in_words(text: str) -> dict[str, Any]:
    """Say above a view what it shows."""
    return {"text": text}


@register.inclusion_tag("components/chart_figure.html")
def chart_figure(chart: Chart) -> dict[str, Any]:
    """Draw a chart: reserved space, figure data, buttons, table twin, or its empty state."""
    return {
        "chart": chart,
        "data_id": f"{chart.id}-data",
        "palette_id": f"{chart.id}-palette",
        "twins": DARK_TWINS,
    }


DARK_TWINS = palette.dark_twins()
BAR_WIDTH, BAR_INSET = 120, 5  # pixels; the inset keeps a marker at 0 or 100% inside the drawing


@register.inclusion_tag("components/interval_bar.html")
def interval_bar(share: Share | None, slug: str = "") -> dict[str, Any]:
    """Draw a proportion and its interval as a line of 120 pixels from 0 to 100%; the figure itself stands beside it."""

    def place(value: float) -> str:
        return f"{BAR_INSET + value * (BAR_WIDTH - 2 * BAR_INSET):.1f}"

    drawn: dict[str, Any] = {"width": BAR_WIDTH, "end": BAR_WIDTH - BAR_INSET, "start": BAR_INSET}
    drawn["middle"] = place(0.5)
    value = share.share if share is not None else None
    if share is None or value is None:
        return drawn
    drawn["point"] = place(value)
    if share.low is not None and share.high is not None:
        drawn |= {"low": place(share.low), "high": place(share.high)}
    drawn["css_class"] = palette.therapy_style(slug).css_class if slug else ""
    return drawn


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Page) -> dict[str, Any]:
    """Draw the pages of a list, keeping the rest of the query string."""
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    return {"page_obj": page_obj, "page_range": numbers, "request": context["request"]}


@register.simple_block_tag
def scroll_box(content: str, label: str) -> SafeString:
    """Wrap a wide table in its own scrolling box, which the keyboard can reach and a screen reader can name."""
    return format_html(
        '<div class="scroll-box" role="region" tabindex="0" aria-label="{}, table">{}</div>', label, content
    )


@register.filter
def is_checkboxes(bound_field: Any) -> bool:
    """Tell whether a form field is a group of checkboxes, which needs a legend and not a label."""
    return getattr(bound_field.field.widget, "input_type", "") in {"checkbox", "radio"} and hasattr(
        bound_field.field, "choices"
    )


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """Draw the rows of a table: in Python, since the twin of a forest plot has a thousand cells."""
    return format_html_join("\n", "<tr>{}</tr>", ((_cells_of(row),) for row in table.cells))


def _cells_of(row: list[tuple[Column, str]]) -> SafeString:
    """The cells of a row, the first its heading."""
    drawn = []
    for place, (column, cell) in enumerate(row):
        url = getattr(cell, "url", "")
        inner = format_html('<a href="{}">{}</a>', url, cell) if url else cell
        if place == 0:
            drawn.append(format_html('<th scope="row">{}</th>', inner))
        else:
            drawn.append(
                format_html('<td class="number">{}</td>' if column.is_number else "<td>{}</td>", inner)
            )
    return SafeString("".join(drawn))
