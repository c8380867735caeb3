"""The lines above a plot: its title, and the legend in a row where it covers no data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnn_gui.plots.ink import Ink, elided, text_width
from rnn_gui.plots.series import Stroke, sample
from rnn_gui.theme import SMALL_SIZE, Look

ROW = 19.0
TITLE_SIZE = 12
_SAMPLE, _GAP, _BETWEEN, _END = 20.0, 5.0, 13.0, 8.0


@dataclass(frozen=True)
class Entry:
    """A word of the legend with its mark; without a mark it is a remark."""

    text: str
    mark: Callable[[Ink, QRectF], None] | None = field(default=None, compare=False)
    stroke: Stroke | None = None
    mark_width: float = _SAMPLE

    @property
    def width(self) -> float:
        mark = self.mark_width + _GAP if self.mark else 0.0
        return mark + text_width(self.text, SMALL_SIZE)


def stroke_entry(text: str, stroke: Stroke) -> Entry:
    mark = partial(_stroke_mark, stroke)
    return Entry(text, mark, stroke, _SAMPLE if stroke.width else stroke.size + 2)


def swatch_entry(text: str, paint: Callable[[Ink, QRectF], None]) -> Entry:
    return Entry(text, lambda ink, rect: paint(ink, rect.adjusted(1, 4.5, -1, -4.5)), None, 14.0)


@dataclass(frozen=True)
class Header:
    """Title and legend. ``wrapped`` gives the title a row of its own and the legend as many as
    it needs; otherwise both share the first of ``rows``, and entries without room are left out.
    """

    title: str = ""
    entries: tuple[Entry, ...] = ()
    wrapped: bool = False
    rows: int = 1

    def height(self, width: float) -> float:
        if not (self.title or self.entries):
            return 0.0
        return ROW * (1 + max((row for row, _, _ in self.placed(width)), default=0))

    def placed(self, width: float) -> list[tuple[int, float, Entry]]:
        """Row and left edge of each entry that is shown."""
        title = text_width(self.title, TITLE_SIZE, True) + _BETWEEN + 4 if self.title else 0.0
        row, x = (1, 0.0) if self.wrapped and self.title else (0, title)
        shown = []
        for entry in self.entries:
            if x + entry.width > width:
                if not self.wrapped and (row + 1 >= self.rows or not entry.mark):
                    continue  # a remark alone is not worth a row
                if x > 0:
                    row, x = row + 1, 0.0
            shown.append((row, x, entry))
            x += entry.width + _BETWEEN
        return shown

    def paint(self, ink: Ink, rect: QRectF) -> None:
        theme = ink.theme
        if self.title:
            title = elided(self.title, TITLE_SIZE, rect.width())
            ink.text(rect.left(), rect.top() + ROW / 2, title, theme.text, TITLE_SIZE, bold=True)
        for row, x, entry in self.placed(rect.width()):
            left, top = rect.left() + x, rect.top() + row * ROW
            if entry.mark:
                entry.mark(ink, QRectF(left, top, entry.mark_width, ROW))
                left += entry.mark_width + _GAP
            ink.text(left, top + ROW / 2, entry.text, theme.muted, SMALL_SIZE)


class HeaderItem(QGraphicsWidget):
    """The header as the first row of a plot. Pyqtgraph's own legend would cover data."""

    def __init__(self) -> None:
        super().__init__()
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)
        self._header, self._look, self._indent = Header(), Look(), 0.0

    def show_header(self, header: Header, look: Look, indent: float) -> None:
        if (header, look, indent) != (self._header, self._look, self._indent):
            self._header, self._look, self._indent = header, look, indent
            self.update()

    def needed_height(self, width: float) -> float:
        return self._header.height(width - self._indent - _END)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        self._header.paint(
            Ink(painter, self._look), self.rect().adjusted(self._indent, 0, -_END, 0)
        )


def _stroke_mark(stroke: Stroke, ink: Ink, rect: QRectF) -> None:
    sample(ink, rect, stroke)
