"""Which epochs are in view: zooming, moving, and following the present epoch."""

from __future__ import annotations

from typing import NamedTuple

from rnn_gui.plots.epochs import EpochScale
from rnn_gui.plots.ranges import Range

_SIDE = 0.02  # of the width, left free beside an epoch that is brought into view


class EpochView(NamedTuple):
    """A part of the axis in places of its scale; ``shown`` is None for all epochs of the present
    run, or with ``everything`` of all runs.
    """

    scale: EpochScale = EpochScale()
    shown: Range | None = None
    everything: bool = False

    def on(self, scale: EpochScale) -> EpochView:
        """The same epochs on another scale."""
        if self.shown is None:
            return self._replace(scale=scale)
        ends = (scale.place(self.scale.epoch_at(place)) for place in self.shown)
        return self._replace(scale=scale, shown=Range(*ends))

    def around(self, first: int, last: int) -> EpochView:
        """From one epoch to another, with some room beside them."""
        low, high = self.scale.place(first), self.scale.place(max(last, first + 1))
        room = _SIDE * (high - low)
        return self._replace(shown=Range(low - room, high + room))

    def zoomed(self, factor: float, centre: float, whole: Range) -> EpochView:
        """Magnified around a place, which stays where it is."""
        shown = self.shown or whole
        narrowest = min(self.scale.narrowest(centre), whole.span)
        span = min(max(shown.span / factor, narrowest), whole.span)
        share = (centre - shown.low) / shown.span
        return self.moved(centre - share * span, span, whole)

    def moved(self, low: float, span: float, whole: Range) -> EpochView:
        """With its left end there, as far as there are epochs."""
        if span >= whole.span * (1 - 1e-9):
            return self._replace(shown=None)
        low = min(max(low, whole.low), whole.high - span)
        return self._replace(shown=Range(low, low + span))

    def following(self, epoch: int, whole: Range) -> EpochView:
        """Moved just so far that this epoch is in view."""
        if self.shown is None:
            return self
        place, span = self.scale.place(epoch), self.shown.span
        if self.shown.low <= place <= self.shown.high:
            return self
        room = _SIDE * span
        low = min(max(self.shown.low, place + room - span), place - room)
        return self.moved(low, span, whole)
