"""The grid of sequences, as people expect a grid: click, type, select, copy, paste, drag.

Two tables side by side share one model and one selection: the inputs scroll sideways, target,
prediction and error stay. The left one has the keyboard for both.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QStyle

from core.frame import Frame
from rnn_gui.theme import Look, pen
from rnn_gui.fields.balloon import Balloon
from rnn_gui.grid.block_paste import (
    Numbers,
    Refused,
    cleared,
    copied,
    pasted,
    typed,
    why_locked,
)
from rnn_gui.grid.block_selection import BlockSelection, Cell
from rnn_gui.grid.column_widths import ColumnWidths
from rnn_gui.grid.headers import GridHeader
from rnn_gui.grid.pane import HEADER_HEIGHT, ROW_HEIGHT, GridPane
from rnn_gui.fields.plain_keys import is_plain, keep_plain_keys
from rnn_gui.grid.sequence_delegate import SequenceDelegate
from rnn_gui.grid.sequence_model import SequenceModel

_Key = Qt.Key
_Standard = QKeySequence.StandardKey
_ARROWS = {
    _Key.Key_Up: (-1, 0),
    _Key.Key_Down: (1, 0),
    _Key.Key_Left: (0, -1),
    _Key.Key_Right: (0, 1),
}
_FAR = 1 << 30
_JUMPS = {
    _Key.Key_Home: (0, -_FAR),
    _Key.Key_End: (0, _FAR),
    _Key.Key_PageUp: (-10, 0),
    _Key.Key_PageDown: (10, 0),
    _Key.Key_Return: (1, 0),
    _Key.Key_Enter: (1, 0),
}
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
    | Qt.KeyboardModifier.ShiftModifier
)
_FEWEST_ROWS, _MOST_ROWS_HINTED = 3, 1000


class SequenceGrid(QFrame):
    """Rows and columns count from 0 in every request; blocks are lists of rows."""

    input_block_requested = Signal(int, int, object)  # row, column, list[list[float]]
    target_block_requested = Signal(int, object)  # row, list[float]
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
        self._frame: Frame | None = None
        self._look = Look()
        self._toggled: Cell | None = None
        self._refused = self._overflow = False
        self.model = SequenceModel()
        self.selection = BlockSelection(self.model)
        self.delegate = SequenceDelegate(self.model, self)
        self._widths = ColumnWidths(self.model, self.delegate)
        self.inputs = GridPane(self.model, self.selection, self.delegate)
        self.results = GridPane(self.model, self.selection, self.delegate)
        self._balloon = Balloon(self)
        self._build()
        self._connect()

    # -- shown ---------------------------------------------------------------------------

    def finish_editing(self) -> None:
        """Commit what stands in an open editor."""
        if self.editing:
            self.inputs.setFocus()

    # -- requests on rows and timestamps -------------------------------------------------

    def add_row(self) -> None:
        """A new sequence below the selected ones."""
        self._insert_row(self.selection.block.rows[-1] + 1)

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
            self._move_row(row, row + direction)

    def add_timestamp(self) -> None:
        """A new last timestamp."""
        self._insert_timestamp(self.model.y_column)

    def remove_timestamp(self) -> None:
        """Remove the last timestamp."""
        self._remove_timestamps([self.model.y_column - 1])

    def move_timestamp(self, direction: int) -> None:
        """Move the timestamp of the current cell to the left (-1) or right (1)."""
        column = self.selection.cell.column
        if column >= self.model.y_column:
            sentence = "Only timestamps can be moved: select a cell of x first."
            self._refuse(Refused(sentence, self.selection.cell))
        elif 0 <= column + direction < self.model.y_column:
            self._move_timestamp(column, column + direction)

    # -- clipboard -----------------------------------------------------------------------

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(copied(self.model, self.selection.block))

    def cut(self) -> None:
        self.copy()
        self.clear()

    def paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        self._request_numbers(lambda: pasted(self.model, self.selection.block, text))

    def clear(self) -> None:
        """Put 0 into the selected cells."""
        self._request_numbers(lambda: cleared(self.model, self.selection.block))

    # -- events --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._balloon.dismiss()
        self._toggled = None
        if not (self._command(event) or self._move(event) or self._start_typing(event)):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # What the panes leave: the grid's own commands come before the window's shortcuts.
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self._command_of(event) or _moves_section(event):
                event.accept()
                return True
        return bool(super().event(event))

    # -- built once ----------------------------------------------------------------------

    def _build(self) -> None:
        self.setAccessibleName("Sequences")
        self.inputs.setAccessibleName("Input sequences x")
        self.results.setAccessibleName("Targets y, predictions and errors")
        self.setFocusProxy(self.inputs)
        self.results.setFocusProxy(self.inputs)
        self.results.rows.hide()
        self.results.columns.setSectionsMovable(False)
        self.inputs.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for pane in (self.inputs, self.results):
            pane.setParent(self)
        self.inputs.installEventFilter(self)
        keep_plain_keys(self.inputs)

    def _connect(self) -> None:
        self.model.text_entered.connect(self._take_text)
        self.delegate.stepped.connect(self._step_after_editing)
        one, other = self.inputs.verticalScrollBar(), self.results.verticalScrollBar()
        one.valueChanged.connect(other.setValue)
        other.valueChanged.connect(one.setValue)
        for pane in (self.inputs, self.results):
            pane.cell_pressed.connect(self._press)
            pane.dragged_to.connect(self._drag)
            pane.cell_clicked.connect(self._click)
            pane.cell_double_clicked.connect(self._double_click)
            pane.columns.sectionPressed.connect(self._press_column)
            pane.customContextMenuRequested.connect(
                lambda point, pane=pane: self._pop_up(self.cell_menu(), pane.viewport(), point)
            )
        columns, rows = self.inputs.columns, self.inputs.rows
        rows.sectionPressed.connect(self._press_row)
        # Later: the header is still in the middle of its drag when it tells of the move.
        later = Qt.ConnectionType.QueuedConnection
        columns.sectionMoved.connect(self._column_dragged, later)
        rows.sectionMoved.connect(self._row_dragged, later)
        columns.customContextMenuRequested.connect(self._column_menu_wanted)
        rows.customContextMenuRequested.connect(self._row_menu_wanted)

    # -- editing -------------------------------------------------------------------------

    @property
    def _editing(self) -> bool:
        editing = QAbstractItemView.State.EditingState
        return editing in (self.inputs.state(), self.results.state())

    def _pane_of(self, cell: Cell) -> GridPane:
        return self.inputs if cell.column < self.model.y_column else self.results

    def _edit(self, first_text: str | None = None) -> None:
        """Open the editor of the current cell, with the number or with what was typed first."""
        cell = self.selection.cell
        locked = why_locked(self.model, cell.column)
        if locked:
            self._refuse(Refused(locked, cell))
            return
        self._refused = False
        self.delegate.first_text = first_text
        self.selection.go_to(cell)
        self.pane_of(cell).edit(self.model.index(*cell))

    def _take_text(self, row: int, column: int, text: str) -> None:
        self._request_numbers(lambda: typed(self.model, Cell(row, column), text))

    def _step_after_editing(self, down: int, right: int) -> None:
        if not self._refused:
            cell = self.selection.cell
            self._go_to(Cell(cell.row + down, cell.column + right))

    def _toggle(self) -> None:
        """Space: zeros and ones of the block change together; anything else is edited."""
        block = self.selection.block
        values = {self.model.value(row, column) for row in block.rows for column in block.columns}
        if block.columns[-1] >= self.model.y_column or not values <= {0.0, 1.0}:
            self._edit()
            return
        value = 0.0 if values == {1.0} else 1.0
        corner = Cell(block.rows[0], block.columns[0])
        self._send(Numbers(corner, [[value] * len(block.columns) for _ in block.rows]))

    def _request_numbers(self, make: Callable[[], Numbers]) -> None:
        try:
            numbers = make()
        except Refused as refused:
            self._refuse(refused)
        else:
            self._send(numbers)

    def _send(self, numbers: Numbers) -> None:
        (row, column), rows = numbers
        last = self.model.y_column
        wide = max(0, last - column)
        inputs = [cells[:wide] for cells in rows]
        targets = [cells[wide] for cells in rows if len(cells) > wide]
        if not wide:
            self.target_block_requested.emit(row, targets)
        elif targets:
            self.data_block_requested.emit(row, column, inputs, targets)
        else:
            self.input_block_requested.emit(row, column, inputs)

    def _refuse(self, refused: Refused) -> None:
        self._refused = True
        pane, index = self.pane_of(refused.cell), self.model.index(*refused.cell)
        pane.scrollTo(index)
        place = pane.visualRect(index).translated(pane.viewport().mapTo(self, QPoint()))
        self._balloon.show_problem(str(refused), place, self._look.theme)
        self.problem_reported.emit(str(refused))

    # -- mouse ---------------------------------------------------------------------------

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
            self._toggle()
            self._toggled = cell

    def _double_click(self, cell: Cell) -> None:
        # Two clicks are two toggles: the number is what it was when its editor opens.
        if self._toggled == cell:
            self._toggle()
        self._toggled = None
        self._edit()

    def _press_row(self, row: int) -> None:
        self.inputs.setFocus()
        self.selection.select_rows(row, row)
        self._choose(row)

    def _press_column(self, column: int) -> None:
        self.inputs.setFocus()
        self.selection.select_columns(column, column)

    # -- keyboard ------------------------------------------------------------------------

    def _command_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        for key, command in (
            (_Standard.Copy, self.copy),
            (_Standard.Cut, self.cut),
            (_Standard.Paste, self.paste),
            (_Standard.SelectAll, self.selection.select_all),
        ):
            if event.matches(key):
                return command
        plain: dict[int, Callable[[], None]] = {
            _Key.Key_Space: self._toggle,
            _Key.Key_F2: self._edit,
            _Key.Key_Delete: self.clear,
            _Key.Key_Backspace: self.clear,
            _Key.Key_Escape: self.leave_requested.emit,
        }
        return plain.get(event.key()) if not event.modifiers() & _MODIFIERS else None

    def _command(self, event: QKeyEvent) -> bool:
        command = self._command_of(event)
        if command is not None:
            command()
        return command is not None

    def _move(self, event: QKeyEvent) -> bool:
        down, right = _ARROWS.get(_Key(event.key()), (0, 0))
        if _moves_section(event):
            if down:
                self.move_row(down)
            else:
                self.move_timestamp(right)
            return True
        if not (down or right) and event.key() in _JUMPS:
            down, right = _JUMPS[_Key(event.key())]
        if not (down or right) or not is_plain(event):
            return False
        cell, shift = self.selection.cell, Qt.KeyboardModifier.ShiftModifier
        extend = bool(event.modifiers() & shift)
        if extend and event.key() in (_Key.Key_Return, _Key.Key_Enter):
            down, extend = -down, False
        self._go_to(Cell(cell.row + down, cell.column + right), extend=extend)
        return True

    def _start_typing(self, event: QKeyEvent) -> bool:
        text = event.text()
        if not is_plain(event) or not text or not text.isprintable():
            return False
        self._edit(text)
        return True

    def _go_to(self, cell: Cell, *, extend: bool = False) -> None:
        self.selection.go_to(cell, extend=extend)
        if not extend:
            self._choose(self.selection.cell.row)

    def _choose(self, row: int) -> None:
        if self._frame is not None and row != self._frame.sequence:
            self.sequence_chosen.emit(row)

    # -- rows and timestamps -------------------------------------------------------------

    def _insert_row(self, at: int) -> None:
        self._request_place(self.row_add_requested, (at,), Cell(at, self.selection.cell.column))

    def _move_row(self, row: int, to: int) -> None:
        place = Cell(to, self.selection.cell.column)
        self._request_place(self.row_move_requested, (row, to), place)

    def _insert_timestamp(self, at: int) -> None:
        place = Cell(self.selection.cell.row, at)
        self._request_place(self.timestamp_add_requested, (at,), place)

    def _move_timestamp(self, column: int, to: int) -> None:
        place = Cell(self.selection.cell.row, to)
        self._request_place(self.timestamp_move_requested, (column, to), place)

    def _remove_timestamps(self, columns: list[int]) -> None:
        if len(columns) == self.model.y_column:
            self._refuse(Refused("At least one timestamp has to stay.", self.selection.cell))
        else:
            self.timestamps_remove_requested.emit(columns)

    def _request_place(self, signal: SignalInstance, places: tuple[int, ...], to: Cell) -> None:
        """After a request that was granted the current cell goes along."""
        before = self._frame
        signal.emit(*places)
        if self._frame is not before:
            self._go_to(to)

    def _row_dragged(self, row: int, old: int, new: int) -> None:
        if _put_back(self.inputs.rows, row, old, new):
            self._move_row(row, new)

    def _column_dragged(self, column: int, old: int, new: int) -> None:
        if _put_back(self.inputs.columns, column, old, new) and new < self.model.y_column:
            self._move_timestamp(column, new)

def _moves_section(event: QKeyEvent) -> bool:
    """Alt with an arrow moves a row or a timestamp."""
    alone = event.modifiers() & _MODIFIERS == Qt.KeyboardModifier.AltModifier
    return alone and event.key() in _ARROWS


def _put_back(header: GridHeader, section: int, old: int, new: int) -> bool:
    """Back to where the section was dragged from: what moves is the data, once granted.

    False where it is back already, for that is a move too.
    """
    if header.visualIndex(section) == old:
        return False
    header.moveSection(new, old)
    return True
