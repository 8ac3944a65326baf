"""The guard's reasons in words, drawn from the rows: comparators, designs, definitions, times."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from comparison.guard_heads import Head
from comparison.result import ReportedContrast, Row, StudyContrast
from evidence.choices import DesignClass
from foundation.formatting import MEASURE_NAMES, joined, percent


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


def direct_reasons(heads: Sequence[Head], names: Mapping[str, str]) -> tuple[str, ...]:
    """Why a pair counts as compared directly, and what was given beside."""
    reasons = []
    for head in heads:
        first, second = head.first, head.second
        labels = (first.arm_label or "", second.arm_label or "")
        reason = _allocation(first.study_label, first.design_class, *labels)
        shared = _background(first)
        if head.kind == "first_added":
            reason += f"; {names[first.therapy]} was added to what both arms had"
        elif head.kind == "second_added":
            reason += f"; {names[second.therapy]} was added to what both arms had"
        elif shared:
            reason += f"; both with {shared}"
        if first.week != second.week:
            reason += f"; times differ ({_weeks([first])}, {_weeks([second])})"
        reasons.append(reason)
    return tuple(reasons)


def _allocation(study: str, design_class: str | None, arm: str, versus: str) -> str:
    """Who was compared with whom, and whether by lot."""
    how = "randomised" if design_class == DesignClass.RANDOMISED else "compared without randomisation"
    return f"{study} {how}: {arm} against {versus}"


def unmeasured_reasons(heads: Sequence[Head], names: Mapping[str, str]) -> tuple[str, ...]:
    """What stands of a pair that was compared directly and whose figures make no ratio."""
    return (
        *direct_reasons(heads, names),
        "its arms' figures are shown as reported, and no ratio is made of them",
    )


def reported_reasons(
    told: Iterable[tuple[ReportedContrast, StudyContrast]], measure: str, counted: Collection[str]
) -> tuple[str, ...]:
    """Where a measure comes from that studies reported; ``counted``: studies whose arms are told already."""
    reasons = []
    for row, part in told:
        is_turned = part.estimate != row.estimate
        reason = f"{MEASURE_NAMES[measure]} as {row.study_label} reported it"
        if is_turned:
            reason += ", turned round"
        if row.study not in counted:
            arms = (row.arm_label, row.versus_label)
            first, second = reversed(arms) if is_turned else arms
            reason += f"; {_allocation(row.study_label, row.design_class, first, second)}"
        reasons.append(reason)
    return tuple(reasons)


def similarity_reasons(
    first: Sequence[Head], second: Sequence[Head], via: str, names: Mapping[str, str]
) -> tuple[str, ...]:
    """What an anchored comparison rests on: the comparator's risks, definitions and times side by side."""
    comparators = [head.second for head in (*first, *second)]
    risks = [
        f"{row.events} of {row.total} ({percent(row.events, row.total)}) in {row.study_label}"
        for row in comparators
    ]
    reasons = [
        f"each was randomised against {names[via]}, never against the other",
        f"{names[via]} arms: {joined(risks)}",
    ]
    if first[0].kind == "first_added":
        reasons.append(f"both were added to {names[via]}, which all arms had")
    reasons += _unlike([head.first for head in first], [head.first for head in second], names)
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
    reasons = ["no randomised or controlled trial compared them in arms that differ by the therapy alone"]
    reasons += _side_by_side(of_a, of_b)
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
        reasons.append("no common comparator: none that both were randomised against gives a ratio for each")
    if _designs(of_a) != _designs(of_b):
        reasons.append(f"designs differ: {names[a]} {_designs(of_a)}; {names[b]} {_designs(of_b)}")
    reasons += _unlike(of_a, of_b, names)
    return tuple(reasons)


def _side_by_side(of_a: Sequence[Row], of_b: Sequence[Row]) -> list[str]:
    """Studies that tell of both therapies and still do not compare them."""
    reasons = []
    for study in sorted({row.study for row in of_a} & {row.study for row in of_b}):
        pairs = [(one, other) for one in of_a for other in of_b if one.study == study == other.study]
        row = pairs[0][0]
        # Rows without an arm are counted from single patients, who are others for each therapy.
        apart = any(one.arm is None or one.arm != other.arm for one, other in pairs)
        if not apart:
            reasons.append(f"{row.study_label} gave them together, in one arm")
        elif row.design_class in (DesignClass.RANDOMISED, DesignClass.CONTROLLED):
            reasons.append(f"{row.study_label} tells of both, in arms that differ by more than the therapy")
        else:
            reasons.append(f"{row.study_label} tells of both, in groups that its design did not make alike")
    return reasons


def trial_needed(a: str, b: str, names: Mapping[str, str]) -> str:
    """What would answer the question."""
    return (
        f"A randomised trial of {names[a]} against {names[b]}, or trials of both against the same comparator "
        "with the same definition and time, would be needed."
    )
