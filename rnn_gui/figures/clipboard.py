"""A figure on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from core.data.notation import DIGITS
from core.epoch.frame import Frame
from rnn_gui.figures.drawing import draw

_SCALE = 2  # sharp in a document or a slide, and not too large for a message


def copy_to_clipboard(
    name: str, frame: Frame, *, digits: int = DIGITS, log_gradients: bool = False
) -> None:
    """Put a figure on the clipboard as a picture, and its title as the text beside it."""
    figure = draw(name, frame, digits=digits, log_gradients=log_gradients)
    data = QMimeData()
    data.setImageData(figure.image(_SCALE))
    data.setText(figure.title)
    QGuiApplication.clipboard().setMimeData(data)
