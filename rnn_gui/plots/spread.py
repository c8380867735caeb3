"""The sequences other than the chosen one, where they are too many for lines of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from core.activations import Array
from rnn_gui.plots.ink import Ink, solid_pen
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import PLOTTABLE
from rnn_gui.plots.series import Series, Stroke
from rnn_gui.theme import faded

DASHES = (6.0, 3.0)
_ALONE = 3.0  # pixels to each side where there is one timestamp only


@dataclass(frozen=True, eq=False)
class Spread:
    """Lowest, middle and highest value over x."""

    x: Array
    low: Array
    middle: Array
    high: Array

    def equals(self, other: Spread) -> bool:
        pairs = ((self.x, other.x), (self.low, other.low), (self.high, other.high))
        return all(np.array_equal(one, two, equal_nan=True) for one, two in pairs)


def spread_of(x: Array, rows: Array, chosen: int) -> Spread | None:
    """Over the columns of ``rows``, shape (·, N), without the chosen one."""
    others = np.delete(rows, chosen, axis=1)
    if others.size == 0:
        return None
    with np.errstate(invalid="ignore"):
        return Spread(x, others.min(axis=1), np.median(others, axis=1), others.max(axis=1))


class SpreadItem(pg.FillBetweenItem):
    """The area between lowest and highest; the panel draws the `middle` with its other lines."""

    def __init__(self, panel: Panel) -> None:
        self.spread: Spread | None = None
        self._drawn: tuple[Spread, str, tuple[float, ...]] | None = None
        self._panel = panel
        self._low, self._high = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        super().__init__(self._low, self._high)
        for z, item in enumerate((self._low, self._high, self), start=-9):
            panel.addItem(item)
            item.setZValue(z)

    @property
    def ends(self) -> list[Array]:
        return [] if self.spread is None else [self.spread.low, self.spread.high]

    def middle(self, colour: str) -> list[Series]:
        if self.spread is None:
            return []
        return [Series(self.spread.x, self.spread.middle, Stroke(colour, 1.2, DASHES, alpha=0.8))]

    def show_spread(self, colour: str) -> None:
        """On screen as it is now; what has not changed is left as it is."""
        spread, axes = self.spread, (*self._panel.pixel, self._panel.y_range.unit)
        self.setVisible(spread is not None)
        if spread is None:
            return
        before, self._drawn = self._drawn, (spread, colour, axes)
        if before is None or before[1:] != (colour, axes) or not before[0].equals(spread):
            self.setBrush(faded(colour, 0.2))
            self._show(spread)

    def _show(self, spread: Spread) -> None:
        shown = (np.abs(spread.low) <= PLOTTABLE) & (np.abs(spread.high) <= PLOTTABLE)
        unit, x = self._panel.y_range.unit, spread.x[shown]
        low, high = spread.low[shown] / unit, spread.high[shown] / unit
        if len(x) == 1:
            side = _ALONE * self._panel.pixel[0]
            x, low, high = np.array([x[0] - side, x[0] + side]), low.repeat(2), high.repeat(2)
        self._low.setData(x, low)
        self._high.setData(x, high)


def spread_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.muted, 0.25))
    middle = rect.center().y()
    ink.line(rect.left(), middle, rect.right(), middle, solid_pen(ink.theme.muted, 1.2))
