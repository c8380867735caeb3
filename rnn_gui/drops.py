"""Files that are dropped on the window: a session is opened, a table becomes the sequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class Drops(QObject):
    """Watches a window; a file goes to whom its ending concerns, and any other one to ``take``."""

    def __init__(
        self,
        window: QWidget,
        by_ending: Mapping[str, Callable[[Path], object]],
        take: Callable[[Path], object],
    ) -> None:
        super().__init__(window)
        self._by_ending, self._take = by_ending, take
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
        self._by_ending.get(path.suffix, self._take)(path)


def _one_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
