"""Numbers and blocks of numbers as people type and paste them. No Qt in here."""

from __future__ import annotations

import math
import re

from core.data.notation import MINUS

EXAMPLES = "1, 0 or 0.5"
_SHOWN = 24

# A comma that cannot be a decimal one: before a blank, twice in a cell, or beside a point.
_SEPARATING_COMMA = re.compile(r",\s|,$|,[^\s,]*,|\.[^\s,]*,|,[^\s,]*\.", re.MULTILINE)


class NotANumber(ValueError):
    """The text says which text is not a number, and what to type instead."""


class RaggedBlock(ValueError):
    """Pasted rows of different lengths; the text names the first odd one."""


def read_number(text: str, examples: str = EXAMPLES) -> float:
    """The finite number that ``text`` writes, with decimal point or comma.

    Raises `NotANumber` with half a sentence: “abc” is not a number; type a number such as …
    """
    way_out = f"type a number such as {examples}"
    plain = text.strip().replace(",", ".").replace(MINUS, "-")
    if not plain:
        raise NotANumber(f"an empty text is not a number; {way_out}")
    try:
        value = float("?" if "_" in plain else plain)  # Python reads 1_0 as ten
    except ValueError:
        raise NotANumber(f"“{_shortened(text)}” is not a number; {way_out}") from None
    if not math.isfinite(value):
        raise NotANumber(f"“{_shortened(text)}” is not a finite number; {way_out}")
    return value + 0.0  # no minus in front of zero


def exact(value: float) -> str:
    """All digits of ``value``, as one would type them: 1 and not 1.0."""
    return repr(value).removesuffix(".0")


def read_block(text: str) -> list[list[str]]:
    """The cells of a pasted text: rows of lines, columns by tabs, else semicolons, else blanks.

    Commas separate columns only where they cannot be decimal commas. Raises `RaggedBlock`.
    """
    lines, separator = text.strip("\r\n").splitlines(), _separator(text)
    rows = [_cells(line, separator) for line in lines] or [[""]]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise RaggedBlock(
                f"The pasted rows differ in length: row 1 has {_count(len(rows[0]), 'cell')}, "
                f"row {number} has {len(row)}; copy a rectangle of cells."
            )
    return rows


def _separator(text: str) -> str | None:
    for separator in ("\t", ";"):
        if separator in text:
            return separator
    return "," if _SEPARATING_COMMA.search(text) else None


def _cells(line: str, separator: str | None) -> list[str]:
    return [cell.strip() for cell in line.split(separator)] or [""]


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
