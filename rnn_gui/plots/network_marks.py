"""The network where columns are too narrow for numbers: a mark for each node, or a strip.

The numbers of the current column stand in a callout above the marks.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from core.data.notation import number, subscript
from core.epoch.frame import Frame
from rnn_gui.plots.ink import CENTRE, DASHED, Ink, solid_pen, text_width
from rnn_gui.plots.network_layout import Detail, Layout, Scale
from rnn_gui.plots.network_parts import is_asked, is_current, one_value, pale
from rnn_gui.theme import SMALL_SIZE
from rnn_gui.tutorial_cell import D_STATE_IN, D_STATE_OUT, STATE_IN, STATE_OUT, Quantity

_STATE = (STATE_IN, STATE_OUT)
_GRADIENT = (D_STATE_IN, D_STATE_OUT)


def paint_marks(ink: Ink, placed: Layout, frame: Frame) -> None:
    if placed.detail is Detail.MARKS:
        _paint_circles(ink, placed, frame)
    else:
        _paint_strips(ink, placed, frame)
    _paint_inputs(ink, placed, frame)


def _in_view(placed: Layout, frame: Frame, first: int = 1) -> range:
    low, high = placed.scale.x_range
    return range(max(first, math.floor(low)), min(frame.timestamps, math.ceil(high)) + 1)


def _paint_circles(ink: Ink, placed: Layout, frame: Frame) -> None:
    """A circle for each state: its left half is In, its right half Out."""
    theme, size = ink.theme, placed.box_width
    for kinds, y, colour, first in (
        (_GRADIENT, placed.gradient_middle, theme.backward, 1),
        (_STATE, placed.state_middle, theme.forward, 0),
    ):
        columns = _in_view(placed, frame, first)
        _paint_thread(ink, placed, frame, y, colour, kinds)
        for k in columns:
            rect = QRectF(placed.scale.x(k) - size / 2, y - size / 2, size, size)
            known = [k == 0 or frame.knows(*kind, k) for kind in kinds]
            _paint_circle(ink, rect, known, colour)
            if k and frame.step.place in ((*kinds[0], k), (*kinds[1], k)):
                dash = DASHED if frame.announced else ()
                ring = rect.adjusted(-2.5, -2.5, 2.5, 2.5)
                ink.box(ring, solid_pen(colour, 1.8, dash), None, ring.width() / 2)


def _paint_circle(ink: Ink, rect: QRectF, known: list[bool], colour: str) -> None:
    radius = rect.width() / 2
    pen = solid_pen(colour, 1.2) if any(known) else solid_pen(pale(ink), 1.0)
    ink.box(rect, pen, colour if all(known) else ink.theme.panel, radius)
    if any(known) and not all(known):
        half = QPainterPath(rect.center())
        half.arcTo(rect, 90 if known[0] else -90, 180)
        half.closeSubpath()
        ink.path(half, None, colour)


def _paint_thread(
    ink: Ink, placed: Layout, frame: Frame, y: float, colour: str, kinds: tuple[Quantity, Quantity]
) -> None:
    """The line that joins the circles, as far as values have come."""
    scale, steps = placed.scale, frame.timestamps
    low = 0 if kinds is _STATE else 1
    ink.line(scale.x(low), y, scale.x(steps), y, solid_pen(pale(ink), 1.0, DASHED))
    known = frame.known(*(kinds[0] if kinds is _STATE else kinds[1]))
    if len(known):
        start = 0 if kinds is _STATE else known.start
        ink.line(scale.x(start), y, scale.x(known.stop - 1), y, solid_pen(colour, 1.6))


def _paint_strips(ink: Ink, placed: Layout, frame: Frame) -> None:
    """One bar for all states and one for all gradients: its upper half is In, its lower Out."""
    theme, scale = ink.theme, placed.scale
    for kinds, y, colour, soft in (
        (_GRADIENT, placed.gradient_middle, theme.backward, theme.backward_soft),
        (_STATE, placed.state_middle, theme.forward, theme.forward_soft),
    ):
        first = 0 if kinds is _STATE else 1
        whole = _span(scale, range(first, frame.timestamps + 1), y)
        ink.box(whole, solid_pen(pale(ink), 1.0, DASHED), theme.panel, 2)
        upper, lower = (frame.known(*kind) for kind in kinds)
        if upper:
            ink.fill(_span(scale, upper, y).adjusted(0, 0, 0, -7), colour=soft)
        if lower:
            ink.fill(_span(scale, lower, y).adjusted(0, 7, 0, 0), colour=colour)
        if upper or lower:
            longer = max(upper, lower, key=len)
            ink.box(_span(scale, longer, y), solid_pen(colour), None, 2)


def _span(scale: Scale, columns: range, y: float) -> QRectF:
    left, right = scale.x(columns.start - 0.5), scale.x(columns.stop - 0.5)
    return QRectF(left, y - 7, right - left, 14)


def _paint_inputs(ink: Ink, placed: Layout, frame: Frame) -> None:
    """Each input as a digit where there is room, else a tick that is tall where it is not 0."""
    scale, y = placed.scale, placed.input_middle
    row = frame.experiment.inputs[frame.sequence]
    columns = _in_view(placed, frame)
    room = scale.x(1) - scale.x(0)
    texts = [number(float(row[k - 1]), 2) for k in columns] if room >= 9 else []
    if texts and max(text_width(text, SMALL_SIZE) for text in texts) <= room - 3:
        for k, text in zip(columns, texts, strict=True):
            ink.text(scale.x(k), y, text, ink.theme.text, SMALL_SIZE, CENTRE)
        return
    width = max(min(room - 1, 4.0), 0.6)
    heights = np.where(row[columns.start - 1 : columns.stop - 1], 9.0, 1.5)
    lefts = scale.xs(np.array(columns, dtype=np.float64)) - width / 2
    tops, widths = y + 4.5 - heights, np.full(len(heights), width)
    ink.fill_all(np.column_stack([lefts, tops, widths, heights]), colour=ink.theme.muted)


def paint_callout(ink: Ink, placed: Layout, frame: Frame, leftmost: float, end: float) -> None:
    """The numbers of the current step's column, with a thin line down to it."""
    k = frame.step.timestamp
    x = placed.scale.x(k)
    if not k or not placed.rect.left() <= x <= placed.rect.right():
        return
    lines = (_state_line(ink, frame, k), _gradient_line(ink, frame, k))
    width = max(sum(text_width(t, 11, bold) for t, bold, _ in line) for line in lines) + 16
    left = max(min(max(x - width / 2, placed.rect.left()), end - width), leftmost)
    box = QRectF(left, placed.rect.top(), width, 36)
    ink.line(x, box.bottom(), x, placed.state_middle, solid_pen(ink.theme.muted, 1.0))
    ink.box(box, solid_pen(ink.theme.border, 1.0), ink.theme.panel, 5)
    for i, line in enumerate(lines):
        at = box.left() + 8
        for text, bold, colour in line:
            ink.text(at, box.top() + 10.5 + 15.5 * i, text, colour, 11, bold=bold)
            at += text_width(text, 11, bold)


_Line = list[tuple[str, bool, str]]


def _state_line(ink: Ink, frame: Frame, k: int) -> _Line:
    x = number(float(frame.experiment.inputs[frame.sequence, k - 1]), ink.look.digits)
    line: _Line = [
        (f"State {k}", True, ink.theme.forward),
        (f"   X{subscript(k)} = {x}", False, ink.theme.text),
    ]
    for kind, word in ((STATE_IN, "In"), (STATE_OUT, "Out")):
        line += _value(ink, frame, kind, k, word)
    return line


def _gradient_line(ink: Ink, frame: Frame, k: int) -> _Line:
    line: _Line = [(f"dE/dS{subscript(k)}", True, ink.theme.backward)]
    for kind, word in ((D_STATE_OUT, "Out"), (D_STATE_IN, "In")):
        line += _value(ink, frame, kind, k, word)
    return line


def _value(ink: Ink, frame: Frame, kind: Quantity, k: int, word: str) -> _Line:
    value = one_value(frame, kind, k)
    asked = is_asked(frame, kind, k)
    unknown = "?" if asked else "·"
    text = unknown if value is None else number(value, ink.look.digits)
    strong = is_current(frame, kind, k) and (asked or value is not None)
    return [(f"   {word} ", False, ink.theme.muted), (text, strong, ink.theme.text)]
