"""The line to try a sequence: typed with real keys, answered at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.frame import Frame, frame_at
from core.presets import PRESETS
from core.steps import Position
from core.training import Run
from rnn_gui.views.trial_bar import TrialBar

Key = Qt.Key


def frame_of(epoch: int = 0) -> Frame:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    run.extend(epoch)
    return frame_at(run, Position(epoch, 5))


@pytest.fixture
def bar(qtbot: QtBot) -> TrialBar:
    made = TrialBar()
    made.show_frame(frame_of())
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    made.line.setFocus()
    return made


def answer(bar: TrialBar) -> str:
    return bar.findChildren(QLabel)[1].text()


def test_prediction_and_true_count_appear_as_one_types(bar: TrialBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.line, "1 0 1 1")
    trial = bar.trial
    assert trial is not None
    assert trial.predictions is not None
    assert trial.timestamps == 4
    assert f"ones 3 · error {trial.predictions[0] - 3:.3f}".replace("-", "−") in answer(bar)
    assert bar.canvas_frame is trial


def test_the_answer_goes_with_the_weights(bar: TrialBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.line, "11")
    before = answer(bar)
    bar.show_frame(frame_of(3000))
    assert answer(bar) != before


def test_half_of_a_number_is_no_mistake_until_enter(bar: TrialBar, qtbot: QtBot) -> None:
    told: list[str] = []
    bar.problem_reported.connect(told.append)
    qtbot.keyClicks(bar.line, "1 0 -")
    assert (bar.trial, told, answer(bar)) == (None, [], "no sequence yet")
    qtbot.keyClick(bar.line, Key.Key_Return)
    assert told == ["Number 3, “-”, is not one: type digits, such as 1 or 0.5."]


def test_escape_empties_the_line_then_leaves(bar: TrialBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.line, "101")
    with qtbot.waitSignal(bar.trial_changed):
        qtbot.keyClick(bar.line, Key.Key_Escape)
    assert (bar.line.text(), bar.trial) == ("", None)
    with qtbot.waitSignal(bar.leave_requested):
        qtbot.keyClick(bar.line, Key.Key_Escape)


def test_the_canvas_can_stay_with_the_run(bar: TrialBar, qtbot: QtBot) -> None:
    assert not bar.in_canvas.isEnabled()
    qtbot.keyClicks(bar.line, "101")
    with qtbot.waitSignal(bar.trial_changed):
        qtbot.mouseClick(bar.in_canvas, Qt.MouseButton.LeftButton)
    assert bar.canvas_frame is None
    assert bar.trial is not None
