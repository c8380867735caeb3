"""The table of the sequences: inputs, targets, predictions, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from core.cell.names import sequence_name
from core.data.experiment import Experiment
from core.data.notation import number, signed, subscript
from core.data.values import Array
from core.epoch.frame import Frame
from core.epoch.glossary import WORDS, at_timestamp
from rnn_gui.fields.cell_text import exact

UNKNOWN = "·"
RESULTS = 3  # y, S_T, error: the columns after the inputs

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_CENTRE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

# Below zero, and with every digit that a number can show.
_USUAL = -8 / 9


class SequenceModel(QAbstractTableModel):
    """N rows; columns x1…xT, y, S_T and error. It shows a frame and changes nothing itself.

    What is typed into a cell goes out as ``text_entered(row, column, text)``.
    """

    text_entered = Signal(int, int, str)

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._digits = 4

    def show_frame(self, frame: Frame) -> bool:
        """Tell the views what changed, and only that; whether any number did."""
        before, self._frame = self._frame, frame
        if before is None or before.experiment.inputs.shape != frame.experiment.inputs.shape:
            self.beginResetModel()
            self.endResetModel()
            return True
        old, new = before.experiment, frame.experiment
        if not _same_data(old, new):
            self._changed(0, self.columnCount() - 1)
        elif not _same_predictions(before, frame):
            self._changed(self.y_column + 1, self.columnCount() - 1)
        else:
            return False
        return True

    def set_digits(self, digits: int) -> None:
        if digits != self._digits:
            self._digits = digits
            self._changed(0, self.columnCount() - 1)

    @property
    def y_column(self) -> int:
        """The column of the targets, which is also the number of timestamps."""
        return self.columnCount() - RESULTS

    @property
    def counting(self) -> bool:
        """Whether the targets follow the inputs."""
        return self._frame is not None and self._frame.experiment.targets_count_ones

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return self._frame.sequences if self._frame and not parent.isValid() else 0

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return self._frame.timestamps + RESULTS if self._frame and not parent.isValid() else 0

    def value(self, row: int, column: int) -> float | None:
        """The number of a cell; None where it is not computed yet."""
        frame, place = self._frame, column - self.y_column
        assert frame is not None
        if place < 0:
            return float(frame.experiment.inputs[row, column])
        if place == 0:
            return float(frame.experiment.targets[row])
        predictions = frame.predictions
        if predictions is None:
            return None
        prediction = float(predictions[row])
        # Not frame.errors: that is of all rows, and there may be a hundred thousand.
        return prediction if place == 1 else prediction - float(frame.experiment.targets[row])

    def results(self, rows: slice = slice(None)) -> Array:
        """Target, prediction and error of some rows, a column each; nan where not computed yet."""
        frame = self._frame
        assert frame is not None
        targets, predictions = frame.experiment.targets[rows], frame.predictions
        shown = np.full_like(targets, np.nan) if predictions is None else predictions[rows]
        return np.column_stack([targets, shown, shown - targets])

    def numbers(self, rows: range, columns: range) -> Array:
        """The numbers of a block of cells; nan where they are not computed yet."""
        frame, last = self._frame, self.y_column
        assert frame is not None
        down = slice(rows.start, rows.stop)
        inputs = frame.experiment.inputs[down, columns.start : columns.stop]
        if columns.stop <= last:
            return inputs
        results = self.results(down)[:, max(columns.start - last, 0) : columns.stop - last]
        return np.hstack([inputs, results])

    @property
    def digits(self) -> int:
        return self._digits

    def text(self, row: int, column: int, digits: int = 0) -> str:
        """The number of a cell as it is printed, with fewer digits if asked; errors are signed."""
        value = self.value(row, column)
        if value is None:
            return UNKNOWN
        is_error = column == self.y_column + 2
        return (signed if is_error else number)(value, digits or self._digits)

    def usual_results(self) -> tuple[str, str]:
        """A prediction and an error as wide as they usually get."""
        return number(_USUAL, self._digits), signed(_USUAL / 10, self._digits)

    def title(self, column: int) -> str:
        """The header of a column."""
        if column < self.y_column:
            return f"x{column + 1}"
        return ("y", f"S{subscript(self.y_column)}", "error")[column - self.y_column]

    def place(self, row: int, column: int) -> str:
        """Which cell this is, in words."""
        what = f"timestamp {column + 1}" if column < self.y_column else self.title(column)
        return f"Sequence {sequence_name(row)}, {what}"

    def locked(self, column: int) -> str:
        """Why cells of this column cannot be edited, as the end of a sentence; else empty."""
        place = column - self.y_column
        if place == 0 and self.counting:
            return "follows the ones in x: switch off “y = number of ones” to edit it"
        if place > 0:
            return "is computed by the network: edit x or y instead"
        return ""

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        editable = index.isValid() and not self.locked(index.column())
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == _Role.DisplayRole:
            return self.text(row, column)
        if role == _Role.EditRole:
            value = self.value(row, column)
            return "" if value is None else exact(value)
        if role == _Role.ToolTipRole:
            return self._tool_tip(row, column)
        if role == _Role.AccessibleTextRole:
            return f"{self.place(row, column)}: {self.text(row, column)}"
        return None

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole:
            return False
        self.text_entered.emit(index.row(), index.column(), str(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        across = orientation is Qt.Orientation.Horizontal
        if role == _Role.DisplayRole:
            return self.title(section) if across else sequence_name(section)
        if role == _Role.TextAlignmentRole:
            return _RIGHT if across and section > self.y_column else _CENTRE
        if role == _Role.ToolTipRole:
            return self._column_tip(section) if across else self._row_tip(section)
        return None

    def _tool_tip(self, row: int, column: int) -> str:
        value = self.value(row, column)
        shown = "not computed yet at this step" if value is None else exact(value)
        return f"{self.place(row, column)}: {shown}"

    def _column_tip(self, column: int) -> str:
        last = self.y_column
        if column < last:
            words = at_timestamp(WORDS["X"], column + 1)
            return f"x{column + 1}: {words}. Drag it to move the timestamp."
        return (
            f"y: {WORDS['y']} of each sequence",
            f"S{subscript(last)}(Out): {WORDS['prediction']}",
            f"S{subscript(last)}(Out) − y: prediction minus target of each sequence",
        )[column - last]

    def _row_tip(self, row: int) -> str:
        return f"Sequence {sequence_name(row)}. Drag it to move the sequence."

    def _changed(self, first: int, last: int) -> None:
        if self.rowCount():
            bottom = self.rowCount() - 1
            self.dataChanged.emit(self.index(0, first), self.index(bottom, last))


def _same_data(one: Experiment, other: Experiment) -> bool:
    pairs = ((one.inputs, other.inputs), (one.targets, other.targets))
    return one.targets_count_ones == other.targets_count_ones and all(
        before is now or np.array_equal(before, now) for before, now in pairs
    )


def _same_predictions(one: Frame, other: Frame) -> bool:
    before, now = one.predictions, other.predictions
    if before is None or now is None or one.trace is other.trace:
        return (before is None) == (now is None)
    return np.array_equal(before, now, equal_nan=True)
