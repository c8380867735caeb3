"""The grid of sequences, as people expect a grid: click, type, select, copy, paste, drag.

It shows frames and asks for edits; whoever grants one shows the next frame.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from rnn_gui.fields.balloon import Balloon
from rnn_gui.fields.plain_keys import keep_plain_keys
from rnn_gui.grid import menus
from rnn_gui.grid.block_paste import (
    Numbers,
    Refused,
    cleared,
    copied,
    pasted,
    typed,
    why_locked,
)
from rnn_gui.grid.block_selection import Cell
from rnn_gui.grid.headers import GridHeader
from rnn_gui.grid.keys import corner_move, cursor_move, has_modifier, section_move, typed_text
from rnn_gui.grid.two_panes import TwoPanes

_Key = Qt.Key
_Standard = QKeySequence.StandardKey


class SequenceGrid(TwoPanes):
    """Rows and columns count from 0 in every request."""

    # Blocks are arrays: inputs of shape (n, t), targets of shape (n,).
    input_block_requested = Signal(int, int, object)  # row, column, inputs
    target_block_requested = Signal(int, object)  # row, targets
    data_block_requested = Signal(int, int, object, object)  # row, column, inputs, targets
    sequence_chosen = Signal(int)
    row_add_requested = Signal(int)  # before this row; N adds it below
    rows_remove_requested = Signal(object)  # list[int]
    row_move_requested = Signal(int, int)  # from, to
    timestamp_add_requested = Signal(int)
    timestamps_remove_requested = Signal(object)
    timestamp_move_requested = Signal(int, int)
    problem_reported = Signal(str)
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._toggled: Cell | None = None
        self._refused = False
        self._balloon = Balloon(self)
        keep_plain_keys(self.inputs)
        self._connect_cells()
        self._connect_headers()

    # -- sequences and timestamps --------------------------------------------------------

    def add_row(self) -> None:
        """A new sequence below the selected ones."""
        self.insert_row(self.selection.block.rows[-1] + 1)

    def insert_row(self, at: int) -> None:
        place = Cell(at, self.selection.cell.column)
        self._request_place(self.row_add_requested, (at,), place)

    def remove_rows(self) -> None:
        """Remove the selected sequences."""
        rows = list(self.selection.block.rows)
        if len(rows) == self.model.rowCount():
            self._refuse(Refused("At least one sequence has to stay.", self.selection.cell))
        else:
            self.rows_remove_requested.emit(rows)

    def move_row(self, direction: int) -> None:
        """Move the sequence of the current cell up (-1) or down (1)."""
        row = self.selection.cell.row
        if 0 <= row + direction < self.model.rowCount():
            self.place_row(row, row + direction)

    def place_row(self, row: int, to: int) -> None:
        place = Cell(to, self.selection.cell.column)
        self._request_place(self.row_move_requested, (row, to), place)

    def add_timestamp(self) -> None:
        """A new last timestamp."""
        self.insert_timestamp(self.model.y_column)

    def insert_timestamp(self, at: int) -> None:
        place = Cell(self.selection.cell.row, at)
        self._request_place(self.timestamp_add_requested, (at,), place)

    def remove_timestamp(self, column: int | None = None) -> None:
        """Remove a timestamp, the last one where none is named."""
        last = self.model.y_column - 1
        if last == 0:
            self._refuse(Refused("At least one timestamp has to stay.", self.selection.cell))
        else:
            self.timestamps_remove_requested.emit([last if column is None else column])

    def move_timestamp(self, direction: int) -> None:
        """Move the timestamp of the current cell to the left (-1) or right (1)."""
        column = self.selection.cell.column
        if column >= self.model.y_column:
            sentence = "Only timestamps can be moved: select a cell of x first."
            self._refuse(Refused(sentence, self.selection.cell))
        elif 0 <= column + direction < self.model.y_column:
            self.place_timestamp(column, column + direction)

    def place_timestamp(self, column: int, to: int) -> None:
        place = Cell(self.selection.cell.row, to)
        self._request_place(self.timestamp_move_requested, (column, to), place)

    def _request_place(self, request: SignalInstance, places: tuple[int, ...], to: Cell) -> None:
        """Ask, and where a new frame comes in answer, make ``to`` the current cell."""
        before = self._frame
        request.emit(*places)
        if self._frame is not before:
            self._go_to(to)

    # -- clipboard -----------------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected cells with all digits into the clipboard."""
        QGuiApplication.clipboard().setText(copied(self.model, self.selection.block))

    def cut(self) -> None:
        self.copy()
        self.clear()

    def paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        self._request(lambda: pasted(self.model, self.selection.block, text))

    def clear(self) -> None:
        """Put 0 into the selected cells."""
        self._request(lambda: cleared(self.model, self.selection.block))

    # -- editing -------------------------------------------------------------------------

    def finish_editing(self) -> None:
        """Commit what stands in an open editor."""
        if self.editing:
            self.inputs.setFocus()

    def edit(self, first_text: str | None = None) -> None:
        """Open the editor of the current cell, with its number or with what was typed first."""
        cell = self.selection.cell
        locked = why_locked(self.model, cell.column)
        if locked:
            self._refuse(Refused(locked, cell))
            return
        self._refused = False
        self.selection.go_to(cell)
        pane, index = self.pane_of(cell), self.model.index(*cell)
        pane.edit(index)
        editor = pane.indexWidget(index)
        if isinstance(editor, QLineEdit):
            _begin(editor, first_text)

    def toggle(self) -> None:
        """Zeros and ones of the selection change together; anything else is edited."""
        block = self.selection.block
        values = self.model.numbers(block.rows, block.columns)
        ones = values == 1
        if block.columns[-1] >= self.model.y_column or not np.all(ones | (values == 0)):
            self.edit()
            return
        value = 0.0 if ones.all() else 1.0
        self._send(Numbers(block.corner, np.full_like(values, value)))

    def _take_text(self, row: int, column: int, text: str) -> None:
        self._request(lambda: typed(self.model, Cell(row, column), text))

    def _step_after_editing(self, down: int, right: int) -> None:
        if not self._refused:
            cell = self.selection.cell
            self._go_to(Cell(cell.row + down, cell.column + right))

    def _request(self, make: Callable[[], Numbers]) -> None:
        try:
            numbers = make()
        except Refused as refused:
            self._refuse(refused)
        else:
            self._send(numbers)

    def _send(self, numbers: Numbers) -> None:
        (row, column), cells = numbers
        wide = max(0, self.model.y_column - column)
        if cells.shape[1] <= wide:
            self.input_block_requested.emit(row, column, cells)
        elif wide:
            self.data_block_requested.emit(row, column, cells[:, :wide], cells[:, wide])
        else:
            self.target_block_requested.emit(row, cells[:, 0])

    def _refuse(self, refused: Refused) -> None:
        self._refused = True
        pane, index = self.pane_of(refused.cell), self.model.index(*refused.cell)
        pane.scrollTo(index)
        place = pane.visualRect(index).translated(pane.viewport().mapTo(self, QPoint()))
        self._balloon.show_problem(str(refused), place, self._look.theme)
        self.problem_reported.emit(str(refused))

    # -- keyboard ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._balloon.dismiss()
        self._toggled = None
        command = self._command(event)
        if command is None:
            super().keyPressEvent(event)
        else:
            command()

    def event(self, event: QEvent) -> bool:
        # Keys with Ctrl or Alt that mean something here come before the window's shortcuts.
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self._clipboard_command(event) or section_move(event) or corner_move(event):
                event.accept()
                return True
        return bool(super().event(event))

    def _command(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does; None where it means nothing here."""
        command = self._clipboard_command(event) or self._cell_command(event)
        if command:
            return command
        if moved := section_move(event):
            down, right, _ = moved
            return lambda: self.move_row(down) if down else self.move_timestamp(right)
        if move := cursor_move(event) or corner_move(event):
            row, column = self.selection.cell
            to = Cell(row + move.down, column + move.right)
            return lambda: self._go_to(to, extend=move.extend)
        text = typed_text(event)
        return (lambda: self.edit(text)) if text else None

    def _clipboard_command(self, event: QKeyEvent) -> Callable[[], None] | None:
        commands = {
            _Standard.Copy: self.copy,
            _Standard.Cut: self.cut,
            _Standard.Paste: self.paste,
            _Standard.SelectAll: self.selection.select_all,
        }
        return next((do for key, do in commands.items() if event.matches(key)), None)

    def _cell_command(self, event: QKeyEvent) -> Callable[[], None] | None:
        commands: dict[int, Callable[[], None]] = {
            _Key.Key_Space: self.toggle,
            _Key.Key_F2: self.edit,
            _Key.Key_Delete: self.clear,
            _Key.Key_Backspace: self.clear,
            _Key.Key_Escape: self.leave_requested.emit,
        }
        return None if has_modifier(event) else commands.get(event.key())

    # -- mouse ---------------------------------------------------------------------------

    def _connect_cells(self) -> None:
        self.model.text_entered.connect(self._take_text)
        for pane in (self.inputs, self.results):
            pane.delegate.stepped.connect(self._step_after_editing)
            pane.cell_pressed.connect(self._press)
            pane.dragged_to.connect(self._drag)
            pane.cell_clicked.connect(self._click)
            pane.cell_double_clicked.connect(self._double_click)
            pane.customContextMenuRequested.connect(
                lambda point, pane=pane: _pop_up(menus.cell_menu(self), pane.viewport(), point)
            )

    def _press(self, cell: Cell, extend: bool) -> None:
        self._balloon.dismiss()
        self._toggled = None
        self._go_to(cell, extend=extend)

    def _drag(self, point: QPoint) -> None:
        right = self.results.mapFromGlobal(point).x() >= 0
        pane = self.results if right else self.inputs
        cell = pane.nearest_cell(pane.viewport().mapFromGlobal(point))
        if cell is not None and cell != self.selection.cell:
            self._go_to(cell, extend=True)

    def _click(self, cell: Cell) -> None:
        if cell.column < self.model.y_column and self.model.value(*cell) in (0.0, 1.0):
            self.toggle()
            self._toggled = cell

    def _double_click(self, cell: Cell) -> None:
        # Two clicks are two toggles: the number is what it was when its editor opens.
        if self._toggled == cell:
            self.toggle()
        self._toggled = None
        self.edit()

    def _go_to(self, cell: Cell, *, extend: bool = False) -> None:
        self.selection.go_to(cell, extend=extend)
        if not extend:
            self._choose(self.selection.cell.row)

    def _choose(self, row: int) -> None:
        if self._frame is not None and row != self._frame.sequence:
            self.sequence_chosen.emit(row)

    # -- headers -------------------------------------------------------------------------

    def _connect_headers(self) -> None:
        columns, rows = self.inputs.columns, self.inputs.rows
        rows.sectionPressed.connect(self._press_row)
        for header in (columns, self.results.columns):
            header.sectionPressed.connect(self._press_column)
        # Later: the header is still in the middle of its drag when it tells of the move.
        later = Qt.ConnectionType.QueuedConnection
        columns.sectionMoved.connect(self._column_dragged, later)
        rows.sectionMoved.connect(self._row_dragged, later)
        columns.customContextMenuRequested.connect(self._show_column_menu)
        rows.customContextMenuRequested.connect(self._show_row_menu)

    def _press_row(self, row: int) -> None:
        self.inputs.setFocus()
        self.selection.select_rows(row, row)
        self._choose(row)

    def _press_column(self, column: int) -> None:
        self.inputs.setFocus()
        self.selection.select_columns(column, column)

    def _row_dragged(self, row: int, old: int, new: int) -> None:
        if _put_back(self.inputs.rows, old, new):
            self.place_row(row, new)

    def _column_dragged(self, column: int, old: int, new: int) -> None:
        if _put_back(self.inputs.columns, old, new) and new < self.model.y_column:
            self.place_timestamp(column, new)

    def _show_row_menu(self, point: QPoint) -> None:
        row = self.inputs.rows.logicalIndexAt(point)
        if row >= 0:
            if row not in self.selection.block.rows:
                self._press_row(row)
            _pop_up(menus.row_menu(self, row), self.inputs.rows.viewport(), point)

    def _show_column_menu(self, point: QPoint) -> None:
        column = self.inputs.columns.logicalIndexAt(point)
        if 0 <= column < self.model.y_column:
            self._press_column(column)
            _pop_up(menus.column_menu(self, column), self.inputs.columns.viewport(), point)


def _begin(editor: QLineEdit, first_text: str | None) -> None:
    if first_text is None:
        # All selected, backwards: a long number shows its beginning.
        editor.setSelection(len(editor.text()), -len(editor.text()))
    else:
        editor.setText(first_text)
        editor.setModified(True)


def _pop_up(menu: QMenu, over: QWidget, point: QPoint) -> None:
    menu.popup(over.mapToGlobal(point))


def _put_back(header: GridHeader, old: int, new: int) -> bool:
    """Back to where the section was dragged from: what moves is the data, once granted.

    False where it is back already, for that is a move too.
    """
    if header.visualIndex(old) == old:
        return False
    header.moveSection(new, old)
    return True
