"""The end of the program, as a process: no part of the window outlives it."""

import subprocess
import sys

_CLOSE_SOON = """
import sys
from PySide6.QtCore import QTimer
from rnn_gui.app import make_application, run_window
application = make_application()
QTimer.singleShot(300, lambda: [w.close() for w in application.topLevelWidgets()])
sys.exit(run_window())
"""


def test_a_closed_window_ends_the_program_cleanly() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _CLOSE_SOON], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    assert "Error" not in ended.stderr
