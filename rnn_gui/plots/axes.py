"""Ranges and tick marks of axes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from core.activations import Array
from core.notation import MINUS, number

# Differences between numbers beyond this overflow, so they count as not finite in a plot.
PLOTTABLE = 1e300


class Range(NamedTuple):
    low: float
    high: float

    @property
    def span(self) -> float:
        return self.high - self.low


UNIT = Range(0.0, 1.0)


def plottable(values: ArrayLike) -> Array:
    """A flat copy of those values that a plot can show."""
    flat = np.ravel(np.asarray(values, dtype=np.float64))
    kept: Array = flat[np.abs(flat) <= PLOTTABLE]
    return kept


def range_of(parts: Iterable[ArrayLike]) -> Range | None:
    """The smallest range that holds all finite values of the parts; None without any."""
    lows, highs = [], []
    for part in parts:
        values = plottable(part)
        if len(values):
            lows.append(float(values.min()))
            highs.append(float(values.max()))
    return Range(min(lows), max(highs)) if lows else None


def padded(data: Range, margin: float = 0.08) -> Range:
    """Some room around the data, in round numbers: small changes do not move the axis."""
    span = data.span or abs(data.high) or 1.0
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


def value_ticks(shown: Range, pixels: float, spacing: float = 30) -> list[tuple[float, str]]:
    """Round values in the range with their texts, about ``spacing`` pixels apart."""
    if not shown.span > 0:
        return []
    step = nice_step(shown.span, pixels / spacing)
    first, last = math.ceil(shown.low / step - 1e-9), math.floor(shown.high / step + 1e-9)
    values = [i * step for i in range(first, last + 1)]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [(v, _tick_text(v, decimals)) for v in values]


def decade_ticks(shown: Range, pixels: float, spacing: float = 26) -> list[tuple[float, str]]:
    """Powers of ten for an axis that shows log10 of its values."""
    first, last = math.ceil(shown.low), math.floor(shown.high)
    step = max(1, math.ceil((last - first + 1) * spacing / max(pixels, 1)))
    decades = range(first, last + 1, step)
    factors = (1, 2, 5) if len(decades) < 3 else (1,)
    values = [m * 10.0**d for d in range(first - 1, last + 1, step) for m in factors]
    ticks = [(math.log10(v), number(v, 2)) for v in values if v > 0]
    return [tick for tick in ticks if shown.low <= tick[0] <= shown.high]


def whole_ticks(shown: Range, pixels: float, text_width: float) -> list[tuple[float, str]]:
    """Whole numbers in the range, as many as have room for their texts."""
    if not shown.span > 0 or pixels <= 0:
        return []
    step = max(1, round(nice_step(shown.span, pixels / text_width)))
    first = max(0, math.ceil(shown.low / step))
    return [(float(i * step), f"{i * step:,}") for i in range(first, int(shown.high // step) + 1)]


def _tick_text(value: float, decimals: int) -> str:
    text = f"{abs(value):.{decimals}f}"
    if len(text) > 6 or decimals > 4:
        return number(float(f"{value:.2e}"), 3) if value else "0"
    return (MINUS if value < 0 and float(text) else "") + text
