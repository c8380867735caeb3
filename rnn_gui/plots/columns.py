"""What the panels of the time canvas share: one column per timestamp, and the band."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF

from core.activations import Array
from core.frame import Frame
from rnn_gui.plots.axes import Range
from rnn_gui.plots.ink import Ink
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.series import Scale

LEFT_MARGIN, RIGHT_MARGIN = 54.0, 62.0
FEW_SEQUENCES = 8  # up to this many each sequence has its own line


def all_columns(timestamps: int) -> Range:
    """The horizontal range that holds the columns 0…T."""
    return Range(-0.5, timestamps + 0.5)


def column_rect(scale: Scale, timestamp: int) -> QRectF:
    """The pixels of a column, at least three wide so that it is seen among a thousand."""
    left, right = scale.x(timestamp - 0.5), scale.x(timestamp + 0.5)
    if right - left < 3:
        left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
    rect = QRectF(left, scale.rect.top(), right - left, scale.rect.height())
    return rect.intersected(scale.rect)


class ColumnPanel(Panel):
    """A panel over the timestamps 0…T. Both margins are the same in all of them, so that the
    columns of panels of one width stand under each other.
    """

    left, right = LEFT_MARGIN, RIGHT_MARGIN
    x_label = "timestamp"

    def __init__(self, *, standalone: bool = False, lowest: bool = False) -> None:
        super().__init__(standalone=standalone)
        self._lowest = lowest
        self._columns: Range | None = None

    def show_columns(self, columns: Range | None) -> None:
        """Which part of the columns is in view; None for all."""
        if columns == self._columns:
            return
        self._columns = columns
        if self.frame is not None:
            self.x_range = columns or all_columns(self.frame.timestamps)
            self._renew()

    def show_frame(self, frame: Frame) -> None:
        self.x_range = self._columns or all_columns(frame.timestamps)
        super().show_frame(frame)

    @property
    def x_named(self) -> bool:
        return self.standalone or self._lowest

    def band_rect(self, scale: Scale) -> QRectF | None:
        """The column of the current step, if it belongs to one that is in view."""
        timestamp = self.frame.step.timestamp if self.frame else 0
        if not timestamp:
            return None
        rect = column_rect(scale, timestamp)
        return None if rect.isEmpty() else rect

    def paint_below(self, ink: Ink, scale: Scale) -> None:
        band = self.band_rect(scale)
        if band is not None:
            ink.fill(band.adjusted(0, -5, 0, 5), colour=ink.theme.band)

    def in_view(self, x: Array, rows: Array) -> Array:
        """Those rows whose timestamp is in view: the vertical range fits what is seen."""
        low, high = self.x_range
        seen: Array = rows[(x >= low) & (x <= high)]
        return seen

    @property
    def last_in_view(self) -> bool:
        return self.frame is not None and self.frame.timestamps <= self.x_range.high

    def timestamp_at(self, x: float) -> int | None:
        """The timestamp whose column holds this pixel."""
        scale = self.scale()
        if self.frame is None or not scale.rect.left() <= x <= scale.rect.right():
            return None
        timestamp = math.floor(scale.value_at(x) + 0.5)
        return timestamp if 0 <= timestamp <= self.frame.timestamps else None

    def sequence_at(self, _at: QPointF) -> int | None:
        """The sequence whose line is near this place; none where there are no lines."""
        return None
