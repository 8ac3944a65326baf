"""A pasted block becomes rows; what cannot be read is named by line and cell, and nothing is guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.block_words import TimeRefused, read_week
from evidence.measurement_block import Block, NamedAnalyte, Row, read_block
from evidence.unit_tables import SCALES
from evidence.units import Converted, plain


def told(block: Block) -> list[tuple[int, str, float, str | None]]:
    return [(row.week, row.analyte, row.converted.value, row.converted.as_reported) for row in block.rows]


IN_ORDER = [(0, "serum_igg4", 1770.0, "17.7 g/L"), (12, "eosinophils", 500.0, "0.5 ×10^9/L")]


@pytest.mark.parametrize(
    "text",
    [
        "0\tIgG4\t17.7\tg/L\n12\tEos\t0.5\t×10^9/L",
        "week\tanalyte\tvalue\tunit\nbaseline\tsIgG4\t17.7\tg/L\nweek 12\teosinophils\t0.5\t×10^9/L\n",
        "unit;value;test;week\ng/L;17.7;serum_igg4;0\n×10^9/L;0.5;Eosinophil count;12",
        "0,IgG4,17.7,g/L\n12,Eos,0.5,×10^9/L",
        '"week","analyte","value","unit"\n"0","IgG4","17.7","g/L"\n"12","Eos","0.5","×10^9/L"',
        "0 | IgG4 | 17.7 | g/L\n12 | Eos | 0.5 | ×10^9/L",
        "week    analyte       value   unit\n0       serum IgG4    17.7    g/L\n12      Eos           0.5     ×10^9/L",
        "baseline serum IgG4 17.7 g/L\nweek 12 Eos 0.5 ×10^9/L",
        "0\tIgG4\t17.7 g/L\n12\tEos\t0.5 ×10^9/L",
        "week\tIgG4 (g/L)\tEos [×10^9/L]\n0\t17.7\t\n12\t\t0.5",
        "\n  \n0\tIgG4\t17.7\tg/L\t\t\n\n12\tEos\t0.5\t×10^9/L\r\n",
    ],
)
def test_a_block_is_read_however_its_cells_are_separated(text: str) -> None:
    block = read_block(text)
    assert block.faults == ()
    assert told(block) == IN_ORDER


def test_decimal_commas_are_read_and_kept_as_printed() -> None:
    block = read_block("0;IgG4;17,7;g/L\n4;IgG4;0,177;g/L")
    assert told(block) == [(0, "serum_igg4", 1770.0, "17,7 g/L"), (4, "serum_igg4", 17.7, "0,177 g/L")]


def test_a_glucocorticoid_in_place_of_the_analyte_is_turned_into_prednisolone() -> None:
    block = read_block("0\tPSL\t40\tmg\n4\tprednisone\t30\tmg/day\n8\tmethylprednisolone\t16\tmg daily")
    assert told(block) == [
        (0, "glucocorticoid_dose", 40.0, "40 mg PSL"),
        (4, "glucocorticoid_dose", 30.0, "30 mg/day prednisone"),
        (8, "glucocorticoid_dose", 20.0, "16 mg daily methylprednisolone"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "cell", "message"),
    [
        ("0\tIgG4\t<5\tmg/dL", 1, "value", "is a bound, not a figure: leave the row out"),
        ("0\tIgG4\t>3000\tmg/dL", 1, "value", "is a bound, not a figure"),
        ("week\tanalyte\tvalue\tunit\n0\tIgG4\t1,770\tmg/dL", 2, "value", "may be 1770 or 1.770"),
        ("0;IgG4;17,7;g/L\n4;IgG4;1.770;mg/dL", 2, "value", "stands beside decimal commas"),
        ("0\tferritin\t30\tng/mL", 1, "analyte", "'ferritin' is no analyte that the Atlas keeps"),
        ("0\tcreatinin\t1\tmg/dL", 1, "analyte", "did you mean creatinine?"),
        ("0\t\t1\tmg/dL", 1, "analyte", "the analyte is missing"),
        ("0\tIgG4\t17\t", 1, "unit", "the unit is missing: mg/dL"),
        ("0\tEos\t12\t%", 1, "unit", "multiply it by the white cell count"),
        ("\tIgG4\t17\tg/L", 1, "week", "the time is missing"),
        ("2021-03-12\tIgG4\t17\tg/L", 1, "week", "looks like a date, which could identify the patient"),
        ("March 2021\tIgG4\t17\tg/L", 1, "week", "looks like a date"),
        ("later\tIgG4\t17\tg/L", 1, "week", "is no time: write baseline, week 12"),
        ("12.5\tIgG4\t17\tg/L", 1, "week", "is no whole week"),
        ("time\tanalyte\tvalue\tunit\n12\tIgG4\t17\tg/L", 2, "week", "'12' of what?"),
        ("0\tIgG4", 1, "", "2 cells where week, analyte, value and unit are expected"),
        ("12,IgG4,17,7,g/L\n4,IgG4,17.7,g/L", 1, "", "a comma cannot also be the decimal sign"),
        ("0\tIgG4\t17\tg/L\tsee Table 2", 1, "", "5 cells where 4 are expected"),
        ("IgG4 was high", 1, "", "cannot be told apart"),
        ("analyte\tvalue\nIgG4\t17", 1, "", "the header lacks one column of time"),
        ("week\tvalue\tunit\n0\t17\tg/L", 1, "", "the header lacks analyte"),
        ("week\tanalyte\tvalue\tresult\n0\tIgG4\t17\t18", 1, "value", "two columns of the header say value"),
        ("week\tIgG4\n0\t17\n4\t18", 1, "IgG4", "the unit is missing"),
        ("week\tIgG4 (g/L)\n0\t<5", 2, "IgG4 (g/L)", "is a bound"),
        ("week\tIgG4 (g/L)\n0\t5\t6", 2, "", "3 cells where the header has 2"),
        ("0\tIgG4\t17\tg/L\n" + "x" * 2000, 2, "", "longer than 1000 characters"),
        ("0\tIgG4\t17\tg/L\n" * 501, 501, "", "more than 500 lines"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_cell(
    text: str, line: int, cell: str, message: str
) -> None:
    faults = read_block(text).faults
    assert len(faults) == 1, faults
    assert (faults[0].line, faults[0].cell) == (line, cell)
    assert message in faults[0].message
    assert str(faults[0]).startswith(f"line {line}")


def test_one_bad_row_does_not_take_the_others_along() -> None:
    block = read_block("0\tIgG4\t17.7\tg/L\n4\tIgG4\t<1\tg/L\n8\tIgG4\t3\tfurlong\n12\tEos\t0.5\t×10^9/L")
    assert told(block) == IN_ORDER
    assert [(fault.line, fault.cell) for fault in block.faults] == [(2, "value"), (3, "unit")]


@pytest.mark.parametrize("empty", ["", "-", "NR", "n/a", "not reported"])
def test_a_cell_without_a_figure_is_left_out_and_said(empty: str) -> None:
    block = read_block(f"0\tIgG4\t17.7\tg/L\n4\tIgG4\t{empty}\tg/L\n12\tEos\t0.5\t×10^9/L")
    assert told(block) == IN_ORDER and block.faults == ()
    assert block.left_out == ("line 2: IgG4 without a figure is left out",)


def test_what_was_computed_or_stands_twice_is_said() -> None:
    block = read_block("month 3\tIgG4\t5\tg/L\nd91\tIgG4\t4\tg/L")
    assert [row.week for row in block.rows] == [13, 13]
    assert block.rows[0].notes == ("month 3 is taken as week 13 (× 4.345, rounded)",)
    assert block.rows[1].notes == (
        "day 91 is taken as week 13 (divided by 7, rounded)",
        "line 1 has 5 g/L of the same analyte in the same week already",
    )


def test_a_doubtful_row_is_read_and_doubted() -> None:
    (row,) = read_block("730\tIgG4\t17.7\tmg/dL").rows
    assert [doubt.partition(";")[0].split(" is ")[0] for doubt in row.doubts] == [
        "a serum IgG4 of 17.7 mg/dL",
        "week 730",
    ]


def test_an_analyte_of_the_vocabulary_beside_the_tables_is_known_by_name_and_slug() -> None:
    beside = [NamedAnalyte("ferritin", "Serum ferritin", "ng/mL")]
    for name in ("ferritin", "Serum ferritin"):
        assert told(read_block(f"0\t{name}\t30\tng/mL", beside=beside)) == [(0, "ferritin", 30.0, None)]


def test_nothing_pasted_is_nothing_read() -> None:
    assert read_block("") == read_block(" \n\t\n") == Block()


@pytest.mark.parametrize(
    ("text", "kind", "week"),
    [
        ("baseline", "week", 0),
        ("Week 12", "week", 12),
        ("wk12", "week", 12),
        ("12 weeks", "week", 12),
        ("12w", "week", 12),
        ("-4", "week", -4),
        ("−4", "week", -4),
        ("week -4", "week", -4),
        ("month 1", "week", 4),
        ("month 3", "week", 13),
        ("6 months", "week", 26),
        ("m12", "week", 52),
        ("1 year", "week", 52),
        ("2 yrs", "week", 104),
        ("d14", "week", 2),
        ("day 10", "week", 1),
        ("10 d", "week", 1),
        ("3", "month", 13),
        ("14", "day", 2),
        ("-14", "day", -2),
        ("week 8", "month", 8),
        ("12.0", "week", 12),
    ],
)
def test_a_time_is_a_week_from_the_start_of_the_index_therapy(text: str, kind: str, week: int) -> None:
    assert read_week(text, kind)[0] == week


@pytest.mark.parametrize(
    "text", ["before treatment", "week 12-14", "12/03/2021", "2019", "200 years", "week month 3"]
)
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimeRefused):
        read_week(text)


# What a person could have typed: week, analyte, figure, unit.
rows = st.lists(
    st.tuples(
        st.integers(-520, 520),
        st.sampled_from([(name, unit) for name, scale in SCALES.items() for unit in scale.units]),
        st.decimals(min_value=0, max_value=100_000, places=2, allow_nan=False).map(plain),
    ),
    min_size=1,
    max_size=8,
)


@given(rows, st.sampled_from("\t;|"), st.booleans(), st.permutations(["week", "analyte", "value", "unit"]))
def test_what_is_written_out_is_read_back(
    typed: list[tuple[int, tuple[str, str], str]], separator: str, headed: bool, order: list[str]
) -> None:
    columns = order if headed else ["week", "analyte", "value", "unit"]
    lines = [separator.join(columns)] if headed else []
    for week, (analyte, unit), value in typed:
        cells = {"week": str(week), "analyte": analyte, "value": value, "unit": unit}
        lines.append(separator.join(cells[column] for column in columns))
    block = read_block("\n".join(lines))
    assert block.faults == () and block.left_out == ()
    assert [(row.week, row.analyte, row.value, row.unit) for row in block.rows] == [
        (week, analyte, value, unit) for week, (analyte, unit), value in typed
    ]
    for row in block.rows:
        assert row.converted.as_reported in (None, f"{row.value}{'' if row.unit == '%' else ' '}{row.unit}")


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    block = read_block(text)
    for row in block.rows:
        assert isinstance(row, Row) and isinstance(row.converted, Converted)
        assert Decimal(repr(row.converted.value)) >= 0
    for fault in block.faults:
        assert fault.message and fault.line >= 1


@given(
    st.lists(
        st.sampled_from(
            [
                "0",
                "12",
                "IgG4",
                "Eos",
                "17,7",
                "1.770",
                "<5",
                "g/L",
                "%",
                "\t",
                " ",
                ";",
                ",",
                "\n",
                '"',
                "m3",
            ]
        )
    )
)
def test_no_heap_of_cells_breaks_the_reader(pieces: list[str]) -> None:
    read_block("".join(pieces))
