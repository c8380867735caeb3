"""One start, in a process of its own: tells when a window is painted, and when it is complete.

    python -m benchmarks.start_once bare|program

Both sides are started and watched alike, so nothing is imported here but Qt. What is printed are
readings of the clock that all processes share.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

TICK_MS = 20
QUIET_TICKS = 15  # a window that paints nothing for so long is complete


def bare() -> int:
    """The least that Qt can show."""
    application = QApplication([])
    window = QWidget()
    painted = Painted(window)
    window.show()
    status = application.exec()
    painted.tell()
    return status


def program() -> int:
    """`rnn-gui`, as it is started from a terminal."""
    from rnn_gui.__main__ import main
    from rnn_gui.app import make_application

    finder = MainWindowFinder()
    make_application().installEventFilter(finder)
    status = main([])
    finder.painted.tell()
    return status


class MainWindowFinder(QObject):
    """Watches the program's window from the moment it is shown, and nothing after that."""

    painted: Painted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QMainWindow):
            self.painted = Painted(watched)
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        return False


class Painted(QObject):
    """Reads the clock when the window has been painted first and last; then ends the program."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._times: list[float] = []
        self._quiet = 0
        # Ticks, because a single long interval would be over while the window is being made.
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tick)
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
            QTimer.singleShot(0, self._read)  # what is painted is on screen before that
        return False

    def _read(self) -> None:
        self._times.append(time.perf_counter())
        self._quiet = 0
        self._ticks.start()

    def _tick(self) -> None:
        self._quiet += 1
        if self._quiet == QUIET_TICKS:
            QApplication.quit()

    def tell(self) -> None:
        print(self._times[0], self._times[-1])


if __name__ == "__main__":
    sys.exit({"bare": bare, "program": program}[sys.argv[1]]())
