"""A log scale for costs that may reach 0 or overflow, and contour lines at round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from core.data.values import Array

# Shown below and above the cost that one in a hundred does not exceed.
_DECADES_BELOW, _DECADES_ABOVE = 4, 8
# The floor of costs that are all 0, or none of them a number.
_LEAST = 1e-12
# Within a decade; then one line every so many decades.
_WITHIN = ((1, 1.5, 2, 3, 4, 5, 6, 8), (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,))
_DECADES = (2, 3, 5, 10, 20, 50)


@dataclass(frozen=True)
class CostScale:
    """The costs that the colours run from and to; both are powers of ten.

    A cost below ``floor`` is shown like the floor, one above ``ceiling`` like the ceiling: the
    least cost of a grid says little, for it may meet a minimum by chance, and the largest may
    be near overflow.
    """

    floor: float
    ceiling: float
    floor_reached: bool  # some cost is below it
    ceiling_reached: bool  # some cost is above it, infinite, or not a number

    def logarithms(self, costs: Array) -> Array:
        """Return log10 of each cost, of any shape, in the scale; no number is at its ceiling."""
        shown = np.where(np.isnan(costs), self.ceiling, costs)
        logs: Array = np.log10(np.clip(shown, self.floor, self.ceiling))
        return logs

    def contour_levels(self, most: int = 12) -> list[float]:
        """Choose costs within the scale at which to draw lines, at most so many, rising, round."""
        low, high = round(math.log10(self.floor)), round(math.log10(self.ceiling))
        for digits in _WITHIN:
            if len(digits) * (high - low) <= most:
                return [_round_cost(d, e) for e in range(low, high) for d in digits][1:]
        for decades in _DECADES:
            exponents = range(-(-low // decades) * decades, high, decades)
            if len(exponents) <= most:
                return [_round_cost(1, e) for e in exponents if e > low]
        return []


def scale_of(costs: Array) -> CostScale:
    """Make the scale for the costs of a surface, an array of any shape."""
    known = costs[np.isfinite(costs) & (costs > 0)]
    if not known.size:
        return CostScale(_LEAST, 10 * _LEAST, bool((costs == 0).any()), not (costs == 0).all())
    low = math.log10(float(np.quantile(known, 0.01, method="lower")))
    lowest = max(math.log10(float(known.min())), low - _DECADES_BELOW)
    highest = min(math.log10(float(known.max())), low + _DECADES_ABOVE)
    # Powers of ten that are floats of full precision.
    bottom = min(max(-300, math.floor(lowest)), 307)
    top = min(max(bottom + 1, math.ceil(highest)), 308)
    floor, ceiling = _round_cost(1, bottom), _round_cost(1, top)
    return CostScale(floor, ceiling, bool((costs < floor).any()), not (costs <= ceiling).all())


def _round_cost(digits: float, exponent: int) -> float:
    """digits * 10**exponent, correctly rounded."""
    return float(Fraction(digits) * Fraction(10) ** exponent)
