"""What all plots share: title and legend above, axes, grid, and a frame to show."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QStyleOptionGraphicsItem, QWidget

from core.frame import Frame
from rnn_gui.plots.axes import UNIT, Range, value_ticks, whole_ticks
from rnn_gui.plots.header import Entry, Header
from rnn_gui.plots.ink import CENTRE, RIGHT, Ink, solid_pen, text_width
from rnn_gui.plots.series import Scale
from rnn_gui.theme import SMALL_SIZE, Look

Ticks = list[tuple[float, str]]

_TICK = 4.0
_LABEL = 17.0  # room for the name of an axis


class Panel(pg.GraphicsWidget):
    """A plot that shows a frame. Alone in a figure it is ``standalone``: every axis named."""

    figure = ""
    x_label = ""
    y_label = ""
    left, right = 54.0, 12.0

    def __init__(self, *, standalone: bool = False) -> None:
        super().__init__()
        self.standalone = standalone
        self.look = Look()
        self.frame: Frame | None = None
        self.x_range: Range = UNIT
        self.y_range: Range = UNIT
        self._title: str | None = None
        self._legend_shown = True
        self._header = Header()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self._renew()

    def set_look(self, look: Look) -> None:
        self.look = look
        self._renew()

    def set_title(self, title: str | None) -> None:
        """Another title than the panel's own; empty for none, None for its own again."""
        self._title = title
        self._renew()

    def set_legend(self, shown: bool) -> None:
        self._legend_shown = shown
        self._renew()

    def scale(self) -> Scale:
        """Where data stands in the panel's own pixels."""
        return Scale(self.plot_rect(), self.x_range, self.y_range)

    def plot_rect(self) -> QRectF:
        """The part of the panel that holds data."""
        left = self.left + (_LABEL if self.standalone and self.y_label else 0.0)
        return self.boundingRect().adjusted(
            left, self._header_height() + 5, -self.right, -self._room_below()
        )

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self.frame is None:
            return
        ink = Ink(painter, self.look)
        scale = self.scale()
        self._header.paint(ink, self._header_rect())
        painter.save()
        painter.setClipRect(self.clip_rect(scale))
        self.paint_below(ink, scale)
        for value, _ in self.y_ticks(scale):
            y = round(scale.y(value)) + 0.5
            grid = solid_pen(ink.theme.grid)
            ink.line(scale.rect.left(), y, scale.rect.right(), y, grid)
        self.paint_data(ink, scale)
        painter.restore()
        self.paint_axes(ink, scale)

    # What a plot says about itself

    def prepare(self, frame: Frame) -> None:
        """Work out what is shown of the frame, and set the ranges."""
        raise NotImplementedError

    def own_title(self, frame: Frame) -> str:
        raise NotImplementedError

    def legend(self, _frame: Frame) -> list[Entry]:
        return []

    def paint_data(self, ink: Ink, scale: Scale) -> None:
        raise NotImplementedError

    def paint_below(self, ink: Ink, scale: Scale) -> None:
        """What lies under the grid."""

    def clip_rect(self, scale: Scale) -> QRectF:
        return scale.rect.adjusted(0, -5, 0, 5)

    def y_ticks(self, scale: Scale) -> Ticks:
        return value_ticks(scale.y_range, scale.rect.height())

    def x_ticks(self, scale: Scale) -> Ticks:
        widest = text_width(f"{scale.x_range.high:,.0f}", SMALL_SIZE) + 12
        return whole_ticks(scale.x_range, scale.rect.width(), widest)

    def paint_axes(self, ink: Ink, scale: Scale) -> None:
        theme, rect = ink.theme, scale.rect
        pen = solid_pen(theme.border)
        ink.line(rect.left(), rect.bottom() + 5, rect.right(), rect.bottom() + 5, pen)
        below = rect.bottom() + 5
        for value, text in self.x_ticks(scale):
            x = scale.x(value)
            if rect.left() - 0.5 <= x <= rect.right() + 0.5:
                ink.line(x, below, x, below + _TICK, pen)
                ink.text(x, below + 12, text, theme.muted, SMALL_SIZE, CENTRE)
        for value, text in self.y_ticks(scale):
            ink.text(rect.left() - 6, scale.y(value), text, theme.muted, SMALL_SIZE, RIGHT)
        self._paint_names(ink, rect)

    def message(self, ink: Ink, scale: Scale, text: str) -> None:
        """A sentence in the middle, where there is no data to show."""
        rows = [text]
        if text_width(text, 12) > scale.rect.width():
            words = text.split()
            half = (len(words) + 1) // 2
            rows = [" ".join(words[:half]), " ".join(words[half:])]
        middle = scale.rect.center()
        for i, row in enumerate(rows):
            y = middle.y() + 17 * (i - (len(rows) - 1) / 2)
            ink.text(middle.x(), y, row, ink.theme.muted, 12, CENTRE)

    def upright(self, ink: Ink, x: float, middle: float, text: str) -> None:
        """Text that runs upwards, for the name of an axis."""
        ink.painter.save()
        ink.painter.translate(x, middle)
        ink.painter.rotate(-90)
        ink.text(0, 0, text, ink.theme.muted, SMALL_SIZE, CENTRE)
        ink.painter.restore()

    # Layout

    @property
    def x_named(self) -> bool:
        return bool(self.x_label) and self.standalone

    def _paint_names(self, ink: Ink, rect: QRectF) -> None:
        if self.x_named:
            y = self.boundingRect().bottom() - 8
            ink.text(rect.center().x(), y, self.x_label, ink.theme.muted, SMALL_SIZE, CENTRE)
        if self.standalone and self.y_label:
            self.upright(ink, self.boundingRect().left() + 10, rect.center().y(), self.y_label)

    def _room_below(self) -> float:
        return 26.0 + (_LABEL if self.x_named else 0.0)

    def _header_rect(self) -> QRectF:
        indent = 10.0 if self.standalone else self.left - 44
        rect = self.boundingRect().adjusted(indent, 2, -8, 0)
        rect.setHeight(self._header.height(rect.width()))
        return rect

    def _header_height(self) -> float:
        return self._header_rect().height() + 4

    def _renew(self) -> None:
        frame = self.frame
        if frame is None:
            return
        self.prepare(frame)
        title = self.own_title(frame) if self._title is None else self._title
        entries = tuple(self.legend(frame)) if self._legend_shown else ()
        self._header = Header(title, entries, wrapped=self.standalone)
        self.update()
