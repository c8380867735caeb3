"""The program's window, opened off-screen with settings of its own, and what it paints."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QSettings, QSize, QTimer
from PySide6.QtWidgets import QWidget

from core.data.experiment import Experiment
from core.training.run import Run
from rnn_gui.app import make_application
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session
from rnn_gui.workbench import Workbench

Part = TypeVar("Part", bound=QWidget)

_SIZE = QSize(1440, 900)


@contextmanager
def opened(experiment: Experiment) -> Iterator[tuple[MainWindow, Session]]:
    """The window on a run of this experiment, painted and at rest.

    What goes wrong inside Qt's calls is raised at the end: a window that failed is not fast.
    """
    failures: list[BaseException] = []
    sys.excepthook = lambda _kind, error, _trace: failures.append(error)
    application = make_application()
    session = Session(Run(experiment, "benchmark"))
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        window = MainWindow(settings, application)
        Workbench(window, session, application)
        window.resize(_SIZE)
        window.show()
        come_to_rest(0.5)
        yield window, session
        session.pause()
        shiboken6.delete(window)
    sys.excepthook = sys.__excepthook__
    if failures:
        raise failures[0]


def come_to_rest(seconds: float) -> None:
    """Let the window work for a while."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        QCoreApplication.processEvents()


def train(session: Session, epochs: int, at_most: float = 60.0) -> float:
    """Train with live plots, for so many seconds at most; the seconds that it took."""
    loop = QEventLoop()

    def leave() -> None:
        if session.training is None:
            loop.quit()

    session.training_changed.connect(leave)
    start = perf_counter()
    session.train(epochs)
    clock = QTimer(session, singleShot=True)
    clock.timeout.connect(session.pause)
    clock.start(round(1000 * at_most))
    loop.exec()
    clock.deleteLater()
    seconds = perf_counter() - start
    session.training_changed.disconnect(leave)
    return seconds


def part(kind: type[Part], inside: QWidget, name: str = "") -> Part:
    """The one widget of this kind (and name) inside another."""
    found = inside.findChildren(kind, name) if name else inside.findChildren(kind)
    [only] = found
    assert isinstance(only, kind)
    return only


class Events(QObject):
    """Counts the events of one kind that a widget gets."""

    def __init__(self, widget: QWidget, kind: QEvent.Type) -> None:
        super().__init__(widget)
        self.count = 0
        self._kind = kind
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == self._kind
        return False
