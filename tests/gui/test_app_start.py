"""The start of the program, as a process: what is loaded when, and what comes too early."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QMessageBox
from rnn_gui import app, main_window
application = app.make_application()
shown = main_window.MainWindow.show
def show(window):
    first(window)
    shown(window)
main_window.MainWindow.show = show
"""

_HEAVY = """
from PySide6.QtCore import QEvent, QObject
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(sorted({"numpy", "pyqtgraph"} & set(sys.modules)))
            watched.removeEventFilter(self)
        return False
def first(window):
    window.watch = Watch()
    window.centralWidget().installEventFilter(window.watch)
    later(window)
def later(window):
    if not hasattr(window, "canvas") or not window.canvas.isVisible():
        return QTimer.singleShot(1, lambda: later(window))
    print(window.canvas.hasFocus(), "[*]" in window.windowTitle())
    window.close()
"""

_CLOSED_EMPTY = """
def first(window):
    window.painted.connect(window.close)
"""

_BROKEN = """
sys.modules["rnn_gui.workbench"] = None  # importing it fails
def first(window):
    QTimer.singleShot(0, lambda: answer(window))
def answer(window):
    boxes = window.findChildren(QMessageBox)
    if not boxes:
        return QTimer.singleShot(5, lambda: answer(window))
    print(boxes[0].text())
    boxes[0].accept()
"""


def started(first: str) -> subprocess.CompletedProcess[str]:
    """The program, with this done just before its window is shown."""
    code = f"{_PROGRAM}{first}\nsys.exit(app.run_window())"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_window_is_painted_before_anything_heavy_is_loaded() -> None:
    ended = started(_HEAVY)
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    assert ended.stdout.splitlines() == ["[]", "True True"]


def test_an_empty_window_just_closes() -> None:
    ended = started(_CLOSED_EMPTY)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "Traceback" not in ended.stderr


def test_a_mistake_while_filling_is_told_and_ends_the_program() -> None:
    ended = started(_BROKEN)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stdout == "RNN Stepper could not start completely.\n"
