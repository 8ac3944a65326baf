"""Figures come into the analyte's unit exactly, with what was printed beside them; what is doubtful is said."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from evidence.unit_tables import AGENTS, LIMITS, SCALES
from evidence.units import (
    Converted,
    UnitRefused,
    convert,
    doubts,
    known_units,
    plain,
    prednisolone_equivalent,
    read_figure,
    week_doubts,
)

DATA = Path(settings.BASE_DIR) / "data"


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        # Worked by hand.
        ("serum_igg4", "17.7", "g/L", 1770),
        ("serum_igg4", 17.7, "g/l", 1770),
        ("serum_igg4", "13,500.0", "mg/l", 1350),
        ("serum_igg4", "5980", "mg/L", 598),
        ("serum_igg4", "1.4", "mg/mL", 140),
        ("serum_igg4", "940", "µg/mL", 94),
        ("serum_igg4", "940", "ug/ml", 94),
        ("serum_igg4", "940", "mcg/mL", 94),
        ("serum_igg", "15.7", "g/L", 1570),
        ("serum_igg", "1.57", "g/dL", 1570),
        ("serum_ige", "450", "kU/L", 450),
        ("serum_ige", "450", "kIU/L", 450),
        ("serum_ige", "240", "ng/mL", 100),
        ("serum_ige", "2.4", "mg/L", 1000),
        ("eosinophils", "0.5", "×10^9/L", 500),
        ("eosinophils", "0.5", "x10^9/L", 500),
        ("eosinophils", "0.5", "10⁹/L", 500),
        ("eosinophils", "0.5", "10*9/L", 500),
        ("eosinophils", "0.5", "x 10E9 / L", 500),
        ("eosinophils", "0.5", "G/L", 500),
        ("eosinophils", "2.592", "K/µL", 2592),
        ("eosinophils", "2.592", "×10³/μL", 2592),
        ("eosinophils", "2592", "/mm³", 2592),
        ("eosinophils", "2592", "per mm3", 2592),
        ("glucocorticoid_dose", "48", "mg methylprednisolone", 60),
        ("glucocorticoid_dose", "1", "g/day methylprednisolone", 1250),
        ("glucocorticoid_dose", "40", "mg/day prednisone", 40),
        ("crp", "45", "mg/L", 4.5),
        ("creatinine", "88.4", "µmol/L", 0.9999808),
        ("creatinine", "240", "umol/l", 2.71488),
        ("creatinine", "0.24", "mmol/L", 2.71488),
        ("complement_c3", "0.9", "g/L", 90),
        ("soluble_il2r", "1200", "U/L", 1.2),
    ],
)
def test_a_figure_comes_into_the_analytes_unit_with_the_printed_one_kept(
    analyte: str, value: str | float, unit: str, expected: float
) -> None:
    printed = unit if unit.startswith("%") else f" {unit}"
    assert convert(analyte, value, unit) == Converted(expected, f"{value}{printed}".replace("  ", " "))


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("serum_igg4", "mg/dL"),
        ("serum_igg4", "MG/DL"),
        ("serum_igg4", "mg per decilitre"),
        ("serum_igg4", "mg/100 mL"),
        ("eosinophils", "cells/µL"),
        ("eosinophils", "/uL"),
        ("eosinophils", "cells per microliter"),
        ("glucocorticoid_dose", "mg daily"),
        ("glucocorticoid_dose", "mg/d PSL"),
        ("responder_index", ""),
        ("gland_volume", "%"),
    ],
)
def test_a_figure_in_the_analytes_own_unit_needs_no_original(analyte: str, unit: str) -> None:
    assert convert(analyte, "12.50", unit) == Converted(12.5, None)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "message"),
    [
        ("eosinophils", "12", "%", "multiply it by the white cell count"),
        ("serum_ige", "4", "kUA/L", "IgE against one allergen"),
        ("glucocorticoid_dose", "0.6", "mg/kg", "needs the patient's weight"),
        ("glucocorticoid_dose", "10", "mg every other day", "enter half of it"),
        ("glucocorticoid_dose", "10", "mg weekly", "divide it by 7"),
        ("gland_volume", "12", "mL", "percentage of the volume at baseline"),
        ("soluble_il2r", "900", "pg/mL", "no agreed mass"),
        ("creatinine", "60", "mL/min", "not serum creatinine"),
        ("serum_igg4", "17", "", "the unit is missing: mg/dL, g/L"),
        ("serum_igg4", "17", "furlongs", "'furlongs' is not a unit of this analyte: mg/dL"),
        ("serum_igg4", "17", "IU/mL", "is not a unit of this analyte"),
        ("ferritin", "17", "ng/mL", "has no table of units: enter it in its own unit"),
        ("serum_igg4", True, "g/L", "no figure"),
        ("serum_igg4", float("nan"), "g/L", "is not a number"),
        ("serum_igg4", float("inf"), "g/L", "is not a number"),
        ("serum_igg4", -1, "g/L", "below 0"),
        ("serum_igg4", 1e11, "g/L", "too large"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_what_would_be_right(
    analyte: str, value: float | str, unit: str, message: str
) -> None:
    with pytest.raises(UnitRefused) as refusal:
        convert(analyte, value, unit)
    assert message in str(refusal.value)


def test_an_analyte_that_editors_added_is_taken_in_its_own_unit_alone() -> None:
    assert convert("ferritin", "30", "NG/ML", own_unit="ng/mL") == Converted(30.0)
    with pytest.raises(UnitRefused, match="enter it in ng/mL"):
        convert("ferritin", "30", "µg/dL", own_unit="ng/mL")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("17.7", "17.7"),
        ("17,7", "17.7"),
        ("0,177", "0.177"),
        ("1,7700", "1.7700"),
        ("1,770.5", "1770.5"),
        ("1.770,5", "1770.5"),
        ("12,345,678", "12345678"),
        ("1 770", "1770"),
        ("1\u202f770,5", "1770.5"),
        (" 40 ", "40"),
        ("0", "0"),
        (".5", "0.5"),
    ],
)
def test_a_number_is_read_where_it_can_be_read_in_one_way(text: str, number: str) -> None:
    assert read_figure(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,770", "may be 1770 or 1.770"),
        ("<5", "is a bound"),
        ("> 3000", "is a bound"),
        ("≥3000", "is a bound"),
        ("~5", "rough figure"),
        ("12-15", "more than one figure"),
        ("5 ± 2", "more than one figure"),
        ("5 (2)", "more than one figure"),
        ("high", "is not a number"),
        ("1_000", "is not a number"),
        ("١٢", "is not a number"),
        ("nan", "is not a number"),
        ("-3", "below 0"),
        ("−3", "below 0"),
        ("1e13", "too large"),
        ("", "there is no figure"),
    ],
)
def test_a_number_that_may_mean_two_things_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnitRefused) as refusal:
        read_figure(text)
    assert message in str(refusal.value)


def test_beside_decimal_commas_a_point_before_three_digits_is_doubtful() -> None:
    assert read_figure("1.770") == Decimal("1.770")
    with pytest.raises(UnitRefused, match=r"1770 or 1\.770"):
        read_figure("1.770", comma_is_decimal=True)


figures = st.decimals(min_value=0, max_value=1_000_000, places=3, allow_nan=False)


@given(figures, st.sampled_from([(name, unit) for name, scale in SCALES.items() for unit in scale.units]))
def test_conversion_is_the_exact_product(figure: Decimal, named: tuple[str, str]) -> None:
    analyte, unit = named
    exact = Fraction(figure) * SCALES[analyte].units[unit]
    found = Fraction(Decimal(repr(convert(analyte, figure, unit).value)))
    assert abs(found - exact) <= exact / 200_000


@given(figures)
def test_powers_of_ten_leave_no_trace_of_binary_arithmetic(figure: Decimal) -> None:
    assert Decimal(repr(convert("serum_igg4", figure, "g/L").value)) == figure * 100
    assert Decimal(repr(convert("eosinophils", figure, "×10^9/L").value)) == figure * 1000


@given(figures)
def test_any_printed_number_is_read_back(figure: Decimal) -> None:
    assert read_figure(plain(figure)) == figure


def test_a_decimal_that_does_not_end_is_cut_at_six_digits() -> None:
    assert convert("serum_ige", "20", "ng/mL") == Converted(8.33333, "20 ng/mL")


def test_the_tables_are_the_vocabularys() -> None:
    vocabulary = yaml.safe_load((DATA / "vocabulary.yaml").read_text(encoding="utf-8"))
    assert {row["slug"]: row["unit"] for row in vocabulary["analytes"]} == {
        analyte: scale.own for analyte, scale in SCALES.items()
    }
    for analyte, scale in SCALES.items():
        assert known_units(analyte)[0] == scale.own and scale.units[scale.own] == 1
        assert not set(scale.units) & set(scale.refused)
        for unit in scale.units:
            assert convert(analyte, 1, unit).value > 0
        for unit in scale.refused:
            with pytest.raises(UnitRefused, match="is not converted"):
                convert(analyte, 1, unit)
    assert known_units("ferritin") == ()


@pytest.mark.parametrize(
    ("agent", "dose", "expected", "reported"),
    [
        ("prednisolone", 40, 40, None),
        ("PSL", 40, 40, None),
        ("Prednisone", 40, 40, "40 mg Prednisone"),
        ("methylprednisolone", 60, 75, "60 mg methylprednisolone"),
        ("Solu-Medrol", 1000, 1250, "1000 mg Solu-Medrol"),
        ("hydrocortisone", 20, 5, "20 mg hydrocortisone"),
        ("cortisone", 25, 5, "25 mg cortisone"),
        ("triamcinolone", 4, 5, "4 mg triamcinolone"),
        ("dexamethasone", "0.75", 5, "0.75 mg dexamethasone"),
        ("dexamethasone", 4, 26.6667, "4 mg dexamethasone"),
        ("betamethasone", 3, 20, "3 mg betamethasone"),
        ("deflazacort", 30, 25, "30 mg deflazacort"),
    ],
)
def test_a_systemic_glucocorticoid_is_turned_into_prednisolone(
    agent: str, dose: float | str, expected: float, reported: str | None
) -> None:
    assert prednisolone_equivalent(agent, dose) == Converted(expected, reported)


@pytest.mark.parametrize(
    ("agent", "route", "message"),
    [
        ("budesonide", "oral", "acts in one place"),
        ("Fluticasone propionate", "", "acts in one place"),
        ("methylprednisolone", "topical", "only what acts in the whole body"),
        ("triamcinolone", "intralesional", "only what acts in the whole body"),
        ("rituximab", "", "has no factor here: prednisolone, prednisone, methylprednisolone"),
    ],
)
def test_a_glucocorticoid_for_one_place_is_not_converted(agent: str, route: str, message: str) -> None:
    with pytest.raises(UnitRefused) as refusal:
        prednisolone_equivalent(agent, 10, route)
    assert message in str(refusal.value)


def test_the_curation_rule_on_glucocorticoids_is_kept() -> None:
    factors = {agent.name: agent.factor for agent in AGENTS}
    assert factors["prednisolone"] == factors["prednisone"] == 1
    assert factors["methylprednisolone"] == Fraction(5, 4)
    assert all(agent.source for agent in AGENTS)


@pytest.mark.parametrize(
    ("analyte", "value", "part"),
    [
        ("serum_igg4", 17, "is it g/L? 17 g/L would be 1700 mg/dL"),
        ("serum_igg4", 12250, "is it mg/L? 12250 mg/L would be 1225 mg/dL"),
        ("serum_igg", 15.7, "15.7 g/L would be 1570 mg/dL"),
        ("eosinophils", 0.5, "0.5 ×10^9/L would be 500 cells/µL"),
        ("eosinophils", 12, "is it %?"),
        ("glucocorticoid_dose", 400, "is it a pulse, or a cumulative dose?"),
        ("glucocorticoid_dose", 0.6, "is it mg/kg/day?"),
        ("creatinine", 240, "240 µmol/L would be 2.71488 mg/dL"),
        ("crp", 45, "45 mg/L would be 4.5 mg/dL"),
        ("complement_c3", 0.9, "0.9 g/L would be 90 mg/dL"),
        ("responder_index", 9.5, "is no whole number"),
    ],
)
def test_an_unusual_figure_is_doubted_in_words(analyte: str, value: float, part: str) -> None:
    assert any(part in doubt for doubt in doubts(analyte, value)), doubts(analyte, value)


def test_nothing_of_something_is_a_statement_and_no_doubt() -> None:
    assert doubts("eosinophils", 0) == doubts("glucocorticoid_dose", 0) == doubts("responder_index", 0) == ()
    assert doubts("serum_igg4", 0)


def test_no_curated_measurement_is_doubted() -> None:
    curated = [
        (row["analyte"], row["value"], row["week"])
        for file in sorted((DATA / "studies").glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8")).get("cases", [])
        for row in case.get("measurements", [])
    ]
    assert len(curated) > 30
    assert [row for row in curated if doubts(row[0], row[1]) or week_doubts(row[2])] == []


def test_every_limit_has_its_reason_and_its_analyte() -> None:
    for limit in LIMITS:
        assert limit.reason and limit.analyte in SCALES
        assert (limit.below is None) != (limit.above is None)
        known = {*SCALES[limit.analyte].units, *SCALES[limit.analyte].refused}
        assert set(limit.perhaps) <= known


@pytest.mark.parametrize("week", [-520, 0, 52, 520])
def test_a_week_within_ten_years_is_usual(week: int) -> None:
    assert week_doubts(week) == ()


def test_a_week_far_off_may_be_days() -> None:
    assert week_doubts(730) == (
        "week 730 is more than ten years after the start of the index therapy: is it days? 730 days would be week 104",
    )
    assert "before" in week_doubts(-1000)[0]
