"""How wide the columns of the grid are: enough for what they hold, and together all there is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QFontMetrics

from core.activations import Array
from rnn_gui.theme import SMALL_SIZE, text_font
from rnn_gui.views.sequence_delegate import SequenceDelegate
from rnn_gui.views.sequence_model import RESULTS, SequenceModel

_NARROWEST, _WIDEST_INPUT = 26, 46
_LOOKED_AT = 500  # rows; a longer number below them is elided and has its tool tip


class Widths(NamedTuple):
    inputs: list[int]
    results: list[int]
    overflow: bool  # the inputs need to scroll


class ColumnWidths:
    """Measures a model; numbers that come and go never make a result's column narrower."""

    def __init__(self, model: SequenceModel, delegate: SequenceDelegate) -> None:
        self._model, self._delegate = model, delegate
        self._inputs: list[int] = []
        self._results = [0] * RESULTS

    def measure(self, inputs: Array) -> None:
        """Anew for other data."""
        ones_and_zeros = ((inputs == 0) | (inputs == 1)).all(axis=0)
        self._inputs = [
            self._needed(column) if not plain else max(_NARROWEST, self._header(column))
            for column, plain in enumerate(np.asarray(ones_and_zeros).tolist())
        ]
        self._results = [0] * RESULTS
        self.grow()

    def grow(self) -> bool:
        """Make room for the results now shown; whether any column had to grow."""
        first = self._model.y_column
        needed = [self._needed(first + i) for i in range(RESULTS)]
        grown = [max(pair) for pair in zip(needed, self._results, strict=True)]
        changed, self._results = grown != self._results, grown
        return changed

    def share(self, room: int) -> Widths:
        """Divide ``room``: inputs grow up to a square or so, the results take the rest."""
        inputs, results = list(self._inputs), list(self._results)
        spare = room - sum(inputs) - sum(results)
        if spare < 0:
            return Widths(inputs, self._squeezed(room), True)
        wider = [max(0, _WIDEST_INPUT - width) for width in inputs]
        share = min(1.0, spare / max(sum(wider), 1))
        inputs = [w + int(more * share) for w, more in zip(inputs, wider, strict=True)]
        left = room - sum(inputs) - sum(results)
        weights = (1, 2, 2)
        results = [w + left * part // sum(weights) for w, part in zip(results, weights, strict=True)]
        results[-1] += room - sum(inputs) - sum(results)
        return Widths(inputs, results, False)

    def _squeezed(self, room: int) -> list[int]:
        """The results, leaving two columns of inputs in view whatever their digits."""
        y, *others = self._results
        most = max(room - y - 2 * _NARROWEST, 2 * _NARROWEST) // 2
        if sum(others) <= 2 * most:
            return [y, *others]
        return [y, *(min(width, most) for width in others)]

    def _header(self, column: int) -> int:
        font = QFontMetrics(text_font(SMALL_SIZE, bold=True))
        return font.horizontalAdvance(self._model.title(column)) + 8

    def _needed(self, column: int) -> int:
        rows = range(min(self._model.rowCount(), _LOOKED_AT))
        texts = {self._model.text(row, column) for row in rows}
        widest = max(map(self._delegate.width_of, texts))
        return max(_NARROWEST, self._header(column), widest)
