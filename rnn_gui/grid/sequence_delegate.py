"""How one cell of the grid is drawn and edited."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rnn_gui.fields.plain_keys import keep_plain_keys
from rnn_gui.grid.sequence_model import UNKNOWN, SequenceModel
from rnn_gui.theme import LIGHT, Theme, faded, pen, text_font

_Index = QModelIndex | QPersistentModelIndex
_PADDING = 3
_SIZE = 12
FEWEST_DIGITS = 3
_CENTRE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

# Keys that end the editor, and where the current cell then goes: rows down, columns right.
_STEPS = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
}


@dataclass
class Marks:
    """What stands out in the grid, in both of its panes."""

    banded_column: int = -1  # the timestamp of the current step
    chosen_row: int = 0
    focused: bool = False


class SequenceDelegate(QStyledItemDelegate):
    """Draws a cell without asking the model role by role, which is what costs.

    ``stepped(down, right)`` follows a commit by Enter, Tab, Up or Down.
    """

    stepped = Signal(int, int)

    def __init__(self, model: SequenceModel, marks: Marks) -> None:
        super().__init__()
        self._model = model
        self._font = text_font(_SIZE)
        self._metrics = QFontMetrics(self._font)
        self._marks = marks
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._field, self._panel = QColor(theme.field), QColor(theme.panel)
        self._band, self._one = QColor(theme.band), QColor(theme.forward_soft)
        self._text, self._muted = QColor(theme.text), QColor(theme.muted)
        self._selected = faded(theme.accent, 0.22)
        self._lines, self._border = pen(theme.grid), pen(theme.border)
        self._outline = pen(theme.accent, 2.0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, column, rect = index.row(), index.column(), option.rect
        painter.save()
        self._paint_ground(painter, rect, row, column)
        if self._marks.focused and option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._selected)
        self._paint_number(painter, rect, row, column)
        if self._marks.focused and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._outline)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def width_of(self, text: str) -> int:
        """The width that a cell needs for a text."""
        return self._metrics.horizontalAdvance(text) + 2 * _PADDING + 2

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: _Index
    ) -> QLineEdit:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setFont(self._font)
        editor.setAlignment(_RIGHT)
        editor.setAccessibleName(self._model.place(index.row(), index.column()))
        keep_plain_keys(editor)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        # A long number needs more room than a cell of zeros and ones.
        needed = self.width_of(str(index.data(Qt.ItemDataRole.EditRole))) + 8
        viewport = editor.parentWidget()
        assert viewport is not None
        room = viewport.width()
        width = min(max(option.rect.width(), needed, 56), room)
        left = max(0, min(option.rect.left(), room - width))
        editor.setGeometry(QRect(left, option.rect.top(), width, option.rect.height()))

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        assert isinstance(editor, QLineEdit)
        if not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        assert isinstance(editor, QLineEdit)
        if editor.isModified():
            editor.setModified(False)  # committed once, though the focus leaves as well
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(editor, QLineEdit):
            assert isinstance(event, QKeyEvent)
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and step == (1, 0):
                    step = (-1, 0)
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
                self.stepped.emit(*step)
                return True
        return super().eventFilter(editor, event)

    def _paint_ground(self, painter: QPainter, rect: QRect, row: int, column: int) -> None:
        result = column - self._model.y_column
        ground = self._band if column == self._marks.banded_column else self._field
        if result > 0 or (result == 0 and self._model.counting):
            ground = self._panel
        painter.fillRect(rect, ground)
        if result < 0 and self._model.value(row, column) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._one)
            painter.drawRoundedRect(rect.adjusted(3, 3, -4, -4), 3, 3)
        painter.setPen(self._lines)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if result == 0:
            painter.setPen(self._border)
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        if row == self._marks.chosen_row:
            painter.setPen(pen(self._theme.sequence(row).colour, 1.0))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_number(self, painter: QPainter, rect: QRect, row: int, column: int) -> None:
        text, result = self._model.text(row, column), column - self._model.y_column
        follows = result == 0 and self._model.counting
        quiet = text == UNKNOWN or follows or (result < 0 and text == "0")
        painter.setFont(self._font)
        painter.setPen(self._muted if quiet else self._text)
        room = rect.adjusted(_PADDING, 0, -_PADDING - 1, 0)
        # Zeros, ones and dots stand in the middle; numbers stand under one another.
        centred = (result <= 0 and len(text) == 1) or text == UNKNOWN
        if self._metrics.horizontalAdvance(text) > room.width():
            text = self._fitting(row, column, room.width())
        painter.drawText(room, _CENTRE if centred else _RIGHT, text)

    def _fitting(self, row: int, column: int, width: int) -> str:
        """As many digits as there is room for; the tool tip has them all."""
        for digits in range(self._model.digits - 1, FEWEST_DIGITS - 1, -1):
            text = self._model.text(row, column, digits)
            if self._metrics.horizontalAdvance(text) <= width:
                return text
        text = self._model.text(row, column, FEWEST_DIGITS)
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
