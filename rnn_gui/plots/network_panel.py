"""The unrolled network of one sequence: data runs to the right, gradients run to the left."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from core.data.notation import number
from core.epoch.frame import Frame
from rnn_gui.plots.columns import ColumnPanel
from rnn_gui.plots.header import Entry
from rnn_gui.plots.ink import DASHED, RIGHT, Ink, solid_pen
from rnn_gui.plots.network_detailed import paint_columns
from rnn_gui.plots.network_layout import LARGEST, Detail, Layout, Scale, layout
from rnn_gui.plots.network_marks import paint_callout, paint_marks
from rnn_gui.plots.network_parts import cost_box, paint_cost_box
from rnn_gui.plots.ranges import UNIT
from rnn_gui.theme import SMALL_SIZE, Look

_BELOW = 4


class NetworkPanel(ColumnPanel):
    """State boxes below, gradient boxes above, inputs at the bottom, the cost at the right.

    What is not computed yet has a pale dashed outline and no number; what the current step
    computed has a strong one.
    """

    figure = "network"

    def __init__(
        self, *, standalone: bool = False, joined: tuple[bool, bool] = (False, False)
    ) -> None:
        self._lowest = False  # of the panels of a canvas
        super().__init__(standalone=standalone, joined=joined)
        for axis in (self.left_axis, self.right_axis):
            axis.show_numbers(False)
        self._drawing = _Drawing(self)
        self._factor = 1.0

    def enlarge(self, factor: float) -> None:
        """Larger text, and margins with room for it: where the network stands alone."""
        if factor != self._factor:
            self._factor = factor
            self.left_axis.setWidth(round(self.left * factor))
            self.right_axis.setWidth(round(self.right * factor))
            self._renew()

    def prepare(self, _frame: Frame) -> None:
        self.y_range = UNIT

    def show_items(self, frame: Frame) -> None:
        super().show_items(frame)
        self._drawing.update()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.below.setPen(None)

    def own_title(self, frame: Frame) -> str:
        return f"Unrolled network · sequence {frame.name_of(frame.sequence)}"

    def legend_entries(self, frame: Frame) -> list[Entry]:
        theme, digits = self.look.theme, self.look.digits
        entries = [
            Entry("forward", lambda ink, r: _arrow_mark(ink, r, theme.forward, False)),
            Entry("backward", lambda ink, r: _arrow_mark(ink, r, theme.backward, True)),
            Entry("not computed yet", _dashed_mark),
        ]
        if self._placed().detail < Detail.ARROWS:
            weights = frame.weights
            entries.append(Entry(f"Wx = {number(weights['Wx'], digits)}"))
            entries.append(Entry(f"Wrec = {number(weights['Wrec'], digits)}"))
        return entries

    @property
    def x_named(self) -> bool:
        """Where no panel below has an axis; in a figure the boxes have names."""
        return self._lowest

    def join(self, above: bool, below: bool) -> None:
        self._lowest = not below
        super().join(above, below)

    @property
    def header_rows(self) -> int:
        return 1  # the boxes need the room for their names

    def paint_network(self, ink: Ink) -> None:
        """In pixels of the panel; names, target and cost in the margins."""
        frame, placed = self.frame, self._placed()
        if frame is None:
            return
        ink.painter.save()
        ink.painter.setClipRect(self._clip_rect())
        if placed.detail >= Detail.NUMBERS:
            paint_columns(ink, placed, frame)
        else:
            paint_marks(ink, placed, frame)
        ink.painter.restore()
        self._paint_row_names(ink, placed)
        bounds = self.boundingRect()
        paint_cost_box(ink, placed, frame, self._right_edge)
        if placed.detail < Detail.NUMBERS:
            paint_callout(ink, placed, frame, bounds.left() + 4, bounds.right() - 4)

    def place_of(self, name: str, timestamp: int = 0) -> QRectF | None:
        """Where a "state", a "gradient", an "input" or the "cost" stands, in pixels of the panel;
        None where it is out of view.
        """
        placed = self._placed()
        if name == "cost":
            return cost_box(placed, self._right_edge)
        tops = {"state": placed.state_top, "gradient": placed.gradient_top}
        box = placed.box(timestamp, tops.get(name, placed.state_top))
        if name == "input":
            box.setTop(placed.input_middle - placed.row_height)
            box.setHeight(2 * placed.row_height)
        seen = box.intersected(self._clip_rect())
        return None if seen.isEmpty() else seen

    @property
    def _right_edge(self) -> float:
        return float(self.boundingRect().right()) - 6

    def _placed(self) -> Layout:
        largest = round(LARGEST * self._factor)
        return layout(Scale(self.plot_rect, self.x_range), self.look.digits, largest)

    def _clip_rect(self) -> QRectF:
        """Labels of the last column reach into the margin; zoomed in, nothing does."""
        return self.plot_rect.adjusted(
            -2, -5, self.right_axis.width() if self.last_in_view else 2, 5
        )

    def _name_below(self) -> None:
        super()._name_below()
        self.below.show_numbers(self.x_named)
        if not self.x_named:
            self.below.setHeight(_BELOW)

    def _paint_row_names(self, ink: Ink, placed: Layout) -> None:
        theme, x = ink.theme, placed.rect.left() - 8
        rows: list[tuple[float, str, str]] = []
        if placed.detail >= Detail.WORDS:
            return
        if placed.detail is Detail.NUMBERS:
            tops = (
                (placed.gradient_top, theme.backward, ("Out", "In"), "dE/dS"),
                (
                    placed.state_top,
                    theme.forward,
                    ("In", "Out"),
                    "State",
                ),
            )
            for top, colour, words, title in tops:
                cells = placed.cells(placed.box(0, top))
                rows += [(c.center().y(), w, colour) for c, w in zip(cells, words, strict=True)]
                if placed.titled:
                    rows.append((cells[0].top() - 2 - placed.row_height / 2, title, colour))
        else:
            rows += [
                (placed.gradient_middle, "dE/dS", theme.backward),
                (placed.state_middle, "State", theme.forward),
            ]
        rows.append((placed.input_middle, "X", theme.forward))
        for middle, word, colour in rows:
            ink.text(x, middle, word, colour, SMALL_SIZE, RIGHT)


class _Drawing(pg.GraphicsObject):
    """The network itself, over the whole panel."""

    def __init__(self, panel: NetworkPanel) -> None:
        super().__init__()
        self._panel = panel
        self.setParentItem(panel)
        panel.geometryChanged.connect(self.prepareGeometryChange)

    def boundingRect(self) -> QRectF:
        return QRectF(self._panel.boundingRect())

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        self._panel.paint_network(Ink(painter, self._panel.look))


def _arrow_mark(ink: Ink, rect: QRectF, colour: str, leftwards: bool) -> None:
    y = rect.center().y()
    ends = [QPointF(rect.left(), y), QPointF(rect.right(), y)]
    ink.arrow(ends[::-1] if leftwards else ends, colour)


def _dashed_mark(ink: Ink, rect: QRectF) -> None:
    box = QRectF(rect.left() + 2, rect.center().y() - 4.5, rect.width() - 4, 9)
    ink.box(box, solid_pen(ink.theme.muted, 1.0, DASHED), None, 3)
