"""The cost of every epoch of the run."""

from __future__ import annotations

import numpy as np

from core.data.notation import number
from core.data.values import Array
from core.epoch.frame import Frame
from core.training.run import Run
from rnn_gui.plots.epoch_panel import EpochPanel, fitting
from rnn_gui.plots.ghost_lines import ghost_entry
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import DASHED
from rnn_gui.plots.ranges import Range, padded
from rnn_gui.plots.series import NOTHING, Series, Stroke
from rnn_gui.plots.thinning import Thinning, thinning_of
from rnn_gui.theme import Look

EMPTY = "The cost appears at the end of the forward pass"
ALL_ZERO = "These costs are 0: a log axis has no place for them"
NO_ZERO = "0 not shown"


class HistoryPanel(EpochPanel):
    """Solid up to the present epoch, a marker on it once its cost is known, and a pale dashed
    line over the epochs that the run already went through after it.
    """

    figure = "history"
    y_label = "cost E"

    def __init__(self, *, standalone: bool = False, logarithmic: bool = False) -> None:
        super().__init__(standalone=standalone)
        self.logarithmic = logarithmic
        self.past = self.later = self.present = NOTHING
        self.set_logarithmic(logarithmic)

    def set_logarithmic(self, logarithmic: bool) -> None:
        self.logarithmic = logarithmic
        self.setLogMode(y=logarithmic)
        self.vb.disableAutoRange()
        self._ranges = None
        self._renew()

    def own_title(self, _frame: Frame) -> str:
        return "Cost"

    def columns(self, run: Run) -> list[tuple[Array, Thinning]]:
        thinning = thinning_of(run)
        return [(run.costs, thinning.positive_costs if self.logarithmic else thinning.costs)]

    def prepare_lines(self, frame: Frame) -> None:
        run, epoch = frame.run, frame.position.epoch
        line, later, marker = strokes(self.look)
        done = epoch + (frame.cost is not None)
        line, later = self.marked(line, later)
        self.past = self.part(run, 0, 0, done, line)
        self.later = self.part(run, 0, epoch + 1, run.last + 1, later)
        at = np.arange(epoch, done, dtype=np.float64)
        self.present = Series(self.scale.places(at), run.costs[epoch:done], marker)
        self.y_range = self._room()

    def lines(self) -> list[Series]:
        if self.empty or self.message_of_zeros:
            return []
        return [*self.ghost_series(), self.later, self.past, self.present]

    def message(self, _frame: Frame) -> str:
        return EMPTY if self.empty else self.message_of_zeros

    @property
    def message_of_zeros(self) -> str:
        """Where a logarithmic axis has nothing to show."""
        drawn = (self.past, self.later, *self.ghost_series())
        return "" if not self.logarithmic or any((s.y > 0).any() for s in drawn) else ALL_ZERO

    def legend_entries(self, frame: Frame) -> list[Entry]:
        if self.empty:
            return []
        line, later, marker = strokes(self.look)
        epoch = frame.position.epoch
        entries = [stroke_entry(f"before epoch {epoch:,}", line)] if epoch else []
        if frame.cost is not None:
            entries.append(stroke_entry(f"now {number(frame.cost, self.look.digits)}", marker))
        if self.logarithmic and any((s.y <= 0).any() for s in (self.past, self.later)):
            entries.append(Entry(NO_ZERO))
        if epoch < frame.run.last:
            entries.append(stroke_entry("already run", later))
        return entries + [ghost_entry(self.look, ghost) for ghost in self.ghosts]

    @property
    def empty(self) -> bool:
        """Whether no cost is known yet, of any epoch of any run."""
        frame = self.frame
        known = frame is not None and (frame.cost is not None or frame.run.last > 0)
        return not known and not self.ghosts

    def _room(self) -> Range:
        """All of the present run that is in view; from 0 on, where all epochs are."""
        data = fitting([self.past.y, self.later.y], self.logarithmic)
        if self.logarithmic:
            return self.with_ghosts(data) or Range(0.0, 1.0)
        if data is not None and not self.zoomed:
            data = Range(min(data.low, 0.0), data.high)
        data = self.with_ghosts(data)
        return Range(0.0, 1.0) if data is None else padded(data)


def strokes(look: Look) -> tuple[Stroke, Stroke, Stroke]:
    """Up to now, already run, and the present epoch."""
    theme = look.theme
    return (
        Stroke(theme.forward, 1.8, smooth=True),
        Stroke(theme.muted, 1.1, DASHED, alpha=0.75, smooth=True),
        Stroke(theme.forward, 0.0, (), "o", True, 9.0),
    )
