"""What Qt writes to a file, as bytes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter


def png_bytes(image: QImage) -> bytes:
    return written(lambda buffer: QImageWriter(buffer, QByteArray(b"png")).write(image))


def written(write: Callable[[QBuffer], object]) -> bytes:
    """All that ``write`` puts into the open buffer that it is given."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    write(buffer)
    return bytes(data.data())
