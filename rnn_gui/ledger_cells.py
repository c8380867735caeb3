"""How the numbers of the ledger are drawn: one, or two where there is a comparison."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rnn_gui.ledger_model import NO_HOP, TIMESTAMP, UNKNOWN, Index, LedgerModel
from rnn_gui.theme import text_font

CURRENT = "▸"
_PADDING = 5


class CellPainter(QStyledItemDelegate):
    """One number, or two where the network without activation lies beside it."""

    def __init__(self, model: LedgerModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._font = self.bold = self.small = QFont()

    def choose_fonts(self, size: int) -> None:
        self._font, self.bold = text_font(size), text_font(size, bold=True)
        self.small = text_font(size - 2)

    def width_of(self, text: str) -> int:
        return QFontMetrics(self._font).horizontalAdvance(text)

    def row_height(self) -> int:
        return 38 if self._model.compared else 24

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        frame, theme = self._model.frame, self._model.look.theme
        if frame is None:
            return
        timestamp, column = self._model.timestamp(index.row()), index.column()
        current = index.row() == self._model.current_row
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        rect: QRect = option.rect
        if current or selected:
            painter.fillRect(rect, QColor(theme.accent if selected else theme.band))
        text = self._model.text(frame, timestamp, column)
        if current and column == TIMESTAMP:
            text = f"{CURRENT} {text}"
        strong, weak = (theme.on_accent,) * 2 if selected else (theme.text, theme.muted)
        known = text not in (UNKNOWN, NO_HOP)
        other = frame.unactivated
        if other is None or column == TIMESTAMP or not known:
            draw_cell(painter, rect, text, self._font, strong if known else weak, column)
            return
        upper, lower = halves(rect)
        draw_cell(painter, upper, text, self._font, strong, column)
        draw_cell(
            painter, lower, self._model.text(other, timestamp, column), self.small, weak, column
        )


def halves(rect: QRect) -> tuple[QRect, QRect]:
    """A cell with two numbers: the upper one has a little more of it."""
    upper = ceil(rect.height() * 0.55)
    return (
        QRect(rect.left(), rect.top(), rect.width(), upper),
        QRect(rect.left(), rect.top() + upper - 2, rect.width(), rect.height() - upper),
    )


def draw_cell(
    painter: QPainter, rect: QRect, text: str, font: QFont, colour: str, column: int
) -> None:
    """Text in a cell, smaller where it would not fit."""
    inside = rect.adjusted(_PADDING, 0, -_PADDING, 0)
    needed = ceil(QFontMetricsF(font).horizontalAdvance(text)) + 1
    if needed > inside.width() > 0:
        font = QFont(font)
        font.setPixelSize(max(font.pixelSize() * inside.width() // needed, 6))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    across = Qt.AlignmentFlag.AlignRight
    if column == TIMESTAMP:
        across = Qt.AlignmentFlag.AlignHCenter
    painter.drawText(inside, int(across | Qt.AlignmentFlag.AlignVCenter), text)
