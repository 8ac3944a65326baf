"""One look a therapy, for good; and colours that can be read in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from foundation import palette

CSS = Path(settings.BASE_DIR) / "static" / "css"
TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2 AA, criteria 1.4.3 and 1.4.11

# (text, background) as the style sheets pair them
TEXT_PAIRS = [
    *(
        (text, ground)
        for text in ("ink", "muted", "accent", "accent-strong")
        for ground in ("paper", "surface")
    ),
    *((tone, "paper") for tone in ("warn", "danger", "good")),
    ("visited", "paper"),
    ("warn", "warn-soft"),
    ("danger", "danger-soft"),
    ("good", "good-soft"),
    ("ink", "accent-soft"),
    ("ink", "mark"),
    ("muted", "mark"),
    ("accent", "mark"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
GRAPHIC_PAIRS = [("focus", "paper"), ("focus", "surface"), ("rule-strong", "paper"), ("accent", "paper")]


def luminance(colour: str) -> float:
    """WCAG relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def token_blocks() -> list[dict[str, str]]:
    """The colour tokens of each :root block: light, dark by choice, dark by the system."""
    text = (CSS / "tokens.css").read_text()
    return [
        dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block))
        for block in re.findall(r":root[^{]*\{([^}]*)\}", text)
    ]


def test_contrast_is_measured_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_both_dark_blocks_hold_the_same_values_and_name_every_colour() -> None:
    light, chosen, system = token_blocks()
    assert chosen == system
    assert set(light) == set(chosen)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(theme: int, text: str, ground: str) -> None:
    tokens = token_blocks()[theme]
    assert contrast(tokens[text], tokens[ground]) >= TEXT


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(("mark", "ground"), GRAPHIC_PAIRS)
def test_marks_can_be_seen(theme: int, mark: str, ground: str) -> None:
    tokens = token_blocks()[theme]
    assert contrast(tokens[mark], tokens[ground]) >= GRAPHIC


def test_every_colour_that_a_style_sheet_uses_is_a_token() -> None:
    names = set(token_blocks()[0])
    for sheet in CSS.glob("*.css"):
        if sheet.name in {"tokens.css", "therapies.css", "admin.css"}:
            continue
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", text), sheet.name
        if sheet.name == "case-form.css":
            # The desk's colours are Django's, and those that admin.css adds.
            continue
        used = set(re.findall(r"color:\s*var\(--([a-z-]+)\)", text)) | set(
            re.findall(r"background:\s*var\(--([a-z-]+)\)", text)
        )
        assert used <= names, sheet.name


def test_the_charts_paper_and_ink_are_the_pages() -> None:
    light, dark, _ = token_blocks()
    for name in ("paper", "ink", "muted", "rule"):
        assert getattr(palette, name.upper()) == light[name]
        assert getattr(palette, f"{name.upper()}_DARK") == dark[name]


def test_the_style_sheet_of_therapies_is_the_one_the_palette_writes() -> None:
    assert (CSS / "therapies.css").read_text() == palette.stylesheet()


def test_the_letters_five_hold_their_okabe_ito_colours() -> None:
    five = ["glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept"]
    colours = [palette.therapy_style(slug).colour for slug in five]
    assert colours == ["#000000", "#0072b2", "#cc79a7", "#d55e00", "#009e73"]


def test_listed_therapies_look_different_from_each_other() -> None:
    looks = {(s.colour, s.symbol) for s in map(palette.therapy_style, palette.ORDER)}
    assert len(looks) == len(palette.ORDER)


def test_every_curated_therapy_is_listed() -> None:
    files = {path.stem for path in (Path(settings.BASE_DIR) / "data" / "therapies").glob("*.yaml")}
    assert files == set(palette.ORDER)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=40))
def test_any_slug_has_a_look_that_stays_and_never_takes_one_of_the_five(slug: str) -> None:
    look = palette.therapy_style(slug)
    assert look == palette.therapy_style(slug)
    assert slug in palette.ORDER[: palette.FIXED] or look.colour not in {
        c for c, _ in palette.COLOURS[: palette.FIXED]
    }


@pytest.mark.parametrize("pair", palette.COLOURS)
def test_a_therapys_marker_can_be_seen_in_both_themes(pair: tuple[str, str]) -> None:
    assert contrast(pair[0], palette.PAPER) >= GRAPHIC
    assert contrast(pair[1], palette.PAPER_DARK) >= GRAPHIC


def test_a_chart_swaps_each_colour_for_one_that_is_not_itself_swapped() -> None:
    twins = palette.dark_twins()
    assert not set(twins) & set(twins.values())
