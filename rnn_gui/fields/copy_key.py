"""The key of Copy belongs to the widget that has the focus, and has something to copy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


def copy_on_key(widget: QWidget, copy: Callable[[], object]) -> None:
    """Call ``copy`` for Ctrl+C in ``widget``, also where the window has a shortcut on it."""
    widget.installEventFilter(_CopyKey(widget, copy))


class _CopyKey(QObject):
    def __init__(self, widget: QWidget, copy: Callable[[], object]) -> None:
        super().__init__(widget)
        self._copy = copy

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        assert isinstance(event, QKeyEvent)
        if not event.matches(QKeySequence.StandardKey.Copy):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        else:
            self._copy()
        return True
