"""Sequences from CSV, or from cells that a spreadsheet has put on the clipboard.

One sequence a line. A first line of names is a header; its column y or target holds the targets.
Predictions and errors under the names that they are copied with are no inputs: they are left out.
Columns are apart by tabs, semicolons or commas, whichever the first line has, in this order;
with tabs and semicolons a comma is a decimal one. Blank lines before and after are passed over.

A file without mistakes is read in one go by NumPy. Whatever that refuses is read again cell by
cell: to find the mistake, or because it has cells in quotes.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.data import reading
from core.data.column_names import known_columns
from core.data.random_data import MOST_CELLS, why_too_large
from core.data.reading import MINUS, number_in, quoted, shortened
from core.data.values import Array

_TARGET_NAMES = {"y", "target"}
_MOST_BYTES = 25 * MOST_CELLS  # a number with all its digits, and a comma
_SAVE_AS_UTF_8 = "save it as “CSV UTF-8” and import that"
_SUCH_AS = "write a number such as 1, 0 or 0.5"


class CsvProblem(ValueError):
    """Not usable as sequences. The text is one sentence: which line and column, and what to do."""


@dataclass(frozen=True, eq=False)
class ImportedSequences:
    """``inputs`` of shape (N, T); ``targets`` of shape (N,), or None where no column has them."""

    inputs: Array
    targets: Array | None
    target_column: str  # as the header writes it; empty where there is none


class _Sheet(NamedTuple):
    """What the first line tells, and the text of the sequences."""

    separator: str
    names: list[str]  # of the columns; none without a header
    width: int
    target: int | None  # the column of the targets
    computed: range  # columns that the network computes, whatever stands in them
    body: str
    body_line: int  # where the body begins, as the file counts its lines


def load_csv(path: str | Path) -> ImportedSequences:
    """Read a CSV file. Raises `CsvProblem`, whose text names the file."""
    try:
        contents = reading.read_file(
            path, _MOST_BYTES, verb="imported", kind="a CSV file", too_large="import a part of it"
        )
    except reading.ReadProblem as problem:
        raise CsvProblem(str(problem)) from None
    try:
        return read_csv(contents)
    except CsvProblem as problem:
        raise CsvProblem(f"{reading.shown_path(path)} cannot be imported: {problem}") from None


def read_csv(source: str | bytes) -> ImportedSequences:
    """Read sequences from CSV; bytes are UTF-8. Raises `CsvProblem`."""
    sheet = _sheet(_decoded(source))
    cells = _read_at_once(sheet)
    if cells is None:
        cells = _read_by_cell(sheet)
    if sheet.target is None:
        return ImportedSequences(cells, None, "")
    targets = cells[:, sheet.target].copy()
    inputs = np.delete(cells, [sheet.target, *sheet.computed], axis=1)
    return ImportedSequences(inputs, targets, sheet.names[sheet.target])


# -- text ------------------------------------------------------------------------------------


def _decoded(source: str | bytes) -> str:
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = source[:2].hex(" ").upper()
        raise CsvProblem(f"it is UTF-16, for it begins with the bytes {start}: {_SAVE_AS_UTF_8}.")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise CsvProblem(
            f"line {line} holds the byte 0x{source[error.start]:02X}, which is not UTF-8: "
            f"{_SAVE_AS_UTF_8}."
        ) from None


def _without_blank_end(text: str) -> str:
    """Up to the end of the last line with something in it; separators alone are nothing."""
    line_end = re.compile(r"[\r\n]").search(text, len(text.rstrip(" \t\r\n,;")))
    return text[: line_end.start()] if line_end else text


# -- the first line --------------------------------------------------------------------------


def _sheet(text: str) -> _Sheet:
    if not text.strip(" \t\r\n,;"):
        raise CsvProblem("there is nothing in it: write one sequence a line, such as 1,0,1.")
    text = _without_blank_end(text)
    blank = re.match(r"(?:[ \t]*(?:\r\n|\r|\n))*", text)
    start = blank.end() if blank else 0
    line = 1 + _line_ends(text[:start])
    separator = _separator(text[start:])
    reading = StringIO(text[start:], newline="")
    _, first = next(_rows(reading, separator, line))
    if not _is_header(first, line):
        return _checked(_Sheet(separator, [], len(first), None, range(0), text[start:], line))
    names = [" ".join(name.split()) for name in first]
    below = start + reading.tell()
    if below == len(text):
        raise CsvProblem(
            f"there is no sequence under the names in line {line}: write one a line, such as 1,0,1."
        )
    body_line = line + _line_ends(text[start:below])
    known = known_columns(names)
    computed = known.computed if known else range(0)
    if known and not known.inputs:
        raise _no_inputs(names, line)
    target = _target_column(names, line)
    sheet = _Sheet(separator, names, len(first), target, computed, text[below:], body_line)
    return _checked(sheet)


def _separator(text: str) -> str:
    first_line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    unquoted = re.sub(r'"[^"]*"', "", first_line)
    return next((separator for separator in "\t;" if separator in unquoted), ",")


def _is_header(first: list[str], line: int) -> bool:
    """Whether the first row is names; one of numbers with a word among them is a mistake."""
    words = [index for index, cell in enumerate(first) if cell.strip() and not _numeric(cell)]
    if not words or len(words) == len(first):
        return bool(words)
    named = any(cell.strip().casefold() in _TARGET_NAMES for cell in first)
    if not named and any(_numeric(cell) for cell in first):
        raise CsvProblem(
            f"line {line}, column {words[0] + 1} holds {quoted(first[words[0]])} among numbers: "
            f"{_SUCH_AS}, or give every column a name that is no number."
        )
    return True


def _numeric(cell: str) -> bool:
    """Whether a cell tries to be a number, or several."""
    try:
        return bool([float(part.replace(",", ".")) for part in _plain(cell).split()])
    except ValueError:
        return False


def _target_column(names: list[str], line: int) -> int | None:
    found = [index for index, name in enumerate(names) if name.casefold() in _TARGET_NAMES]
    if len(found) > 1:
        shown = [f"{index + 1} ({shortened(names[index])})" for index in found[:3]]
        columns = " and ".join(shown) + " and others" * (len(found) > len(shown))
        raise CsvProblem(f"line {line} names the columns {columns} as targets: rename all but one.")
    if found and len(names) == 1:
        raise _no_inputs(names, line)
    return found[0] if found else None


def _no_inputs(names: list[str], line: int) -> CsvProblem:
    return CsvProblem(
        f"line {line} has no column but {', '.join(map(shortened, names))}: "
        "add a column of inputs for each timestamp."
    )


def _checked(sheet: _Sheet) -> _Sheet:
    """Raises `CsvProblem` where there are too many cells."""
    columns = sheet.width - (sheet.target is not None) - len(sheet.computed)
    if problem := why_too_large(_line_count(sheet.body), columns):
        raise CsvProblem(f"{problem[:1].lower()}{problem[1:]}")
    return sheet


def _line_ends(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text))


def _line_count(body: str) -> int:
    """Exact where all lines end alike, and quick for a large text."""
    return max(body.count("\n"), body.count("\r")) + 1


# -- the sequences ---------------------------------------------------------------------------


def _read_at_once(sheet: _Sheet) -> Array | None:
    """All cells, shape (N, columns); None where something needs a closer look."""
    body = sheet.body.replace(MINUS, "-")
    if '"' in body:
        return None
    if sheet.separator != ",":
        body = body.replace(",", ".")
    lines = StringIO(body, newline=None)  # line ends of all systems
    try:
        cells: Array = np.loadtxt(lines, delimiter=sheet.separator, comments=None, ndmin=2)
    except ValueError:
        return None
    # NumPy passes over blank lines, and reads nan and 1e999.
    complete = cells.shape == (_line_count(sheet.body), sheet.width)
    if not complete or not np.isfinite(cells).all():
        return None
    return np.add(cells, 0.0, out=cells)  # no minus in front of zero


def _read_by_cell(sheet: _Sheet) -> Array:
    """Read a sheet cell by cell. Raises `CsvProblem` for the first mistake."""
    rows = []
    reading = StringIO(sheet.body, newline="")
    for line, row in _rows(reading, sheet.separator, sheet.body_line):
        if len(row) != sheet.width:
            raise _wrong_length(sheet, line, row)
        rows.append(
            [
                0.0 if column in sheet.computed else _number(sheet, line, column, cell)
                for column, cell in enumerate(row)
            ]
        )
    return np.array(rows)


def _rows(reading: StringIO, separator: str, line: int) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, and the line where it begins."""
    reader = csv.reader(reading, delimiter=separator, skipinitialspace=True, strict=True)
    begun = line
    try:
        for row in reader:
            yield begun, row
            begun = line + reader.line_num
    except csv.Error:
        raise CsvProblem(
            f"line {begun} cannot be divided into cells: "
            "put quotation marks around whole cells, or leave them out."
        ) from None


def _wrong_length(sheet: _Sheet, line: int, row: list[str]) -> CsvProblem:
    if not any(cell.strip() for cell in row):
        return CsvProblem(f"line {line} is empty: remove it or write a sequence there.")
    first = "the header" if sheet.names else "the first sequence"
    cells = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
    return CsvProblem(
        f"line {line} has {cells}, {first} has {sheet.width}: give every line as many."
    )


def _number(sheet: _Sheet, line: int, column: int, cell: str) -> float:
    value = number_in(cell if sheet.separator == "," else cell.replace(",", "."))
    if math.isfinite(value):
        return value
    name = f" ({shortened(sheet.names[column])})" if sheet.names and sheet.names[column] else ""
    raise CsvProblem(f"line {line}, column {column + 1}{name} {_mistake(cell, value)}.")


def _mistake(cell: str, value: float) -> str:
    """What is wrong with a cell, and the way out, as the rest of a sentence."""
    parts = cell.split()
    if not parts:
        return f"is empty: {_SUCH_AS}"
    if len(parts) > 1 and all(_numeric(part) for part in parts):
        return f"holds {quoted(cell)}: put a comma, semicolon or tab between numbers"
    digits = any(letter.isdigit() for letter in cell)
    if math.isinf(value) and digits:
        return f"holds {quoted(cell)}, which is too large for a number: {_SUCH_AS}"
    kind = "finite number" if _numeric(cell) and not digits else "number"
    return f"holds {quoted(cell)}, which is not a {kind}: {_SUCH_AS}"


def _plain(cell: str) -> str:
    return cell.strip().replace(MINUS, "-")
