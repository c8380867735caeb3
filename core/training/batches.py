"""The cost and its gradient over arrays: for vectors, and for many sequences.

Sequences go through the function of `core.training.arrays` in blocks that fit the processor's
cache; plain numbers that begin alike go through it once, as nodes of their tree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from core.cell.expression import Apply
from core.cell.update_rules import updated
from core.data.experiment import Experiment
from core.data.values import Array
from core.training import kernels
from core.training.arrays import Writer
from core.training.program import executed
from core.training.tree import Level, most_nodes, tree_of

# More sequences than this do not stay in the cache; of fewer, calling NumPy costs too much.
_SEQUENCES = 32_768
_NUMBERS = 1_600_000  # in all places of a block: 13 MB
# A tree takes as long to make as some epochs without it: it has to save this much of them.
_MANY, _SAVED = 20_000, 8


class Batches:
    """The cost and its gradient of an experiment of any size."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        is_many = experiment.cell.is_plain and experiment.inputs.size >= _MANY
        shares = is_many and most_nodes(experiment) * _SAVED <= experiment.inputs.size
        self._tree = tree_of(experiment) if shares else None
        self._writer = Writer(experiment, shares)
        cost = experiment.cell.cost.right
        self._power = 2.0 if isinstance(cost, Apply) and cost.op == "squares" else 1.0
        self._room: list[Any] | None = None

    def gradient(self, flat: Array) -> tuple[float, Array]:
        """Return the cost and its gradient, shape (n,), at weights of shape (n,)."""
        layout = self._experiment.layout
        weights = [*layout.unpack(flat).values()]
        parts = [self._of_tree(self._tree)] if self._tree else self._of_blocks()
        with np.errstate(all="ignore"):
            costs, sums = zip(*(self._function(weights, *part) for part in parts), strict=True)
            gradients = [sum(each) for each in zip(*sums, strict=True)]
        shaped = map(np.broadcast_to, gradients, layout.shapes.values())
        return sum(costs) / self._power, np.concatenate([np.ravel(each) for each in shaped])

    def train(
        self, table: Array, point: Sequence[float], epoch: int, _compiled: Any = None
    ) -> tuple[int, Sequence[float]]:
        """Fill a table as `Program.train` does, an update after the other; nothing is compiled."""
        e = self._experiment
        weights, gradient, *numbers = np.reshape(point, (-1, e.layout.size))
        kept, end = np.reshape(numbers, (-1, e.layout.size)), table.shape[1]
        for done in range(end):
            weights, kept = updated(
                *(e.rule, weights, gradient, e.rates, kept),
                *(e.settings, e.clip_norm, epoch + done),
            )
            cost, gradient = self.gradient(weights)
            if not (math.isfinite(cost) and np.isfinite(weights).all()):
                return done, point
            table[:, done] = np.concatenate([[cost], weights, kept.ravel()])
        return end, np.concatenate([weights, gradient, kept.ravel()]).tolist()

    def release(self) -> None:
        """Let go of the room; it is made again when it is needed."""
        self._room = None

    @cached_property
    def _function(self) -> Any:
        return executed(self._writer.source, "_epoch", kernels.NAMES)

    def _of_tree(self, tree: Sequence[Level]) -> tuple[Any, ...]:
        counts = [1, *(len(level.inputs) for level in tree)]
        self._room = self._room or self._writer.room(counts)
        share = self._power / self._experiment.sequences
        before = zip(tree, counts, strict=False)
        return (
            [None, *(level.inputs for level in tree)],
            [None, *(level.targets for level in tree)],
            [None, *(level.counts * share for level in tree)],
            [None, *(level.parents for level in tree)],
            # Children stand side by side: where those of each parent begin.
            [None, *(level.parents.searchsorted(np.arange(count)) for level, count in before)],
            self._room,
        )

    def _of_blocks(self) -> Iterator[tuple[Any, ...]]:
        e, (inputs, targets) = self._experiment, self._data
        size = min(_SEQUENCES, e.sequences, max(1, _NUMBERS // self._writer.numbers))
        self._room = self._room or self._writer.room([size])
        shares = [self._power / e.sequences] * (e.timestamps + 1)
        for start in range(0, e.sequences, size):
            block = slice(start, min(start + size, e.sequences))
            yield (
                [None, *(x[block] for x in inputs)],
                [None, *(y[block] for y in targets)],
                *(shares, None, None),
                self._room
                if block.stop - start == size
                else [[place[: block.stop - start] for place in column] for column in self._room],
            )

    @cached_property
    def _data(self) -> tuple[list[Array], list[Array]]:
        """Inputs and targets by timestamp, each in one piece of memory."""
        e = self._experiment
        inputs = [np.ascontiguousarray(e.inputs[:, k]) for k in range(e.timestamps)]
        if not e.cell.costs_everywhere:
            return inputs, [np.ascontiguousarray(e.targets)] * e.timestamps
        return inputs, [np.ascontiguousarray(e.targets[:, k]) for k in range(e.timestamps)]
