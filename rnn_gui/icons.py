"""Icons from resources/icons, drawn in the colour of the text they stand beside."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from rnn_gui.theme import ICONS

_SIZE = 16
_SCALES = (1, 2, 3)


@lru_cache(maxsize=128)
def icon(name: str, colour: str, disabled_colour: str) -> QIcon:
    """The icon ``resources/icons/name.svg``, whose black becomes ``colour``."""
    made = QIcon()
    for mode, shade in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled_colour)):
        drawing = _drawing(name, shade)
        for scale in _SCALES:
            made.addPixmap(_pixmap(drawing, _SIZE, scale), mode)
    return made


def program_icon() -> QIcon:
    """The icon of the window."""
    made = QIcon()
    drawing = _drawing("rnn-stepper", "#000000")
    for size in (16, 32, 64, 256):
        made.addPixmap(_pixmap(drawing, size, 1))
    return made


def _drawing(name: str, colour: str) -> QSvgRenderer:
    svg = (ICONS / f"{name}.svg").read_text("utf-8")
    return QSvgRenderer(QByteArray(svg.replace("#000000", colour).encode()))


def _pixmap(drawing: QSvgRenderer, size: int, scale: int) -> QPixmap:
    pixmap = QPixmap(size * scale, size * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
