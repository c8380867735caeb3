"""Files that are dropped on the window: a session is opened, a table becomes the sequences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

_SESSION = ".json"


class Drops(QObject):
    """Watches a window; a session file and any other one go to whom they concern."""

    def __init__(
        self, window: QWidget, open_file: Callable[[Path], object], take: Callable[[Path], object]
    ) -> None:
        super().__init__(window)
        self._open_file, self._take = open_file, take
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):  # entering is one of them, too
            return False
        path = _one_file(event)
        if path is None:
            event.ignore()
        else:
            event.acceptProposedAction()
            if event.type() is QEvent.Type.Drop:
                # Later: a question asked now would keep the other program waiting.
                QTimer.singleShot(0, self, lambda: self._receive(path))
        return True

    def _receive(self, path: Path) -> None:
        (self._open_file if path.suffix == _SESSION else self._take)(path)


def _one_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
