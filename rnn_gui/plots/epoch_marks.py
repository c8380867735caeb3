"""What stands in a plot over epochs beside its lines: the cursor, names, the end of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from rnn_gui.plots.ink import DASHED, DOTTED, RIGHT, Ink, metrics, solid_pen, text_width
from rnn_gui.theme import SMALL_SIZE, Look, faded

_ON_TOP = 10.0
_GRIP, _CROSS = 5.0, 3.5
# Where a name may stand around the end of its line, where there is no room beside it.
_AROUND = ((0, -1), (0, 1), (-1, -1), (-1, 1), (0, -2), (0, 2), (-1, 0))
_LINE = 13.0  # pixels from one name to the next one above or below it
_FAR = 2 * _LINE  # from the end of its line to a name beside it
MARGIN = 40.0  # at the right of a plot, so that names have room there


class Name(NamedTuple):
    """A short text at the end of a line."""

    text: str
    at: QPointF
    colour: str
    bold: bool = False


class Marks(NamedTuple):
    """All places are pixels of the panel. ``cursor`` and ``end`` are places across the plot;
    ``end`` is where the run stopped being finite, and ``why`` says so there.
    """

    plot: QRectF
    cursor: float | None = None
    grip: bool = False
    names: tuple[Name, ...] = ()
    crosses: tuple[QPointF, ...] = ()
    end: float | None = None
    why: str = ""


class EpochMarks(QGraphicsItem):
    """One item that paints all of them."""

    def __init__(self, panel: QGraphicsItem) -> None:
        super().__init__(panel)
        self._shown, self._look = Marks(QRectF()), Look()
        self.setZValue(_ON_TOP)

    def show_marks(self, marks: Marks, look: Look) -> None:
        if (marks, look) == (self._shown, self._look):
            return
        self.prepareGeometryChange()
        self._shown, self._look = marks, look
        self.update()

    def boundingRect(self) -> QRectF:
        return self._shown.plot.adjusted(-10, -14, 60, 10)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        ink, marks = Ink(painter, self._look), self._shown
        if marks.end is not None:
            self._paint_end(ink, marks, marks.end)
        if marks.cursor is not None:
            _paint_cursor(ink, marks, marks.cursor)
        for at in marks.crosses:
            _paint_cross(ink, at, ink.theme.muted)
        for name, place in _placed(marks):
            ink.box(place, None, faded(ink.theme.panel, 0.75), 2)
            left, middle = place.left() + 1, place.center().y()
            ink.text(left, middle, name.text, name.colour, SMALL_SIZE, bold=name.bold)

    @staticmethod
    def _paint_end(ink: Ink, marks: Marks, x: float) -> None:
        """A dotted line with a cross on it, and beside it the sentence."""
        rect, colour = marks.plot, ink.theme.backward
        ink.line(x, rect.top(), x, rect.bottom(), solid_pen(colour, 1.0, DOTTED))
        if not marks.why:
            return
        top = rect.top() + 6
        _paint_cross(ink, QPointF(x, top), colour)
        width, height = text_width(marks.why, SMALL_SIZE) + 4, metrics(SMALL_SIZE).height()
        left = x - 8 - width if x - 8 - width > rect.left() else x + 8
        ink.box(QRectF(left, top - height / 2, width, height), None, faded(ink.theme.panel, 0.85))
        ink.text(left + width - 2, top, marks.why, colour, SMALL_SIZE, RIGHT)


def _paint_cursor(ink: Ink, marks: Marks, x: float) -> None:
    rect, colour = marks.plot, ink.theme.forward
    ink.line(x, rect.top(), x, rect.bottom(), solid_pen(faded(colour, 0.6), 1.0, DASHED))
    if marks.grip:
        y = rect.top() - 5
        corners = [QPointF(x - _GRIP, y), QPointF(x + _GRIP, y), QPointF(x, y + 1.6 * _GRIP)]
        ink.painter.setPen(solid_pen(ink.theme.panel))
        ink.painter.setBrush(QColor(colour))
        ink.painter.drawPolygon(QPolygonF(corners))


def _paint_cross(ink: Ink, at: QPointF, colour: str) -> None:
    pen, far = solid_pen(colour, 1.6), _CROSS
    for sign in (-1, 1):
        ink.line(at.x() - far, at.y() - sign * far, at.x() + far, at.y() + sign * far, pen)


def _placed(marks: Marks) -> list[tuple[Name, QRectF]]:
    """Each name with its place; those that would cover another are left out."""
    room = marks.plot.adjusted(0, -6, MARGIN, 6)
    taken: list[tuple[Name, QRectF]] = []
    for name in marks.names:
        others = [place for _, place in taken]
        for place in _places(name, others):
            if room.contains(place) and not any(place.intersects(other) for other in others):
                taken.append((name, place))
                break
    return taken


def _places(name: Name, others: list[QRectF]) -> Iterator[QRectF]:
    """Where this name may stand, the best place first: beside the end of its line, or just
    above or below another name there.
    """
    width = text_width(name.text, SMALL_SIZE, name.bold) + 2
    x, y = name.at.x(), name.at.y()
    next_to = [middle for other in others for middle in (other.top(), other.bottom())]
    beside = [y, *(end + side for end in next_to for side in (-_LINE / 2, _LINE / 2))]
    for middle in sorted(beside, key=lambda middle: abs(middle - y)):
        if abs(middle - y) <= _FAR:
            yield QRectF(x + 5, middle - _LINE / 2, width, _LINE)
    for right, down in _AROUND:
        across = x + (5 + width / 2) * right
        yield QRectF(across - width / 2, y + (down - 0.5) * _LINE, width, _LINE)
