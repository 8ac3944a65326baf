"""How alike two patients, papers or groups of patients are, from 0 to 1, with the reasons in words.

Patients and groups are weighed after Fellegi and Sunter (1969): each thing that both records state multiplies the odds
that they are the same by how much oftener it is seen in the same than in different ones. What either leaves out counts
neither for nor against. The shares among different ones (``by_chance``) were counted over all pairs of the curated set;
those among the same ones are judgement, but for groups, where data/overlaps.yaml holds known pairs. docs/duplicates.md
tells what that finds.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from math import exp, floor, log
from typing import TypeVar

# A pair from here on is shown to a person. 0.5: as likely the same as not.
THRESHOLD = 0.5

PATIENT, PAPER, GROUP = "patient", "paper", "group"

AGE_YEARS_APART = 1
YEARS_APART = 2
IGG4_APART = 0.05


@dataclass(frozen=True)
class Patient:
    """What of a case tells patients apart; None and empty: not stated."""

    key: str
    study: str
    countries: frozenset[str] = frozenset()
    age: float | None = None
    sex: str = ""
    organs: frozenset[str] = frozenset()
    therapy: str = ""
    year: int | None = None
    # mg/dL, before the index therapy where there are such, else the first.
    igg4: tuple[float, ...] = ()
    authors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Paper:
    """A study with what of its primary report tells papers and groups of patients apart."""

    key: str
    title: str = ""
    doi: str = ""
    pmid: str = ""
    year: int | None = None
    registration: str = ""
    authors: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    therapies: frozenset[str] = frozenset()
    organs: frozenset[str] = frozenset()
    # False: a review or opinion, which has no patients of its own.
    has_patients: bool = True


@dataclass(frozen=True)
class Match:
    """A record that may be the same as the one asked about."""

    kind: str
    key: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Weight:
    """How often two records agree in something when they are the same, and when they are not."""

    same: float
    by_chance: float

    def of(self, agree: bool) -> float:
        """The logarithm of the factor by which the odds change."""
        return log(self.same / self.by_chance) if agree else log((1 - self.same) / (1 - self.by_chance))


# ── patients ─────────────────────────────────────────────────────────────────────────────────────────────────────

# The odds before anything is known, set so that agreement in country, age, sex, organs, therapy and year is plainly
# enough, and agreement in age, sex, organs and therapy alone, as among the curated cases, is not.
PATIENT_PRIOR = -7.5
PATIENT_WEIGHTS = {
    "country": Weight(0.97, 0.12),
    "age": Weight(0.95, 0.06),
    "sex": Weight(0.99, 0.55),
    # Two reports of one patient may list other organs, name another therapy or quote another IgG4: none refutes.
    "the same organs": Weight(0.60, 0.03),
    "some organs": Weight(0.35, 0.13),
    "no organ": Weight(0.05, 0.84),
    "therapy": Weight(0.80, 0.42),
    "year": Weight(0.85, 0.33),
    "IgG4": Weight(0.80, 0.05),
    "authors": Weight(0.60, 0.01),
}
# The same organs: this share of all that either names.
_SAME_ORGANS = 2 / 3


def similar_patients(
    patient: Patient, among: Iterable[Patient], threshold: float = THRESHOLD
) -> tuple[Match, ...]:
    """Patients of other studies who may be this one, the likeliest first."""
    found = [
        Match(PATIENT, other.key, score, reasons)
        for other in among
        if other.study != patient.study and other.key != patient.key
        for score, reasons in [weigh_patients(patient, other)]
        if score >= threshold
    ]
    return tuple(sorted(found, key=lambda match: (-match.score, match.key)))


def weigh_patients(a: Patient, b: Patient) -> tuple[float, tuple[str, ...]]:
    """How likely two cases are one patient, and what speaks for and against it."""
    return _weigh(PATIENT_PRIOR, PATIENT_WEIGHTS, _patient_comparisons(a, b))


_Comparison = tuple[str, bool, str]


def _patient_comparisons(a: Patient, b: Patient) -> Iterable[_Comparison]:
    if a.countries and b.countries:
        shared = a.countries & b.countries
        yield "country", bool(shared), f"same country ({_listed(shared)})" if shared else "other country"
    if a.age is not None and b.age is not None:
        agree = abs(a.age - b.age) <= AGE_YEARS_APART
        yield "age", agree, f"age {a.age:g} and {b.age:g}"
    if a.sex and b.sex:
        yield "sex", a.sex == b.sex, f"both {a.sex}" if a.sex == b.sex else "other sex"
    if a.organs and b.organs:
        shared = a.organs & b.organs
        if len(shared) >= _SAME_ORGANS * len(a.organs | b.organs):
            yield "the same organs", True, f"the same organs ({_listed(shared)})"
        elif shared:
            yield "some organs", True, f"organs in common: {_listed(shared)}"
        else:
            yield "no organ", True, "no organ in common"
    if a.therapy and b.therapy:
        agree = a.therapy == b.therapy
        yield "therapy", agree, f"both reported for {a.therapy}" if agree else "reported for other therapies"
    if a.year is not None and b.year is not None:
        yield "year", abs(a.year - b.year) <= YEARS_APART, f"published in {a.year} and {b.year}"
    if a.igg4 and b.igg4:
        x, y = min(((x, y) for x in a.igg4 for y in b.igg4), key=lambda pair: _apart(*pair))
        yield "IgG4", _apart(x, y) <= IGG4_APART, f"serum IgG4 {x:g} and {y:g} mg/dL"
    # That nobody signs both says little, since patients move between clinics: it is not weighed.
    if shared := a.authors & b.authors:
        yield "authors", True, f"signed by the same people ({_listed(shared)})"


def _apart(x: float, y: float) -> float:
    """The distance of two figures as a share of the larger; 0 where both are 0."""
    return abs(x - y) / max(x, y) if max(x, y) > 0 else 0.0


# ── groups of patients ───────────────────────────────────────────────────────────────────────────────────────────

GROUP_PRIOR = -5.0
GROUP_WEIGHTS = {
    "three authors": Weight(0.55, 0.005),
    "two authors": Weight(0.10, 0.005),
    # Counted at 0.02; common surnames ("Wang Y") make it commoner than that.
    "an author": Weight(0.21, 0.03),
    "no author": Weight(0.14, 0.97),
    "country": Weight(0.95, 0.12),
    "therapies": Weight(0.80, 0.50),
    "organs": Weight(0.70, 0.18),
    "years": Weight(0.45, 0.32),
}


def weigh_groups(a: Paper, b: Paper) -> tuple[float, tuple[str, ...]]:
    """How likely two studies share patients, by who signs them, where, on what and when; 0 for reviews."""
    if not (a.has_patients and b.has_patients):
        return 0.0, ()
    return _weigh(GROUP_PRIOR, GROUP_WEIGHTS, _group_comparisons(a, b))


def _group_comparisons(a: Paper, b: Paper) -> Iterable[_Comparison]:
    if a.authors and b.authors:
        shared = a.authors & b.authors
        name = ("no author", "an author", "two authors", "three authors")[min(len(shared), 3)]
        many = ("no author", "one author")[len(shared)] if len(shared) < 2 else f"{len(shared)} authors"
        words = f"{many} in common{f' ({_listed(shared)})' if shared else ''}"
        yield name, True, words
    if a.countries and b.countries:
        shared = a.countries & b.countries
        yield "country", bool(shared), f"same country ({_listed(shared)})" if shared else "other country"
    if a.therapies and b.therapies:
        shared = a.therapies & b.therapies
        yield "therapies", bool(shared), f"therapies in common: {_listed(shared) or 'none'}"
    if a.organs and b.organs:
        shared = a.organs & b.organs
        yield "organs", bool(shared), f"organs in common: {_listed(shared) or 'none'}"
    if a.year is not None and b.year is not None:
        yield "years", abs(a.year - b.year) <= YEARS_APART, f"published in {a.year} and {b.year}"


# ── papers ───────────────────────────────────────────────────────────────────────────────────────────────────────

# Titles alike to this share of their characters are taken for one title with a slip.
_NEARLY_THE_SAME_TITLE = 0.92
# Shorter titles ("IgG4-related disease", "Reply") are shared by chance.
_TELLING_TITLE_WORDS = 4


def similar_papers(paper: Paper, among: Iterable[Paper], threshold: float = THRESHOLD) -> tuple[Match, ...]:
    """Studies that report the same paper or may share patients, the likeliest first."""
    found = []
    for other in among:
        if other.key == paper.key:
            continue
        same, group = weigh_papers(paper, other), weigh_groups(paper, other)
        kind, (score, reasons) = (PAPER, same) if same[0] >= threshold else (GROUP, group)
        if score >= threshold:
            found.append(Match(kind, other.key, score, reasons))
    return tuple(sorted(found, key=lambda match: (match.kind != PAPER, -match.score, match.key)))


def weigh_papers(a: Paper, b: Paper) -> tuple[float, tuple[str, ...]]:
    """How sure it is that two studies were entered from one paper: identifiers first, then the title."""
    if a.doi and a.doi.lower() == b.doi.lower():
        return 1.0, (f"the same DOI ({a.doi})",)
    if a.pmid and a.pmid == b.pmid:
        return 1.0, (f"the same PMID ({a.pmid})",)
    score, reasons = _by_title(a, b)
    if not score:
        return 0.0, ()
    if (a.doi and b.doi) or (a.pmid and b.pmid):
        # A congress abstract and its paper: two publications, most often of one study.
        return min(score, 0.75), (*reasons, "but another DOI or PMID")
    if a.year is not None and b.year is not None and abs(a.year - b.year) > YEARS_APART:
        return min(score, 0.6), (*reasons, f"but published in {a.year} and {b.year}")
    return score, reasons


def _by_title(a: Paper, b: Paper) -> tuple[float, tuple[str, ...]]:
    x, y = normalised_title(a.title), normalised_title(b.title)
    if min(len(x.split()), len(y.split())) < _TELLING_TITLE_WORDS:
        return 0.0, ()
    if x == y:
        return 0.95, ("the same title",)
    if _numbers(x) != _numbers(y):
        # "Part 1" and "part 2", or the same report of another year.
        return 0.0, ()
    # quick_ratio is an upper bound, and cheap.
    matcher = SequenceMatcher(None, x, y, autojunk=False)
    if matcher.quick_ratio() < _NEARLY_THE_SAME_TITLE or (ratio := matcher.ratio()) < _NEARLY_THE_SAME_TITLE:
        return 0.0, ()
    return round(0.9 * ratio, 2), ("nearly the same title",)


def _numbers(title: str) -> list[str]:
    return sorted(word for word in title.split() if any(sign.isdigit() for sign in word))


def normalised_title(title: str) -> str:
    """A title without case, accents, punctuation and the article at its head."""
    decomposed = unicodedata.normalize("NFKD", title.casefold())
    words = re.findall(r"[^\W_]+", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
    return " ".join(words[1:] if words[:1] in (["a"], ["an"], ["the"]) else words)


# ── all pairs ────────────────────────────────────────────────────────────────────────────────────────────────────

Pair = tuple[str, str, Match]


def patient_pairs(patients: Sequence[Patient], threshold: float = THRESHOLD) -> list[Pair]:
    """Every pair of patients that reaches the threshold: both keys in order, and the match.

    Only pairs of like age, like IgG4 or a shared author are weighed: no other can reach the threshold.
    """
    found = []
    for one, two in _together(patients, _patient_marks):
        a, b = sorted((one, two), key=lambda patient: patient.key)
        if a.study == b.study:
            continue
        score, reasons = weigh_patients(a, b)
        if score >= threshold:
            found.append((a.key, b.key, Match(PATIENT, b.key, score, reasons)))
    return sorted(found, key=_likeliest)


def paper_pairs(papers: Sequence[Paper], threshold: float = THRESHOLD) -> list[Pair]:
    """Every pair of studies that report one paper or may share patients, the likeliest first.

    Only pairs with a like identifier, a word of the title or an author in common are weighed: no other can match.
    """
    found = []
    for one, two in _together(papers, _paper_marks):
        a, b = sorted((one, two), key=lambda paper: paper.key)
        found += [(a.key, b.key, match) for match in similar_papers(a, [b], threshold)]
    return sorted(found, key=_likeliest)


def _likeliest(pair: Pair) -> tuple[bool, float, str, str]:
    return pair[2].kind != PAPER, -pair[2].score, pair[0], pair[1]


_Record = TypeVar("_Record", Patient, Paper)


def _together(
    records: Sequence[_Record], marks: Callable[[_Record], Iterable[Hashable]]
) -> Iterator[tuple[_Record, _Record]]:
    """Each pair of records that share a mark, once."""
    marked: dict[Hashable, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        for mark in set(marks(record)):
            marked[mark].append(at)
    seen = {pair for places in marked.values() for pair in combinations(places, 2)}
    for one, two in sorted(seen):
        yield records[one], records[two]


def _patient_marks(patient: Patient) -> Iterator[Hashable]:
    # A step up as well as one's own: two that lie one step apart meet in one of them.
    if patient.age is not None:
        for step in (0, AGE_YEARS_APART):
            yield "age", floor(patient.age) + step
    for value in patient.igg4:
        for step in (0, 1):
            yield "IgG4", floor(log(value) / -log(1 - IGG4_APART)) + step if value > 0 else -1
    for author in patient.authors:
        yield "author", author


def _paper_marks(paper: Paper) -> Iterator[Hashable]:
    yield from (("id", name.lower()) for name in (paper.doi, paper.pmid) if name)
    # Of titles that are nearly the same, at least one of the longest words is the same.
    for word in telling_words(paper.title):
        yield "title", word
    for author in paper.authors:
        yield "author", author


def telling_words(title: str) -> list[str]:
    """The three longest words of a title, by which its like is looked up."""
    return sorted(set(normalised_title(title).split()), key=lambda word: (-len(word), word))[:3]


# ── the weighing ─────────────────────────────────────────────────────────────────────────────────────────────────


def _weigh(
    prior: float, weights: dict[str, Weight], comparisons: Iterable[_Comparison]
) -> tuple[float, tuple[str, ...]]:
    odds = prior
    spoken_for: list[tuple[float, str]] = []
    spoken_against: list[tuple[float, str]] = []
    for name, agree, words in comparisons:
        weight = weights[name].of(agree)
        odds += weight
        (spoken_for if weight > 0 else spoken_against).append((abs(weight), words))
    ordered = [
        *(words for _, words in sorted(spoken_for, key=lambda one: -one[0])),
        *(f"against it: {words}" for _, words in sorted(spoken_against, key=lambda one: -one[0])),
    ]
    return 1 / (1 + exp(-odds)), tuple(ordered)


def _listed(names: Iterable[str]) -> str:
    """At most three names."""
    every = sorted(names)
    return ", ".join(every[:3]) + (f" and {len(every) - 3} more" if len(every) > 3 else "")
