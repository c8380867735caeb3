"""A disc around the mouse that the last row sees, too."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from rnn_gui.theme import Theme, faded

_RADIUS, _RING = 36.0, 2.5  # on a screen of 720 lines


def disc_rect(place: QPointF, scale: float) -> QRect:
    """All that it covers."""
    reach = (_RADIUS + 2 * _RING) * scale
    return QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach).toAlignedRect()


def paint_disc(painter: QPainter, place: QPointF, scale: float, theme: Theme) -> None:
    """Translucent, with a ring in the colour of text and one in that of the paper around it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius, ring = _RADIUS * scale, _RING * scale
    painter.setPen(QPen(QColor(theme.panel), 3 * ring))
    painter.setBrush(faded(theme.accent, 0.25))
    painter.drawEllipse(place, radius, radius)
    painter.setPen(QPen(QColor(theme.accent), ring))
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawEllipse(place, radius, radius)
