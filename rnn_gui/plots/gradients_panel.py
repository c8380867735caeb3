"""dE/dState (In) of each sequence, and what each timestamp adds to dE/dWx and dE/dWrec."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from core.activations import Array
from core.experiment import sequence_name
from core.frame import Frame
from core.steps import Kind
from rnn_gui.plots.axes import Range, aligned, padded, range_of, value_ticks
from rnn_gui.plots.columns import FEW_SEQUENCES, ColumnPanel
from rnn_gui.plots.header import Entry, stroke_entry, swatch_entry
from rnn_gui.plots.ink import Ink, solid_pen
from rnn_gui.plots.series import Scale, Series, Stroke, draw_series
from rnn_gui.plots.states_panel import (
    Spread,
    chosen_last,
    dash_of,
    marker_of,
    nearest_sequence,
    paint_spread,
    spread_ends,
    spread_mark,
    spread_of,
)
from rnn_gui.theme import SMALL_SIZE, Look, faded

EMPTY = "Gradients appear with the backward pass"
OVERFLOWN = "These gradients are not finite numbers"
_NOTHING = Range(0.0, 0.0)


class GradientsPanel(ColumnPanel):
    """Lines on the left axis, bars on the right one; zero stands at the same height in both."""

    figure = "gradients"
    y_label = "dE/dState (In)"

    def __init__(self, *, standalone: bool = False, lowest: bool = False) -> None:
        super().__init__(standalone=standalone, lowest=lowest)
        self.series: list[Series] = []
        self.spread: Spread | None = None
        self.bars = (np.empty(0), np.empty(0), np.empty(0))  # timestamps, dE/dWx, dE/dWrec
        self.bar_range = _NOTHING

    def own_title(self, _frame: Frame) -> str:
        return "Gradients"

    def prepare(self, frame: Frame) -> None:
        known = frame.known(Kind.D_STATE_IN)
        x, rows = np.array(known, dtype=np.float64), frame.block(Kind.D_STATE_IN)
        self.series = [
            Series(x, rows[:, i], gradient_stroke(self.look, i, i == frame.sequence, self._room), i)
            for i in chosen_last(frame)
        ]
        many = frame.sequences > FEW_SEQUENCES and len(x) > 0
        self.spread = spread_of(x, rows, frame.sequence) if many else None
        self.bars = _added(frame)
        drawn = [s.y for s in self.series] + spread_ends(self.spread)
        lines = padded(range_of([[0.0], *(self.in_view(x, y) for y in drawn)]) or _NOTHING)
        bars = (
            range_of([[0.0], *(self.in_view(self.bars[0], y) for y in self.bars[1:])]) or _NOTHING
        )
        if bars.span:
            self.y_range, self.bar_range = aligned(lines, padded(bars))
        else:
            self.y_range, self.bar_range = lines, _NOTHING

    def legend(self, frame: Frame) -> list[Entry]:
        chosen = gradient_stroke(self.look, frame.sequence, True, 99)
        entries = [
            stroke_entry("dE/dState (In)", chosen),
            swatch_entry("added to dE/dWx", lambda ink, rect: _paint_wx(ink, [rect])),
            swatch_entry("added to dE/dWrec", lambda ink, rect: _paint_wrec(ink, [rect])),
            Entry("(bars: right axis)"),
        ]
        if frame.sequences > FEW_SEQUENCES:
            entries.append(swatch_entry("the others: range, median", spread_mark))
        elif self.standalone:
            entries += [
                stroke_entry(sequence_name(i), gradient_stroke(self.look, i, False, 99))
                for i in range(frame.sequences)
            ]
        return entries

    def paint_data(self, ink: Ink, scale: Scale) -> None:
        frame = self.frame
        if frame is None:
            return
        if not frame.known(Kind.D_STATE_IN):
            self.message(ink, scale, EMPTY)
            return
        if not self._finite:
            self.message(ink, scale, OVERFLOWN)
            return
        self._paint_bars(ink, scale, frame)
        zero = scale.y(0.0)
        ink.line(scale.rect.left(), zero, scale.rect.right(), zero, solid_pen(ink.theme.muted, 0.8))
        if self.spread is not None:
            paint_spread(ink, scale, self.spread, ink.theme.muted)
        for series in self.series:
            draw_series(ink, scale, series)

    def y_ticks(self, scale: Scale) -> list[tuple[float, str]]:
        return super().y_ticks(scale) if self._finite else []

    def paint_axes(self, ink: Ink, scale: Scale) -> None:
        super().paint_axes(ink, scale)
        if not self.bar_range.span:
            return
        theme, rect = ink.theme, scale.rect
        right = Scale(rect, scale.x_range, self.bar_range)
        for value, text in value_ticks(self.bar_range, rect.height()):
            y = right.y(value)
            ink.line(rect.right(), y, rect.right() + 4, y, solid_pen(theme.backward))
            ink.text(rect.right() + 7, y, text, theme.backward, SMALL_SIZE)

    def sequence_at(self, at: QPointF) -> int | None:
        """The sequence whose line is near this place."""
        return nearest_sequence(self.scale(), self.series, at)

    def resizeEvent(self, _event: object) -> None:
        """Markers need room between the columns."""
        self._renew()

    @property
    def _finite(self) -> bool:
        return any(np.isfinite(series.y).any() for series in self.series)

    @property
    def _room(self) -> float:
        return self.plot_rect().width() / max(self.x_range.span, 1.0)

    def _paint_bars(self, ink: Ink, scale: Scale, frame: Frame) -> None:
        """Two bars beside each other in the middle of each column; overflown ones are left out."""
        bars = Scale(scale.rect, scale.x_range, self.bar_range)
        width = min(max(self._room * (0.17 if self._room > 20 else 0.4), 1.0), 26.0)
        x, *heights = self.bars
        low, high = scale.x_range
        shown = (x >= low - 1) & (x <= high + 1)
        now = x[shown] == (frame.step.timestamp if frame.step.kind is Kind.D_WEIGHTS else -1)
        for values, side, paint in zip(heights, (-1, 0), (_paint_wx, _paint_wrec), strict=True):
            lefts = bars.xs(x[shown]) + side * width
            rects = _rects(lefts, bars.ys(values[shown]), bars.y(0.0), width, values[shown])
            paint(ink, [rect for rect in rects if rect is not None])
            if now.any() and width > 3:
                current = rects[int(np.argmax(now))]
                if current is not None:
                    _outline(ink, current)


def _added(frame: Frame) -> tuple[Array, Array, Array]:
    """The timestamps at which it is known, and what they add to dE/dWx and dE/dWrec."""
    known, trace = frame.known(Kind.D_WEIGHTS), frame.trace
    rows = slice(known.start - 1, known.stop - 1)
    return (
        np.array(known, dtype=np.float64),
        trace.d_wx_by_timestamp[rows],
        trace.d_wrec_by_timestamp[rows],
    )


def _rects(
    lefts: Array, tops: Array, zero: float, width: float, values: Array
) -> list[QRectF | None]:
    """A bar for each value, None for one that is not finite.

    A pixel high at least, so that a small number is not taken for none; 0 is flat.
    """
    made: list[QRectF | None] = []
    for left, top, value in zip(lefts.tolist(), tops.tolist(), values.tolist(), strict=True):
        tall = max(abs(zero - top), 1.0) if value else 0.0
        bar = QRectF(left, min(zero, top), max(width - 1, 1.0), tall)
        made.append(bar if top == top else None)
    return made


def gradient_stroke(look: Look, index: int, chosen: bool, room: float) -> Stroke:
    style = look.theme.sequence(index)
    symbol, size = marker_of(style, chosen, room)
    width, alpha = (2.2, 1.0) if chosen else (1.3, 0.75)
    return Stroke(style.colour, width, dash_of(style), symbol, True, size, alpha)


def _paint_wx(ink: Ink, rects: list[QRectF]) -> None:
    ink.fill(*rects, colour=faded(ink.theme.backward, 0.75))


def _paint_wrec(ink: Ink, rects: list[QRectF]) -> None:
    """Pale bars with slanted lines: told from the other ones without their colour."""
    ink.fill(*rects, colour=faded(ink.theme.backward, 0.28))
    for rect in rects:
        if rect.width() >= 5:
            _hatch(ink, rect)


def _hatch(ink: Ink, rect: QRectF) -> None:
    pen = solid_pen(ink.theme.backward, 1.0)
    # Lines x + y = c, cut to the bar by hand: SVG has no clipping here.
    c = rect.left() + rect.top() + 3
    while c < rect.right() + rect.bottom():
        x1 = max(rect.left(), c - rect.bottom())
        x2 = min(rect.right(), c - rect.top())
        ink.line(x1, c - x1, x2, c - x2, pen)
        c += 5


def _outline(ink: Ink, rect: QRectF) -> None:
    pen = solid_pen(QColor(ink.theme.backward), 2.0)
    frame = rect.adjusted(-1.5, -1.5, 1.5, 1.5)
    ink.box(frame, pen, None, 1)
