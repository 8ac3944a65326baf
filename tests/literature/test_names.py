"""Printed names, taken apart and put together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from literature.names import csl_name, inverted, printed

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


@pytest.mark.parametrize(("text", "name", "inverse"), PRINTED, ids=[row[0] for row in PRINTED])
def test_a_printed_name_is_a_person_or_a_group(text: str, name: dict[str, str], inverse: str | None) -> None:
    assert csl_name(text) == name
    assert inverted(name) == (inverse or text)
    assert printed(name) == text


GIVEN = [
    ({"family": "Stone", "given": "John H."}, "Stone JH"),
    ({"family": "Stone", "given": "JH"}, "Stone JH"),
    ({"family": "Stone", "given": "J.H."}, "Stone JH"),
    ({"family": "Stone", "given": "john"}, "Stone J"),
    # Citing Medicine leaves the hyphen of a given name out; one between initials is the paper's own.
    ({"family": "Lagrot", "given": "Jean-Louis"}, "Lagrot JL"),
    ({"family": "Kim", "given": "Jung-hoon"}, "Kim JH"),
    ({"family": "Kim", "given": "J.-H."}, "Kim J-H"),
    ({"family": "Kim", "given": "J\u2010H"}, "Kim J-H"),
    ({"family": "Cruz", "given": "Maria de Lourdes", "dropping-particle": "de la"}, "de la Cruz ML"),
    ({"family": "Silva", "given": "Ana Bela Carla Dora Eva"}, "Silva ABCD"),
    ({"family": "Smith", "given": "John A Jr"}, "Smith JA Jr"),
    ({"family": "Smith", "given": "John", "suffix": ", III"}, "Smith J III"),
    ({"family": "ZHANG", "given": "WEN"}, "ZHANG W"),
    ({"family": "ZHANG", "given": "W. E. N."}, "ZHANG WEN"),
    ({"family": "張", "given": "文"}, "張 文"),
    ({"family": "Zenas"}, "Zenas"),
    ({"given": "Aristotle"}, "Aristotle"),
    ({"name": "Japan  Study Group"}, "Japan Study Group"),
    ({}, ""),
]


@pytest.mark.parametrize(("name", "text"), GIVEN, ids=[row[1] for row in GIVEN])
def test_a_name_of_csl_is_printed_as_papers_do(name: dict[str, str], text: str) -> None:
    assert printed(name) == text


ANY_NAME = st.text(
    alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Pd"], include_characters=" .'’-,"), max_size=25
).filter(str.strip)


@settings(deadline=None, max_examples=300)
@given(text=ANY_NAME)
def test_whatever_was_printed_is_printed_again_the_same_way(text: str) -> None:
    name = csl_name(text)
    assert csl_name(printed(name)) == name
