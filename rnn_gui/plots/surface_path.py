"""The way that a run took over the weights, thinned to what a plot can show.

A run has up to ten million epochs, most of them close together near its end. Points are taken
at equal lengths of the way, not of time, and closer together where the plot looks closely.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from core.data.values import Array
from core.landscape.surface import Window
from core.training.run import Run

Epochs = npt.NDArray[np.integer[Any]]

_POINTS = 1500  # of a whole way; a part that is looked at closely adds as many at most
_LONGEST = 16.0  # one step counts at most so much, and so many times the weights it starts from


@dataclass(frozen=True, eq=False)
class Way:
    """Points of a run's way: which epochs they are of, and the weights there, shape (·, 2)."""

    epochs: Epochs
    points: Array

    def up_to(self, epoch: int) -> Array:
        """The points before an epoch."""
        return self.points[: np.searchsorted(self.epochs, epoch)]

    def after(self, epoch: int) -> Array:
        return self.points[np.searchsorted(self.epochs, epoch, side="right") :]


class WayOfRun:
    """How long the way is up to each epoch; it grows with the run."""

    def __init__(self, run: Run) -> None:
        start = max(1.0, *map(abs, run.weights(0).values()))
        self._longest = _LONGEST * start
        self._lengths = np.zeros(64)
        self._count = 1
        self._at_hand: tuple[tuple[int, Window, float], Way] | None = None
        self._outline: tuple[int, Array] | None = None

    def seen(self, run: Run, window: Window, pixel: float) -> Way:
        """Points that draw the run in a window whose pixels are so large; its ends are among
        them. It is always the same run, which can only grow.
        """
        key = run.last, window, pixel
        if self._at_hand is None or self._at_hand[0] != key:
            epochs = self._looked_up(run, window, pixel)
            self._at_hand = key, Way(epochs, _points(run, epochs))
        return self._at_hand[1]

    def outline(self, run: Run) -> Array:
        """Points of the whole way, however large the window, shape (·, 2)."""
        if self._outline is None or self._outline[0] != run.last:
            epochs = self._looked_up(run, None, 0.0)
            self._outline = run.last, _points(run, epochs)
        return self._outline[1]

    def _extend(self, wx: Array, wrec: Array) -> None:
        start, end = self._count, len(wx)
        if start >= end:
            return
        if end > len(self._lengths):
            grown = np.empty(max(end, 2 * len(self._lengths)))
            grown[:start] = self._lengths[:start]
            self._lengths = grown
        with np.errstate(over="ignore"):
            steps = np.hypot(np.diff(wx[start - 1 : end]), np.diff(wrec[start - 1 : end]))
        added = np.cumsum(np.minimum(steps, self._longest))
        self._lengths[start:end] = self._lengths[start - 1] + added
        self._count = end

    def _looked_up(self, run: Run, window: Window | None, pixel: float) -> Epochs:
        """At multiples of a length that is a power of two: they stay where they are while the
        way grows.
        """
        wx, wrec = run.column(0), run.column(1)
        self._extend(wx, wrec)
        whole = float(self._lengths[len(wx) - 1])
        if len(wx) <= _POINTS:
            return np.arange(len(wx))
        found = [np.array([0, len(wx) - 1])]
        if whole > 0.0:
            step = 2.0 ** np.ceil(np.log2(whole / _POINTS))
            marks = np.arange(0.0, whole, step)
            found.append(self._at(marks))
            if window is not None:
                found += self._finer(run, marks, step, window, pixel)
        return np.unique(np.concatenate(found))

    def _finer(
        self, run: Run, marks: Array, step: float, window: Window, pixel: float
    ) -> Iterator[Epochs]:
        """Between the marks from which the way may get into the window, until a pixel is met."""
        wx, wrec = run.column(0), run.column(1)
        while step > pixel / 2:
            marks = marks[_touching(wx, wrec, self._at(marks), window, step)]
            parts = 2 ** int(np.log2(max(_POINTS / max(len(marks), 1), 1)))
            if parts == 1 or not len(marks):
                return
            step /= parts
            marks = (marks[:, np.newaxis] + step * np.arange(parts)).ravel()
            marks = marks[marks < self._lengths[self._count - 1]]
            yield self._at(marks)

    def _at(self, marks: Array) -> Epochs:
        """The first epochs that are so far along the way."""
        found = np.searchsorted(self._lengths[: self._count], marks)
        return np.minimum(found, self._count - 1)


def way_of(run: Run) -> WayOfRun:
    """What is kept of a run, by all plots of it, as long as the run is."""
    if run not in _of_runs:
        _of_runs[run] = WayOfRun(run)
    return _of_runs[run]


_of_runs: WeakKeyDictionary[Run, WayOfRun] = WeakKeyDictionary()


def _points(run: Run, epochs: Epochs) -> Array:
    points: Array = np.column_stack([run.column(0)[epochs], run.column(1)[epochs]])
    return points


def _touching(
    wx: Array, wrec: Array, epochs: Epochs, window: Window, reach: float
) -> npt.NDArray[np.bool_]:
    """From which points the way may get into the window before it is ``reach`` longer."""
    x, y = wx[epochs], wrec[epochs]
    inside: npt.NDArray[np.bool_] = (
        (x >= window.x_low - reach)
        & (x <= window.x_high + reach)
        & (y >= window.y_low - reach)
        & (y <= window.y_high + reach)
    )
    return inside
