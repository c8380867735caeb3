"""Training in slices, so that the window answers all the while."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from core.replay import train_for
from core.training import Run

# A slice this long leaves half of a frame at 60 Hz to the painting of it.
SLICE_SECONDS = 0.008


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
        more = train_for(self.run, self.goal, SLICE_SECONDS)
        self.advanced.emit()
        if not more and self._timer.isActive():
            self.stop()
