"""The ranges of axes: what holds the data, in round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from core.data.values import Array

# Differences between numbers beyond this overflow, so they count as not finite in a plot.
PLOTTABLE = 1e300
_TINY = 1e-290  # no axis can be divided more finely


class Range(NamedTuple):
    low: float
    high: float

    @property
    def span(self) -> float:
        return self.high - self.low

    @property
    def unit(self) -> float:
        """The power of ten to draw in: Qt's transformations fail on very large or small numbers."""
        return 1.0 if 1e-6 < self.span < 1e9 else 10.0 ** math.floor(math.log10(self.span))

    @property
    def in_units(self) -> tuple[float, float]:
        """Both ends, a hair further out: what stands exactly there is not lost by rounding."""
        hair = self.span * 1e-9
        return (self.low - hair) / self.unit, (self.high + hair) / self.unit


UNIT = Range(0.0, 1.0)


def plottable(values: ArrayLike) -> Array:
    """Those values that a plot can show, in one row."""
    flat = np.ravel(np.asarray(values, dtype=np.float64))
    kept: Array = flat[np.abs(flat) <= PLOTTABLE]
    return kept


def range_of(parts: Iterable[ArrayLike]) -> Range | None:
    """The smallest range that holds all finite values of the parts; None without any."""
    lows, highs = [], []
    for part in parts:
        values = np.asarray(part)
        if values.size and not (values.min() >= -PLOTTABLE and values.max() <= PLOTTABLE):
            values = plottable(values)
        if values.size:
            lows.append(float(values.min()))
            highs.append(float(values.max()))
    return Range(min(lows), max(highs)) if lows else None


def padded(data: Range, margin: float = 0.08) -> Range:
    """Some room around the data, in round numbers: small changes do not move the axis."""
    largest = max(abs(data.low), abs(data.high))
    if largest < _TINY:
        return Range(-0.5, 0.5)
    # Numbers that differ in their last digits alone are one number to the eye.
    span = data.span if data.span > 1e-9 * largest else largest
    low, high = data.low - margin * span, data.high + margin * span
    step = nice_step(high - low, 20)
    return Range(math.floor(low / step) * step, math.ceil(high / step) * step)


def aligned(first: Range, second: Range) -> tuple[Range, Range]:
    """Both ranges widened until zero stands at the same height in both."""
    shares = [max(-r.low, 0.0) / (max(r.high, 0.0) - min(r.low, 0.0)) for r in (first, second)]
    below = min(max(sum(shares) / 2, 0.0), 1.0)
    # A range with data on one side alone must not be squeezed away by the other.
    if 0 < below < 1 or len(set(shares)) > 1:
        below = min(max(below, 0.15), 0.85)

    def widened(r: Range) -> Range:
        span = max(
            max(-r.low, 0.0) / below if below else 0.0,
            max(r.high, 0.0) / (1 - below) if below < 1 else 0.0,
        )
        return Range(-span * below, span * (1 - below))

    return widened(first), widened(second)


def nice_step(span: float, count: float) -> float:
    """The 1, 2 or 5 times a power of ten that divides the span into at most so many parts."""
    raw = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= raw * (1 - 1e-9))
