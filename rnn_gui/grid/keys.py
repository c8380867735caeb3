"""What keys mean in the grid."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from rnn_gui.fields.plain_keys import is_plain

_Key = Qt.Key
_FAR, _PAGE = 1 << 30, 10
_ARROWS = {
    _Key.Key_Up: (-1, 0),
    _Key.Key_Down: (1, 0),
    _Key.Key_Left: (0, -1),
    _Key.Key_Right: (0, 1),
}
_JUMPS = {
    _Key.Key_Home: (0, -_FAR),
    _Key.Key_End: (0, _FAR),
    _Key.Key_PageUp: (-_PAGE, 0),
    _Key.Key_PageDown: (_PAGE, 0),
}
_CORNERS = {_Key.Key_Home: (-_FAR, -_FAR), _Key.Key_End: (_FAR, _FAR)}
_ENTER = (_Key.Key_Return, _Key.Key_Enter)
_ALL_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
    | Qt.KeyboardModifier.ShiftModifier
)


class Move(NamedTuple):
    """So many rows down and columns to the right; ``extend`` stretches the selection."""

    down: int
    right: int
    extend: bool = False


def cursor_move(event: QKeyEvent) -> Move | None:
    """How a key moves the current cell."""
    if not is_plain(event):
        return None
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    key = _Key(event.key())
    if key in _ENTER:
        return Move(-1 if shift else 1, 0)
    step = _ARROWS.get(key) or _JUMPS.get(key)
    return Move(*step, shift) if step else None


def corner_move(event: QKeyEvent) -> Move | None:
    """Ctrl+Home goes to the first cell, Ctrl+End to the last one."""
    modifiers = event.modifiers() & _ALL_MODIFIERS
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    alone = modifiers & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.ControlModifier
    step = _CORNERS.get(_Key(event.key())) if alone else None
    return Move(*step, shift) if step else None


def section_move(event: QKeyEvent) -> Move | None:
    """Alt with an arrow moves the sequence or the timestamp itself."""
    alone = event.modifiers() & _ALL_MODIFIERS == Qt.KeyboardModifier.AltModifier
    step = _ARROWS.get(_Key(event.key())) if alone else None
    return Move(*step) if step else None


def typed_text(event: QKeyEvent) -> str:
    """What the key writes; empty for a key that is a command."""
    text = event.text()
    return text if is_plain(event) and text.isprintable() else ""


def has_modifier(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & _ALL_MODIFIERS)
