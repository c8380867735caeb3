"""Frames around places: they follow, take no click, and go."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.spotlight import Spotlight
from rnn_gui.theme import DARK, LIGHT, Look, Theme


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = QPushButton("one"), QPushButton("other")
        row = QHBoxLayout(self)
        row.addWidget(self.one)
        row.addWidget(self.other)
        self.spotlight = Spotlight(self)
        self.resize(400, 200)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def test_a_frame_stands_around_a_widget_and_follows_it(window: Window) -> None:
    window.spotlight.point_at(lambda: [(window.one, None)])
    [frame] = window.spotlight.frames
    assert frame.contains(window.one.geometry())
    window.resize(600, 300)
    settle()
    [moved] = window.spotlight.frames
    assert moved.contains(window.one.geometry())
    assert moved != frame


def test_what_is_hidden_has_none_and_gets_it_back(window: Window) -> None:
    window.spotlight.point_at(lambda: [(window.one, None), (window.other, None)])
    assert len(window.spotlight.frames) == 2
    window.one.hide()
    settle()
    assert len(window.spotlight.frames) == 1
    window.one.show()
    settle()
    assert len(window.spotlight.frames) == 2
    window.spotlight.point_at(tuple)
    assert window.spotlight.frames == []
    assert not window.spotlight.isVisible()


def test_a_part_that_is_scrolled_out_of_view_has_none(qtbot: QtBot) -> None:
    area, content = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    content.resize(100, 1000)
    area.setWidget(content)
    area.resize(150, 200)
    area.show()
    spotlight = Spotlight(area)
    spotlight.point_at(lambda: [(content, QRect(0, 800, 50, 50))])
    assert spotlight.frames == []
    area.verticalScrollBar().setValue(800)
    settle()
    assert len(spotlight.frames) == 1


def test_clicks_go_through(window: Window) -> None:
    clicked: list[bool] = []
    window.one.clicked.connect(lambda: clicked.append(True))
    window.spotlight.point_at(lambda: [(window.one, None)])
    place = window.one.geometry().center()
    assert window.childAt(place) is window.one
    QTest.mouseClick(window.one, Qt.MouseButton.LeftButton)
    assert clicked


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_is_painted_in_its_own_colour(window: Window, theme: Theme) -> None:
    window.spotlight.set_look(Look(theme))
    window.spotlight.point_at(lambda: [(window.one, None)])
    [frame] = window.spotlight.frames
    image = window.grab().toImage()
    assert image.pixelColor(frame.center().x(), frame.top()) == QColor(theme.mark)


def test_a_widget_that_is_deleted_does_no_harm(window: Window, qtbot: QtBot) -> None:
    gone = QPushButton("gone", window)
    gone.show()
    window.spotlight.point_at(lambda: [(gone, None)])
    window.spotlight.point_at(tuple)
    gone.deleteLater()
    settle()
    window.spotlight.point_at(lambda: [(window.one, None)])
    assert len(window.spotlight.frames) == 1
