"""Patients like one at hand: who meets all that is asked, and who does once a single criterion is relaxed.

Counts by therapy with exact intervals, in alphabetical order: nothing here ranks therapies or advises.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from comparison.derived import COUNTED
from comparison.question import lower_first
from comparison.statistics.intervals import exact_interval
from foundation.formatting import joined

# Below this many patients a share says no more than that it happened.
FEW = 5
# How far an age may lie outside the span once the span is relaxed, in years.
WIDER_YEARS = 10
OUTCOMES = ("overall_response", "complete_remission", "relapse", "glucocorticoid_free")
LISTS = ("organs", "comorbidities", "prior_therapies")
CRITERIA = (*LISTS, "age", "sex")
NAMES = {
    "organs": "organs",
    "comorbidities": "comorbidities",
    "prior_therapies": "treatments before",
    "age": "age",
    "sex": "sex",
}


@dataclass(frozen=True)
class Wanted:
    """The patient at hand; what is empty is not asked for."""

    organs: tuple[str, ...] = ()
    comorbidities: tuple[str, ...] = ()
    prior_therapies: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    sex: str | None = None

    @property
    def criteria(self) -> tuple[str, ...]:
        """What is asked for, in a fixed order."""
        asked = {name for name in LISTS if getattr(self, name)}
        if self.age_from is not None or self.age_to is not None:
            asked.add("age")
        if self.sex is not None:
            asked.add("sex")
        return tuple(name for name in CRITERIA if name in asked)


@dataclass(frozen=True)
class Profile:
    """A published patient as far as it can be like another; None and empty are not reported."""

    case: str
    # The study that tells of the patient, by key.
    study: int
    therapy: str
    therapy_name: str
    organs: frozenset[str]
    comorbidities: frozenset[str]
    prior_therapies: frozenset[str]
    # Whether an empty list says that there were none.
    comorbidities_stated: bool
    prior_therapies_stated: bool
    age: float | None
    sex: str | None
    response: str
    steroid_effect: str
    relapse: bool | None


@dataclass(frozen=True)
class Count:
    """Patients with an outcome, of those of whom it is reported; total 0: of none."""

    outcome: str
    events: int
    total: int
    proportion: float | None
    low: float | None
    high: float | None
    # The total is under five: the figure is no guide to what is to be expected.
    too_few: bool


@dataclass(frozen=True)
class TherapyCounts:
    """The patients of one index therapy."""

    therapy: str
    name: str
    patients: int
    too_few: bool
    counts: tuple[Count, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Matches:
    """Those who match, each once, by therapy in alphabetical order."""

    # None: every criterion is met; else the one that was relaxed.
    relaxed: str | None
    # How it was relaxed, in words; "all criteria met" for none.
    how: str
    patients: int
    # Beyond those who meet every criterion.
    more: int
    # Of those beyond, the patients whose reports do not tell of the criterion.
    not_reported: int
    therapies: tuple[TherapyCounts, ...]


Test = Callable[[Wanted, Profile], bool]
Once = Callable[[list[Profile]], list[Profile]]


def meets(wanted: Wanted, profile: Profile, criterion: str) -> bool:
    """Whether a patient meets a criterion: all of a list, the span of ages with its ends, the sex."""
    if criterion in LISTS:
        return set(getattr(wanted, criterion)) <= getattr(profile, criterion)
    if criterion == "age":
        return _age_within(wanted, profile, 0)
    return profile.sex == wanted.sex


def is_reported(profile: Profile, criterion: str) -> bool:
    """Whether a patient's report tells of a criterion at all."""
    if criterion == "organs":
        return bool(profile.organs)
    if criterion in LISTS:
        return bool(getattr(profile, criterion)) or getattr(profile, f"{criterion}_stated")
    return (profile.age if criterion == "age" else profile.sex) is not None


def _age_within(wanted: Wanted, profile: Profile, years: int) -> bool:
    if profile.age is None:
        return False
    return (wanted.age_from is None or profile.age >= wanted.age_from - years) and (
        # A patient of 45 years and some months is 45.
        wanted.age_to is None or int(profile.age) <= wanted.age_to + years
    )


def strict(wanted: Wanted, profiles: Iterable[Profile]) -> list[Profile]:
    """Those who meet every criterion."""
    return [one for one in profiles if all(meets(wanted, one, name) for name in wanted.criteria)]


def relaxations(wanted: Wanted) -> list[tuple[str, str, Test]]:
    """Each way to relax one criterion: its name, how in words, and what still must hold of it."""
    ways: list[tuple[str, str, Test]] = []
    for name in wanted.criteria:
        if name in LISTS and len(getattr(wanted, name)) > 1:
            ways.append((name, f"any of the {NAMES[name]} instead of all", _any_of(name)))
        if name == "age":
            ways.append((name, f"up to {WIDER_YEARS} years younger or older", _wider))
        ways.append((name, f"without asking for {NAMES[name]}", lambda wanted, profile: True))
    return ways


def _any_of(name: str) -> Test:
    return lambda wanted, profile: not getattr(profile, name).isdisjoint(getattr(wanted, name))


def _wider(wanted: Wanted, profile: Profile) -> bool:
    return _age_within(wanted, profile, WIDER_YEARS)


def matches(
    wanted: Wanted, profiles: Sequence[Profile], once: Callable[[list[Profile]], list[Profile]]
) -> list[Matches]:
    """Strict matches first, then each relaxation, those who meet all included; `once` leaves each patient once.

    Nothing asked for: nobody is like it, and the list is empty.
    """
    if not wanted.criteria:
        return []
    exact = once(strict(wanted, profiles))
    found = [_matches(None, "all criteria met", exact, exact)]
    for name, how, holds in relaxations(wanted):
        others = [other for other in wanted.criteria if other != name]
        near = [
            one
            for one in profiles
            if holds(wanted, one) and all(meets(wanted, one, other) for other in others)
        ]
        found.append(_matches(name, how, once(near), exact))
    return found


def _matches(relaxed: str | None, how: str, those: Sequence[Profile], exact: Sequence[Profile]) -> Matches:
    met = {one.case for one in exact}
    beyond = [one for one in those if one.case not in met]
    silent = sum(not is_reported(one, relaxed) for one in beyond) if relaxed is not None else 0
    return Matches(relaxed, how, len(those), len(beyond), silent, tuple(_by_therapy(those)))


def _by_therapy(those: Sequence[Profile]) -> Iterable[TherapyCounts]:
    names = {one.therapy: one.therapy_name for one in those}
    for slug in sorted(names, key=lambda slug: (names[slug].lower(), slug)):
        own = [one for one in those if one.therapy == slug]
        yield TherapyCounts(
            therapy=slug,
            name=names[slug],
            patients=len(own),
            too_few=len(own) < FEW,
            counts=tuple(_count(outcome, own) for outcome in OUTCOMES),
            cases=tuple(sorted(one.case for one in own)),
        )


def _count(outcome: str, own: Sequence[Profile]) -> Count:
    told = [answer for one in own if (answer := COUNTED[outcome](one)) is not None]
    events, total = sum(told), len(told)
    if total == 0:
        return Count(outcome, 0, 0, None, None, None, too_few=True)
    bounds = exact_interval(events, total)
    return Count(outcome, events, total, events / total, bounds.low, bounds.high, too_few=total < FEW)


def in_words(wanted: Wanted, names: Mapping[str, Mapping[str, str]]) -> str:
    """The patient asked for as a clause: "a woman of 40 to 60 with disease of pancreas and orbit"."""
    noun = {"male": "a man", "female": "a woman"}.get(wanted.sex or "", "a patient")
    parts = [f"{noun}{_age_words(wanted)}"]
    for criterion, phrase in (
        ("organs", "with disease of {}"),
        ("comorbidities", "who also has {}"),
        ("prior_therapies", "treated before with {}"),
    ):
        chosen = [lower_first(names[criterion].get(slug, slug)) for slug in getattr(wanted, criterion)]
        if chosen:
            parts.append(phrase.format(joined(chosen)))
    return " ".join((parts[0], ", ".join(parts[1:]))).strip()


def _age_words(wanted: Wanted) -> str:
    first, last = wanted.age_from, wanted.age_to
    if first is not None and last is not None:
        return f" of {first}" if first == last else f" of {first} to {last}"
    if first is not None:
        return f" of {first} or older"
    return f" of {last} or younger" if last is not None else ""
