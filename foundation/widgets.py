"""Widgets of the filter forms, drawn in Python: Django draws each of a hundred options by three small templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def _attributes(given: Mapping[str, Any]) -> SafeString:
    """Attributes in their order: True stands as a bare name, False is left out."""
    drawn = (
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))
        for name, value in given.items()
        if value is not False
    )
    return SafeString("".join(drawn))


class Checkboxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, in the markup of Django's own; wants an id."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The boxes; `renderer` is not asked."""
        widget = self.get_context(name, value, attrs)["widget"]
        boxes = format_html_join(
            "",
            "<div>\n    {}\n\n</div>",
            ((_box(each),) for _, options, _ in widget["optgroups"] for each in options),
        )
        return format_html('<div id="{}">{}\n</div>', widget["attrs"]["id"], boxes)


def _box(option: Mapping[str, Any]) -> SafeString:
    return format_html(
        '<label for="{}"><input type="{}" name="{}" value="{}"{}>\n {}</label>',
        option["attrs"]["id"],
        option["type"],
        option["name"],
        str(option["value"]),
        _attributes(option["attrs"]),
        option["label"],
    )


class Dropdown(forms.Select):
    """A list to choose from, in the markup of Django's own."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The list; `renderer` is not asked."""
        widget = self.get_context(name, value, attrs)["widget"]
        groups = (_group(label, options) for label, options, _ in widget["optgroups"])
        return format_html(
            '<select name="{}"{}>{}\n</select>',
            widget["name"],
            _attributes(widget["attrs"]),
            SafeString("".join(groups)),
        )


def _group(label: str | None, options: list[Mapping[str, Any]]) -> SafeString:
    drawn = format_html_join(
        "",
        '\n  <option value="{}"{}>{}</option>\n',
        ((str(each["value"]), _attributes(each["attrs"]), each["label"]) for each in options),
    )
    return drawn if label is None else format_html('\n  <optgroup label="{}">{}\n  </optgroup>', label, drawn)
