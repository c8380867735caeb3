"""The whole program in one window, with settings of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from core.data.presets import FIRST_PRESET, PRESETS
from core.training.run import Run
from rnn_gui.app import make_application
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session
from rnn_gui.workbench import Workbench

Key = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


_opened: list[Program] = []


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """Left to the very end of Python, plots and Qt would be taken down in no good order."""
    yield
    while _opened:
        _opened.pop().end()
    gc.collect()


class Program:
    """A window just opened, with what a person does to it: keys go where the focus is."""

    def __init__(self, qtbot: QtBot, settings: QSettings, application: QApplication) -> None:
        self.qtbot = qtbot
        self.session = Session(Run(PRESETS[FIRST_PRESET].experiment, FIRST_PRESET))
        self.window = MainWindow(settings, application)
        Workbench(self.window, self.session, application)
        _opened.append(self)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)

    def press(self, *keys: Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        for key in keys:
            target = QApplication.focusWidget() or self.window
            QTest.keyClick(target, key, modifiers or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClicks(QApplication.focusWidget() or self.window, letter)

    def until_trained(self) -> None:
        self.qtbot.waitUntil(lambda: self.session.training is None, timeout=60_000)

    @property
    def position(self) -> tuple[int, int]:
        epoch, step = self.session.position
        return epoch, step

    @property
    def sentence(self) -> str:
        return self.window.status.sentence

    def dialog(self) -> QWidget:
        """The dialog that is open on top of the window."""
        self.qtbot.waitUntil(lambda: has_focus(QApplication.activeModalWidget()))
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        return dialog

    def answer(self, button: str) -> list[str]:
        """Click this button of the next message that asks; gives its texts, once it did."""
        texts: list[str] = []

        def click() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, QMessageBox):
                QTimer.singleShot(10, click)
                return
            texts.extend((box.text(), box.informativeText()))
            [one] = [b for b in box.buttons() if b.text().replace("&", "") == button]
            QTest.mouseClick(one, Qt.MouseButton.LeftButton)

        QTimer.singleShot(10, click)
        return texts

    def end(self) -> None:
        """Close the window without asking, and take it down in order."""
        if not isValid(self.window):
            return
        self.session.pause()
        self.session.take_up()
        self.session.undo_stack.setClean()
        self.window.close()
        delete(self.window)


def has_focus(widget: QWidget | None) -> bool:
    """Whether the keys go to this widget or to a part of it."""
    focused = QApplication.focusWidget()
    return widget is not None and focused is not None and widget.isAncestorOf(focused)


@pytest.fixture
def program(qtbot: QtBot, settings: QSettings, qapp: QApplication) -> Program:
    return Program(qtbot, settings, qapp)
