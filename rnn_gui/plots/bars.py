"""Pairs of bars: what each timestamp adds to dE/dWx and dE/dWrec."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from core.data.values import Array
from rnn_gui.plots.ink import Ink, solid_pen
from rnn_gui.plots.layer import UNDER_DATA, Axes, Layer
from rnn_gui.plots.ranges import PLOTTABLE
from rnn_gui.theme import Theme, faded

_HATCH = 5.0  # pixels between slanted lines
_WX, _WREC = 0.75, 0.28  # how strong the colours are


class Bars(Layer):
    """Two bars beside each other in the middle of each column; overflown ones are left out.

    Those of dE/dWrec are pale with slanted lines: told from the other ones without colour.
    """

    depth = UNDER_DATA

    _drawn: tuple[object, ...] = ()
    _rects: tuple[list[QRectF], list[QRectF]] = ([], [])
    _slants: tuple[QLineF, ...] = ()
    _current: tuple[QRectF, ...] = ()

    def show_bars(
        self,
        x: Array,
        heights: tuple[Array, Array],
        width: float,
        current: int,
        axes: Axes,
        theme: Theme,
    ) -> None:
        """``heights`` are in units of the left axis, ``width`` of one bar is in pixels."""
        drawn = (x.tolist(), *(h.tolist() for h in heights), width, current, axes, theme.name)
        if drawn == self._drawn:
            return
        self._drawn, self._theme = drawn, theme
        wx, wrec = (
            _rects(axes, x, values, side * width, max(width - 1, 1.0))
            for values, side in zip(heights, (-1, 0), strict=True)
        )
        self._rects = list(wx.values()), list(wrec.values())
        self._slants = tuple(slant for r in wrec.values() for slant in _slants(r) if width > 5)
        around = [bars[current] for bars in (wx, wrec) if current in bars and width > 3]
        self._current = tuple(rect.adjusted(-1.5, -1.5, 1.5, 1.5) for rect in around)
        self.renew()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if not any(self._rects):
            return
        colour = self._theme.backward
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # crisp, and fast
        painter.setPen(Qt.PenStyle.NoPen)
        for rects, strength in zip(self._rects, (_WX, _WREC), strict=True):
            painter.setBrush(faded(colour, strength))
            painter.drawRects(rects)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._slants:
            painter.setPen(solid_pen(colour))
            painter.drawLines(self._slants)
        painter.setPen(solid_pen(colour, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rect in self._current:
            painter.drawRect(rect)


def _rects(axes: Axes, x: Array, values: Array, shift: float, width: float) -> dict[int, QRectF]:
    """The bar of each timestamp whose value is finite.

    A pixel high at least, so that a small number is not taken for none; 0 is flat.
    """
    shown = np.abs(values) <= PLOTTABLE
    x, values = x[shown], values[shown]
    lefts, ends = (axes.pixels(x, values) + np.array([shift, 0.0])).T.tolist()
    zero = float(axes.pixels(np.zeros(1), np.zeros(1))[0, 1])
    rects = {}
    for k, left, end, value in zip(x.tolist(), lefts, ends, values.tolist(), strict=True):
        tall = max(abs(end - zero), 1.0) if value else 0.0
        rects[int(k)] = QRectF(left, zero if value < 0 else zero - tall, width, tall)
    return rects


def _slants(rect: QRectF) -> list[QLineF]:
    """Lines through a bar that rise to the right."""
    width, height = rect.width(), rect.height()
    lines = []
    for c in np.arange(3.0, width + height, _HATCH).tolist():
        x1, x2 = max(0.0, c - height), min(width, c)
        left, top = rect.left(), rect.top() + c
        lines.append(QLineF(left + x1, top - x1, left + x2, top - x2))
    return lines


def wx_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.backward, _WX))


def wrec_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.backward, _WREC))
    pen = solid_pen(ink.theme.backward)
    for slant in _slants(rect):
        ink.line(slant.x1(), slant.y1(), slant.x2(), slant.y2(), pen)
