"""Long columns thinned to what a plot can show: the lowest and highest point of each block.

A run has up to ten million epochs and a plot a few hundred pixels. Blocks of a power of two
epochs, each twice as long as those of the level below it, keep where their extremes are; a
column only grows, so what is kept stays right, and a frame costs what is new in it. Only the
places are kept, and the numbers are read from the column: a few bytes for a hundred epochs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from core.data.values import Array
from core.training.run import Run
from rnn_gui.plots.ranges import PLOTTABLE

Places = npt.NDArray[np.integer[Any]]

_BASE = 64  # epochs in a block of the lowest level; shorter ones are scanned when asked for
_AT_ONCE = 1 << 14  # blocks, so that a long column takes no large array on the way


class Thinning:
    """Where the extremes of one growing column are.

    Numbers that no plot can show count only where a block has no other; so do, in one of
    ``positive`` numbers for a logarithmic axis, those that are not above 0.
    """

    def __init__(self, *, positive: bool = False) -> None:
        self._least = np.finfo(np.float64).tiny if positive else -PLOTTABLE
        self._levels = [_Level()]

    def points(self, column: Array, first: int, end: int, pixels: int) -> tuple[Array, Array]:
        """Epochs and numbers that draw ``column[first:end]`` over so many pixels.

        At most two for each pixel and some more at both ends, in order, with the first and the
        last epoch among them; all of them where there are not more. No extreme is left out, so
        the range of what comes back is the range of all. Each call takes in what was added to
        the column since the last one, which has to begin as it did then.
        """
        first, end = max(first, 0), min(end, len(column))
        if end - first > 2 * pixels:
            places = self._places(column, first, end, max(pixels, 1))
        else:
            places = np.arange(first, max(first, end))
        return places.astype(np.float64), column[places]

    def _places(self, column: Array, first: int, end: int, pixels: int) -> Places:
        size = 1 << max((end - first - 1) // pixels, 1).bit_length()
        if size < _BASE:
            blocks = self._scanned(column, first, end, size)
        else:
            self._extend(column)
            blocks = self._looked_up(first, end, size)
        found = np.concatenate([[first], *(np.sort(part, axis=1).ravel() for part in blocks)])
        found = np.append(found, end - 1)
        kept: Places = found[np.diff(found, prepend=-1) > 0]
        return kept

    def _scanned(self, column: Array, first: int, end: int, size: int) -> list[Places]:
        """Blocks that begin at multiples of their size, so that they stay where the view moves;
        what is left over at both ends goes in whole.
        """
        start = min(-(-first // size) * size, end)
        stop = max(end // size * size, start)
        inside = self._extremes(column, start, stop, size)
        return [_singles(first, start), inside, _singles(stop, end)]

    def _looked_up(self, first: int, end: int, size: int) -> list[Places]:
        """Blocks of this size, and at both ends ever smaller ones."""
        start, stop = -(-first // _BASE), end // _BASE
        if start >= stop:
            return [_singles(first, end)]
        top = min((size // _BASE).bit_length(), len(self._levels)) - 1
        left, right = [_singles(first, start * _BASE)], [_singles(stop * _BASE, end)]
        for level in self._levels[:top]:
            if start % 2 and start < stop:
                left.append(level.blocks[start : start + 1])
                start += 1
            if stop % 2 and start < stop:
                stop -= 1
                right.append(level.blocks[stop : stop + 1])
            start, stop = start // 2, stop // 2
        return [*left, self._levels[top].blocks[start:stop], *reversed(right)]

    def _extend(self, column: Array) -> None:
        """Take in all blocks that are complete by now, level by level."""
        self._extend_lowest(column)
        for lower, level in zip(self._levels, self._levels[1:], strict=False):
            self._join(column, lower, level)
        while self._levels[-1].count > 1:
            self._levels.append(_Level())
            self._join(column, *self._levels[-2:])

    def _extend_lowest(self, column: Array) -> None:
        lowest, complete = self._levels[0], len(column) // _BASE
        while lowest.count < complete:
            stop = min(lowest.count + _AT_ONCE, complete)
            lowest.append(self._extremes(column, lowest.count * _BASE, stop * _BASE, _BASE))

    def _join(self, column: Array, lower: _Level, level: _Level) -> None:
        """Two blocks of the lower level make one."""
        halves = lower.blocks[2 * level.count : lower.count // 2 * 2].reshape(-1, 4)
        if len(halves):
            level.append(np.take_along_axis(halves, self._lowest_highest(column[halves]), axis=1))

    def _extremes(self, column: Array, start: int, stop: int, size: int) -> Places:
        """Where each block of so many epochs is lowest and highest, shape (·, 2)."""
        rows = column[start:stop].reshape(-1, size)
        return self._lowest_highest(rows) + np.arange(start, stop, size)[:, np.newaxis]

    def _lowest_highest(self, rows: Array) -> Places:
        """The columns of ``rows`` that hold the extremes of each row, shape (·, 2)."""
        lows = highs = rows
        if not (rows.size and rows.min() >= self._least and rows.max() <= PLOTTABLE):
            shown = (rows >= self._least) & (rows <= PLOTTABLE)
            lows, highs = np.where(shown, rows, np.inf), np.where(shown, rows, -np.inf)
        return np.column_stack([lows.argmin(axis=1), highs.argmax(axis=1)])


@dataclass(frozen=True, eq=False)
class RunThinning:
    """One for each column of a run: `Run.costs` (twice), `Run.wx` and `Run.wrec`."""

    costs: Thinning = field(default_factory=Thinning)
    positive_costs: Thinning = field(default_factory=lambda: Thinning(positive=True))
    wx: Thinning = field(default_factory=Thinning)
    wrec: Thinning = field(default_factory=Thinning)


def thinning_of(run: Run) -> RunThinning:
    """What is kept of a run, by all plots of it, as long as the run is."""
    return _of_runs.setdefault(run, RunThinning())


_of_runs: WeakKeyDictionary[Run, RunThinning] = WeakKeyDictionary()


class _Level:
    """The extremes of blocks of one size, in an array that has room to grow."""

    def __init__(self) -> None:
        self._table = np.empty((16, 2), dtype=np.int32)
        self.count = 0

    @property
    def blocks(self) -> Places:
        return self._table[: self.count]

    def append(self, rows: Places) -> None:
        end = self.count + len(rows)
        if end > len(self._table):
            grown = np.empty((max(end, 2 * len(self._table)), 2), dtype=self._table.dtype)
            grown[: self.count] = self.blocks
            self._table = grown
        self._table[self.count : end] = rows
        self.count = end


def _singles(start: int, stop: int) -> Places:
    """Blocks of one epoch: lowest and highest are the same."""
    return np.arange(start, max(start, stop))[:, np.newaxis].repeat(2, axis=1)
