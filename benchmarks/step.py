"""A click on Next, until everything that it changes is painted."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from benchmarks.measuring import Sample, percentile
from benchmarks.ours import random_experiment
from benchmarks.program import Events, come_to_rest, opened, part
from benchmarks.table import Row, Wanted
from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session

_CLICKS = 300
_LONG = 1_000
_WHY = (
    "The slowest clicks are those on a step with two equations, or that changes an axis: "
    "network, plots and equation are painted anew, and that is Python's work."
)


class PaintedLate(Exception):
    """The window changed after a click was taken for painted."""


def rows() -> list[Row]:
    return [
        _row("T = 3", PRESETS["part-2"].experiment, 0.016),
        _row("T = 1,000", random_experiment(3, _LONG), 0.033),
    ]


def _row(what: str, experiment: Experiment, limit: float) -> Row:
    with opened(experiment) as (window, session):
        seconds = _clicks(window, session)
    return Row(
        what=f"click on Next until painted, {what}: 95th percentile",
        ours=Sample(tuple(seconds)),
        result=Sample((percentile(seconds, 95),)),
        wanted=Wanted(limit, "s", at_least=False),
        why=_WHY,
    )


def _clicks(window: MainWindow, session: Session) -> list[float]:
    """The seconds of each click: one step after the other, or spread over two long epochs."""
    length = len(session.run.experiment.steps)
    stride = max(1, 2 * length // _CLICKS)
    button = part(QToolButton, window, "step-next")
    updates = Events(window, QEvent.Type.UpdateRequest)
    seconds = []
    for number in range(_CLICKS):
        session.go_to(Position(*divmod(number * stride, length)))
        come_to_rest(0.01)
        seconds.append(_click(button, updates))
        if number % (_CLICKS // 5) == 0:
            _require_rest(window)
    return seconds


def _click(button: QToolButton, updates: Events) -> float:
    """Click, and paint until nothing is left to paint."""
    start = end = perf_counter()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    painted = -1
    while painted != updates.count:
        painted = updates.count
        QCoreApplication.processEvents()
        if painted != updates.count:
            end = perf_counter()
    return end - start


def _require_rest(window: MainWindow) -> None:
    """What is on screen is all of it: nothing is put off by a timer."""
    picture = window.grab().toImage()
    come_to_rest(0.1)
    if window.grab().toImage() != picture:
        raise PaintedLate
