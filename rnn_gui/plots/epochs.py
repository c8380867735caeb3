"""The axis of epochs: where an epoch stands, on a linear scale or a logarithmic one.

A logarithm has no place for epoch 0, so the logarithmic scale is one of epoch + 1: epoch 0
stands at 0, epoch 9 at 1. Ticks stand where the epochs do that they name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from core.data.values import Array
from rnn_gui.plots.ink import text_width
from rnn_gui.plots.ranges import Range, nice_step
from rnn_gui.plots.thinning import Thinning
from rnn_gui.theme import SMALL_SIZE

FEWEST = 4  # epochs that a view shows at least
_SIDE = 0.02  # of the width, free at both ends for markers
STEADY = 40  # moves of the axis, while a run grows to ten times its length, about
_APART = 10.0  # pixels between the texts of two ticks
_FEW_TICKS = 3
# On a logarithmic scale epochs that are shared out evenly over a factor of 4 lie twice as close
# at its end as at its start.
_FACTOR, _DENSER = 4, 2.2


class EpochScale(NamedTuple):
    """From epochs to places on the axis and back."""

    logarithmic: bool = False

    @property
    def label(self) -> str:
        return "epoch (log scale of epoch + 1)" if self.logarithmic else "epoch"

    def place(self, epoch: float) -> float:
        return math.log10(max(epoch, 0.0) + 1.0) if self.logarithmic else float(epoch)

    def places(self, epochs: Array) -> Array:
        if not self.logarithmic:
            return epochs
        logs: Array = np.log10(epochs + 1.0)
        return logs

    def epoch_at(self, place: float) -> float:
        """Between epochs, too; below epoch 0 there is none."""
        return max(10.0 ** min(place, 15.0) - 1.0 if self.logarithmic else place, 0.0)

    def whole(self, last: int, steady: int = STEADY) -> Range:
        """What holds the epochs from 0 to this one, and few more: a run that grows moves the
        axis now and then, not in every frame.
        """
        step = nice_step(last, steady) if last > steady else 1.0
        end = self.place(max(math.ceil(last / step) * step, 1))
        return Range(-_SIDE * end, (1 + _SIDE) * end)

    def seen(self, shown: Range, epochs: int) -> tuple[int, int]:
        """The first epoch to draw of so many, and the end: lines lead out of the view."""
        first = math.floor(self.epoch_at(shown.low)) - 1
        end = math.ceil(self.epoch_at(shown.high)) + 2
        return max(first, 0), min(end, epochs)

    def narrowest(self, at: float) -> float:
        """The span that shows the fewest epochs around this place."""
        epoch = self.epoch_at(at)
        return self.place(epoch + FEWEST / 2) - self.place(max(epoch - FEWEST / 2, 0.0))

    def thinned(
        self, thinning: Thinning, column: Array, first: int, end: int, density: float
    ) -> tuple[Array, Array]:
        """The places and numbers that draw ``column[first:end]``; so many pixels to one unit."""
        pieces = [
            thinning.points(column, start, stop, pixels)
            for start, stop, pixels in self._pieces(first, end, density)
        ]
        if not pieces:
            return np.empty(0), np.empty(0)
        epochs, values = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        return self.places(epochs), values

    def ticks(self, shown: Range, width: float) -> list[tuple[float, str]]:
        """Places and texts, as many as have room; of the logarithmic scale."""
        ticks, taken = list[tuple[float, str]](), list[tuple[float, float]]()
        pixel = shown.span / max(width, 1.0)
        for epoch in self._candidates(shown, width, ticks):
            place, text = self.place(epoch), f"{epoch:,}"
            half = (text_width(text, SMALL_SIZE) + _APART) / 2 * pixel
            if all(place + half <= low or high <= place - half for low, high in taken):
                taken.append((place - half, place + half))
                ticks.append((place, text))
        return sorted(ticks)

    def _pieces(self, first: int, end: int, density: float) -> Iterator[tuple[int, int, int]]:
        """First epoch, end and pixels of each part that can be thinned evenly."""
        while first < end:
            stop = end
            if self.logarithmic:
                stop = min(end, max(_FACTOR * (first + 1), first + round(density)))
            pixels = (self.place(stop) - self.place(first)) * density
            yield first, stop, max(round(pixels * (_DENSER if self.logarithmic else 1)), 1)
            first = stop

    def _candidates(
        self, shown: Range, width: float, ticks: list[tuple[float, str]]
    ) -> Iterator[int]:
        """Epochs in view that deserve a tick, the roundest first."""
        low, high = self.epoch_at(shown.low), self.epoch_at(shown.high)
        tens = [10**power for power in range(math.ceil(math.log10(high + 1)) + 1)]
        seen = [n for n in (0, *tens) if low <= n <= high]
        yield from seen
        yield from (m * n for m in (5, 2) for n in tens if low <= m * n <= high)
        if len(ticks) < _FEW_TICKS:
            step = max(round(nice_step(high - low, width / 60)), 1)
            yield from range(math.ceil(low / step) * step, math.floor(high) + 1, step)
