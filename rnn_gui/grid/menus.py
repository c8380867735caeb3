"""The menus of the grid: of the selected cells, of a sequence, of a timestamp."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from rnn_gui.grid.sequence_grid import SequenceGrid

_Standard = QKeySequence.StandardKey
_Entry = tuple[str, bool, Callable[[], None], QKeySequence.StandardKey | str | None]


def cell_menu(grid: SequenceGrid) -> QMenu:
    """What can be done with the selected cells."""
    return _menu(
        grid,
        ("Cut", True, grid.cut, _Standard.Cut),
        ("Copy", True, grid.copy, _Standard.Copy),
        ("Paste", True, grid.paste, _Standard.Paste),
        ("Set to 0", True, grid.clear, _Standard.Delete),
    )


def row_menu(grid: SequenceGrid, row: int) -> QMenu:
    """What can be done with a sequence."""
    last = grid.model.rowCount() - 1
    return _menu(
        grid,
        ("Add a sequence above", True, lambda: grid.insert_row(row), None),
        ("Add a sequence below", True, lambda: grid.insert_row(row + 1), None),
        ("Remove", last > 0, grid.remove_rows, None),
        ("Move up", row > 0, lambda: grid.place_row(row, row - 1), "Alt+Up"),
        ("Move down", row < last, lambda: grid.place_row(row, row + 1), "Alt+Down"),
    )


def column_menu(grid: SequenceGrid, column: int) -> QMenu:
    """What can be done with a timestamp."""
    last = grid.model.y_column - 1
    return _menu(
        grid,
        ("Add a timestamp before", True, lambda: grid.insert_timestamp(column), None),
        ("Add a timestamp after", True, lambda: grid.insert_timestamp(column + 1), None),
        ("Remove", last > 0, lambda: grid.remove_timestamp(column), None),
        (
            "Move to the left",
            column > 0,
            lambda: grid.place_timestamp(column, column - 1),
            "Alt+Left",
        ),
        (
            "Move to the right",
            column < last,
            lambda: grid.place_timestamp(column, column + 1),
            "Alt+Right",
        ),
    )


def _menu(parent: QWidget, *entries: _Entry) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, possible, do, keys in entries:
        entry = menu.addAction(f"{text}\t{_shown(keys)}" if keys else text)
        entry.setEnabled(possible)
        entry.triggered.connect(lambda _=False, do=do: do())
    return menu


def _shown(keys: QKeySequence.StandardKey | str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
