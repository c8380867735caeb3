"""What panels draw with: a painter that knows the look, and the words of drawing."""

from __future__ import annotations

from functools import lru_cache

from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from core.data.values import Array
from rnn_gui.theme import Look, text_font

LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0
DASHED = (3.0, 3.0)
DOTTED = (1.5, 3.0)


@lru_cache(maxsize=64)
def metrics(size: int, bold: bool = False) -> QFontMetricsF:
    return QFontMetricsF(text_font(size, bold=bold))


@lru_cache(maxsize=64)
def _face(size: int, bold: bool) -> tuple[QFont, float]:
    """A font, and how far its baseline lies under the middle of its capitals."""
    return text_font(size, bold=bold), metrics(size, bold).capHeight() / 2


@lru_cache(maxsize=4096)
def text_width(text: str, size: int, bold: bool = False) -> float:
    return metrics(size, bold).horizontalAdvance(text)


@lru_cache(maxsize=1024)
def elided(text: str, size: int, room: float) -> str:
    """The text, cut with an ellipsis where it does not fit."""
    return metrics(size).elidedText(text, Qt.TextElideMode.ElideRight, room)


def solid_pen(colour: str | QColor, width: float = 1.0, dash: tuple[float, ...] = ()) -> QPen:
    """A pen in pixels of the panel. Not cosmetic: in a larger picture it widens with the rest."""
    if isinstance(colour, QColor):
        return _new_pen(colour, width, dash)
    return QPen(_pen(colour, width, dash))  # a copy is cheaper than a name read anew


@lru_cache(maxsize=256)
def _pen(colour: str, width: float, dash: tuple[float, ...]) -> QPen:
    return _new_pen(QColor(colour), width, dash)


def _new_pen(colour: QColor, width: float, dash: tuple[float, ...]) -> QPen:
    pen = QPen(colour, width)
    if dash:
        pen.setDashPattern([part / max(width, 1.0) for part in dash])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def mixed(colour: QColor, paper: str) -> QColor:
    """What a colour that lets the paper through looks like on it."""
    under, share = QColor(paper), colour.alphaF()
    return QColor.fromRgbF(
        under.redF() + share * (colour.redF() - under.redF()),
        under.greenF() + share * (colour.greenF() - under.greenF()),
        under.blueF() + share * (colour.blueF() - under.blueF()),
    )


def data_pen(pen: QPen, ratio: float) -> QPen:
    """The pen for data: as wide on screen however the axes stretch what it draws. Qt counts
    the width of such a pen in pixels of the screen, of which one of ours may have several.
    """
    made = QPen(pen)
    made.setWidthF(pen.widthF() * ratio)
    made.setCosmetic(True)
    return made


class Ink:
    """A painter together with the look."""

    def __init__(self, painter: QPainter, look: Look) -> None:
        self.painter = painter
        self.look = look
        self.theme = look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def text(
        self,
        x: float,
        middle: float,
        text: str,
        colour: str | QColor,
        size: int,
        align: float = LEFT,
        bold: bool = False,
    ) -> None:
        """One line of text whose capitals are centred on ``middle``."""
        left = x - align * text_width(text, size, bold) if align else x
        font, below = _face(size, bold)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(left, middle + below), text)

    def line(self, x1: float, y1: float, x2: float, y2: float, pen: QPen) -> None:
        self.painter.setPen(pen)
        self.painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))

    def fill(self, *rects: QRectF, colour: str | QColor) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(colour))
        for rect in rects:
            self.painter.drawRect(rect)

    def fill_all(self, rects: Array, colour: str | QColor) -> None:
        """The same for many, shape (·, 4): left, top, width and height of each."""
        made = PrimitiveArray(QRectF, 4)
        made.resize(len(rects))
        made.ndarray()[:] = rects
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(colour))
        self.painter.drawRects(*made.drawargs())

    def box(
        self, rect: QRectF, pen: QPen | None, fill: str | QColor | None, radius: float = 5
    ) -> None:
        self.painter.setPen(pen or QPen(Qt.PenStyle.NoPen))
        self.painter.setBrush(QBrush() if fill is None else QColor(fill))
        self.painter.drawRoundedRect(rect, radius, radius)

    def path(self, path: QPainterPath, pen: QPen | None, fill: str | QColor | None = None) -> None:
        self.painter.setPen(pen or QPen(Qt.PenStyle.NoPen))
        self.painter.setBrush(QBrush() if fill is None else QColor(fill))
        self.painter.drawPath(path)

    def arrow(
        self,
        points: list[QPointF],
        colour: str | QColor,
        width: float = 1.4,
        dash: tuple[float, ...] = (),
        head: float = 5.5,
    ) -> None:
        """A line along the points, with its head at the last; its last leg is level or upright."""
        tip, before = points[-1], points[-2]
        dx, dy = tip.x() - before.x(), tip.y() - before.y()
        length = max((dx * dx + dy * dy) ** 0.5, 1e-9)
        ux, uy = dx / length, dy / length
        base = QPointF(tip.x() - ux * head, tip.y() - uy * head)
        pen = solid_pen(colour, width, dash)
        for start, end in zip(points[:-1], [*points[1:-1], base], strict=True):
            self.painter.setPen(pen)
            self.painter.drawLine(start, end)
        side = QPointF(-uy * head * 0.55, ux * head * 0.55)
        path = QPainterPath(tip)
        path.lineTo(base + side)
        path.lineTo(base - side)
        path.closeSubpath()
        self.path(path, None, colour)
