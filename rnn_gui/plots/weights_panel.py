"""Both weights at every epoch of the run."""

from __future__ import annotations

import numpy as np

from core.data.notation import number
from core.data.values import Array
from core.epoch.frame import Frame
from core.training.run import Run
from rnn_gui.plots.epoch_marks import Name
from rnn_gui.plots.epoch_panel import EpochPanel
from rnn_gui.plots.ghost_lines import ghost_entry
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import DASHED, DOTTED
from rnn_gui.plots.ranges import UNIT, padded, range_of
from rnn_gui.plots.series import Series, Stroke
from rnn_gui.plots.thinning import Thinning, thinning_of
from rnn_gui.theme import Look
from rnn_gui.tutorial_cell import WEIGHTS

_SYMBOLS = ("o", "s")


class WeightsPanel(EpochPanel):
    """Wx solid and with round markers, Wrec with long dashes and square ones, as an epoch starts
    from them; the weights shown have a marker, after the update the new ones.
    """

    figure = "history"  # whose table holds the weights
    y_label = "Wx, Wrec"

    def __init__(self, *, standalone: bool = False) -> None:
        super().__init__(standalone=standalone)
        self.past: list[Series] = []
        self.later: list[Series] = []
        self.present: list[Series] = []

    def own_title(self, _frame: Frame) -> str:
        return "Weights"

    def columns(self, run: Run) -> list[tuple[Array, Thinning]]:
        thinning = thinning_of(run)
        return [(run.column(0), thinning.wx), (run.column(1), thinning.wrec)]

    def prepare_lines(self, frame: Frame) -> None:
        run, now = frame.run, _epoch_of_weights(frame)
        self.past, self.later, self.present = [], [], []
        place = np.array([self.scale.place(now)])
        for column, symbol in enumerate(_SYMBOLS):
            line, later, marker = strokes(self.look, column)
            line, later = self.marked(line, later, symbol)
            self.past.append(self.part(run, column, 0, now + 1, line))
            self.later.append(self.part(run, column, now, run.last + 1, later))
            self.present.append(Series(place, np.array([frame.weights[WEIGHTS[column]]]), marker))
        drawn = range_of([s.y for s in (*self.past, *self.later)])
        self.y_range = padded(self.with_ghosts(drawn) or UNIT)

    def lines(self) -> list[Series]:
        return [*self.ghost_series(), *self.later, *self.past, *self.present]

    def legend_entries(self, frame: Frame) -> list[Entry]:
        entries = [
            stroke_entry(f"{name} {number(weight, self.look.digits)}", strokes(self.look, i)[0])
            for i, (name, weight) in enumerate(frame.weights.items())
        ]
        if _epoch_of_weights(frame) < frame.run.last:
            entries.append(stroke_entry("already run", strokes(self.look, 0)[1]))
        return entries + [ghost_entry(self.look, ghost) for ghost in self.ghosts]

    def end_names(self) -> list[Name]:
        """Each weight's at the end of its line."""
        theme, named = self.look.theme, []
        for name, past, later in zip(WEIGHTS, self.past, self.later, strict=True):
            ahead = len(later.x) > 1
            at = self.end_of(later if ahead else past)
            if at is not None:
                named.append(Name(name, at, theme.muted if ahead else theme.update, True))
        return named


def strokes(look: Look, column: int) -> tuple[Stroke, Stroke, Stroke]:
    """Of one weight: up to now, already run, and the weight shown."""
    theme = look.theme
    return (
        Stroke(theme.update, 1.8, ((), (8.0, 3.0))[column], smooth=True),
        Stroke(theme.muted, 1.1, (DASHED, DOTTED)[column], alpha=0.75, smooth=True),
        Stroke(theme.update, 0.0, (), _SYMBOLS[column], True, 8.0),
    )


def _epoch_of_weights(frame: Frame) -> int:
    """The epoch that starts from the weights shown."""
    return frame.position.epoch + (frame.after_update is not None)
