"""The network with its numbers written out, where columns are wide enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from core.cell.steps import Kind
from core.data.notation import subscript
from core.epoch.frame import Frame
from rnn_gui.plots.ink import CENTRE, DASHED, RIGHT, Ink, solid_pen, text_width
from rnn_gui.plots.network_layout import Detail, Layout
from rnn_gui.plots.network_parts import (
    fits_bold,
    fitted,
    is_asked,
    is_current,
    one_value,
    outline,
    paint_question,
    pale,
)
from rnn_gui.theme import SMALL_SIZE
from rnn_gui.tutorial_cell import (
    D_STATE_IN,
    D_STATE_OUT,
    STATE_IN,
    STATE_OUT,
    Quantity,
    activation_at,
    initial_state,
)

_DOT, _DOTS_APART = 1.1, 4.0


@dataclass(frozen=True)
class Node:
    """A box with two numbers, the upper one first."""

    title: str
    joint: str  # the function between the numbers
    kinds: tuple[Quantity, Quantity]
    words: tuple[str, str]
    colour: str
    soft: str


def paint_columns(ink: Ink, placed: Layout, frame: Frame) -> None:
    """All columns in view: first the arrows, then the boxes."""
    low, high = placed.scale.x_range
    first, last = max(0, math.floor(low)), min(frame.timestamps, math.ceil(high))
    for k in range(max(first, 1), last + 1):
        _paint_forward_arrows(ink, placed, frame, k)
        if k < frame.timestamps:
            _paint_backward_arrow(ink, placed, frame, k)
    for k in range(first, last + 1):
        if k == 0:
            _paint_first_state(ink, placed, frame)
        else:
            _paint_node(ink, placed, frame, k, _state_node(ink, frame, k), placed.state_top)
            _paint_node(ink, placed, frame, k, _gradient_node(ink, frame, k), placed.gradient_top)
            _paint_input(ink, placed, frame, k)


def _state_node(ink: Ink, frame: Frame, k: int) -> Node:
    symbol = activation_at(frame.experiment, k).symbol
    return Node(
        f"State {k}",
        f"{symbol}()" if symbol else "=",
        (STATE_IN, STATE_OUT),
        ("In", "Out"),
        ink.theme.forward,
        ink.theme.forward_soft,
    )


def _gradient_node(ink: Ink, frame: Frame, k: int) -> Node:
    symbol = activation_at(frame.experiment, k).slope_symbol
    return Node(
        f"dE/dS{subscript(k)}",
        f"× {symbol}()" if symbol else "=",
        (D_STATE_OUT, D_STATE_IN),
        ("Out", "In"),
        ink.theme.backward,
        ink.theme.backward_soft,
    )


def _paint_node(ink: Ink, placed: Layout, frame: Frame, k: int, node: Node, top: float) -> None:
    box = placed.box(k, top)
    known = [frame.knows(*kind, k) for kind in node.kinds]
    colour = node.colour if known[0] else pale(ink)
    pen = solid_pen(colour, 1.3) if known[0] else solid_pen(colour, 1.0, DASHED)
    ink.box(box, pen, ink.theme.panel)
    if placed.titled:
        name = node.title if placed.detail >= Detail.WORDS else str(k)
        y, middle = box.top() + 1.5 + placed.row_height / 2, box.center().x()
        ink.text(middle, y, name, colour, placed.text, CENTRE, bold=True)
    cells = placed.cells(box)
    if placed.joined:
        middle = (cells[0].bottom() + cells[1].top()) / 2
        muted = ink.theme.muted if known[0] else pale(ink)
        ink.text(
            box.center().x(), middle, node.joint, muted, max(placed.text - 2, SMALL_SIZE), CENTRE
        )
    for kind, word, cell in zip(node.kinds, node.words, cells, strict=True):
        _paint_cell(ink, placed, frame, cell, (kind, k), word, node)


def _paint_cell(
    ink: Ink,
    placed: Layout,
    frame: Frame,
    cell: QRectF,
    place: tuple[Quantity, int],
    word: str,
    node: Node,
) -> None:
    value = one_value(frame, *place)
    if value is not None:
        ink.box(cell, None, node.soft, 3)
    elif is_asked(frame, *place):
        wide = placed.detail >= Detail.WORDS
        x = cell.right() - cell.width() / 4 if wide else cell.center().x()
        paint_question(ink, cell, x, placed.text)
    current = is_current(frame, *place)
    _paint_value(ink, placed, cell, word, value, current)
    if current:
        outline(ink, frame, cell, node.colour)


def _paint_value(
    ink: Ink, placed: Layout, cell: QRectF, word: str, value: float | None, bold: bool
) -> None:
    theme, size, middle = ink.theme, placed.text, cell.center().y()
    wide = placed.detail >= Detail.WORDS
    taken = text_width("Out", size) + 0.4 * size if wide else 0.0
    if wide:
        muted = pale(ink) if value is None else theme.muted
        ink.text(cell.left() + 4, middle, word, muted, size)
    if value is None:
        return
    room = cell.width() - taken - (6 if wide else 2)
    text = fitted(value, ink.look.digits, size, room)
    if text == "…":  # a long exponent: rather small than not at all
        size = max(size - 2, SMALL_SIZE)
        text = fitted(value, ink.look.digits, size, room)
    bold = bold and fits_bold(text, size, room)
    x, align = (cell.right() - 4, RIGHT) if wide else (cell.center().x(), CENTRE)
    ink.text(x, middle, text, theme.text, size, align, bold)


def _paint_first_state(ink: Ink, placed: Layout, frame: Frame) -> None:
    """State 0, which is one number and always known."""
    box = placed.box(0, placed.state_top)
    cells = placed.cells(box)
    box.setTop(cells[0].top() - 3 - (placed.row_height + 1 if placed.titled else 0))
    ink.box(box, solid_pen(ink.theme.forward, 1.3), ink.theme.panel)
    if placed.titled:
        name = "State 0" if placed.detail >= Detail.WORDS else "0"
        y = box.top() + 1.5 + placed.row_height / 2
        ink.text(box.center().x(), y, name, ink.theme.forward, placed.text, CENTRE, bold=True)
    ink.box(cells[1], None, ink.theme.forward_soft, 3)
    _paint_value(ink, placed, cells[1], "Out", initial_state(frame.experiment), False)


def _paint_forward_arrows(ink: Ink, placed: Layout, frame: Frame, k: int) -> None:
    """From State k - 1 and from X_k into State k."""
    before, box = placed.box(k - 1, placed.state_top), placed.box(k, placed.state_top)
    y = placed.state_middle
    ends = [QPointF(before.right() + 2, y), QPointF(box.left() - 2, y)]
    _paint_arrow(ink, placed, frame, ends, STATE_IN, k)
    _paint_weight(ink, placed, frame, ends, frame.knows(*STATE_IN, k), ink.theme.forward)
    x, top = box.center().x(), placed.input_middle - placed.row_height / 2
    stem = [QPointF(x, top - 1), QPointF(x, box.bottom() + 2)]
    _paint_arrow(ink, placed, frame, stem, STATE_IN, k)
    if placed.detail >= Detail.WORDS:
        label = "×Wx"
        if placed.detail is Detail.ARROWS:
            # Up to the stem of the next column.
            room = placed.box(k, 0).center().x() - placed.box(k - 1, 0).center().x() - 14
            room -= text_width(f"{label} ", placed.text, True)
            label += " " + fitted(frame.weights["Wx"], ink.look.digits, placed.text, room)
        middle = (stem[0].y() + stem[1].y()) / 2
        colour, bold = _weight_style(ink, frame, frame.knows(*STATE_IN, k), ink.theme.forward)
        ink.text(x + 7, middle, label, colour, placed.text, bold=bold)


def _paint_backward_arrow(ink: Ink, placed: Layout, frame: Frame, k: int) -> None:
    """From dE/dS_{k+1}(In) to dE/dS_k(Out)."""
    y, theme = placed.gradient_middle, ink.theme
    left, right = placed.box(k, placed.gradient_top), placed.box(k + 1, placed.gradient_top)
    ends = [QPointF(right.left() - 2, y), QPointF(left.right() + 2, y)]
    known = frame.knows(*D_STATE_OUT, k)
    if _leads_out(placed, ends):
        _paint_dots(ink, placed, ends, QColor(theme.backward) if known else pale(ink))
    elif known:
        ink.arrow(ends, theme.backward, 2.2 if is_current(frame, D_STATE_OUT, k) else 1.4)
    else:
        ink.arrow(ends, pale(ink), 1.0, DASHED)
    _paint_weight(ink, placed, frame, ends, known, theme.backward)


def _paint_arrow(
    ink: Ink, placed: Layout, frame: Frame, ends: list[QPointF], kind: Quantity, k: int
) -> None:
    """A forward arrow; in the backward colour while the gradient of its weight is spoken of."""
    spoken_of = frame.step.place in ((Kind.PARTS, "", k), (Kind.SUMS, "", 0))
    if _leads_out(placed, ends):
        colour = QColor(ink.theme.backward if spoken_of else ink.theme.forward)
        known = spoken_of or frame.knows(*kind, k)
        _paint_dots(ink, placed, ends, colour if known else pale(ink))
    elif spoken_of:
        ink.arrow(ends, ink.theme.backward, 2.4, head=7)
    elif frame.knows(*kind, k):
        ink.arrow(ends, ink.theme.forward, 2.2 if is_current(frame, kind, k) else 1.4)
    else:
        ink.arrow(ends, pale(ink), 1.0, DASHED)


def _leads_out(placed: Layout, ends: list[QPointF]) -> bool:
    """Whether only one end of an arrow is in view."""
    return len([end for end in ends if _in_view(placed, end)]) == 1


def _in_view(placed: Layout, end: QPointF) -> bool:
    return placed.rect.left() <= end.x() <= placed.rect.right()


def _paint_dots(ink: Ink, placed: Layout, ends: list[QPointF], colour: QColor) -> None:
    """The network goes on there: between the end in view and the edge."""
    near, far = sorted(ends, key=lambda end: not _in_view(placed, end))
    right = far.x() > near.x()
    room = abs((placed.rect.right() if right else placed.rect.left()) - near.x())
    apart = min((room + 1) / 2.5, _DOTS_APART) * (1 if right else -1)
    for i in range(3):
        middle = QPointF(near.x() + i * apart, near.y())
        dot = QRectF(-_DOT, -_DOT, 2 * _DOT, 2 * _DOT).translated(middle)
        ink.box(dot, None, colour, _DOT)


def _paint_weight(
    ink: Ink, placed: Layout, frame: Frame, ends: list[QPointF], known: bool, colour: str
) -> None:
    """×Wrec above an arrow and its value below."""
    inside = placed.rect.left() <= min(e.x() for e in ends) and (
        max(e.x() for e in ends) <= placed.rect.right()
    )
    if placed.detail is not Detail.ARROWS or not inside:
        return
    x, y = (ends[0].x() + ends[1].x()) / 2, ends[0].y()
    room = abs(ends[0].x() - ends[1].x())
    shown, bold = _weight_style(ink, frame, known, colour)
    text = fitted(frame.weights["Wrec"], ink.look.digits, placed.text, room)
    ink.text(x, y - placed.row_height * 0.7, "×Wrec", shown, placed.text, CENTRE)
    ink.text(
        x,
        y + placed.row_height * 0.75,
        text,
        shown,
        placed.text,
        CENTRE,
        bold and fits_bold(text, placed.text, room),
    )


def _weight_style(ink: Ink, frame: Frame, known: bool, colour: str) -> tuple[str, bool]:
    """After the update the weights shown are the new ones."""
    if frame.after_update is not None:
        return ink.theme.update, True
    return (colour if known else ink.theme.muted), False


def _paint_input(ink: Ink, placed: Layout, frame: Frame, k: int) -> None:
    value = float(frame.experiment.inputs[frame.sequence, k - 1])
    x, size = placed.scale.x(k), placed.text
    label = f"X{subscript(k)} = " if placed.detail >= Detail.WORDS else ""
    room = placed.scale.x(1) - placed.scale.x(0) - 6 - text_width(label, size)
    text = label + fitted(value, ink.look.digits, size, room)
    ink.text(x, placed.input_middle, text, ink.theme.text, size, CENTRE)
