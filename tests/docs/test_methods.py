"""The methods text: every example is run, every formula has its reference, and the page is the text."""

from __future__ import annotations

import doctest
import re

import pytest
from django.test import Client
from markdown_it import MarkdownIt

from comparison.presenters.methods import TEXT, methods_document, render
from tests.comparison.pages import assert_sound, read, words

SOURCE = TEXT.read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", SOURCE, flags=re.MULTILINE)[1:]
# By what the text promises: formula, reason, reference, example.
WITH_FORMULA = [section for section in SECTIONS if "```text" in section]


def examples() -> list[str]:
    """Every block of Python, in the order of the text: later ones build on earlier ones."""
    tokens = MarkdownIt("commonmark").parse(SOURCE)
    return [token.content for token in tokens if token.type == "fence" and token.info == "python"]


def test_every_example_gives_what_the_text_says() -> None:
    test = doctest.DocTestParser().get_doctest("\n".join(examples()), {}, "methods.md", "docs/methods.md", 0)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(test, out=told.append)
    assert result.attempted > 40
    assert result.failed == 0, "".join(told)


def test_a_wrong_example_would_be_found() -> None:
    wrong = "\n".join(examples()).replace("0.6924 to 0.8746", "0.6925 to 0.8746")
    test = doctest.DocTestParser().get_doctest(wrong, {}, "methods.md", "docs/methods.md", 0)
    assert doctest.DocTestRunner(verbose=False).run(test, out=lambda text: None).failed == 1


@pytest.mark.parametrize("section", WITH_FORMULA, ids=lambda section: section.partition("\n")[0])
def test_every_formula_has_its_reference_and_its_example(section: str) -> None:
    assert re.search(r"^References?: .*\d{4}", section, re.MULTILINE)
    assert "```python" in section


def test_every_method_has_its_formula() -> None:
    titles = {section.partition("\n")[0].partition(". ")[2] for section in WITH_FORMULA}
    assert titles == {
        "x of n patients, with an interval",
        "Pooled proportions",
        "Why Freeman-Tukey is not offered",
        "Two arms of one study",
        "Several studies of the same two arms",
        "Direct, anchored, naive: the guard",
        "Case reports",
    }


def test_the_published_result_and_the_all_responders_are_in_the_text() -> None:
    assert "'0.7984 (0.6924 to 0.8746), tau² 0.589'" in SOURCE
    assert "pool_proportions([4, 6, 3], [4, 6, 3])" in SOURCE


def test_raw_markup_in_the_text_is_shown_as_text() -> None:
    document = render("# T\n\n## 1. A <script>alert(1)</script>\n\n<b>x</b>\n\n```text\n<i>\n```\n")
    assert document.title == "T"
    assert "<script" not in document.html and "<b>" not in document.html and "<i>" not in document.html


def test_a_slot_that_nobody_fills_is_an_error() -> None:
    document = render("```atlas\nnothing\n```\n")
    with pytest.raises(KeyError, match="nothing"):
        document.filled({})


@pytest.mark.django_db
def test_the_page_is_the_text_with_its_live_parts(client: Client) -> None:
    html = read(client, "/methods/")
    assert_sound(html)
    text = words(html)
    for section in methods_document().sections:
        assert f'href="#{section.anchor}"' in html and f'id="{section.anchor}"' in html
    assert "0.7984 (0.6924 to 0.8746)" in text
    assert "Randomised controlled trial" in text and "Told by another paper" in text
    assert "atlas" not in re.findall(r"<!-- (\w+)", html)


@pytest.mark.django_db
@pytest.mark.usefixtures("curated")
def test_the_page_works_an_example_from_the_evidence_as_it_stands(client: Client) -> None:
    text = words(read(client, "/methods/"))
    assert "The proportion is 14 / 30 = 0.4667" in text
    assert "0.2834 to 0.6567" in text
