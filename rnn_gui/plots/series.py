"""Lines with markers: what is shown of a quantity over timestamps, epochs or z."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPen, QTransform

from core.data.values import Array
from rnn_gui.plots.ink import Ink, solid_pen
from rnn_gui.plots.ranges import PLOTTABLE

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

    def pen(self, points: int = 2) -> QPen | None:
        """For the line through so many points."""
        if not self.width or points < 2:
            return None
        if self.smooth or points <= SMOOTH_POINTS:
            return solid_pen(self._colour, self.width, self.dash)
        return solid_pen(self._colour)  # a dashed line of many points is noise, and slow

    def marker(self, paper: str) -> tuple[QPen, QBrush]:
        """Outline and inside of a marker on a background of this colour."""
        if self.filled:
            return solid_pen(paper, 0.8), QBrush(self._colour)
        return solid_pen(self._colour, 1.4), QBrush(QColor(paper))

    @property
    def _colour(self) -> QColor:
        colour = QColor(self.colour)
        colour.setAlphaF(self.alpha)
        return colour


@dataclass(frozen=True, eq=False)
class Series:
    """Points in data coordinates, in the order of x; not finite ones leave a gap."""

    x: Array
    y: Array
    stroke: Stroke
    sequence: int = -1

    def looks_like(self, other: Series) -> bool:
        return (
            self.stroke == other.stroke
            and np.array_equal(self.x, other.x)
            and np.array_equal(_bits(self.y), _bits(other.y))
        )


def _bits(values: Array) -> npt.NDArray[np.int64]:
    """Equal where the numbers are, nan included."""
    return values.view(np.int64)


NOTHING = Series(np.empty(0), np.empty(0), Stroke("#000000"))


def shown_values(values: Array) -> Array:
    """With nan for what no plot can show."""
    if len(values) and values.min() >= -PLOTTABLE and values.max() <= PLOTTABLE:
        return values
    return np.where(np.abs(values) <= PLOTTABLE, values, np.nan)


def sample(ink: Ink, rect: QRectF, stroke: Stroke) -> None:
    """The stroke as it stands in a legend."""
    middle, solid = rect.center(), replace(stroke, alpha=1.0)
    if stroke.width:
        pen = solid_pen(stroke.colour, stroke.width, stroke.dash)
        ink.line(rect.left(), middle.y(), rect.right(), middle.y(), pen)
    if stroke.symbol:
        edge, fill = solid.marker(ink.theme.panel)
        placed = QTransform(stroke.size, 0, 0, stroke.size, middle.x(), middle.y())
        ink.path(placed.map(Symbols[stroke.symbol]), edge, fill.color())


def distance(series: Series, at: QPointF, pixel: tuple[float, float]) -> float:
    """How many pixels a place is away from the line or its nearest marker.

    ``pixel`` is the size of one in data coordinates.
    """
    shown = np.abs(series.y) <= PLOTTABLE
    x, y = (series.x[shown] - at.x()) / pixel[0], (series.y[shown] - at.y()) / pixel[1]
    if len(x) == 0:
        return float("inf")
    nearest = float(np.hypot(x, y).min())
    if series.stroke.width and len(x) > 1:
        dx, dy = np.diff(x), np.diff(y)
        share = np.clip(-(x[:-1] * dx + y[:-1] * dy) / np.maximum(dx * dx + dy * dy, 1e-12), 0, 1)
        nearest = min(nearest, float(np.hypot(x[:-1] + share * dx, y[:-1] + share * dy).min()))
    return nearest
