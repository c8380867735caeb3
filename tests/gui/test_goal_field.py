"""How far Train goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.training.run import EPOCH_LIMIT
from rnn_gui.fields.balloon import Balloon
from rnn_gui.fields.goal_field import Goal, GoalField


def test_three_goals_by_the_keyboard(qtbot: QtBot) -> None:
    field = GoalField()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
    assert field.goal == Goal(15_000, None)
    field.mode.setFocus()
    qtbot.keyClick(field.mode, Qt.Key.Key_Down)
    field.cost.setFocus()
    qtbot.keyClicks(field.cost, "0.25")
    qtbot.keyClick(field.cost, Qt.Key.Key_Return)
    assert field.goal == Goal(EPOCH_LIMIT, 0.25)
    field.mode.setFocus()
    qtbot.keyClick(field.mode, Qt.Key.Key_Down)
    assert field.goal == Goal(EPOCH_LIMIT, None)
    assert not field.cost.isVisible()


def test_the_choice_keeps_its_width(qtbot: QtBot) -> None:
    field = GoalField()
    qtbot.addWidget(field)
    field.setFixedWidth(268)
    with qtbot.waitActive(field):
        field.show()
    field.mode.setFocus()
    places = []
    for _ in range(3):
        qtbot.wait(1)  # until it is laid out
        places.append(field.mode.geometry())
        qtbot.keyClick(field.mode, Qt.Key.Key_Down)
    assert field.goal == Goal(EPOCH_LIMIT, None)
    assert places[0] == places[1] == places[2]


def test_a_cost_of_0_is_refused_at_the_field(qtbot: QtBot) -> None:
    field = GoalField()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
    field.mode.setCurrentIndex(1)
    with qtbot.waitSignal(field.problem_reported) as told:
        field.cost.setFocus()
        qtbot.keyClicks(field.cost, "0")
        qtbot.keyClick(field.cost, Qt.Key.Key_Return)
    sentence = "Cost that Train goes down to must be above 0; type a number such as 0.1."
    assert told.args == [sentence]
    (balloon,) = field.findChildren(Balloon)
    assert (balloon.isVisible(), balloon.text()) == (True, sentence)
    assert field.goal.until == 0.1
    with qtbot.waitSignal(field.problem_reported) as over:
        qtbot.keyClicks(field.cost, "0.3")
        qtbot.keyClick(field.cost, Qt.Key.Key_Return)
    assert over.args == [""]
    assert field.goal.until == 0.3
