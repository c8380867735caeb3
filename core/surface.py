"""The loss surface: cost and gradient over a window of weights, first coarse, then fine."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.activations import Array
from core.cost_scale import CostScale, scale_of
from core.experiment import Experiment
from core.landscape import Landscape, Sweep, work_through

# Weights along each axis, from the first picture to the last.
RESOLUTIONS = (12, 25, 50, 100, 200)
# States to compute for a surface, which takes a few seconds: large data has to do with fewer
# weights, but never with fewer than the coarsest picture has.
_AFFORDABLE = 700_000_000
# A surface of so few states is there at once: no coarse one comes first.
_AT_ONCE = 2_000_000

# A window around a path leaves so much of its span beside it, has at least the least span, and
# follows a path that runs away so far only.
_PADDING, _LEAST_SPAN, _LARGEST_SPAN = 0.2, 4.0, 40.0


def cost_and_gradients(
    experiment: Experiment, wx: Array, wrec: Array
) -> tuple[Array, Array, Array]:
    """Cost, dE/dWx and dE/dWrec at many weights: arrays of one shape in, of that shape out.

    Who asks more than once keeps a `Landscape`, who wants a grid asks it for ``on_grid``.
    """
    landscape = Landscape(experiment)
    cost, d_wx, d_wrec = landscape.at_points(np.ravel(wx), np.ravel(wrec))
    shape = np.shape(wx)
    return cost.reshape(shape), d_wx.reshape(shape), d_wrec.reshape(shape)


class Window(NamedTuple):
    """The weights that are looked at."""

    wx_low: float
    wx_high: float
    wrec_low: float
    wrec_high: float

    def axes(self, columns: int, rows: int) -> tuple[Array, Array]:
        """So many values of wx and of wrec, evenly spread, ends included."""
        return (
            np.linspace(self.wx_low, self.wx_high, columns),
            np.linspace(self.wrec_low, self.wrec_high, rows),
        )


def window_around(wx: Array, wrec: Array) -> Window:
    """A square around a path of weights, its first point first, with room beside it.

    Points that are very far from the first one are left out.
    """
    start = float(wx[0]), float(wrec[0])
    ranges = [_range(path, at) for path, at in zip((wx, wrec), start, strict=True)]
    widest = max(high - low for low, high in ranges) * (1.0 + 2.0 * _PADDING)
    span = max(widest, _LEAST_SPAN)
    # On round numbers, so that a path that grows a little keeps its window.
    grid = 10.0 ** math.floor(math.log10(span) - 1.0)
    sides = []
    for low, high in ranges:
        middle = 0.5 * (low + high)
        sides.append(math.floor((middle - 0.5 * span) / grid) * grid)
        sides.append(math.ceil((middle + 0.5 * span) / grid) * grid)
    return Window(*sides)


def _range(path: Array, start: float) -> tuple[float, float]:
    near = path[np.abs(path - start) <= 0.5 * _LARGEST_SPAN]
    return (float(near.min()), float(near.max())) if near.size else (start, start)


@dataclass(frozen=True, eq=False)
class Surface:
    """Cost and gradient at each wx, shape (C,), and wrec, shape (R,): arrays of shape (R, C)."""

    wx: Array
    wrec: Array
    cost: Array
    d_wx: Array
    d_wrec: Array

    @property
    def resolution(self) -> int:
        """The number of weights along each axis."""
        return len(self.wx)

    @property
    def cells(self) -> Window:
        """What a picture of one cell around each pair of weights covers."""
        half_wx = 0.5 * float(self.wx[1] - self.wx[0])
        half_wrec = 0.5 * float(self.wrec[1] - self.wrec[0])
        return Window(
            float(self.wx[0]) - half_wx,
            float(self.wx[-1]) + half_wx,
            float(self.wrec[0]) - half_wrec,
            float(self.wrec[-1]) + half_wrec,
        )

    @cached_property
    def scale(self) -> CostScale:
        """The scale of its colours."""
        return scale_of(self.cost)


class SurfaceWork:
    """Computes the surface over a window in slices of time, each finer than the last.

    ``surface`` is the best there is so far, None before the first; ``resolution`` is what it
    will come to, fewer than ``RESOLUTIONS`` ends with where the data is large.
    """

    def __init__(self, landscape: Landscape, window: Window) -> None:
        self.window = window
        self.surface: Surface | None = None
        states = landscape.tree.states
        affordable = [n for n in RESOLUTIONS if n * n * states <= _AFFORDABLE]
        self.resolution = affordable[-1] if affordable else RESOLUTIONS[0]
        self._resolutions = (
            [self.resolution]
            if self.resolution**2 * states <= _AT_ONCE
            else [n for n in RESOLUTIONS if n <= self.resolution]
        )
        self._landscape = landscape
        self._done = 0
        self._pieces = self._refine()

    def work(self, seconds: float) -> bool:
        """Go on for so long; True while there is more to do."""
        return work_through(self._pieces, seconds)

    @property
    def done_share(self) -> float:
        """How much of the work is done, from 0 to 1."""
        return self._done / sum(n * n for n in self._resolutions)

    def _refine(self) -> Iterator[None]:
        sweep = Sweep(self._landscape)
        for resolution in self._resolutions:
            wx, wrec = self.window.axes(resolution, resolution)
            yield from sweep.grid(wx, wrec)
            self.surface = Surface(wx, wrec, *sweep.result.reshape(3, resolution, resolution))
            self._done += resolution * resolution
