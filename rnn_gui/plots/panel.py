"""What all plots share: title and legend above, axes, lines, and a frame to show."""

from __future__ import annotations

from typing import ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsTextItem

from core.data.values import Array
from core.epoch.frame import Frame
from rnn_gui.plots.axes import ValueAxis, WholeAxis
from rnn_gui.plots.box import Box
from rnn_gui.plots.header import Entry, Header, HeaderItem
from rnn_gui.plots.ink import text_width
from rnn_gui.plots.layer import Axes
from rnn_gui.plots.ranges import UNIT, Range
from rnn_gui.plots.series import Series
from rnn_gui.plots.series_layer import SeriesLayer
from rnn_gui.theme import Look, text_font

_LABEL = 17  # room for the name of an axis
_BELOW = 21  # and for the texts under one
_MESSAGE_SIZE = 12
_GRID = -1000  # under the data
_ROOM_FOR_A_ROW = 70  # pixels of a panel for each row that title and legend may take


class Panel(pg.PlotItem):
    """A plot that shows a frame. Alone in a figure it is ``standalone``: every axis named.

    Each kind says in `prepare` what it shows; the items are made once and then moved.
    """

    figure = ""
    x_label = ""
    y_label = ""
    left, right = 54, 12
    bottom_axis: ClassVar[type[ValueAxis]] = WholeAxis
    y_spacing = 30.0  # pixels between the numbers of the left axis

    def __init__(self, *, standalone: bool = False) -> None:
        self.standalone = standalone
        self.look = Look()
        self.frame: Frame | None = None
        self.x_range: Range = UNIT
        self.y_range: Range = UNIT
        self.series: list[Series] = []
        self._pen_ratio = 1.0
        self._title: str | None = None
        # What is on screen, so that only what differs is laid out and painted anew.
        self._ranges: tuple[Range, Range] | None = None
        self._told: tuple[str, QRectF] | None = None
        self._titled: tuple[Header, Look, float] | None = None
        self.left_axis = ValueAxis("left", self.y_spacing)
        self.right_axis = ValueAxis("right")
        self.below = self.bottom_axis("bottom", 48)
        axes = {"left": self.left_axis, "right": self.right_axis, "bottom": self.below}
        super().__init__(viewBox=Box(), axisItems=axes, enableMenu=False)
        self.hideButtons()
        self.left_axis.setZValue(_GRID)
        self._lay_out()
        self._layer = SeriesLayer(self.vb, exact=standalone)
        self._message = QGraphicsTextItem(self)
        self._message.setFont(text_font(_MESSAGE_SIZE))
        self.vb.sigResized.connect(self._resized)

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self._renew()

    def set_look(self, look: Look) -> None:
        self.look = look
        for axis in (self.left_axis, self.right_axis, self.below):
            axis.set_theme(look.theme)
        self._message.setDefaultTextColor(look.theme.muted)
        self._renew()

    def set_title(self, title: str | None) -> None:
        """Another title than the panel's own; empty for none, None for its own again."""
        self._title = title
        self._renew()

    @property
    def plot_rect(self) -> QRectF:
        """The part of the panel that holds data, in its own pixels."""
        return QRectF(self.vb.geometry())

    @property
    def pixel(self) -> tuple[float, float]:
        """Width and height of one pixel in data coordinates."""
        rect = self.plot_rect
        return self.x_range.span / max(rect.width(), 1), self.y_range.span / max(rect.height(), 1)

    @property
    def pixel_ratio(self) -> float:
        """Pixels of the screen to one of ours; figures are measured in ours."""
        view = self.getViewWidget()
        return 1.0 if self.standalone or view is None else float(view.devicePixelRatioF())

    @property
    def axes_in_pixels(self) -> Axes:
        """What `Layer`s of this panel measure by."""
        rect = self.plot_rect
        log = bool(self.left_axis.logMode)
        return Axes(self.x_range, self.y_range, rect.width(), rect.height(), log)

    def place(self, x: float, y: float) -> QPointF:
        """Where data stands, in the panel's own pixels."""
        rect, (wide, high) = self.plot_rect, self.pixel
        return QPointF(
            rect.left() + (x - self.x_range.low) / wide,
            rect.bottom() - (y - self.y_range.low) / high,
        )

    def data_at(self, at: QPointF) -> QPointF:
        """What stands at one of the panel's own pixels."""
        found = self.vb.mapToView(self.vb.mapFromParent(at))
        return QPointF(found.x() * self.x_range.unit, found.y() * self.y_range.unit)

    def drawn(self, series: Series) -> Array:
        """The points of a series in pixels of the plot, shape (·, 2), as they are painted."""
        return self._layer.drawn(series)

    # What a plot says about itself

    def prepare(self, frame: Frame) -> None:
        """Work out what is shown of the frame, and set the ranges."""
        raise NotImplementedError

    def own_title(self, frame: Frame) -> str:
        raise NotImplementedError

    def legend_entries(self, _frame: Frame) -> list[Entry]:
        return []

    def lines(self) -> list[Series]:
        """All that is drawn as lines and markers, the topmost last."""
        return self.series

    def show_items(self, frame: Frame) -> None:
        """Move what is not a line."""

    def message(self, _frame: Frame) -> str:
        """A sentence in the middle, where there is no data to show."""
        return ""

    # Layout

    @property
    def x_named(self) -> bool:
        return bool(self.x_label) and self.standalone

    @property
    def header_wrapped(self) -> bool:
        """Whether the legend stands under the title, in as many rows as it needs."""
        return self.standalone

    @property
    def header_rows(self) -> int:
        """How many rows title and legend may take together."""
        return max(1, int(self.size().height() / _ROOM_FOR_A_ROW))

    def _lay_out(self) -> None:
        """Axes of fixed widths, and the header in the place of pyqtgraph's title."""
        named = self.standalone and bool(self.y_label)
        self.left_axis.name(self.y_label if named else "")
        self.left_axis.setWidth(self.left + (_LABEL if named else 0))
        self.right_axis.setWidth(self.right)
        self.right_axis.show_numbers(False)
        self._name_below()
        self.layout.removeItem(self.titleLabel)
        self.header = HeaderItem()
        self.layout.addItem(self.header, 0, 0, 1, 3)
        self.layout.setContentsMargins(0, 2, 0, 0)
        self.setMinimumSize(0, 0)  # who lays out panels says how high they are
        self.setPreferredSize(0, 0)

    def _name_below(self) -> None:
        self.below.name(self.x_label if self.x_named else "")
        self.below.setHeight(_BELOW + (_LABEL if self.x_named else 0))

    def _resized(self, _box: object) -> None:
        self._renew()

    def _renew(self) -> None:
        frame = self.frame
        if frame is None:
            return
        if self._pen_ratio != self.pixel_ratio:  # moved to another screen
            self._pen_ratio = self.pixel_ratio
            self.set_look(self.look)
            return
        self.prepare(frame)
        self._show_ranges()
        self._show_lines()
        self._show_message(self.message(frame))
        self.show_items(frame)
        self._show_header(frame)

    def _show_ranges(self) -> None:
        if self._ranges == (self.x_range, self.y_range):
            return
        self._ranges = self.x_range, self.y_range
        self.below.setScale(self.x_range.unit)
        self.left_axis.setScale(self.y_range.unit)
        self.vb.show_ranges(self.x_range, self.y_range)

    def _show_lines(self) -> None:
        self._layer.show_series(self.lines(), self.axes_in_pixels, self.look.theme.panel)

    def _show_message(self, text: str) -> None:
        self._message.setVisible(bool(text))
        rect = self.plot_rect
        if text and (text, rect) != self._told:
            self._told = text, rect
            width = text_width(text, _MESSAGE_SIZE) + 10
            self._message.setHtml(f"<center>{text}</center>")
            # On two lines of equal length, rather than with one word on the second.
            self._message.setTextWidth(width if width < rect.width() else 0.65 * width)
            height = self._message.boundingRect().height()
            left = rect.center().x() - self._message.textWidth() / 2
            self._message.setPos(left, rect.center().y() - height / 2)

    def _show_header(self, frame: Frame) -> None:
        title = self.own_title(frame) if self._title is None else self._title
        entries = tuple(self.legend_entries(frame))
        header = Header(title, entries, wrapped=self.header_wrapped, rows=self.header_rows)
        titled = (header, self.look, self.size().width())
        if titled == self._titled:
            return
        self._titled = titled
        indent = 10 if self.standalone else self.left - 44
        self.header.show_header(header, self.look, indent)
        self.layout.setRowFixedHeight(0, self.header.needed_height(self.size().width()) + 9)
