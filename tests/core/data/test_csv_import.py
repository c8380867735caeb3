"""Sequences from CSV: what is read, and what each mistake is called."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import csv_import
from core.data.csv_import import CsvProblem, load_csv, read_csv

SUCH_AS = "write a number such as 1, 0 or 0.5."
UTF_8 = "save it as “CSV UTF-8” and import that."


@pytest.mark.parametrize(
    ("source", "inputs"),
    [
        ("1,0,1\n0,1,1", [[1, 0, 1], [0, 1, 1]]),
        ("1;0\r\n0;1\r\n", [[1, 0], [0, 1]]),
        ("1\t0\r0\t1\r", [[1, 0], [0, 1]]),
        ("1\n0\n", [[1], [0]]),
        ("7", [[7]]),
        ("0,5;1\n1.5;-2,5e1", [[0.5, 1], [1.5, -25]]),
        ("0,5\t1", [[0.5, 1]]),
        ("−1,-0", [[-1, 0]]),
        (" 1 , 0 \n0,\t1", [[1, 0], [0, 1]]),
        ("x1,x2\n1,0", [[1, 0]]),
        ('"a,b","c\nd"\n1,0', [[1, 0]]),
        ('"1","0"\n0,"1"', [[1, 0], [0, 1]]),
        ('"0,5";"1"', [[0.5, 1]]),
        ("\n \n1,0\n\n ,\n;;\n", [[1, 0]]),
        (b"\xef\xbb\xbf1,0", [[1, 0]]),
        ("\ufeff1,0", [[1, 0]]),
        ("größe,x\n1,0".encode(), [[1, 0]]),
    ],
)
def test_inputs_alone(source: str | bytes, inputs: list[list[float]]) -> None:
    found = read_csv(source)
    assert found.inputs.tolist() == inputs
    assert not np.signbit(found.inputs[found.inputs == 0]).any()
    assert found.targets is None
    assert found.target_column == ""


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("x1,x2,y\n1,0,5\n1,1,6", "y"),
        ("Target;x1;x2\n5;1;0\n6;1;1", "Target"),
        ('x1\t" TARGET "\tx2\n1\t5\t0\n1\t6\t1', "TARGET"),
        ("1,2,Y\n1,0,5\n1,1,6", "Y"),
    ],
)
def test_a_column_named_y_or_target_holds_the_targets(source: str, column: str) -> None:
    found = read_csv(source)
    assert found.inputs.tolist() == [[1, 0], [1, 1]]
    assert found.targets is not None
    assert found.targets.tolist() == [5, 6]
    assert found.target_column == column


@pytest.mark.parametrize(
    ("source", "inputs", "targets"),
    [
        ("x1\tx2\ty\tS_2\terror\n1\t0\t1\t0.9\t-0.1\n", [[1, 0]], [1]),
        ("x1\tx2\ty\tS_2\terror\n1\t0\t5\t\t\n0\t1\t1\t\t", [[1, 0], [0, 1]], [5, 1]),
        ("x1,x2,y,S_2,error\n1,0,1,inf,nan\n", [[1, 0]], [1]),
        ("x2,y,S_2\n1,0,7\n", [[1]], [0]),
    ],
)
def test_predictions_and_errors_of_copied_cells_are_no_inputs(
    source: str, inputs: list[list[float]], targets: list[float]
) -> None:
    found = read_csv(source)
    assert found.inputs.tolist() == inputs
    assert found.targets is not None
    assert found.targets.tolist() == targets


@pytest.mark.parametrize("names", ["x1,x2,y,error", "x1,S_2,y,error", "a,b,y,S_2", "x1,x2,y,S_3"])
def test_other_columns_are_inputs_whatever_they_are_called(names: str) -> None:
    assert read_csv(f"{names}\n1,2,3,4").inputs.shape == (1, 3)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "there is nothing in it: write one sequence a line, such as 1,0,1."),
        ("\n , \n", "there is nothing in it: write one sequence a line, such as 1,0,1."),
        ("a,b\n,\n", "there is no sequence under the names in line 1: "),
        ("\nx1,y", "there is no sequence under the names in line 2: "),
        ("y\n1", "line 1 has no column but y: add a column of inputs for each timestamp."),
        ("y\tS_3\terror\n1\t2\t1", "line 1 has no column but y, S_3, error: add a column of "),
        (
            "y,x,target\n1,2,3",
            "line 1 names the columns 1 (y) and 3 (target) as targets: rename all but one.",
        ),
        ("1,0\n1,x", f"line 2, column 2 holds “x”, which is not a number: {SUCH_AS}"),
        (
            "a,b,Y\n1,0,1\n1,0,one",
            f"line 3, column 3 (Y) holds “one”, which is not a number: {SUCH_AS}",
        ),
        ("a,,y\n1,?,1", f"line 2, column 2 holds “?”, which is not a number: {SUCH_AS}"),
        ("1,x,0\n1,0,1", f"line 1, column 2 holds “x” among numbers: {SUCH_AS[:-1]}, or give "),
        ("1,,0", f"line 1, column 2 is empty: {SUCH_AS}"),
        ("1,0\n,\n1,1", f"line 2, column 1 is empty: {SUCH_AS}"),
        ("1,0\n\n1,1", "line 2 is empty: remove it or write a sequence there."),
        ("1,0\n1", "line 2 has 1 cell, the first sequence has 2: give every line as many."),
        ("a,b\n1,0,1", "line 2 has 3 cells, the header has 2: give every line as many."),
        ("1,nan", f"line 1, column 2 holds “nan”, which is not a finite number: {SUCH_AS}"),
        ("1,0\n0,-Inf", f"line 2, column 2 holds “-Inf”, which is not a finite number: {SUCH_AS}"),
        (
            "1;−1e999",
            f"line 1, column 2 holds “−1e999”, which is too large for a number: {SUCH_AS}",
        ),
        ("1,1_0", f"line 1, column 2 holds “1_0”, which is not a number: {SUCH_AS}"),
        ('1,"0,5"', f"line 1, column 2 holds “0,5”, which is not a number: {SUCH_AS}"),
        (
            "1 0 1\n0 1 1",
            "line 1, column 1 holds “1 0 1”: put a comma, semicolon or tab between numbers.",
        ),
        ('x,y\n1,"0\n1,1', "line 2 cannot be divided into cells: put quotation marks around "),
        (
            '"x\n1",y\n1,2\n1,' + "q" * 30,
            f"line 4, column 2 (y) holds “{'q' * 23}…”, which is not a number: {SUCH_AS}",
        ),
        (b"x,y\r\n1,0\r\n\xe9,1", f"line 3 holds the byte 0xE9, which is not UTF-8: {UTF_8}"),
        ("1,0".encode("utf-16"), f"it is UTF-16, for it begins with the bytes FF FE: {UTF_8}"),
        (",".join("1" * 1001), "1,001 timestamps are too many: 1,000 is the most."),
        ("1\n" * 1_000_001, "1,000,001 sequences are too many: 1,000,000 is the most."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_each_mistake_is_one_sentence_that_names_the_place(source: str | bytes, said: str) -> None:
    with pytest.raises(CsvProblem) as refused:
        read_csv(source)
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith(".")


FINE = ["1", "0", "0.5", "0,5", "-2e3", "−1", " 1", "1 ", "+1.", ".5", "1e-400", "-0", "１"]
BAD = ["", " ", "x", "nan", "inf", "1e999", "1_0", "1 2", '"1"', '"', "0x1p3", "1\x0b", "#1"]
CELLS = st.sampled_from(FINE + BAD)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.integers(0, 1).map(str)


@st.composite
def sheets(draw: st.DrawFn, cells: st.SearchStrategy[str]) -> str:
    """Texts of up to 5 lines, mostly of the same length, with all kinds of ends."""
    width = draw(st.integers(1, 4))
    separator = draw(st.sampled_from(",;\t"))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=5))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    header = draw(st.sampled_from(["", "y", "a", '"a b"']))
    names = [separator.join([header] + ["x"] * (width - 1))] if header else []
    lines = names + [separator.join(row) for row in rows]
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(["", " ", separator])))
    return end.join(lines) + draw(st.sampled_from(["", end, end + end]))


@given(sheets(CELLS | NUMBERS) | sheets(NUMBERS))
def test_reading_at_once_and_by_cell_agree(text: str) -> None:
    """What is read at once is what the careful reader reads, to the last bit."""
    try:
        sheet = csv_import._sheet(text)
    except CsvProblem:
        return
    at_once = csv_import._read_at_once(sheet)
    if at_once is not None:
        by_cell = csv_import._read_by_cell(sheet)
        assert at_once.shape == by_cell.shape
        assert at_once.tobytes() == by_cell.tobytes()


@given(sheets(NUMBERS))
def test_a_sheet_of_numbers_needs_one_look_only(text: str) -> None:
    try:
        sheet = csv_import._sheet(text)
        csv_import._read_by_cell(sheet)
    except CsvProblem:
        return
    assert csv_import._read_at_once(sheet) is not None


@given(st.text(max_size=60) | sheets(CELLS) | st.binary(max_size=60))
def test_anything_is_read_or_refused(source: str | bytes) -> None:
    try:
        found = read_csv(source)
    except CsvProblem:
        return
    assert found.inputs.ndim == 2
    assert found.inputs.size
    assert np.isfinite(found.inputs).all()
    assert found.targets is None or found.targets.shape == (len(found.inputs),)


@given(
    st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_every_digit_comes_through(rows: list[list[float]]) -> None:
    text = "a,b,target\n" + "\n".join(",".join(map(repr, row)) for row in rows)
    found = read_csv(text)
    assert found.targets is not None
    assert found.inputs.tolist() == [row[:2] for row in rows]
    assert found.targets.tolist() == [row[2] for row in rows]


# -- files -----------------------------------------------------------------------------------


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(b"x1,x2,y\r\n1,0,9\r\n")
    found = load_csv(path)
    assert (found.inputs.tolist(), found.target_column) == ([[1, 0]], "y")


def test_a_problem_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("1,x\n", encoding="utf-8")
    with pytest.raises(CsvProblem) as refused:
        load_csv(path)
    assert str(refused.value).startswith(f"{path} cannot be imported: line 1, column 2 holds “x”")


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "null", "large"])
def test_what_cannot_be_read_is_refused(kind: str, tmp_path: Path) -> None:
    path, said = {
        "missing": (tmp_path / "none.csv", "(no such file or directory): choose another file."),
        "folder": (tmp_path, "it is a folder or a device: choose a CSV file."),
        "pipe": (tmp_path / "pipe", "it is a folder or a device: choose a CSV file."),
        "null": (tmp_path / "a\0b", "(embedded null byte): choose another file."),
        "large": (tmp_path / "large.csv", "it has more than 250 MB: import a part of it."),
    }[kind]
    if kind == "pipe":
        os.mkfifo(path)
    if kind == "large":
        with path.open("wb") as file:
            file.truncate(250_000_001)  # a hole: it takes no room
    with pytest.raises(CsvProblem) as refused:
        load_csv(path)
    assert str(refused.value).startswith(f"{str(path).replace(chr(0), ' ')} cannot be imported")
    assert str(refused.value).endswith(said)


@pytest.mark.parametrize(
    "source",
    [
        ",".join(["y"] * 1000) + "\n" + ",".join("1" * 1000),
        "x1,\x1b[1mq\n1,2\x07",
        "y" + "\u202e" * 9 + ",z\n1,\u2028q",
        "a" * 100_000 + ",1\n1,1",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_was_read_is_quoted_shortened_and_printable(source: str) -> None:
    with pytest.raises(CsvProblem) as refused:
        read_csv(source)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 250
