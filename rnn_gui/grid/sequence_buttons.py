"""The buttons under the grid: sequences and timestamps come, go and move."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from core.cell.names import sequence_name
from rnn_gui.grid.sequence_grid import SequenceGrid


class SequenceButtons(QWidget):
    """A line for the rows and one for the timestamps; a disabled button says why it is."""

    def __init__(self, grid: SequenceGrid) -> None:
        super().__init__()
        self._grid = grid
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.add_row = self._put(0, 0, "+ row", grid.add_row)
        self.remove_row = self._put(0, 1, "− row", grid.remove_rows)
        self.row_up = self._put(0, 2, "↑", lambda: grid.move_row(-1))
        self.row_down = self._put(0, 3, "↓", lambda: grid.move_row(1))
        self.add_timestamp = self._put(1, 0, "+ time", grid.add_timestamp)
        self.remove_timestamp = self._put(1, 1, "− time", grid.remove_timestamp)
        self.timestamp_left = self._put(1, 2, "←", lambda: grid.move_timestamp(-1))
        self.timestamp_right = self._put(1, 3, "→", lambda: grid.move_timestamp(1))
        for column, stretch in enumerate((3, 3, 2, 2)):
            self._layout.setColumnStretch(column, stretch)
        grid.selection.currentChanged.connect(self.show_state)
        grid.model.modelReset.connect(self.show_state)

    def show_state(self) -> None:
        """Name what each button would do now, and enable what can be done."""
        model, (row, column) = self._grid.model, self._grid.selection.cell
        rows, last = model.rowCount(), model.y_column
        sequence, timestamp = f"sequence {sequence_name(row)}", f"timestamp {column + 1}"
        one_row = "" if rows > 1 else "At least one sequence has to stay"
        one_time = "" if last > 1 else "At least one timestamp has to stay"
        no_time = "" if column < last else "Select a cell of x to move its timestamp"
        _show(self.add_row, f"Add a sequence below {sequence}")
        _show(self.remove_row, "Remove the selected sequences", one_row)
        _show(self.row_up, f"Move {sequence} up (Alt+Up)", _edge(row, 0, sequence, "first"))
        _show(
            self.row_down,
            f"Move {sequence} down (Alt+Down)",
            _edge(row, rows - 1, sequence, "last"),
        )
        _show(self.add_timestamp, f"Add timestamp {last + 1} after the last one")
        _show(self.remove_timestamp, f"Remove timestamp {last}, the last one", one_time)
        _show(
            self.timestamp_left,
            f"Move {timestamp} to the left (Alt+Left)",
            no_time or _edge(column, 0, timestamp, "first"),
        )
        _show(
            self.timestamp_right,
            f"Move {timestamp} to the right (Alt+Right)",
            no_time or _edge(column, last - 1, timestamp, "last"),
        )

    def _put(self, row: int, column: int, text: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
        button.setMinimumWidth(28)

        def press() -> None:
            self._grid.finish_editing()
            action()
            self.show_state()

        button.clicked.connect(press)
        self._layout.addWidget(button, row, column)
        return button


def _show(button: QPushButton, tip: str, why_not: str = "") -> None:
    button.setEnabled(not why_not)
    button.setToolTip((why_not or tip) + ".")
    button.setAccessibleName(tip)


def _edge(index: int, edge: int, what: str, which: str) -> str:
    return f"{what[0].upper()}{what[1:]} is the {which} one" if index == edge else ""
