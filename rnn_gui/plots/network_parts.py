"""The parts that the network is drawn from, whatever the room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from core.data.notation import MINUS, number
from core.epoch.frame import Frame
from rnn_gui.plots.ink import CENTRE, DASHED, Ink, solid_pen, text_width
from rnn_gui.plots.network_layout import Detail, Layout
from rnn_gui.theme import faded
from rnn_gui.tutorial_cell import COST, D_STATE_OUT, Quantity

COST_WIDTH, COST_ROW = 52.0, 16.0


def one_value(frame: Frame, kind: Quantity, timestamp: int) -> float | None:
    """The value of the chosen sequence, where it is known."""
    values = frame.row(*kind, timestamp)
    return None if values is None else float(values[frame.sequence])


def fitted(value: float, digits: int, size: int, room: float) -> str:
    """The value with as many of the digits as the room allows."""
    for some in range(digits, 0, -1):
        for text in (number(value, some), _by_power(value, some)):
            if text_width(text, size) <= room:
                return text
    return "…"


def _by_power(value: float, digits: int) -> str:
    """Of a small number it shows more digits than zeros after the point would leave room for."""
    text = f"{value:.{digits - 1}e}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("-", MINUS)


def fits_bold(text: str, size: int, room: float) -> bool:
    """Bold letters are wider: digits matter more."""
    return text_width(text, size, True) <= room


def pale(ink: Ink) -> QColor:
    """For what is not computed yet."""
    return faded(ink.theme.muted, 0.6)


def is_current(frame: Frame, kind: Quantity, timestamp: int = 0) -> bool:
    return frame.step.place == (*kind, timestamp)


def is_asked(frame: Frame, kind: Quantity, timestamp: int = 0) -> bool:
    """Whether the value of this place is asked for."""
    return frame.asked and is_current(frame, kind, timestamp)


def paint_question(ink: Ink, cell: QRectF, x: float, size: int) -> None:
    """In place of the value, around ``x``."""
    ink.box(cell, None, ink.theme.band, 3)
    ink.text(x, cell.center().y(), "?", ink.theme.text, size, CENTRE, bold=True)


def outline(ink: Ink, frame: Frame, rect: QRectF, colour: str) -> None:
    """The strong border of what the current step computed; dashed where it is still to come."""
    dash = DASHED if frame.announced else ()
    ink.box(rect, solid_pen(colour, 2.0, dash), None, 4)


def cost_box(placed: Layout, right: float) -> QRectF:
    """Where target and cost stand: at the right of State T and level with it."""
    width, height = COST_WIDTH * placed.factor, 3 * COST_ROW * placed.factor + 6
    return QRectF(right - width, placed.state_middle - height / 2, width, height)


def paint_cost_box(ink: Ink, placed: Layout, frame: Frame, right: float) -> None:
    """Target and cost."""
    theme, size = ink.theme, round(11 * placed.factor)
    row = COST_ROW * placed.factor
    box = cost_box(placed, right)
    cost = frame.cost
    if frame.timestamps <= placed.scale.x_range.high:
        _paint_links(ink, placed, frame, box)
    known = cost is not None
    pen = solid_pen(theme.forward, 1.3) if known else solid_pen(pale(ink), 1.0, DASHED)
    ink.box(box, pen, theme.panel)
    target = float(frame.experiment.targets[frame.sequence])
    x, room = box.center().x(), box.width() - 6
    text = f"y = {fitted(target, ink.look.digits, size, room - text_width('y = ', size))}"
    ink.text(x, box.top() + 3 + row / 2, text, theme.text, size, CENTRE)
    ink.text(
        x, box.top() + 3 + 1.5 * row, "cost E", theme.forward if known else pale(ink), size, CENTRE
    )
    cell = QRectF(box.left() + 3, box.bottom() - row - 3, box.width() - 6, row)
    if cost is None:
        if is_asked(frame, COST):
            paint_question(ink, cell, x, size)
            outline(ink, frame, cell, theme.forward)
        return
    ink.box(cell, None, theme.forward_soft, 3)
    current = is_current(frame, COST)
    text = fitted(cost, ink.look.digits, size, cell.width() - 4)
    bold = current and fits_bold(text, size, cell.width() - 4)
    ink.text(x, cell.center().y(), text, theme.text, size, CENTRE, bold)
    if current:
        outline(ink, frame, cell, theme.forward)


def _paint_links(ink: Ink, placed: Layout, frame: Frame, cost_box: QRectF) -> None:
    """From State T to the cost, and from the cost back to dE/dS_T(Out)."""
    theme, last = ink.theme, frame.timestamps
    inset = placed.box_width / 2 if placed.detail >= Detail.NUMBERS else placed.box_width / 2 + 1
    x = placed.scale.x(last) + inset + 2
    forward = frame.knows(*COST)
    start = QPointF(x, placed.state_middle)
    end = QPointF(cost_box.left() - 2, placed.state_middle)
    if end.x() - start.x() > 4:
        _link(ink, [start, end], theme.forward if forward else None)
    corner = QPointF(cost_box.center().x(), placed.gradient_middle)
    back = [QPointF(corner.x(), cost_box.top() - 1), corner, QPointF(x, placed.gradient_middle)]
    if cost_box.top() - corner.y() > 4:
        known = frame.knows(*D_STATE_OUT, last)
        _link(ink, back, theme.backward if known else None)


def _link(ink: Ink, points: list[QPointF], colour: str | None) -> None:
    if colour is None:
        ink.arrow(points, pale(ink), 1.0, DASHED)
    else:
        ink.arrow(points, colour)
