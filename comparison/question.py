"""What is asked: one class that reads a query string, says itself in English, and writes the query string back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from comparison.vocabulary import OutcomeTerm, TherapyTerm, Vocabulary
from evidence.choices import BackgroundGlucocorticoid, DesignClass
from foundation.formatting import joined

LETTER_THERAPIES = ("glucocorticoid", "rituximab", "mepolizumab", "dupilumab", "abatacept")
MOST_THERAPIES = 6
DEFAULT_OUTCOME = "overall_response"
FIRST_YEAR, LAST_YEAR = 1900, 2100
LAST_WEEK = 2600

AT_WORDS = ("latest", "earliest")
BASES = ("full_text", "abstract", "any")
POOLS = ("by_design", "together")
OVERLAPS = ("probable", "certain", "ignore")
BACKGROUNDS = tuple(value for value in BackgroundGlucocorticoid.values if value != "not_reported")

# Parameter -> attribute, in the order in which a query string is written.
PARAMETERS = {
    "therapy": "therapies",
    "outcome": "outcome",
    "design": "designs",
    "at": "at",
    "organ": "organs",
    "comorbidity": "comorbidities",
    "glucocorticoid": "glucocorticoid",
    "from": "first_year",
    "to": "last_year",
    "basis": "basis",
    "pool": "pool",
    "overlaps": "overlaps",
    "alike": "alike",
    "exclude": "exclude",
}
REPEATABLE = frozenset({"therapy", "design", "organ", "comorbidity", "exclude"})


@dataclass(frozen=True)
class WrongValue:
    """A value that a parameter does not take."""

    parameter: str
    value: str
    detail: str
    allowed: tuple[str, ...] = ()


class UnanswerableQuestion(ValueError):
    """A question with wrong values: all of them, each named."""

    def __init__(self, wrong: Sequence[WrongValue]) -> None:
        self.wrong = tuple(wrong)
        super().__init__(" ".join(row.detail for row in wrong))


@dataclass(frozen=True)
class Question:
    """Which therapies, which outcome, and what evidence counts.

    ``at`` is "latest", "earliest" or a week; None is the outcome's own usual time.
    """

    therapies: tuple[str, ...] = LETTER_THERAPIES
    outcome: str = DEFAULT_OUTCOME
    designs: tuple[str, ...] = ()
    at: int | str | None = None
    organs: tuple[str, ...] = ()
    comorbidities: tuple[str, ...] = ()
    glucocorticoid: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    basis: str = "any"
    pool: str = "by_design"
    overlaps: str = "probable"
    # A study: only figures that define the outcome as it does are kept.
    alike: str | None = None
    exclude: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> Question:
        """The question of a query string, as lists of values by parameter; parameters of others are left alone.

        Raises UnanswerableQuestion that names each wrong value.
        """
        reader = _Reader(query)
        question = cls(
            therapies=reader.several("therapy", vocabulary.therapies)
            or tuple(slug for slug in LETTER_THERAPIES if slug in vocabulary.therapies),
            outcome=reader.one("outcome", vocabulary.outcomes) or DEFAULT_OUTCOME,
            designs=_in_order(reader.several("design", DesignClass.values), DesignClass.values),
            at=reader.time("at"),
            organs=_in_order(reader.several("organ", vocabulary.organs), vocabulary.organs),
            comorbidities=_in_order(
                reader.several("comorbidity", vocabulary.comorbidities), vocabulary.comorbidities
            ),
            glucocorticoid=reader.one("glucocorticoid", BACKGROUNDS),
            first_year=reader.number("from", FIRST_YEAR, LAST_YEAR),
            last_year=reader.number("to", FIRST_YEAR, LAST_YEAR),
            basis=reader.one("basis", BASES) or "any",
            pool=reader.one("pool", POOLS) or "by_design",
            overlaps=reader.one("overlaps", OVERLAPS) or "probable",
            alike=reader.one("alike", vocabulary.studies),
            exclude=tuple(sorted(reader.several("exclude", vocabulary.studies))),
        )
        if len(question.therapies) > MOST_THERAPIES:
            reader.refuse(
                "therapy", ", ".join(question.therapies), f"therapy takes {MOST_THERAPIES} at the most."
            )
        first, last = question.first_year, question.last_year
        if first is not None and last is not None and first > last:
            reader.refuse("from", str(first), f"from {first} lies after to {last}.")
        if not reader.wrong:
            reader.need("therapy", question.therapies, vocabulary.therapies)
            reader.need("outcome", (question.outcome,), vocabulary.outcomes)
        if reader.wrong:
            raise UnanswerableQuestion(reader.wrong)
        return (
            replace(question, at=None)
            if question.at == vocabulary.outcomes[question.outcome].usual_time
            else question
        )

    def with_changes(self, **changes: Any) -> Question:
        """Another question that differs in these."""
        return replace(self, **changes)

    def to_query(self) -> str:
        """The canonical query string: defaults left out, one order; equal questions have equal strings."""
        default = Question()
        pairs: list[tuple[str, str]] = []
        for parameter, attribute in PARAMETERS.items():
            value = getattr(self, attribute)
            if value == getattr(default, attribute) or value is None:
                continue
            pairs += [(parameter, str(part)) for part in (value if isinstance(value, tuple) else (value,))]
        return urlencode(pairs)

    def toggled(self, study: str) -> Question:
        """The question with a study left out, or taken back in."""
        if study in self.exclude:
            return replace(self, exclude=tuple(slug for slug in self.exclude if slug != study))
        return replace(self, exclude=tuple(sorted((*self.exclude, study))))

    def time(self, outcome: OutcomeTerm) -> int | str:
        """The time asked for: a week, "latest" or "earliest"."""
        return outcome.usual_time if self.at is None else self.at

    def in_words(self, vocabulary: Vocabulary) -> str:
        """The question as a sentence."""
        outcome = vocabulary.outcomes[self.outcome]
        time = self.time(outcome)
        when = f"closest to week {time}" if isinstance(time, int) else f"at the {time} time reported"
        designs = joined([DesignClass(value).label.lower() for value in self.designs]) or "all designs"
        parts = [f"{outcome.name} {when}", joined(self._names(vocabulary.therapies)), designs]
        if self.organs:
            parts.append(
                f"patients with disease of {joined([vocabulary.organs[slug].lower() for slug in self.organs], 'or')}"
            )
        if self.comorbidities:
            names = [vocabulary.comorbidities[slug].lower() for slug in self.comorbidities]
            parts.append(f"patients with {joined(names, 'or')}")
        if self.glucocorticoid is not None:
            label = BackgroundGlucocorticoid(self.glucocorticoid).label.lower()
            parts.append(f"background glucocorticoid: {label}")
        parts += [*self._years_in_words(), *self._rules_in_words(vocabulary)]
        return f"{', '.join(parts)}."

    def _names(self, therapies: Mapping[str, TherapyTerm]) -> list[str]:
        return [lower_first(therapies[slug].name) for slug in self.therapies]

    def _years_in_words(self) -> list[str]:
        if self.first_year is not None and self.last_year is not None:
            return [f"studies of {self.first_year} to {self.last_year}"]
        if self.first_year is not None:
            return [f"studies from {self.first_year}"]
        return [f"studies to {self.last_year}"] if self.last_year is not None else []

    def _rules_in_words(self, vocabulary: Vocabulary) -> list[str]:
        rules = []
        if self.basis != "any":
            rules.append(
                "full texts only" if self.basis == "full_text" else "without press and secondary sources"
            )
        if self.pool == "together":
            rules.append("all designs pooled together")
        if self.overlaps == "certain":
            rules.append("only certain overlaps heeded")
        if self.overlaps == "ignore":
            rules.append("overlaps ignored")
        if self.alike is not None:
            rules.append(f"defined as in {vocabulary.studies[self.alike]}")
        if self.exclude:
            rules.append(f"without {joined([vocabulary.studies[slug] for slug in self.exclude])}")
        return rules


def lower_first(name: str) -> str:
    """A name as it stands within a sentence, its abbreviations kept: "placebo", "CD19 CAR T cells", "IgG4"."""
    first = name.partition(" ")[0]
    is_abbreviation = len(first) == 1 or first[1:] != first[1:].lower()
    return name if is_abbreviation else name[:1].lower() + name[1:]


def _in_order(chosen: Iterable[str], order: Iterable[str]) -> tuple[str, ...]:
    """Values in the order of their list, so that equal choices make equal questions."""
    wanted = set(chosen)
    return tuple(value for value in order if value in wanted)


class _Reader:
    """Reads values of a query string and notes what is wrong with them."""

    def __init__(self, query: Mapping[str, Sequence[str]]) -> None:
        self.query = query
        self.wrong: list[WrongValue] = []

    def refuse(self, parameter: str, value: str, detail: str, allowed: Iterable[str] = ()) -> None:
        self.wrong.append(WrongValue(parameter, value, detail, tuple(allowed)))

    def several(self, parameter: str, known: Iterable[str]) -> tuple[str, ...]:
        """Each value once, in the order given."""
        known = tuple(known)
        values = tuple(dict.fromkeys(self.query.get(parameter, ())))
        for value in values:
            if value not in known:
                self.refuse(parameter, value, f"{parameter} does not take {value[:80]!r}.", known)
        return tuple(value for value in values if value in known)

    def one(self, parameter: str, known: Iterable[str]) -> str | None:
        if self._single(parameter) is None:
            return None
        chosen = self.several(parameter, known)
        return chosen[0] if chosen else None

    def number(self, parameter: str, lowest: int, highest: int) -> int | None:
        text = self._single(parameter)
        if text is None:
            return None
        # Neither the digits of other scripts nor more of them than any number here has, which int() may refuse.
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(highest))
        if not is_number or not lowest <= int(text) <= highest:
            detail = f"{parameter} takes one whole number from {lowest} to {highest}, not {text[:80]!r}."
            self.refuse(parameter, text, detail)
            return None
        return int(text)

    def time(self, parameter: str) -> int | str | None:
        values = self.query.get(parameter, ())
        if len(values) == 1 and values[0] in AT_WORDS:
            return values[0]
        if len(values) == 1 and not values[0].isdigit():
            detail = f"{parameter} takes latest, earliest or a week number, not {values[0][:80]!r}."
            self.refuse(parameter, values[0], detail, AT_WORDS)
            return None
        return self.number(parameter, 0, LAST_WEEK)

    def need(self, parameter: str, chosen: Sequence[str], known: Collection[str]) -> None:
        """Refuse what the defaults cannot name, as where no evidence is loaded yet."""
        if not chosen or not set(chosen) <= set(known):
            default = ", ".join(chosen)
            detail = f"{parameter} must be given: its default is not in the evidence set."
            self.refuse(parameter, default, detail, known)

    def _single(self, parameter: str) -> str | None:
        """The one value of a parameter that is not repeatable; None where it is absent, or refused."""
        values = self.query.get(parameter, ())
        if len(values) > 1:
            self.refuse(parameter, ", ".join(values), f"{parameter} takes one value, not {len(values)}.")
            return None
        return values[0] if values else None
