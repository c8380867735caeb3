"""Training in slices, so that the window answers all the while."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from core.training import Run

# A slice this long leaves half of a frame at 60 Hz to the painting of it.
SLICE_SECONDS = 0.008


def train_slice(run: Run, goal: int) -> bool:
    """Train towards epoch ``goal`` for about one slice of time; True while there is more to do."""
    end = perf_counter() + SLICE_SECONDS
    chunk = 1
    while run.last < goal and perf_counter() < end:
        if not run.extend(min(chunk, goal - run.last)):
            return False
        chunk = min(2 * chunk, 256)
    return run.last < goal


class Training(QObject):
    """Takes a run to a goal, slice by slice, until it is there, ends or is paused."""

    advanced = Signal()
    ended = Signal()

    def __init__(self, run: Run, start: int, goal: int, parent: QObject) -> None:
        super().__init__(parent)
        self.run, self.start, self.goal = run, start, goal
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._work)
        self._timer.start(0)

    def stop(self) -> None:
        self._timer.stop()
        self.ended.emit()

    def _work(self) -> None:
        more = train_slice(self.run, self.goal)
        self.advanced.emit()
        if not more and self._timer.isActive():
            self.stop()
