"""The names that a question may use."""

from collections.abc import Mapping
from dataclasses import dataclass

from evidence.choices import Domain

# Counts that grow for as long as patients are watched: the longest follow-up tells most.
LATEST_OUTCOMES = frozenset({"relapse", "second_relapse", "annualised_flare_rate", "rescue_therapy"})
# When trials of induction report: six months.
USUAL_WEEK = 26


@dataclass(frozen=True)
class TherapyTerm:
    """A therapy as a question names it."""

    slug: str
    name: str
    is_control: bool = False


@dataclass(frozen=True)
class OutcomeTerm:
    """An outcome as a question names it."""

    slug: str
    name: str
    domain: str
    is_proportion: bool
    unit: str = ""
    better: str = "none"

    @property
    def usual_time(self) -> int | str:
        """The time at which it is compared unless the reader says otherwise: a week, or "latest"."""
        if self.domain == Domain.SAFETY or self.slug in LATEST_OUTCOMES:
            return "latest"
        return USUAL_WEEK


@dataclass(frozen=True)
class Vocabulary:
    """Everything that a question may name, by slug, in the order in which it is offered."""

    therapies: Mapping[str, TherapyTerm]
    outcomes: Mapping[str, OutcomeTerm]
    organs: Mapping[str, str]
    comorbidities: Mapping[str, str]
    studies: Mapping[str, str]
