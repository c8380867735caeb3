"""The sequences of an experiment as a tree: those that begin alike share their states.

The state after a few timestamps depends on the inputs up to there and on nothing else, so it is
computed once for all sequences that begin with them. A hundred thousand random sequences of ten
zeros and ones have 2,046 beginnings, not a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS, IDENTITY, Array
from core.experiment import Experiment

Indices = NDArray[np.intp]

# Keys of so many values still fit the integers that they are made of.
_KEYS = 2**62
# A column of whole numbers in so narrow a range needs no sorting to be counted through.
_RANGE = 2**16


@dataclass(frozen=True, eq=False)
class Level:
    """The beginnings of one length, in order: those that go on from one another are neighbours.

    ``inputs``, shape (P,), holds what each ends with. Each goes on from one of the level before:
    where every one of those has equally many followers, ``siblings`` is their number and
    ``parents`` is None; else ``siblings`` is 0, and ``parents``, shape (P,), says from which.
    """

    inputs: Array
    siblings: int
    parents: Indices | None = None

    def parents_of(self, low: int, high: int) -> Indices:
        """Where the beginnings low…high - 1 of this level go on from."""
        if self.parents is None:
            return np.arange(low, high) // self.siblings
        return self.parents[low:high]


@dataclass(frozen=True)
class Leftover:
    """What merged sequences add to the sum of squares: curvature * (Wx - lowest)**2 + rest."""

    curvature: float = 0.0
    lowest: float = 0.0
    rest: float = 0.0


@dataclass(frozen=True, eq=False)
class PrefixTree:
    """One level for each timestamp. The last one holds whole sequences, each with how many
    sequences of the experiment it stands for (``counts``) and their mean target.

    Where State T has no activation, sequences that differ in their last input alone are one,
    with their mean last input: the sum of their squared errors is that of the mean, plus what
    ``leftover`` says.
    """

    levels: tuple[Level, ...]
    counts: Array
    targets: Array
    leftover: Leftover

    @property
    def states(self) -> int:
        """How many states the network has to be computed for."""
        return sum(len(level.inputs) for level in self.levels)

    def parts(self, size: int) -> Iterator[PrefixTree]:
        """Trees of at most so many whole sequences each; all that is left over is the first's."""
        if len(self.counts) <= size:
            yield self
            return
        for low in range(0, len(self.counts), size):
            yield self._part(low, min(low + size, len(self.counts)))

    def _part(self, low: int, high: int) -> PrefixTree:
        counts, targets = self.counts[low:high], self.targets[low:high]
        leftover = Leftover() if low else self.leftover
        levels = []
        for level in reversed(self.levels):
            inputs = level.inputs[low:high]
            if level.siblings == 1:
                levels.append(Level(inputs, 1))
                continue
            parents = level.parents_of(low, high)
            low, high = int(parents[0]), int(parents[-1]) + 1
            levels.append(_level(inputs, parents - low, high - low))
        return PrefixTree(tuple(reversed(levels)), counts, targets, leftover)


def prefix_tree(experiment: Experiment) -> PrefixTree:
    """The tree of an experiment's sequences; it depends on data and last activation alone."""
    order = _sorted_rows(experiment.inputs)
    levels, groups = _levels(experiment.inputs, order)
    targets, ones = experiment.targets[order], np.ones(experiment.sequences)
    with np.errstate(over="ignore", invalid="ignore"):
        means = _means(targets, ones, groups)
        rest = float(((targets - means[groups]) ** 2).sum())
        counts = np.bincount(groups).astype(np.float64)
        tree = PrefixTree(tuple(levels), counts, means, Leftover(rest=rest))
        if ACTIVATIONS[experiment.last_activation] is IDENTITY:
            return _without_last_branches(tree)
    return tree


def most_states(inputs: Array) -> int:
    """At most so many states has a tree of these sequences, told without making it."""
    rows, beginnings, states = len(inputs), 1, 0
    for column in inputs.T:
        if beginnings < rows:
            beginnings = min(rows, beginnings * (_range_of(column) or rows))
        states += beginnings
    return states


def _sorted_rows(inputs: Array) -> Indices:
    """The order of the rows in which those that begin alike are neighbours."""
    rows = len(inputs)
    keys, values = np.zeros(rows, dtype=np.int64), 1
    for column in np.ascontiguousarray(inputs.T):
        digits, base = _digits(column)
        if values * base > _KEYS:
            distinct, keys = np.unique(keys, return_inverse=True)
            values = len(distinct)
        keys = keys * base + digits
        values *= base
        if base == rows > _RANGE:
            break  # no two rows are alike from here on
    return np.argsort(keys)


def _digits(column: Array) -> tuple[NDArray[np.int64], int]:
    """Each number's place among those of the column, and how many places there are."""
    places = _range_of(column)
    if places:
        return (column - column.min()).astype(np.int64), places
    distinct, digits = np.unique(column, return_inverse=True)
    return digits.astype(np.int64), len(distinct)


def _range_of(column: Array) -> int:
    """How many whole numbers lie between the least and the largest one; 0 if that says nothing."""
    low, high = float(column.min()), float(column.max())
    whole = high - low < _RANGE and (column == np.rint(column)).all()
    return int(high - low) + 1 if whole else 0


def _levels(inputs: Array, order: Indices) -> tuple[list[Level], Indices]:
    """The levels, and of which of the last one's sequences each row in the order is one."""
    rows = len(order)
    is_new = np.zeros(rows, dtype=np.bool_)
    is_new[0] = True
    starts: Indices = np.zeros(1, dtype=np.intp)
    levels = []
    for k in range(inputs.shape[1]):
        column = inputs[order, k]
        if len(starts) == rows:
            levels.append(Level(column, 1))
            continue
        before = starts
        is_new[1:] |= column[1:] != column[:-1]
        starts = is_new.nonzero()[0]
        parents = before.searchsorted(starts, side="right") - 1
        levels.append(_level(column[starts], parents, len(before)))
    return levels, is_new.cumsum() - 1


def _level(inputs: Array, parents: Indices, parent_count: int) -> Level:
    siblings = len(parents) // parent_count
    even = (parents == np.arange(len(parents)) // siblings).all()
    return Level(inputs, siblings) if even else Level(inputs, 0, parents)


def _without_last_branches(tree: PrefixTree) -> PrefixTree:
    """Merge the sequences that differ in their last input x alone.

    With c = S_{T-1}(Out) * Wrec, errors c + x * Wx - y of weight n have the sum of squares
    n * (c + mean(x) * Wx - mean(y))**2 + sum((x - mean(x)) * Wx - (y - mean(y)))**2, and the
    second sum is a parabola over Wx. No difference of large squares is taken.
    """
    last = tree.levels[-1]
    groups = last.parents_of(0, len(last.inputs))
    inputs = _means(last.inputs, tree.counts, groups)
    targets = _means(tree.targets, tree.counts, groups)
    x, y = last.inputs - inputs[groups], tree.targets - targets[groups]
    curvature = float((tree.counts * x * x).sum())
    lowest = float((tree.counts * x * y).sum()) / curvature if curvature > 0 else 0.0
    rest = tree.leftover.rest + float((tree.counts * (y - lowest * x) ** 2).sum())
    if not (isfinite(curvature) and isfinite(lowest) and np.isfinite(inputs).all()):
        return tree
    counts = np.bincount(groups, tree.counts).astype(np.float64)
    levels = (*tree.levels[:-1], Level(inputs, 1))
    return PrefixTree(levels, counts, targets, Leftover(curvature, lowest, rest))


def _means(values: Array, counts: Array, groups: Indices) -> Array:
    """The weighted mean of each group; of equal values it is exactly that value."""
    shares = counts / np.bincount(groups, counts)[groups]
    one = np.empty(groups[-1] + 1)
    one[groups] = values
    means: Array = one + np.bincount(groups, (values - one[groups]) * shares)
    return means
