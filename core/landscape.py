"""The cost and its gradient at many weights: what the loss surface and the basin map stand on."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter

import numpy as np

from core.activations import Array
from core.experiment import Experiment, Weights
from core.prefixes import PrefixTree, prefix_tree
from core.recurrence import Buffers, Recurrence

# Beginnings of one level times weights of a block: more do not stay in the cache, fewer leave
# NumPy's calls more expensive than their arithmetic.
_CELLS = 16_384
# Where a tree is so wide that it has to be cut in parts, a block has this many weights.
_WEIGHTS = 256

Block = tuple[Array, Array, slice]


class Landscape:
    """An experiment's cost over all weights. It depends on data, State 0 and activations alone.

    ``tree`` is that of its sequences, where it has been made before.
    """

    def __init__(self, experiment: Experiment, tree: PrefixTree | None = None) -> None:
        self.experiment = experiment
        self.tree = tree or prefix_tree(experiment)
        self._sweep = Sweep(self)

    def at(self, weights: Weights) -> tuple[float, Weights]:
        """The cost and its gradient at one pair of weights."""
        one = self.at_points(np.array([weights.wx]), np.array([weights.wrec]))
        cost, d_wx, d_wrec = one[:, 0].tolist()
        return cost, Weights(d_wx, d_wrec)

    def at_points(self, wx: Array, wrec: Array) -> Array:
        """Cost, dE/dWx and dE/dWrec, shape (3, W), at W pairs of weights, each of shape (W,)."""
        work_through(self._sweep.points(wx, wrec))
        return self._sweep.result

    def on_grid(self, wx: Array, wrec: Array) -> Array:
        """The same for every wx, shape (C,), with every wrec, shape (R,): shape (3, R, C)."""
        work_through(self._sweep.grid(wx, wrec))
        return self._sweep.result.reshape(3, len(wrec), len(wx))


def work_through(pieces: Iterable[None], seconds: float = float("inf")) -> bool:
    """Go on with work made of small pieces for so long; False when there is no more to do.

    Overflow is no news here: it makes a cost infinite, or not a number, without a warning.
    """
    until = perf_counter() + seconds
    with np.errstate(all="ignore"):
        for _ in pieces:
            if perf_counter() >= until:
                return True
    return False


class Sweep:
    """Goes over many weights in small pieces, with buffers of its own.

    ``points`` and ``grid`` yield after each piece; when they are through, ``result`` holds cost,
    dE/dWx and dE/dWrec, shape (3, W).
    """

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        self._buffers = Buffers()
        self._part: PrefixTree | None = None
        self._recurrences: dict[int, Recurrence] = {}
        self.result: Array = np.empty((3, 0))

    def points(self, wx: Array, wrec: Array) -> Iterator[None]:
        """Go over W pairs of weights, each of shape (W,)."""
        leaves, width = self._sizes(len(wx))
        self.result = np.empty((3, len(wx)))
        yield from self._add_up(leaves, lambda: _point_blocks(wx, wrec, width))

    def grid(self, wx: Array, wrec: Array) -> Iterator[None]:
        """Go over every wx, shape (C,), with every wrec, shape (R,): W = R * C, row by row."""
        leaves, width = self._sizes(len(wx) * len(wrec))
        self.result = np.empty((3, len(wx) * len(wrec)))
        yield from self._add_up(leaves, lambda: _grid_blocks(wx, wrec, width))

    def _sizes(self, weights: int) -> tuple[int, int]:
        """How many whole sequences a part of the tree has, and how many weights a block."""
        leaves = max(1, _CELLS // min(weights, _WEIGHTS))
        return leaves, max(1, _CELLS // min(len(self._landscape.tree.counts), leaves))

    def _add_up(self, leaves: int, blocks: Callable[[], Iterable[Block]]) -> Iterator[None]:
        add: Callable[..., object] = np.copyto  # there is nothing to add the first part to
        for part in self._landscape.tree.parts(leaves):
            for wx, wrec, where in blocks():
                here = self.result[:, where]
                for costs in self._recurrence(part, len(wx)).costs(wx, wrec):
                    if costs is not None:
                        add(here, costs)
                    yield
            add = operator.iadd

    def _recurrence(self, part: PrefixTree, width: int) -> Recurrence:
        if part is not self._part:
            self._part, self._recurrences = part, {}
        if width not in self._recurrences:
            self._recurrences[width] = Recurrence(
                self._landscape.experiment, part, width, self._buffers
            )
        return self._recurrences[width]


def _point_blocks(wx: Array, wrec: Array, width: int) -> Iterator[Block]:
    for start in range(0, len(wx), width):
        where = slice(start, min(start + width, len(wx)))
        yield wx[where], wrec[where], where


def _grid_blocks(wx: Array, wrec: Array, width: int) -> Iterator[Block]:
    """Whole rows. The blocks share one array of wx, and so what follows from it alone."""
    columns, rows = len(wx), min(max(1, width // len(wx)), len(wrec))
    row_after_row = np.tile(wx, rows)
    for start in range(0, len(wrec), rows):
        repeated = np.repeat(wrec[start : start + rows], columns)
        where = slice(start * columns, start * columns + len(repeated))
        whole = len(repeated) == len(row_after_row)
        yield row_after_row if whole else row_after_row[: len(repeated)], repeated, where
