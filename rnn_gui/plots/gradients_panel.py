"""dE/dState (In) of each sequence, and what each timestamp adds to dE/dWx and dE/dWrec."""

from __future__ import annotations

import numpy as np

from core.cell.names import sequence_name
from core.cell.steps import Kind
from core.data.values import Array
from core.epoch.frame import Frame
from rnn_gui.plots.bars import Bars, wrec_mark, wx_mark
from rnn_gui.plots.columns import FEW_SEQUENCES, ColumnPanel, chosen_last
from rnn_gui.plots.comparison import stretched, thin_entry, thin_lines
from rnn_gui.plots.header import Entry, stroke_entry, swatch_entry
from rnn_gui.plots.ink import solid_pen
from rnn_gui.plots.ranges import Range, aligned, padded, range_of
from rnn_gui.plots.series import Series, Stroke
from rnn_gui.plots.spread import SpreadItem, SpreadMemory, spread_mark
from rnn_gui.plots.states_panel import dash_of, marker_of
from rnn_gui.theme import Look
from rnn_gui.tutorial_cell import D_STATE_IN, PARTS

EMPTY = "Gradients appear with the backward pass"
_TRIED = "A sequence that is only tried has no backward pass"
OVERFLOWN = "These gradients are not finite numbers"
_NOTHING = Range(0.0, 0.0)


class GradientsPanel(ColumnPanel):
    """Lines on the left axis, bars on the right one; zero stands at the same height in both."""

    figure = "gradients"
    y_label = "dE/dState (In)"

    def __init__(
        self, *, standalone: bool = False, joined: tuple[bool, bool] = (False, False)
    ) -> None:
        super().__init__(standalone=standalone, joined=joined)
        self.right_axis.setStyle(tickLength=4, tickTextOffset=6)
        self.bars = (np.empty(0), np.empty(0), np.empty(0))  # timestamps, dE/dWx, dE/dWrec
        self.bar_range = _NOTHING
        self.thin: list[Series] = []  # of the network without activation
        self._bar_layer = Bars(self.vb)
        self.spread = SpreadItem(self.vb)
        self._spreads = SpreadMemory()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.right_axis.setTickPen(solid_pen(look.theme.backward))
        self.right_axis.setTextPen(look.theme.backward)

    def own_title(self, _frame: Frame) -> str:
        return "Gradients"

    def prepare(self, frame: Frame) -> None:
        known, room = frame.known(*D_STATE_IN), self.column_width
        x, rows = np.array(known, dtype=np.float64), frame.block(*D_STATE_IN)
        self.series = [
            Series(x, rows[:, i], gradient_stroke(self.look, i, i == frame.sequence, room), i)
            for i in chosen_last(frame)
        ]
        many = frame.sequences > FEW_SEQUENCES
        at, table = range(known.start - 1, known.stop - 1), frame.trace.gradient_table("S(In)")
        found = self._spreads.spread(x, table, at, frame.sequence) if many else None
        self.spread.spread = found
        other = frame.unactivated
        block = other.block(*D_STATE_IN) if other else rows
        self.thin = thin_lines(self.look, frame, x, block) if other else []
        self.bars = _added(frame)
        drawn = [s.y for s in self.series] + self.spread.ends
        data = range_of([[0.0], *(self.in_view(x, y) for y in drawn)]) or _NOTHING
        lines = padded(stretched(data, range_of(self.in_view(x, s.y) for s in self.thin)))
        added = [self.in_view(self.bars[0], y) for y in self.bars[1:]]
        bars = range_of([[0.0], *added]) or _NOTHING
        self.y_range, self.bar_range = lines, _NOTHING
        if bars.span:
            self.y_range, self.bar_range = aligned(lines, padded(bars))

    def legend_entries(self, frame: Frame) -> list[Entry]:
        chosen = gradient_stroke(self.look, frame.sequence, True, 99)
        entries = [
            stroke_entry("dE/dState (In)", chosen),
            swatch_entry("added to dE/dWx", wx_mark),
            swatch_entry("added to dE/dWrec", wrec_mark),
            Entry("(bars: right axis)"),
        ]
        if frame.unactivated is not None:
            entries.insert(1, thin_entry(self.look, self.thin, self.y_range))
        if frame.sequences > FEW_SEQUENCES:
            entries.append(swatch_entry("the others: range, median", spread_mark))
        elif self.standalone:
            entries += [
                stroke_entry(sequence_name(i), gradient_stroke(self.look, i, False, 99))
                for i in range(frame.sequences)
            ]
        return entries

    def lines(self) -> list[Series]:
        muted = self.look.theme.muted
        return [*self._zero(), *self.thin, *self.spread.middle(muted), *self.series]

    def _zero(self) -> list[Series]:
        """The line that the bars stand on."""
        if self.frame is None or self.message(self.frame):
            return []
        return [Series(np.array(self.x_range), np.zeros(2), Stroke(self.look.theme.muted, 0.8))]

    def message(self, frame: Frame) -> str:
        if not frame.known(*D_STATE_IN):
            return nothing_yet(frame)
        finite = any(np.isfinite(series.y).any() for series in self.series)
        return "" if finite else OVERFLOWN

    def show_items(self, frame: Frame) -> None:
        super().show_items(frame)
        shown = not self.message(frame)
        self.left_axis.show_numbers(shown)
        self.spread.show_spread(self.look.theme.muted, self.axes_in_pixels)
        self._show_bars(frame)

    def _show_bars(self, frame: Frame) -> None:
        """They are drawn on the left axis; the right one tells what they would be on it."""
        scale = self.bar_range.span / self.y_range.span
        self.right_axis.show_numbers(bool(scale))
        self.right_axis.setScale((scale or 1.0) * self.y_range.unit)
        room = self.column_width
        width = min(max(room * (0.17 if room > 20 else 0.4), 1.0), 26.0)
        current = frame.step.timestamp if frame.step.kind is Kind.PARTS else -1
        x, *heights = self.bars
        d_wx, d_wrec = (values / (scale or 1.0) for values in heights)
        axes, theme = self.axes_in_pixels, self.look.theme
        self._bar_layer.show_bars(x, (d_wx, d_wrec), width, current, axes, theme)


def _added(frame: Frame) -> tuple[Array, Array, Array]:
    """The timestamps at which it is known, and what they add to dE/dWx and dE/dWrec."""
    known, trace = frame.known(*PARTS), frame.trace
    rows = slice(known.start - 1, known.stop - 1)
    return (
        np.array(known, dtype=np.float64),
        trace.parts("Wx")[rows],
        trace.parts("Wrec")[rows],
    )


def gradient_stroke(look: Look, index: int, chosen: bool, room: float) -> Stroke:
    style = look.theme.sequence(index)
    symbol, size = marker_of(style, chosen, room)
    width, alpha = (2.2, 1.0) if chosen else (1.3, 0.75)
    return Stroke(style.colour, width, dash_of(style), symbol, True, size, alpha)


def nothing_yet(frame: Frame) -> str:
    """Why there are no gradients at this position."""
    return _TRIED if frame.tried else EMPTY
