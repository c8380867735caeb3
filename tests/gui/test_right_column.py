"""The right column: the equation gets the room that it asks for, and that the others can spare."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.right_column import RightColumn
from rnn_gui.skeleton import ROWS

LEDGER, TABS = 200, 234  # what they keep of 780 pixels


class Asking(QWidget):
    """Asks for as many pixels of height as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self._height = 100

    def sizeHint(self) -> QSize:
        return QSize(300, self._height)

    def ask(self, height: int) -> None:
        self._height = height
        self.updateGeometry()
        QApplication.processEvents()


class Column(RightColumn):
    def __init__(self) -> None:
        self.equation, self.ledger, self.tabs = Asking(), QWidget(), QTabWidget()
        super().__init__((self.equation, self.ledger), self.tabs)


def opened(qtbot: QtBot, height: int = 780) -> Column:
    column = Column()
    qtbot.addWidget(column)
    column.resize(380, height)
    column.show()
    qtbot.waitExposed(column)
    return column


@pytest.fixture
def column(qtbot: QtBot) -> Column:
    return opened(qtbot)


def drag_first_handle(column: Column, by: int) -> None:
    handle = column.handle(1)
    place = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(handle, place + QPoint(0, by))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=place + QPoint(0, by))
    QApplication.processEvents()


def test_it_gives_what_is_asked_for(column: Column) -> None:
    before = column.sizes()
    column.equation.ask(before[0])
    assert column.sizes() == before
    column.equation.ask(before[0] + 30)
    equation, ledger, tabs = column.sizes()
    assert equation == before[0] + 30
    assert ledger == LEDGER
    assert equation + ledger + tabs == sum(before)


def test_a_lower_equation_takes_nothing_back(column: Column) -> None:
    column.equation.ask(320)
    grown = column.sizes()
    column.equation.ask(120)
    assert column.sizes() == grown


def test_ledger_and_tabs_keep_what_they_need(column: Column) -> None:
    most = sum(column.sizes()) - LEDGER - TABS
    column.equation.ask(most)
    assert column.sizes() == [most, LEDGER, TABS]


def test_a_plot_stays_a_plot_however_long_the_equation(column: Column) -> None:
    column.equation.ask(2000)
    assert column.sizes()[1:] == [LEDGER, TABS]


def test_where_nobody_can_spare_anything_nothing_moves(qtbot: QtBot) -> None:
    column = opened(qtbot, 500)
    before = column.sizes()
    column.equation.ask(2000)
    assert column.sizes() == before


def test_who_moved_a_handle_meant_it(column: Column) -> None:
    drag_first_handle(column, -60)
    moved = column.sizes()
    assert moved[0] < 260
    column.equation.ask(400)
    assert column.sizes() == moved


def test_a_smaller_window_gives_ledger_and_tabs_theirs_back(column: Column) -> None:
    column.equation.ask(320)
    column.resize(380, 620)
    QApplication.processEvents()
    _, ledger, tabs = column.sizes()
    assert ledger >= 620 * ROWS[1] / sum(ROWS) * 0.9
    assert tabs >= 0.3 * 620
    column.resize(380, 780)
    QApplication.processEvents()
    assert column.sizes()[0] == 320


def test_only_what_somebody_moved_is_remembered(qtbot: QtBot, column: Column) -> None:
    first = column.sizes()
    column.equation.ask(320)
    again = opened(qtbot)
    assert again.restoreState(column.saveState())
    QApplication.processEvents()
    assert again.sizes() == first
    drag_first_handle(column, -90)
    assert again.restoreState(column.saveState())
    QApplication.processEvents()
    assert again.sizes() == column.sizes()
    again.equation.ask(400)
    assert again.sizes() == column.sizes()


def test_the_first_layout_comes_back_and_gives_room_again(column: Column) -> None:
    made = column.saveState()
    drag_first_handle(column, -90)
    assert column.restoreState(made)
    column.equation.ask(320)
    assert column.sizes()[0] == 320


def test_enlarged_tabs_are_left_alone(column: Column) -> None:
    before = column.sizes()
    column.set_enlarged(True)
    column.equation.ask(320)
    QApplication.processEvents()
    assert column.sizes()[:2] == [0, 0]
    column.set_enlarged(False)
    QApplication.processEvents()
    assert column.sizes()[0] == 320
    assert sum(column.sizes()) == sum(before)


@pytest.mark.parametrize(("part", "place", "share"), [("tabs", 2, 0.6), ("ledger", 1, 0.45)])
def test_what_one_is_to_look_at_has_much_of_it(
    column: Column, part: str, place: int, share: float
) -> None:
    column.favour(part)
    column.equation.ask(700)
    assert column.sizes()[place] >= share * column.height() - 8
    column.favour("")
    assert column.sizes()[place] <= 234


@pytest.mark.parametrize("part", ["", "tabs", "ledger"])
@pytest.mark.parametrize("height", [420, 500, 584])
def test_an_equation_and_its_results_come_before_what_others_can_spare(
    qtbot: QtBot, part: str, height: int
) -> None:
    column = opened(qtbot, height)
    column.favour(part)
    column.equation.ask(700)
    assert column.sizes()[0] >= 176
    column.equation.ask(150)
    column.favour("")
    column.favour("tabs")
    column.favour(part)
    assert column.sizes()[0] >= 145  # more than it asks for it need not have


def test_a_lesson_gives_back_what_somebody_divided(column: Column) -> None:
    drag_first_handle(column, -60)
    divided = column.sizes()
    column.lend()
    assert column.sizes() != divided
    column.favour("tabs")
    column.give_back()
    assert column.sizes() == divided
    column.give_back()  # nothing is lent any more
    assert column.sizes() == divided
