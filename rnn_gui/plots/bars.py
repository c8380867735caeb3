"""Pairs of bars: what each timestamp adds to dE/dWx and dE/dWrec."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from core.activations import Array
from rnn_gui.plots.ink import Ink, data_pen, solid_pen
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import PLOTTABLE
from rnn_gui.theme import Theme, faded

_HATCH = 5.0  # pixels between slanted lines
_WX, _WREC = 0.75, 0.28  # how strong the colours are


class Bars:
    """Two bars beside each other in the middle of each column; overflown ones are left out.

    Those of dE/dWrec are pale with slanted lines: told from the other ones without colour.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        none: dict[str, list[float]] = {"x0": [], "width": [], "height": []}
        self._items = [pg.BarGraphItem(**none, pen=None) for _ in range(2)]
        self._hatch = pg.PlotCurveItem(connect="pairs", antialias=True)
        self._current = pg.BarGraphItem(**none, pen=None, brush=None)
        self._drawn: tuple[object, ...] = ()
        for z, item in enumerate((*self._items, self._hatch, self._current), start=-20):
            item.setZValue(z)
            panel.addItem(item)

    def set_theme(self, theme: Theme) -> None:
        ratio = self._panel.pixel_ratio
        for item, strength in zip(self._items, (_WX, _WREC), strict=True):
            item.setOpts(pen=None, brush=faded(theme.backward, strength))
        self._hatch.setPen(data_pen(solid_pen(theme.backward), ratio))
        self._current.setOpts(pen=data_pen(solid_pen(theme.backward, 2.0), ratio), brush=None)

    def show_bars(self, x: Array, heights: tuple[Array, Array], width: float, current: int) -> None:
        """``heights`` are in units of the left axis, ``width`` of one bar is in pixels."""
        wide, high = self._panel.pixel
        drawn = (x.tolist(), *(h.tolist() for h in heights), width, current, wide, high)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        sides = [
            _boxes(x + side * width * wide, values, max(width - 1, 1.0) * wide, high)
            for values, side in zip(heights, (-1, 0), strict=True)
        ]
        for item, boxes in zip(self._items, sides, strict=True):
            self._show(item, boxes)
        self._hatch.setData(*self._slanted(sides[1]) if width > 5 else ([], []))
        now = [b[(b[:, 0] <= current) & (b[:, 0] + width * wide * 1.01 >= current)] for b in sides]
        around = np.array([-1.5 * wide, -1.5 * high, 3 * wide, 3 * high])
        self._show(self._current, np.vstack(now)[: 2 if width > 3 else 0] + around)

    def _show(self, item: pg.BarGraphItem, boxes: Array) -> None:
        item.setVisible(len(boxes) > 0)
        x, y, width, height = boxes.T
        unit = self._panel.y_range.unit
        item.setOpts(x0=x, y0=y / unit, width=width, height=height / unit)

    def _slanted(self, boxes: Array) -> tuple[Array, Array]:
        """The ends of lines through the boxes, in pairs: in pixels they run along x + y = c."""
        ends: list[tuple[float, float]] = []
        wide, high = self._panel.pixel
        for left, low, width, height in (boxes / [wide, high, wide, high]).tolist():
            for c in np.arange(3.0, width + height, _HATCH).tolist():
                xs = (max(0.0, c - height), min(width, c))
                ends += [((left + x) * wide, (low + height - c + x) * high) for x in xs]
        x, y = np.array(ends).reshape(-1, 2).T
        return x, y / self._panel.y_range.unit


def _boxes(lefts: Array, values: Array, width: float, pixel: float) -> Array:
    """Left, low, width and height of a bar for each finite value.

    A pixel high at least, so that a small number is not taken for none; 0 is flat.
    """
    shown = np.abs(values) <= PLOTTABLE
    lefts, values = lefts[shown], values[shown]
    tall = np.where(values, np.maximum(np.abs(values), pixel), 0.0)
    return np.column_stack(
        [lefts, np.where(values < 0, -tall, 0.0), np.full(len(tall), width), tall]
    )


def wx_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.backward, _WX))


def wrec_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.backward, _WREC))
    pen = solid_pen(ink.theme.backward)
    for c in np.arange(3.0, rect.width() + rect.height(), _HATCH).tolist():
        x1, x2 = max(0.0, c - rect.height()), min(rect.width(), c)
        ink.line(rect.left() + x1, rect.top() + c - x1, rect.left() + x2, rect.top() + c - x2, pen)
