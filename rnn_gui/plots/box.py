"""The part of a plot that holds data."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtGui import QPainterPath

from rnn_gui.plots.ranges import Range


class Box(pg.ViewBox):
    """A view whose ranges are set, never found out, and that the mouse does not move.

    Markers at the edge are seen whole: ``overhang`` tells how many pixels data may reach out
    at the left, the top, the right and the bottom.
    """

    def __init__(self) -> None:
        super().__init__(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.disableAutoRange()
        self.overhang = (0.0, 5.0, 0.0, 5.0)

    def show_ranges(self, x: Range, y: Range) -> None:
        self.setRange(
            xRange=x.in_units, yRange=y.in_units, padding=0.0, update=True, disableAutoRange=True
        )

    def set_overhang(self, left: float, top: float, right: float, bottom: float) -> None:
        if self.overhang != (left, top, right, bottom):
            self.overhang = (left, top, right, bottom)
            self.update()

    def shape(self) -> QPainterPath:
        """Its items are clipped to this."""
        left, top, right, bottom = self.overhang
        path = QPainterPath()
        path.addRect(self.rect().adjusted(-left, -top, right, bottom))
        return path
