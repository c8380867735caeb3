"""The basin map: how many epochs each of many starts needs until its cost is small enough."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.cell.update_rules import updated
from core.data.experiment import Experiment
from core.data.values import Array
from core.landscape.costs import Landscape, Sweep, work_through

EPOCHS = 2_000
STARTS = 60  # along each axis

# What `BasinMap.epochs` holds where there is no number of epochs to hold.
DIVERGED = -1  # the run ended before: its cost or a weight was not finite any more
NOT_THERE = -2  # after all epochs the cost is still too large
TRAINING = -3  # not known yet


class BasinMap:
    """Trains a grid of starts side by side, in slices of time, with the experiment's rule.

    Starts differ in the landscape's two axes; all their weights are trained. ``epochs``, shape
    (R, C) for R values of ``y`` and C of ``x``, holds the number of epochs after which the cost is
    at most ``goal`` for the first time, or one of the three constants. It can be read at any
    time; nobody who stops calling ``work`` has to say so.
    """

    def __init__(
        self,
        experiment: Experiment,
        x: Array,
        y: Array,
        goal: float,
        limit: int = EPOCHS,
        landscape: Landscape | None = None,
    ) -> None:
        """``landscape`` is that of the experiment's data, where it is at hand."""
        self.x, self.y = x, y
        self.goal, self.limit = goal, limit
        self.epochs: NDArray[np.int32] = np.full((len(y), len(x)), TRAINING, dtype=np.int32)
        self._experiment = experiment
        self._landscape = landscape
        self._trained = 0
        self._pieces = self._train()

    def work(self, seconds: float) -> bool:
        """Go on for so long; True while there is more to do."""
        return work_through(self._pieces, seconds)

    @property
    def done_share(self) -> float:
        """The share that is done, from 0 to 1: of the epochs, or, if more, of the starts."""
        known = float(np.mean(self.epochs != TRAINING))
        return max(known, self._trained / max(1, self.limit))

    def _train(self) -> Iterator[None]:
        landscape = self._landscape or Landscape(self._experiment)
        sweep = Sweep(landscape, range(self._experiment.layout.size))
        training = _Training(self._experiment, self._starts(landscape.axes))
        places, found = np.arange(self.epochs.size), self.epochs.reshape(-1)
        for epoch in range(self.limit + 1):
            yield from sweep.points(*training.weights)
            cost, gradient = sweep.result[0], sweep.result[1:]
            finite = np.isfinite(cost) & np.isfinite(training.weights).all(axis=0)
            there = finite & (cost <= self.goal)
            found[places[~finite]] = DIVERGED
            found[places[there]] = epoch
            going = finite & ~there
            if not going.all():
                places, gradient = places[going], gradient[:, going]
                training.keep(going)
            if not len(places):
                return
            if epoch < self.limit:
                training.update(epoch, gradient)
                self._trained = epoch + 1
        found[places] = NOT_THERE

    def _starts(self, axes: tuple[int, ...]) -> Array:
        """Return all weights of all starts: shape (n, R * C)."""
        starts = np.repeat(self._experiment.weights.flat[:, np.newaxis], self.epochs.size, axis=1)
        for axis, values in zip(axes, np.meshgrid(self.x, self.y), strict=True):
            starts[axis] = values.ravel()
        return starts


class _Training:
    """The weights of many runs, shape (n, W), and what the rule keeps for each of them."""

    def __init__(self, experiment: Experiment, weights: Array) -> None:
        self._experiment, self.weights = experiment, weights
        self.numbers = experiment.rule.first_numbers(experiment.settings, weights.shape)

    def keep(self, going: NDArray[np.bool_]) -> None:
        """Go on with these runs only."""
        self.weights, self.numbers = self.weights[:, going], self.numbers[..., going]

    def update(self, epoch: int, gradient: Array) -> None:
        """Update all weights of every run; the gradient has their shape."""
        e = self._experiment
        self.weights, self.numbers = updated(
            e.rule, self.weights, gradient, e.rates, self.numbers, e.settings, e.clip_norm, epoch
        )
