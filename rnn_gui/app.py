"""The application: from its settings to its last window."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

import shiboken6
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from core.experiment import Experiment
from core.presets import FIRST_PRESET, PRESETS
from core.steps import Position
from core.training import Run
from rnn_gui import __version__
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session


def run_window(session_file: tuple[Experiment, Position, Path] | None = None) -> int:
    """Open the window, on what a session file holds if one was read; the exit status."""
    application = make_application()
    session = Session(Run(PRESETS[FIRST_PRESET].experiment, FIRST_PRESET))
    window = MainWindow(session, QSettings(), application)
    sys.excepthook = lambda *error: _tell_unexpected(window, *error)
    window.show()
    if session_file is not None:
        QTimer.singleShot(0, lambda: window.open_loaded(*session_file))
    status = application.exec()
    # Qt's objects first: at its end Python takes them apart in any order, and plots crash then.
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


def _tell_unexpected(
    window: MainWindow,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """A mistake of ours: say so, keep the work, and offer the details for a report."""
    if issubclass(kind, KeyboardInterrupt):
        window.close()
        return
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Critical)
    box.setWindowTitle("RNN Stepper")
    box.setText("Something in RNN Stepper went wrong; your session is still open.")
    box.setInformativeText("Save it under another name, then start the program again.")
    box.setDetailedText("".join(traceback.format_exception(kind, error, trace)))
    box.open()
