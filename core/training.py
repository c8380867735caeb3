"""Training: the update rule, and a run that remembers every epoch it went through."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import isfinite

import numpy as np

from core.activations import ACTIVATIONS, Array
from core.experiment import Experiment, Weights
from core.trace import Trace, trace_epoch

EPOCH_LIMIT = 10_000_000

# Below this many cells plain floats beat NumPy, whose calls cost more than their arithmetic.
_PLAIN_LOOP_CELLS = 150
# Epochs that wait in a list before they go into the run's table.
_CHUNK = 4096

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
        self._traces: dict[Experiment, tuple[int, Trace]] = {}
        if not isfinite(cost):
            self.ending = (
                "The cost is not a finite number with these inputs and weights; "
                "make the weights or the inputs smaller."
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
        """All numbers of an epoch, recomputed from its weights; the last one stays at hand."""
        return self._trace_of(self.experiment, epoch)

    def trace_without_activation(self, epoch: int) -> Trace:
        """The same epoch, of the same network with no activation on any state."""
        return self._trace_of(self.without_activation, epoch)

    @cached_property
    def without_activation(self) -> Experiment:
        return self.experiment.without_activation()

    def _trace_of(self, experiment: Experiment, epoch: int) -> Trace:
        at_hand = self._traces.get(experiment)
        if at_hand is None or at_hand[0] != epoch:
            at_hand = epoch, trace_epoch(experiment, self.weights(epoch))
            self._traces[experiment] = at_hand
        return at_hand[1]

    def forget_trace(self) -> None:
        """Let go of the trace at hand; it is recomputed where somebody looks at it again."""
        self._traces.clear()

    def reach(self, epoch: int) -> bool:
        """Train as far as ``epoch``; False where the run ends before it."""
        return epoch <= self.last or self.extend(epoch - self.last)

    def extend(self, epochs: int) -> bool:
        """Train this many epochs more; False where the run ends before that."""
        while epochs > 0 and not self.ending:
            chunk = min(epochs, _CHUNK, EPOCH_LIMIT - self.last)
            self._train(chunk)
            epochs -= chunk
            if epochs > 0 and self.last == EPOCH_LIMIT:
                self.ending = (
                    f"This run is full, since it holds {EPOCH_LIMIT:,} epochs: "
                    "any edit starts a new one."
                )
        return epochs <= 0 and not self.ending

    def _train(self, epochs: int) -> None:
        """Train so many epochs, and take them into the run together with their last gradient."""
        weights, gradient = self.weights(self.last), self._gradient
        rows: list[tuple[float, float, float]] = []
        for _ in range(epochs):
            following = gradient_descent(weights, gradient, self.experiment.learning_rates)
            cost, following_gradient = self._gradient_at(following)
            if not (isfinite(cost) and following.finite):
                self.ending = (
                    f"Training stopped at epoch {self.last + len(rows):,}, the last one whose "
                    "cost and weights are finite numbers; try smaller learning rates."
                )
                break
            weights, gradient = following, following_gradient
            rows.append((cost, *weights))
        self._append(rows)
        self._gradient = gradient

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
