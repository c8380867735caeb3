"""Keys without Ctrl, Alt or Meta belong to the widget that has the focus.

The window has shortcuts on single keys: arrows, letters, Home, End, the page keys, Esc. Qt
asks the focused widget first, by a ShortcutOverride event, whether it wants the key itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_WITH_COMMAND = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
# F1 and its like stay the window's; F2 opens the editor of a cell.
_FIRST_FUNCTION_KEY, _LAST_FUNCTION_KEY = Qt.Key.Key_F1, Qt.Key.Key_F35
_OWN_FUNCTION_KEY = Qt.Key.Key_F2


def keep_plain_keys(widget: QWidget, leave: Callable[[], object] | None = None) -> None:
    """Let ``widget`` keep its plain keys; Esc calls ``leave`` where that is given."""
    widget.installEventFilter(_PlainKeys(widget, leave))


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key belongs to the focused widget rather than to the window."""
    if event.modifiers() & _WITH_COMMAND:
        return False
    key = event.key()
    return key == _OWN_FUNCTION_KEY or not _FIRST_FUNCTION_KEY <= key <= _LAST_FUNCTION_KEY


class _PlainKeys(QObject):
    def __init__(self, widget: QWidget, leave: Callable[[], object] | None) -> None:
        super().__init__(widget)
        self._leave = leave

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if is_plain(event):
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and self._leave is not None:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape and is_plain(event):
                self._leave()
                return True
        return False
