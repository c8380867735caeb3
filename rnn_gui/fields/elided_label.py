"""A label that gives way: a text that has no room ends in dots, and the tool tip has it all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from rnn_gui.fields.plain_tip import plain_tip


class ElidedLabel(QLabel):
    """Plain text on one line. The window need not be laid out anew for another text, as it would
    be for one that Qt knows of: it asks for no width.
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleDescription(text)
            self._show_tip()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment() | Qt.TextFlag.TextSingleLine, shown)

    def _show_tip(self) -> None:
        needed = self.fontMetrics().horizontalAdvance(self._text)
        self.setToolTip(plain_tip(self._text) if needed > self.contentsRect().width() else "")
