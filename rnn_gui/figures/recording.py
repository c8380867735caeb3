"""A picture as a list of strokes, fills and words: what was drawn, before it has a format.

Plots are drawn once, into a `Recording`; PNG, SVG and PDF are then three ways of writing the
same list down, so they cannot show different things. Everything is kept in the figure's own
pixels: a pen that was cosmetic in a plot is an ordinary one here and scales with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTextItem,
    QTransform,
)

DPI = 96  # of the recording itself: a font of 72 points is 96 pixels high


@dataclass(frozen=True)
class Shape:
    """A path in the figure's pixels, filled and then stroked."""

    path: QPainterPath
    brush: QBrush
    pen: QPen


@dataclass(frozen=True)
class Words:
    """One run of text in one font; ``where`` puts its baseline's left end into the figure."""

    text: str
    font: QFont
    colour: QColor
    width: float
    where: QTransform

    def outline(self) -> QPainterPath:
        """The letters as a path."""
        font = QFont(self.font)
        font.setPixelSize(
            self.font.pixelSize() * _OUTLINE_SCALE
        )  # not fitted to the pixels of a screen
        path = QPainterPath()
        path.addText(0.0, 0.0, font, self.text)
        shrink = QTransform.fromScale(1.0 / _OUTLINE_SCALE, 1.0 / _OUTLINE_SCALE)
        return (shrink * self.where).map(path)


@dataclass(frozen=True)
class Picture:
    """An image, laid over a rectangle that ``where`` puts into the figure."""

    image: QImage
    target: QRectF
    where: QTransform


Ink = Shape | Words | Picture


@dataclass(frozen=True)
class Item:
    """Something drawn, how much of it can be seen, and through what."""

    ink: Ink
    opacity: float
    clip: QPainterPath | None


@dataclass
class Recording:
    """All that was drawn, first things first, on a page of ``size``."""

    size: QSize
    items: list[Item] = field(default_factory=list)

    def texts(self) -> list[str]:
        return [item.ink.text for item in self.items if isinstance(item.ink, Words)]

    def play(self, painter: QPainter) -> None:
        """Draw everything again, at any scale."""
        for item in self.items:
            painter.save()
            painter.setOpacity(item.opacity)
            if item.clip is not None:
                painter.setClipPath(item.clip)
            _draw(item.ink, painter)
            painter.restore()


class RecordingDevice(QPaintDevice):
    """What a QPainter is opened on to fill a recording."""

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self.recording = Recording(size)
        self._engine = _Engine(self.recording)

    def paintEngine(self) -> QPaintEngine:  # Qt's name
        return self._engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        size, of = self.recording.size, QPaintDevice.PaintDeviceMetric
        known = {
            of.PdmWidth: size.width(),
            of.PdmHeight: size.height(),
            of.PdmWidthMM: round(size.width() * 25.4 / DPI),
            of.PdmHeightMM: round(size.height() * 25.4 / DPI),
            of.PdmNumColors: 1 << 24,
            of.PdmDepth: 32,
            of.PdmDpiX: DPI,
            of.PdmDpiY: DPI,
            of.PdmPhysicalDpiX: DPI,
            of.PdmPhysicalDpiY: DPI,
            of.PdmDevicePixelRatio: 1,
        }
        return known[metric] if metric in known else super().metric(metric)


class _Engine(QPaintEngine):
    """Receives what a QPainter draws. Qt calls these methods, with whole or broken numbers."""

    def __init__(self, recording: Recording) -> None:
        features = QPaintEngine.PaintEngineFeature
        super().__init__(features.AllFeatures)
        self._recording = recording
        self._pen, self._brush = QPen(), QBrush()
        self._transform = QTransform()
        self._opacity = 1.0
        self._clip: QPainterPath | None = None

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        self._pen, self._brush = QPen(state.pen()), QBrush(state.brush())
        self._transform = QTransform(state.transform())
        self._opacity = state.opacity()
        self._update_clip(state)

    def _update_clip(self, state: QPaintEngineState) -> None:
        """Kept in the figure's pixels: a painter knows its clip in whole numbers alone, which
        are too coarse where its unit is that of data.
        """
        changed, flag = state.state(), QPaintEngine.DirtyFlag
        if changed & flag.DirtyClipEnabled and not state.isClipEnabled():
            self._clip = None
        if not changed & (flag.DirtyClipPath | flag.DirtyClipRegion):
            return
        path = state.clipPath()
        if changed & flag.DirtyClipRegion:
            path = QPainterPath()
            path.addRegion(state.clipRegion())
        new = self._transform.map(path)
        if state.clipOperation() is Qt.ClipOperation.NoClip:
            self._clip = None
        elif state.clipOperation() is Qt.ClipOperation.IntersectClip and self._clip is not None:
            self._clip = self._clip.intersected(new)
        else:
            self._clip = new

    def drawPath(self, path: QPainterPath) -> None:
        self._shape(QPainterPath(path))

    def drawPolygon(self, points: Iterable[Any], mode: QPaintEngine.PolygonDrawMode) -> None:
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(point) for point in points]))
        if mode is QPaintEngine.PolygonDrawMode.PolylineMode:
            self._shape(path, filled=False)
        else:
            path.closeSubpath()
            self._shape(path)

    def drawLines(self, lines: Iterable[Any]) -> None:
        path = QPainterPath()
        for line in lines:
            path.moveTo(QPointF(line.p1()))
            path.lineTo(QPointF(line.p2()))
        self._shape(path, filled=False)

    def drawRects(self, rectangles: Iterable[Any]) -> None:
        path = QPainterPath()
        for rectangle in rectangles:
            path.addRect(QRectF(rectangle))
        self._shape(path)

    def drawEllipse(self, rectangle: QRectF | QRect) -> None:
        path = QPainterPath()
        path.addEllipse(QRectF(rectangle))
        self._shape(path)

    def drawPoints(self, points: Iterable[Any]) -> None:
        self.drawLines([QLineF(QPointF(point), QPointF(point)) for point in points])

    def drawTextItem(self, position: Any, item: QTextItem) -> None:
        where = QTransform.fromTranslate(position.x(), position.y()) * self._transform
        font = _in_pixels(item.font())
        self._add(Words(item.text(), font, self._pen.color(), item.width(), where))

    def drawPixmap(self, target: QRectF | QRect, pixmap: Any, source: QRectF | QRect) -> None:
        self.drawImage(target, QImage(pixmap.toImage()), source)

    def drawImage(
        self,
        target: QRectF | QRect,
        image: QImage,
        source: QRectF | QRect,
        _flags: Qt.ImageConversionFlag = Qt.ImageConversionFlag.AutoColor,
    ) -> None:
        part = image.copy(QRectF(source).toRect())
        self._add(Picture(part, QRectF(target), QTransform(self._transform)))

    def _shape(self, path: QPainterPath, *, filled: bool = True) -> None:
        brush = QBrush(self._brush) if filled else QBrush()
        if self._pen.style() is Qt.PenStyle.NoPen and brush.style() is Qt.BrushStyle.NoBrush:
            return
        self._add(Shape(self._transform.map(path), brush, self._plain_pen()))

    def _plain_pen(self) -> QPen:
        """The pen as wide as it comes out, in the figure's pixels."""
        pen = QPen(self._pen)
        if pen.isCosmetic():
            pen.setWidthF(pen.widthF() or 1.0)
        else:
            pen.setWidthF(pen.widthF() * abs(self._transform.determinant()) ** 0.5)
        pen.setCosmetic(False)
        return pen

    def _add(self, ink: Ink) -> None:
        self._recording.items.append(Item(ink, self._opacity, self._clip))


_OUTLINE_SCALE = 16


def _in_pixels(font: QFont) -> QFont:
    """The same font with its size in pixels, whatever a point is on the next device."""
    made = QFont(font)
    pixels = made.pixelSize()
    # Set in any case: a font that was fitted to this device has its size in points too.
    made.setPixelSize(pixels if pixels > 0 else round(made.pointSizeF() * DPI / 72))
    return made


def _draw(ink: Ink, painter: QPainter) -> None:
    if isinstance(ink, Shape):
        painter.setPen(ink.pen)
        painter.setBrush(ink.brush)
        painter.drawPath(ink.path)
        return
    painter.setTransform(ink.where, combine=True)
    if isinstance(ink, Words):
        painter.setPen(ink.colour)
        painter.setFont(ink.font)
        painter.drawText(QPointF(0.0, 0.0), ink.text)
    else:
        painter.drawImage(ink.target, ink.image)
