"""Figures in the unit that was printed, turned into the unit in which they are kept; pure."""

from typing import Any

from evidence.desk.cells import tidy
from evidence.desk.fields import page_name
from evidence.desk.figures import sentence, written
from evidence.desk.reading import Reading
from evidence.desk.terms import Vocabulary
from evidence.models.study import GLUCOCORTICOID
from evidence.units import UnitRefused, convert, known_units, prednisolone_equivalent

Values = dict[str, Any]


def measured(
    reading: Reading, values: Values, raws: dict[str, str], row: str, vocabulary: Vocabulary
) -> None:
    """Take the unit out of a row's values; what was printed in another unit is turned and kept as printed."""
    unit = values.pop("unit", "")
    analyte = values.get("analyte")
    if analyte is None or "value" not in values:
        return
    own = tidy(vocabulary.units.get(analyte, ""))
    if unit == own:
        return
    place = page_name("measurements", "unit", row)
    if not unit:
        reading.complain(place, f"Add the unit: {', '.join(known_units(analyte) or (own,))}.", missing=True)
        return
    try:
        converted = convert(analyte, raws["value"], unit, own_unit=own)
    except UnitRefused as refusal:
        reading.complain(place, sentence(str(refusal)))
        return
    values["value"] = converted.value
    if converted.as_reported is not None:
        values.setdefault("as_reported", converted.as_reported)
        reading.remark(
            page_name("measurements", "value", row),
            f"{converted.as_reported} = {written(converted.value)} {own}",
        )


def prednisolone(reading: Reading, values: Values, row: str) -> None:
    """Take the dose of a glucocorticoid course as prednisolone, with the agent's own dose in the schedule.

    `equivalent` says that the dose is one of prednisolone already. What has no factor, or acts in one place, stays.
    """
    already = values.pop("equivalent", False)
    agent, dose = values.get("agent"), values.get("dose")
    if already or values.get("therapy") != GLUCOCORTICOID or agent is None or dose is None or dose <= 0:
        return
    if values.get("unit") != "mg":
        return
    try:
        converted = prednisolone_equivalent(agent, dose, values.get("route", ""))
    except UnitRefused as refusal:
        reading.remark(page_name("courses", "dose", row), sentence(str(refusal)))
        return
    if converted.as_reported is not None and converted.value != dose:
        values["dose"] = converted.value
        values["schedule"] = f"{values.get('schedule', '')} ({converted.as_reported})".strip()
        reading.remark(
            page_name("courses", "dose", row),
            f"{converted.as_reported} = {written(converted.value)} mg prednisolone",
        )


def is_turned(agent: str) -> bool:
    """Whether a dose of the agent differs from its dose of prednisolone."""
    try:
        return prednisolone_equivalent(agent, 1).value != 1
    except UnitRefused:
        return False
