"""The rows of the result, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.measuring import Sample

NOT_INSTALLED = "not installed"
_NONE = "–"
_HEAD = ("what", "yardstick", "ours", "yardstick's", "result", "wanted", "verdict", "differ by")
# The largest power of ten that a unit of time is used from, and its name.
_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass(frozen=True)
class Wanted:
    """What a result is wanted to be: at least, or at most, so much."""

    limit: float
    unit: str = "×"
    at_least: bool = True

    def met_by(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {quantity(self.limit, self.unit)}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    ``result`` is what is wanted or not: for a pair the ratio of the two times. Without
    ``wanted`` the row is there to be read. ``absent`` says why nothing was measured, and
    ``remark`` what there is to say about the result, ``why`` only where it is not met.
    """

    what: str
    yardstick: str = ""
    ours: Sample | None = None
    theirs: Sample | None = None
    result: Sample | None = None
    wanted: Wanted | None = None
    difference: float | None = None
    absent: str = ""
    remark: str = ""
    why: str = ""

    @property
    def verdict(self) -> str:
        if self.absent:
            return self.absent
        if self.wanted is None or self.result is None:
            return _NONE
        return "met" if self.wanted.met_by(self.result.median) else "not met"

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.what,
            self.yardstick or _NONE,
            spread(self.ours),
            spread(self.theirs),
            spread(self.result),
            str(self.wanted or _NONE),
            self.verdict,
            _NONE if self.difference is None else f"{self.difference:.0e}",
        )


def faster(
    what: str,
    ours: Sample,
    yardstick: str,
    theirs: Sample,
    gap: float,
    wanted: float | None = None,
    why: str = "",
) -> Row:
    """A row that tells how many times faster than the yardstick the program is."""
    return Row(
        what=what,
        yardstick=yardstick,
        ours=ours,
        theirs=theirs,
        result=theirs.over(ours),
        wanted=None if wanted is None else Wanted(wanted),
        difference=gap,
        why=why,
    )


def quantity(value: float, unit: str) -> str:
    """Three digits and the unit; seconds in the unit of time that suits them."""
    if unit == "s":
        scale, unit = next(((s, u) for s, u in _TIMES if abs(value) >= s), _TIMES[-1])
        value /= scale
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{digits} {unit}"


def spread(sample: Sample | None) -> str:
    """The median, and between which quartiles it lies."""
    if sample is None:
        return _NONE
    text = quantity(sample.median, sample.unit)
    if len(sample.values) < 2:
        return text
    low, high = (quantity(value, sample.unit) for value in sample.quartiles)
    return f"{text} ({low} … {high})"


def markdown(rows: Iterable[Row]) -> str:
    """The table, with columns that also line up where Markdown is read as text."""
    lines = [_HEAD, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * width for width in widths]
    head, *body = (_line(cells, widths) for cells in lines)
    return "\n".join([head, _line(rule, widths), *body])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
