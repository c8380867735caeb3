"""The loss surface: cost and gradient over a window of weights, first coarse, then fine."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.data.values import Array
from core.landscape.cost_scale import CostScale, scale_of
from core.landscape.costs import Landscape, Sweep, work_through

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
# Of a weight so large that the least span is none beside it, this part of it is one.
_LEAST_SHARE = 2.0**-36
_LARGEST = sys.float_info.max
_WHOLE = 2.0**52  # a larger number has no digits to round away


class Window(NamedTuple):
    """The numbers that are looked at: those along the x axis, and those along the y axis."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def axes(self, columns: int, rows: int) -> tuple[Array, Array]:
        """Spread so many x, shape (columns,), and y, shape (rows,), evenly, ends included."""
        return (
            _spread(self.x_low, self.x_high, columns),
            _spread(self.y_low, self.y_high, rows),
        )


def _spread(low: float, high: float, count: int) -> Array:
    # Halved, because the distance of two finite numbers may be infinite.
    return (
        2.0 * np.linspace(0.5 * low, 0.5 * high, count)
        if abs(low) > 1e300
        else np.linspace(low, high, count)
    )


def window_around(x: Array, y: Array) -> Window:
    """Put a square around a path, arrays of shape (M,), its first point first, with room beside it.

    Points that are very far from the first one are left out. All sides are finite.
    """
    ranges = [_range(path, float(path[0])) for path in (x, y)]
    widest = max(high - low for low, high in ranges) * (1.0 + 2.0 * _PADDING)
    span = max(widest, _LEAST_SPAN)
    # On round numbers, so that a path that grows a little keeps its window.
    grid = 10.0 ** math.floor(math.log10(span) - 1.0)
    sides: list[float] = []
    for low, high in ranges:
        middle = 0.5 * low + 0.5 * high
        half = 0.5 * max(span, _LEAST_SHARE * abs(middle))
        sides.append(_rounded(middle - half, grid, math.floor))
        sides.append(_rounded(middle + half, grid, math.ceil))
    return Window(*sides)


def _rounded(side: float, grid: float, to_whole: Callable[[float], int]) -> float:
    """Move a side out to a multiple of the grid; one beyond all numbers comes back to them."""
    if abs(side) >= _WHOLE * grid:
        return min(max(side, -_LARGEST), _LARGEST)
    return to_whole(side / grid) * grid


def _range(path: Array, start: float) -> tuple[float, float]:
    with np.errstate(over="ignore", invalid="ignore"):
        near = path[np.abs(path - start) <= 0.5 * _LARGEST_SPAN]
    return (float(near.min()), float(near.max())) if near.size else (start, start)


@dataclass(frozen=True, eq=False)
class Surface:
    """Cost and gradient at each x, shape (C,), and y, shape (R,): arrays of shape (R, C)."""

    x: Array
    y: Array
    cost: Array
    d_x: Array
    d_y: Array

    @property
    def resolution(self) -> int:
        """The number of weights along each axis."""
        return len(self.x)

    @property
    def cells(self) -> Window:
        """The window that a picture of one cell around each pair of weights covers."""
        half_x, half_y = (0.5 * float(axis[1] - axis[0]) for axis in (self.x, self.y))
        return Window(
            float(self.x[0]) - half_x,
            float(self.x[-1]) + half_x,
            float(self.y[0]) - half_y,
            float(self.y[-1]) + half_y,
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
        states = landscape.nodes
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
        """The share of the work that is done, from 0 to 1."""
        return self._done / sum(n * n for n in self._resolutions)

    def _refine(self) -> Iterator[None]:
        sweep = Sweep(self._landscape)
        for resolution in self._resolutions:
            x, y = self.window.axes(resolution, resolution)
            yield from sweep.grid(x, y)
            self.surface = Surface(x, y, *sweep.result.reshape(3, resolution, resolution))
            self._done += resolution * resolution
