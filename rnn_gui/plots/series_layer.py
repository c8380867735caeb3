"""Lines and markers: all series of a panel, painted by one item."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from core.data.values import Array
from rnn_gui.plots import strokes
from rnn_gui.plots.box import Box
from rnn_gui.plots.ink import mixed
from rnn_gui.plots.layer import ON_TOP, Axes, Layer
from rnn_gui.plots.series import SMOOTH_POINTS, Series, shown_values

_BESIDE = 20.0  # pixels: a marker further out is not seen


class SeriesLayer(Layer):
    """The first series is painted first. ``exact`` is for figures, of any resolution."""

    depth = ON_TOP

    def __init__(self, box: Box, *, exact: bool) -> None:
        super().__init__(box)
        self._exact = exact
        self._drawn: list[_Drawn] = []

    def show_series(self, lines: list[Series], axes: Axes, paper: str) -> None:
        """Show these on a background of this colour; what has not changed is left as it is."""
        before, self._drawn = self._drawn, []
        for i, series in enumerate(lines):
            drawn = before[i] if i < len(before) else None
            if drawn is None or not drawn.shows(series, axes, paper):
                drawn = _Drawn(series, axes, paper, self._exact)
            self._drawn.append(drawn)
        if self._drawn != before:
            self.renew()

    def drawn(self, series: Series) -> Array:
        """The points of a series in pixels of the plot, as they are painted."""
        return next(drawn.points for drawn in self._drawn if drawn.series is series)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        for drawn in self._drawn:
            drawn.paint(painter)


class _Drawn:
    """A series in pixels of the plot, ready to be painted."""

    def __init__(self, series: Series, axes: Axes, paper: str, exact: bool) -> None:
        self.series, self._axes, self._paper = series, axes, paper
        self.points = axes.pixels(series.x, shown_values(series.y))
        stroke, count = series.stroke, len(series.x)
        self._smooth = stroke.smooth or count <= SMOOTH_POINTS
        self._pen = stroke.pen(count)
        self._path: QPainterPath | None = None
        self._lines: PrimitiveArray | None = None
        if self._pen is not None:
            self._stroke(self._pen, exact)
        self._edge, self._fill = stroke.marker(paper)
        self._markers = _markers(stroke.symbol, stroke.size, self.points, axes.width)

    def shows(self, series: Series, axes: Axes, paper: str) -> bool:
        same = (axes, paper) == (self._axes, self._paper) and series.looks_like(self.series)
        if same:
            self.series = series
        return same

    def paint(self, painter: QPainter) -> None:
        if self._pen is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._smooth)
            painter.setPen(self._pen)
            if self._path is not None:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(self._path)
            elif self._lines is not None:
                painter.drawLines(*self._lines.drawargs())
        if self._markers:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._edge)
            painter.setBrush(self._fill)
            for marker in self._markers:
                painter.drawPath(marker)

    def _stroke(self, pen: QPen, exact: bool) -> None:
        """In a figure as one path with proper joints, on screen as what is fast."""
        points, width, height = self.points, self._axes.width, self._axes.height
        if exact:
            self._path = pg.arrayToQPath(*points.T, connect="finite")
            return
        dashed = pen.style() is not Qt.PenStyle.SolidLine
        # Opaque, since Qt takes ten times as long for a pen that lets the paper through.
        self._pen = QPen(mixed(pen.color(), self._paper), pen.widthF())
        if dashed:
            self._pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            ends = strokes.dashed(points, self.series.stroke.dash, width)
            self._lines = strokes.as_lines(ends)
        elif self.series.stroke.smooth and strokes.turns_little(points, height):
            self._path = pg.arrayToQPath(*points.T, connect="finite")
        else:
            self._lines = strokes.as_lines(strokes.solid(points, width))


def _markers(symbol: str, size: float, points: Array, width: float) -> list[QPainterPath]:
    if not symbol:
        return []
    shape = _shape(symbol, size)
    return [
        shape.translated(x, y)
        for x, y in points[np.isfinite(points[:, 1])].tolist()
        if -_BESIDE <= x <= width + _BESIDE
    ]


@lru_cache(maxsize=64)
def _shape(symbol: str, size: float) -> QPainterPath:
    return QTransform.fromScale(size, size).map(Symbols[symbol])
