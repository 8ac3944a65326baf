"""The guard's verdicts in words, for the page; a naive pair has no difference and no winner."""

from dataclasses import dataclass

from comparison.question import lower_first
from comparison.result import Comparison, Contrast, StudyContrast
from comparison.vocabulary import Vocabulary
from foundation.formatting import effect_words, number, sentence, x_of_n_text

KIND_WORDS = {
    "direct": ("●", "Compared directly", "within a study that had both"),
    "anchored": ("◐", "Compared through a third", "each was randomised against the same comparator"),
    "naive": ("○", "Not comparable", "side by side only"),
}

MOST_DECIMALS = 6


@dataclass(frozen=True)
class PartLine:
    """What one study adds: both arms with their risks."""

    study: str
    url: str
    week: int | None
    first: str
    second: str
    effect: str
    difference: str
    why_not: str


@dataclass(frozen=True)
class VerdictLine:
    """A pair of therapies, what the guard allows, and why."""

    a: str
    a_name: str
    b: str
    b_name: str
    kind: str
    symbol: str
    word: str
    meaning: str
    effect: str
    via: str
    reasons: tuple[str, ...]
    needed: str
    parts: tuple[PartLine, ...]


def verdict_lines(comparison: Comparison, vocabulary: Vocabulary) -> list[VerdictLine]:
    """The verdicts that allow a difference first, then those that allow none."""
    order = {"direct": 0, "anchored": 1, "naive": 2}
    ranked = sorted(comparison.contrasts, key=lambda contrast: order[contrast.kind])
    return [_line(contrast, vocabulary) for contrast in ranked]


def _line(contrast: Contrast, vocabulary: Vocabulary) -> VerdictLine:
    symbol, word, meaning = KIND_WORDS[contrast.kind]
    names = {slug: term.name for slug, term in vocabulary.therapies.items()}
    return VerdictLine(
        a=contrast.a,
        a_name=names[contrast.a],
        b=contrast.b,
        b_name=names[contrast.b],
        kind=contrast.kind,
        symbol=symbol,
        word=word,
        meaning=meaning,
        effect=_effect(contrast),
        via=lower_first(names[contrast.via]) if contrast.via else "",
        reasons=tuple(sentence(reason) for reason in contrast.reasons),
        needed=contrast.needed or "",
        parts=tuple(_part(part, contrast.measure, names) for part in contrast.parts),
    )


def _effect(contrast: Contrast) -> str:
    """The ratio of a to b, or that a direct comparison yields none; a naive one is not even asked."""
    if contrast.measure is not None and contrast.estimate is not None:
        return _ratio_text(contrast.measure, contrast.estimate, contrast.low, contrast.high)
    return "no ratio" if contrast.kind == "direct" else ""


def _ratio_text(measure: str | None, estimate: float, low: float | None, high: float | None) -> str:
    ends = f"{_two_decimals(low)} to {_two_decimals(high)}" if low is not None and high is not None else ""
    return effect_words(measure, _two_decimals(estimate), ends)


def _two_decimals(figure: float) -> str:
    """As trials print ratios; more where two would make it none at all or no difference."""
    for decimals in range(2, MOST_DECIMALS):
        if figure in (0.0, 1.0) or round(figure, decimals) not in (0.0, 1.0):
            return number(figure, decimals)
    return number(figure, MOST_DECIMALS)


def _arm_name(therapy: str, label: str) -> str:
    """The therapy with what the study calls the arm; the label alone where it names the therapy itself."""
    return label if label.casefold().startswith(therapy.casefold()) else f"{therapy} ({label})"


def _part(part: StudyContrast, measure: str | None, names: dict[str, str]) -> PartLine:
    arms = []
    for arm in (part.first, part.second):
        if arm is None:
            arms.append("")
        else:
            figure = x_of_n_text(arm.events, arm.total, arm.low, arm.high)
            arms.append(f"{_arm_name(names[arm.therapy], arm.arm_label)}: {figure}")
    difference = ""
    if part.risk_difference is not None and part.risk_difference_low is not None:
        shown = [number(100 * bound, 1) for bound in (part.risk_difference, part.risk_difference_low)]
        high = number(100 * (part.risk_difference_high or 0.0), 1)
        difference = f"risk difference {shown[0]} percentage points (95% CI {shown[1]} to {high})"
    effect = "" if part.estimate is None else _ratio_text(measure, part.estimate, part.low, part.high)
    return PartLine(
        part.study_label,
        f"/studies/{part.study}/",
        part.week,
        arms[0],
        arms[1],
        effect,
        difference,
        part.why_not_pooled or "",
    )
