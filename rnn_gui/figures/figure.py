"""A finished figure and its three formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QMarginsF, QSizeF, Qt, QUuid
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

from rnn_gui.figures.encoding import png_bytes, written
from rnn_gui.figures.recording import Recording
from rnn_gui.figures.svg import as_svg

# A text column is 3.4 inches wide. At this scale the 11 pixels of the smallest label are
# 7 points on paper, which is what journals ask for.
COLUMN_WIDTH = 384
PIXELS_PER_INCH = COLUMN_WIDTH / 3.4
PNG_SCALE = 3  # 339 dots per inch
_PDF_DOTS_PER_INCH = 1200
_INCHES_PER_METRE = 1 / 0.0254


@dataclass(frozen=True, eq=False)
class Figure:
    """What was drawn of one frame, on white. The three formats show the same."""

    title: str
    recording: Recording

    @property
    def inches(self) -> QSizeF:
        """The size in print."""
        size = self.recording.size
        return QSizeF(size.width() / PIXELS_PER_INCH, size.height() / PIXELS_PER_INCH)

    def image(self, scale: float = PNG_SCALE) -> QImage:
        image = QImage(self.recording.size * scale, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        dots = round(PIXELS_PER_INCH * scale * _INCHES_PER_METRE)
        image.setDotsPerMeterX(dots)
        image.setDotsPerMeterY(dots)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(scale, scale)
        self.recording.play(painter)
        painter.end()
        return image

    def as_bytes(self, format_: str) -> bytes:
        """The file of one format: png, svg or pdf."""
        return {"png": self.png, "svg": self.svg, "pdf": self.pdf}[format_]()

    def png(self) -> bytes:
        return png_bytes(self.image())

    def svg(self) -> bytes:
        return as_svg(self.recording, self.title, self.inches)

    def pdf(self) -> bytes:
        return _without_dates(written(self._write_pdf))

    def _write_pdf(self, buffer: QBuffer) -> None:
        writer = QPdfWriter(buffer)
        writer.setTitle(self.title)
        writer.setCreator("RNN Stepper")
        writer.setDocumentId(_NO_ID)
        writer.setDocumentXmpMetadata(QByteArray(_XMP.format(escape(self.title)).encode()))
        writer.setResolution(_PDF_DOTS_PER_INCH)
        writer.setPageSize(QPageSize(self.inches, QPageSize.Unit.Inch))
        writer.setPageMargins(QMarginsF())
        painter = QPainter(writer)
        scale = _PDF_DOTS_PER_INCH / PIXELS_PER_INCH
        painter.scale(scale, scale)
        self.recording.play(painter)
        painter.end()


def _without_dates(pdf: bytes) -> bytes:
    """The same figure becomes the same file. Each part stays in its place, as PDF needs it."""
    return re.sub(rb"/(CreationDate|ModDate) \(D:[^)]*\)", lambda date: b" " * len(date[0]), pdf)


_NO_ID = QUuid("{00000000-0000-5000-8000-000000000001}")
_XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li
xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
