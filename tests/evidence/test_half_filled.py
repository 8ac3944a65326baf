"""A form that is half filled in is read as far as it goes, whatever stands in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.duplicate_search import paper_of_record, patients_of_record
from evidence.half_filled import field_of, is_filled, number_of, rows_of, text_of

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "slug",
                    "citations",
                    "cases",
                    "arms",
                    "regimen",
                    "role",
                    "title",
                    "year",
                    "authors",
                    "organs",
                    "age_years",
                    "sex",
                    "measurements",
                    "analyte",
                    "week",
                    "value",
                    "countries",
                    "therapy",
                    "findings",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_no_half_filled_study_breaks_the_look_for_duplicates(form: Any) -> None:
    paper_of_record(form)
    patients_of_record(form)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0.0),
        ("12", 12.0),
        (" 1.5 ", 1.5),
        ("", None),
        (None, None),
        ("x", None),
        (True, None),
        ("inf", None),
    ],
)
def test_a_number_is_read_where_there_is_one(value: Any, number: float | None) -> None:
    assert number_of({"week": value}, "week") == number


def test_nothing_is_told_apart_from_no_and_zero() -> None:
    assert (
        is_filled(0) and is_filled(False) and not is_filled("") and not is_filled([]) and not is_filled(None)
    )
    assert (
        field_of(None, "slug") is None
        and text_of({"slug": " a "}, "slug") == "a"
        and text_of({}, "slug") == ""
    )
    assert rows_of({"cases": [{}, {"slug": "a"}, None]}, "cases") == [{"slug": "a"}]
    assert rows_of({"cases": "text"}, "cases") == []
