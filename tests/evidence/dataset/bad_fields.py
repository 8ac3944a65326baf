"""Fields whose value is wrong by itself or beside its neighbours."""

from typing import Any

from tests.evidence.dataset.bad import CASES, SCORE, STUDY, THERAPY, TRIAL, Bad, edited, replaced, updated


def swapped_ends(content: Any) -> None:
    content[0]["a"], content[0]["b"] = content[0]["b"], content[0]["a"]


FIELD_FAULTS = [
    Bad(
        "events above total",
        updated(STUDY, "results", 0, events=31),
        rf"{STUDY}: results\[0\]: events \(31\) exceed total \(30\)",
    ),
    Bad(
        "events below 0",
        updated(STUDY, "results", 0, events=-1),
        rf"{STUDY}: results\[0\].events: should be greater .+ \(got -1\)",
    ),
    Bad(
        "events of none",
        updated(STUDY, "results", 0, events=0, total=0),
        rf"{STUDY}: results\[0\].total: should be .+ \(got 0\)",
    ),
    Bad(
        "events without total",
        edited(STUDY, lambda study: study["results"][0].pop("total")),
        rf"{STUDY}: results\[0\]: give events and total, .+",
    ),
    Bad(
        "half an event",
        updated(STUDY, "results", 0, events=1.5),
        rf"{STUDY}: results\[0\].events: should be a whole number \(got 1.5\)",
    ),
    Bad(
        "a count in words",
        updated(STUDY, "results", 0, events="many"),
        rf"{STUDY}: results\[0\].events: should be a whole number \(got 'many'\)",
    ),
    Bad(
        "an octal number",
        replaced(STUDY, "events: 29", "events: 010"),
        rf"{STUDY}: results\[0\].events: should be a whole number \(got '010'\)",
    ),
    Bad(
        "a sexagesimal number",
        replaced(STUDY, "events: 29", "events: 0:29"),
        rf"{STUDY}: results\[0\].events: should be .+ \(got '0:29'\)",
    ),
    Bad(
        "a number without end",
        replaced(STUDY, "events: 29", "events: " + "9" * 5000),
        rf"{STUDY}: results\[0\].events: should be a whole number",
    ),
    Bad(
        "not a number",
        replaced(STUDY, "value: 911", "value: .nan"),
        rf"{STUDY}: results\[6\].value: should be a number \(got '.nan'\)",
    ),
    Bad(
        "infinity",
        replaced(STUDY, "value: 911", "value: 1.0e+999"),
        rf"{STUDY}: results\[6\].value: should be .+",
    ),
    Bad(
        "bounds the wrong way",
        updated(STUDY, "results", 6, low=5000),
        rf"{STUDY}: results\[6\]: low \(5000\) is above high \(4780\)",
    ),
    Bad(
        "a figure outside its bounds",
        updated(STUDY, "results", 6, value=5000),
        rf"{STUDY}: results\[6\]: value lies outside low … high",
    ),
    Bad(
        "an unknown key",
        updated(STUDY, "results", 0, evnets=3),
        rf"{STUDY}: results\[0\].evnets: unknown key",
    ),
    Bad("a missing key", edited(STUDY, lambda study: study.pop("basis")), rf"{STUDY}: basis: is missing"),
    Bad(
        "no locator",
        edited(STUDY, lambda study: study["results"][0].pop("locator")),
        rf"{STUDY}: results\[0\].locator: is missing",
    ),
    Bad(
        "an empty text", updated(STUDY, summary=""), rf"{STUDY}: summary: should have at least 1 character .+"
    ),
    Bad(
        "a control character",
        updated(STUDY, summary="a\x07b"),
        rf"{STUDY}: summary: holds a control character \(U\+0007\).*",
    ),
    Bad(
        "a NUL in text",
        replaced(STUDY, "label: Carruthers 2015", 'label: "a\\0b"'),
        rf"{STUDY}: label: holds a control character \(U\+0000\).*",
    ),
    Bad(
        "a NUL in an address",
        replaced(STUDY, "read_at: https", 'read_at: "https://a\\0b"\n#'),
        rf"{STUDY}: read_at: .+",
    ),
    Bad(
        "a page number without quotes",
        replaced(STUDY, "pages: 1171-1177", "pages: 549"),
        rf"{STUDY}: citations\[0\].pages: should be text; .+ \(got 549\)",
    ),
    Bad(
        "yes for true",
        replaced("overlaps.yaml", "certain: false", "certain: no"),
        r"overlaps.yaml: \[0\].certain: should be true or false \(got 'no'\)",
    ),
    Bad(
        "a country in words",
        updated(STUDY, countries=["Norway"]),
        rf"{STUDY}: countries\[0\]: should match .+ \(got 'Norway'\)",
    ),
    Bad(
        "an unknown design",
        updated(STUDY, design="trial"),
        rf"{STUDY}: design: 'trial' is not one of meta_analysis, .+",
    ),
    Bad(
        "an unknown basis",
        updated(STUDY, "results", 0, basis="memory"),
        rf"{STUDY}: results\[0\].basis: 'memory' is not one of .+",
    ),
    Bad(
        "a dose without unit",
        edited(STUDY, lambda study: study["arms"][0]["regimen"][0].pop("unit")),
        rf"{STUDY}: arms\[0\].regimen\[0\]: a dose needs a unit",
    ),
    Bad(
        "an arm without therapy",
        updated(STUDY, "arms", 0, regimen=[]),
        rf"{STUDY}: arms\[0\].regimen: should have at least 1 item .+",
    ),
    Bad(
        "an age above 90",
        updated(CASES, "cases", 0, age_years=93),
        rf"{CASES}: cases\[0\].age_years: should be less than or equal to 90 \(got 93\)",
    ),
    Bad(
        "a relapse week without relapse",
        updated(CASES, "cases", 0, relapse_week=4),
        rf"{CASES}: cases\[0\]: relapse_week needs relapse: true",
    ),
    Bad(
        "an item of CARE that fields show",
        updated(CASES, "cases", 0, care={"timeline": True}),
        rf"{CASES}: cases\[0\].care.+: 'timeline' is not one of key_words, .+",
    ),
    Bad(
        "an answer on CARE that is neither yes nor no",
        updated(CASES, "cases", 0, care={"abstract": "partly"}),
        rf"{CASES}: cases\[0\].care.abstract: should be true or false \(got 'partly'\)",
    ),
    Bad(
        "a score above what the criteria give",
        updated(CASES, "cases", 0, acr_eular_2019_score=102),
        rf"{CASES}: cases\[0\].acr_eular_2019_score: should be less than or equal to 101 \(got 102\)",
    ),
    Bad(
        "an organ's score above its version's",
        updated(CASES, "cases", 0, responder_index=[{**SCORE, "score": 4}]),
        rf"{CASES}: cases\[0\].responder_index\[0\]: an organ scores 0 to 3 in this version, .+",
    ),
    Bad(
        "a total that is urgent",
        updated(CASES, "cases", 0, responder_index=[{**SCORE, "organ": None, "urgent": True}]),
        rf"{CASES}: cases\[0\].responder_index\[0\]: symptomatic, urgent and damage are said of an organ, .+",
    ),
    Bad(
        "a course that ends first",
        updated(CASES, "cases", 0, "courses", 0, start_week=9),
        rf"{CASES}: cases\[0\].courses\[0\]: stops \(week 0\) before it starts \(week 9\)",
    ),
    Bad(
        "a date outside the calendar",
        updated(THERAPY, "regulatory", 0, date="2025-02-30"),
        rf"{THERAPY}: regulatory\[0\].date: is no date of the calendar .+",
    ),
    Bad(
        "a ratio below 0",
        updated(TRIAL, "contrasts", 0, estimate=-1, low=-2),
        rf"{TRIAL}: contrasts\[0\]: a ratio is not negative",
    ),
    Bad(
        "a contrast with itself",
        updated(TRIAL, "contrasts", 0, versus="inebilizumab"),
        rf"{TRIAL}: contrasts\[0\]: arm and versus are the same",
    ),
    Bad(
        "an overlap in the wrong order",
        edited("overlaps.yaml", swapped_ends),
        r"overlaps.yaml: \[0\]: a comes before b in the alphabet",
    ),
    Bad(
        "an overlap with itself",
        updated("overlaps.yaml", 0, b="aip-diabetes-komagome-2012"),
        r"overlaps.yaml: \[0\]: a comes before b in the alphabet",
    ),
]
