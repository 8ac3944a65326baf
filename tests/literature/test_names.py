"""Printed names, taken apart and put together."""

import pytest

from literature.names import csl_name, inverted

PRINTED = [
    ("Carruthers MN", {"family": "Carruthers", "given": "M. N."}, "Carruthers, M. N."),
    ("Stone J", {"family": "Stone", "given": "J."}, "Stone, J."),
    ("Kim J-H", {"family": "Kim", "given": "J.-H."}, "Kim, J.-H."),
    ("Barboza-Quintana Á", {"family": "Barboza-Quintana", "given": "Á."}, "Barboza-Quintana, Á."),
    ("Della Torre E", {"family": "Della Torre", "given": "E."}, "Della Torre, E."),
    (
        "van den Elshout M",
        {"family": "Elshout", "given": "M.", "non-dropping-particle": "van den"},
        "van den Elshout, M.",
    ),
    (
        "van den Elshout-den Uyl D",
        {"family": "Elshout-den Uyl", "given": "D.", "non-dropping-particle": "van den"},
        "van den Elshout-den Uyl, D.",
    ),
    ("Smith JA Jr", {"family": "Smith", "given": "J. A.", "suffix": "Jr"}, "Smith, Jr, J. A."),
    ("Zhang", {"family": "Zhang"}, "Zhang"),
    ("Massachusetts General Hospital", {"literal": "Massachusetts General Hospital"}, None),
    ("MITIGATE Trial Investigators", {"literal": "MITIGATE Trial Investigators"}, None),
    ("US Food and Drug Administration", {"literal": "US Food and Drug Administration"}, None),
    ("Pancreas Study Group UK", {"literal": "Pancreas Study Group UK"}, None),
    ("Zenas BioPharma", {"literal": "Zenas BioPharma"}, None),
    ("rheuma-schweiz.ch", {"literal": "rheuma-schweiz.ch"}, None),
]


@pytest.mark.parametrize(("printed", "name", "inverse"), PRINTED, ids=[row[0] for row in PRINTED])
def test_a_printed_name_is_a_person_or_a_group(
    printed: str, name: dict[str, str], inverse: str | None
) -> None:
    assert csl_name(printed) == name
    assert inverted(name) == (inverse or printed)
