"""Numbers as people type them, blocks as spreadsheets copy them."""

import pytest

from rnn_gui.fields.cell_text import NotANumber, RaggedBlock, exact, read_block, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (" 0.5 ", 0.5),
        ("0,5", 0.5),
        ("-2", -2.0),
        ("−1,5", -1.5),
        ("+.25", 0.25),
        ("1e-3", 0.001),
        ("0.1000000000000000055511151231257827", 0.1),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert read_number(text) == value


def test_zero_has_no_minus() -> None:
    assert str(read_number("-0")) == "0.0"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("abc", "“abc” is not a number"),
        ("", "an empty text is not a number"),
        ("  ", "an empty text is not a number"),
        ("inf", "“inf” is not a finite number"),
        ("nan", "“nan” is not a finite number"),
        ("1e999", "“1e999” is not a finite number"),
        ("1.000,5", "“1.000,5” is not a number"),
        ("1_000", "“1_000” is not a number"),
        ("x" * 60, "“xxxxxxxxxxxxxxxxxxxxxxx…” is not a number"),
    ],
)
def test_what_is_no_finite_number_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotANumber) as refused:
        read_number(text)
    assert str(refused.value) == f"{reason}; type a number such as 1, 0 or 0.5"


@pytest.mark.parametrize(
    "value", [0.1, 1 / 3, 1e22, -5e-324, 1.7976931348623157e308, 3.0, 0.47143516373249306]
)
def test_exact_texts_are_read_back_bit_for_bit(value: float) -> None:
    assert read_number(exact(value)) == value


def test_a_whole_number_is_written_without_a_point() -> None:
    assert exact(3.0) == "3"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t0,5\n0\t1\n", [["1", "0,5"], ["0", "1"]]),
        ("1\t\t0", [["1", "", "0"]]),
        ("1;0,5\r\n0;1\r\n", [["1", "0,5"], ["0", "1"]]),
        ("1 0,5\n0 1", [["1", "0,5"], ["0", "1"]]),
        ("1, 0, 1", [["1", "0", "1"]]),
        ("1,0,1\n0,1,1", [["1", "0", "1"], ["0", "1", "1"]]),
        ("0.5,1", [["0.5", "1"]]),
        ("0,5\n1,5", [["0,5"], ["1,5"]]),
        ("7", [["7"]]),
    ],
)
def test_blocks_are_split_without_breaking_decimal_commas(text: str, rows: list[list[str]]) -> None:
    assert read_block(text) == rows


def test_a_ragged_block_names_its_odd_row() -> None:
    with pytest.raises(RaggedBlock) as refused:
        read_block("1\t0\n1")
    assert str(refused.value) == (
        "The pasted rows differ in length: row 1 has 2 cells, row 2 has 1; "
        "copy a rectangle of cells."
    )
