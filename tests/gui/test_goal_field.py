"""How far Train goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.training import EPOCH_LIMIT
from rnn_gui.fields.goal_field import GoalField


def test_three_goals_by_the_keyboard(qtbot: QtBot) -> None:
    field = GoalField()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
    assert field.goal == (15_000, None)
    field.mode.setFocus()
    qtbot.keyClick(field.mode, Qt.Key.Key_Down)
    field.cost.setFocus()
    qtbot.keyClicks(field.cost, "0.25")
    qtbot.keyClick(field.cost, Qt.Key.Key_Return)
    assert field.goal == (EPOCH_LIMIT, 0.25)
    field.mode.setFocus()
    qtbot.keyClick(field.mode, Qt.Key.Key_Down)
    assert field.goal == (EPOCH_LIMIT, None)
    assert not field.cost.isVisible()


def test_a_cost_of_0_is_refused_in_one_sentence(qtbot: QtBot) -> None:
    field = GoalField()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
    field.mode.setCurrentIndex(1)
    with qtbot.waitSignal(field.problem_reported) as told:
        field.cost.setFocus()
        qtbot.keyClicks(field.cost, "0")
        qtbot.keyClick(field.cost, Qt.Key.Key_Return)
    assert told.args == ["The cost to train down to must be above 0."]
    assert field.goal.until == 0.1
