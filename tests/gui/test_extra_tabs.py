"""Extra tabs come and go, and are made when first asked for."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTabBar, QTabWidget, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.extra_tabs import Extra, ExtraTabs


class Tabs(QTabWidget):
    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []
        self.addTab(QWidget(), "always")
        self.extra = ExtraTabs(
            self, {key: Extra(key.upper(), partial(self._make, key)) for key in ("a", "b")}
        )

    def _make(self, key: str) -> QWidget:
        self.made.append(key)
        return QLineEdit()

    @property
    def titles(self) -> list[str]:
        return [self.tabText(index) for index in range(self.count())]


@pytest.fixture
def tabs(qtbot: QtBot) -> Tabs:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    tabs.show()
    return tabs


def test_a_tab_comes_in_front_and_its_view_is_made_once(tabs: Tabs) -> None:
    assert tabs.titles == ["always"]
    assert not tabs.made
    for _ in range(2):
        tabs.extra.toggle("a")
        assert tabs.titles == ["always", "A"]
        assert tabs.currentWidget() is tabs.extra.view("a")
        tabs.setCurrentIndex(0)
    assert tabs.made == ["a"]


def test_the_one_in_front_goes_and_keeps_its_state(tabs: Tabs) -> None:
    tabs.extra.toggle("b")
    view = tabs.extra.view("b")
    assert isinstance(view, QLineEdit)
    view.setText("half done")
    tabs.extra.toggle("b")
    assert tabs.titles == ["always"]
    assert not view.isVisible()
    tabs.extra.toggle("b")
    assert view.isVisible()
    assert view.text() == "half done"


def test_the_cross_closes(tabs: Tabs) -> None:
    tabs.extra.toggle("a")
    cross = tabs.tabBar().tabButton(1, QTabBar.ButtonPosition.RightSide)
    assert isinstance(cross, QToolButton)
    assert cross.accessibleName() == "Close A"
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert tabs.titles == ["always"]


def test_one_takes_the_place_of_another(tabs: Tabs) -> None:
    tabs.extra.toggle("a")
    tabs.extra.toggle("b")
    assert tabs.titles == ["always", "B"]
    assert tabs.currentWidget() is tabs.extra.view("b")


def test_a_view_that_is_asked_for_does_not_come_in_front(tabs: Tabs) -> None:
    tabs.extra.view("a")
    assert tabs.titles == ["always"]
