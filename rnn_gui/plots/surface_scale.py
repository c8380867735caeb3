"""From a number to a colour: the logarithmic scales of the loss surface and of the basin map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QColor

from core.data.notation import number
from core.data.values import Array
from core.landscape.cost_scale import CostScale
from rnn_gui.theme import faded

Table = npt.NDArray[np.uint32]

_COLOURS = 256
_FEW_STARTS = 0.03
_ROUND = ((1, 2, 5), (1, 3), (1,))


@dataclass(frozen=True)
class ColourMap:
    """One of pyqtgraph's maps: dark for low numbers, light for high ones."""

    name: str

    @cached_property
    def table(self) -> Table:
        """Colours from the low end to the high one, as 0xffrrggbb, shape (256,)."""
        made = pg.colormap.get(self.name).getLookupTable(nPts=_COLOURS, mode="byte")
        red, green, blue = made[:, :3].astype(np.uint32).T
        table: Table = 0xFF000000 | red << 16 | green << 8 | blue
        return table

    def colour(self, share: float) -> QColor:
        return QColor.fromRgb(int(self.table[round(min(max(share, 0.0), 1.0) * (_COLOURS - 1))]))

    def line_colour(self, share: float) -> QColor:
        """Of a contour line on this colour: lighter on what is dark, darker on what is light."""
        colour = self.colour(share)
        dark = 0.3 * colour.redF() + 0.6 * colour.greenF() + 0.1 * colour.blueF() < 0.5
        return faded("#ffffff", 0.5) if dark else faded("#000000", 0.38)


# The colours of both can be told apart, and are in order, with every kind of colour blindness.
COST, EPOCHS = ColourMap("viridis"), ColourMap("cividis")


@dataclass(frozen=True)
class Scale:
    """From the colour of ``low`` to that of ``high``, evenly over the logarithms between them.

    Lower numbers, 0 among them, have the colour of ``low``, higher ones that of ``high``;
    ``below`` and ``above`` tell whether there are any. ``lines`` are where contours are drawn.
    """

    map: ColourMap
    low: float
    high: float
    below: bool = False
    above: bool = False
    lines: tuple[float, ...] = ()

    def shares(self, values: Array) -> Array:
        """How far up the scale they are, from 0 to 1; nan where they are not finite."""
        logs = np.log10(np.clip(values, self.low, self.high))
        shares: Array = (logs - math.log10(self.low)) / self._decades
        shares[~np.isfinite(values)] = np.nan
        return shares

    def share(self, value: float) -> float:
        return float(self.shares(np.array([value]))[0])

    def marks(self, count: int) -> list[float]:
        """About so many round values, evenly over the logarithms. An end that stands for what
        lies beyond it is among them.
        """
        ends = [self.low] * self.below + [self.high] * self.above
        room = 0.9 / max(count, 1)
        apart = (
            mark
            for mark in self._round_values(count)
            if all(abs(self.share(mark) - self.share(end)) > room for end in ends)
        )
        return sorted([*ends, *apart])

    def _round_values(self, count: int) -> list[float]:
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        for factors in _ROUND:
            marks = [float(f"{f}e{power}") for power in range(first, last + 1) for f in factors]
            shown = [m for m in marks if self.low * 0.999 <= m <= self.high * 1.001]
            if len(shown) <= count:
                return shown
        return shown[:: math.ceil(len(shown) / max(count, 1))]

    def text(self, mark: float) -> str:
        """The number beside a mark; at the ends it says what else has this colour."""
        sign = ""
        if self.below and mark <= self.low * 1.001:
            sign = "≤"
        elif self.above and mark >= self.high * 0.999:
            sign = "≥"
        whole = self.map is EPOCHS or 1000 <= mark < 1e6
        return sign + (f"{mark:,.0f}" if whole else number(float(f"{mark:.1e}"), 2))

    @property
    def _decades(self) -> float:
        return math.log10(self.high) - math.log10(self.low)


def scale_of_costs(costs: Array, scale: CostScale) -> Scale:
    """As far as there are costs, between round numbers. Those that are not finite have an area
    of their own.
    """
    finite = costs[np.isfinite(costs)]
    ends = finite.min(initial=math.inf), finite.max(initial=0.0)
    low, high = (min(max(float(end), scale.floor), scale.ceiling) for end in ends)
    if low < high:
        low, high = max(_rounded(low)), min(_rounded(high, upwards=True))
    else:
        low, high = scale.floor, scale.ceiling
    lines = tuple(line for line in scale.contour_levels() if low < line < high)
    return Scale(COST, low, high, scale.floor_reached, bool((finite > high).any()), lines)


def scale_of_epochs(epochs: npt.NDArray[np.integer[Any]]) -> Scale:
    """From the number that few starts stay under, so that most colours are for the others."""
    positive = epochs[epochs > 0]
    if not len(positive):
        return Scale(EPOCHS, 1.0, 10.0, below=True)
    low = max(_rounded(float(np.quantile(positive, _FEW_STARTS))))
    high = min(_rounded(float(positive.max()), upwards=True))
    return Scale(EPOCHS, low, max(high, 2.0 * low), below=True)


def _rounded(value: float, *, upwards: bool = False) -> list[float]:
    """1, 2 and 5 times powers of ten that are not above the value, or not below it."""
    power = math.floor(math.log10(value))
    near = [float(f"{f}e{power}") for f in (1, 2, 5)] + [float(f"1e{power + 1}")]
    hair = 1e-9 * value
    return [v for v in near if (v >= value - hair if upwards else v <= value + hair)]
