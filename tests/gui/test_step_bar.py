"""The step bar says how the training goes, and does not move while it does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from rnn_gui.actions import ACTIONS
from rnn_gui.theme import text_font
from rnn_gui.views.step_bar import Progress, StepBar


class Paints(QObject):
    """How often a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def bar(qtbot: QtBot) -> StepBar:
    made = StepBar({spec.key: QAction(spec.key) for spec in ACTIONS})
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown(bar: StepBar) -> QProgressBar:
    (progress,) = bar.findChildren(QProgressBar)
    assert progress.isVisible()
    return progress


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(12_345, 0, 89_471.4, 0.0), "12,345 epochs · 89,471 epochs/s"),
        (Progress(570, 1000, 4.5, 95.6), "57 % · 4.5 epochs/s · 96 s left"),
        (Progress(3_000_000, 9_999_999, 1_234_567.0, 5.7), "30 % · 1,234,567 epochs/s · 6 s left"),
    ],
)
def test_progress_says_its_unit_and_has_its_room(
    bar: StepBar, progress: Progress, text: str
) -> None:
    bar.setFont(text_font())
    bar.show_progress(progress)
    assert shown(bar).text() == text
    assert shown(bar).fontMetrics().horizontalAdvance(text) < shown(bar).width() - 2


def test_an_open_end_is_shown_without_a_moving_block(bar: StepBar, qtbot: QtBot) -> None:
    bar.show_progress(Progress(10, 0, 100.0, 0.0))
    progress = shown(bar)
    qtbot.wait(60)
    paints = Paints()
    progress.installEventFilter(paints)
    qtbot.wait(200)
    assert paints.count == 0
    bar.show_progress(Progress(20, 0, 100.0, 0.0))
    qtbot.waitUntil(lambda: paints.count > 0)
    assert progress.text().startswith("20 epochs")


def test_a_known_goal_fills_the_bar_after_an_open_end(bar: StepBar) -> None:
    bar.show_progress(Progress(10, 0, 100.0, 0.0))
    assert shown(bar).value() == 0
    bar.show_progress(Progress(250, 1000, 100.0, 7.5))
    assert (shown(bar).value(), shown(bar).maximum()) == (250, 1000)
    bar.show_progress(None)
    assert bar.goal.isVisible()
