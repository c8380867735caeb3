"""A finished figure and its three formats."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

from rnn_gui.figures import svg
from rnn_gui.figures.recording import Recording

# A text column is 3.4 inches wide. At this scale the 11 pixels of the smallest label are
# 7 points on paper, which is what journals ask for.
COLUMN_WIDTH = 384
PIXELS_PER_INCH = COLUMN_WIDTH / 3.4
PNG_SCALE = 3  # 339 dots per inch
_PDF_DOTS_PER_INCH = 1200
_METRE = 1 / 0.0254  # in inches


@dataclass(frozen=True, eq=False)
class Figure:
    """What was drawn of one frame, on white. The three formats show the same."""

    title: str
    recording: Recording

    @property
    def inches(self) -> tuple[float, float]:
        size = self.recording.size
        return size.width() / PIXELS_PER_INCH, size.height() / PIXELS_PER_INCH

    def image(self, scale: float = PNG_SCALE) -> QImage:
        image = QImage(self.recording.size * scale, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        dots = round(PIXELS_PER_INCH * scale * _METRE)
        image.setDotsPerMeterX(dots)
        image.setDotsPerMeterY(dots)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(scale, scale)
        self.recording.play(painter)
        painter.end()
        return image

    def png(self) -> bytes:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.image().save(buffer, "PNG")
        return data.data()

    def svg(self) -> bytes:
        return svg.svg(self.recording, self.title, self.inches)

    def pdf(self) -> bytes:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(self.title)
        writer.setCreator("RNN Stepper")
        writer.setResolution(_PDF_DOTS_PER_INCH)
        writer.setPageSize(QPageSize(QSizeF(*self.inches), QPageSize.Unit.Inch))
        writer.setPageMargins(QMarginsF())
        painter = QPainter(writer)
        scale = _PDF_DOTS_PER_INCH / PIXELS_PER_INCH
        painter.scale(scale, scale)
        self.recording.play(painter)
        painter.end()
        return _without_date(data.data())


FORMATS: dict[str, Callable[[Figure], bytes]] = {
    "png": Figure.png,
    "svg": Figure.svg,
    "pdf": Figure.pdf,
}


def _without_date(pdf: bytes) -> bytes:
    """The same figure is the same file; every place in it stays where it was."""
    dateless = re.sub(rb"/CreationDate \(D:[^)]*\)", lambda m: b" " * len(m[0]), pdf)
    return re.sub(rb"(?<=/ID \[).*?(?=\]\n)", lambda m: _ZEROED.sub(b"0", m[0]), dateless, flags=re.S)


_ZEROED = re.compile(rb"[0-9a-fA-F]")
