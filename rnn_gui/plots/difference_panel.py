"""The error of the central difference against its step size: the V."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF

from core.data.notation import number
from core.epoch.frame import Frame
from core.exercises.gradient_check import STEP_SIZES, USUAL_STEP, Valley, valley, within_reach
from rnn_gui.plots.axes import ValueAxis
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import data_pen, solid_pen, text_width
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.series import Series, Stroke
from rnn_gui.theme import SMALL_SIZE, Look
from rnn_gui.tutorial_cell import WEIGHTS

TITLE = "Error of the central difference"
NOT_FINITE = "The cost is not finite here: there is no derivative to compare"
TOO_LARGE = "There is too much data here to go through it again for every step size"
_LEAST = -17.0  # powers of ten: an error below rounding, 0 among them, stands on the axis
_BESIDE = 14.0  # pixels between the texts under the axis


class DifferencePanel(Panel):
    """Both axes in powers of ten: Wx with a solid line and round markers, Wrec dashed with
    hollow squares. A ring marks the best step size of each, an upright line the chosen one.
    """

    figure = "differences"
    x_label = "step size h"
    y_label = "relative error"
    bottom_axis = ValueAxis
    y_spacing = 24.0

    def __init__(self, *, standalone: bool = False) -> None:
        super().__init__(standalone=standalone)
        self.setLogMode(y=True)
        self.vb.disableAutoRange()
        self.chosen = USUAL_STEP
        self.valley: Valley | None = None
        self.rings: list[Series] = []
        self._cursor = pg.InfiniteLine(0.0, 90)
        self._cursor.setZValue(-1)
        self.addItem(self._cursor)

    def choose(self, step: float) -> None:
        """The step size that the line stands at, one of `STEP_SIZES`."""
        self.chosen = step
        self._renew()

    def step_at(self, at: QPointF) -> float:
        """The step size nearest to one of the panel's own pixels."""
        power = self.data_at(at).x()
        return min(STEP_SIZES, key=lambda step: abs(np.log10(step) - power))

    def set_look(self, look: Look) -> None:
        self._cursor.setPen(data_pen(solid_pen(look.theme.accent, 1.2, (4.0, 3.0)), 1.0))
        super().set_look(look)

    def own_title(self, _frame: Frame) -> str:
        return TITLE

    def prepare(self, frame: Frame) -> None:
        experiment, weights = frame.experiment, frame.trace.weights
        if not within_reach(experiment):
            self.valley = None
        elif self.valley is None or not self.valley.belongs_to(experiment, weights):
            self.valley = valley(experiment, weights)
        self.series, self.rings = [], []
        if self.valley is not None:
            self._prepare_lines(self.valley)
        self.x_range = Range(np.log10(STEP_SIZES[-1]) - 0.5, np.log10(STEP_SIZES[0]) + 0.5)
        self.y_range = self._room()
        self._show_powers()

    def _prepare_lines(self, found: Valley) -> None:
        powers = np.log10(found.steps)[::-1]
        for weight, stroke in enumerate(strokes(self.look)):
            errors = np.maximum(found.errors[weight][::-1], 10.0**_LEAST)  # nan stays nan
            self.series.append(Series(powers, errors, stroke))
            best = found.best(weight)
            if best is not None:
                at = np.log10(best[:1]), np.maximum(best[1:], 10.0**_LEAST)
                self.rings.append(Series(*at, _ring(self.look, stroke)))

    def lines(self) -> list[Series]:
        return [*self.rings, *self.series]

    def legend_entries(self, _frame: Frame) -> list[Entry]:
        if not self.rings:
            return []
        named = zip(WEIGHTS, strokes(self.look), strict=True)
        line = Stroke(self.look.theme.accent, 1.2, (4.0, 3.0))
        return [
            *(stroke_entry(name, stroke) for name, stroke in named),
            stroke_entry("best", replace(self.rings[0].stroke, size=12.0)),
            stroke_entry(f"h = {number(self.chosen)}", line),
        ]

    def message(self, _frame: Frame) -> str:
        if self.valley is None:
            return TOO_LARGE
        return "" if self.rings else NOT_FINITE

    def show_items(self, _frame: Frame) -> None:
        self._cursor.setVisible(bool(self.rings))
        self._cursor.setValue(np.log10(self.chosen) / self.x_range.unit)
        self.left_axis.show_numbers(bool(self.rings))

    @property
    def x_named(self) -> bool:
        return True

    def _room(self) -> Range:
        """Whole powers of ten, 1 among them: there no digit of the difference is right."""
        shown = [s.y[np.isfinite(s.y)] for s in self.series]
        smallest = min((float(y.min()) for y in shown if y.size), default=1e-12)
        return Range(np.floor(np.log10(smallest)) - 0.3, 0.6)

    def _show_powers(self) -> None:
        """As many step sizes as have room for their texts."""
        widest = text_width(number(STEP_SIZES[-1]), SMALL_SIZE) + _BESIDE
        every = max(1, int(np.ceil(widest * self.pixel[0])))
        powers = range(-1, -len(STEP_SIZES) - 1, -every)
        self.below.show_ticks([(float(p), number(10.0**p)) for p in powers])


def strokes(look: Look) -> tuple[Stroke, Stroke]:
    """Of Wx and of Wrec."""
    theme = look.theme
    return (
        Stroke(theme.backward, 1.6, (), "o", True, 7.0),
        Stroke(theme.text, 1.3, (6.0, 3.0), "s", False, 6.5),
    )


def _ring(look: Look, stroke: Stroke) -> Stroke:
    return Stroke(look.theme.accent, 0.0, (), stroke.symbol, False, 15.0)
