"""What plots paint themselves, in their own pixels, below or above what pyqtgraph paints."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem

from core.data.values import Array
from rnn_gui.plots.box import Box
from rnn_gui.plots.ranges import Range

# Items of pyqtgraph that stand in data coordinates are at depth 0.
UNDER_DATA, OVER_DATA, ON_TOP = -1.0, 1.0, 2.0
_FAR = 100.0  # heights: where a line leaves the plot, that is enough for its direction


class Axes(NamedTuple):
    """What data is measured by: both ranges, and how many pixels they have."""

    x: Range
    y: Range
    width: float
    height: float
    logarithmic: bool = False  # the range of y is in powers of ten

    def pixels(self, x: Array, y: Array) -> Array:
        """From the top left corner of the plot, shape (·, 2); nan where y has no place."""
        if self.logarithmic:
            y = np.log10(np.where(y > 0, y, np.nan))
        across = (x - self.x.low) * (self.width / self.x.span)
        down = (self.y.high - y) * (self.height / self.y.span)
        return np.column_stack([across, np.clip(down, -_FAR * self.height, _FAR * self.height)])


class Layer(QGraphicsItem):
    """One item for much: each item of a scene costs more than what it paints.

    It lies in a plot and is cut off where the plot's data is.
    """

    depth: ClassVar[float] = OVER_DATA

    def __init__(self, box: Box) -> None:
        super().__init__(box)
        self._box = box
        self._rect = QRectF()
        self.setZValue(self.depth)

    def renew(self) -> None:
        """What is painted has changed, or the plot has.

        Told to the scene, since Qt takes what a plot cuts off to be cut off at its data. A pixel
        more, since what is cut off at a fraction of one leaves traces there.
        """
        rect = QRectF(self._box.shape().boundingRect()).adjusted(-1, -1, 1, 1)
        touched = rect.united(self._rect)
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self.update()  # empties the cache of a layer that has one
        if self.scene() is not None:
            self.scene().update(self.mapRectToScene(touched))

    def boundingRect(self) -> QRectF:
        return self._rect
