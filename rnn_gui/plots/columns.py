"""What the panels of the time canvas share: one column per timestamp, and the band."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from core.data.values import Array
from core.epoch.frame import Frame
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.series import Series, distance
from rnn_gui.theme import Look

FEW_SEQUENCES = 8  # up to this many each sequence has its own line
_NEAR = 9.0  # pixels between the pointer and a line that it means
_UNDER_THE_GRID = -2000.0


def all_columns(timestamps: int) -> Range:
    """The horizontal range that holds the columns 0…T."""
    return Range(-0.5, timestamps + 0.5)


class ColumnPanel(Panel):
    """A panel over the timestamps 0…T. Both margins are the same in all of them, so that the
    columns of panels of one width stand under each other.

    ``joined`` tells whether the band goes on above and below, through another panel.
    """

    left, right = 54, 62
    x_label = "timestamp"

    def __init__(
        self, *, standalone: bool = False, joined: tuple[bool, bool] = (False, False)
    ) -> None:
        self._joined = joined
        super().__init__(standalone=standalone)
        self._columns: Range | None = None
        self._band = QGraphicsRectItem(self)
        self._band.setPen(Qt.PenStyle.NoPen)
        self._band.setZValue(_UNDER_THE_GRID)
        self._band.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)

    def join(self, above: bool, below: bool) -> None:
        """Whether there is a panel above and one below now; the last one names the axis."""
        if (above, below) != self._joined:
            self._joined = (above, below)
            self._name_below()
            self._renew()

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

    def set_look(self, look: Look) -> None:
        self._band.setBrush(QColor(look.theme.band))
        super().set_look(look)

    def show_items(self, frame: Frame) -> None:
        band = self.band_rect(frame)
        self._band.setVisible(not band.isEmpty())
        self._band.setRect(band)

    @property
    def x_named(self) -> bool:
        return self.standalone or not self._joined[1]

    def band_rect(self, frame: Frame) -> QRectF:
        """The column of the current step; empty where it belongs to none that is in view."""
        k, rect = frame.step.timestamp, self.plot_rect
        if not k:
            return QRectF()
        left, right = self.place(k - 0.5, 0.0).x(), self.place(k + 0.5, 0.0).x()
        if right - left < 3:  # seen among a thousand
            left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
        left, right = max(left, rect.left()), min(right, rect.right())
        above, below = self._joined
        top = 0.0 if above else rect.top() - 5
        bottom = self.size().height() if below else rect.bottom()
        return QRectF(left, top, max(right - left, 0.0), bottom - top)

    def in_view(self, x: Array, rows: Array) -> Array:
        """Those rows whose timestamp is in view: the vertical range fits what is seen."""
        low, high = self.x_range
        seen: Array = rows[(x >= low) & (x <= high)]
        return seen

    @property
    def column_width(self) -> float:
        return self.plot_rect.width() / max(self.x_range.span, 1.0)

    @property
    def last_in_view(self) -> bool:
        return self.frame is not None and self.frame.timestamps <= self.x_range.high

    def timestamp_at(self, x: float) -> int | None:
        """The timestamp whose column holds this pixel."""
        rect = self.plot_rect
        if self.frame is None or not rect.left() <= x <= rect.right():
            return None
        timestamp = math.floor(self.data_at(QPointF(x, 0.0)).x() + 0.5)
        return timestamp if 0 <= timestamp <= self.frame.timestamps else None

    def in_axes(self) -> list[Series]:
        """The lines that the pointer can mean, in the coordinates of the axes."""
        return self.series

    def sequence_at(self, at: QPointF) -> int | None:
        """The sequence whose line is near this pixel; none where there are no lines."""
        place, pixel = self.data_at(at), self.pixel
        lines = (series for series in self.in_axes() if series.sequence >= 0)
        found = [(distance(series, place, pixel), series.sequence) for series in lines]
        nearest = min(found, default=(math.inf, -1))
        return nearest[1] if nearest[0] <= _NEAR else None


def chosen_last(frame: Frame) -> list[int]:
    """The sequences that have lines of their own, the chosen one last and so on top."""
    if frame.sequences > FEW_SEQUENCES:
        return [frame.sequence]
    return [*(i for i in range(frame.sequences) if i != frame.sequence), frame.sequence]
