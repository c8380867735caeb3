"""Lines with markers: what is shown of a quantity over timestamps, epochs or z."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QTransform

from core.activations import Array
from rnn_gui.plots.axes import PLOTTABLE, Range
from rnn_gui.plots.ink import Ink, solid_pen

# Longer lines are drawn one pixel wide and without smoothing, which is much faster.
SMOOTH_POINTS = 130


@dataclass(frozen=True)
class Stroke:
    """How a series is drawn. Width 0 draws markers alone, no symbol draws the line alone."""

    colour: str
    width: float = 1.5
    dash: tuple[float, ...] = ()
    symbol: str = ""
    filled: bool = True
    size: float = 8.0
    alpha: float = 1.0
    smooth: bool = False  # however many points


@dataclass(frozen=True, eq=False)
class Series:
    """Points in data coordinates, in the order of x; not finite ones leave a gap."""

    x: Array
    y: Array
    stroke: Stroke
    sequence: int = -1


@dataclass(frozen=True)
class Scale:
    """Where data stands in a rectangle of pixels."""

    rect: QRectF
    x_range: Range
    y_range: Range

    def x(self, value: float) -> float:
        part = (value - self.x_range.low) / (self.x_range.span or 1.0)
        return self.rect.left() + self.rect.width() * part

    def y(self, value: float) -> float:
        part = (value - self.y_range.low) / (self.y_range.span or 1.0)
        return self.rect.bottom() - self.rect.height() * part

    def xs(self, values: Array) -> Array:
        scaled: Array = (values - self.x_range.low) / (self.x_range.span or 1.0)
        return self.rect.left() + self.rect.width() * scaled

    def ys(self, values: Array) -> Array:
        """Pixels of each value; nan where a plot cannot show it."""
        shown = np.where(np.abs(values) <= PLOTTABLE, values, np.nan)
        scaled: Array = (shown - self.y_range.low) / (self.y_range.span or 1.0)
        return self.rect.bottom() - self.rect.height() * scaled

    def value_at(self, x: float) -> float:
        """The data coordinate at a pixel."""
        part = (x - self.rect.left()) / (self.rect.width() or 1.0)
        return self.x_range.low + part * self.x_range.span


def draw_series(ink: Ink, scale: Scale, series: Series) -> None:
    x, y = _visible(scale, series)
    if len(x) == 0:
        return
    stroke = series.stroke
    colour = QColor(stroke.colour)
    colour.setAlphaF(stroke.alpha)
    if stroke.width and len(x) > 1:
        smooth = stroke.smooth or len(x) <= SMOOTH_POINTS
        ink.painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        # A dashed line of many points is noise, and slow.
        pen = solid_pen(colour, stroke.width, stroke.dash) if smooth else solid_pen(colour)
        ink.path(pg.arrayToQPath(*_within(scale.rect, x, y), connect="finite"), pen)
        ink.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if stroke.symbol:
        shown = (y >= scale.rect.top() - 1) & (y <= scale.rect.bottom() + 1)
        draw_markers(ink, x[shown], y[shown], stroke, colour)


def draw_markers(ink: Ink, x: Array, y: Array, stroke: Stroke, colour: QColor) -> None:
    unit = _marker(stroke.symbol, stroke.size)
    fill = colour if stroke.filled else QColor(ink.theme.panel)
    edge = ink.theme.panel if stroke.filled else colour
    pen = solid_pen(edge, 0.8 if stroke.filled else 1.4)
    ink.painter.setPen(pen)
    ink.painter.setBrush(fill)
    for px, py in zip(x.tolist(), y.tolist(), strict=True):
        ink.painter.drawPath(unit.translated(px, py))


def draw_fill(ink: Ink, scale: Scale, x: Array, low: Array, high: Array, colour: QColor) -> None:
    """The area between two lines over the same x."""
    finite = np.isfinite(scale.ys(low)) & np.isfinite(scale.ys(high))
    px, lows, highs = scale.xs(x)[finite], scale.ys(low)[finite], scale.ys(high)[finite]
    if len(px) == 1:  # one timestamp: an upright stroke
        ink.line(px[0], lows[0], px[0], highs[0], solid_pen(colour, 6))
    elif len(px):
        outline = np.concatenate([px, px[::-1]]), np.concatenate([highs, lows[::-1]])
        ink.path(pg.arrayToQPath(*outline), None, colour)


def sample(ink: Ink, rect: QRectF, stroke: Stroke) -> None:
    """The stroke as it stands in a legend."""
    middle = rect.center()
    if stroke.width:
        pen = solid_pen(stroke.colour, stroke.width, stroke.dash)
        ink.line(rect.left(), middle.y(), rect.right(), middle.y(), pen)
    if stroke.symbol:
        at = np.array([middle.x()]), np.array([middle.y()])
        draw_markers(ink, *at, stroke, QColor(stroke.colour))


def distance(scale: Scale, series: Series, at: QPointF) -> float:
    """How many pixels a point is away from the line or its nearest marker."""
    x, y = scale.xs(series.x), scale.ys(series.y)
    finite = np.isfinite(y)
    x, y = x[finite] - at.x(), y[finite] - at.y()
    if len(x) == 0:
        return float("inf")
    nearest = float(np.hypot(x, y).min())
    if series.stroke.width and len(x) > 1:
        dx, dy = np.diff(x), np.diff(y)
        share = np.clip(-(x[:-1] * dx + y[:-1] * dy) / np.maximum(dx * dx + dy * dy, 1e-12), 0, 1)
        nearest = min(nearest, float(np.hypot(x[:-1] + share * dx, y[:-1] + share * dy).min()))
    return nearest


def thinned(x: Array, y: Array, bins: int) -> tuple[Array, Array]:
    """At most about ``2 * bins`` points that look the same: lowest and highest of each bin."""
    size = len(x) // max(bins, 1)
    if size < 4:
        return x, y
    whole = len(x) // size * size
    blocks = y[:whole].reshape(-1, size)
    xs = np.repeat(x[:whole:size], 2)
    ys = np.column_stack([blocks.min(axis=1), blocks.max(axis=1)])
    falling = blocks[:, 0] > blocks[:, -1]
    ys[falling] = ys[falling, ::-1]
    return np.append(xs, x[-1]), np.append(ys.ravel(), y[-1])


def _visible(scale: Scale, series: Series) -> tuple[Array, Array]:
    """Pixels of the points in view and one more on each side, for the line to lead out."""
    first = max(0, int(np.searchsorted(series.x, scale.x_range.low)) - 1)
    last = int(np.searchsorted(series.x, scale.x_range.high, side="right")) + 1
    return scale.xs(series.x[first:last]), scale.ys(series.y[first:last])


def _within(rect: QRectF, x: Array, y: Array) -> tuple[Array, Array]:
    """The line cut off where it leaves the rectangle above or below.

    Lines that lead a billion pixels away are too much for painters, and SVG does not clip.
    """
    top, bottom = rect.top() - 1, rect.bottom() + 1
    if not np.any((y < top) | (y > bottom)):
        return x, y
    cut_x, cut_y = [x[0]], [y[0] if top <= y[0] <= bottom else np.nan]
    for x1, y1, x2, y2 in zip(x[:-1], y[:-1], x[1:], y[1:], strict=True):
        edges = [e for e in (top, bottom) if min(y1, y2) < e < max(y1, y2)]
        for edge in sorted(edges, key=lambda e: abs(e - y1)):
            cut_x.append(x1 + (x2 - x1) * ((edge - y1) / (y2 - y1)))
            cut_y.append(edge)
        cut_x.append(x2)
        cut_y.append(y2 if top <= y2 <= bottom else np.nan)
    return np.array(cut_x), np.array(cut_y)


@lru_cache(maxsize=64)
def _marker(symbol: str, size: float) -> QPainterPath:
    return QTransform.fromScale(size, size).map(Symbols[symbol])
