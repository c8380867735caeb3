"""What lies on a loss surface: ways of runs, points, an arrow. Seen on every colour of the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from core.data.values import Array
from rnn_gui.plots.ink import DASHED, Ink, solid_pen

EDGE, LIGHT, PALE, GHOST = "#10151c", "#ffffff", "#dfe3ea", "#c3c9d4"
_CLOSE = 1.5  # pixels: points nearer than that are one
_DOT = 2.3
_HEAD = 8.0
# An arrow, in pixels: of a gradient of 1, for each power of ten more, at most, and the shortest
# that is seen beside the point it starts from. One of a millionth has no length.
_OF_ONE, _PER_POWER, _LONGEST, _SHORTEST = 40.0, 40.0 / 6.0, 64.0, 11.0


@dataclass(frozen=True)
class Line:
    """How a way is drawn: a light line, dashed or not, with a dark edge."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    edge: float = 0.9  # opacity

    def pens(self) -> tuple[QPen, QPen]:
        """Of the edge, and of the line itself."""
        edge = QColor(EDGE)
        edge.setAlphaF(self.edge)
        pens = solid_pen(edge, self.width + 1.8), solid_pen(self.colour, self.width)
        for pen in pens:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap if self.dash else Qt.PenCapStyle.RoundCap)
        return pens


DONE = Line(LIGHT, 2.0)
AHEAD = Line(PALE, 1.2, DASHED, 0.4)
# Runs that were left, one after the other.
GHOSTS = tuple(
    Line(GHOST, 1.3, dash, 0.55) for dash in ((8.0, 3.0), (2.0, 2.5), (8.0, 3.0, 2.0, 3.0))
)


class Trail:
    """A line through points, in pixels of the plot, shape (·, 2); few points have a dot each."""

    def __init__(self, points: Array, line: Line, *, dots: bool = False) -> None:
        self.points = _apart(points)
        self.line = line
        self.dots = points if dots else points[:0]

    @property
    def extent(self) -> float:
        """How far it gets, in pixels."""
        return float(np.ptp(self.points, axis=0).max())

    def looks_like(self, other: Trail) -> bool:
        return (
            self.line == other.line
            and np.array_equal(self.points, other.points)
            and np.array_equal(self.dots, other.dots)
        )

    def paint(self, painter: QPainter, *, joined: bool) -> None:
        """Single lines, which Qt draws much faster than a path; ``joined`` has proper corners."""
        for pen in self.line.pens():
            painter.setPen(pen)
            if joined and not self.line.dash and len(self.points) > 1:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(pg.arrayToQPath(*self.points.T))
            elif self._lines:
                painter.drawLines(self._lines)
        painter.setPen(solid_pen(EDGE, 0.8))
        painter.setBrush(QColor(self.line.colour))
        for x, y in self.dots.tolist():
            painter.drawEllipse(QPointF(x, y), _DOT, _DOT)

    @cached_property
    def _lines(self) -> list[QLineF]:
        ends = np.column_stack([self.points[:-1], self.points[1:]])
        if self.line.dash and len(self.points) > 1:
            ends = _dashes(self.points, self.line.dash)
        return [QLineF(*line) for line in ends.tolist()]


@dataclass(frozen=True)
class Mark:
    """A point with a meaning, or an arrow that starts there."""

    kind: str
    at: QPointF
    tip: QPointF
    colour: str = LIGHT

    @property
    def area(self) -> QRectF:
        """What no name may cover."""
        return around(self.at).united(QRectF(self.at, self.tip).normalized())

    def paint(self, ink: Ink) -> None:
        _PAINT[self.kind](ink, self)


def around(at: QPointF) -> QRectF:
    """The room of a point."""
    return QRectF(at.x() - 8, at.y() - 8, 16, 16)


def point(kind: str, at: QPointF, colour: str = LIGHT) -> Mark:
    """Where the run is ("now"), started ("start"), or one that was left ended ("end")."""
    return Mark(kind, at, at, colour)


def arrow(start: QPointF, across: float, down: float, size: float, colour: str) -> Mark | None:
    """From ``start`` in a direction of pixels, as long as ``arrow_length`` says.

    None where there is no direction, and where none would be seen.
    """
    length, drawn = math.hypot(across, down), arrow_length(size)
    if not (0 < length < math.inf and drawn):
        return None
    tip = QPointF(start.x() + across / length * drawn, start.y() + down / length * drawn)
    return Mark("arrow", start, tip, colour)


def arrow_length(size: float) -> float:
    """In pixels, longer by a little for ten times the size of a gradient; 0 for no arrow."""
    if not 0 < size < math.inf:
        return 0.0
    length = min(_OF_ONE + _PER_POWER * math.log10(size), _LONGEST)
    return length if length >= _SHORTEST else 0.0


def at_edge(at: QPointF, rect: QRectF) -> Mark:
    """A sign at the edge of the plot that the present point lies beyond it."""
    x = min(max(at.x(), rect.left() + 8), rect.right() - 8)
    y = min(max(at.y(), rect.top() + 8), rect.bottom() - 8)
    dx, dy = at.x() - x, at.y() - y
    length = max(math.hypot(dx, dy), 1e-9)
    return Mark("beyond", QPointF(x, y), QPointF(x + 7 * dx / length, y + 7 * dy / length))


def _apart(points: Array) -> Array:
    """Without those that are next to the one before; the ends stay."""
    if len(points) < 3:
        return points
    cells = np.round(points / _CLOSE)
    kept = np.ones(len(points), dtype=np.bool_)
    kept[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    thinned: Array = points[kept]
    return thinned


def _dashes(points: Array, dash: tuple[float, ...]) -> Array:
    """The dashes along a line, each from one end to the other, shape (·, 4)."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    period = sum(dash)
    starts = np.arange(0.0, min(along[-1], 20_000 * period), period)
    parts, begin = [], 0.0
    for drawn, gap in zip(dash[::2], dash[1::2], strict=True):
        first = starts + begin
        last = np.minimum(first + drawn, along[-1])
        ends = [np.interp(at, along, points[:, i]) for at in (first, last) for i in (0, 1)]
        parts.append(np.column_stack(ends)[first < along[-1]])
        begin += drawn + gap
    return np.concatenate(parts)


def _paint_now(ink: Ink, mark: Mark) -> None:
    _disc(ink, mark.at, 6.5, EDGE)
    _disc(ink, mark.at, 5.2, mark.colour)
    _disc(ink, mark.at, 2.0, EDGE)


def _paint_start(ink: Ink, mark: Mark) -> None:
    for size, width, colour in ((4.2, 3.6, EDGE), (4.2, 1.8, mark.colour)):
        ink.painter.setPen(solid_pen(colour, width))
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.drawRect(QRectF(mark.at.x() - size, mark.at.y() - size, 2 * size, 2 * size))


def _paint_end(ink: Ink, mark: Mark) -> None:
    _disc(ink, mark.at, 4.0, EDGE)
    _disc(ink, mark.at, 3.0, mark.colour)


def _paint_arrow(ink: Ink, mark: Mark) -> None:
    shape = _arrow_shape(mark.at, mark.tip)
    ink.path(shape, solid_pen(LIGHT, 2.4), LIGHT)
    ink.path(shape, None, mark.colour)


def _paint_beyond(ink: Ink, mark: Mark) -> None:
    direction = mark.tip - mark.at
    side = QPointF(-direction.y(), direction.x())
    path = QPainterPath(mark.tip)
    path.lineTo(mark.at + side)
    path.lineTo(mark.at - side)
    path.closeSubpath()
    ink.path(path, solid_pen(EDGE, 1.4), mark.colour)


_PAINT = {
    "now": _paint_now,
    "start": _paint_start,
    "end": _paint_end,
    "arrow": _paint_arrow,
    "beyond": _paint_beyond,
}


def _arrow_shape(start: QPointF, tip: QPointF) -> QPainterPath:
    """A shaft and its head, as one outline."""
    dx, dy = tip.x() - start.x(), tip.y() - start.y()
    length = max(math.hypot(dx, dy), 1e-9)
    along, side = QPointF(dx / length, dy / length), QPointF(-dy / length, dx / length)
    head = min(_HEAD, 0.45 * length)
    neck, wing = tip - along * head, side * (0.55 * head)
    path = QPainterPath(start + side * 1.3)
    corners = (neck + side * 1.3, neck + wing, tip, neck - wing, neck - side * 1.3)
    for corner in (*corners, start - side * 1.3):
        path.lineTo(corner)
    path.closeSubpath()
    return path


def _disc(ink: Ink, at: QPointF, radius: float, colour: str) -> None:
    ink.painter.setPen(Qt.PenStyle.NoPen)
    ink.painter.setBrush(QBrush(QColor(colour)))
    ink.painter.drawEllipse(at, radius, radius)
