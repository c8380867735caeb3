"""A small table of numbers, as high as its rows; the tool tips and Copy have all digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from rnn_gui.fields.copy_key import copy_on_key
from rnn_gui.fields.plain_keys import ARROW_KEYS, keep_keys
from rnn_gui.theme import SMALL_SIZE, TEXT_SIZE, Look, text_font

Index = QModelIndex | QPersistentModelIndex

_PADDING, _HEAD_PADDING, _ROW, _MOST_ROWS = 4, 5, 22, 12


class Cell(NamedTuple):
    """What a cell shows, and the same with all digits; ``marked`` where it is wrong."""

    text: str
    exact: str = ""
    marked: bool = False


class NumberTable(QTableView):
    """A table of numbers, as high as its rows. Copy takes all of it with all digits."""

    copied = Signal(str)
    leave_requested = Signal()

    def __init__(self, name: str, heads: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.model_ = _Model(heads)
        self.setModel(self.model_)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(20)
        copy_on_key(self, self.copy)
        keep_keys(self, ARROW_KEYS, self.leave_requested.emit)

    def show_rows(self, rows: list[list[Cell]], heads: dict[int, str] | None = None) -> None:
        if self.model_.show_rows(rows, heads or {}):
            self._fit()

    def set_look(self, look: Look) -> None:
        self.model_.colour = look.theme.backward
        self.viewport().update()

    def copy(self) -> None:
        """All rows with all digits, to the clipboard."""
        QGuiApplication.clipboard().setText(self.model_.in_full())
        self.copied.emit("Copied the table of the gradient check with all digits.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns as wide as their texts, and what is left over shared out."""
        for size in (TEXT_SIZE - 1, SMALL_SIZE):
            self.model_.size = size
            widths = [self._needed(column) for column in range(self.model_.columnCount())]
            if sum(widths) <= self.viewport().width():
                break
        spare = max(self.viewport().width() - sum(widths), 0) // len(widths)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width + spare)
        rows = min(max(self.model_.rowCount(), 1), _MOST_ROWS)
        bar = self.horizontalScrollBar()
        scrolled = bar.sizeHint().height() if sum(widths) > self.viewport().width() else 0
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + _ROW * rows + 2 * self.frameWidth() + scrolled)

    def _needed(self, column: int) -> int:
        head = QFontMetrics(text_font(SMALL_SIZE))
        body = QFontMetrics(text_font(self.model_.size))
        texts = [row[column].text for row in self.model_.rows]
        lines = self.model_.heads[column].split("\n")
        widest = [head.horizontalAdvance(line) + 2 * _HEAD_PADDING for line in lines]
        widest += [body.horizontalAdvance(text) + 2 * _PADDING for text in texts]
        return max(widest)


class _Model(QAbstractTableModel):
    def __init__(self, heads: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.heads = [text for text, _ in heads]
        self._tips = [tip for _, tip in heads]
        self.rows: list[list[Cell]] = []
        self.colour = Look().theme.backward
        self.size = TEXT_SIZE  # of the letters

    def show_rows(self, rows: list[list[Cell]], heads: dict[int, str]) -> bool:
        """Whether anything is other than before."""
        named = [heads.get(column, text) for column, text in enumerate(self.heads)]
        if (rows, named) == (self.rows, self.heads):
            return False
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows, self.heads = rows, named
            self.endResetModel()
            return True
        self.rows, self.heads = rows, named
        self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(named) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(named) - 1)
        return True

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.exact
        if role == Qt.ItemDataRole.FontRole:
            return text_font(self.size)
        if role == Qt.ItemDataRole.ForegroundRole and cell.marked:
            return QColor(self.colour)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        if role == Qt.ItemDataRole.FontRole:
            return text_font(SMALL_SIZE)
        return self._tips[section] if role == Qt.ItemDataRole.ToolTipRole else None

    def in_full(self) -> str:
        heads = [_in_one_line(text) for text in self.heads]
        lines = [heads, *([cell.exact for cell in row] for row in self.rows)]
        return "".join("\t".join(line) + "\n" for line in lines)


def _in_one_line(head: str) -> str:
    return head.replace("-\n", "-").replace("\n", " ").replace("rel.", "relative")
