"""Figures drawn by other programs, and how far two pictures of a figure are apart."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from rnn_gui.figures import Figure
from rnn_gui.figures.figure import PIXELS_PER_INCH, PNG_SCALE
from rnn_gui.figures.recording import Shape

Pixels = NDArray[np.float64]

# Two renderers smooth edges and place letters differently, by parts of a pixel.
SAME = 0.012


def pixels(image: QImage) -> Pixels:
    """Red, green and blue from 0 to 1, shape (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3) / 255.0


def distance(one: QImage, other: QImage, size: QSize) -> float:
    """The mean difference of two pictures once both have this size, from 0 to 1."""
    scaled = (
        pixels(
            image.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        for image in (one, other)
    )
    first, second = scaled
    return float(np.abs(first - second).mean())


def ink(image: QImage) -> float:
    """The part of a picture that is not white."""
    return float((pixels(image) < 0.98).any(axis=2).mean())


def drawn_svg(svg: bytes, size: QSize, folder: Path) -> QImage:
    """The SVG as rsvg-convert draws it, where it is installed, else as Qt does."""
    if shutil.which("rsvg-convert"):
        (folder / "figure.svg").write_bytes(svg)
        width, height = str(size.width()), str(size.height())
        run("rsvg-convert", "-w", width, "-h", height, "-o", "svg.png", "figure.svg", folder=folder)
        return on_white(QImage(str(folder / "svg.png")))
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    image = QImage(size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return on_white(image)


def drawn_pdf(pdf: bytes, size: QSize, folder: Path) -> QImage | None:
    """The PDF as pdftoppm draws it, where it is installed; nothing in Qt's basic parts can."""
    if not shutil.which("pdftoppm"):
        return None
    (folder / "figure.pdf").write_bytes(pdf)
    dots = str(PIXELS_PER_INCH * PNG_SCALE)
    run("pdftoppm", "-png", "-singlefile", "-r", dots, "figure.pdf", "pdf", folder=folder)
    # A page is whole points wide: it can be a little larger than what is on it.
    return on_white(QImage(str(folder / "pdf.png"))).copy(QRect(QPoint(), size))


def check_pdf_structure(pdf: bytes, figure: Figure) -> None:
    """One page of the figure's size, each object where the table says, and painting on it."""
    assert pdf.startswith(b"%PDF-1.")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox \[([^\]]*)\]", pdf)
    assert box
    width, height = (float(number) for number in box[1].split()[2:])
    size = figure.recording.size
    assert abs(width - size.width() / PIXELS_PER_INCH * 72) <= 1
    assert abs(height - size.height() / PIXELS_PER_INCH * 72) <= 1
    table = pdf[int(pdf.rsplit(b"startxref", 1)[1].split()[0]) :]
    offsets = re.findall(rb"(\d{10}) \d{5} n", table)
    assert len(offsets) > 5
    for number, offset in enumerate(offsets, start=1):
        assert pdf[int(offset) :].startswith(b"%d 0 obj" % number)
    painted = b"".join(_streams(pdf))
    assert painted.count(b" Tj") + painted.count(b"] TJ") >= 5  # words
    if any(isinstance(item.ink, Shape) for item in figure.recording.items):
        assert re.search(rb"\n(S|B|f\*?)\n", painted)  # strokes and fills


def on_white(image: QImage) -> QImage:
    assert not image.isNull()
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return paper


def run(*command: str, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _streams(pdf: bytes) -> list[bytes]:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL)
    plain = []
    for data in found:
        try:
            # Bytes that look like the end of a line may be the data's last: no checksum then.
            plain.append(zlib.decompressobj().decompress(data))
        except zlib.error:
            plain.append(data)
    return plain
