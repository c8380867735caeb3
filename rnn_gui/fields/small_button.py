"""A button that is no larger than its word."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton


def small_button(text: str, tip: str) -> QToolButton:
    """A click leaves the keyboard where it is; Tab leads to the button."""
    made = QToolButton()
    made.setText(text)
    made.setProperty("role", "small")
    made.setToolTip(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
