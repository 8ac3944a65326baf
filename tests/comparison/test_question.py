"""What is asked: read from a query string, said in English, written back in one way."""

from __future__ import annotations

from dataclasses import fields
from urllib.parse import parse_qs, parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.question import (
    BACKGROUNDS,
    LETTER_THERAPIES,
    PARAMETERS,
    Question,
    UnanswerableQuestion,
    lower_first,
)
from comparison.vocabulary import Vocabulary
from evidence.choices import DesignClass
from tests.comparison.answers import VOCABULARY

Pairs = list[tuple[str, str]]


def parse(query: str) -> Question:
    return Question.from_query(parse_qs(query, keep_blank_values=True), VOCABULARY)


def refusals(query: str, vocabulary: Vocabulary = VOCABULARY) -> list[str]:
    with pytest.raises(UnanswerableQuestion) as refused:
        Question.from_query(parse_qs(query, keep_blank_values=True), vocabulary)
    return [wrong.detail for wrong in refused.value.wrong]


def some(values: object) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(values)), unique=True)  # type: ignore[call-overload]


years = st.none() | st.integers(1900, 2100)


@st.composite
def queries(draw: st.DrawFn) -> Pairs:
    """Parameters as a reader might send them, each with a value that it takes."""
    therapies = draw(st.lists(st.sampled_from(sorted(VOCABULARY.therapies)), unique=True, max_size=6))
    several = {
        "therapy": therapies,
        "design": draw(some(DesignClass.values)),
        "organ": draw(some(VOCABULARY.organs)),
        "comorbidity": draw(some(VOCABULARY.comorbidities)),
        "exclude": draw(some(VOCABULARY.studies)),
    }
    at = st.sampled_from(["latest", "earliest"]) | st.integers(0, 2600).map(str)
    first, last = draw(years), draw(years)
    if first is not None and last is not None:
        first, last = min(first, last), max(first, last)
    single = {
        "outcome": draw(st.none() | st.sampled_from(sorted(VOCABULARY.outcomes))),
        "alike": draw(st.none() | st.sampled_from(sorted(VOCABULARY.studies))),
        "at": draw(st.none() | at),
        "glucocorticoid": draw(st.none() | st.sampled_from(BACKGROUNDS)),
        "from": first,
        "to": last,
        "basis": draw(st.none() | st.sampled_from(["full_text", "abstract", "any"])),
        "pool": draw(st.none() | st.sampled_from(["by_design", "together"])),
        "overlaps": draw(st.none() | st.sampled_from(["probable", "certain", "ignore"])),
    }
    pairs = [(name, value) for name, values in several.items() for value in values]
    return pairs + [(name, str(value)) for name, value in single.items() if value is not None]


def ask(pairs: Pairs) -> Question:
    return parse(urlencode(pairs))


@settings(deadline=None)
@given(queries())
def test_a_question_written_and_read_again_is_the_same(pairs: Pairs) -> None:
    question = ask(pairs)
    assert parse(question.to_query()) == question
    assert parse(question.to_query()).to_query() == question.to_query()


@settings(deadline=None)
@given(queries(), st.randoms(use_true_random=False))
def test_equal_questions_have_one_query_string(pairs: Pairs, chance: object) -> None:
    """Parameters in any order, and values repeated; the order of therapies alone is part of the question."""
    therapies = [pair for pair in pairs if pair[0] == "therapy"]
    others = [pair for pair in pairs if pair[0] != "therapy"]
    again = [pair for pair in others if pair[0] in ("design", "organ", "comorbidity", "exclude")]
    mixed = [*others, *again]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert ask([*mixed, *therapies, *therapies]).to_query() == ask(pairs).to_query()


@settings(deadline=None)
@given(queries())
def test_no_default_is_written(pairs: Pairs) -> None:
    written = dict(parse_qsl(ask(pairs).to_query()))
    defaults = {"outcome": "overall_response", "basis": "any", "pool": "by_design", "overlaps": "probable"}
    assert not written.items() & defaults.items()
    assert "" not in written.values()


def test_the_plain_address_asks_for_the_letters_five() -> None:
    question = parse("")
    assert question == Question()
    assert question.therapies == LETTER_THERAPIES
    assert (question.outcome, question.to_query()) == ("overall_response", "")


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("outcome=overall_response&at=26", ""),
        ("outcome=relapse&at=latest", "outcome=relapse"),
        ("outcome=infection&at=latest", "outcome=infection"),
        ("outcome=relapse&at=26", "outcome=relapse&at=26"),
        ("outcome=complete_remission&at=0", "outcome=complete_remission&at=0"),
        ("at=0052", "at=52"),
        ("design=case&design=randomised&design=case", "design=randomised&design=case"),
        ("exclude=stone-2025&exclude=matza-2022", "exclude=matza-2022&exclude=stone-2025"),
        ("therapy=abatacept&therapy=rituximab", "therapy=abatacept&therapy=rituximab"),
        ("utm_source=letter", ""),
    ],
)
def test_the_canonical_query_of(query: str, canonical: str) -> None:
    assert parse(query).to_query() == canonical


def test_the_order_of_the_therapies_is_kept() -> None:
    assert parse("therapy=placebo&therapy=abatacept").therapies == ("placebo", "abatacept")


SEVEN = "&".join(f"therapy={slug}" for slug in list(VOCABULARY.therapies)[:7])
WEEK = "at takes latest, earliest or a week number, not {}."
RANGE = "at takes one whole number from 0 to 2600, not {}."


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("therapy=tocilizumab", "therapy does not take 'tocilizumab'."),
        ("therapy=", "therapy does not take ''."),
        ("therapy=Rituximab", "therapy does not take 'Rituximab'."),
        ("therapy=rituximab%00", "therapy does not take 'rituximab\\x00'."),
        (SEVEN, "therapy takes 6 at the most."),
        ("outcome=survival", "outcome does not take 'survival'."),
        ("outcome=", "outcome does not take ''."),
        ("outcome=relapse&outcome=relapse", "outcome takes one value, not 2."),
        ("design=rct", "design does not take 'rct'."),
        ("organ=soul", "organ does not take 'soul'."),
        ("comorbidity=gout", "comorbidity does not take 'gout'."),
        ("glucocorticoid=not_reported", "glucocorticoid does not take 'not_reported'."),
        ("glucocorticoid=none&glucocorticoid=fixed", "glucocorticoid takes one value, not 2."),
        ("basis=press", "basis does not take 'press'."),
        ("pool=all", "pool does not take 'all'."),
        ("overlaps=never", "overlaps does not take 'never'."),
        ("overlaps=certain&overlaps=ignore", "overlaps takes one value, not 2."),
        ("exclude=nobody-1900", "exclude does not take 'nobody-1900'."),
        ("alike=nobody-1900", "alike does not take 'nobody-1900'."),
        ("alike=matza-2022&alike=stone-2025", "alike takes one value, not 2."),
        ("at=abc", WEEK.format("'abc'")),
        ("at=-1", WEEK.format("'-1'")),
        ("at=1.5", WEEK.format("'1.5'")),
        ("at=", WEEK.format("''")),
        ("at=%00", WEEK.format("'\\x00'")),
        ("at=99999", RANGE.format("'99999'")),
        ("at=2601", RANGE.format("'2601'")),
        ("at=000000000999999", RANGE.format("'000000000999999'")),
        ("at=" + "0" * 9 + "9" * 5000, RANGE.format(repr(("0" * 9 + "9" * 5000)[:80]))),
        ("at=%D9%A2%D9%A6", RANGE.format("'٢٦'")),
        ("at=%C2%B2", RANGE.format("'²'")),
        ("at=26&at=52", "at takes one value, not 2."),
        ("at=latest&at=earliest", "at takes one value, not 2."),
        ("from=2020&to=2010", "from 2020 lies after to 2010."),
        ("from=1899", "from takes one whole number from 1900 to 2100, not '1899'."),
        ("to=2101", "to takes one whole number from 1900 to 2100, not '2101'."),
        ("to=", "to takes one whole number from 1900 to 2100, not ''."),
        ("from=02015", "from takes one whole number from 1900 to 2100, not '02015'."),
        ("from=000001999999", "from takes one whole number from 1900 to 2100, not '000001999999'."),
        (
            "from=%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%95",
            "from takes one whole number from 1900 to 2100, not '２０１５'.",
        ),
        ("from=2010&from=2011", "from takes one value, not 2."),
        ("from=+2015", "from takes one whole number from 1900 to 2100, not ' 2015'."),
    ],
)
def test_a_wrong_value_is_refused_by_name(query: str, detail: str) -> None:
    assert refusals(query) == [detail]


def test_all_that_is_wrong_is_told_at_once() -> None:
    details = refusals("therapy=x&outcome=y&at=z&from=1&pool=p")
    assert [detail.split()[0] for detail in details] == ["therapy", "outcome", "at", "from", "pool"]


def test_a_wrong_value_comes_with_those_that_would_do() -> None:
    with pytest.raises(UnanswerableQuestion) as refused:
        parse("organ=pancras")
    (wrong,) = refused.value.wrong
    assert (wrong.parameter, wrong.value) == ("organ", "pancras")
    assert wrong.allowed == ("pancreas", "orbit", "aorta")


def test_a_long_value_is_not_repeated_whole() -> None:
    (detail,) = refusals(f"organ={'x' * 10_000}")
    assert len(detail) < 120


def test_where_no_evidence_is_loaded_the_default_is_refused_and_nothing_fails() -> None:
    nothing = Vocabulary({}, {}, {}, {}, {})
    assert refusals("", nothing) == [
        "therapy must be given: its default is not in the evidence set.",
        "outcome must be given: its default is not in the evidence set.",
    ]


def test_of_the_letters_five_those_are_asked_that_are_known() -> None:
    few = Vocabulary(
        {slug: VOCABULARY.therapies[slug] for slug in ("rituximab", "placebo")},
        VOCABULARY.outcomes,
        {},
        {},
        {},
    )
    assert Question.from_query({}, few).therapies == ("rituximab",)


FIVE = "glucocorticoid, rituximab, mepolizumab, dupilumab and abatacept"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", f"Overall response closest to week 26, {FIVE}, all designs."),
        (
            "therapy=rituximab&therapy=abatacept&outcome=complete_remission&to=2026",
            "Complete remission closest to week 26, rituximab and abatacept, all designs, studies to 2026.",
        ),
        (
            "therapy=rituximab&outcome=relapse",
            "Relapse or flare at the latest time reported, rituximab, all designs.",
        ),
        ("therapy=rituximab&at=0", "Overall response closest to week 0, rituximab, all designs."),
        (
            "therapy=rituximab&at=earliest&design=randomised&design=cohort",
            "Overall response at the earliest time reported, rituximab, randomised trials and cohorts.",
        ),
        (
            "therapy=cd19_car_t&organ=orbit&organ=pancreas&comorbidity=asthma&comorbidity=diabetes",
            "Overall response closest to week 26, CD19 CAR T cells, all designs, "
            "patients with disease of pancreas or orbit, patients with asthma or diabetes.",
        ),
        (
            "therapy=rituximab&glucocorticoid=tapered_off&from=2015&to=2020&basis=abstract",
            "Overall response closest to week 26, rituximab, all designs, background glucocorticoid: tapered off, "
            "studies of 2015 to 2020, without press and secondary sources.",
        ),
        (
            "therapy=rituximab&from=2015&basis=full_text&pool=together&overlaps=ignore",
            "Overall response closest to week 26, rituximab, all designs, studies from 2015, full texts only, "
            "all designs pooled together, overlaps ignored.",
        ),
        (
            "therapy=rituximab&overlaps=certain&exclude=stone-2025&exclude=matza-2022",
            "Overall response closest to week 26, rituximab, all designs, only certain overlaps heeded, "
            "without Matza 2022 and MITIGATE.",
        ),
    ],
)
def test_a_question_says_itself_in_words(query: str, sentence: str) -> None:
    assert parse(query).in_words(VOCABULARY) == sentence


@settings(deadline=None)
@given(queries())
def test_every_question_can_be_said(pairs: Pairs) -> None:
    sentence = ask(pairs).in_words(VOCABULARY)
    assert sentence.endswith(".") and "None" not in sentence and ",," not in sentence


@settings(deadline=None)
@given(queries(), st.sampled_from(sorted(VOCABULARY.studies)))
def test_leaving_a_study_out_twice_takes_it_back(pairs: Pairs, study: str) -> None:
    question = ask(pairs)
    assert question.toggled(study) != question
    assert question.toggled(study).toggled(study) == question
    assert parse(question.toggled(study).to_query()) == question.toggled(study)


def test_every_field_has_its_parameter() -> None:
    assert set(PARAMETERS.values()) == {field.name for field in fields(Question)}


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Placebo", "placebo"),
        ("CD19 CAR T cells", "CD19 CAR T cells"),
        ("IgG4-RD Responder Index", "IgG4-RD Responder Index"),
        ("Serum IgG4", "serum IgG4"),
        ("B cells", "B cells"),
        ("", ""),
    ],
)
def test_a_name_within_a_sentence_keeps_its_abbreviations(name: str, within: str) -> None:
    assert lower_first(name) == within
