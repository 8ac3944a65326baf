"""One colour and one marker per therapy, the same on every page and in every chart.

The letter's five hold Okabe-Ito colours for good; the others take Paul Tol's muted, bright and medium schemes by their
place in `ORDER`, and a therapy that is not listed takes one by its name, so that nothing ever changes colour when
another is added. Colour never stands alone: the marker differs too, and the name is always written.

Run `python -m foundation.palette > static/css/therapies.css` after a change here; a test holds the two together.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

PAPER, INK, MUTED, RULE = "#ffffff", "#16191c", "#50585e", "#d9dcd8"
PAPER_DARK, INK_DARK, MUTED_DARK, RULE_DARK = "#121517", "#e7eaec", "#a5aeb5", "#30363b"

# (light theme, dark theme). The first five are Okabe-Ito (black turns light on a dark page); the rest Tol's.
COLOURS: tuple[tuple[str, str], ...] = (
    ("#000000", "#f5f5f5"),  # black
    ("#0072b2", "#56b4e9"),  # blue; on dark its lighter Okabe-Ito sister
    ("#cc79a7", "#e39cc4"),  # reddish purple
    ("#d55e00", "#f08a3c"),  # vermillion
    ("#009e73", "#2fc79b"),  # bluish green
    ("#332288", "#9a8cf0"),  # indigo
    ("#882255", "#d9739f"),  # wine
    ("#999933", "#c4c455"),  # olive
    ("#997700", "#dcb84a"),  # dark yellow
    ("#aa4499", "#d580c8"),  # purple
    ("#117733", "#54b874"),  # green
    ("#cc6677", "#ee8c9c"),  # rose
    ("#4477aa", "#7fb0e0"),  # steel
)
# Tones of judgements, (light theme, dark theme), as the tokens good, warn, danger and muted have them.
TONES: dict[str, tuple[str, str]] = {
    "good": ("#1b5e35", "#86d09d"),
    "doubt": ("#7a4100", "#f2b866"),
    "bad": ("#96201f", "#f5a3a0"),
    "worst": ("#96201f", "#f5a3a0"),
    "unknown": (MUTED, MUTED_DARK),
    "aside": (MUTED, MUTED_DARK),
}
FIXED = 5  # colours that the letter's five keep to themselves

# Plotly's names for the markers, with the same drawing for a page: a path in a box of 16 by 16.
SYMBOL_PATHS: dict[str, str] = {
    "circle": "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z",
    "square": "M3 3h10v10H3z",
    "diamond": "M8 1.5L14.5 8L8 14.5L1.5 8z",
    "triangle-up": "M8 2L14.5 13.5h-13z",
    "triangle-down": "M8 14L1.5 2.5h13z",
    "cross": "M6 2h4v4h4v4h-4v4H6v-4H2V6h4z",
    "x": "M4.5 1.8L8 5.3l3.5-3.5 2.7 2.7L10.7 8l3.5 3.5-2.7 2.7L8 10.7l-3.5 3.5-2.7-2.7L5.3 8 1.8 4.5z",
    "pentagon": "M8 1.8L14.4 6.4L12 14H4L1.6 6.4z",
    "hexagon": "M8 1.5L13.8 4.8V11.2L8 14.5L2.2 11.2V4.8z",
    "star": "M8 1.2l2 4.6 5 .4-3.8 3.3 1.2 4.9L8 11.8l-4.4 2.6 1.2-4.9L1 6.2l5-.4z",
    "hourglass": "M2.5 2.5h11L9.5 8l4 5.5h-11L6.5 8z",
    "bowtie": "M2.5 2.5L8 6.5l5.5-4v11L8 9.5l-5.5 4z",
}
SYMBOLS = tuple(SYMBOL_PATHS)

# The five of the letter, then by amount of evidence. Append only: the place decides colour and marker.
ORDER: tuple[str, ...] = (
    *("glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept"),
    *(
        "inebilizumab",
        "obexelimab",
        "mycophenolate",
        "azathioprine",
        "methotrexate",
        "cyclophosphamide",
        "leflunomide",
    ),
    *(
        "iguratimod",
        "elotuzumab",
        "rilzabrutinib",
        "tocilizumab",
        "infliximab",
        "sirolimus",
        "thalidomide",
        "tamoxifen",
    ),
    *(
        "immunosuppressant_mixed",
        "no_treatment",
        "placebo",
        "surgery",
        "belimumab",
        "obinutuzumab",
        "telitacicept",
    ),
    *(
        "zanubrutinib",
        "orelabrutinib",
        "baricitinib",
        "tofacitinib",
        "bortezomib",
        "daratumumab",
        "cd19_car_t",
    ),
    *(
        "benralizumab",
        "omalizumab",
        "tezepelumab",
        "efgartigimod",
        "hydroxychloroquine",
        "ciclosporin",
        "tacrolimus",
    ),
    "mizoribine",
)
_PLACES = {slug: place for place, slug in enumerate(ORDER)}


@dataclass(frozen=True)
class TherapyStyle:
    """A therapy's look: hex colours, Plotly marker symbol, its drawing, and the class that carries the colour."""

    colour: str
    colour_dark: str
    symbol: str
    path: str
    css_class: str


def therapy_style(slug: str) -> TherapyStyle:
    """Return the look of a therapy, listed or not; the same slug always looks the same."""
    place = _PLACES.get(slug)
    if place is not None and place < FIXED:
        colour, symbol = place, SYMBOLS[place]
    else:
        others = len(COLOURS) - FIXED
        step = place - FIXED if place is not None else zlib.crc32(slug.encode())
        colour = FIXED + step % others
        # Eight colours and twelve markers share a factor, so each full round of colours shifts the marker by one more.
        symbol = SYMBOLS[(step + step // 24) % len(SYMBOLS)]
    light, dark = COLOURS[colour]
    return TherapyStyle(light, dark, symbol, SYMBOL_PATHS[symbol], f"therapy-{colour}")


def dark_twins() -> dict[str, str]:
    """Map each colour of a chart drawn for a light page to its twin on a dark one."""
    return {
        PAPER: PAPER_DARK,
        INK: INK_DARK,
        MUTED: MUTED_DARK,
        RULE: RULE_DARK,
        **dict(COLOURS),
        **dict(TONES.values()),
    }


def stylesheet() -> str:
    """Return static/css/therapies.css: one class per colour, for both themes."""
    light = "\n".join(f"  .therapy-{i} {{ --therapy: {pair[0]}; }}" for i, pair in enumerate(COLOURS))
    dark_rules = [f".therapy-{i} {{ --therapy: {pair[1]}; }}" for i, pair in enumerate(COLOURS)]
    chosen = "\n".join(f'    :root[data-theme="dark"] {rule}' for rule in dark_rules)
    auto = "\n".join(f'    :root[data-theme="auto"] {rule}' for rule in dark_rules)
    return (
        "/* Written by `python -m foundation.palette`; change the colours there. */\n"
        "@layer reset, tokens, base, components, pages, print;\n\n"
        "@layer components {\n"
        f"{light}\n\n"
        "  @media screen {\n"
        f"{chosen}\n"
        "  }\n\n"
        "  @media screen and (prefers-color-scheme: dark) {\n"
        f"{auto}\n"
        "  }\n"
        "}\n"
    )


if __name__ == "__main__":
    print(stylesheet(), end="")
