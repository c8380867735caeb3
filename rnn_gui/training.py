"""Training in slices, so that the window answers all the while."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from core.training.replay import train_for
from core.training.run import Run

# A slice this long leaves half of a frame at 60 Hz to the painting of it.
SLICE_SECONDS = 0.008


class Training(QObject):
    """Takes a run to a goal, slice by slice, until it is there, ends or is paused.

    With ``until`` the goal may come earlier: the first epoch whose cost is below that value.
    ``epoch`` is where it stands.
    """

    advanced = Signal()
    ended = Signal()

    def __init__(
        self, run: Run, start: int, goal: int, until: float | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.run, self.start, self.goal, self.until = run, start, goal, until
        self.epoch = start
        self._begun = perf_counter()
        run.expect(goal - run.last)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._work)
        self._timer.start(0)

    @property
    def reached(self) -> bool:
        """Whether it stands where it was to go."""
        below = self.until is not None and self.run.costs[self.epoch] < self.until
        return below or (self.until is None and self.epoch == self.goal)

    @property
    def speed(self) -> float:
        """Epochs per second, so far."""
        return (self.epoch - self.start) / max(perf_counter() - self._begun, 1e-9)

    @property
    def seconds_left(self) -> float:
        """How long it takes to the goal, at the speed so far."""
        return (self.goal - self.epoch) / max(self.speed, 1e-9)

    def stop(self) -> None:
        self._timer.stop()
        self.ended.emit()

    def _work(self) -> None:
        more = train_for(self.run, self.goal, SLICE_SECONDS)
        arrived = self._advance(min(self.run.last, self.goal))
        self.advanced.emit()
        if (arrived or not more) and self._timer.isActive():
            self.stop()

    def _advance(self, last: int) -> bool:
        """Stand at the first epoch that is good enough, or else at the last one there is."""
        if self.until is not None:
            below = np.flatnonzero(self.run.costs[self.epoch : last + 1] < self.until)
            if len(below):
                self.epoch += int(below[0])
                return True
        self.epoch = last
        return False
