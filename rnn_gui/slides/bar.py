"""The buttons at the lower edge of a lecture; they come when the mouse comes near."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from rnn_gui.slides.choices import Choices
from rnn_gui.slides.slide import PANELS
from rnn_gui.theme import Look

_LETTERS = 16  # pixels on a screen of 720 lines


class LectureBar(QFrame):
    """Says which button was clicked, by the name of what it does."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Lecture")
        self.setAutoFillBackground(True)
        self.buttons: dict[str, QToolButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 4, 0)  # it has no more room than the strip
        for name, text, tip in _BUTTONS:
            self._add(name, text, tip)
        self.hide()

    def show_choices(self, choices: Choices) -> None:
        on = {*choices.panels, *(["cover"] if choices.covering else [])}
        on |= {"disc"} if choices.disc else set()
        on |= {"sizes"} if choices.sizes else set()
        for name, button in self.buttons.items():
            button.setChecked(name in on)

    def set_look(self, look: Look) -> None:
        around = self.palette()
        around.setColor(QPalette.ColorRole.Window, look.theme.window)
        self.setPalette(around)

    def set_scale(self, scale: float) -> None:
        """For a screen so many times as high as 720 lines."""
        font = self.font()
        font.setPixelSize(round(_LETTERS * scale))
        for button in self.buttons.values():
            button.setFont(font)
        self._row.setSpacing(round(4 * scale))

    def _add(self, name: str, text: str, tip: str) -> None:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(name in PANELS or name in ("sizes", "cover", "disc"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every key is the lecture's
        button.clicked.connect(lambda _=False: self.clicked.emit(name))
        self.buttons[name] = button
        self._row.addWidget(button)


_BUTTONS = (
    ("back", "←", "Back (Left)"),
    ("next", "→", "Next (Right)"),
    *(
        (name, f"{i} {title.split()[0]}", f"Show the panel: {title.lower()} ({i})")
        for i, (name, title) in enumerate(PANELS.items(), start=1)
    ),
    ("sizes", "L Log", "The sizes of the gradients on a log axis (L)"),
    ("cover", "C Cover", "Cover numbers until they are revealed (C)"),
    ("disc", "P Pointer", "A disc around the mouse (P)"),
    ("keys", "H Keys", "The keys (H)"),
    ("end", "End", "End the lecture (Esc)"),
)
