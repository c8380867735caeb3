"""Plots that share a slide with many: their titles name the axes, and the legend has one row.

The sizes of the gradients have a sentence for a title, on a slide that has to fit its width.
"""

from __future__ import annotations

from rnn_gui.plots.gradients_panel import GradientsPanel
from rnn_gui.plots.history_panel import HistoryPanel
from rnn_gui.plots.sizes_panel import SizesPanel
from rnn_gui.plots.states_panel import StatesPanel


class _Small:
    """Before the panel in the order of classes."""

    y_label = ""

    @property
    def x_named(self) -> bool:
        return False

    @property
    def header_wrapped(self) -> bool:
        return False


class SmallStates(_Small, StatesPanel):
    """State (In) and State (Out)."""


class SmallGradients(_Small, GradientsPanel):
    """dE/dState (In), and what each timestamp adds."""


class SlideSizes(SizesPanel):
    """|dE/dState (In)| on a log axis."""

    @property
    def title_room(self) -> float:
        return self.room_beside_margins


class SmallSizes(SlideSizes):
    """The same among many panels."""

    y_label = ""

    @property
    def x_named(self) -> bool:
        return False


class SmallHistory(_Small, HistoryPanel):
    """The cost of every epoch."""
