"""The two layers of a loss surface: the picture, and what lies on it.

The picture is repainted only where it changes; what lies on it moves with every epoch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from core.data.values import Array
from core.landscape.surface import Window
from rnn_gui.plots.box import Box
from rnn_gui.plots.ink import Ink, metrics, solid_pen, text_width
from rnn_gui.plots.layer import ON_TOP, UNDER_DATA, Layer
from rnn_gui.plots.surface_hatch import hatching
from rnn_gui.plots.surface_marks import Mark, Trail, around
from rnn_gui.plots.surface_picture import Picture
from rnn_gui.theme import SMALL_SIZE, Look, faded

_OLD = 0.4  # opacity of a picture that is of what was before an edit
_SHARPEST = 4.0  # a picture that is so many times larger than the plot is painted in part


@dataclass(frozen=True)
class View:
    """What part of the weights is shown, on how many pixels."""

    window: Window
    width: float
    height: float

    @property
    def rect(self) -> QRectF:
        return QRectF(0.0, 0.0, self.width, self.height)

    @property
    def pixel(self) -> tuple[float, float]:
        """How much of Wx and of Wrec one pixel is."""
        left, right, bottom, top = self.window
        return (right - left) / max(self.width, 1.0), (top - bottom) / max(self.height, 1.0)

    def pixels(self, points: Array) -> Array:
        """From the top left corner, shape (·, 2); what lies far outside comes a little nearer."""
        left, right, bottom, top = self.window
        far = 50.0 * max(self.width, self.height, 1.0)
        with np.errstate(over="ignore", invalid="ignore"):
            x = (points[:, 0] - left) / (right - left) * self.width
            y = (top - points[:, 1]) / (top - bottom) * self.height
        return np.clip(np.column_stack([x, y]), -far, far)

    def place(self, wx: float, wrec: float) -> QPointF:
        ((x, y),) = self.pixels(np.array([[wx, wrec]])).tolist()
        return QPointF(x, y)

    def area(self, window: Window) -> QRectF:
        """Where another window lies."""
        left, right, bottom, top = self.window
        across, down = self.width / (right - left), self.height / (top - bottom)
        return QRectF(
            (window.x_low - left) * across,
            (top - window.y_high) * down,
            (window.x_high - window.x_low) * across,
            (window.y_high - window.y_low) * down,
        )


_NOWHERE = View(Window(0.0, 1.0, 0.0, 1.0), 0.0, 0.0)


class PictureLayer(Layer):
    """Stretches a picture of another window over the part of it that is shown."""

    depth = UNDER_DATA

    def __init__(self, box: Box, *, exact: bool) -> None:
        super().__init__(box)
        self.picture: Picture | None = None
        self._old = False
        self._view = _NOWHERE
        if not exact:  # a figure takes the strokes, not their picture
            self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_picture(self, picture: Picture | None, *, old: bool = False) -> None:
        if (picture, old) != (self.picture, self._old):
            self.picture, self._old = picture, old
            self.renew()

    def place_in(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self.renew()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self.picture is None or self._view.rect.isEmpty():
            return
        painter.save()
        painter.setClipRect(self._view.rect, Qt.ClipOperation.IntersectClip)
        painter.setOpacity(_OLD if self._old else 1.0)
        target = self._view.area(self.picture.window)
        self._paint_image(painter, self.picture, target)
        self._paint_areas(painter, self.picture, target)
        self._paint_contours(painter, self.picture, target)
        painter.restore()

    def _paint_image(self, painter: QPainter, picture: Picture, target: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.smooth)
        image, seen = picture.image, target.intersected(self._view.rect)
        if target.width() * target.height() <= _SHARPEST * self._view.width * self._view.height:
            painter.drawImage(target, image, QRectF(image.rect()))
        elif not seen.isEmpty():
            across, down = image.width() / target.width(), image.height() / target.height()
            left, top = (seen.left() - target.left()) * across, (seen.top() - target.top()) * down
            painter.drawImage(
                seen, image, QRectF(left, top, seen.width() * across, seen.height() * down)
            )

    def _paint_areas(self, painter: QPainter, picture: Picture, target: QRectF) -> None:
        seen = target.intersected(self._view.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for flat, mask in picture.areas:
            painter.setPen(solid_pen(flat.line, 1.0))
            lines = hatching(mask, target, seen, flat.direction)
            painter.drawLines([QLineF(*line) for line in lines.tolist()])

    def _paint_contours(self, painter: QPainter, picture: Picture, target: QRectF) -> None:
        place = QTransform(
            target.width(), 0.0, 0.0, -target.height(), target.left(), target.bottom()
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, path in picture.contours:
            painter.setPen(solid_pen(colour, 1.0))
            painter.drawPath(place.map(path))


class TrailLayer(Layer):
    """Ways of runs, names beside them, and marks; the last ones on top."""

    depth = ON_TOP

    def __init__(self, box: Box, *, exact: bool) -> None:
        super().__init__(box)
        self._exact = exact
        self._view, self._look = _NOWHERE, Look()
        self._trails: list[Trail] = []
        self._marks: list[Mark] = []
        self._names: list[tuple[str, QPointF]] = []
        self._bare: QPointF | None = None

    def set_look(self, look: Look) -> None:
        self._look = look
        self.renew()

    def show_trails(
        self,
        view: View,
        trails: list[Trail],
        marks: list[Mark],
        names: list[tuple[str, QPointF]],
        bare: QPointF | None = None,
    ) -> None:
        """No name covers a mark or the point ``bare``."""
        as_many = len(trails) == len(self._trails)
        alike = as_many and all(map(Trail.looks_like, trails, self._trails))
        others = view, marks, names, bare
        if not alike or others != (self._view, self._marks, self._names, self._bare):
            self._view, self._marks, self._names, self._bare = others
            self._trails = trails
            self.renew()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        ink = Ink(painter, self._look)
        painter.save()
        painter.setClipRect(self._view.rect, Qt.ClipOperation.IntersectClip)
        for trail in self._trails:
            trail.paint(painter, joined=self._exact)
        painter.restore()
        for mark in self._marks:
            mark.paint(ink)
        self._paint_names(ink)

    def _paint_names(self, ink: Ink) -> None:
        """Each beside its point, unless another one stands there already."""
        if self._view.rect.height() < _ROOM_FOR_NAMES:
            return
        taken = [mark.area for mark in self._marks]
        if self._bare is not None:
            taken.append(around(self._bare))
        for text, at in self._names:
            size = text_width(text, SMALL_SIZE) + 8, metrics(SMALL_SIZE).height() + 1
            places = (QRectF(at.x() + dx, at.y() + dy, *size) for dx, dy in _beside(*size))
            free = (
                p
                for p in places
                if self._view.rect.contains(p) and not any(map(p.intersects, taken))
            )
            place = next(free, None)
            if place is not None:
                taken.append(place)
                ink.box(place, None, faded(ink.theme.panel, 0.82), 3)
                middle = place.center()
                ink.text(middle.x(), middle.y(), text, ink.theme.text, SMALL_SIZE, 0.5)


_ROOM_FOR_NAMES = 140.0  # pixels: on a lower map they cover what it is about


def _beside(width: float, height: float) -> tuple[tuple[float, float], ...]:
    """Where a name may stand from its point, the best place first."""
    right, left, above, below = 9.0, -9.0 - width, -height / 2, 9.0
    return (
        *((right, above), (left, above), (-width / 2, below), (-width / 2, -below - height)),
        *((right, below), (left, below), (right, -below - height), (left, -below - height)),
    )
