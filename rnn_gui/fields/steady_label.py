"""A label whose text changes at every step."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel


class SteadyLabel(QLabel):
    """It keeps the room of its longest text so far: what stands beside it does not move, and
    the window need not be laid out anew for another number.
    """

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self.setFixedSize(self.sizeHint())  # which is never under the minimum

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setMinimumSize(0, 0)
            self.setFixedSize(self.sizeHint())
