"""The tabs take the whole right column and give it back; their views are made when looked at."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.cell.steps import Position
from rnn_gui.main_window import MainWindow
from tests.journeys.conftest import CTRL, Key, Program, has_focus
from tests.tutorial import pair

SURFACE, CURVE = 1, 2


def enlarge(program: Program) -> None:
    program.press(Key.Key_M, modifiers=CTRL)


def sizes(window: MainWindow) -> list[int]:
    QApplication.processEvents()
    return window.right_column.sizes()


def ticked(window: MainWindow) -> bool:
    action = window.findChild(QAction, "enlarge")
    assert isinstance(action, QAction)
    return action.isChecked()


def double_click_on_tab(window: MainWindow, index: int) -> None:
    bar = window.tabs.tabBar()
    place = bar.tabRect(index).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=place)


def test_the_same_key_enlarges_and_gives_back(program: Program) -> None:
    window = program.window
    before = sizes(window)
    assert min(before) > 0
    enlarge(program)
    assert not window.equation.isVisible()
    assert not window.ledger.isVisible()
    assert sizes(window) == [0, 0, window.right_column.height()]
    assert ticked(window)
    program.press(Key.Key_Right)  # stepping goes on as ever
    assert program.position == (0, 1)
    enlarge(program)
    assert window.equation.isVisible()
    assert window.ledger.isVisible()
    assert sizes(window) == before
    assert not ticked(window)


def test_a_double_click_on_a_tab_does_the_same(program: Program) -> None:
    window = program.window
    before = sizes(window)
    double_click_on_tab(window, SURFACE)
    assert window.tabs.currentIndex() == SURFACE
    assert sizes(window)[:2] == [0, 0]
    assert ticked(window)
    double_click_on_tab(window, SURFACE)
    assert sizes(window) == before
    assert not ticked(window)


def test_the_keyboard_does_not_stay_in_what_is_hidden(program: Program) -> None:
    window = program.window
    window.ledger.table.setFocus()
    enlarge(program)
    assert has_focus(window.canvas)


def test_resetting_the_layout_gives_back(program: Program) -> None:
    window = program.window
    before = sizes(window)
    enlarge(program)
    reset = window.findChild(QAction, "reset_layout")
    assert isinstance(reset, QAction)
    reset.trigger()
    assert sizes(window) == before
    assert not ticked(window)


def test_it_is_not_remembered(program: Program, settings: QSettings) -> None:
    window = program.window
    window.right_column.setSizes([200, 250, 300])
    before = sizes(window)
    enlarge(program)
    program.session.undo_stack.setClean()
    assert window.close()
    assert [int(size) for size in settings.value("right-sizes")] == before


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900)])
def test_each_part_has_room(program: Program, width: int, height: int) -> None:
    window = program.window
    window.resize(width, height)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (width, height)
    for part in (window.equation, window.ledger, window.tabs):
        assert part.height() >= part.minimumSizeHint().height()
    equation, ledger, tabs = sizes(window)
    assert equation > tabs > ledger


def test_what_a_tab_hides_loses_the_keyboard_to_the_canvas(program: Program) -> None:
    window, bar = program.window, program.window.tabs.tabBar()
    program.session.train(20)
    program.until_trained()
    window.history.runs_button.click()
    window.history.runs.table.setFocus()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(SURFACE).center())
    assert has_focus(window.canvas)
    before = program.position
    program.press(Key.Key_Space)
    assert program.position == before


def test_a_thousand_timestamps_fit_a_small_screen(program: Program) -> None:
    """The longest words on where one stands do not make the window wider."""
    program.session.edit("long", lambda e: e.with_data(np.ones((3, 1000))))
    for step in (2000, 4012):
        program.session.go_to(Position(0, step))
        QApplication.processEvents()
    assert program.window.minimumSizeHint().width() <= 1280


def test_a_view_is_made_when_its_tab_is_first_looked_at(program: Program) -> None:
    window = program.window
    session = program.session
    assert not {"surface", "curve"} & set(vars(window))
    session.go_to(Position(0, 3))
    assert window.tabs.tabText(CURVE) == "log() curve"
    bar = window.tabs.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(CURVE).center())
    assert window.tabs.currentWidget() is window.curve
    assert window.tabs.tabText(CURVE) == "log() curve"
    assert window.tabs.count() == 3
    assert window.curve.panel.frame is session.frame
    session.next_step()
    assert window.curve.panel.frame is session.frame


def test_a_view_that_is_asked_for_does_not_come_in_front(program: Program) -> None:
    window = program.window
    surface = window.surface
    assert window.tabs.indexOf(surface) == SURFACE
    assert window.tabs.currentWidget() is window.history
    assert window.surface is surface
    surface.weights_requested.emit(0.25, -0.5)
    assert program.session.frame.weights == pair(0.25, -0.5)
