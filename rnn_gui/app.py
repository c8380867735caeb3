"""The application: from its settings to its last window."""

from __future__ import annotations

import builtins
import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from rnn_gui import __version__
from rnn_gui.main_window import MainWindow

if TYPE_CHECKING:  # loaded while the empty window is on screen
    from pathlib import Path

    from core.cell.steps import Position
    from core.training.run import Run

    LoadedSession = tuple[Run, Position, Path]

_NOT_STARTED = 2  # the exit status
_MOST_DETAILS = 20_000  # characters of a report


def run_window(session_file: LoadedSession | None = None) -> int:
    """Open the window, on the run of a session file if one was read; the exit status."""
    application = make_application()
    window = MainWindow(QSettings(), application)
    mistakes = UnexpectedMistakes(window, window.pause)
    mistakes.starting = True
    sys.excepthook = mistakes.tell
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal, as for any program

    def fill() -> None:
        with _hurry():
            _fill(window, application, session_file)
        mistakes.starting = False

    window.painted.connect(fill)
    window.show()
    status = application.exec()
    sys.excepthook = sys.__excepthook__
    # While Python still runs: at its very end plots and Qt are taken down in no good order.
    shiboken6.delete(window)
    return status


def make_application() -> QApplication:
    """The one QApplication, named so that settings find their place."""
    application = QApplication.instance()
    if application is None:
        # Not by setStyle: that loads all that Python can ask of a style.
        application = QApplication(["rnn-gui", "-style", "fusion"])
    assert isinstance(application, QApplication)
    application.setOrganizationName("rnn-stepper")
    application.setApplicationName("rnn-stepper")
    application.setApplicationDisplayName("")
    application.setApplicationVersion(__version__)
    return application


def _fill(
    window: MainWindow, application: QApplication, session_file: LoadedSession | None
) -> None:
    # NumPy, plots and all views: they take longer to load than the empty window to appear.
    from core.data.presets import FIRST_PRESET, PRESETS
    from core.training.run import Run
    from rnn_gui.session import Session
    from rnn_gui.workbench import Workbench

    session = Session(Run(PRESETS[FIRST_PRESET].experiment, FIRST_PRESET))
    bench = Workbench(window, session, application)
    if session_file is not None:
        QTimer.singleShot(0, lambda: bench.open_loaded(*session_file))


@contextmanager
def _hurry() -> Iterator[None]:
    """Load without what takes a fifth of the time and changes nothing.

    The collector would look again and again through what is made to stay. And Qt for Python
    reads the source of every module imported after it, to see whether that asks for other names
    of Qt's functions; nothing that is loaded here does.
    """
    theirs = builtins.__import__
    builtins.__import__ = getattr(builtins, "__orig_import__", theirs)
    gc.disable()
    try:
        yield
    finally:
        builtins.__import__ = theirs
        gc.freeze()
        gc.enable()


class UnexpectedMistakes:
    """What becomes of a mistake of ours: told once at a time, with the details for a report."""

    def __init__(self, window: QWidget, pause: Callable[[], object]) -> None:
        self._window, self._pause = window, pause
        self._box: QMessageBox | None = None
        self.starting = False  # the window is not complete: there is nothing to go on with

    def tell(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An exception hook: the session stays open, and training stops."""
        import traceback  # late: with all that it needs it delays the first window

        details = "".join(traceback.format_exception(kind, error, trace))
        if self._box is not None:
            known = self._box.detailedText()
            if details not in known and len(known) < _MOST_DETAILS:
                self._box.setDetailedText(f"{known}\n{details}")
            return
        self._box = box = QMessageBox(self._window)
        what, way_out = _TOLD_AT_START if self.starting else _TOLD
        box.setIcon(QMessageBox.Icon.Critical)
        box.setWindowTitle("RNN Stepper")
        box.setText(what)
        box.setInformativeText(way_out)
        box.setDetailedText(details)
        box.finished.connect(self._forget)
        box.open()
        self._pause()

    def _forget(self) -> None:
        if self._box is not None:
            self._box.deleteLater()
            self._box = None
        if self.starting:
            QApplication.exit(_NOT_STARTED)


_TOLD = (
    "Something in RNN Stepper went wrong; your session is still open.",
    "Save it under another name, then start the program again.",
)
_TOLD_AT_START = (
    "RNN Stepper could not start completely.",
    "Install it again; if that does not help, report the details.",
)
