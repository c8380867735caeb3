"""The gradient ledger on a slide, as a large table."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from core.cell.steps import Kind
from core.epoch.frame import Frame
from rnn_gui.ledger_cells import CURRENT
from rnn_gui.ledger_model import FACTOR, TIMESTAMP, WREC, WX, LedgerModel, printed, sums_so_far
from rnn_gui.plots.ink import CENTRE, RIGHT, Ink, solid_pen, text_width
from rnn_gui.slides.part import Part
from rnn_gui.slides.scene import Scene
from rnn_gui.theme import Look

_COLUMNS = (TIMESTAMP, WX, WREC, FACTOR)
_SIZES = (18, 16, 15, 14, 13, 12, 11)
_LINE = 1.5  # of the size of its letters
_HEAD = 2.5  # lines
_LEAST_ROWS = 3
_WIDEST = 150.0  # a column: numbers far apart are hard to follow
_PADDING = 12.0
_ASKED = "?"


class LedgerPart(Part):
    """A row for each timestamp, T first, as many as there is room for; under them the sums."""

    def __init__(self) -> None:
        self._model = LedgerModel()
        self._look = Look()

    def show_scene(self, scene: Scene, look: Look) -> None:
        self._look = look
        if look != self._model.look:
            self._model.set_look(look)
        self._model.show_frame(scene.frame)

    def least_height(self, _width: float) -> float:
        rows = min(self._frame.timestamps, _LEAST_ROWS)
        return (_HEAD + rows + 1) * _LINE * _SIZES[-1]

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        ink, frame = Ink(painter, self._look), self._frame
        size = self._size_for(rect)
        line = size * _LINE
        width = min(rect.width() / len(_COLUMNS), _WIDEST * size / _SIZES[-1])
        left = rect.left() + (rect.width() - width * len(_COLUMNS)) / 2
        table = QRectF(left, rect.top(), width * len(_COLUMNS), rect.height())
        self._paint_heads(ink, table, width, size)
        top = rect.top() + _HEAD * line
        for k in shown_rows(frame, int((rect.bottom() - top) / line) - 1):
            row = QRectF(table.left(), top, table.width(), line)
            if k == frame.step.timestamp:
                ink.fill(row, colour=ink.theme.band)
            texts = [self._cell(k, column) for column in _COLUMNS]
            self._paint_row(ink, row, width, texts, size)
            top += line
        sums = QRectF(table.left(), top, table.width(), line)
        if frame.step.kind is Kind.SUMS:
            ink.fill(sums, colour=ink.theme.band)
        ink.line(table.left(), top, table.right(), top, solid_pen(ink.theme.muted, 1.2))
        self._paint_row(ink, sums, width, self._sums(), size, bold=True)

    @property
    def _frame(self) -> Frame:
        assert self._model.frame is not None
        return self._model.frame

    def _size_for(self, rect: QRectF) -> int:
        """The largest letters with which all rows fit, or else some of them."""
        rows = self._frame.timestamps + 1 + _HEAD
        column = rect.width() / len(_COLUMNS) - _PADDING
        for size in _SIZES:
            widest = max(text_width(t, size, True) for t in self._all_texts())
            if rows * _LINE * size <= rect.height() and widest <= column:
                return size
        return _SIZES[-1]

    def _all_texts(self) -> list[str]:
        heads = [line for column in _COLUMNS for line in self._head(column)]
        return [*heads, *self._sums(), f"−0.{'0' * self._look.digits}0"]

    def _head(self, column: int) -> list[str]:
        return str(self._model.headerData(column, Qt.Orientation.Horizontal)).split("\n")

    def _cell(self, k: int, column: int) -> str:
        frame = self._frame
        asked = frame.asked and frame.step.place == (Kind.PARTS, "", k)
        if asked and column in (WX, WREC):
            return _ASKED
        mark = f"{CURRENT} " if column == TIMESTAMP and k == frame.step.timestamp else ""
        return mark + self._model.text(frame, k, column)

    def _sums(self) -> list[str]:
        frame = self._frame
        if frame.asked and frame.step.kind is Kind.SUMS:
            return ["sum", _ASKED, _ASKED, ""]
        sums, digits = sums_so_far(frame), self._look.digits
        name = "sum" if frame.gradient is not None else "sum so far"
        return [name, printed(sums, WX, digits), printed(sums, WREC, digits), ""]

    def _paint_heads(self, ink: Ink, table: QRectF, width: float, size: int) -> None:
        for column in _COLUMNS:
            for i, text in enumerate(self._head(column)):
                middle = table.top() + (i + 0.5) * size * 1.2
                self._paint_text(ink, table.left(), width, column, text, middle, size)
        y = table.top() + (_HEAD - 0.4) * size * _LINE
        ink.line(table.left(), y, table.right(), y, solid_pen(ink.theme.border, 1.2))

    def _paint_row(
        self, ink: Ink, row: QRectF, width: float, texts: list[str], size: int, bold: bool = False
    ) -> None:
        for column, text in zip(_COLUMNS, texts, strict=True):
            middle = row.center().y()
            strong = bold or text == _ASKED
            colour = ink.theme.text
            self._paint_text(ink, row.left(), width, column, text, middle, size, colour, strong)

    def _paint_text(
        self,
        ink: Ink,
        left: float,
        width: float,
        column: int,
        text: str,
        middle: float,
        size: int,
        colour: str = "",
        bold: bool = False,
    ) -> None:
        centred = column == TIMESTAMP
        x = left + (column + (0.5 if centred else 1.0)) * width - (0 if centred else _PADDING / 2)
        align = CENTRE if centred else RIGHT
        ink.text(x, middle, text, colour or ink.theme.muted, size, align, bold)


def shown_rows(frame: Frame, room: int) -> range:
    """The timestamps with a row, T first: all, or those around the step's."""
    last = frame.timestamps
    if room >= last:
        return range(last, 0, -1)
    centre = frame.step.timestamp or 1
    low = min(max(centre - room // 2, 1), last - room + 1)
    return range(low + room - 1, low - 1, -1)
