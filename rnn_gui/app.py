"""The application: from its settings to its last window."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import shiboken6
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from core.presets import FIRST_PRESET, PRESETS
from core.steps import Position
from core.training import Run
from rnn_gui import __version__
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session

_MOST_DETAILS = 20_000  # characters of a report


def run_window(session_file: tuple[Run, Position, Path] | None = None) -> int:
    """Open the window, on the run of a session file if one was read; the exit status."""
    application = make_application()
    session = Session(Run(PRESETS[FIRST_PRESET].experiment, FIRST_PRESET))
    window = MainWindow(session, QSettings(), application)
    sys.excepthook = UnexpectedMistakes(window, window.pause).tell
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal, as for any program
    window.show()
    if session_file is not None:
        QTimer.singleShot(0, lambda: window.open_loaded(*session_file))
    status = application.exec()
    sys.excepthook = sys.__excepthook__
    # While Python still runs: at its very end plots and Qt are taken down in no good order.
    shiboken6.delete(window)
    return status


def make_application() -> QApplication:
    """The one QApplication, named so that settings find their place."""
    application = QApplication.instance() or QApplication(["rnn-gui"])
    assert isinstance(application, QApplication)
    application.setOrganizationName("rnn-stepper")
    application.setApplicationName("rnn-stepper")
    application.setApplicationDisplayName("")
    application.setApplicationVersion(__version__)
    application.setStyle("Fusion")
    return application


class UnexpectedMistakes:
    """What becomes of a mistake of ours: told once at a time, with the details for a report."""

    def __init__(self, window: QWidget, pause: Callable[[], object]) -> None:
        self._window, self._pause = window, pause
        self._box: QMessageBox | None = None

    def tell(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An exception hook: the session stays open, and training stops."""
        details = "".join(traceback.format_exception(kind, error, trace))
        if self._box is not None:
            known = self._box.detailedText()
            if details not in known and len(known) < _MOST_DETAILS:
                self._box.setDetailedText(f"{known}\n{details}")
            return
        self._box = box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Critical)
        box.setWindowTitle("RNN Stepper")
        box.setText("Something in RNN Stepper went wrong; your session is still open.")
        box.setInformativeText("Save it under another name, then start the program again.")
        box.setDetailedText(details)
        box.finished.connect(self._forget)
        box.open()
        self._pause()

    def _forget(self) -> None:
        if self._box is not None:
            self._box.deleteLater()
            self._box = None
