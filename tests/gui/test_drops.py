"""One file that is dropped goes where it belongs; anything else is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.drops import Drops

_COPY, _LEFT, _NONE = (
    Qt.DropAction.CopyAction,
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
)


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []
        self.taken: list[Path] = []
        self.drops = Drops(self, {".json": self.opened.append}, self.taken.append)

    def drop(self, *urls: QUrl) -> bool:
        """Whether it is taken, both on the way in and in the end."""
        data = QMimeData()
        data.setUrls(list(urls))
        entering = QDragEnterEvent(QPoint(5, 5), _COPY, data, _LEFT, _NONE)
        dropping = QDropEvent(QPointF(5, 5), _COPY, data, _LEFT, _NONE)
        for event in (entering, dropping):
            event.ignore()
            QApplication.sendEvent(self, event)
        assert entering.isAccepted() == dropping.isAccepted()
        return dropping.isAccepted()


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    return window


@pytest.mark.parametrize(("name", "opens"), [("mine.rnn.json", True), ("data.csv", False)])
def test_a_file_goes_where_it_belongs(
    window: Window, qtbot: QtBot, tmp_path: Path, name: str, opens: bool
) -> None:
    path = tmp_path / name
    assert window.drop(QUrl.fromLocalFile(str(path)))
    qtbot.waitUntil(lambda: bool(window.opened or window.taken))
    assert (window.opened, window.taken) == (([path], []) if opens else ([], [path]))


def test_anything_else_is_not_taken(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    one = QUrl.fromLocalFile(str(tmp_path / "a.csv"))
    assert not window.drop()
    assert not window.drop(one, one)
    assert not window.drop(QUrl("https://example.org/data.csv"))
    qtbot.wait(20)
    assert not window.opened
    assert not window.taken
