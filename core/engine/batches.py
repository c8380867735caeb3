"""The cost and its gradient over arrays: for vectors, and for many sequences.

Sequences go through an epoch in blocks that fit the processor's cache; plain numbers that begin
alike go through it once, as nodes of their tree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from core.cell.expression import Apply
from core.cell.update_rules import updated
from core.data.experiment import Experiment
from core.data.values import Array
from core.engine.arrays import Rows, plain_epoch, rows_of
from core.engine.kernels import UNLINKED
from core.engine.tree import most_nodes, tree_of
from core.engine.vectors import vector_epoch

# More sequences than this do not stay in the cache; of fewer, calling NumPy costs too much.
_SEQUENCES = 8192
_NUMBERS = 1_600_000  # of all quantities of a block: 13 MB
# A tree takes as long to make as some epochs without it: it has to save this much of them.
_MANY, _SAVED = 20_000, 8


class Batches:
    """The cost and its gradient of an experiment of any size."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = e = experiment
        cost = e.cell.cost.right
        self._power = 2.0 if isinstance(cost, Apply) and cost.op == "squares" else 1.0
        is_one = e.timestamps == 1
        if e.cell.is_plain:
            start, all_weights = tuple(e.initial_state.values()), tuple(range(e.layout.size))
            self._epoch: Any = plain_epoch(e.cell, start, is_one, all_weights)
        else:
            self._epoch = vector_epoch(e.cell, is_one)

    def gradient(self, flat: Array) -> tuple[float, Array]:
        """Return the cost and its gradient, shape (n,), at weights of shape (n,)."""
        layout = self._experiment.layout
        weights = [flat[part].reshape(layout.shapes[name]) for name, part in layout.parts]
        weights = [value if value.shape else value[()] for value in weights]
        with np.errstate(all="ignore"):
            found = [self._epoch(weights, *block) for block in self._blocks]
            costs, sums = zip(*found, strict=True)
            gradients = [sum(each) for each in zip(*sums, strict=True)]
        whole = np.empty(layout.size)
        for (name, part), gradient in zip(layout.parts, gradients, strict=True):
            whole[part].reshape(layout.shapes[name])[...] = gradient
        return float(sum(costs)) / self._power, whole

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

    @cached_property
    def _blocks(self) -> list[tuple[Any, ...]]:
        """What the epoch goes over, besides weights, block by block."""
        e = self._experiment
        share = self._power / e.sequences
        if e.cell.is_plain and e.inputs.size >= _MANY and most_nodes(e) * _SAVED <= e.inputs.size:
            return [(rows_of(tree_of(e), share),)]
        quantities = (e.cell.shapes[name] for name in e.cell.quantities)
        numbers = e.timestamps * sum(math.prod(e.sizes[x] for x in shape) for shape in quantities)
        size = max(1, min(_SEQUENCES, _NUMBERS // numbers))
        inputs = [np.ascontiguousarray(column) for column in np.moveaxis(e.inputs, 1, 0)]
        targets = e.targets[:, np.newaxis] if not e.cell.costs_everywhere else e.targets
        compared = [np.ascontiguousarray(column) for column in np.moveaxis(targets, 1, 0)]
        compared = compared * e.timestamps if not e.cell.costs_everywhere else compared
        block = self._of_numbers if e.cell.is_plain else self._of_vectors
        starts = range(0, e.sequences, size)
        return [block(inputs, compared, slice(start, start + size), share) for start in starts]

    def _of_numbers(
        self, inputs: list[Array], targets: list[Array], block: slice, share: float
    ) -> tuple[Any, ...]:
        x, y = ([None, *(column[block] for column in each)] for each in (inputs, targets))
        return (Rows(x, y, [share] * len(x), [UNLINKED] * len(x)),)

    def _of_vectors(
        self, inputs: list[Array], targets: list[Array], block: slice, share: float
    ) -> tuple[Any, ...]:
        x, y = ([column[block] for column in each] for each in (inputs, targets))
        below = [np.concatenate(columns[:-1] or columns) for columns in (x, y)]
        states = [
            np.tile(state, (len(x[0]), *[1] * np.ndim(state)))
            for state in self._experiment.initial_state.values()
        ]
        return [None, *x], [None, *y], below, share, states
