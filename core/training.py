"""Training: the update rule, and a run that remembers every epoch it went through."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np

from core.activations import ACTIVATIONS, Array
from core.experiment import Experiment, Weights
from core.trace import Trace, trace_epoch

EPOCH_LIMIT = 10_000_000

# Below this many cells plain floats beat NumPy, whose calls cost more than their arithmetic.
_PLAIN_LOOP_CELLS = 150

Gradient = Callable[[Weights], tuple[float, Weights]]


def gradient_descent(weights: Weights, gradient: Weights, rates: Weights) -> Weights:
    """W = W - rate * dE/dW, with a learning rate for each weight."""
    return Weights(
        weights.wx - rates.wx * gradient.wx,
        weights.wrec - rates.wrec * gradient.wrec,
    )


def gradient_of(experiment: Experiment) -> Gradient:
    """A function from weights to the cost and its gradient, as fast as the size allows."""
    if experiment.inputs.size <= _PLAIN_LOOP_CELLS:
        return _plain_gradient(experiment)

    def gradient(weights: Weights) -> tuple[float, Weights]:
        trace = trace_epoch(experiment, weights)
        return trace.cost, trace.gradient

    return gradient


def _plain_gradient(experiment: Experiment) -> Gradient:
    rows = experiment.inputs.tolist()
    data = list(zip(rows, [row[-1] for row in rows], experiment.targets.tolist(), strict=True))
    hidden = ACTIVATIONS[experiment.hidden_activation].of_number
    last = ACTIVATIONS[experiment.last_activation].of_number
    state_0 = experiment.initial_state
    scale = 1.0 / experiment.sequences

    def gradient(weights: Weights) -> tuple[float, Weights]:
        wx, wrec = weights
        cost = d_wx = d_wrec = 0.0
        for row, x_last, target in data:
            out = state_0
            path = []
            for x in row[:-1]:
                before = out
                out, slope = hidden(before * wrec + x * wx)
                path.append((x, before, slope))
            prediction, slope = last(out * wrec + x_last * wx)
            error = prediction - target
            cost += error * error
            d_in = 2.0 * scale * error * slope
            d_wx += d_in * x_last
            d_wrec += d_in * out
            for x, before, slope in reversed(path):
                d_in = d_in * wrec * slope
                d_wx += d_in * x
                d_wrec += d_in * before
        return cost * scale, Weights(d_wx, d_wrec)

    return gradient


class Run:
    """The weights and the cost of every epoch of one training, from epoch 0 on.

    A run only grows. It ends at the last epoch whose cost and weights are finite, or at
    `EPOCH_LIMIT`; ``ending`` then says why, and is empty before. ``name`` is what the run
    is called in titles.
    """

    def __init__(self, experiment: Experiment, name: str = "") -> None:
        self.experiment = experiment
        self.name = name
        self.ending = ""
        self._gradient_at = gradient_of(experiment)
        self._table = np.empty((64, 3))
        self._length = 0
        cost, self._gradient = self._gradient_at(experiment.weights)
        self._append([(cost, *experiment.weights)])
        self._trace: tuple[int, Trace] | None = None
        if not isfinite(cost):
            self.ending = (
                "The cost is not a finite number with these inputs and weights: "
                "make the weights or the inputs smaller, or undo the edit."
            )

    @property
    def last(self) -> int:
        """The last epoch reached so far."""
        return self._length - 1

    @property
    def costs(self) -> Array:
        """The cost of every epoch, shape (last + 1,)."""
        return self._column(0)

    @property
    def wx(self) -> Array:
        """Wx at the start of every epoch, shape (last + 1,)."""
        return self._column(1)

    @property
    def wrec(self) -> Array:
        """Wrec at the start of every epoch, shape (last + 1,)."""
        return self._column(2)

    def weights(self, epoch: int) -> Weights:
        """The weights that an epoch starts from."""
        return Weights(*self._table[: self._length][epoch, 1:].tolist())

    def trace(self, epoch: int) -> Trace:
        """All numbers of an epoch, recomputed from its weights."""
        if self._trace is None or self._trace[0] != epoch:
            self._trace = epoch, trace_epoch(self.experiment, self.weights(epoch))
        return self._trace[1]

    def reach(self, epoch: int) -> bool:
        """Train as far as ``epoch``; False where the run ends before it."""
        return epoch <= self.last or self.extend(epoch - self.last)

    def extend(self, epochs: int) -> bool:
        """Train this many epochs more; False where the run ends before that."""
        if self.ending:
            return False
        rates = self.experiment.learning_rates
        weights, gradient = self.weights(self.last), self._gradient
        rows: list[tuple[float, float, float]] = []
        room = EPOCH_LIMIT - self.last
        for _ in range(min(epochs, room)):
            weights = gradient_descent(weights, gradient, rates)
            cost, gradient = self._gradient_at(weights)
            if not (isfinite(cost) and weights.finite):
                self.ending = (
                    f"Training stopped at epoch {self.last + len(rows):,}, the last one whose "
                    "cost and weights are finite numbers: the next update overflows. "
                    "Try smaller learning rates."
                )
                break
            rows.append((cost, *weights))
            self._gradient = gradient
        else:
            if epochs > room:
                self.ending = f"A run holds up to {EPOCH_LIMIT:,} epochs, and this one is full."
        self._append(rows)
        return not self.ending

    def _append(self, rows: list[tuple[float, float, float]]) -> None:
        end = self._length + len(rows)
        if end > len(self._table):
            grown = np.empty((max(end, 2 * len(self._table)), 3))
            grown[: self._length] = self._table[: self._length]
            self._table = grown
        if rows:
            self._table[self._length : end] = rows
        self._length = end

    def _column(self, index: int) -> Array:
        column = self._table[: self._length, index]
        column.flags.writeable = False
        return column
