"""/compare/: the question in words, the answer below it, every figure with its source; and nobody wins."""

from __future__ import annotations

import html as entities
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode

from comparison.presenters.forest import MOST_LINES
from tests.comparison.pages import assert_sound, read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]

NAIVE = "?therapy=rituximab&therapy=abatacept&outcome=complete_remission"
ANCHORED = "?therapy=inebilizumab&therapy=obexelimab&outcome=relapse"
LETTER = "?therapy=dupilumab&therapy=abatacept"
DIRECT = "?therapy=inebilizumab&therapy=placebo&outcome=relapse"
QUANTITY = "?therapy=rituximab&therapy=dupilumab&outcome=serum_igg4"
EMPTY = "?therapy=dupilumab&outcome=second_relapse"
ORGAN = "?therapy=glucocorticoid&therapy=rituximab&organ=pancreas"
SIX = "?" + urlencode(
    {
        "therapy": ["glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept", "inebilizumab"],
        "outcome": "relapse",
    },
    doseq=True,
)
TOGETHER = "?therapy=rituximab&pool=together&exclude=carruthers-2015"
QUESTIONS = {
    "the letter's five": "",
    "naive": NAIVE,
    "anchored": ANCHORED,
    "direct": DIRECT,
    "quantity": QUANTITY,
    "no evidence": EMPTY,
    "organ": ORGAN,
    "six therapies": SIX,
    "together": TOGETHER,
}
asked = pytest.mark.parametrize("query", QUESTIONS.values(), ids=QUESTIONS)
# Study pages that sources lead to, read once: nothing here changes the evidence.
STUDY_PAGES: dict[str, str] = {}


def page(client: Client, query: str) -> str:
    return read(client, f"/compare/{query}")


def api(client: Client, query: str) -> Any:
    response = client.get(f"/api/v1/comparisons/{query}")
    assert response.status_code == 200
    return response.json()


def rows_of(answer: Any) -> list[dict[str, Any]]:
    return [row for stratum in answer["strata"] for row in stratum["rows"]]


def figure(html: str) -> Any | None:
    """The forest plot as the page carries it; None where it has none."""
    found = re.search(r'<script id="forest-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    return None if found is None else json.loads(found[1], parse_constant=lambda name: pytest.fail(name))


def twin(html: str) -> list[str]:
    """The rows of the plot's table, as HTML."""
    found = re.search(r'<details class="chart-table">(.*?)</details>', html, re.DOTALL)
    return [] if found is None else re.findall(r"<tr>.*?</tr>", found[1].partition("<tbody>")[2], re.DOTALL)


def section(html: str, start: str, end: str) -> str:
    return html[html.index(f'id="{start}"') : html.index(end) if end in html else len(html)]


@asked
def test_a_page_answers_in_words_and_is_sound(client: Client, query: str) -> None:
    html = page(client, query)
    assert_sound(html)
    answer = api(client, query)
    text = words(html)
    assert answer["question"]["in_words"] in text
    for caution in answer["cautions"]:
        assert caution["text"] in text
    for finding in answer["findings"]:
        assert " ".join(finding["statement"].split()) in text


@asked
def test_the_plot_draws_the_rows_of_the_api(client: Client, query: str) -> None:
    answer, plot = api(client, query), figure(page(client, query))
    key = "value" if "serum" in query else "proportion"
    if not rows_of(answer):
        assert plot is None
        return
    assert plot is not None
    (studies,) = [trace for trace in plot["data"] if trace["name"] == "studies"]
    # The API rounds to six decimals.
    expected = [
        [round(row[key], 6) for row in stratum["rows"]]
        for stratum in answer["strata"]
        if len(stratum["rows"]) <= MOST_LINES
    ]
    collapsed = [stratum for stratum in answer["strata"] if len(stratum["rows"]) > MOST_LINES]
    drawn = [round(value, 6) for value in studies["x"]]
    assert len(drawn) == sum(map(len, expected)) + (MOST_LINES - 2) * len(collapsed)
    if not collapsed:
        assert drawn == [value for stratum in expected for value in stratum]
    for value in (value for stratum in expected for value in stratum):
        assert value in drawn
    hollow = sum(symbol.endswith("-open") for symbol in studies["marker"]["symbol"])
    if not collapsed and key == "proportion":
        assert hollow == sum(not row["pooled"] for row in rows_of(answer))
    many = [stratum for stratum in answer["strata"] if (stratum["estimate"] or {"arms": 0})["arms"] > 1]
    diamonds = [trace for trace in plot["data"] if trace["name"] == "pooled"]
    assert sum(value is None for trace in diamonds for value in trace["x"]) == len(many)


@asked
def test_the_table_twin_has_every_row_with_its_figure(client: Client, query: str) -> None:
    answer, told = api(client, query), twin(page(client, query))
    pooled = sum((stratum["estimate"] or {"arms": 0})["arms"] > 1 for stratum in answer["strata"])
    rows = rows_of(answer)
    assert len(told) == len(rows) + pooled
    texts = [words(row) for row in told]
    for row in rows:
        if row["events"] is not None:
            name = row["study_label"]
            assert any(name in text and f"{row['events']} of {row['total']} (" in text for text in texts), (
                name
            )


@asked
def test_every_row_leads_to_where_its_figure_stands(client: Client, query: str) -> None:
    for row in twin(page(client, query)):
        if "Pooled: " in row:
            continue
        (address,) = re.findall(r'href="(/studies/[^"]+)"', row)
        place, _, anchor = address.partition("#")
        if place not in STUDY_PAGES:
            STUDY_PAGES[place] = read(client, place)
        assert f'id="{anchor}"' in STUDY_PAGES[place], address


@asked
def test_findings_contrasts_and_reviews_lead_to_their_rows(client: Client, query: str) -> None:
    html = page(client, query)
    for place, anchor in set(
        re.findall(r'href="(/studies/[^"#]+)#((?:finding|contrast|synthesis)-\d+)"', html)
    ):
        if place not in STUDY_PAGES:
            STUDY_PAGES[place] = read(client, place)
        assert f'id="{anchor}"' in STUDY_PAGES[place], (place, anchor)


WINNER = re.compile(
    r"\b(better|best|superior|inferior|achiev\w+|led to|winner|wins|outperform\w*|more effective|favou?rs?)\b",
    re.I,
)


def quoted(answer: Any) -> list[str]:
    """Texts of the papers that the page repeats: what they say is theirs."""
    rows = rows_of(answer)
    texts = [
        row[key] for row in rows for key in ("definition", "locator", "arm_label", "study_label", "derived")
    ]
    texts += [other["definition"] for row in rows for other in row["passed_over"]]
    return sorted({text for text in texts if text}, key=len, reverse=True)


@pytest.mark.parametrize("query", [NAIVE, LETTER, "", SIX, ORGAN, QUANTITY, TOGETHER])
def test_no_sentence_of_ours_names_a_winner(client: Client, query: str) -> None:
    html, answer = page(client, query), api(client, query)
    assert {contrast["kind"] for contrast in answer["contrasts"]} <= {"naive"}
    # How the studies word their definitions is theirs too.
    ours_alone = re.sub(
        r"<dt>Definition</dt><dd>.*?</dd>", "", section(html, "summary", '<h2 id="findings">')
    )
    text = words(re.sub(r'<table class="data definitions">.*?</table>', "", ours_alone, flags=re.DOTALL))
    for quotation in quoted(answer):
        text = text.replace(" ".join(quotation.split()), "…")
    assert WINNER.findall(text) == []
    assert "was followed by" in text or query == QUANTITY
    ours = [caution["text"] for caution in answer["cautions"]]
    ours += [
        reason
        for one in answer["contrasts"]
        for reason in one["reasons"]
        if "definitions differ" not in reason
    ]
    assert [line for line in ours if WINNER.search(line)] == []


@pytest.mark.parametrize(("query", "one"), [(NAIVE, "rituximab"), (LETTER, "dupilumab")])
def test_a_naive_pair_shows_no_difference_and_says_why(client: Client, query: str, one: str) -> None:
    text = words(section(page(client, query), "verdicts", '<h2 id="findings">'))
    assert f"{one.capitalize()} against Abatacept ○ Not comparable" in text
    assert "No randomised or controlled trial compared them" in text
    assert f"A randomised trial of {one} against abatacept" in text
    assert "ratio" not in text.replace("Why", "")


def test_an_anchored_pair_shows_the_comparators_risks(client: Client) -> None:
    text = words(section(page(client, ANCHORED), "verdicts", '<h2 id="differences">'))
    assert "Compared through a third: placebo, risk ratio 0.35 (95% CI 0.15 to 0.80)" in text
    assert "40 of 67 (60%) in MITIGATE and 53 of 97 (55%) in INDIGO" in text
    assert "7 of 68 (10%, 95% CI 4 to 20)" in text


def test_a_direct_pair_shows_both_arms_and_both_measures(client: Client) -> None:
    text = words(section(page(client, DIRECT), "verdicts", '<h2 id="differences">'))
    assert "Compared directly, risk ratio 0.17 (95% CI 0.08 to 0.36)" in text
    assert "Compared directly, hazard ratio 0.13 (95% CI 0.06 to 0.28)" in text
    assert "risk difference −49.4 percentage points" in text


def test_a_trial_without_an_event_shows_no_ratio_and_why(client: Client) -> None:
    text = words(page(client, "?therapy=inebilizumab&therapy=placebo&outcome=death"))
    assert "Compared directly, no ratio" in text
    assert "neither arm had an event, which says nothing about a ratio" in text


def test_the_letters_question_shows_both_figures(client: Client) -> None:
    text = words(page(client, NAIVE))
    for told in (
        "14 of 30 (47%, 95% CI 28 to 66)",
        "3 of 10 (30%, 95% CI 7 to 65)",
        "Carruthers 2015",
        "Matza 2022",
    ):
        assert told in text


def test_no_evidence_is_said_plainly(client: Client) -> None:
    html = page(client, EMPTY)
    text = words(html)
    assert "No study in the evidence set reports a figure for this outcome under these filters." in text
    assert "Dupilumab: no study in the evidence set reports a figure for this outcome." in text
    assert 'data-chart="' not in html


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────


def chosen(html: str) -> set[tuple[str, str]]:
    """What the form shows as asked: ticked boxes, chosen options, filled and hidden inputs."""
    form = html[
        html.index('<form class="filters"') : html.index("</form>", html.index('<form class="filters"'))
    ]
    found = set()
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="checkbox"' not in tag or " checked" in tag):
            found.add((name[1], value[1]))
    for select in re.findall(r"<select.*?</select>", form, re.DOTALL):
        name = re.search(r'name="([^"]*)"', select)
        for option in re.findall(r"<option[^>]*selected[^>]*>", select):
            value = re.search(r'value="([^"]*)"', option)
            if name and value and value[1]:
                found.add((name[1], value[1]))
    return found


def test_the_form_shows_what_was_asked(client: Client) -> None:
    pairs = {
        ("therapy", "rituximab"),
        ("outcome", "relapse"),
        ("design", "cohort"),
        ("at", "78"),
        ("organ", "pancreas"),
        ("comorbidity", "asthma"),
        ("glucocorticoid", "tapered_off"),
        ("from", "2010"),
        ("to", "2024"),
        ("basis", "abstract"),
        ("pool", "together"),
        ("overlaps", "certain"),
        ("exclude", "matza-2022"),
    }
    assert chosen(page(client, f"?{urlencode(sorted(pairs))}")) == pairs
    assert {value for name, value in chosen(page(client, "")) if name == "therapy"} == {
        "glucocorticoid",
        "rituximab",
        "mepolizumab",
        "dupilumab",
        "abatacept",
    }


@pytest.mark.parametrize(
    "query", ["?from=&to=", "?at=&glucocorticoid=&basis=&pool=&overlaps=&organ=&exclude="]
)
def test_fields_left_empty_ask_nothing(client: Client, query: str) -> None:
    assert figure(page(client, query)) == figure(page(client, ""))


def test_a_study_can_be_left_out_and_taken_back(client: Client) -> None:
    html = page(client, NAIVE)
    (row,) = [one for one in twin(html) if "Carruthers 2015" in one]
    (address,) = re.findall(r'href="(/compare/[^"]+)"', row)
    without = read(client, entities.unescape(address))
    assert "Left out by you: Carruthers 2015 (take back)" in words(without)
    assert "without Carruthers 2015." in words(without)
    plot = figure(without)
    assert plot is not None
    (studies,) = [trace for trace in plot["data"] if trace["name"] == "studies"]
    assert any(symbol.endswith("-open") for symbol in studies["marker"]["symbol"])
    (row,) = [one for one in twin(without) if "Carruthers 2015" in one]
    assert "no: left out by the reader" in words(row)
    (back,) = re.findall(r'href="(/compare/[^"]+)"', row)
    assert figure(read(client, entities.unescape(back))) == figure(html)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?therapy=tocilizumab9", "therapy does not take 'tocilizumab9'."),
        ("?at=abc", "at takes latest, earliest or a week number, not 'abc'."),
        ("?at=" + "0" * 9 + "9" * 5000, "at takes one whole number from 0 to 2600"),
        ("?from=2020&to=2010", "from 2020 lies after to 2010."),
        ("?outcome=relapse&outcome=death", "outcome takes one value, not 2."),
        ("?colour=blue", "colour is not part of a question."),
        ("?therapy=%3Cscript%3Ealert(1)%3C/script%3E", "therapy does not take '<script>alert(1)</script>'."),
        ("?therapy=%00", "therapy does not take '\\x00'."),
    ],
)
def test_a_wrong_parameter_is_named_on_a_sound_page(client: Client, query: str, message: str) -> None:
    html = read(client, f"/compare/{query}", 400)
    assert_sound(html)
    assert "<script>alert" not in html
    assert message in entities.unescape(html[html.index('role="alert"') :])
    assert figure(html) is None


def test_downloads_ask_the_api_the_same(client: Client) -> None:
    html = page(client, NAIVE)
    for ending in ("", "&amp;format=csv"):
        address = f'href="/api/v1/comparisons/{NAIVE.replace("&", "&amp;")}{ending}"'
        assert address in html
    assert client.get(f"/api/v1/comparisons/{NAIVE}&format=csv").status_code == 200
