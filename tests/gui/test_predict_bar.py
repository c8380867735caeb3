"""Predicting in the window: asked, answered, told, counted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.exercises.predict import Rough, question
from core.training.run import Run
from rnn_gui.views.predict_bar import PredictBar

RUN = Run(PRESETS["part-2"].experiment)
RUN.extend(2)


def frame(step: int) -> Frame:
    return frame_at(RUN, Position(0, step), 2)


class Player:
    """Steps on when the bar says that there was an answer, as the window does."""

    def __init__(self, bar: PredictBar) -> None:
        self.bar, self.step = bar, 11
        bar.answered.connect(self._go_on)
        bar.show_frame(frame(self.step))
        bar.set_asking(True)

    def _go_on(self) -> None:
        self.step += 1
        self.bar.show_frame(frame(self.step))

    def answer(self, text: str) -> str:
        QTest.keyClicks(self.bar.line, text)
        QTest.keyClick(self.bar.line, Qt.Key.Key_Return)
        return self.bar.told.text()


@pytest.fixture
def player(qtbot: QtBot) -> Player:
    bar = PredictBar()
    qtbot.addWidget(bar)
    return Player(bar)


def score(player: Player) -> str:
    return player.bar._score.text()


def test_it_asks_for_the_next_step(player: Player) -> None:
    assert player.bar.isVisible()
    assert player.bar.asked.text().startswith("Predict dE/dState 2 (In) of sequence c.")
    assert not score(player)


def test_a_right_answer_reveals_the_step(player: Player) -> None:
    assert player.answer("0,59") == "✓ Right: dE/dState 2 (In) of sequence c is 0.5945."
    assert player.step == 12
    assert player.bar.asked.text().startswith("Predict what timestamp 2 adds to dE/dWx.")
    assert player.bar.line.text() == ""
    assert score(player) == "1 right in 1 try"


def test_a_wrong_one_stands_beside_the_truth_with_what_to_look_at(player: Player) -> None:
    told = player.answer("2.419")
    assert told.startswith("✗ You said 2.419, dE/dState 2 (In) of sequence c is 0.5945.")
    assert told.endswith(
        "The slope f' of the activation is missing: State 2 (Out) has log(), and the gradient "
        "passes it times its slope there."
    )
    assert score(player) == "0 right in 1 try"


def test_larger_smaller_or_the_same(player: Player) -> None:
    QTest.mouseClick(player.bar.rough[Rough.SMALLER], Qt.MouseButton.LeftButton)
    assert player.bar.told.text().startswith("✓ Right: dE/dState 2 (In) of sequence c is 0.5945")
    QTest.mouseClick(player.bar.rough[Rough.SAME], Qt.MouseButton.LeftButton)
    assert player.bar.told.text().startswith("✗ You said same")
    assert score(player) == "1 right in 2 tries"


def test_what_is_no_number_is_no_try(player: Player, qtbot: QtBot) -> None:
    with qtbot.waitSignal(player.bar.problem_reported) as said:
        player.answer("abc")
    assert said.args[0].startswith("No prediction yet: “abc” is not a number")
    assert player.step == 11
    assert not score(player)


def test_going_on_without_an_answer_is_no_try(player: Player) -> None:
    player.bar.show_frame(frame(14))
    assert player.bar.asked.text().startswith("Predict dE/dState 1 (In) of sequence c.")
    assert not score(player)


def test_it_ends_and_keeps_the_score(player: Player) -> None:
    player.answer("0.59")
    player.bar.set_asking(False)
    assert not player.bar.isVisible()
    player.bar.show_frame(frame(3))
    player.bar.set_asking(True)
    assert player.bar.asked.text().startswith("Predict State 2 (Out) of sequence c.")
    assert score(player) == "1 right in 1 try"
    assert player.bar.told.text().startswith("Say the value first")


def test_escape_leaves_the_line(player: Player, qtbot: QtBot) -> None:
    with qtbot.waitSignal(player.bar.leave_requested):
        QTest.keyClick(player.bar.line, Qt.Key.Key_Escape)


def test_only_what_is_wanted_is_asked_for_and_a_wrong_answer_can_be_tried_again(
    player: Player, qtbot: QtBot
) -> None:
    left: list[bool] = []
    bar = player.bar
    bar.leave_requested.connect(lambda: left.append(True))
    bar.set_asking(True, [12])
    bar.activateWindow()
    bar.line.setFocus()
    qtbot.waitUntil(bar.line.hasFocus)
    QTest.keyClicks(bar.line, "77")
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert bar.asked.text() == "To try again, press ←."
    assert left  # the keyboard does not go to just any button
    assert not bar.line.isEnabled()
    player.step -= 1
    bar.show_frame(frame(player.step))
    assert bar.line.isEnabled()
    assert bar.line.hasFocus()
    asked = question(frame(player.step))
    assert asked is not None
    QTest.keyClicks(bar.line, repr(asked.value))
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert bar.asked.text() == "Nothing is asked of the next step."
    assert str(bar.score) == "1 right in 2 tries"


def test_the_left_arrow_in_an_empty_line_goes_one_step_back(player: Player, qtbot: QtBot) -> None:
    line = player.bar.line
    with qtbot.waitSignal(player.bar.back_requested):
        QTest.keyClick(line, Qt.Key.Key_Left)
    QTest.keyClicks(line, "12")
    with qtbot.assertNotEmitted(player.bar.back_requested):
        QTest.keyClick(line, Qt.Key.Key_Left)
    assert line.cursorPosition() == 1


def test_what_is_said_moves_nothing_below_it(player: Player) -> None:
    bar = player.bar
    bar.resize(560, bar.sizeHint().height())
    QApplication.processEvents()
    before = bar.line.y()
    player.answer("77")
    QApplication.processEvents()
    assert bar.line.y() == before
