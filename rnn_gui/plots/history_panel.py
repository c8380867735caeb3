"""The cost of every epoch of the run."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF

from core.activations import Array
from core.frame import Frame
from core.notation import number
from rnn_gui.plots.axes import Range, decade_ticks, padded, range_of
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import DASHED, Ink, solid_pen
from rnn_gui.plots.panel import Panel, Ticks
from rnn_gui.plots.series import Scale, Series, Stroke, draw_series, thinned
from rnn_gui.theme import Look, faded

EMPTY = "Train or step through an epoch to see the cost over epochs"
_FEW = 30  # so few epochs have a marker each
_BINS = 600  # more points than a screen has columns are thinned to this many times two


class HistoryPanel(Panel):
    """Solid up to the present epoch, a marker on it once its cost is known, and a pale dashed
    line over the epochs that the run already went through after it.
    """

    figure = "history"
    x_label = "epoch"
    y_label = "cost E"
    right = 28.0

    def __init__(self, *, standalone: bool = False, logarithmic: bool = False) -> None:
        super().__init__(standalone=standalone)
        self.logarithmic = logarithmic
        self.past = self.later = self.present = _series(_nothing(), _nothing(), Stroke(""))

    def set_logarithmic(self, logarithmic: bool) -> None:
        self.logarithmic = logarithmic
        self._renew()

    def own_title(self, _frame: Frame) -> str:
        return "Cost"

    def prepare(self, frame: Frame) -> None:
        costs, epoch = frame.run.costs, frame.position.epoch
        line, later, marker = strokes(self.look)
        done = epoch + (frame.cost is not None)
        if len(costs) <= _FEW:
            line, later = replace(line, symbol="o", size=6.0), replace(later, symbol="o", size=4.0)
        self.past = self._part(costs, 0, done, line)
        self.later = self._part(costs, epoch + 1, len(costs), later)
        self.present = self._part(costs, epoch, done, marker)
        self.x_range = Range(0.0, float(max(frame.run.last, 1)))
        data = range_of([self.past.y, self.later.y])
        self.y_range = _room_for(data, self.logarithmic) if data else Range(0.0, 1.0)

    def legend(self, frame: Frame) -> list[Entry]:
        if self.empty:
            return []
        line, later, marker = strokes(self.look)
        entries = [stroke_entry(f"before epoch {frame.position.epoch:,}", line)]
        if frame.cost is not None:
            entries.append(stroke_entry(f"now {number(frame.cost, self.look.digits)}", marker))
        if len(self.later.x):
            entries.append(stroke_entry("already run", later))
        return entries

    @property
    def empty(self) -> bool:
        """Whether there is no more than the first epoch to show."""
        return self.frame is None or self.frame.run.last == 0

    def paint_data(self, ink: Ink, scale: Scale) -> None:
        if self.empty:
            return
        draw_series(ink, scale, self.later)
        draw_series(ink, scale, self.past)
        if len(self.present.x):
            x = scale.x(float(self.present.x[0]))
            pen = solid_pen(faded(ink.theme.forward, 0.5), 1.0, DASHED)
            ink.line(x, scale.rect.top(), x, scale.rect.bottom() + 5, pen)
            draw_series(ink, scale, self.present)

    def paint_axes(self, ink: Ink, scale: Scale) -> None:
        if self.empty:
            self.message(ink, scale, EMPTY)
        else:
            super().paint_axes(ink, scale)

    def y_ticks(self, scale: Scale) -> Ticks:
        if self.empty:
            return []
        if self.logarithmic:
            return decade_ticks(scale.y_range, scale.rect.height())
        return super().y_ticks(scale)

    def clip_rect(self, scale: Scale) -> QRectF:
        return scale.rect.adjusted(-5, -5, 5, 5)

    @property
    def x_named(self) -> bool:
        return not self.empty

    def _part(self, costs: Array, first: int, end: int, stroke: Stroke) -> Series:
        """The costs from one epoch up to another, thinned where there are very many."""
        y = costs[first:end]
        if self.logarithmic:
            with np.errstate(divide="ignore", invalid="ignore"):
                y = np.log10(y)
        return _series(*thinned(np.arange(first, first + len(y), dtype=float), y, _BINS), stroke)


def strokes(look: Look) -> tuple[Stroke, Stroke, Stroke]:
    """Up to now, already run, and the present epoch."""
    theme = look.theme
    return (
        Stroke(theme.forward, 1.8, smooth=True),
        Stroke(theme.muted, 1.1, DASHED, alpha=0.75, smooth=True),
        Stroke(theme.forward, 0.0, (), "o", True, 9.0),
    )


def _room_for(data: Range, logarithmic: bool) -> Range:
    if not logarithmic:
        return padded(Range(min(data.low, 0.0), data.high))
    return Range(math.floor(data.low * 10 - 0.5) / 10, math.ceil(data.high * 10 + 0.5) / 10)


def _nothing() -> Array:
    return np.empty(0)


def _series(x: Array, y: Array, stroke: Stroke) -> Series:
    return Series(x, y, stroke)
