"""Every component drawn once in each state, on one page that no visitor sees."""

from __future__ import annotations

import json
import re

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from pytest_django import Settings

from foundation.pieces import Column, Quantity, Share, Source, Table
from foundation.templatetags import atlas_ui
from tests.foundation import kitchen_sink


def draw(text: str, **context: object) -> str:
    """Render a template with the tags loaded, white space folded."""
    html = Template("{% load atlas_ui %}" + text).render(Context(context))
    return " ".join(html.split())


def words(html: str) -> str:
    """The text of some HTML, as a reader sees it."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()).replace(" ,", ",")


@pytest.fixture(scope="module")
def page() -> str:
    return kitchen_sink.render()


def test_a_page_holds_no_inline_style_or_script(page: str) -> None:
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son[a-z]+=", page)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", page, flags=re.DOTALL):
        assert "src=" in attributes or 'type="application/json"' in attributes
        assert "src=" not in attributes or not body.strip()
    assert "<style" not in page


def test_a_page_loads_nothing_from_elsewhere(page: str) -> None:
    for address in re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', page):
        assert address.startswith("/"), address


def test_a_page_has_its_landmarks_and_one_first_heading(page: str) -> None:
    for landmark in ('<main id="content"', "<header", "<footer", 'aria-label="Main"', 'href="#content"'):
        assert landmark in page
    assert page.count("<h1") == 1


def test_ids_are_said_once(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_disclaimer_and_the_revision_stand_on_the_page(page: str) -> None:
    assert "not advice for a patient" in page
    assert "Evidence revision 42, as of" in page


def test_x_of_n_shows_count_percent_and_interval_with_what_it_is_of() -> None:
    share = Share(14, 30, 0.2834, 0.6567, outcome="Complete remission", week=26, definition="Index 0")
    text = words(draw("{% x_of_n share %}", share=share))
    assert text.startswith("14 of 30 (47%, 95% CI 28 to 66)")
    assert "week 26" in text
    assert "Index 0" in text


def test_zero_of_ten_is_a_figure_and_nothing_is_not() -> None:
    assert words(draw("{% x_of_n share %}", share=Share(0, 10))) == "0 of 10 (0%)"
    assert words(draw("{% x_of_n share %}", share=Share(None, 10))) == "not reported"
    assert words(draw("{% x_of_n share %}", share=None)) == "not reported"


def test_a_quantity_of_zero_is_a_figure_and_nothing_is_not() -> None:
    assert words(draw("{% quantity q %}", q=Quantity(0, "median", unit="cells/µL"))) == "median 0 cells/µL"
    assert words(draw("{% quantity q %}", q=Quantity(None))) == "not reported"


def test_a_quantity_keeps_the_figure_as_printed() -> None:
    assert "printed as 1.77 g/L" in words(draw("{% quantity q %}", q=Quantity(177, as_reported="1.77 g/L")))


def test_a_source_leads_to_its_row_its_doi_and_pubmed() -> None:
    html = draw("{% source_chip source %}", source=kitchen_sink.CARRUTHERS)
    assert 'href="/studies/carruthers-2015/#result-3"' in html
    assert 'href="https://doi.org/10.1136/annrheumdis-2014-206605"' in html
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/25667206/"' in html
    assert "abstract, results" in words(html)
    assert "source-warned" not in html


@pytest.mark.parametrize("basis", ["press", "secondary", "conference_abstract"])
def test_a_weaker_source_says_so(basis: str) -> None:
    html = draw("{% source_chip source %}", source=Source("A 2020", basis=basis))
    assert "source-warned" in html
    assert "⚠" in html


def test_a_retracted_source_says_so_before_anything_else() -> None:
    assert "Retracted" in draw(
        "{% source_chip source compact=True %}", source=Source("A", basis="press", retracted=True)
    )


def test_a_source_that_is_not_there_is_told() -> None:
    assert words(draw("{% source_chip source %}", source=None)) == "source not recorded"


def test_a_design_has_symbol_word_and_level() -> None:
    html = draw("{% design_badge 'randomised_trial' 2 'Randomised controlled trial' %}")
    assert words(html) == "● RCT level 2"
    assert 'aria-hidden="true">●' in html
    assert "level" not in words(draw("{% design_badge 'meta_analysis' None %}"))


def test_certainty_is_told_or_said_to_be_missing() -> None:
    assert words(draw("{% certainty %}")) == "Certainty not yet rated"
    assert words(draw("{% certainty 'very_low' 'imprecision' %}")) == "⊕⊝⊝⊝ Very low certainty imprecision"


def test_a_therapy_is_told_by_marker_and_name() -> None:
    html = draw("{% therapy_tag 'dupilumab' 'Dupilumab' '/therapies/dupilumab/' %}")
    assert "therapy-3" in html
    assert words(html) == "Dupilumab"


def test_what_an_editor_typed_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    html = draw(
        "{% source_chip s %}{% x_of_n x %}{% caution c c %}{% therapy_tag c c %}{% scroll_box c %}{% endscroll_box %}",
        s=Source(evil, locator=evil, derived=evil),
        x=Share(1, 2, outcome=evil, definition=evil),
        c=evil,
    )
    assert "<script" not in html


def test_a_kept_component_tells_text_marked_safe_from_the_same_text_typed() -> None:
    bold = "<b>Both kept</b>"
    marked = draw("{% therapy_tag 'rituximab' name %}", name=mark_safe(bold))
    typed = draw("{% therapy_tag 'rituximab' name %}", name=bold)
    assert bold in marked
    assert bold not in typed
    assert "&lt;b&gt;" in typed


def test_a_kept_component_is_drawn_once_and_anew_while_templates_are_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def render(template_name: str, _: dict[str, object]) -> str:
        drawn.append(template_name)
        return ""

    monkeypatch.setattr(atlas_ui, "render_to_string", render)
    for _ in range(3):
        draw("{% direction 'never drawn before' %}")
    assert drawn == ["components/direction.html"]
    settings.DEBUG = True
    for _ in range(3):
        draw("{% direction 'never drawn before' %}")
    assert len(drawn) == 4


def test_an_interval_bar_draws_the_point_inside_its_interval() -> None:
    html = draw("{% interval_bar share %}", share=Share(14, 30, 0.2834, 0.6567))
    point = float(re.search(r'cx="([\d.]+)"', html)[1])  # type: ignore[index]
    low, high = map(float, re.search(r'interval-line" d="M([\d.]+) 6H([\d.]+)"', html).groups())  # type: ignore[union-attr]
    assert low < point < high


def test_an_interval_from_zero_is_drawn_and_a_missing_figure_is_not() -> None:
    assert "interval-line" in draw("{% interval_bar share %}", share=Share(0, 10, 0.0, 0.31))
    assert "interval-line" not in draw("{% interval_bar share %}", share=Share(0, 10))
    assert draw("{% interval_bar share %}", share=None) == ""


def test_a_chart_keeps_its_room_and_carries_figure_table_and_downloads(page: str) -> None:
    assert 'class="chart-spacer" width="1" height="260"' in page
    figure = re.search(r'<script id="sink-forest-data" type="application/json">(.*?)</script>', page)
    assert figure is not None
    assert json.loads(figure[1]) == kitchen_sink.FIGURE
    assert "The figures as a table" in page
    assert 'href="/compare.csv"' in page


def test_a_chart_with_nothing_to_draw_says_so_and_loads_no_figure(page: str) -> None:
    assert "No study in the evidence set reports this." in page
    assert "sink-empty-data" not in page


def test_a_table_row_of_another_length_is_an_error() -> None:
    table = Table("t", (Column("a"), Column("b")), (("1",),))
    with pytest.raises(ValueError, match="zip"):
        _ = table.cells


def test_a_scroll_box_can_be_reached_and_named() -> None:
    html = draw("{% scroll_box 'Outcomes' %}x{% endscroll_box %}")
    assert html == '<div class="scroll-box" role="region" tabindex="0" aria-label="Outcomes, table">x</div>'


def test_pages_keep_the_rest_of_the_query_string(page: str) -> None:
    assert "251 to 300 of 700" in page
    assert 'href="?organ=pancreas&amp;organ=kidney&amp;page=7"' in page


def test_each_filter_field_has_a_label_or_a_legend(page: str) -> None:
    form = page[
        page.index('<form class="filters"') : page.index("</form>", page.index('<form class="filters"'))
    ]
    for identifier in re.findall(r'<(?:input|select)[^>]*\sid="([^"]+)"', form):
        assert f'for="{identifier}"' in form
    assert 'hx-push-url="true"' in form
    assert 'method="get"' in form


def test_navigation_leaves_out_what_is_not_there() -> None:
    from foundation.templatetags.atlas_ui import route

    assert route("no-such-route") == ""
