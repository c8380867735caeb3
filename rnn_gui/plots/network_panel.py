"""The unrolled network of one sequence: data runs to the right, gradients run to the left."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from core.experiment import sequence_name
from core.frame import Frame
from core.notation import number
from rnn_gui.plots.axes import UNIT
from rnn_gui.plots.columns import ColumnPanel
from rnn_gui.plots.header import Entry
from rnn_gui.plots.ink import DASHED, Ink, solid_pen
from rnn_gui.plots.network_detailed import paint_columns
from rnn_gui.plots.network_layout import Detail, Layout, layout
from rnn_gui.plots.network_marks import paint_callout, paint_marks
from rnn_gui.plots.network_parts import paint_cost_box
from rnn_gui.plots.panel import Ticks
from rnn_gui.plots.series import Scale
from rnn_gui.theme import SMALL_SIZE


class NetworkPanel(ColumnPanel):
    """State boxes below, gradient boxes above, inputs at the bottom, the cost at the right.

    What is not computed yet has a pale dashed outline and no number; what the current step
    computed has a strong one.
    """

    figure = "network"

    def prepare(self, _frame: Frame) -> None:
        self.y_range = UNIT

    def own_title(self, frame: Frame) -> str:
        return f"Unrolled network · sequence {sequence_name(frame.sequence)}"

    def legend(self, frame: Frame) -> list[Entry]:
        theme, digits = self.look.theme, self.look.digits
        entries = [
            Entry("forward", lambda ink, r: _arrow_mark(ink, r, theme.forward, False)),
            Entry("backward", lambda ink, r: _arrow_mark(ink, r, theme.backward, True)),
            Entry("not computed yet", _dashed_mark),
        ]
        if self._detail() < Detail.ARROWS:
            weights = frame.weights
            entries.insert(0, Entry(f"Wx = {number(weights.wx, digits)}"))
            entries.insert(1, Entry(f"Wrec = {number(weights.wrec, digits)}"))
        return entries

    def paint_data(self, ink: Ink, scale: Scale) -> None:
        if self.frame is None:
            return
        placed = layout(scale, self.look.digits)
        if placed.detail >= Detail.NUMBERS:
            paint_columns(ink, placed, self.frame)
        else:
            paint_marks(ink, placed, self.frame)

    def paint_axes(self, ink: Ink, scale: Scale) -> None:
        """No axes: the names of the rows at the left, target and cost at the right."""
        if self.frame is None:
            return
        placed = layout(scale, self.look.digits)
        self._paint_row_names(ink, placed)
        bounds = self.boundingRect()
        paint_cost_box(ink, placed, self.frame, bounds.right() - 6)
        if placed.detail < Detail.NUMBERS:
            paint_callout(ink, placed, self.frame, bounds.left() + 4, bounds.right() - 4)

    def y_ticks(self, _scale: Scale) -> Ticks:
        return []

    def clip_rect(self, scale: Scale) -> QRectF:
        """Labels of the last column reach into the margin; zoomed in, nothing does."""
        return scale.rect.adjusted(-2, -5, self.right if self.last_in_view else 2, 5)

    def _room_below(self) -> float:
        return 4.0

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
            ink.text(x, middle, word, colour, SMALL_SIZE, 1.0)

    def _detail(self) -> Detail:
        return layout(self.scale(), self.look.digits).detail

    def resizeEvent(self, _event: object) -> None:
        """The legend names the weights where the arrows have no room for them."""
        self._renew()


def _arrow_mark(ink: Ink, rect: QRectF, colour: str, leftwards: bool) -> None:
    y = rect.center().y()
    ends = [QPointF(rect.left(), y), QPointF(rect.right(), y)]
    ink.arrow(ends[::-1] if leftwards else ends, colour)


def _dashed_mark(ink: Ink, rect: QRectF) -> None:
    box = QRectF(rect.left() + 2, rect.center().y() - 4.5, rect.width() - 4, 9)
    ink.box(box, solid_pen(ink.theme.muted, 1.0, DASHED), None, 3)
