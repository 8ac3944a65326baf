"""What an appraisal and a rating of certainty must hold: one table of rules for the admin and for services.

Plain values in, faults out; each fault says what is wrong and what would be right.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evidence.appraisal.tools import SEVERITY, Tool, tools_for
from evidence.choices import CertaintyConcern, CertaintyLevel, Design

# GRADE's five reasons to rate down.
CONCERNS = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
STEPS = {CertaintyConcern.NOT_SERIOUS: 0, CertaintyConcern.SERIOUS: 1, CertaintyConcern.VERY_SERIOUS: 2}
# From the bottom up.
LEVELS = (CertaintyLevel.VERY_LOW, CertaintyLevel.LOW, CertaintyLevel.MODERATE, CertaintyLevel.HIGH)


@dataclass(frozen=True)
class Fault:
    """What is wrong, at which field."""

    field: str
    message: str


@dataclass(frozen=True)
class Given:
    """An answer as it was given: to which item, what, and why."""

    item: str
    answer: str
    reason: str = ""


def appraisal_faults(
    tool: Tool, *, design: str, overall: str, answers: Sequence[Given], rated_on: date, today: date
) -> list[Fault]:
    """Everything that is wrong with an appraisal; empty where it may stand."""
    return [
        *_tool_faults(tool, design),
        *_item_faults(tool, answers),
        *_answer_faults(tool, answers),
        *_overall_faults(tool, overall, answers),
        *_date_faults(rated_on, today),
    ]


def _tool_faults(tool: Tool, design: str) -> list[Fault]:
    if design in tool.designs:
        return []
    fitting = " or ".join(each.name for each in tools_for(design)) or "no tool here"
    label = Design(design).label.lower()
    return [Fault("tool", f"{tool.name} is not made for this design ({label}); for it there is {fitting}.")]


def _item_faults(tool: Tool, answers: Sequence[Given]) -> list[Fault]:
    counts = Counter(given.item for given in answers)
    known = tool.item_by_slug
    faults = [
        Fault("answers", f"{tool.name} has no question {name!r}; it has {', '.join(known)}.")
        for name in counts
        if name not in known
    ]
    faults += [
        Fault("answers", f"{known[name].short} is answered {count} times; it takes one answer.")
        for name, count in counts.items()
        if count > 1 and name in known
    ]
    missing = [item.short for item in tool.items if item.slug not in counts]
    if missing:
        faults.append(Fault("answers", f"Not answered yet: {', '.join(missing)}."))
    return faults


def _answer_faults(tool: Tool, answers: Sequence[Given]) -> list[Fault]:
    faults = []
    for given in answers:
        item = tool.item_by_slug.get(given.item)
        if item is None:
            continue
        answer = tool.answer_by_slug.get(given.answer)
        if answer is None:
            allowed = ", ".join(each.label for each in tool.answers)
            faults.append(
                Fault("answers", f"{item.short} does not take {given.answer!r}; it takes {allowed}.")
            )
        elif given.answer in tool.needs_reason and not given.reason.strip():
            faults.append(Fault("answers", f"{item.short}: say why the answer is “{answer.label}”."))
    return faults


def _overall_faults(tool: Tool, overall: str, answers: Sequence[Given]) -> list[Fault]:
    judged = tool.overall_by_slug.get(overall)
    if judged is None:
        allowed = ", ".join(each.label for each in tool.overall)
        return [Fault("overall", f"{tool.name} does not end in {overall!r}; it ends in {allowed}.")]
    if not tool.at_least_the_worst:
        return []
    tones = [tool.answer_by_slug[each.answer].tone for each in answers if each.answer in tool.answer_by_slug]
    if judged.tone == "good" and "unknown" in tones:
        word = next(each.label for each in tool.answers if each.tone == "unknown")
        return [
            Fault(
                "overall",
                f"{judged.label} overall does not stand while a domain has “{word}”: that is not known to be low.",
            )
        ]
    worst = max((SEVERITY[tone] for tone in tones if tone in SEVERITY), default=0)
    if judged.tone in SEVERITY and SEVERITY[judged.tone] < worst:
        least = next(each.label for each in tool.overall if SEVERITY.get(each.tone) == worst)
        return [
            Fault(
                "overall",
                f"{judged.label} overall is better than the worst domain; {tool.name} allows {least} at the least.",
            )
        ]
    if judged.tone == "unknown" and worst >= SEVERITY["bad"]:
        least = next(each.label for each in tool.overall if SEVERITY.get(each.tone) == worst)
        return [Fault("overall", f"A domain is {least}: so is the whole, or worse, whatever is not known.")]
    return []


def _date_faults(rated_on: date, today: date) -> list[Fault]:
    if rated_on <= today:
        return []
    return [Fault("rated_on", f"{rated_on.isoformat()} lies in the future; today is {today.isoformat()}.")]


def certainty_faults(
    *,
    level: str,
    concerns: Mapping[str, str],
    reasons: str,
    has_randomised: bool,
    rated_on: date,
    today: date,
) -> list[Fault]:
    """Everything that is wrong with a GRADE rating; empty where it may stand.

    Evidence from randomised trials starts high, other evidence low (Guyatt 2008, doi:10.1136/bmj.39489.470347.AD);
    each serious concern takes one level, a very serious one two, publication bias one at the most. Only evidence
    without a randomised trial may be rated up (large effect, dose response, confounding that would hide the effect),
    and then the reasons say by which.
    """
    start = LEVELS.index(CertaintyLevel.HIGH if has_randomised else CertaintyLevel.LOW)
    down = sum(STEPS[CertaintyConcern(concerns[name])] for name in CONCERNS)
    reached = max(start - down, 0)
    given = LEVELS.index(CertaintyLevel(level))
    why = f"it starts at {_word(start)} and the concerns take {down}"
    faults = _date_faults(rated_on, today)
    if concerns["publication_bias"] == CertaintyConcern.VERY_SERIOUS:
        faults.append(
            Fault("publication_bias", "GRADE rates down for publication bias by one level at the most.")
        )
    if given > reached and has_randomised:
        faults.append(
            Fault("level", f"{_word(given)} is too high: {why}, which leaves {_word(reached)} at the most.")
        )
    if given < reached:
        faults.append(
            Fault(
                "level",
                f"{_word(given)} is lower than the concerns explain: {why}. Raise the concern that does.",
            )
        )
    if (down or given > reached) and not reasons.strip():
        faults.append(
            Fault("reasons", "Say what each concern rests on, and by what the evidence is rated up.")
        )
    return faults


def _word(level: int) -> str:
    return LEVELS[level].label
