"""The layout stays from one window to the next, and garbage in the settings does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.layout_memory import LayoutMemory

DEFAULT = QSize(600, 400), [150, 444], [200, 194]


class Window(QMainWindow):
    """A window with a splitter in another one."""

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self.across, self.right = QSplitter(Qt.Orientation.Horizontal), QSplitter()
        self.right.setOrientation(Qt.Orientation.Vertical)
        for splitter in (self.across, self.right):
            splitter.setHandleWidth(6)
        for part in (QWidget(), self.right):
            self.across.addWidget(part)
        for part in (QWidget(), QWidget()):
            self.right.addWidget(part)
        self.setCentralWidget(self.across)
        self.resize(DEFAULT[0])
        self.across.setSizes(DEFAULT[1])
        self.right.setSizes(DEFAULT[2])
        self.memory = LayoutMemory(self, settings)
        self.memory.include({"across": self.across, "right": self.right})

    @property
    def sizes(self) -> tuple[QSize, list[int], list[int]]:
        return self.size(), self.across.sizes(), self.right.sizes()

    def rearrange(self) -> None:
        self.resize(500, 300)
        self.across.setSizes([300, 194])
        self.right.setSizes([100, 194])


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def opened(qtbot: QtBot, settings: QSettings) -> Window:
    # As from the next start of the program: what is read is what the file holds.
    settings.sync()
    window = Window(QSettings(settings.fileName(), QSettings.Format.IniFormat))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_the_layout_is_as_it_was_left(qtbot: QtBot, settings: QSettings) -> None:
    first = Window(settings)
    qtbot.addWidget(first)
    first.show()
    assert first.sizes == DEFAULT
    first.rearrange()
    left = first.sizes
    assert left == (QSize(500, 300), [300, 194], [100, 194])
    first.memory.store()
    first.close()
    assert opened(qtbot, settings).sizes == left


def test_reset_is_the_layout_of_the_first_start(qtbot: QtBot, settings: QSettings) -> None:
    first = Window(settings)
    qtbot.addWidget(first)
    first.show()
    first.rearrange()
    first.memory.store()
    later = opened(qtbot, settings)
    assert later.sizes != DEFAULT
    later.memory.reset()
    assert later.sizes == DEFAULT


@pytest.mark.parametrize("garbage", ["wide", 7, ["a", "b"], QByteArray(b"\0\1"), QByteArray()])
def test_garbage_in_the_settings_is_ignored(
    qtbot: QtBot, settings: QSettings, garbage: object
) -> None:
    for name in ("geometry", "across", "right"):
        settings.setValue(name, garbage)
    assert opened(qtbot, settings).sizes == DEFAULT
