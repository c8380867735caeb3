"""Which keys without Ctrl, Alt or Meta belong to the widget that has the focus.

The window has shortcuts on single keys: arrows, letters, Home, End, the page keys, Esc. Qt
asks the focused widget first, by a ShortcutOverride event, whether it wants the key itself.
What is typed into keeps all of them; anything else keeps the keys that it uses, so that the
window's letters go on working.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

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

BUTTON_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
ARROW_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def keep_plain_keys(widget: QWidget, leave: Callable[[], object] | None = None) -> None:
    """Let an editor keep all plain keys; Esc calls ``leave`` where that is given."""
    widget.installEventFilter(_PlainKeys(widget, None, leave))


def keep_keys(
    widget: QWidget, keys: Collection[Qt.Key], leave: Callable[[], object] | None = None
) -> None:
    """Let ``widget`` keep ``keys``, with Shift too; every other one is the window's.

    Esc calls ``leave`` where that is given, and is the window's where it is not.
    """
    widget.installEventFilter(_PlainKeys(widget, frozenset(keys), leave))


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key belongs to the focused widget rather than to the window."""
    if event.modifiers() & _WITH_COMMAND:
        return False
    key = event.key()
    return key == _OWN_FUNCTION_KEY or not _FIRST_FUNCTION_KEY <= key <= _LAST_FUNCTION_KEY


class _PlainKeys(QObject):
    def __init__(
        self,
        widget: QWidget,
        keys: frozenset[Qt.Key] | None,  # None: all of them
        leave: Callable[[], object] | None,
    ) -> None:
        super().__init__(widget)
        self._keys = keys
        self._leave = leave

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if is_plain(event) and self._keeps(event):
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and self._leave is not None:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape and is_plain(event):
                self._leave()
                return True
        return False

    def _keeps(self, event: QKeyEvent) -> bool:
        leaves = event.key() == Qt.Key.Key_Escape and self._leave is not None
        return self._keys is None or leaves or event.key() in self._keys
