"""A sentence above the canvas while it shows a planted mistake: it cannot be overlooked."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

_TEXT = (
    "PLANTED MISTAKE: the backward pass on screen does one thing wrong. "
    "Find it by the gradient check (F7); training goes on with the right one."
)


class PlantedNotice(QLabel):
    """Hidden until it is true."""

    def __init__(self) -> None:
        super().__init__(_TEXT)
        self.setProperty("role", "notice")
        self.setAccessibleName(_TEXT)
        self.setWordWrap(True)
        self.setMargin(6)
        self.hide()
