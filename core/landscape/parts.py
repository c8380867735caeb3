"""Parts of a tree of sequences, narrow enough that a block of weights stays in the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.data.values import Array
from core.training.tree import Indices, Level

_FEW, _MOST_SIBLINGS = 16, 8


@dataclass(frozen=True)
class Part:
    """A part of a tree: some whole sequences, with all that they begin with, level by level.

    Parents count within the part. What two parts have in common is counted in the first of them.
    """

    levels: tuple[Level, ...]

    def rows(self, level: int) -> int:
        """Count the beginnings of so many timestamps; of none there is one."""
        return len(self.levels[level - 1].inputs) if level else 1

    def parents(self, level: int) -> Indices:
        """Tell from which row of the level before each row goes on."""
        return self.levels[level - 1].parents


def parts_of(tree: Sequence[Level], leaves: int) -> Iterator[Part]:
    """Cut a tree into parts of at most so many whole sequences each."""
    count = len(tree[-1].inputs)
    if count <= leaves:
        yield Part(tuple(tree))
        return
    seen = [0] * len(tree)
    for start in range(0, count, leaves):
        low, high = start, min(start + leaves, count)
        levels = []
        for place in range(len(tree) - 1, -1, -1):
            level = tree[place]
            parents = level.parents[low:high]
            counts = level.counts[low:high].copy()
            counts[: max(0, seen[place] - low)] = 0.0
            seen[place] = high
            targets = None if level.targets is None else level.targets[low:high]
            inputs = level.inputs[low:high]
            low, high = int(parents[0]), int(parents[-1]) + 1
            levels.append(Level(parents - low, inputs, targets, counts))
        yield Part(tuple(reversed(levels)))


def summing(parents: Indices, count: int) -> Callable[[Array, Array], object]:
    """Make what sums rows that go on from one of ``count`` rows: (P, W) to (count, W), in place."""
    children = np.bincount(parents, minlength=count)
    starts = np.cumsum(children) - children
    siblings = int(children.max())
    if siblings <= _MOST_SIBLINGS and (children == siblings).all():
        return lambda rows, out: _add_ranks([rows[j::siblings] for j in range(siblings)], out)
    if count <= _FEW:
        ends = starts + children
        places = [*zip(range(count), starts.tolist(), ends.tolist(), strict=True)]
        return lambda rows, out: [np.add.reduce(rows[a:b], 0, None, out[i]) for i, a, b in places]
    if siblings <= _MOST_SIBLINGS:
        ranks = [(children > j).nonzero()[0] for j in range(1, siblings)]
        return lambda rows, out: _add_uneven(rows, out, starts, ranks)
    return lambda rows, out: np.add.reduceat(rows, starts, 0, None, out)


def _add_ranks(ranks: list[Array], out: Array) -> None:
    first, *others = ranks
    if not others:
        np.copyto(out, first)
    for other in others:
        np.add(first, other, out)
        first = out


def _add_uneven(rows: Array, out: Array, starts: Indices, ranks: list[Indices]) -> None:
    np.take(rows, starts, 0, out, "clip")
    for j, places in enumerate(ranks, start=1):
        out[places] += rows[starts[places] + j]
