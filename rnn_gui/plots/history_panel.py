"""The cost of every epoch of the run."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyqtgraph as pg

from core.activations import Array
from core.frame import Frame
from core.notation import number
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import DASHED, data_pen, solid_pen
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import Range, padded, range_of
from rnn_gui.plots.series import NOTHING, Series, Stroke
from rnn_gui.theme import Look, faded

EMPTY = "The cost appears at the end of the forward pass"
_FEW = 30  # so few epochs have a marker each
_SIDE = 0.02  # of the width, free at both ends for markers


class HistoryPanel(Panel):
    """Solid up to the present epoch, a marker on it once its cost is known, and a pale dashed
    line over the epochs that the run already went through after it.
    """

    figure = "history"
    x_label = "epoch"
    y_label = "cost E"
    right = 28

    def __init__(self, *, standalone: bool = False, logarithmic: bool = False) -> None:
        super().__init__(standalone=standalone)
        self.logarithmic = logarithmic
        self.past = self.later = self.present = NOTHING
        self.vb.set_overhang(6, 5, 6, 5)
        self.setDownsampling(auto=True, mode="peak")
        self.setClipToView(True)
        self._now = pg.InfiniteLine(0.0, 90)
        self.addItem(self._now)
        self.set_logarithmic(logarithmic)

    def set_logarithmic(self, logarithmic: bool) -> None:
        self.logarithmic = logarithmic
        self.setLogMode(y=logarithmic)
        self.vb.disableAutoRange()
        self._ranges = None
        self._renew()

    def set_look(self, look: Look) -> None:
        pen = solid_pen(faded(look.theme.forward, 0.5), 1.0, DASHED)
        self._now.setPen(data_pen(pen, self.pixel_ratio))
        super().set_look(look)

    def own_title(self, _frame: Frame) -> str:
        return "Cost"

    def prepare(self, frame: Frame) -> None:
        costs, epoch = frame.run.costs, frame.position.epoch
        line, later, marker = strokes(self.look)
        done = epoch + (frame.cost is not None)
        if len(costs) <= _FEW:
            line, later = replace(line, symbol="o", size=6.0), replace(later, symbol="o", size=4.0)
        self.past = _part(costs, 0, done, line)
        self.later = _part(costs, epoch + 1, len(costs), later)
        self.present = _part(costs, epoch, done, marker)
        last = float(max(frame.run.last, 1))
        self.x_range = Range(-_SIDE * last, (1 + _SIDE) * last)
        self.y_range = self._room_for(self.past.y, self.later.y)

    def lines(self) -> list[Series]:
        return [] if self.empty else [self.later, self.past, self.present]

    def message(self, _frame: Frame) -> str:
        return EMPTY if self.empty else ""

    def legend_entries(self, frame: Frame) -> list[Entry]:
        if self.empty:
            return []
        line, later, marker = strokes(self.look)
        epoch = frame.position.epoch
        entries = [stroke_entry(f"before epoch {epoch:,}", line)] if epoch else []
        if frame.cost is not None:
            entries.append(stroke_entry(f"now {number(frame.cost, self.look.digits)}", marker))
        if len(self.later.x):
            entries.append(stroke_entry("already run", later))
        return entries

    @property
    def empty(self) -> bool:
        """Whether no cost is known yet, of any epoch."""
        return not len(self.past.x) and not len(self.later.x)

    def show_items(self, _frame: Frame) -> None:
        self.left_axis.setVisible(not self.empty)
        self.below.setVisible(not self.empty)
        self._now.setVisible(len(self.present.x) > 0 and not self.empty)
        if len(self.present.x):
            self._now.setPos(float(self.present.x[0]) / self.x_range.unit)

    @property
    def x_named(self) -> bool:
        return True

    def _room_for(self, *costs: Array) -> Range:
        """On a logarithmic axis in powers of ten; a cost of 0 has no place there."""
        data = range_of(y[y > 0] if self.logarithmic else y for y in costs)
        if data is None:
            return Range(0.0, 1.0)
        if not self.logarithmic:
            return padded(Range(min(data.low, 0.0), data.high))
        low, high = (math.log10(end) * 10 for end in data)
        return Range(math.floor(low - 0.5) / 10, math.ceil(high + 0.5) / 10)


def strokes(look: Look) -> tuple[Stroke, Stroke, Stroke]:
    """Up to now, already run, and the present epoch."""
    theme = look.theme
    return (
        Stroke(theme.forward, 1.8, smooth=True),
        Stroke(theme.muted, 1.1, DASHED, alpha=0.75, smooth=True),
        Stroke(theme.forward, 0.0, (), "o", True, 9.0),
    )


def _part(costs: Array, first: int, end: int, stroke: Stroke) -> Series:
    """The costs from one epoch up to another."""
    y = costs[first:end]
    return Series(np.arange(first, first + len(y), dtype=float), y, stroke)
