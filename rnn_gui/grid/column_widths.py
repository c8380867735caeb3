"""How wide the columns of the grid are: enough for what they hold, and together all there is."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QFontMetrics

from core.data.values import Array
from rnn_gui.grid.headers import CENTRED_PADDING, PADDING
from rnn_gui.grid.sequence_delegate import FEWEST_DIGITS, SequenceDelegate
from rnn_gui.grid.sequence_model import RESULTS, SequenceModel
from rnn_gui.theme import SMALL_SIZE, text_font

_NARROWEST, _WIDEST_INPUT = 24, 46
_LEAST_SCROLLED = 4 * _NARROWEST  # what inputs keep to scroll in before results give up digits
# Texts that are measured: of so many rows at the top, fewer where there are many columns, and
# of the extreme numbers. A longer text elsewhere loses digits, and its tool tip has them all.
_ROWS, _TEXTS = 30, 1000


class Widths(NamedTuple):
    inputs: list[int]
    results: list[int]
    overflow: bool  # the inputs need to scroll


class ColumnWidths:
    """Measures a model; numbers that come and go never make a result's column narrower."""

    def __init__(self, model: SequenceModel, delegate: SequenceDelegate) -> None:
        self._model, self._delegate = model, delegate
        self._headers: list[int] = []
        self._inputs: list[int] = []
        self._results = self._fewest_digits = [0] * RESULTS

    def measure(self, inputs: Array, before: Array | None = None) -> None:
        """Anew for other data: all of it, or what differs from the data measured ``before``."""
        if before is None or before.shape != inputs.shape:
            self._headers = [self._header(column) for column in range(self._model.columnCount())]
            self._inputs = self._headers[: self._model.y_column]
            columns = np.arange(self._model.y_column)
        else:
            columns = np.flatnonzero((inputs != before).any(axis=0))
        self._measure_inputs(inputs[:, columns], columns.tolist())
        # Room for usual predictions and errors from the start: nothing moves when they appear.
        usual = [0, *(self._delegate.width_of(text) for text in self._model.usual_results())]
        self._results, self._fewest_digits = usual, [0] * RESULTS
        self.grow()

    def _measure_inputs(self, inputs: Array, columns: list[int]) -> None:
        plain = ((inputs == 0) | (inputs == 1)).all(axis=0).tolist()
        for column, only_ones_and_zeros, rows in zip(
            columns, plain, _telling_rows(inputs), strict=True
        ):
            header = self._headers[column]
            self._inputs[column] = header if only_ones_and_zeros else self._needed(column, rows)

    def grow(self) -> bool:
        """Make room for the results now shown; whether any column had to grow."""
        before = self._results, self._fewest_digits
        columns = range(self._model.y_column, self._model.columnCount())
        rows = _telling_rows(self._model.results())
        needed = map(self._needed, columns, rows)
        fewest = map(self._needed, columns, rows, [FEWEST_DIGITS] * RESULTS)
        self._results = [max(pair) for pair in zip(needed, before[0], strict=True)]
        self._fewest_digits = [max(pair) for pair in zip(fewest, before[1], strict=True)]
        return before != (self._results, self._fewest_digits)

    def share(self, room: int) -> Widths:
        """Divide ``room``: inputs grow up to a square or so, the results take the rest.

        Where it is too little the inputs scroll, and only then do results give up digits.
        """
        wanted = sum(self._inputs)
        if wanted + sum(self._results) > room:
            results = self._squeezed(room - min(wanted, _LEAST_SCROLLED))
            overflow = wanted + sum(results) > room
            return Widths(list(self._inputs), results, overflow)
        wider = [max(0, _WIDEST_INPUT - width) for width in self._inputs]
        part = min(1.0, (room - wanted - sum(self._results)) / max(sum(wider), 1))
        inputs = [w + int(more * part) for w, more in zip(self._inputs, wider, strict=True)]
        spare = room - sum(inputs) - sum(self._results)
        y, prediction, error = self._results
        fifth = spare // 5
        results = [y + fifth, prediction + 2 * fifth, error + spare - 3 * fifth]
        return Widths(inputs, results, False)

    def _squeezed(self, room: int) -> list[int]:
        """The results in ``room``, if they can be made so narrow."""
        give = [w - least for w, least in zip(self._results, self._fewest_digits, strict=True)]
        part = min(1.0, max(0, sum(self._results) - room) / max(sum(give), 1))
        return [w - ceil(g * part) for w, g in zip(self._results, give, strict=True)]

    def _header(self, column: int) -> int:
        font = QFontMetrics(text_font(SMALL_SIZE, bold=True))
        padding = CENTRED_PADDING if column <= self._model.y_column else PADDING
        return max(_NARROWEST, font.horizontalAdvance(self._model.title(column)) + 2 * padding + 1)

    def _needed(self, column: int, rows: list[int], digits: int = 0) -> int:
        texts = {self._model.text(row, column, digits) for row in rows}
        return max(self._headers[column], *map(self._delegate.width_of, texts))


def _telling_rows(numbers: Array) -> list[list[int]]:
    """For each column the rows whose numbers have the longest texts, as likely as not."""
    count, columns = numbers.shape
    if not columns:
        return []
    first = list(range(min(count, _ROWS, _TEXTS // columns)))
    sizes = np.abs(numbers)
    extremes = numbers.argmin(axis=0), sizes.argmax(axis=0), (sizes + (sizes == 0)).argmin(axis=0)
    return [[*first, *rows] for rows in np.column_stack(extremes).tolist()]
