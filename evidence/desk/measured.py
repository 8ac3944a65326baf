"""A measurement in the unit that was printed, to the unit of its analyte; pure."""

from typing import Any

from evidence.desk.fields import page_name
from evidence.desk.figures import shown
from evidence.desk.reading import Reading
from evidence.desk.terms import Vocabulary


def measured(
    reading: Reading, values: dict[str, Any], raws: dict[str, str], row: str, vocabulary: Vocabulary
) -> None:
    """Take the unit out of a row's values; what was printed in another unit is turned and kept as printed."""
    unit = values.pop("unit", "")
    analyte = values.get("analyte")
    if not unit or analyte is None or "value" not in values:
        return
    own = vocabulary.units.get(analyte, "")
    if unit == own:
        return
    reading.complain(page_name("measurements", "unit", row), f"{shown(unit)} cannot be turned into {own}.")
