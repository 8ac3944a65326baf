"""The guard's reasons in words, drawn from the rows: comparators, designs, definitions, times."""

from collections.abc import Mapping, Sequence

from comparison.result import Row
from evidence.choices import DesignClass
from foundation.formatting import joined, percent

# Definitions are long; past this many the reason says only that they differ.
MOST_DEFINITIONS = 2

Pairs = Sequence[tuple[Row, Row]]


def _weeks(rows: Sequence[Row]) -> str:
    """The span of times: "week 52", "weeks 24 to 104", "times not reported"."""
    weeks = sorted({row.week for row in rows if row.week is not None})
    if not weeks:
        return "times not reported"
    return f"week {weeks[0]}" if len(weeks) == 1 else f"weeks {weeks[0]} to {weeks[-1]}"


def _designs(rows: Sequence[Row]) -> str:
    classes = {row.design_class for row in rows}
    told = [value.label.lower() for value in DesignClass if value in classes]
    return joined([*told, "reviews and opinions"] if None in classes else told)


def _background(row: Row) -> str:
    """What an arm had beside its therapy."""
    return joined(sorted(slug.replace("_", " ") for slug in set(row.regimen) - {row.therapy}))


def direct_reasons(pairs: Pairs, names: Mapping[str, str]) -> tuple[str, ...]:
    """Why a pair counts as compared directly, and what was given beside."""
    reasons = []
    for first, second in pairs:
        kind = (
            "randomised" if first.design_class == DesignClass.RANDOMISED else "compared without randomisation"
        )
        reason = f"{first.study_label} {kind}: {first.arm_label} against {second.arm_label}"
        shared = _background(first)
        if set(first.regimen) - {first.therapy} == set(second.regimen):
            reason += f"; {names[first.therapy]} was added to what both arms had"
        elif set(second.regimen) - {second.therapy} == set(first.regimen):
            reason += f"; {names[second.therapy]} was added to what both arms had"
        elif shared:
            reason += f"; both with {shared}"
        if first.week != second.week:
            reason += f"; times differ ({_weeks([first])}, {_weeks([second])})"
        reasons.append(reason)
    return tuple(reasons)


def similarity_reasons(first: Pairs, second: Pairs, via: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """What an anchored comparison rests on: the comparator's risks, definitions and times side by side."""
    comparators = [row for _, row in (*first, *second)]
    risks = [
        f"{row.events} of {row.total} ({percent(row.events, row.total)}) in {row.study_label}"
        for row in comparators
    ]
    reasons = [
        f"each was randomised against {names[via]}, never against the other",
        f"{names[via]} arms: {joined(risks)}",
    ]
    reasons += _unlike([row for row, _ in first], [row for row, _ in second], names)
    return tuple(reasons)


def _unlike(first: Sequence[Row], second: Sequence[Row], names: Mapping[str, str]) -> list[str]:
    """Differences of definition and time between two sets of rows."""
    reasons = []
    definitions = [{row.definition for row in rows if row.definition} for rows in (first, second)]
    if definitions[0] != definitions[1]:
        if all(len(one) == 1 for one in definitions):
            told = [
                f"{names[rows[0].therapy]}, {min(one)}"
                for rows, one in zip((first, second), definitions, strict=True)
            ]
            reasons.append(f"definitions differ: {'; '.join(told)}")
        else:
            reasons.append("definitions differ between the studies")
    if _weeks(first) != _weeks(second):
        reasons.append(
            f"times differ: {names[first[0].therapy]} {_weeks(first)}, {names[second[0].therapy]} {_weeks(second)}"
        )
    return reasons


def naive_reasons(
    a: str, b: str, of_a: Sequence[Row], of_b: Sequence[Row], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Why nothing may be said about the difference between two therapies."""
    silent = [names[slug] for slug, rows in ((a, of_a), (b, of_b)) if not rows]
    if silent:
        return tuple(f"no figure of this outcome is reported for {name}" for name in silent)
    reasons = ["no study compared them in separate arms that differ by the therapy alone"]
    unrandomised = [
        names[slug]
        for slug, rows in ((a, of_a), (b, of_b))
        if not any(row.design_class == DesignClass.RANDOMISED for row in rows)
    ]
    if unrandomised:
        reasons.append(
            f"no common comparator: no randomised trial of {joined(unrandomised, 'or')} reports this outcome"
        )
    else:
        reasons.append("no common comparator: their randomised trials had different ones")
    if _designs(of_a) != _designs(of_b):
        reasons.append(f"designs differ: {names[a]} {_designs(of_a)}; {names[b]} {_designs(of_b)}")
    reasons += _unlike(of_a, of_b, names)
    return tuple(reasons)


def trial_needed(a: str, b: str, names: Mapping[str, str]) -> str:
    """What would answer the question."""
    return (
        f"A randomised trial of {names[a]} against {names[b]}, or trials of both against the same comparator "
        "with the same definition and time, would be needed."
    )
