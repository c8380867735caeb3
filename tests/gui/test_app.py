"""A mistake of ours is told once, with details, and the session stays open."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMainWindow, QMessageBox
from pytestqt.qtbot import QtBot

from rnn_gui.app import UnexpectedMistakes


def raised(text: str) -> Exception:
    try:
        int(text)
    except ValueError as error:
        return error
    raise AssertionError("no mistake was planted")


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.show()
    return made


def test_one_box_however_often_it_happens(window: QMainWindow, qtbot: QtBot) -> None:
    paused: list[bool] = []
    hook = UnexpectedMistakes(window, lambda: paused.append(True))
    for text in ("planted", "planted", "another"):
        error = raised(text)
        hook.tell(type(error), error, error.__traceback__)
    [box] = window.findChildren(QMessageBox)
    assert box.isVisible()
    assert "your session is still open" in box.text()
    assert box.detailedText().count("'planted'") == 1
    assert "'another'" in box.detailedText()
    assert paused == [True]
    box.done(0)
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    hook.tell(type(error), error, error.__traceback__)
    assert len(window.findChildren(QMessageBox)) == 1
