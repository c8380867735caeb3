"""What stands on a slide: parts that say how much room they need, and paint themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnn_gui.slides.scene import Scene
from rnn_gui.theme import Look


class Part(ABC):
    """One panel of a slide. Its lengths are units of the slide: the pixels of a small window."""

    stretch = 1.0  # its share of the height that is left over
    squeezed = False  # smaller than usual, where otherwise a panel had no room

    @abstractmethod
    def show_scene(self, scene: Scene, look: Look) -> None:
        """From now on it shows this."""

    @abstractmethod
    def least_height(self, width: float) -> float:
        """With less it could not be read."""

    @abstractmethod
    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Everything within ``rect``."""

    def close(self) -> None:
        """Take away what Python's collector must not."""
        return
