"""The sequences other than the chosen one, where they are too many for lines of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from core.data.values import Array
from rnn_gui.plots.ink import Ink, solid_pen
from rnn_gui.plots.layer import OVER_DATA, Axes, Layer
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


class SpreadMemory:
    """The spreads of a table's rows: of many sequences they take long, so each is found once.

    With ``sizes`` they are those of the absolute values.
    """

    def __init__(self, *, sizes: bool = False) -> None:
        self._sizes = sizes
        self._table, self._chosen = np.empty((0, 0)), -1
        self._found: dict[int, tuple[float, float, float]] = {}

    def spread(self, x: Array, table: Array, rows: range, chosen: int) -> Spread | None:
        """Of these rows of ``table``, shape (·, N), without the chosen sequence."""
        if table.shape[1] < 2 or not rows:
            return None
        if table is not self._table or chosen != self._chosen:
            self._table, self._chosen = table, chosen
            self._found.clear()
        for row in rows:
            if row not in self._found:
                others = np.delete(table[row], chosen)
                self._found[row] = _extent(np.abs(others) if self._sizes else others)
        return Spread(x, *np.array([self._found[row] for row in rows]).T)


def _extent(values: Array) -> tuple[float, float, float]:
    with np.errstate(invalid="ignore"):
        return float(values.min()), float(np.median(values)), float(values.max())


class SpreadItem(Layer):
    """The area between lowest and highest; the panel draws the `middle` with its other lines."""

    depth = OVER_DATA

    spread: Spread | None = None
    _drawn: tuple[Spread, str, Axes] | None = None
    _area = QPolygonF()
    _colour = "#000000"

    @property
    def ends(self) -> list[Array]:
        return [] if self.spread is None else [self.spread.low, self.spread.high]

    def middle(self, colour: str) -> list[Series]:
        if self.spread is None:
            return []
        return [Series(self.spread.x, self.spread.middle, Stroke(colour, 1.2, DASHES, alpha=0.8))]

    def show_spread(self, colour: str, axes: Axes) -> None:
        """On screen as it is now; what has not changed is left as it is."""
        spread, before = self.spread, self._drawn
        self.setVisible(spread is not None)
        if spread is None:
            return
        self._drawn = (spread, colour, axes)
        if before is None or before[1:] != (colour, axes) or not before[0].equals(spread):
            self._colour, self._area = colour, _area(spread, axes)
            self.renew()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(self._colour, 0.2))
        painter.drawPolygon(self._area)


def _area(spread: Spread, axes: Axes) -> QPolygonF:
    shown = (np.abs(spread.low) <= PLOTTABLE) & (np.abs(spread.high) <= PLOTTABLE)
    x = spread.x[shown]
    low, high = axes.pixels(x, spread.low[shown]), axes.pixels(x, spread.high[shown])
    if len(x) == 1:
        beside = np.array([[-_ALONE, 0.0], [_ALONE, 0.0]])
        low, high = low + beside, high + beside
    return QPolygonF([QPointF(*at) for at in np.vstack([low, high[::-1]]).tolist()])


def spread_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.muted, 0.25))
    middle = rect.center().y()
    ink.line(rect.left(), middle, rect.right(), middle, solid_pen(ink.theme.muted, 1.2))
