"""One of the two parts of the grid: some columns of the table, and the mouse on them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from rnn_gui.grid.block_selection import BlockSelection, Cell
from rnn_gui.grid.headers import GridHeader, SequenceHeader
from rnn_gui.grid.sequence_delegate import SequenceDelegate
from rnn_gui.grid.sequence_model import SequenceModel

ROW_HEIGHT = 24
HEADER_HEIGHT = 22


class GridPane(QTableView):
    """Tells what the mouse does; keys go to the grid, which knows both parts."""

    cell_pressed = Signal(object, bool)  # Cell, extend
    dragged_to = Signal(QPoint)  # global
    cell_clicked = Signal(object)  # Cell
    cell_double_clicked = Signal(object)  # Cell

    def __init__(
        self, model: SequenceModel, selection: BlockSelection, delegate: SequenceDelegate
    ) -> None:
        super().__init__()
        self._pressed: Cell | None = None
        self._holding = self._dragged = False
        self.setModel(model)
        self.setSelectionModel(selection)
        self.delegate = delegate
        self.setItemDelegate(delegate)
        self.columns = GridHeader(Qt.Orientation.Horizontal)
        self.rows = SequenceHeader()
        self.setHorizontalHeader(self.columns)
        self.setVerticalHeader(self.rows)
        self.columns.setFixedHeight(HEADER_HEIGHT)
        self.rows.setDefaultSectionSize(ROW_HEIGHT)
        self.setStyleSheet("QTableView { border: none; }")  # the grid around has the border
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMinimumSize(0, 0)

    def show_columns(self, shown: range) -> None:
        """Show these columns only."""
        for column in range(self.model().columnCount()):
            self.setColumnHidden(column, column not in shown)

    def cell_at(self, point: QPoint) -> Cell | None:
        index = self.indexAt(point)
        return Cell(index.row(), index.column()) if index.isValid() else None

    def nearest_cell(self, point: QPoint) -> Cell | None:
        """The cell at a point of the viewport, or the nearest one to a point outside."""
        inside = self.viewport().rect()
        last = self.model().rowCount() - 1
        bottom = min(inside.bottom(), self.rowViewportPosition(last) + ROW_HEIGHT - 1)
        x = max(0, min(point.x(), inside.right()))
        return self.cell_at(QPoint(x, max(0, min(point.y(), bottom))))

    def update_column(self, column: int) -> None:
        """Draw one column again."""
        if 0 <= column < self.model().columnCount() and not self.isColumnHidden(column):
            left, width = self.columnViewportPosition(column), self.columnWidth(column)
            self.viewport().update(left, 0, width, self.viewport().height())

    def reveal_column(self, column: int) -> None:
        """Scroll sideways, and only sideways, until a column is in view."""
        if column < 0 or self.isColumnHidden(column):
            return
        self.updateGeometries()  # the scroll bar does not follow new widths at once
        left, width = self.columnViewportPosition(column), self.columnWidth(column)
        beyond = left + width - self.viewport().width()
        bar = self.horizontalScrollBar()
        if left < 0:
            bar.setValue(bar.value() + left)
        elif beyond > 0:
            bar.setValue(bar.value() + beyond)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        self._holding = event.button() is Qt.MouseButton.LeftButton and cell is not None
        if not self._holding:
            return
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        self._pressed, self._dragged = (cell if plain else None), False
        self.cell_pressed.emit(cell, extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._holding:
            return
        if self.cell_at(event.position().toPoint()) != self._pressed:
            self._dragged = True
        if self._dragged:
            self.dragged_to.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._holding = False
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._dragged:
            self.cell_clicked.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and cell is not None:
            self._pressed = None
            self.cell_double_clicked.emit(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
