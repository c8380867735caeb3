"""The colour bar beside a loss surface."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from rnn_gui.plots.ink import Ink, solid_pen
from rnn_gui.plots.surface_scale import Scale
from rnn_gui.theme import SMALL_SIZE, Look

WIDTH = 74  # of the bar with its numbers
_GAP, _BAR, _MARK, _NAME = 8.0, 11.0, 3.0, 17.0
_BELOW = 13.0  # where the numbers of the horizontal axis stand
_APART = 21.0  # pixels between two numbers, at least


class ColourBar(QGraphicsItem):
    """A strip with all colours of a scale, round numbers beside it, its name above.

    ``below`` is written at the end of the horizontal axis, where it takes no row of its own.
    """

    def __init__(self, panel: QGraphicsItem, below: str, *, exact: bool) -> None:
        super().__init__(panel)
        if not exact:  # a figure takes the strokes, not their picture
            self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._below = below
        self._look = Look()
        self._scale: Scale | None = None
        self._name = ""
        self._rect = QRectF()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def show_scale(self, scale: Scale | None, name: str, rect: QRectF) -> None:
        """In a rectangle of the panel, whose left edge is that of the plot's right."""
        if (scale, name, rect) != (self._scale, self._name, self._rect):
            self.prepareGeometryChange()
            self._scale, self._name, self._rect = scale, name, rect
            self.update()

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(0, -8, 0, 8 + _BELOW)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        ink, rect = Ink(painter, self._look), self._rect
        left = rect.left() + _GAP
        ink.text(left + _BAR + 6, rect.bottom() + _BELOW, self._below, ink.theme.muted, SMALL_SIZE)
        if self._scale is None:
            return
        ink.text(left, rect.top() + 5, self._name, ink.theme.muted, SMALL_SIZE)
        bar = QRectF(left, rect.top() + _NAME, _BAR, rect.height() - _NAME)
        self._paint_colours(ink, bar, self._scale)
        self._paint_lines(ink, bar, self._scale)
        for mark in self._scale.marks(max(2, int(bar.height() / _APART))):
            y = self._height(bar, mark)
            pen = solid_pen(ink.theme.muted)
            ink.line(bar.right(), y, bar.right() + _MARK, y, pen)
            text = self._scale.text(mark)
            ink.text(bar.right() + _MARK + 3, y, text, ink.theme.muted, SMALL_SIZE)

    def _paint_colours(self, ink: Ink, bar: QRectF, scale: Scale) -> None:
        """One row of pixels after the other: strokes, so that they are sharp in print."""
        rows = max(2, round(bar.height()))
        height = bar.height() / rows
        ink.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for row in range(rows):
            colour = scale.map.colour(1.0 - row / (rows - 1))
            top = bar.top() + row * height
            overlapping = min(1.5 * height, bar.bottom() - top)  # no gap between two rows in print
            ink.fill(QRectF(bar.left(), top, _BAR, overlapping), colour=colour)
        ink.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink.box(bar, solid_pen(ink.theme.border), None, 0)

    def _paint_lines(self, ink: Ink, bar: QRectF, scale: Scale) -> None:
        """The contour lines as they cross the bar."""
        for cost in scale.lines:
            y, share = self._height(bar, cost), scale.share(cost)
            ink.line(bar.left(), y, bar.right(), y, solid_pen(scale.map.line_colour(share)))

    def _height(self, bar: QRectF, mark: float) -> float:
        assert self._scale is not None
        return bar.bottom() - self._scale.share(mark) * bar.height()
