"""The sequences of an experiment as a tree: what begins alike is computed once.

What a network computes at a timestamp depends on the data up to there and on nothing else. A
million sequences of ten zeros and ones have 2,046 beginnings, not ten millions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.data.experiment import Experiment
from core.data.values import Array

Indices = NDArray[np.intp]

# A column of whole numbers in so narrow a range is counted through without sorting it.
_RANGE = 2**16


class Level(NamedTuple):
    """All distinct beginnings of one length, those that go on from one another side by side.

    ``parents``, ascending, says from which of the level before each goes on; ``inputs`` holds what
    it ends with, ``targets`` what it is compared with, if anything, and ``counts`` how many
    sequences begin so. All have shape (P,).
    """

    parents: Indices
    inputs: Array
    targets: Array | None
    counts: Array


def tree_of(experiment: Experiment) -> tuple[Level, ...]:
    """Make the tree of the sequences of a plain cell, a level for each timestamp."""
    places: Indices = np.zeros(experiment.sequences, dtype=np.intp)
    count, levels = 1, []
    for columns in _columns(experiment):
        before = places
        for column in columns:
            places, count = _refined(places, count, column)
        some = np.empty(count, dtype=np.intp)
        some[places] = np.arange(len(places))  # a sequence for each beginning, whichever
        compared = columns[1][some] if len(columns) > 1 else None
        counts = np.bincount(places, minlength=count).astype(np.float64)
        levels.append(Level(before[some], columns[0][some], compared, counts))
    return tuple(levels)


def parts_of(tree: Sequence[Level], leaves: int) -> Iterator[tuple[Level, ...]]:
    """Cut a tree into parts of at most so many whole sequences, with all that they begin with.

    Parents count within a part. What two parts have in common is counted in the first of them.
    """
    count, seen = len(tree[-1].inputs), [0] * len(tree)
    for start in range(0, count, leaves):
        low, high = start, min(start + leaves, count)
        levels = []
        for place in range(len(tree) - 1, -1, -1):
            level = tree[place]
            parents, counts = level.parents[low:high], level.counts[low:high].copy()
            counts[: max(0, seen[place] - low)] = 0.0
            targets = None if level.targets is None else level.targets[low:high]
            inputs = level.inputs[low:high]
            seen[place] = high
            low, high = int(parents[0]), int(parents[-1]) + 1
            levels.append(Level(parents - low, inputs, targets, counts))
        yield tuple(reversed(levels))


def most_nodes(experiment: Experiment) -> int:
    """Tell how many nodes a tree has at most, without making it."""
    rows, beginnings, nodes = experiment.sequences, 1, 0
    for columns in _columns(experiment):
        for column in columns:
            if beginnings < rows:
                beginnings = min(rows, beginnings * (_range_of(column) or rows))
        nodes += beginnings
    return nodes


def _columns(experiment: Experiment) -> Iterator[list[Array]]:
    """List what sequences may differ in at each timestamp: the input, and the target if any."""
    inputs, targets, last = experiment.inputs, experiment.targets, experiment.timestamps
    for k in range(1, last + 1):
        if experiment.cell.costs_everywhere:
            yield [inputs[:, k - 1], targets[:, k - 1]]
        else:
            yield [inputs[:, k - 1], targets] if k == last else [inputs[:, k - 1]]


def _refined(places: Indices, count: int, column: Array) -> tuple[Indices, int]:
    """Split groups of sequences by the numbers of a column; their order stays."""
    if count == len(places):
        return places, count
    values = _range_of(column)
    if values:
        digits = (column - column.min()).astype(np.intp)
    else:
        distinct, digits = np.unique(column, return_inverse=True)
        values = len(distinct)
    keys = places * values + digits
    if count * values > _RANGE + 4 * len(places):
        distinct_keys, found = np.unique(keys, return_inverse=True)
        return found.astype(np.intp), len(distinct_keys)
    is_there = np.bincount(keys, minlength=count * values) > 0
    return (np.cumsum(is_there) - 1)[keys], int(np.count_nonzero(is_there))


def _range_of(column: Array) -> int:
    """Count the whole numbers from the least to the largest one; 0 where that says nothing."""
    low, high = float(column.min()), float(column.max())
    is_whole = high - low < _RANGE and (column == np.rint(column)).all()
    return int(high - low) + 1 if is_whole else 0


class Nodes(NamedTuple):
    """The nodes of a tree in one row, the root first: the initial state.

    ``shares`` is what the error of each is multiplied by: 2/N for every sequence that it stands
    for. Those from ``last`` on are at timestamp T.
    """

    parents: list[int]
    inputs: list[float]
    targets: list[float]
    shares: list[float]
    last: int


def nodes_of(experiment: Experiment) -> Nodes:
    """Make the tree of a plain cell's sequences as plain numbers."""
    levels, before = tree_of(experiment), 0
    nodes = Nodes([0], [0.0], [0.0], [0.0], 0)
    for level in levels:
        first = len(nodes.parents)
        compared = np.zeros(len(level.inputs)) if level.targets is None else level.targets
        nodes.parents.extend((level.parents + before).tolist())
        nodes.inputs.extend(level.inputs.tolist())
        nodes.targets.extend(compared.tolist())
        nodes.shares.extend((2.0 / experiment.sequences * level.counts).tolist())
        before = first
    return nodes._replace(last=before)
