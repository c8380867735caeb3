"""The basin map: how many epochs each of many starts needs until its cost is small enough."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.activations import Array
from core.experiment import Experiment
from core.landscape import Landscape, Sweep, work_through

EPOCHS = 2_000
STARTS = 60  # along each axis

# What `BasinMap.epochs` holds where there is no number of epochs to hold.
DIVERGED = -1  # the run ended before: its cost or a weight was not finite any more
NOT_THERE = -2  # after all epochs the cost is still too large
TRAINING = -3  # not known yet


class BasinMap:
    """Trains a grid of starts side by side, in slices of time, with the experiment's rule.

    ``epochs``, shape (R, C) for R values of wrec and C of wx, holds the number of epochs after
    which the cost is at most ``goal`` for the first time, or one of the three constants. It can
    be read at any time; nobody who stops calling ``work`` has to say so.
    """

    def __init__(
        self,
        experiment: Experiment,
        wx: Array,
        wrec: Array,
        goal: float,
        limit: int = EPOCHS,
        landscape: Landscape | None = None,
    ) -> None:
        """``landscape`` is that of the experiment's data, where it is at hand."""
        self.wx, self.wrec = wx, wrec
        self.goal, self.limit = goal, limit
        self.epochs: NDArray[np.int32] = np.full((len(wrec), len(wx)), TRAINING, dtype=np.int32)
        self._experiment = experiment
        self._landscape = landscape
        self._trained = 0
        self._pieces = self._train()

    def work(self, seconds: float) -> bool:
        """Go on for so long; True while there is more to do."""
        return work_through(self._pieces, seconds)

    @property
    def done_share(self) -> float:
        """How much is done, from 0 to 1: of the epochs, or of the starts where that is more."""
        known = float(np.mean(self.epochs != TRAINING))
        return max(known, self._trained / max(1, self.limit))

    def _train(self) -> Iterator[None]:
        sweep = Sweep(self._landscape or Landscape(self._experiment))
        training = _Training(self._experiment, *np.meshgrid(self.wx, self.wrec))
        places, found = np.arange(self.epochs.size), self.epochs.reshape(-1)
        for epoch in range(self.limit + 1):
            yield from sweep.points(training.wx, training.wrec)
            cost, *gradient = sweep.result
            finite = np.isfinite(cost) & np.isfinite(training.wx) & np.isfinite(training.wrec)
            there = finite & (cost <= self.goal)
            found[places[~finite]] = DIVERGED
            found[places[there]] = epoch
            going = finite & ~there
            if not going.all():
                places, gradient = places[going], [of_one[going] for of_one in gradient]
                training.keep(going)
            if not len(places):
                return
            if epoch < self.limit:
                training.update(epoch, *gradient)
                self._trained = epoch + 1
        found[places] = NOT_THERE


class _Training:
    """The weights of many runs, and the two numbers that the rule keeps for each of them."""

    def __init__(self, experiment: Experiment, wx: Array, wrec: Array) -> None:
        self._rule, self._settings = experiment.rule, experiment.rule_settings
        self._rates, self._clip_norm = experiment.learning_rates, experiment.clip_norm
        first, second = self._rule.start(self._settings)
        of_wx, of_wrec = np.empty((2, 3, wx.size))
        for numbers, weights in ((of_wx, wx), (of_wrec, wrec)):
            numbers[0], numbers[1], numbers[2] = weights.ravel(), first, second
        self._of_wx, self._of_wrec = of_wx, of_wrec

    @property
    def wx(self) -> Array:
        weights: Array = self._of_wx[0]
        return weights

    @property
    def wrec(self) -> Array:
        weights: Array = self._of_wrec[0]
        return weights

    def keep(self, going: NDArray[np.bool_]) -> None:
        """Go on with these runs only."""
        self._of_wx, self._of_wrec = self._of_wx[:, going], self._of_wrec[:, going]

    def update(self, epoch: int, d_wx: Array, d_wrec: Array) -> None:
        """One update of both weights of every run."""
        if self._clip_norm is not None:
            factor = _clip_factors(d_wx, d_wrec, self._clip_norm)
            d_wx, d_wrec = d_wx * factor, d_wrec * factor
        self._of_wx = self._updated(self._of_wx, d_wx, self._rates.wx, epoch)
        self._of_wrec = self._updated(self._of_wrec, d_wrec, self._rates.wrec, epoch)

    def _updated(self, numbers: Array, gradient: Array, rate: float, epoch: int) -> Array:
        weight, first, second = numbers
        return np.stack(
            self._rule.apply(weight, gradient, rate, first, second, epoch, self._settings)
        )


def _clip_factors(d_wx: Array, d_wrec: Array, limit: float) -> Array:
    """`core.update_rules.clip_factor`, for many gradients."""
    larger = np.maximum(np.abs(d_wx), np.abs(d_wrec))
    ratio = np.minimum(np.abs(d_wx), np.abs(d_wrec)) / larger
    norm = larger * np.sqrt(1.0 + ratio * ratio)
    factors: Array = np.where(norm > limit, limit / norm, 1.0)
    return factors
